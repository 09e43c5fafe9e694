// What a line of the import file says, once it can be trusted; and what an import answers.
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
] as const;

export type Column = (typeof COLUMNS)[number];

/** One line of the file. Null: the cell was empty, and what is known stays. */
export interface Registration {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly siret: string;
  readonly structure: string;
  readonly login: string;
  readonly environment: Environment;
  /** ISO dates. */
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  readonly manager: Contact | null;
  readonly deputies: readonly Contact[] | null;
  readonly language: Language | null;
}

/** Something to say about a line; `column` is the header's name, null for the line as a whole. */
export interface Remark {
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
}

/** What was read from a file, before it is compared with the registry. */
export interface Reading {
  readonly lines: readonly Registration[];
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
  /** Nothing of this file may be kept, not even in part. */
  readonly hopeless: boolean;
}

/** Something known that an edit replaces; `old` null when nothing was known, `new` null when it is taken away. */
export interface FieldChange {
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** A change that a line of the file makes. */
export interface LineChange extends FieldChange {
  readonly line: number;
  readonly login: string;
}

/** What an import did, or would do. The numbers count technical users; refused lines keep all others out unless `--partial`. */
export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
  readonly changes: readonly LineChange[];
  /** What the lines that were not refused amount to, kept or not. */
  readonly possible: Pick<ImportReport, 'created' | 'changed' | 'unchanged'>;
  /** Whether it stands in the registry now; false for a trial run and when lines were refused. */
  readonly kept: boolean;
}

/** What makes two mentions of a technical user the same one. */
export function userKey(login: string, environment: Environment): string {
  return `${environment} ${login.toLowerCase()}`;
}
