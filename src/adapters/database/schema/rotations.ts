// The tables of handovers and of the probe, as Kysely sees them; instants in ms.
import type { Environment } from '../../../domain/account/expiry.ts';
import type { ItemWork } from '../../../domain/ports/rotations.ts';
import type { HealthState } from '../../../domain/rotation/health.ts';
import type { Proven, Publication, ServiceRole, Stage } from '../../../domain/rotation/rotation.ts';
import type { Channel } from '../../../domain/submission/submission.ts';
import type { Cause } from '../../../domain/verification/verdict.ts';

/** A password's way into service (domain/rotation.ts has the meaning of each column). */
export interface RotationsTable {
  id: string;
  technical_user_id: number;
  stage: Stage;
  standing: ServiceRole;
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
  last_refused_at: number | null;
  both_refused_since: number | null;
  rounds: number;
  pressed_at: number | null;
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
  /** JSON of what was unclear in it, in kinds alone; null where nothing was. */
  doubts: string | null;
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
  applied_at: number | null;
  tries: number;
  next_at: number;
  lease: string | null;
  lease_until: number | null;
}

/** Errors that nobody foresaw, in a row, for each technical user and kind of work. */
export interface ItemFaultsTable {
  work: ItemWork;
  technical_user_id: number;
  tries: number;
  next_at: number;
  /** The kind of the last error, without its words. */
  fault: string;
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

/** What is known of each password in service, one row for each technical user. */
export interface HealthTable {
  technical_user_id: number;
  rotation_id: string;
  state: HealthState;
  next_at: number;
  wanted: 0 | 1;
  asked_at: number | null;
  worked_at: number | null;
  refusals: number;
  refused_at: number | null;
  unanswered: number;
  unanswered_since: number | null;
  cause: Cause | null;
  /** JSON of what was seen. */
  evidence: string | null;
  entitled: 0 | 1 | null;
  /** JSON of the structures served. */
  structures: string | null;
  warned: string | null;
  alarmed: 0 | 1;
  worked_past: string | null;
  lease: string | null;
  lease_until: number | null;
}

/** What is known of each platform as a whole. */
export interface PlatformsTable {
  environment: Environment;
  good_at: number | null;
  good_by: number | null;
  other_at: number | null;
  bad_since: number | null;
  bad_count: number;
  bad_at: number | null;
  bad_cause: Cause | null;
  told: 0 | 1;
}

/** Announced closures of platforms. */
export interface MaintenancesTable {
  id: string;
  environment: Environment | null;
  from_at: number;
  to_at: number;
  why: string;
  entered_by: string;
  entered_at: number;
}

/** The tables of this room; one `Schema` holds them with all others. */
export interface HandoverSchema {
  rotations: RotationsTable;
  credentials: CredentialsTable;
  publications: PublicationsTable;
  holds: HoldsTable;
  item_faults: ItemFaultsTable;
  attempts: AttemptsTable;
  links: LinksTable;
  tools: ToolsTable;
  audit: AuditTable;
  health: HealthTable;
  platforms: PlatformsTable;
  maintenances: MaintenancesTable;
}
