// The layers of settings: defaults, one YAML file, .env, the environment; each value with the place where it was found.
// Their faults tell that place, and what is allowed.
import { dirname, join, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { distance } from '../foundation/edit-distance.ts';
import { readTrustedText } from '../foundation/text.ts';
import { errorCode, processIdentity } from '../foundation/trusted-file.ts';
import { type Key, keys } from './schema.ts';

/** One fault: the key, where its value came from, what was found (a type, never a value) and what is allowed. */
export interface SettingFault {
  readonly key: string;
  /** `config/default.yaml:12`, `RELEVE_MAIL_SMTP_PORT`, `RELEVE_DATA in .env`, or the path of a secret file. */
  readonly where: string;
  readonly found: string;
  readonly allowed: string;
}

/** Every fault of the settings in one error; a command that meets it ends with exit code 2. */
export class ConfigFaults extends Error {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    super(`The settings have ${count}:\n${faults.map((fault) => `  ${faultLine(fault)}`).join('\n')}`);
    this.name = 'ConfigFaults';
    this.faults = faults;
  }
}

/** A fault as one line for people; names that came from outside lose their control characters. */
export function faultLine(fault: SettingFault): string {
  const line = `${fault.key} (${fault.where}): found ${fault.found}; allowed: ${fault.allowed}`;
  return line.replaceAll(/\p{Cc}+/gu, ' ');
}

/** The type of a raw value in words. Its content is never shown: it may be a password under the wrong key. */
export function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of keys';
  if (value === '') return 'an empty text';
  return (
    { string: 'a text', number: 'a number', boolean: 'a flag', bigint: 'a number' }[typeof value as string] ??
    'something else'
  );
}

/** The known name nearest to a misspelt one, or null when none is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const away = distance(name.toLowerCase(), candidate.toLowerCase(), { swaps: false });
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
}

/** The values of one source by dotted key, each with its place, and the faults found while reading. */
export interface Layer {
  /** The folder from which its relative paths count. */
  readonly folder: string;
  readonly values: ReadonlyMap<string, { readonly value: unknown; readonly where: string }>;
  readonly faults: readonly SettingFault[];
}

/** The variables of a process, as `process.env` has them. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const dotted = [...keys.keys()];

/** Reads a YAML file that nobody else may change; `shown` is its name in faults, `root` the installation's folder. */
export function fileLayer(file: string, shown: string, key: string, root: string): Layer {
  const folder = dirname(file);
  const refused = (found: string, allowed: string, at = ''): Layer => ({
    folder,
    values: new Map(),
    faults: [{ key, where: `${shown}${at}`, found, allowed }],
  });
  try {
    const reading = readTrustedText(file, {}, processIdentity(root));
    if ('found' in reading) return refused(`a file that ${reading.found}`, reading.remedy, reading.at);
    return { folder, ...yamlLayer(reading.text, shown, key) };
  } catch (error) {
    return refused(`no readable file (${errorCode(error) ?? 'unknown error'})`, 'a readable YAML file');
  }
}

/** Reads the text of a YAML file. Syntax faults are reported by code and line, because their messages could quote a value. */
function yamlLayer(text: string, shown: string, key: string): Omit<Layer, 'folder'> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number) => `${shown}:${lines.linePos(offset).line}`;
  const [broken] = document.errors;
  if (broken !== undefined) {
    const fault = { key, where: at(broken.pos[0]), found: `a fault of YAML syntax (${broken.code})` };
    return { values: new Map(), faults: [{ ...fault, allowed: 'YAML 1.2, each key once' }] };
  }
  const values = new Map<string, { value: unknown; where: string }>();
  const faults: SettingFault[] = [];
  const take = (node: unknown, above: readonly string[], where: string): void => {
    const name = above.join('.');
    if (keys.has(name)) {
      const value = node === null || !isNode(node) ? null : node.toJS(document, { maxAliasCount: 100 });
      values.set(name, { value, where });
    } else if (above.length > 0 && !isGroup(name)) {
      faults.push(unknownKey(name, where));
    } else if (isMap(node)) {
      for (const { key: part, value } of node.items) {
        if (!isScalar(part)) continue;
        take(value, [...above, String(part.value)], at(part.range?.[0] ?? 0));
      }
    } else if (node !== null && !(isScalar(node) && node.value === null)) {
      const found = typeOf(isScalar(node) ? node.value : []);
      faults.push({ key: name || key, where, found, allowed: `a group of keys: ${below(name).join(', ')}` });
    }
  };
  take(document.contents, [], `${shown}:1`);
  return { values, faults };
}

function isNode(value: unknown): value is { toJS(document: unknown, options: object): unknown } {
  return typeof value === 'object' && value !== null && 'toJS' in value;
}

const isGroup = (name: string) => dotted.some((key) => key.startsWith(`${name}.`));

/** The names that may stand directly in a group. */
function below(group: string): string[] {
  const start = group === '' ? '' : `${group}.`;
  const inside = dotted.filter((key) => key.startsWith(start));
  return [...new Set(inside.map((key) => key.slice(start.length).split('.')[0] ?? ''))];
}

function unknownKey(name: string, where: string): SettingFault {
  const group = name.split('.').slice(0, -1).join('.');
  const siblings = below(group).map((last) => (group === '' ? last : `${group}.${last}`));
  const meant = nearest(name, siblings) ?? nearest(name, dotted);
  const allowed = meant === null ? `one of ${siblings.join(', ')}` : `did you mean ${meant}?`;
  return { key: name, where, found: 'an unknown key', allowed };
}

/**
 * Reads the variables that begin with RELEVE_; `suffix` tells where they stand (` in .env`, or nothing), `folder` from
 * where their paths count.
 */
export function environmentLayer(env: EnvironmentVariables, suffix: string, folder: string): Layer {
  const known = new Map([...keys].map(([name, key]) => [key.variable, { name, key }]));
  const values = new Map<string, { value: unknown; where: string }>();
  const faults: SettingFault[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('RELEVE_') || variable === FILE_VARIABLE || text === undefined) continue;
    const setting = known.get(variable);
    if (setting === undefined) {
      const meant = nearest(variable, [...known.keys(), FILE_VARIABLE]);
      const allowed = meant === null ? 'the variables of .env.example' : `did you mean ${meant}?`;
      faults.push({ key: variable, where: `environment${suffix}`, found: 'an unknown variable', allowed });
      continue;
    }
    values.set(setting.name, { value: readText(text, setting.key), where: `${variable}${suffix}` });
  }
  return { folder, values, faults };
}

export const FILE_VARIABLE = 'RELEVE_CONFIG';

/** What the text of a variable means for its key; what cannot be read stays text, and is a fault later. */
function readText(text: string, key: Key): unknown {
  if (key.nullable && (text === '' || text === 'null')) return null;
  return READERS[key.format](text);
}

const listOf = (text: string) => (text.trim() === '' ? [] : text.split(',').map((part) => part.trim()));
const numberOf = (text: string) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);

const READERS: Readonly<Record<Key['format'], (text: string) => unknown>> = {
  number: numberOf,
  numbers: (text) => listOf(text).map(numberOf),
  texts: listOf,
  flag: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  text: (text) => text,
};

/**
 * The `.env` file of the installation's own folder, for development: its RELEVE_ variables, weaker than real ones. Not
 * read where NODE_ENV is `production`, nor beside a file that RELEVE_CONFIG names. One that others can change is a fault.
 */
export function dotenvLayer(env: EnvironmentVariables, root: string): Layer {
  const layer: Layer = { folder: root, values: new Map(), faults: [] };
  if (env.NODE_ENV === 'production' || env[FILE_VARIABLE]) return layer;
  const where = join(root, '.env');
  const refused = (key: string, found: string, allowed: string, at = '') => ({
    ...layer,
    faults: [{ key, where: `${where}${at}`, found, allowed }],
  });
  const unread = `it is not read where NODE_ENV is production, or where ${FILE_VARIABLE} names a file`;
  try {
    const reading = readTrustedText(where, { own: true }, processIdentity(root));
    if ('found' in reading)
      return refused('.env', `a file that ${reading.found}`, `${reading.remedy}; ${unread}`, reading.at);
    const found = parseDotenv(reading.text);
    if (found[FILE_VARIABLE]) {
      return refused(
        FILE_VARIABLE,
        'a settings file',
        `a real variable ${FILE_VARIABLE}, and then no .env: ${unread}`,
      );
    }
    const weaker = Object.entries(found).filter(([name]) => env[name] === undefined);
    return environmentLayer(Object.fromEntries(weaker), ' in .env', root);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return layer;
    return refused(
      '.env',
      `no readable file (${errorCode(error) ?? 'unknown error'})`,
      `a readable file, or none; ${unread}`,
    );
  }
}

/** A value with its path made absolute; `folder` is that of the file it stands in, or where a variable was typed. */
export function located(value: unknown, { names }: Key, folder: string): unknown {
  if (names === 'file') return absolute(value, folder);
  if (names !== 'program' || !Array.isArray(value)) return value;
  const [program, ...words] = value as readonly unknown[];
  // A name without a slash is looked for in PATH.
  const isPath = typeof program === 'string' && program.includes('/');
  return isPath ? [absolute(program, folder), ...words] : value;
}

const absolute = (value: unknown, folder: string) =>
  typeof value === 'string' && value !== '' ? resolve(folder, value) : value;
