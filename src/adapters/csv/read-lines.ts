// Reads an import file: from its bytes to registrations, and to remarks on the lines that are wrong.
import { z } from 'zod';
import { type Contact, readAddress, readContacts } from '../../domain/parsing/address.ts';
import {
  type ParsedEntry,
  readEnvironment,
  readLanguage,
  readName,
  readText,
} from '../../domain/parsing/characters.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { readLogin } from '../../domain/parsing/login.ts';
import { readPhones, readPhoneText } from '../../domain/parsing/phone.ts';
import { readSiret } from '../../domain/parsing/siret.ts';
import type { Column, ParsedImport, Registration, Remark } from '../../domain/registry/registration.ts';
import { type CsvRow, type Head, readHead, rowsOf } from './rows.ts';

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
    // Warnings about a refused line do not matter: it will be typed again.
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
    const phone = this.#optional('telephone', readPhones, readPhoneText);
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
      manager,
      phone,
      deputies: deputies === null || deputies.length === 0 ? null : deputies,
      language,
      structurePhone,
    };
  }

  #refuse(column: Column | null, message: string): void {
    this.refused.push({ line: this.#row.line, column, message });
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
    const text = textOf(raw);
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

  #required<T>(column: Column, read: (raw: string) => ParsedEntry<T>): T | null {
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

/** The text of a file, or why it cannot be read; `line` is where the fault is. */
export type DecodedFile =
  | { readonly ok: true; readonly text: string; readonly warning: string | null }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** The largest file accepted, in bytes. */
const LARGEST_FILE = 50 * 1024 * 1024;

const UTF8_ADVICE = 'in the spreadsheet choose “Save as… CSV UTF-8” and import that file';

/** The first bytes of other well-known kinds of files. */
const OTHER_FORMATS: readonly (readonly [start: string, name: string])[] = [
  ['PK\u0003\u0004', 'an Excel or LibreOffice workbook'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook'],
  ['%PDF', 'a PDF'],
];

/** The text of a file: UTF-8 with or without a byte order mark, else Windows-1252, as French spreadsheets write it. Never throws. */
export function decode(bytes: Uint8Array): DecodedFile {
  const fault = (line: number, message: string): DecodedFile => ({ ok: false, line, message });
  if (bytes.length > LARGEST_FILE) {
    return fault(1, 'the file is larger than 50 MB, the most that is accepted: split it into several files');
  }
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  const other = OTHER_FORMATS.find(([head]) => start.startsWith(head));
  if (other) return fault(1, `this is ${other[1]}, not a CSV file; ${UTF8_ADVICE}`);
  if (isUtf16(bytes)) return fault(1, `the file is in UTF-16 (“Unicode text”); ${UTF8_ADVICE}`);
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    return fault(
      lineAt(bytes, zero),
      `the file contains binary data (a zero byte): it is not a CSV file, or it is damaged`,
    );
  }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warning: null };
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    // An é in UTF-8 read as Windows-1252 looks like this: the file mixes both encodings.
    const mixed = /Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/.test(text);
    return {
      ok: true,
      text,
      warning: mixed ? `the file mixes UTF-8 and Windows-1252: look at its accents; ${UTF8_ADVICE}` : null,
    };
  }
}

/** Recognised by the byte order mark, or by zero bytes at every other place of the beginning. */
function isUtf16(bytes: Uint8Array): boolean {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  const sample = bytes.subarray(0, 40);
  if (sample.length < 8) return false;
  const zeros = (parity: number) => sample.every((byte, place) => (place % 2 === parity) === (byte === 0));
  return zeros(0) || zeros(1);
}

/** The line, from 1, of the byte at `place`. */
function lineAt(bytes: Uint8Array, place: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < place; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}
