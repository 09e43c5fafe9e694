// The tables of the registry: structures, people and their mandates, technical users, and the history of all of them.
import type { Generated } from 'kysely';

export interface StructuresTable {
  id: Generated<number>;
  siret: string;
  name: string;
  /** The telephone number, as people in France write it; null when it is not known. */
  phone: Generated<string | null>;
}

export interface PeopleTable {
  id: Generated<number>;
  name: string;
  email: string | null;
  /** The address in lower case; two mentions with the same one are the same person. */
  email_key: string | null;
  language: 'fr' | 'en';
  dead_since: number | null;
  dead_reason: string | null;
  /** How often a dead address was found to work again. */
  revived: Generated<number>;
  phone: Generated<string | null>;
}

/** Who manages which structure; `until` is null while it lasts. */
export interface MandatesTable {
  id: Generated<number>;
  structure_id: number;
  person_id: number;
  role: 'principal' | 'secondary';
  since: number;
  until: number | null;
}

export interface TechnicalUsersTable {
  id: Generated<number>;
  login: string;
  /** The login in lower case; unique with the environment. */
  login_key: string;
  environment: 'production' | 'qualification';
  structure_id: number;
  /** Counts the passwords, from 1. */
  version: number;
  changed_on: string | null;
  portal_on: string | null;
  /** ISO durations for this user alone; null where those of the environment apply. */
  validity: string | null;
  latest: string | null;
  retired: 0 | 1;
  told_version: number | null;
  told_deadline: string | null;
  told_address: string | null;
  told_step: number | null;
  told_on: string | null;
  /** The day on which a letter may next be due; '' for a review at the next tick; null for never. */
  wake_on: string | null;
  /** JSON of LastAnswer; null while no manager has answered. */
  answered: Generated<string | null>;
  /** JSON of Pause; null before the first. */
  paused: Generated<string | null>;
  registered_at: number;
}

/** The structures that a technical user serves beside its home structure. */
export interface UserStructuresTable {
  technical_user_id: number;
  structure_id: number;
}

/** The cells of each line of the last import, so that the next one shows what is new in it. */
export interface ImportedLinesTable {
  technical_user_id: number;
  siret: string;
  /** JSON of ImportedCells. */
  cells: string;
}

/** The history: who changed what, when and why. Rows are never changed. */
export interface EventsTable {
  id: Generated<number>;
  at: number;
  who: string;
  subject: 'technical-user' | 'structure' | 'person';
  subject_id: number;
  field: string;
  old_value: string | null;
  new_value: string | null;
  why: string | null;
}
