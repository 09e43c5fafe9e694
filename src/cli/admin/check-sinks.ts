// The part of `releve check` about sinks: what each can do, and what would make a publication fail or say too little.
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { foldersRefused } from '../../composition/command-parts.ts';
import type { Config } from '../../config/config.ts';
import type { SinkEntry } from '../../config/sink-schema.ts';
import { sinkEntries } from '../../config/sinks.ts';
import { linesOf, nameFault } from '../../config/template-checks.ts';
import { isLineFormat, type LineFormat, READERS } from '../../foundation/sink-template.ts';
import { readSecretText } from '../../foundation/text.ts';
import { unsafeWords } from '../../foundation/trusted-file.ts';
import { errorReport } from '../runtime.ts';
import { type CheckFinding, fault, faultsOf, look, ok } from './check-finding.ts';

export async function sinkFindings(config: Config): Promise<readonly CheckFinding[]> {
  try {
    const entries = sinkEntries(config, process.env);
    const sinks = entries.map((entry) => `${entry.name} (${waysOf(entry)})`);
    return [
      ok('sinks', sinks.length === 0 ? 'none: passwords stay here' : sinks.join(', ')),
      ...entries.flatMap(readerFindings),
      ...entries.flatMap(checkFindings),
      ...entries.flatMap(secretFindings),
      ...(await Promise.all(entries.map(folderFindings))).flat(),
      ...mountFindings(entries),
    ];
  } catch (error) {
    return faultsOf('sinks', error);
  }
}

/** How the connector behind a sink is told to hold its calls, and whether what is written there is read back. */
function waysOf(entry: SinkEntry): string {
  const calls = entry.kind === 'http' && entry.holdCalls !== null;
  const ways = [
    ...(entry.holdFile === null ? [] : ['a file']),
    ...(entry.hold === null ? [] : ['a program']),
    ...(calls ? ['its API'] : []),
    ...(entry.kind === 'pastell' ? ['its own switch'] : []),
  ];
  const hold =
    ways.length === 0 ? 'its connector cannot be told to hold' : `told to hold by ${ways.join(' and ')}`;
  if (entry.kind === 'manual') return `typed in by hand: ${entry.place}; ${hold}`;
  if (entry.kind === 'pastell' && entry.proof) return `${hold}; tests what is written`;
  const isBlind =
    entry.kind === 'pastell' ||
    (entry.kind === 'command' && entry.check === null) ||
    (entry.kind === 'http' && entry.compare === null);
  return isBlind ? `${hold}; not read back` : hold;
}

/** Secrets and certificates of an API that cannot be read now. */
function secretFindings(entry: SinkEntry): readonly CheckFinding[] {
  if (entry.kind !== 'http' && entry.kind !== 'pastell') return [];
  const secrets = entry.kind === 'http' ? Object.values(entry.secrets) : [entry.token];
  const files = secrets.flatMap((source) => ('file' in source ? [source.file] : []));
  const places = [
    ...files.map((file) => ({ file, closed: true, hasLines: false })),
    ...[entry.caFile, entry.certFile].map((file) => ({ file, closed: false, hasLines: true })),
    { file: entry.keyFile, closed: true, hasLines: true },
  ];
  return places.flatMap(({ file, ...rules }) => {
    const read = file === null ? { text: '' } : readSecretText(file, rules);
    return 'text' in read ? [] : [fault(`sink ${entry.name}`, `${file}: ${read.found}`, read.remedy)];
  });
}

function checkFindings(entry: SinkEntry): CheckFinding[] {
  if (entry.logins?.length === 0) {
    const remedy = `name them in accounts: releve connectors discover ${entry.name} proposes the lines`;
    return [look(`sink ${entry.name}`, 'serves no account', remedy)];
  }
  if (entry.kind !== 'command' || entry.check?.different !== 1) return [];
  return [
    look(
      `sink ${entry.name}`,
      'its check says “different” by exit 1, and so does a check that crashes',
      'let it exit 3 for that, and set check: { run: […], different: 3 }',
    ),
  ];
}

/** The first folder on the way to each file sink that others can change, which root refuses; and how many more there are. */
async function folderFindings(entry: SinkEntry): Promise<readonly CheckFinding[]> {
  if (entry.kind !== 'file') return [];
  const what = `sink ${entry.name}`;
  try {
    const [first, ...more] = await foldersRefused(entry, foldersOf(entry.path, isOfAccount));
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : `; so are ${more.length} more`;
    return [fault(what, `its folder ${unsafeWords(first)}${others}`, first.remedy)];
  } catch (error) {
    return [fault(what, 'its owner or group cannot be found', errorReport(error).message)];
  }
}

/** Files that are mounts of their own, as containers get them: a rename cannot replace one. */
function mountFindings(entries: readonly SinkEntry[]): readonly CheckFinding[] {
  // The kernel knows mounts by their real paths.
  const mounts = Map.groupBy(mountPoints(), dirname);
  const isMounted = (pattern: string) =>
    foldersOf(pattern).flatMap((folder) =>
      (mounts.get(realPath(folder)) ?? []).filter(
        (place) => fits(basename(pattern), basename(place)) && isFile(place),
      ),
    );
  return entries.flatMap((entry) => {
    const patterns = [entry.kind === 'file' ? [entry.path] : [], entry.holdFile ?? []].flat();
    return [...new Set(patterns.flatMap(isMounted))].map((file) =>
      fault(
        `sink ${entry.name}`,
        `${file} is a mount of its own, which nothing can replace`,
        'mount a folder in place of the single file',
      ),
    );
  });
}

/** The folders of a pattern's files: the one above all accounts, and those with a fitting name that are there already. */
function foldersOf(pattern: string, isNamed = fits): readonly string[] {
  const above = dirname(`${pattern.split('{{')[0]}x`);
  let folders = ['/'];
  for (const part of dirname(pattern).split('/')) {
    folders = folders.flatMap((folder) => {
      if (!part.includes('{{')) return join(folder, part);
      return namesIn(folder).flatMap((name) => (isNamed(part, name) ? join(folder, name) : []));
    });
  }
  return [...new Set([join(above), ...folders])];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function fits(pattern: string, file: string): boolean {
  const source = pattern.split(/\{\{(?:login|siret)\}\}/).map(RegExp.escape);
  return new RegExp(`^${source.join('[^/]+')}$`).test(file);
}

/** Whether a folder is surely an account's: folders of others may lie beside it. */
const isOfAccount = (pattern: string, name: string) =>
  fits(pattern, name) && (pattern.includes('{{login}}') ? name.includes('@') : /\d{14}/.test(name));

function mountPoints(): readonly string[] {
  let lines: string[];
  try {
    lines = readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
  // The kernel writes blanks and the like as \040.
  return lines.map((line) =>
    (line.split(' ')[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    ),
  );
}

/** Asked about the places of sinks alone: others may be closed to us, or on a server that does not answer. */
function isFile(place: string): boolean {
  try {
    return statSync(place).isFile();
  } catch {
    return false;
  }
}

/** Who reads what is written while a sink names no reader. */
const WRITTEN_FOR: Readonly<Record<LineFormat, string>> = {
  dotenv: 'npm, python, ruby, php, systemd and shell',
  ini: 'git, npm and php (NORMAL and TYPED; not RAW)',
  'ini-plain': "Python's configparser, with and without interpolation; not for PHP",
};

/** A file whose readers disagree, while the sink names none: some passwords will be refused, and some programs read it wrongly. */
export function readerFindings(entry: SinkEntry): CheckFinding[] {
  if (entry.kind !== 'file' || entry.reader !== null || !isLineFormat(entry.format)) return [];
  const { name, format, template, keys } = entry;
  const readers = READERS[format];
  const names = nameFault(format, keys === null ? template : linesOf(keys), readers);
  const found = `${format} without reader: only what is read alike by ${WRITTEN_FOR[format]} is written`;
  return [
    look(
      `sink ${name}`,
      names === null ? found : `${found}; not all of them take its template: right are ${names}`,
      `name the program that reads it: reader: ${readers.join(', ')}`,
    ),
  ];
}
