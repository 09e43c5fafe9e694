// Reads a list of passwords, one on a line: JSON objects, or CSV with the columns login, password and perhaps environment.
//
// Invariant: no fault repeats a word of the list, for each may be a password.
import type { Environment } from '../account/technical-user.ts';
import { Secret } from '../shared/secret.ts';
import { type ParsedEntry, readEnvironment } from './characters.ts';

/** A line of the list; or why it cannot be used. `line` counts from 1. */
export type ListedPassword =
  | {
      readonly line: number;
      readonly login: string;
      readonly environment: Environment | null;
      readonly password: Secret;
    }
  | { readonly line: number; readonly fault: string };

type Read = (line: string) => readonly [login: string, password: string, environment: string];

/** A fault of one line, or of the head of the list. */
class ListFault extends Error {}

/** Reads the list in time linear to its length; a fault where it has neither form. Blank lines do not count. */
export function readPasswordList(text: string): ParsedEntry<readonly ListedPassword[]> {
  // Spreadsheets begin a list with a hint at its delimiter, and DOS ends it with Ctrl-Z.
  const end = text.trimEnd();
  const lines = (end.endsWith('\x1a') ? end.slice(0, -1) : text)
    .replace(/^\ufeff/, '')
    .replace(/^"?sep=[;,\t]"?[;,]*(?=[\r\n])/i, '')
    .split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const head = lines[first];
  if (head === undefined) return { ok: false, fault: 'the list is empty' };
  try {
    const isJson = head.trimStart().startsWith('{');
    const read = isJson ? readObject : readerOf(head);
    const listed = lines.map((line, at) => ({ line, number: at + 1 })).slice(isJson ? first : first + 1);
    const filled = listed.filter(({ line }) => line.trim() !== '');
    if (filled.length === 0) return { ok: false, fault: 'the list has a head but no line below it' };
    return { ok: true, value: filled.map(({ line, number }) => listedOn(line, number, read)), warning: null };
  } catch (error) {
    if (error instanceof ListFault) return { ok: false, fault: error.message };
    throw error;
  }
}

function listedOn(text: string, line: number, read: Read): ListedPassword {
  try {
    const [login, password, environment] = read(text);
    if (login.trim() === '') throw new ListFault('it names no login');
    if (password === '') throw new ListFault('it holds no password');
    const named = environment.trim() === '' ? null : readEnvironment(environment);
    if (named?.ok === false) throw new ListFault('its environment is neither production nor qualification');
    return { line, login: login.trim(), environment: named?.value ?? null, password: new Secret(password) };
  } catch (error) {
    if (error instanceof ListFault) return { line, fault: error.message };
    throw error;
  }
}

const NO_OBJECT = 'it is no JSON object {"login": …, "password": …} on one line';

const readObject: Read = (line) => {
  const given = parsed(line);
  if (typeof given !== 'object' || given === null) throw new ListFault(NO_OBJECT);
  const { login, password, environment = '' } = given as Record<string, unknown>;
  if (typeof login !== 'string' || typeof password !== 'string') throw new ListFault(NO_OBJECT);
  if (typeof environment !== 'string')
    throw new ListFault('its environment is neither production nor qualification');
  return [login, password, environment];
};

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The words of that error quote the line.
    throw new ListFault(NO_OBJECT);
  }
}

const COLUMNS: Readonly<Record<string, 'login' | 'password' | 'environment'>> = {
  login: 'login',
  identifiant: 'login',
  password: 'password',
  motdepasse: 'password',
  environment: 'environment',
  environnement: 'environment',
};

const NO_LIST =
  'the list is neither JSON, one object {"login": …, "password": …} on a line, nor a CSV whose first line is login;password or ' +
  'login;password;environment';

/** Reads the head of a CSV: which column is which, and what stands between two. Throws ListFault. */
function readerOf(head: string): Read {
  const delimiter = [';', ',', '\t'].find((one) => head.includes(one)) ?? ';';
  const plain = (cell: string) => cell.toLowerCase().replaceAll(/[^a-z]/g, '');
  const names = (head.trimStart().startsWith('[') ? [] : cellsOf(head, delimiter)).map(
    (cell) => COLUMNS[plain(cell)],
  );
  const login = names.indexOf('login');
  const password = names.indexOf('password');
  const environment = names.indexOf('environment');
  if (login < 0 || password < 0) throw new ListFault(NO_LIST);
  return (line) => {
    const cells = cellsOf(line, delimiter);
    if (cells.length > names.length)
      throw new ListFault(
        `it has ${cells.length} cells, the head ${names.length}; put quotes around a password with a delimiter`,
      );
    return [cells[login] ?? '', cells[password] ?? '', cells[environment] ?? ''];
  };
}

/** A cell that begins with a quote ends with one, and has each quote within it twice; any other is taken as it is. */
function cellsOf(line: string, delimiter: string): readonly string[] {
  const cells: string[] = [];
  for (let start = 0; start <= line.length; ) {
    if (line.charAt(start) === '"') {
      const end = endOfQuoted(line, start + 1);
      if (end < 0 || (end + 1 < line.length && line.charAt(end + 1) !== delimiter))
        throw new ListFault(
          'a cell begins with a quote and does not end with one; a quoted cell has its quotes twice',
        );
      cells.push(line.slice(start + 1, end).replaceAll('""', '"'));
      start = end + 2;
    } else {
      const next = line.indexOf(delimiter, start);
      const end = next < 0 ? line.length : next;
      cells.push(line.slice(start, end));
      start = end + 1;
    }
  }
  return cells;
}

/** The place of the quote that ends a quoted cell; below 0 when there is none. */
function endOfQuoted(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line.charAt(at + 1) !== '"') return at;
  }
  return -1;
}
