// Reads an import file: from its bytes to registrations, and to remarks on the lines that are wrong.
import { z } from 'zod';
import { type Contact, readContact, readContacts } from '../../domain/parsing/address.ts';
import {
  type ParsedEntry,
  quoted,
  readEnvironment,
  readLanguage,
  readText,
} from '../../domain/parsing/characters.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { readLogin } from '../../domain/parsing/login.ts';
import { readName, sameName } from '../../domain/parsing/name.ts';
import { readPhones, readPhoneText } from '../../domain/parsing/phone.ts';
import { readSiret } from '../../domain/parsing/siret.ts';
import { readValue } from '../../domain/parsing/wrapping.ts';
import { inOneSpelling } from '../../domain/registry/one-spelling.ts';
import type { Column, ParsedImport, Registration, Remark } from '../../domain/registry/registration.ts';
import { decode } from './decode.ts';
import { type Head, readHead } from './head.ts';
import { type CsvRow, rowsOf, type UncutLine } from './rows.ts';

const ADDRESS = z.email().max(254);

/** Whether a text is a mail address. */
export function isAddress(text: string): boolean {
  return ADDRESS.safeParse(text).success;
}

/**
 * Reads an import file. `today` is the civil day in Paris: no password was changed after it. Reports everything that is
 * wrong at once; never throws for the content of a file. `progress` is called with the lines read and their total.
 */
export function readLines(
  bytes: Uint8Array,
  today: Temporal.PlainDate,
  progress: (done: number, total: number) => void = () => undefined,
): ParsedImport {
  const decoded = decode(bytes);
  if (!decoded.ok) return hopeless([{ line: decoded.line, column: null, message: decoded.message }], []);
  const warnings: Remark[] = [];
  if (decoded.warning !== null) warnings.push({ line: 1, column: null, message: decoded.warning });
  const { head: first, rows, uncut, fault } = rowsOf(decoded.text);
  if (fault !== null) return hopeless([fault], warnings);
  if (first === null) {
    const message = 'the file is empty; its first line names the columns';
    return hopeless([{ line: 1, column: null, message }], warnings);
  }
  if ('place' in first) return hopeless([remarkOf(first, null)], warnings);
  const isEmpty = (place: number) => rows.every(({ cells }) => (cells[place] ?? '').trim() === '');
  const head = readHead(first.cells, first.line, isEmpty);
  warnings.push(...head.warnings);
  const refused: Remark[] = [...head.refused, ...uncut.map((line) => remarkOf(line, head))];
  if (head.refused.length > 0) return hopeless(refused, warnings);
  const lines: Registration[] = [];
  for (const [count, row] of rows.entries()) {
    const line = new LineReader(row, head);
    const registration = line.read(today);
    refused.push(...line.refused);
    // Warnings about a refused line do not matter: it will be typed again.
    if (registration !== null) {
      lines.push(registration);
      warnings.push(...line.warnings);
    }
    if (count % 500 === 499) progress(count + 1, rows.length);
  }
  if (rows.length === 0 && refused.length === 0) {
    warnings.push({ line: first.line, column: null, message: 'the file has a head but no line below it' });
  }
  const spelt = inOneSpelling(lines);
  warnings.push(...spelt.warnings);
  return { lines: spelt.lines, refused: refused.sort((a, b) => a.line - b.line), warnings, hopeless: false };
}

function remarkOf({ line, place, message }: UncutLine, head: Head | null): Remark {
  const columns = head?.places.entries().find(([, at]) => at === place);
  return { line, column: columns?.[0] ?? null, message };
}

function hopeless(refused: readonly Remark[], warnings: readonly Remark[]): ParsedImport {
  return { lines: [], refused, warnings, hopeless: true };
}

/** Reads the cells of one line, and collects the remarks on them. */
class LineReader {
  readonly refused: Remark[] = [];
  readonly warnings: Remark[] = [];
  readonly #row: CsvRow;
  readonly #head: Head;

  constructor(row: CsvRow, head: Head) {
    this.#row = row;
    this.#head = head;
  }

  /** The registration, or null when the line has a fault. */
  read(today: Temporal.PlainDate): Registration | null {
    if (!this.#fits()) return null;
    const siret = this.#required('siret', readSiret, readValue);
    const structure = this.#required('structure', readName);
    const login = this.#required('login', readLogin, readValue);
    const environment = this.#optional('environnement', readEnvironment) ?? 'production';
    const changed = this.#optional('date_changement', readDay, readValue);
    const portal = this.#optional('date_expiration', readDay, readValue);
    this.#dates(changed, portal, today);
    const manager = this.#manager();
    const deputies = this.#optional('secondaires', (raw) => readContacts(raw, isAddress), readValue);
    const language = this.#optional('langue', readLanguage);
    const phone = this.#optional('telephone', readPhones, readPhoneText) ?? manager?.phone ?? null;
    const structurePhone = this.#optional('telephone_structure', readPhones, readPhoneText);
    if (siret === null || structure === null || login === null || this.refused.length > 0) return null;
    return {
      line: this.#row.line,
      siret,
      structure,
      login,
      environment,
      changedOn: changed?.toString() ?? null,
      portalOn: portal?.toString() ?? null,
      manager: manager === null ? null : { name: manager.name, email: manager.email },
      phone,
      deputies: deputies === null || deputies.length === 0 ? null : deputies,
      language,
      structurePhone,
    };
  }

  #refuse(column: Column | null, message: string): void {
    const { line, lastLine } = this.#row;
    const further = lastLine > line ? `; by its quotes, this line goes on to line ${lastLine}` : '';
    this.refused.push({ line, column, message: `${message}${further}` });
  }

  #warn(column: Column, message: string): void {
    this.warnings.push({ line: this.#row.line, column, message });
  }

  /** More cells than the header row mean a delimiter inside a name: every cell after it is in the wrong column. */
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

  /** The value of a cell that may be empty; `textOf` refuses what no cell of the column may hold. */
  #optional<T>(column: Column, read: (raw: string) => ParsedEntry<T>, textOf = readText): T | null {
    const raw = this.#raw(column);
    if (raw === '') return null;
    const text = textOf(raw);
    if (text.ok && text.value === '') return null;
    const entry = text.ok ? read(raw) : text;
    if (!entry.ok) {
      this.#refuse(column, entry.fault);
      return null;
    }
    if (entry.warning !== null) this.#warn(column, entry.warning);
    return entry.value;
  }

  #required<T>(column: Column, read: (raw: string) => ParsedEntry<T>, textOf = readText): T | null {
    const text = textOf(this.#raw(column));
    if (text.ok && text.value === '') this.#refuse(column, `the cell is empty; a ${column} is required`);
    return this.#optional(column, read, textOf);
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

  /** The principal manager; `courriel` may give the name and the number too, where their own cells are empty. */
  #manager(): Contact | null {
    const name = this.#optional('gestionnaire', readName);
    const read = (raw: string) => readContact(raw, isAddress, { nameAlone: false });
    const contact = this.#optional('courriel', read, readValue);
    if (contact === null) return name === null ? null : { name, email: null };
    if (contact.name === null) return { ...contact, name };
    const isOther = name !== null && !sameName(name, contact.name);
    const use = isOther ? 'left out: gestionnaire says another' : 'taken out of courriel';
    this.#warn('courriel', `${contact.email} was read; the name ${quoted(contact.name)} beside it is ${use}`);
    return { ...contact, name: name ?? contact.name };
  }
}
