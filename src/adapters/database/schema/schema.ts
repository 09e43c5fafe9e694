// The tables as the code sees them: text, integers and nothing else; days as ISO text, instants as ms since 1970 (UTC).
import type { Generated } from 'kysely';
import type { AlarmKind, LetterKind } from '../../../domain/notification/letter.ts';
import type { HandoverSchema } from './rotations.ts';

/** The engines that the tables live in: embedded, or an existing server. */
export type Engine = 'sqlite' | 'postgres';

/** Facts about the file itself: which rules were heeded last, the latest day seen. */
interface MetaTable {
  key: string;
  value: string;
}

interface StructuresTable {
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
interface MandatesTable {
  id: Generated<number>;
  structure_id: number;
  person_id: number;
  role: 'principal' | 'secondary';
  since: number;
  until: number | null;
}

interface TechnicalUsersTable {
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
interface UserStructuresTable {
  technical_user_id: number;
  structure_id: number;
}

/** What was known when, who changed it and why; never changed afterwards. */
interface EventsTable {
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

interface LettersTable {
  id: string;
  kind: LetterKind;
  language: 'fr' | 'en';
  on_day: string;
  written_at: number;
}

export interface LetterItemsTable {
  id: string;
  letter_id: string;
  place: number;
  technical_user_id: number;
  login: string;
  version: number;
  deadline: string | null;
  step_offset: number | null;
  past_latest: 0 | 1;
  first: 0 | 1;
}

/** A letter on its way to one reader. */
export interface DeliveriesTable {
  id: Generated<number>;
  letter_id: string;
  kind: LetterKind;
  address: string;
  name: string;
  field: 'to' | 'cc';
  person_id: number | null;
  state: 'waiting' | 'claimed' | 'sent' | 'refused' | 'withdrawn';
  /** Smaller leaves first. */
  place: number;
  tries: number;
  first_tried_at: number | null;
  next_at: number;
  lease: string | null;
  lease_until: number | null;
  reply: string | null;
  settled_at: number | null;
}

interface AlarmsTable {
  id: string;
  kind: AlarmKind;
  /** JSON of AlarmFacts. */
  facts: string;
  raised_at: number;
  /** The letter that tells it; null until it is gathered. */
  letter_id: string | null;
}

export interface Schema extends HandoverSchema {
  meta: MetaTable;
  structures: StructuresTable;
  people: PeopleTable;
  mandates: MandatesTable;
  technical_users: TechnicalUsersTable;
  user_structures: UserStructuresTable;
  events: EventsTable;
  letters: LettersTable;
  letter_items: LetterItemsTable;
  deliveries: DeliveriesTable;
  alarms: AlarmsTable;
}
