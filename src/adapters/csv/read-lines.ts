// The import file: from its bytes to lines that can be trusted, and what is wrong with the others.
import { z } from 'zod';
import { type Contact, readAddress, readContacts } from '../../domain/parsing/address.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { type Entry, readEnvironment, readLanguage, readName, readText } from '../../domain/parsing/entry.ts';
import { readLogin } from '../../domain/parsing/login.ts';
import { readSiret } from '../../domain/parsing/siret.ts';
import type { Column, Reading, Registration, Remark } from '../../domain/registry/registration.ts';
import { type Head, readHead } from './columns.ts';
import { decode } from './decode.ts';
import { type Row, rowsOf } from './rows.ts';

const ADDRESS = z.email().max(254);

/** Whether a text is a mail address. */
export function isAddress(text: string): boolean {
  return ADDRESS.safeParse(text).success;
}

/**
 * Reads an import file. `today` is the civil day in Paris: no password was changed after it. Says everything that is
 * wrong at once; never throws for what a file can hold. `progress` hears how many lines of how many are read.
 */
export function readLines(
  bytes: Uint8Array,
  today: Temporal.PlainDate,
  progress: (done: number, total: number) => void = () => undefined,
): Reading {
  const decoded = decode(bytes);
  if (!decoded.ok) return hopeless([{ line: decoded.line, column: null, message: decoded.message }], []);
  const warnings: Remark[] = [];
  if (decoded.warning !== null) warnings.push({ line: 1, column: null, message: decoded.warning });
  const cut = rowsOf(decoded.text);
  if (cut.hopeless) return hopeless(cut.refused, warnings);
  const [first, ...rest] = cut.rows;
  if (first === undefined) {
    const empty = { line: 1, column: null, message: 'the file is empty; its first line names the columns' };
    return hopeless(cut.refused.length > 0 ? cut.refused : [empty], warnings);
  }
  const head = readHead(first.cells, first.line);
  warnings.push(...head.warnings);
  if (head.refused.length > 0) return hopeless([...head.refused, ...cut.refused], warnings);
  const lines: Registration[] = [];
  const refused: Remark[] = [...cut.refused];
  for (const [count, row] of rest.entries()) {
    const line = new LineReader(row, head);
    const registration = line.read(today);
    refused.push(...line.refused);
    // What is odd about a refused line is of no interest: it will be typed again.
    if (registration !== null) {
      lines.push(registration);
      warnings.push(...line.warnings);
    }
    if (count % 500 === 499) progress(count + 1, rest.length);
  }
  if (rest.length === 0 && refused.length === 0) {
    warnings.push({ line: first.line, column: null, message: 'the file has a head but no line below it' });
  }
  return { lines, refused: refused.sort((a, b) => a.line - b.line), warnings, hopeless: false };
}

function hopeless(refused: readonly Remark[], warnings: readonly Remark[]): Reading {
  return { lines: [], refused, warnings, hopeless: true };
}

/** Reads the cells of one line, and gathers what is to be said about them. */
class LineReader {
  readonly refused: Remark[] = [];
  readonly warnings: Remark[] = [];
  readonly #row: Row;
  readonly #head: Head;

  constructor(row: Row, head: Head) {
    this.#row = row;
    this.#head = head;
  }

  /** The line, or null when something is wrong with it. */
  read(today: Temporal.PlainDate): Registration | null {
    if (!this.#fits()) return null;
    const siret = this.#required('siret', readSiret);
    const structure = this.#required('structure', readName);
    const login = this.#required('login', readLogin);
    const environment = this.#optional('environnement', readEnvironment) ?? 'production';
    const changed = this.#optional('date_changement', readDay);
    const portal = this.#optional('date_expiration', readDay);
    this.#dates(changed, portal, today);
    const manager = this.#manager();
    const deputies = this.#optional('secondaires', (raw) => readContacts(raw, isAddress));
    const language = this.#optional('langue', readLanguage);
    if (siret === null || structure === null || login === null || this.refused.length > 0) return null;
    return {
      line: this.#row.line,
      siret,
      structure,
      login,
      environment,
      changedOn: changed?.toString() ?? null,
      portalOn: portal?.toString() ?? null,
      manager,
      deputies: deputies === null || deputies.length === 0 ? null : deputies,
      language,
    };
  }

  #refuse(column: Column | null, message: string): void {
    this.refused.push({ line: this.#row.line, column, message });
  }

  /** More cells than the head: a delimiter inside a name, and every cell after it is in the wrong column. */
  #fits(): boolean {
    const beyond = this.#row.cells.slice(this.#head.width);
    if (beyond.every((cell) => cell.trim() === '')) return true;
    const { length } = this.#row.cells;
    const advice = 'put quotes around a cell that contains the delimiter';
    this.#refuse(null, `the line has ${length} cells, the head ${this.#head.width}; ${advice}`);
    return false;
  }

  #raw(column: Column): string {
    const place = this.#head.places.get(column);
    return place === undefined ? '' : (this.#row.cells[place] ?? '');
  }

  /** The value of a cell that may be empty. */
  #optional<T>(column: Column, read: (raw: string) => Entry<T>): T | null {
    const raw = this.#raw(column);
    const text = readText(raw);
    if (text.ok && text.value === '') return null;
    const entry = text.ok ? read(raw) : text;
    if (!entry.ok) {
      this.#refuse(column, entry.fault);
      return null;
    }
    if (entry.warning !== null) {
      this.warnings.push({ line: this.#row.line, column, message: entry.warning });
    }
    return entry.value;
  }

  #required<T>(column: Column, read: (raw: string) => Entry<T>): T | null {
    if (this.#raw(column).trim() === '') this.#refuse(column, `the cell is empty; a ${column} is required`);
    return this.#optional(column, read);
  }

  #dates(
    changed: Temporal.PlainDate | null,
    portal: Temporal.PlainDate | null,
    today: Temporal.PlainDate,
  ): void {
    if (changed === null) return;
    if (Temporal.PlainDate.compare(changed, today) > 0) {
      this.#refuse(
        'date_changement',
        `the password cannot have been changed on ${changed}: that day is to come`,
      );
    }
    if (portal !== null && Temporal.PlainDate.compare(portal, changed) <= 0) {
      const message = `${portal} is not after the change of ${changed}; a password expires after it was changed`;
      this.#refuse('date_expiration', message);
    }
  }

  #manager(): Contact | null {
    const name = this.#optional('gestionnaire', readName);
    const email = this.#optional('courriel', (raw) => readAddress(raw, isAddress));
    if (name === null && email === null) return null;
    return { name, email };
  }
}
