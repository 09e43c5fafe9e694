// Says how many lines of a dotenv or INI file a statement takes, as each of its readers sees it.
//
// Invariant: null wherever a reader may see another end than we do; then the file is not edited. Each rule looks at a line a fixed
// number of times, and a null ends the scan, so a file costs linear time.
import type { LineFormat, SinkReader } from '../../foundation/sink-template.ts';

/** The number of lines that the statement beginning on a line takes; null where that cannot be said. */
type Extent = (lines: readonly string[], at: number) => number | null;

/** A line of dotenv or INI that sets a name: what stands before the value, with the name, and the rest of the line. */
export const SETS_A_NAME = /^([ \t]*(?:export[ \t]+)?)([\w.-]+)([ \t]*=[ \t]*)(.*)$/;

const isBlank = (line: string) => /^[ \t]*$/.test(line);
const isComment = (line: string, signs: string) => signs.includes(line.trimStart()[0] ?? '\n');

/** Whether a line ends in a backslash that none before it escapes. */
function isContinued(line: string): boolean {
  let start = line.length;
  while (line[start - 1] === '\\') start -= 1;
  return (line.length - start) % 2 === 1;
}

const valueOn = (line: string) => SETS_A_NAME.exec(line)?.[4] ?? null;

/** The first of these quotes in a text that follows no backslash; -1 where there is none. */
function bareQuote(text: string, quote: string): number {
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== '\\') return at;
  }
  return -1;
}

/** A value between quotes that may end on another line, where its first quote closes it and nothing but a comment follows. */
function quotedExtent(lines: readonly string[], at: number, value: string): number | null {
  const [quote = ''] = value;
  if (bareQuote(value.slice(1), quote) >= 0) return 1;
  if (value.slice(1).includes(quote)) return null;
  for (let end = at + 1; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const closes = line.indexOf(quote);
    if (closes < 0) continue;
    return line[closes - 1] !== '\\' && /^[ \t]*(?:#.*)?$/.test(line.slice(closes + 1)) ? end - at + 1 : null;
  }
  return null;
}

/** What no reader of dotenv takes for more than its line, if it sets no name. */
const isPlain = (line: string) => !/['"`\\$()<>;&|{}]/.test(line);

const dotenvExtent =
  (quotes: string, hasBlocks: boolean): Extent =>
  (lines, at) => {
    const line = lines[at] ?? '';
    if (isComment(line, '#')) return 1;
    const value = valueOn(line);
    if (value === null) return isPlain(line) ? 1 : null;
    if (value === '' || !quotes.includes(value[0] ?? '')) return 1;
    const lasts = quotedExtent(lines, at, value);
    return hasBlocks || lasts === 1 ? lasts : null;
  };

/** phpdotenv looks for `="` on every line, comments too; a block ends on a line with one quote that is not its first sign. */
const phpExtent: Extent = (lines, at) => {
  const line = lines[at] ?? '';
  const quotes = (text: string) => text.replaceAll('\\\\', '').match(/[^\\](?=")/g)?.length ?? 0;
  if (!line.includes('="') || quotes(line) > 1) return dotenvExtent(`'"`, false)(lines, at);
  if (isComment(line, '#')) return null;
  const lasts = dotenvExtent('"', true)(lines, at);
  const last = lasts === null ? '' : (lines[at + lasts - 1] ?? '');
  return /=".*$/.test(line) && lasts !== 1 && (last === '"' || quotes(last) > 0) ? lasts : null;
};

/** Where the text between double quotes ends, behind them; 0 where it does not, or where something stands in it that stops us. */
function doubleQuoted(text: string, from: number, stops = /(?!)/): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return stops.test(text.slice(from, at)) ? 0 : at + 1;
  }
  return 0;
}

/** How many lines a text takes from one on, by where its statement ends in it; more of them are looked at only where needed. */
function withMoreLines(
  lines: readonly string[],
  at: number,
  endIn: (text: string) => number | null,
): number | null {
  for (const most of [1, BLOCK]) {
    const text = lines.slice(at, at + most).join('\n');
    const end = endIn(text);
    if (end !== null) return text.slice(0, end).split('\n').length;
  }
  return null;
}

/** No value between quotes is longer, in lines. */
const BLOCK = 200;

const endOfLine = (text: string, from: number) => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/** Where the piece between quotes ends that begins at a place, behind it; 0 where it does not end. */
const pieceEnd = (text: string, from: number, stops?: RegExp) =>
  text[from] === '"' ? doubleQuoted(text, from, stops) : text.indexOf("'", from + 1) + 1;

/** A POSIX shell: words of plain signs, variables and quoted pieces, up to the end of the line. */
const shellExtent: Extent = (lines, at) =>
  isComment(lines[at] ?? '', '#') ? 1 : withMoreLines(lines, at, shellEnd);

function shellEnd(text: string): number | null {
  let place = 0;
  while (place < text.length && text[place] !== '\n') {
    const sign = text[place] ?? '';
    if (sign === '#' && /[ \t]/.test(text[place - 1] ?? ' ')) return endOfLine(text, place);
    if (sign === "'" || sign === '"') {
      place = pieceEnd(text, place, /`|\$\(/);
      if (place === 0) return null;
    } else if (sign === '\\') {
      place += 2;
      if (place > text.length || text[place - 1] === '\n') return null;
    } else if (/[()<>`|&]/.test(sign)) return null;
    else place += 1;
  }
  return place;
}

/** systemd: quoted pieces first, over several lines; a backslash at the end of a line joins the next, also behind a comment. */
const systemdExtent: Extent = (lines, at) => {
  const line = lines[at] ?? '';
  if (isComment(line, '#;')) return isContinued(line) ? null : 1;
  const value = valueOn(line);
  return value === null
    ? isPlain(line)
      ? 1
      : null
    : withMoreLines(lines, at, (text) => systemdEnd(text, line.length - value.length));
};

function systemdEnd(text: string, from: number): number | null {
  let place = from;
  while (text[place] === '"' || text[place] === "'") {
    place = pieceEnd(text, place);
    if (place === 0) return null;
    while (text[place] === ' ' || text[place] === '\t') place += 1;
  }
  const end = endOfLine(text, place);
  return isContinued(text.slice(place, end)) ? null : end;
}

/** A quote that is open at the end of a line: a value that goes on below. */
const isOpen = (line: string) => (line.replaceAll(/\\./g, '').split('"').length - 1) % 2 === 1;

const gitExtent: Extent = (lines, at) => {
  if (isComment(lines[at] ?? '', '#;')) return 1;
  let end = at;
  while (isContinued(lines[end] ?? '') && end < lines.length) end += 1;
  const statement = lines.slice(at, end + 1).join('');
  const isRead = !isOpen(statement) && (end === at || (!/[#;]/.test(statement) && end < lines.length));
  return isRead ? end - at + 1 : null;
};

const phpIniExtent =
  (isRaw: boolean): Extent =>
  (lines, at) => {
    const line = lines[at] ?? '';
    if (isComment(line, ';')) return 1;
    const value = valueOn(line) ?? '';
    const open = isRaw ? (line.split('"').length - 1) % 2 === 1 : isOpen(line);
    const single = value.startsWith("'") && !value.slice(1).includes("'");
    return open || single ? null : 1;
  };

/** configparser: deeper lines belong to the key above them, also behind blank lines and comments. */
const pythonIniExtent: Extent = (lines, at) => {
  const line = lines[at] ?? '';
  if (isComment(line, '#;[')) return 1;
  const depth = (text: string) => text.length - text.trimStart().length;
  let last = at;
  for (let next = at + 1; next < lines.length; next += 1) {
    const below = lines[next] ?? '';
    if (isBlank(below) || isComment(below, '#;')) continue;
    if (depth(below) <= depth(line)) break;
    last = next;
  }
  return last - at + 1;
};

const one: Extent = () => 1;
const EXTENTS: Readonly<Record<'dotenv' | 'ini', Readonly<Partial<Record<SinkReader, Extent>>>>> = {
  dotenv: {
    npm: dotenvExtent(`'"\``, true),
    python: dotenvExtent(`'"`, true),
    // dotenv 2 reads no block, dotenv 3 does.
    ruby: dotenvExtent(`'"`, false),
    php: phpExtent,
    systemd: systemdExtent,
    shell: shellExtent,
  },
  ini: {
    ...{ git: gitExtent, npm: one, php: phpIniExtent(false), 'php-raw': phpIniExtent(true) },
    ...{ python: pythonIniExtent, 'python-raw': pythonIniExtent },
  },
};

/** The lines that the statement on a line takes, as all of these readers see it; null where they differ, or one cannot be told. */
export function extentOf(
  format: LineFormat,
  readers: readonly SinkReader[],
  lines: readonly string[],
  at: number,
): number | null {
  const line = lines[at] ?? '';
  if (isBlank(line)) return 1;
  // Signs at which some readers begin a line, and others do not.
  if (/(?!\t)[\p{Cc}\u2028\u2029]/u.test(line)) return null;
  const rules = EXTENTS[format === 'dotenv' ? 'dotenv' : 'ini'];
  const found = new Set(readers.map((reader) => rules[reader]?.(lines, at) ?? null));
  const [only = null] = found;
  return found.size === 1 ? only : null;
}
