// The tables as the code sees them: text, integers and nothing else; days as ISO text, instants as ms since 1970 (UTC).
import type { Generated } from 'kysely';
import type { AlarmKind, LetterKind } from '../domain/letter.ts';
import type { Proven, Publication, Stage, Standing } from '../domain/rotation.ts';
import type { Channel } from '../domain/submission.ts';
import type { Cause } from '../domain/verdict.ts';

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

/** A password's way into service (domain/rotation.ts has the meaning of each column). */
export interface RotationsTable {
  id: string;
  technical_user_id: number;
  stage: Stage;
  standing: Standing;
  proven: Proven | null;
  version: number | null;
  channel: Channel | null;
  brought_by: string | null;
  credential: string | null;
  fingerprint: string | null;
  changed_on: string | null;
  portal_on: string | null;
  announced_at: number | null;
  announced_until: number | null;
  received_at: number | null;
  accepted_at: number | null;
  published_at: number | null;
  ended_at: number | null;
  refusals: number;
  refused_at: number | null;
  asked: number;
  cause: Cause | null;
  next_try_at: number | null;
  former_works: 0 | 1 | null;
  lease: string | null;
  lease_until: number | null;
  alarmed: 0 | 1;
  /** When time has something to do with it. */
  wake_at: number | null;
}

/** A sealed password; its data key is empty once it was destroyed. */
interface CredentialsTable {
  id: string;
  technical_user_id: number;
  environment: 'production' | 'qualification';
  login: string;
  key_id: string;
  data_key: Uint8Array;
  box: Uint8Array;
  kept_at: number;
  destroyed_at: number | null;
}

export interface PublicationsTable {
  rotation_id: string;
  technical_user_id: number;
  sink: string;
  stage: Publication['stage'];
  touched: 0 | 1;
  tries: number;
  next_at: number;
  lease: string | null;
  lease_until: number | null;
  fault: string | null;
}

export interface HoldsTable {
  technical_user_id: number;
  sink: string;
  wanted: 0 | 1;
  applied: 0 | 1;
  tries: number;
  next_at: number;
  lease: string | null;
  lease_until: number | null;
}

/** Calls with a password that failed, or whose answer is not known yet. */
interface AttemptsTable {
  id: string;
  technical_user_id: number;
  at: number;
  refused: 0 | 1 | null;
}

/** Links in letters: the hash of the secret part, never the part itself. */
export interface LinksTable {
  hash: string;
  technical_user_id: number;
  /** The password version that the link is to replace. */
  version: number;
  letter_id: string;
  address: string;
  person: string;
  language: 'fr' | 'en';
  issued_at: number;
  until: number;
  spent_at: number | null;
}

/** IT tools that may hand in passwords. */
interface ToolsTable {
  name: string;
  hash: string;
  made_at: number;
  revoked_at: number | null;
}

/** The audit trail: each line carries the hash of the one before. */
export interface AuditTable {
  seq: number;
  at: number;
  who: string;
  what: string;
  environment: string | null;
  login: string | null;
  rotation_id: string | null;
  channel: string | null;
  check_result: string | null;
  sink: string | null;
  detail: string | null;
  hash: string;
}

export interface Schema {
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
  rotations: RotationsTable;
  credentials: CredentialsTable;
  publications: PublicationsTable;
  holds: HoldsTable;
  attempts: AttemptsTable;
  links: LinksTable;
  tools: ToolsTable;
  audit: AuditTable;
}
