// Cuts the text of an import file into rows of cells. A line whose quotes are wrong is refused alone, and reading goes on below it.
//
// Invariant: each line is looked at twice at most. A row ends, or fails, on the next line with an odd number of quotes; the lines
// between, read again one by one after a fault, have an even number, and so none of them goes on beyond its end.
import type { Remark } from '../../domain/registry/registration.ts';
import { namesColumn } from './head.ts';

/** A row of cells, and the lines of the file on which it begins and ends. */
export interface CsvRow {
  readonly line: number;
  readonly lastLine: number;
  readonly cells: readonly string[];
}

/** A line that cannot be cut; `place` counts the cells before the fault. */
export interface UncutLine {
  readonly line: number;
  readonly place: number | null;
  readonly message: string;
}

/** The rows that can be read, and the lines that cannot; `fault` when the file has too many lines. */
export interface CsvRows {
  /** The first row, or the fault of its line; null when every line is blank. */
  readonly head: CsvRow | UncutLine | null;
  readonly rows: readonly CsvRow[];
  readonly uncut: readonly UncutLine[];
  readonly fault: Remark | null;
}

/** The longest line accepted, in characters. */
const LONGEST_LINE = 64 * 1024;
/** The most lines below the header row. */
const MOST_LINES = 200_000;
/** No more are cut: beside these, the header row and some blank lines and a hint before it. */
const MOST_READ = MOST_LINES + 1_000;
/** The texts in one row have no more lines; more of them are rows behind a quote that is not closed. */
const MOST_LINES_OF_ROW = 100;

const DELIMITERS = [';', ',', '\t'] as const;

const ADVICE = 'a cell that contains quotes is written "like ""this"""';

/** Cuts a text into rows. Never throws for the content of a text. */
export function rowsOf(text: string): CsvRows {
  const lines = linesOf(text);
  const hint = lines.findIndex((line) => !isBlank(line));
  const named = /^"?sep=([^\w\s"]|\t)[^\w]*$/i.exec(lines[hint] ?? '')?.[1];
  const start = named === undefined ? hint : lines.findIndex((line, at) => at > hint && !isBlank(line));
  const head = lines[start];
  if (head === undefined) return { head: null, rows: [], uncut: [], fault: null };
  if (lines.length - start - 1 > MOST_LINES || lines.length === MOST_READ) {
    const message = `the file has more than ${MOST_LINES} lines below its header: split it into several files`;
    const fault = { line: start + MOST_LINES + 2, column: null, message };
    return { head: null, rows: [], uncut: [], fault };
  }
  const delimiter = named ?? delimiterOf(head);
  return cutFrom(lines, start, delimiter);
}

/** Whether a line has nothing but blanks and what divides cells. */
function isBlank(line: string): boolean {
  return /^[\s;,]*$/.test(line);
}

/** The lines of a file, without their ends, Ctrl-Z and byte order marks; of too long a file no more than shows that it is. */
function linesOf(text: string): string[] {
  let [start, end] = [0, text.length];
  while (text.charAt(start) === '\uFEFF') start++;
  // DOS marks the end of a text with Ctrl-Z; copies in its fashion append it.
  while (end > start && '\x1a\r\n'.includes(text.charAt(end - 1))) end--;
  return text
    .slice(start, end)
    .split('\n', MOST_READ)
    .flatMap((line) => withoutReturns(line).split('\r', MOST_READ))
    .slice(0, MOST_READ);
}

/** A line without the carriage returns before its end: one, or two where a program translated line ends twice. */
function withoutReturns(line: string): string {
  let end = line.length;
  while (line.charAt(end - 1) === '\r') end--;
  return line.slice(0, end);
}

/** The delimiter with which the header row names the most columns. */
function delimiterOf(head: string): string {
  const score = (delimiter: string) => {
    const cells = head.split(delimiter).map((cell) => cell.trim().replaceAll(/^"|"$/g, ''));
    return cells.filter(namesColumn).length * 1_000 + Math.min(cells.length, 999);
  };
  return DELIMITERS.reduce<string>(
    (best, delimiter) => (score(delimiter) > score(best) ? delimiter : best),
    ';',
  );
}

/** Cuts all rows from the header row on, which stands at `start`. */
function cutFrom(lines: readonly string[], start: number, delimiter: string): CsvRows {
  const rows: CsvRow[] = [];
  const uncut: UncutLine[] = [];
  let head: CsvRow | UncutLine | null = null;
  for (let at = start; at < lines.length; ) {
    const cut = cutRow(lines, at, {
      delimiter,
      width: head !== null && 'cells' in head ? head.cells.length : 0,
    });
    if ('place' in cut) uncut.push(cut);
    else if (head !== null && cut.cells.some((cell) => cell.trim() !== '')) rows.push(cut);
    head ??= cut;
    // Below a fault the next line may be a row again.
    at = 'place' in cut ? at + 1 : cut.lastLine;
  }
  return { head, rows, uncut, fault: null };
}

/** What divides cells, and how many the header row has (0: it is not read yet). */
interface Layout {
  readonly delimiter: string;
  readonly width: number;
}

/** The row that begins at `from` (from 0), or the fault of its first line. */
function cutRow(lines: readonly string[], from: number, layout: Layout): CsvRow | UncutLine {
  const { delimiter } = layout;
  const cells: string[] = [];
  const uncut = (message: string, place = cells.length): UncutLine => ({ line: from + 1, place, message });
  let row = from;
  let at = 0;
  for (;;) {
    const line = lines[row] ?? '';
    if (line.length > LONGEST_LINE) {
      const message = `the line has ${line.length} characters; at most ${LONGEST_LINE} are accepted`;
      return { line: from + 1, place: null, message };
    }
    const open = startOfQuoted(line, at);
    if (open < 0) {
      const next = line.indexOf(delimiter, at);
      const cell = line.slice(at, next < 0 ? line.length : next);
      if (cell.includes('"')) return uncut(`a quote stands inside a cell; ${ADVICE}`);
      cells.push(cell);
      if (next < 0) return { line: from + 1, lastLine: row + 1, cells };
      at = next + 1;
      continue;
    }
    const quoted = cutQuoted(lines, { row, at: open, end: from + MOST_LINES_OF_ROW }, layout);
    if (quoted === null) return uncut(`a quote is opened and never closed; ${ADVICE}`);
    cells.push(quoted.text);
    row = quoted.row;
    const last = lines[row] ?? '';
    at = quoted.end;
    while (last.charAt(at) === ' ') at++;
    if (at >= last.length) return { line: from + 1, lastLine: row + 1, cells };
    if (last.charAt(at) !== delimiter)
      return uncut(`a quote stands inside a cell; ${ADVICE}`, cells.length - 1);
    at++;
  }
}

/** The place behind the quote with which a cell begins; below 0 where it begins with none. Blanks before it are layout. */
function startOfQuoted(line: string, at: number): number {
  let start = at;
  while (line.charAt(start) === ' ') start++;
  return line.charAt(start) === '"' ? start + 1 : -1;
}

/** The text of a quoted cell that begins in `row` at `at`, and where it ends; null when it is not closed before the row `end`. */
function cutQuoted(
  lines: readonly string[],
  start: { readonly row: number; readonly at: number; readonly end: number },
  layout: Layout,
): { readonly text: string; readonly row: number; readonly end: number } | null {
  const first = lines[start.row] ?? '';
  const pieces: string[] = [];
  let { at } = start;
  for (let row = start.row; row < Math.min(start.end, lines.length); row++) {
    const line = lines[row] ?? '';
    const end = endOfQuoted(line, at);
    const isRow = row > start.row && isWholeRow(line, layout) && (end < 0 || isWholeRow(first, layout));
    if (isRow || line.length > LONGEST_LINE) return null;
    if (end >= 0) {
      const text = [...pieces, line.slice(at, end)].join('\n').replaceAll('""', '"');
      return { text, row, end: end + 1 };
    }
    pieces.push(line.slice(at));
    at = 0;
  }
  return null;
}

/**
 * Whether a line alone has all the delimiters of a row, and the number of a structure or a login: then it is one, and no part of a
 * text above it. A text has commas too, but hardly such a number.
 */
function isWholeRow(line: string, { delimiter, width }: Layout): boolean {
  return width > 1 && line.split(delimiter, width).length === width && /\d{13}/.test(line);
}

/** The place of the quote that ends a quoted cell; below 0 when it does not end on this line. */
function endOfQuoted(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line.charAt(at + 1) !== '"') return at;
  }
  return -1;
}
