// Reads the settings once, from defaults, one file and the environment, checks them, and reports all faults at once.
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { PortalProcedure, SenderProfile } from '../domain/notification/letter.ts';
import { readTrustedText } from '../foundation/text.ts';
import { processIdentity } from '../foundation/trusted-file.ts';
import { contradictions, pathFaults } from './cross-checks.ts';
import { type DatabaseServer, readAddress } from './database-address.ts';
import {
  ConfigFaults,
  dotenvLayer,
  type EnvironmentVariables,
  environmentLayer,
  FILE_VARIABLE,
  fileLayer,
  type Layer,
  located,
  type SettingFault,
  typeOf,
} from './layers.ts';
import { keys, type Tree, tree } from './schema.ts';

/** Where the data is: one SQLite file, or a PostgreSQL server. */
type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly server: DatabaseServer; readonly passwordFile: string | null };

type MailSettings = Omit<Tree['mail'], 'from' | 'dkim'> & {
  /** The sender; by default the IT service. */
  readonly from: { readonly name: string; readonly address: string };
  /** The signature that a letter carries; `keyFile` null: the credential dkim-key. */
  readonly dkim: {
    readonly domain: string;
    readonly selector: string;
    readonly keyFile: string | null;
  } | null;
};

/** All settings, checked and joined. Paths are absolute; times are Temporal values. Holds no secret but `heartbeat.url` and `webhook.url`. */
export type Config = Omit<Tree, 'database' | 'mail' | 'procedures'> & {
  readonly database: DatabasePlace;
  readonly mail: MailSettings;
  readonly procedures: SenderProfile['procedures'];
};

/** Where settings come from: the variables of the process and the folder of the installation. */
export interface ConfigSources {
  readonly env: EnvironmentVariables;
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

/** Reads all procedures even where other settings are wrong, so that all faults are reported at once. */
function proceduresOf(
  nested: Readonly<Record<string, unknown>>,
  root: string,
  faults: SettingFault[],
): Config['procedures'] | null {
  const names = tree.shape.procedures.safeParse(nested.procedures);
  if (!names.success) return null;
  const both = (of: Readonly<Record<'production' | 'qualification', string>>, key: string) => {
    const production = readProcedure(root, of.production, `${key}.production`);
    const qualification = readProcedure(root, of.qualification, `${key}.qualification`);
    faults.push(...production.faults, ...qualification.faults);
    if (production.procedure === null || qualification.procedure === null) return null;
    return { production: production.procedure, qualification: qualification.procedure };
  };
  const usual = both(names.data, 'procedures');
  const first = both(names.data.first, 'procedures.first');
  return usual === null || first === null ? null : { ...usual, first };
}

export const DEFAULTS = 'config/default.yaml';

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

/** The tree of the dotted values. Every group is in it, so that each missing key is named. */
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

function leafFault(key: string, value: unknown, where: string): SettingFault {
  const found = typeof value === 'string' && value !== '' ? 'a text that is not allowed' : typeOf(value);
  return { key, where, found, allowed: keys.get(key)?.allowed ?? '' };
}

/** Derives the place of the database, and replaces null where another setting is the default. */
function joined(read: Tree, procedures: Config['procedures']): Config {
  const { url, passwordFile, caFile } = read.database;
  const server = url === null ? [] : readAddress(url, caFile);
  const { from, dkim } = read.mail;
  return {
    ...read,
    database:
      'host' in server
        ? { kind: 'postgres', server, passwordFile }
        : { kind: 'sqlite', file: join(read.data, 'releve.sqlite') },
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

/** What a step may name between braces; anything else would stay unfilled in a letter. */
const PLACES = ['login', 'structure', 'siret'];

const sentence = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'one line of text')
  .refine(
    (text) =>
      [...text.matchAll(/\{([^{}]*)\}|[{}]/g)].every(
        ([, name]) => name !== undefined && PLACES.includes(name),
      ),
    `only ${PLACES.map((place) => `{${place}}`).join(', ')} between braces`,
  );

const steps = z.array(sentence).min(1).max(50);

const inBoth = <S extends z.ZodType>(text: S) => z.strictObject({ fr: text, en: text }).readonly();

const sameSteps = inBoth(steps.readonly()).refine(
  ({ fr, en }) => fr.length === en.length,
  'as many steps in French as in English',
);

const procedure = z.strictObject({
  name: z.string(),
  title: inBoth(sentence),
  door: sameSteps,
  renew: sameSteps,
  readDate: sameSteps,
});

/** Reads `config/procedures/NAME.yaml` of the installation; every fault names the file and the key in it. */
function readProcedure(
  root: string,
  name: string,
  key: string,
): { procedure: PortalProcedure | null; faults: readonly SettingFault[] } {
  const where = `config/procedures/${name}.yaml`;
  const refused = (found: string, allowed: string, at = '') => ({
    procedure: null,
    faults: [{ key, where: `${where}${at}`, found, allowed }],
  });
  let text: string;
  try {
    const reading = readTrustedText(join(root, where), {}, processIdentity(root));
    if ('found' in reading) return refused(`a file that ${reading.found}`, reading.remedy, reading.at);
    text = reading.text;
  } catch {
    return refused('no readable file', 'the name of a file in config/procedures');
  }
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    const codes = document.errors.map(({ code }) => code).join(', ');
    return refused(`a fault of YAML syntax (${codes})`, 'YAML 1.2');
  }
  const checked = procedure
    .refine((read) => read.name === name, { path: ['name'], message: `the file's own name, ${name}` })
    .safeParse(document.toJS());
  if (checked.success) return { procedure: checked.data, faults: [] };
  const faults = checked.error.issues.map((issue) => ({
    key: `${key}: ${issue.path.join('.') || 'the file'}`,
    where,
    found: 'something that does not fit',
    allowed: issue.message,
  }));
  return { procedure: null, faults };
}
