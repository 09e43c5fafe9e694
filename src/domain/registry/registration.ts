// A parsed line of the import file, and the report of an import.
import type { Environment, Language } from '../account/technical-user.ts';
import type { Contact } from '../parsing/address.ts';

/** The columns of the import file, in the order in which they are documented. */
export const COLUMNS = [
  'siret',
  'structure',
  'login',
  'environnement',
  'date_changement',
  'date_expiration',
  'gestionnaire',
  'courriel',
  'secondaires',
  'langue',
  'telephone',
  'telephone_structure',
] as const;

export type Column = (typeof COLUMNS)[number];

/** The cells of a line to be written; one that is missing is empty. */
export type LineCells = Readonly<Partial<Record<Column, string>>>;

/** The first line of a file to be written, without its end. */
export const HEADER = COLUMNS.join(';');

/** A line of a file to be written, as spreadsheets write it, without its end. */
export function csvLine(cells: LineCells): string {
  return COLUMNS.map((column) => {
    const text = cells[column] ?? '';
    return /[;,"\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }).join(';');
}

/** One line of the file. Null: the cell was empty, and what is known stays. */
export interface Registration {
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  readonly siret: string;
  readonly structure: string;
  readonly login: string;
  readonly environment: Environment;
  /** ISO dates. */
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  readonly manager: Contact | null;
  /** Of the principal manager, named on the line or not. */
  readonly phone: string | null;
  readonly deputies: readonly Contact[] | null;
  readonly language: Language | null;
  readonly structurePhone: string | null;
}

/** A remark about a line; `column` is the header's name, null for the line as a whole. */
export interface Remark {
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
}

/** A parsed file, before it is compared with the registry. */
export interface ParsedImport {
  readonly lines: readonly Registration[];
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
  /** Nothing of this file may be imported, not even in part. */
  readonly hopeless: boolean;
}

/** A value that an edit replaces; `old` null when there was none, `new` null when it is removed. */
export interface FieldChange {
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** What the history is about. */
export type Subject = 'technical-user' | 'structure' | 'person';

export interface LineChange extends FieldChange {
  readonly line: number;
  readonly login: string;
}

/** What an import did, or would do. The counts are of technical users; refused lines prevent all others unless `--partial`. */
export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
  readonly changes: readonly LineChange[];
  /** The counts of the lines that were not refused, stored or not. */
  readonly possible: Pick<ImportReport, 'created' | 'changed' | 'unchanged'>;
  /** Whether it was stored; false for a trial run and when lines were refused. */
  readonly kept: boolean;
}

/** Two mentions with the same key are of the same technical user. */
export function userKey(login: string, environment: Environment): string {
  return `${environment} ${login.toLowerCase()}`;
}
