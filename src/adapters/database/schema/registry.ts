// The tables of the registry: structures, people and their mandates, technical users, and the history of all of them.
import type { Generated } from 'kysely';

export interface StructuresTable {
  id: Generated<number>;
  siret: string;
  name: string;
}

export interface PeopleTable {
  id: Generated<number>;
  name: string;
  email: string | null;
  /** The address in lower case: what makes two mentions of somebody the same person. */
  email_key: string | null;
  language: 'fr' | 'en';
  dead_since: number | null;
  dead_reason: string | null;
  /** How often the address was found to work again. */
  revived: Generated<number>;
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
  /** ISO durations of its own, null where the environment's hold. */
  validity: string | null;
  latest: string | null;
  retired: 0 | 1;
  told_version: number | null;
  told_deadline: string | null;
  told_address: string | null;
  told_step: number | null;
  told_on: string | null;
  /** The day on which a letter may next be due; '' to look at the next tick; null for never. */
  wake_on: string | null;
  registered_at: number;
}

/** The further structures a technical user serves, beside its home. */
export interface UserStructuresTable {
  technical_user_id: number;
  structure_id: number;
}

/** What was known when, who changed it and why; never changed afterwards. */
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
