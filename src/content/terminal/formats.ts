// What commands print facts with: tables, instants, and what was seen on the wire.
import type { HandoverStage } from '../../domain/monitoring/account-stand.ts';
import type { NextCheck, Wait } from '../../domain/monitoring/next-check.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';

/** What a mail server or a file says may hold anything: nothing of it may steer the terminal. Line ends stay. */
export function printable(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]/gu, '·');
}

/** Columns of a terminal of which nothing is known. */
export const SCREEN = 80;

/** Columns that a text takes: composed letters count as one. */
export const widthOf = (text: string) => [...text.normalize('NFC')].length;

/** A text in so many columns: what is too much is left out. */
export function clipped(text: string, width: number): string {
  return widthOf(text) > width ? `${[...text.normalize('NFC')].slice(0, width - 1).join('')}…` : text;
}

/** The blanks of a text but for those within a telephone number, or between a day and its hour. */
const UNBROKEN = /(?<!\b\d\d) | (?!\d\d\b)/;

/** The words of a text in lines of so many columns; no word is broken unless it is longer than a line. */
export function folded(text: string, width: number): readonly string[] {
  const words = text.split(UNBROKEN).flatMap((word) => (widthOf(word) > width ? word.split(' ') : [word]));
  return foldedWords(
    words.map((word) => clipped(word, width)),
    width,
  );
}

function foldedWords(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** What stays on one line: a word, or a command about an account, which is copied from there. */
const UNIT =
  /releve (?:letters send|[a-z]+) [^\s@]+@[^\s@]+(?: --[a-z-]+(?: (?:production|qualification))?)*[.,;:)]?|\S+/g;

/** Sentences in lines of so many columns, under their own beginning; rows of a table, which have gaps, stay as they are. */
export function wrapped(text: string, width: number): string {
  const lineOf = (line: string) => {
    const [lead = ''] = /^ *(?:- )?/.exec(line) ?? [];
    const room = width - lead.length;
    if (widthOf(line) <= width || line.slice(lead.length).includes(GAP)) return line;
    const units = line.slice(lead.length).match(UNIT) ?? [];
    const words = units.flatMap((unit) => (widthOf(unit) > room ? unit.split(' ') : [unit]));
    return foldedWords(words, room)
      .map((part, at) => (at === 0 ? lead : ' '.repeat(lead.length)) + part)
      .join('\n');
  };
  return text.split('\n').map(lineOf).join('\n');
}

/** A login without the part that all have. Commands take it so, too. */
export const shortLogin = (login: string) => login.replace(/@cpro\.fr$/i, '');

/** The login as people tell it apart: `TECH_1_25900096600020 (qualification)`. */
export function loginWords({ login, environment }: { readonly login: string; readonly environment: string }) {
  return environment === 'production' ? shortLogin(login) : `${shortLogin(login)} (${environment})`;
}

/** A text with blanks up to so many columns. */
export const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const GAP = '  ';

type Cells = readonly (string | number | null)[];

/**
 * Rows under their heads, in columns without frames, so that they can be read, copied and cut. A cell may have several lines.
 * Null cells are left empty.
 */
export function table(head: readonly string[], rows: readonly Cells[]): string {
  const lines = [head, ...rows].flatMap(linesOf);
  return inColumns(lines, widthsOf(lines));
}

/** The least that the last column of a table is folded into, and what stands before it otherwise. */
const NARROWEST = 24;
const INDENT = '    ';

/** How wide a table is; and what stands below its rows, on lines of its own. */
export interface TableFit {
  readonly width?: number | undefined;
  readonly below?: readonly string[];
}

/**
 * The same in so many columns: the last one is folded into what is left, or stands on lines of its own below its row where that is
 * too little, or a word of it is longer. Rows without a head are a list of labels and values.
 */
export function tableWithin(
  head: readonly string[],
  rows: readonly Cells[],
  { width = SCREEN, below = [] }: TableFit = {},
): string {
  const heads = head.length === 0 ? [] : [head];
  const all = [...heads, ...rows].map((row) => row.map((cell) => printable(String(cell ?? ''))));
  const widths = widthsOf(all.map((cells) => cells.slice(0, -1)));
  const start = widths.reduce((sum, one) => sum + one + GAP.length, 0);
  const lines = all.flatMap((cells, at) => {
    const lead = inColumns([cells.slice(0, -1)], widths);
    const note = below[at - heads.length] ?? '';
    return [
      ...withLast(lead, cells.at(-1) ?? '', start, width),
      ...(note === '' ? [] : noteLines(note, width)),
    ];
  });
  return lines.join('\n');
}

/** A command stands so that a shell takes it whole. */
function noteLines(note: string, width: number): readonly string[] {
  if (!note.startsWith('releve ')) return indented(note, width);
  const lines = commandLines(note, width - GAP.length).split('\n');
  return lines.map((line) => GAP + line);
}

function withLast(lead: string, text: string, start: number, width: number): readonly string[] {
  const room = width - start;
  const isWide = room < NARROWEST || text.split(/\s/).some((word) => widthOf(word) > room);
  if (isWide && text !== '') return [lead, ...indented(text, width)];
  const lines = text.split('\n').flatMap((line) => folded(line, room));
  return lines.map((line, at) => `${at === 0 ? padded(lead, start) : ' '.repeat(start)}${line}`.trimEnd());
}

/** A command that a shell takes as it is shown: where it is too long for a line, it goes on after a backslash. */
export function commandLines(command: string, width = SCREEN): string {
  return foldedWords(command.match(/(?:"[^"]*"|\S)+/g) ?? [], width - INDENT.length - 2)
    .map((line, at) => `${at === 0 ? '  ' : INDENT}${line}`)
    .join(' \\\n');
}

/** A line with what else is to be said at its end, or below where that has no room. */
export function withRemarks(line: string, remarks: string, width = SCREEN): string {
  const whole = `${line}  ${printable(remarks)}`.trimEnd();
  return widthOf(whole) <= width ? whole : [line.trimEnd(), ...indented(remarks, width)].join('\n');
}

/** A text on lines of its own below what it belongs to. */
export function indented(text: string, width = SCREEN, lead = INDENT): readonly string[] {
  return printable(text)
    .split('\n')
    .flatMap((line) => folded(line, width - lead.length))
    .map((line) => lead + line);
}

type Line = readonly string[];

function widthsOf(lines: readonly Line[]): number[] {
  const widths: number[] = [];
  for (const cells of lines) {
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  }
  return widths;
}

function inColumns(lines: readonly Line[], widths: readonly number[]): string {
  const lineOf = (cells: Line) => cells.map((cell, at) => padded(cell, widths[at] ?? 0));
  return lines.map((cells) => lineOf(cells).join(GAP).trimEnd()).join('\n');
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

/** An instant (ms): the time of day, before it the day where it is another one. */
export function moment(at: number, now: number): string {
  const [day = '', time = ''] = parisTime(at).slice(0, 16).split(' ');
  return parisTime(now).startsWith(day) ? time : `${day} ${time}`;
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
  turn: 'in its turn, after other checks',
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
