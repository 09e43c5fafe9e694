// The language of templates: of the files of sinks, their formats and the names that stand in them; of the webhook's body.

/** Each has the escaping that its readers undo. */
export const FORMATS = ['json', 'dotenv', 'ini', 'ini-plain', 'properties', 'xml', 'text'] as const;

export type Format = (typeof FORMATS)[number];

const INI_READERS = ['git', 'npm', 'php', 'php-raw', 'python', 'python-raw'] as const;

/** The formats whose readers disagree, and the readers that a sink can name: its values are then spelled for that one. */
export const READERS = {
  dotenv: ['npm', 'python', 'ruby', 'php', 'systemd', 'shell'],
  ini: INI_READERS,
  'ini-plain': INI_READERS,
} as const;

export type LineFormat = keyof typeof READERS;

export type SinkReader = (typeof READERS)[LineFormat][number];

export const isLineFormat = (format: Format): format is LineFormat => Object.hasOwn(READERS, format);

/** The names that a template may use. */
export const NAMES = [
  'login',
  'password',
  'version',
  'environment',
  'siret',
  'structure',
  'changedOn',
  'expiresOn',
  'cproAccount',
] as const;

/** A value that a connector's settings give an account, as a template names it: `{{account.id_e}}`. */
export const ACCOUNT_VALUE = /^account\.([A-Za-z_][\w-]{0,39})$/;

/**
 * What requests of a sink name beside these: a secret of the sink's own, as it is or in base64 for `Authorization: Basic`; and what
 * the comparison found.
 */
export const REQUEST_VALUE = /^(secret|basic|found)\.([A-Za-z_][\w-]{0,39})$/;

/** A name between double braces. */
export const PLACE = /\{\{([^{}]*)\}\}/g;

/** The names that the body of the webhook may use. */
export const EVENT_NAMES = [
  'id',
  'type',
  'time',
  'source',
  'severity',
  'summary',
  'environment',
  'login',
  'siret',
] as const;

/** A value as it stands between the quotes of a JSON template. */
export const insideQuotes = (value: string): string => JSON.stringify(value).slice(1, -1);
