// The head of the import file: which cell of a line is which column, tolerant of case, accents and order.
import { quoted } from '../../domain/parsing/entry.ts';
import { COLUMNS, type Column, type Remark } from '../../domain/registry/registration.ts';
import { distance } from '../../foundation/edit-distance.ts';

/** Where each column stands; or why the head cannot be used. */
export interface Head {
  readonly places: ReadonlyMap<Column, number>;
  /** Number of cells of the head; a line may not have more. */
  readonly width: number;
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
}

const REQUIRED: readonly Column[] = ['siret', 'structure', 'login'];
/** Headers longer than this are no slip of the finger. */
const LONGEST_HEADER = 40;

/** A header without case, accents, blanks and dashes. */
function plain(header: string): string {
  return header
    .slice(0, 200)
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

const BY_PLAIN = new Map(COLUMNS.map((column) => [plain(column), column]));

/** The column that a header names, or null. */
export function columnOf(header: string): Column | null {
  return BY_PLAIN.get(plain(header)) ?? null;
}

/** Reads the head that stands on `line`. */
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
    const meant = missing.find((column) => looksLike(header, column));
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

/** Whether a header is a known one with a slip of the finger (or a small word more). */
function looksLike(header: string, column: Column): boolean {
  const a = plain(header).slice(0, LONGEST_HEADER);
  const b = plain(column);
  return distance(a, b) <= (b.length < 8 ? 1 : 2);
}
