// What all kinds of sinks share: their settings, the part that a kind implements, and one error for failures outside of us.
import type { Environment } from '../../domain/account/technical-user.ts';
import type { Sink } from '../../domain/ports/sink.ts';
import type { DiscoveredAccount, PasswordFacts } from '../../domain/rotation/sink-content.ts';
import type { Format, SinkReader } from '../../foundation/sink-template.ts';

/** A program without a shell: its name or absolute path, then its arguments; and how long it may run. */
export interface ProgramSettings {
  readonly run: readonly string[];
  readonly timeoutMs: number;
}

/** What a connector's settings say of one account: handed to programs, and named by templates as `{{account.NAME}}`. */
export type AccountValues = Readonly<Record<string, string | number | boolean>>;

interface CommonSettings {
  readonly name: string;
  /** What people call the program; null where the settings do not say. */
  readonly product: string | null;
  readonly environment: Environment;
  /** The logins it serves; null for all logins of its environment. */
  readonly logins: readonly string[] | null;
  /** By login. */
  readonly accounts: Readonly<Record<string, AccountValues>>;
  /** Within how many ms after a publication the connector reports that it uses the password; null where it reports nothing. */
  readonly adoption: number | null;
  /** The programs that make the connector hold its calls, and resume them; null when there is none. */
  readonly hold: readonly string[] | null;
  readonly resume: readonly string[] | null;
  /** A file that exists while the connector must hold its calls; may name {{login}} and {{siret}}. */
  readonly holdFile: string | null;
  /** The program that runs after each change. */
  readonly hook: ProgramSettings | null;
}

/** A key that is edited in a file: its section in INI, null before the first one and in dotenv; and the name of its value. */
export interface KeyPlace {
  readonly section: string | null;
  readonly name: string;
  /** A name of templates, such as `password`. */
  readonly value: string;
}

/** A file that the connector reads. */
export interface FileSettings extends CommonSettings {
  readonly kind: 'file';
  /** Absolute; may name {{login}} and {{siret}}. */
  readonly path: string;
  readonly format: Format;
  /** Null for the format's default. */
  readonly template: string | null;
  /** The keys that are edited in a file that is there already, in place of a template; null where the file is written whole. */
  readonly keys: readonly KeyPlace[] | null;
  /** The program that reads it; null: all that the format is for must read it alike. Only dotenv and INI have readers. */
  readonly reader: SinkReader | null;
  /** A name or a number; null leaves the owner of a new file of the daemon. */
  readonly owner: string | number | null;
  readonly group: string | number | null;
  /** Permission bits, such as 0o600; null, with keys alone, to keep those of the file, as its owner and group. */
  readonly mode: number | null;
}

/** An item of the Secret Service, as its reader writes it. */
export interface KeyringSettings extends CommonSettings {
  readonly kind: 'keyring';
  /** May name {{login}} and {{siret}}; so may `account`. */
  readonly service: string;
  readonly account: string;
  /** The program that reads it: keytar asks for an attribute `account`, Python's keyring for `username`. */
  readonly reader: 'keytar' | 'python';
  /** An alias (`default`) or the name of a collection. */
  readonly collection: string;
  /** Null for the session bus of the environment. */
  readonly busAddress: string | null;
}

/** A program that gets the password on its standard input. */
export interface CommandSettings extends CommonSettings, ProgramSettings {
  readonly kind: 'command';
  /**
   * The program that checks whether what is stored equals its input, and the exit code by which it says that it differs; null
   * when there is none.
   */
  readonly check: { readonly run: readonly string[]; readonly different: 1 | 3 } | null;
}

/** Where a secret of a sink's own is read, at each use: an absolute path, or the name of a credential of systemd. */
export type SecretSource = { readonly file: string } | { readonly credential: string };

/** How the API of a product is reached; files by absolute path, in PEM, read at each call. */
export interface HttpConnection {
  /** Authorities to trust instead of the system's. */
  readonly caFile: string | null;
  /** Our own certificate with its key: both or neither. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** For each call, from the name's resolution to the last byte. */
  readonly timeoutMs: number;
}

/** A call of a product's API. Its address, headers and body may name {{…}}, each value escaped for the place where it stands. */
export interface RequestSettings {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body:
    | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
    | { readonly kind: 'json'; readonly value: unknown }
    | { readonly kind: 'template'; readonly format: 'json' | 'xml' | 'text'; readonly text: string }
    | null;
  /** The statuses that mean success. */
  readonly expect: readonly number[];
}

/** The call that shows what is stored, and where in its JSON; pointers by RFC 6901. */
export interface CompareSettings extends RequestSettings {
  /** To the password. */
  readonly pointer: string;
  readonly versionPointer: string | null;
  /** Other values that must be what these templates say, by pointer. */
  readonly values: Readonly<Record<string, string>>;
  /** The statuses that mean that nothing is stored. */
  readonly absent: readonly number[];
  /** What the write may name as {{found.NAME}}; `absent` stands for it where nothing is stored. */
  readonly found: Readonly<
    Record<string, { readonly pointer: string; readonly absent: string | number | null }>
  >;
}

/** A product with an API. */
export interface HttpSettings extends CommonSettings, HttpConnection {
  readonly kind: 'http';
  /** Secrets of the sink's own, named in requests as {{secret.NAME}} and {{basic.NAME}}. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly write: RequestSettings;
  /** Null where the product does not give the password back. */
  readonly compare: CompareSettings | null;
  /** The calls that make the connector hold, and go on; null where programs do, or nothing. */
  readonly holdCalls: { readonly hold: RequestSettings; readonly resume: RequestSettings } | null;
}

/** A screen of a product, into which a person types the password. */
export interface ManualSettings extends CommonSettings {
  readonly kind: 'manual';
  readonly product: string;
  /** Where in the product: `NOVA › Paramètres › Chorus`. */
  readonly place: string;
}

/** Connectors `cpp` of a Pastell; each account's values are its entity `id_e` and its connector `id_ce`. */
export interface PastellSettings extends CommonSettings, HttpConnection {
  readonly kind: 'pastell';
  /** Of Pastell itself, without a slash at its end. */
  readonly url: string;
  readonly token: SecretSource;
  /** The user of HTTP Basic, whose password `token` is; null for a bearer's token. */
  readonly user: string | null;
  /** Whether Pastell's own test, which calls Chorus Pro, is run after each write. */
  readonly proof: boolean;
}

export type SinkSettings =
  | FileSettings
  | KeyringSettings
  | CommandSettings
  | HttpSettings
  | ManualSettings
  | PastellSettings;

/** The variables of a process, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A failure outside of us: a sentence that says what cannot be done and its remedy; never contains a secret. */
export class SinkFault extends Error {}

/** The part of a sink that each kind implements. Throws SinkFault. */
export interface SinkDriver
  extends Pick<Sink, 'compare' | 'write' | 'readsBack' | 'holdLimit' | 'locksJobs' | 'beforeHold' | 'proof'> {
  /** Where it stands, in its own words; left out where its name says all. */
  readonly place?: string;
  /** Makes the connector hold its calls, or go on, in the way of its kind; left out by a kind that has none. */
  readonly hold?: (facts: PasswordFacts, wanted: Parameters<Sink['hold']>[1]) => Promise<void>;
  readonly discover?: () => Promise<readonly DiscoveredAccount[]>;
}

/** What the settings say of an account; empty where they say nothing. */
export function accountValues(
  { accounts = {} }: Partial<Pick<CommonSettings, 'accounts'>>,
  login: string,
): AccountValues {
  return Object.hasOwn(accounts, login) ? (accounts[login] ?? {}) : {};
}
