// Cuts the text of an import file into rows of cells, and reads the header row that names the columns.
import { CsvError, parse } from 'csv-parse/sync';
import { quoted } from '../../domain/parsing/characters.ts';
import { COLUMNS, type Column, type Remark } from '../../domain/registry/registration.ts';
import { distance } from '../../foundation/edit-distance.ts';

/** A row of cells, and the line of the file on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows that can be read, and the lines refused as a whole; `hopeless` when nothing after a fault can be trusted. */
export interface CsvRows {
  readonly rows: readonly CsvRow[];
  readonly refused: readonly Remark[];
  readonly hopeless: boolean;
}

/** The place of each column; or why the header row cannot be used. */
export interface Head {
  readonly places: ReadonlyMap<Column, number>;
  /** The number of cells of the header row; no other row may have more. */
  readonly width: number;
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
}

/** The longest line accepted, in characters, and the most lines. */
const LONGEST_LINE = 64 * 1024;

const MOST_LINES = 200_000;

const DELIMITERS = [';', ',', '\t'] as const;

/** Cuts a text into rows. Never throws for the content of a text. */
export function rowsOf(text: string): CsvRows {
  const { kept, refused } = withoutLongLines(text);
  const tooMany = kept.split('\n', MOST_LINES + 1).length > MOST_LINES;
  if (tooMany) {
    const message = `the file has more than ${MOST_LINES} lines: split it into several files`;
    return { rows: [], refused: [...refused, { line: MOST_LINES, column: null, message }], hopeless: true };
  }
  const rows: CsvRow[] = [];
  // The parser counts lines up to the end of a record; the next record begins on the line after.
  let end = 0;
  const take = (cells: readonly string[], lines: number) => {
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: end + 1, cells });
    end = lines;
  };
  try {
    parseCells(kept, take);
    return { rows, refused, hopeless: false };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows: [], refused: [...refused, faultOf(error, rows, end + 1)], hopeless: true };
  }
}

function parseCells(text: string, take: (cells: readonly string[], lines: number) => void): void {
  parse(text, {
    delimiter: delimiterOf(text),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_LINE * 4,
    on_record: (cells: string[], context) => {
      take(cells, context.lines);
      return null;
    },
  });
}

/** The delimiter with which the first non-blank line names the most columns. */
function delimiterOf(text: string): string {
  const firstText = Math.max(0, text.search(/\S/));
  const start = Math.max(text.lastIndexOf('\n', firstText), text.lastIndexOf('\r', firstText)) + 1;
  const [first = ''] = text.slice(start).split(/[\r\n]/, 1);
  const score = (delimiter: string) => {
    const cells = first.split(delimiter).map((cell) => cell.trim().replaceAll(/^"|"$/g, ''));
    return cells.filter((cell) => columnOf(cell) !== null).length * 1_000 + Math.min(cells.length, 999);
  };
  return DELIMITERS.reduce<string>(
    (best, delimiter) => (score(delimiter) > score(best) ? delimiter : best),
    ';',
  );
}

/** Refuses lines that are too long one by one and leaves them empty, so that the others keep their numbers. */
function withoutLongLines(text: string): { kept: string; refused: Remark[] } {
  const refused: Remark[] = [];
  const pieces: string[] = [];
  let line = 0;
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    line++;
    if (stop - start > LONGEST_LINE) {
      const message = `the line has ${stop - start} characters; at most ${LONGEST_LINE} are accepted`;
      refused.push({ line, column: null, message });
      pieces.push('');
    } else pieces.push(text.slice(start, stop));
    start = stop + 1;
  }
  return { kept: refused.length === 0 ? text : pieces.join('\n'), refused };
}

/** `firstLine`: the first line of the record in which the parser failed. */
function faultOf(error: CsvError, rows: readonly CsvRow[], firstLine: number): Remark {
  const line = typeof error.lines === 'number' ? error.lines : firstLine;
  const place = typeof error.column === 'number' ? error.column : -1;
  const header = rows[0]?.cells[place]?.trim();
  const column = header === undefined ? null : columnOf(header);
  const advice =
    'a cell that contains quotes is written "like ""this"""; nothing of this file can be trusted';
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return { line: firstLine, column, message: `a quote is opened and never closed; ${advice}` };
    case 'CSV_MAX_RECORD_SIZE': {
      const message = `a cell goes on over too many lines: a quote is not closed; ${advice}`;
      return { line: firstLine, column, message };
    }
    default:
      return { line, column, message: `a quote stands inside a cell; ${advice}` };
  }
}

const REQUIRED: readonly Column[] = ['siret', 'structure', 'login'];

/** Headers longer than this are not taken for a typing error. */
const LONGEST_HEADER = 40;

/** A header without case, accents, blanks and dashes. */
function plain(header: string): string {
  return header
    .slice(0, 200)
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

const BY_PLAIN = new Map<string, Column>([
  ...COLUMNS.map((column) => [plain(column), column] as const),
  ['tel', 'telephone'],
  ['telstructure', 'telephone_structure'],
]);

/** The column that a header names, or null. */
function columnOf(header: string): Column | null {
  return BY_PLAIN.get(plain(header)) ?? null;
}

/** Reads the header row, which is on `line`. */
export function readHead(cells: readonly string[], line: number): Head {
  const places = new Map<Column, number>();
  const refused: Remark[] = [];
  const unknown: string[] = [];
  for (const [place, cell] of cells.entries()) {
    const column = columnOf(cell);
    if (column === null) {
      if (cell.trim() !== '') unknown.push(cell.trim());
    } else if (places.has(column)) {
      refused.push({ line, column, message: `the column ${column} stands twice; keep one` });
    } else places.set(column, place);
  }
  const missing = COLUMNS.filter((column) => !places.has(column));
  const typos = new Map<string, Column>();
  for (const header of unknown) {
    const meant = missing.find((column) => isTypoOf(header, column));
    if (meant !== undefined) typos.set(header, meant);
  }
  for (const [header, meant] of typos) {
    refused.push({ line, column: meant, message: `the column ${quoted(header)} is unknown; write ${meant}` });
  }
  const meant = new Set(typos.values());
  for (const column of REQUIRED) {
    if (places.has(column) || meant.has(column)) continue;
    const message = `the column ${column} is missing; the first line names the columns: ${COLUMNS.join(';')}`;
    refused.push({ line, column, message });
  }
  const ignored = unknown.filter((header) => !typos.has(header)).map(quoted);
  const message = `unknown columns, ignored: ${ignored.slice(0, 10).join(', ')}`;
  const warnings = ignored.length === 0 ? [] : [{ line, column: null, message }];
  return { places, width: cells.length, refused, warnings };
}

/** Whether a header is a known one with a typing error (or a few letters more). */
function isTypoOf(header: string, column: Column): boolean {
  const a = plain(header).slice(0, LONGEST_HEADER);
  const b = plain(column);
  return distance(a, b) <= (b.length < 8 ? 1 : 2);
}
