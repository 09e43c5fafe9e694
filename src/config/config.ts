// The settings: defaults, one file, the environment and secret files, read once and turned into truth; every fault is told at once.
import { join, resolve } from 'node:path';
import { contradictions } from './contradictions.ts';
import { ConfigFaults, type Fault, typeOf } from './faults.ts';
import {
  dotenvLayer,
  type Environment,
  environmentLayer,
  FILE_VARIABLE,
  fileLayer,
  type Layer,
} from './layers.ts';
import { located, pathFaults } from './paths.ts';
import { type Procedure, readProcedure } from './procedures.ts';
import { keys, type Tree, tree } from './schema.ts';
import { readSecrets } from './secret-files.ts';

export { ConfigFaults, type Fault, faultLine } from './faults.ts';
export {
  type ChorusSecrets,
  masterKeys,
  readChorusSecrets,
  readDoorCertificate,
  sinkEntries,
} from './rotation-secrets.ts';

/** Where the data is: one SQLite file, or a PostgreSQL server. */
type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly passwordFile: string | null };

/** The signature that a letter carries; `keyFile` null: the credential dkim-key. */
interface DkimPlace {
  readonly domain: string;
  readonly selector: string;
  readonly keyFile: string | null;
}

type Mail = Omit<Tree['mail'], 'from' | 'dkim'> & {
  /** The sender; the IT service where no other is given. */
  readonly from: { readonly name: string; readonly address: string };
  readonly dkim: DkimPlace | null;
};

/** All settings, checked and joined. Paths are absolute; times are Temporal values. Holds no secret but `heartbeat.url`. */
export type Config = Omit<Tree, 'database' | 'mail' | 'procedures'> & {
  readonly database: DatabasePlace;
  readonly mail: Mail;
  readonly procedures: { readonly production: Procedure; readonly qualification: Procedure };
};

/** Where settings are looked for: the process's variables and the installation's folder. */
export interface ConfigSources {
  readonly env: Environment;
  readonly root: string;
  /** The current folder: only paths in variables count from it, as they were typed there. */
  readonly cwd: string;
}

/**
 * Reads the settings: defaults, then the file of RELEVE_CONFIG or the .env of the installation, then variables. Throws
 * ConfigFaults with every fault.
 */
export function readConfig(sources: ConfigSources): Config {
  const layers = layersOf(sources);
  const faults = layers.flatMap((layer) => layer.faults);
  const places = new Map<string, Place>();
  for (const { folder, values } of layers) {
    for (const [name, found] of values) places.set(name, { ...found, folder });
  }
  const whereOf = (key: string) => places.get(key)?.where ?? DEFAULTS;

  const nested = nest(places);
  const procedures = proceduresOf(nested, sources.root, faults);
  const checked = tree.safeParse(nested);
  if (!checked.success) {
    const wrong = new Set(checked.error.issues.map(({ path }) => leafOf(path)));
    for (const key of wrong) faults.push(leafFault(key, places.get(key)?.value, whereOf(key)));
    throw new ConfigFaults(faults);
  }
  const found = [...contradictions(checked.data), ...pathFaults(checked.data, sources.env, sources.root)];
  for (const fault of found) faults.push({ ...fault, where: whereOf(fault.key) });
  if (faults.length > 0 || procedures === null) throw new ConfigFaults(faults);
  return joined(checked.data, procedures);
}

/** A value, where it was found, and the folder from which its relative path counts. */
interface Place {
  readonly value: unknown;
  readonly where: string;
  readonly folder: string;
}

/** Reads both procedures, even where other settings are wrong: their faults are told in the same breath. */
function proceduresOf(
  nested: Readonly<Record<string, unknown>>,
  root: string,
  faults: Fault[],
): Config['procedures'] | null {
  const names = tree.shape.procedures.safeParse(nested.procedures);
  if (!names.success) return null;
  const production = readProcedure(root, names.data.production, 'procedures.production');
  const qualification = readProcedure(root, names.data.qualification, 'procedures.qualification');
  faults.push(...production.faults, ...qualification.faults);
  if (production.procedure === null || qualification.procedure === null) return null;
  return { production: production.procedure, qualification: qualification.procedure };
}

const DEFAULTS = 'config/default.yaml';

/** The layers from the weakest to the strongest. */
function layersOf({ env, root, cwd }: ConfigSources): readonly Layer[] {
  const file = env[FILE_VARIABLE];
  return [
    fileLayer(join(root, DEFAULTS), DEFAULTS, 'defaults', root),
    ...(file ? [fileLayer(resolve(cwd, file), file, FILE_VARIABLE, root)] : []),
    dotenvLayer(env, root),
    environmentLayer(env, '', cwd),
  ];
}

/** The dotted values as the tree they stand for; every group is there, so that each missing key is named. */
function nest(places: ReadonlyMap<string, Place>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [name, key] of keys) {
    let group = nested;
    for (const part of key.path.slice(0, -1)) {
      const inner = (group[part] ?? {}) as Record<string, unknown>;
      group[part] = inner;
      group = inner;
    }
    const found = places.get(name);
    if (found !== undefined) group[key.path.at(-1) ?? name] = located(found.value, key, found.folder);
  }
  return nested;
}

/** The key that an issue is about: an issue may point into a list. */
function leafOf(issuePath: readonly PropertyKey[]): string {
  const parts = issuePath.map(String);
  while (parts.length > 1 && !keys.has(parts.join('.'))) parts.pop();
  return parts.join('.');
}

function leafFault(key: string, value: unknown, where: string): Fault {
  const found = typeof value === 'string' && value !== '' ? 'a text that is not allowed' : typeOf(value);
  return { key, where, found, allowed: keys.get(key)?.allowed ?? '' };
}

/** What follows from the settings: the place of the database, and the values that stand in for null. */
function joined(read: Tree, procedures: Config['procedures']): Config {
  const { url, passwordFile } = read.database;
  const { from, dkim } = read.mail;
  return {
    ...read,
    database:
      url === null
        ? { kind: 'sqlite', file: join(read.data, 'releve.sqlite') }
        : { kind: 'postgres', url, passwordFile },
    mail: {
      ...read.mail,
      from: { name: from.name ?? read.itService.name, address: from.address ?? read.itService.email },
      dkim:
        dkim.domain === null || dkim.selector === null
          ? null
          : { domain: dkim.domain, selector: dkim.selector, keyFile: dkim.keyFile },
    },
    procedures,
  };
}

/** What is missing before real letters may leave; empty when nothing is. */
export function faultsForSending(config: Config): readonly Fault[] {
  const missing = (key: string, why: string): Fault => ({
    key,
    where: keys.get(key)?.variable ?? key,
    found: 'null',
    allowed: `${keys.get(key)?.allowed.replace(/; or null.*$/, '') ?? ''} (${why})`,
  });
  return [
    ...(config.mail.smtp.host === null
      ? [missing('mail.smtp.host', 'the server that takes our letters')]
      : []),
    ...(config.itService.phone === null
      ? [missing('itService.phone', 'by which a reader checks that a letter is true')]
      : []),
  ];
}

/** The secrets of the mail server; null where none is needed. `ca` is public: certificates in PEM. */
export interface MailSecrets<T> {
  readonly smtpPassword: T | null;
  readonly dkimKey: T | null;
  readonly ca: string | null;
}

/** Reads what sending needs, and wraps each secret in `wrap` at once. Throws ConfigFaults with every fault. */
export function readMailSecrets<T>(
  config: Config,
  env: Environment,
  wrap: (text: string) => T,
): MailSecrets<T> {
  const { smtp, dkim } = config.mail;
  const needed = (when: boolean, secret: 'smtpPassword' | 'dkimKey') => (when ? [secret] : []);
  const read = readSecrets(
    {
      smtpPassword: { key: 'mail.smtp.passwordFile', file: smtp.passwordFile, credential: 'smtp-password' },
      dkimKey: { key: 'mail.dkim.keyFile', file: dkim?.keyFile ?? null, credential: 'dkim-key' },
      ca: { key: 'mail.smtp.caFile', file: smtp.caFile, credential: 'smtp-ca', isPublic: true },
    },
    env,
    [...needed(smtp.user !== null, 'smtpPassword'), ...needed(dkim !== null, 'dkimKey')],
  );
  return {
    smtpPassword: smtp.user === null || read.smtpPassword === null ? null : wrap(read.smtpPassword),
    dkimKey: dkim === null || read.dkimKey === null ? null : wrap(read.dkimKey),
    ca: read.ca,
  };
}

/** Reads the password of a PostgreSQL database; null when none is given. Throws ConfigFaults. */
export function readDatabasePassword<T>(
  config: Config,
  env: Environment,
  wrap: (text: string) => T,
): T | null {
  if (config.database.kind === 'sqlite') return null;
  const file = config.database.passwordFile;
  const place = { key: 'database.passwordFile', file, credential: 'database-password' };
  const { password } = readSecrets({ password: place }, env, []);
  return password === null ? null : wrap(password);
}
