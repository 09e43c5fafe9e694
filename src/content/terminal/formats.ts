// What commands print facts with: tables, instants, and what was seen on the wire.
import type { HandoverStage } from '../../domain/monitoring/account-stand.ts';
import type { NextCheck, Wait } from '../../domain/monitoring/next-check.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';

/** What a mail server or a file says may hold anything: nothing of it may steer the terminal. Line ends stay. */
export function printable(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu, '·');
}

/** Columns that a text takes: composed letters count as one. */
const widthOf = (text: string) => [...text.normalize('NFC')].length;

/** A text in so many columns: what is too much is left out. */
export function clipped(text: string, width: number): string {
  return widthOf(text) > width ? `${[...text.normalize('NFC')].slice(0, width - 1).join('')}…` : text;
}

/** The words of a text in lines of so many columns; no word is broken unless it is longer than a line. */
export function folded(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(clipped(word, width));
  }
  return lines;
}

const GAP = '  ';

type Cells = readonly (string | number | null)[];

/** The columns of a table that is written as it is read are measured by so many lines, or by what comes within so many ms. */
const MEASURED = 1_000;
const MEASURED_MS = 2_000;

/**
 * Rows under their heads, in columns without frames, so that they can be read, copied and cut. A cell may have several lines.
 * Null cells are left empty.
 */
export function table(head: readonly string[], rows: readonly Cells[]): string {
  const lines = [head, ...rows].flatMap(linesOf);
  return inColumns(lines, widthsOf(lines));
}

/** The same with a line end, as it is read: its first lines say how wide the columns are. */
export async function* tablePages<R>(
  head: readonly string[],
  pages: AsyncIterable<readonly R[]>,
  cellsOf: (row: R) => Cells,
): AsyncGenerator<string> {
  let waiting = linesOf(head);
  let widths: readonly number[] | null = null;
  let since: number | null = null;
  for await (const page of pages) {
    if (page.length === 0) continue;
    waiting = waiting.concat(page.map(cellsOf).flatMap(linesOf));
    since ??= performance.now();
    const isEarly = waiting.length <= MEASURED && performance.now() - since < MEASURED_MS;
    if (widths === null && isEarly) continue;
    widths ??= widthsOf(waiting);
    yield `${inColumns(waiting, widths)}\n`;
    waiting = [];
  }
  if (waiting.length > 0) yield `${inColumns(waiting, widths ?? widthsOf(waiting))}\n`;
}

type Line = readonly string[];

function widthsOf(lines: readonly Line[]): number[] {
  const widths: number[] = [];
  for (const cells of lines) {
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  }
  return widths;
}

/** A cell that is wider than its column moves the cells behind it, no further than it must, in its own line. */
function inColumns(lines: readonly Line[], widths: readonly number[]): string {
  const lineOf = (cells: Line) => {
    let beyond = 0;
    const padded = cells.map((cell, at) => {
      const left = (widths[at] ?? 0) - widthOf(cell) - beyond;
      beyond = Math.max(0, -left);
      return cell + ' '.repeat(Math.max(0, left));
    });
    return padded.join(GAP).trimEnd();
  };
  return lines.map(lineOf).join('\n');
}

/** A JSON array, row by row, as `JSON.stringify` writes it with two spaces. */
export async function* jsonRows(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = '[\n  ';
  for await (const page of pages) {
    if (page.length === 0) continue;
    // A line end within a text is written as \n: those that are there are between the rows' own lines.
    const rows = page.map((row) => JSON.stringify(row, null, 2).replaceAll('\n', '\n  '));
    yield before + rows.join(',\n  ');
    before = ',\n  ';
  }
  yield before.startsWith('[') ? '[]\n' : '\n]\n';
}

/** A row as the lines it takes: as many as its longest cell. */
function linesOf(row: Cells): Line[] {
  const cells = row.map((cell) => printable(String(cell ?? '')).split('\n'));
  const height = cells.reduce((most, cell) => Math.max(most, cell.length), 1);
  return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
}

/** An instant (ms) in Paris, to the second: `2027-03-01 10:00:05`; empty for null. */
export function parisTime(at: number | null): string {
  if (at === null) return '';
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return here.toString({ smallestUnit: 'second' }).replace('T', ' ');
}

/** An instant (ms) as an ISO text in UTC; null for null. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** How far a new password is: `announced`, `refused 2 times`. */
export function stageWords({ stage, refusals }: Pick<HandoverStage, 'stage' | 'refusals'>): string {
  const isAsked = stage === 'candidate' || stage === 'verifying';
  if (isAsked && refusals > 0) return `refused ${refusals === 1 ? 'once' : `${refusals} times`}`;
  return isAsked ? 'being checked' : stage;
}

/** When a check comes, and why not sooner: `at 2027-03-01 11:23:00, as more failures could lock the account`; empty for none. */
export function nextCheckWords({ at, waits }: NextCheck): string {
  const moment = at === null ? '' : `at ${parisTime(at)}`;
  return [moment, waits === null ? '' : WAITS[waits]].filter((part) => part !== '').join(', ');
}

const WAITS: Readonly<Record<Wait, string>> = {
  planned: '',
  turn: 'after those that come first',
  budget: 'as more failures could lock the account',
  'maybe-locked': 'once a lock would be over',
  maintenance: 'as a closure is announced',
  platform: 'once the platform answers again',
};

/** The evidence in one line: `recuperer/structures/actives/destinataire: HTTP 503, <html>…`. */
export function evidenceLine({ call, status, authenticate, returned, excerpt }: Evidence): string {
  const parts = [
    status === null ? 'no answer' : `HTTP ${status}`,
    ...(authenticate === null ? [] : [`WWW-Authenticate: ${authenticate}`]),
    ...(returned === null ? [] : [`codeRetour ${returned.code} ${returned.label ?? ''}`.trim()]),
    ...(excerpt === null || excerpt === '' ? [] : [excerpt.replaceAll(/\s+/g, ' ')]),
  ];
  return `${call}: ${parts.join(', ')}`;
}
