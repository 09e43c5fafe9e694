// Reads the file of sinks: each entry is checked alone, then all of them for conflicts.
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { readTrustedText } from '../foundation/text.ts';
import { errorCode } from '../foundation/trusted-file.ts';
import { programDistrust } from '../foundation/trusted-program.ts';
import { ConfigFaults, type EnvironmentVariables, nearest, type SettingFault, typeOf } from './layers.ts';
import type { Tree } from './schema.ts';
import { conflicts, type SinkConflict } from './sink-conflicts.ts';
import { keysOf, type SinkEntry, sink } from './sink-schema.ts';

const file = z.strictObject({ sinks: z.array(z.unknown(), 'a list of sinks').max(200, 'at most 200 sinks') });

/** Larger files, in bytes, are refused: as many sinks as there may be, each with the longest template. */
const LARGEST = 16 * 1024 * 1024;

/** The sinks of the settings. Throws ConfigFaults with every fault of their file, and of the programs that it names. */
export function sinkEntries({ sinks }: Pick<Tree, 'sinks'>, env: EnvironmentVariables): readonly SinkEntry[] {
  if (sinks.file === null) return [];
  const read = readSinks(sinks.file, sinks.file, 'sinks.file', env.PATH);
  if (read.faults.length > 0) throw new ConfigFaults(read.faults);
  return read.sinks;
}

/**
 * Reads the file, which nobody else may be able to change, nor the programs that it names (looked for in `searchPath`).
 * Every fault names its line, and the sink where it has a name. Faults mean that no sink can be opened.
 */
export function readSinks(
  path: string,
  shown: string,
  key: string,
  searchPath: string | undefined,
): { sinks: readonly SinkEntry[]; faults: readonly SettingFault[] } {
  const refused = (where: string, found: string, allowed: string) => ({
    sinks: [],
    faults: [{ key, where, found, allowed }],
  });
  let text: string;
  try {
    const reading = readTrustedText(path, { largest: LARGEST });
    if ('found' in reading)
      return refused(`${shown}${reading.at}`, `a file that ${reading.found}`, reading.remedy);
    text = reading.text;
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    return refused(shown, `no readable file (${code})`, 'a readable YAML file');
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number) => `${shown}:${lines.linePos(offset).line}`;
  const [broken] = document.errors;
  if (broken !== undefined) {
    const code = `a fault of YAML syntax (${broken.code})`;
    return refused(at(broken.pos[0]), code, 'YAML 1.2, each key once');
  }
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    return refused(shown, 'more aliases than a list of sinks needs', 'YAML 1.2 with at most 100 aliases');
  }
  const whereOf = (inside: readonly PropertyKey[]) => at(offsetOf(document, inside));
  const outer = file.safeParse(raw);
  if (!outer.success) return { sinks: [], faults: faultsOf(outer.error, key, raw, [], whereOf) };
  return readEntries(outer.data.sinks, key, whereOf, searchPath);
}

type WhereOf = (path: readonly PropertyKey[]) => string;

function readEntries(
  entries: readonly unknown[],
  key: string,
  whereOf: WhereOf,
  searchPath: string | undefined,
) {
  const sinks: SinkEntry[] = [];
  const faults: SettingFault[] = [];
  const placeOf = new Map<SinkEntry, number>();
  entries.forEach((raw, index) => {
    const checked = sink.safeParse(raw);
    if (checked.success) {
      placeOf.set(checked.data, index);
      sinks.push(checked.data);
    } else {
      faults.push(
        ...faultsOf(checked.error, `${key}: ${titleOf(raw, index)}`, raw, ['sinks', index], whereOf),
      );
    }
  });
  const together = [...conflicts(sinks), ...sinks.flatMap((entry) => programFaults(entry, searchPath))];
  for (const { entry, member, found, allowed } of together) {
    const where = whereOf(['sinks', placeOf.get(entry) ?? 0, member]);
    faults.push({ key: `${key}: ${entry.name}.${member}`, where, found, allowed });
  }
  return { sinks: faults.length === 0 ? sinks : [], faults };
}

/** Programs of a sink, and paths among their arguments, that other users could change. */
function programFaults(entry: SinkEntry, searchPath: string | undefined): SinkConflict[] {
  return Object.entries(entry).flatMap(([member, value]) => {
    const run = programIn(member, value);
    const distrust = run === null ? null : programDistrust(run, searchPath);
    if (distrust === null) return [];
    const { place, found, remedy } = distrust;
    return [{ entry, member, found: `a program that is not safe, as ${place} ${found}`, allowed: remedy }];
  });
}

/** Every list in an entry except `logins` is a program with its arguments; some stand beside a time limit. */
function programIn(member: string, value: unknown): readonly string[] | null {
  if (typeof value !== 'object' || value === null || ['logins', 'accounts', 'keys'].includes(member))
    return null;
  const run = 'run' in value ? value.run : value;
  return Array.isArray(run) ? run : null;
}

/** The sink's name where it has a usable one, else its number, counted from 1. */
function titleOf(raw: unknown, index: number): string {
  const name = typeof raw === 'object' && raw !== null && 'name' in raw ? raw.name : null;
  return typeof name === 'string' && /^[a-z\d-]{1,40}$/.test(name) ? name : `sink ${index + 1}`;
}

/** zod's issues as faults. The words of a check are what is allowed; the value itself is never shown. */
function faultsOf(
  error: z.ZodError,
  key: string,
  raw: unknown,
  above: readonly PropertyKey[],
  whereOf: WhereOf,
): SettingFault[] {
  return error.issues.flatMap((issue) => {
    const name = (path: readonly PropertyKey[]) => [key, ...path].map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      const known = above.length === 0 ? ['sinks'] : keysOf(member(raw, ['kind']));
      return issue.keys.map((unknown) => {
        const near = nearest(unknown, known);
        return {
          key: name([...issue.path, unknown]),
          where: whereOf([...above, ...issue.path, unknown]),
          found: 'a key that does not exist here',
          allowed: near === null ? 'the keys of config/sinks.example.yaml' : `did you mean ${near}?`,
        };
      });
    }
    const where = whereOf([...above, ...issue.path]);
    return [{ key: name(issue.path), where, found: typeOf(member(raw, issue.path)), allowed: issue.message }];
  });
}

function member(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** The offset of a key in the text; of the nearest parent that is there when the key is not. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const last = path[length - 1];
    const parent = document.getIn(path.slice(0, length - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => String(key) === String(last));
      if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}
