// Changes single values of a dotenv or INI file and keeps every other byte: finds where each value stands, as its readers see it.
//
// Invariant: a file in which a key is missing, stands twice, or has a value whose end its readers may see elsewhere is not changed.
import { isLineFormat, type LineFormat, READERS, type SinkReader } from '../../foundation/sink-template.ts';
import { type FileSettings, type KeyPlace, SinkFault } from './settings.ts';
import { askedReaders, isWhole } from './spellings.ts';
import { extentOf, SETS_A_NAME } from './statement-lines.ts';

/** Where the value of a key stands in a text; its line counts from 1. */
export interface FoundKey {
  readonly key: KeyPlace;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly raw: string;
}

type FileTarget = Pick<FileSettings, 'path' | 'format' | 'reader'>;

interface Statement {
  readonly section: string | null;
  readonly name: string;
  readonly before: string;
  /** The text behind `NAME=`, to the end of its last line. */
  readonly rest: string;
  readonly start: number;
  readonly line: number;
}

/** How a key is called in faults. */
export const keyWords = ({ section, name }: KeyPlace) => (section === null ? name : `[${section}] ${name}`);

/** Finds each key once. Throws SinkFault with the line and the remedy, and nothing of what stands there. */
export function findKeys(settings: FileTarget, keys: readonly KeyPlace[], text: string): readonly FoundKey[] {
  const { path, format, reader } = settings;
  if (!isLineFormat(format))
    throw new SinkFault(`single keys are edited in ${Object.keys(READERS).join(', ')}`);
  const readers = askedReaders(format, reader);
  const statements = statementsOf({ path, format, reader }, keys, text);
  // To git the capitals of a section do not count.
  const fold = (section: string | null) => (readers.includes('git') ? section?.toLowerCase() : section);
  const isSame = (one: string | null, other: string | null) => fold(one) === fold(other);
  return keys.map((key) => {
    const mine = statements.filter(({ section, name }) => name === key.name && isSame(section, key.section));
    const [first, second] = mine;
    if (first === undefined) {
      throw new SinkFault(`${path} does not set ${keyWords(key)}: add that line where the program reads it`);
    }
    if (second !== undefined) {
      throw new SinkFault(
        `${path} sets ${keyWords(key)} twice, in line ${first.line} and line ${second.line}: remove one of them`,
      );
    }
    refuseUnread(path, format, reader, first);
    const length = valueLength(format, readers, first.rest);
    if (length === null) {
      throw new SinkFault(
        `${path}, line ${first.line}: where the value of ${keyWords(key)} ends cannot be told from the comment behind it: move the comment to a line of its own${named(format, reader)}`,
      );
    }
    const raw = first.rest.slice(0, length);
    return { key, start: first.start, end: first.start + length, line: first.line, raw };
  });
}

const named = (format: LineFormat, reader: SinkReader | null) =>
  reader === null ? `, or name the program that reads the file (reader: ${READERS[format].join(', ')})` : '';

/** All that sets one of these names, in this or another section. */
function statementsOf(
  { path, format, reader }: FileTarget & { readonly format: LineFormat },
  keys: readonly KeyPlace[],
  text: string,
): readonly Statement[] {
  const readers = askedReaders(format, reader);
  const names = keys.map(({ name }) => RegExp.escape(name)).join('|');
  // Whatever some reader may take for the name, other capitals among them.
  const alike = new RegExp(`^\\s*(?:export\\s+)?["']?(?:${names})["']?\\s*(?:[=:[].*)?$`, 'isu');
  const wanted = new Set(keys.map(({ name }) => name));
  const sections = new Set(keys.map((key) => key.section?.toLowerCase()));
  const lines = text.split(/\r?\n/);
  const starts = lineStarts(text);
  const statements: Statement[] = [];
  let section: string | null = null;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const header = format === 'dotenv' ? null : headerOf(line, readers);
    const extent = header === undefined ? null : extentOf(format, readers, lines, at);
    if (extent === null) {
      throw new SinkFault(
        `${path}, line ${at + 1}: where what begins there ends cannot be told: close its quotes on the same line${named(format, reader)}`,
      );
    }
    if (header !== null && header !== undefined) section = header;
    else if (sections.has(section?.toLowerCase()) && alike.test(line)) {
      const [, lead = '', name = '', equals = '', first = ''] = SETS_A_NAME.exec(line) ?? [];
      const isExport = format === 'dotenv' && reader === 'shell' && !line.includes('=');
      if (!wanted.has(name) && !isExport) throw misspelled(path, at + 1, format);
      const before = `${lead}${name}${equals}`;
      const start = (starts[at] ?? 0) + before.length;
      const last = at + extent - 1;
      const end = extent === 1 ? start + first.length : (starts[last] ?? 0) + (lines[last] ?? '').length;
      if (wanted.has(name))
        statements.push({ section, name, before, rest: text.slice(start, end), start, line: at + 1 });
    }
    at += extent;
  }
  return statements;
}

const misspelled = (path: string, line: number, format: LineFormat) =>
  new SinkFault(
    `${path}, line ${line} has a key of this sink in another form than NAME${format === 'dotenv' ? '' : ' '}=: write it so, or remove it`,
  );

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The section that a line begins; null for another line, undefined where readers differ. */
function headerOf(line: string, readers: readonly SinkReader[]): string | null | undefined {
  if (!line.trimStart().startsWith('[')) return null;
  const [, name] = /^[ \t]*\[([^\]]*)\][ \t]*(?:[#;].*)?$/.exec(line) ?? [];
  // npm's ini takes other lines for keys.
  return readers.includes('npm') && !/^\[[^\]]*\]\s*$/.test(line) ? undefined : name;
}

/** Some readers pass over a line that others read. */
function refuseUnread(
  path: string,
  format: LineFormat,
  reader: SinkReader | null,
  { before, line }: Statement,
) {
  if (format !== 'dotenv') return;
  const unread =
    (reader === 'systemd' && /\bexport[ \t]/.test(before)) ||
    (reader === 'shell' && /[ \t]=|=[ \t]/.test(before));
  if (unread) {
    throw new SinkFault(
      `${path}, line ${line}: ${reader} does not read it: write NAME=, without export for systemd, without blanks for shell`,
    );
  }
}

/** The signs of a comment behind a value, where a reader knows one; npm's ini reads none behind quotes. */
const COMMENT: Readonly<Record<'dotenv' | 'ini', Readonly<Partial<Record<SinkReader, RegExp>>>>> = {
  dotenv: {
    npm: /(?<![ \t])[ \t]+#/g,
    python: /(?<![ \t])[ \t]+#/g,
    ruby: /(?<![ \t])[ \t]+#/g,
    php: /(?<![ \t])[ \t]+#/g,
    shell: /(?<![ \t])[ \t]+#/g,
  },
  ini: { git: /(?<![ \t])[ \t]+[#;]/g, php: /(?<![ \t])[ \t]+;/g, 'php-raw': /(?<![ \t])[ \t]+;/g },
};

/** More signs of a comment on one line than anybody writes; each is tried. */
const MOST_SIGNS = 20;

/** How long the value is, without the blanks and the comment behind it; null where that cannot be told, or readers differ. */
function valueLength(format: LineFormat, readers: readonly SinkReader[], rest: string): number | null {
  const whole = rest.replace(/(?<![ \t])[ \t]+$/, '');
  const lengths = new Set(readers.map((reader) => lengthFor(format, reader, whole)));
  const [only = null] = lengths;
  return lengths.size === 1 ? only : null;
}

function lengthFor(format: LineFormat, reader: SinkReader, whole: string): number | null {
  const kind = format === 'dotenv' ? 'dotenv' : 'ini';
  if (kind === 'ini' && whole.includes('\n')) return null;
  const isValue = (end: number) => isWhole(format, reader, whole.slice(0, end));
  if (kind === 'ini' && reader === 'npm') {
    return /[ \t][#;]/.test(whole) && !isValue(whole.length) ? null : whole.length;
  }
  const sign = COMMENT[kind][reader];
  if (sign === undefined) return whole.length;
  if (/^[#;]/.test(whole)) return null;
  const cuts = [...whole.matchAll(sign)].map(({ index }) => index);
  if (cuts.length === 0) return whole.length;
  if (cuts.length > MOST_SIGNS) return null;
  return [...cuts, whole.length].find(isValue) ?? null;
}

/** The text with other values at these places, given in their order in the text. */
export function withValues(
  text: string,
  changes: readonly { readonly at: FoundKey; readonly raw: string }[],
): string {
  const ordered = changes.toSorted((a, b) => a.at.start - b.at.start);
  let [done, from] = ['', 0];
  for (const { at, raw } of ordered) {
    done += text.slice(from, at.start) + raw;
    from = at.end;
  }
  return done + text.slice(from);
}
