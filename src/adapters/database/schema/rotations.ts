// The tables of rotations: passwords on their way into service, publications, holds, failed calls and unforeseen errors.
import type { ItemWork } from '../../../domain/ports/rotations.ts';
import type { Proven, Publication, ServiceRole, Stage } from '../../../domain/rotation/rotation.ts';
import type { Channel } from '../../../domain/submission/submission.ts';
import type { Cause } from '../../../domain/verification/verdict.ts';

/** A password's way into service (domain/rotation/rotation.ts has the meaning of each column). */
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
  /** When the next timeout applies to it. */
  wake_at: number | null;
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
  read_back: 0 | 1 | null;
  by_hand: string | null;
  claimed_at: number | null;
  adopted_at: number | null;
  adopted_by: string | null;
  adopt_until: number | null;
  adoption_late: 0 | 1;
}

export interface HoldsTable {
  technical_user_id: number;
  sink: string;
  wanted: 0 | 1;
  applied: 0 | 1;
  applied_at: number | null;
  before: string | null;
  tries: number;
  next_at: number;
  lease: string | null;
  lease_until: number | null;
  by_hand: string | null;
  fault: string | null;
}

/** Calls to Chorus Pro that failed, or whose answer is not known yet. */
export interface AttemptsTable {
  id: string;
  technical_user_id: number;
  at: number;
  refused: 0 | 1 | null;
}

/** Unforeseen errors in a row, for each technical user and kind of work. */
export interface ItemFaultsTable {
  work: ItemWork;
  technical_user_id: number;
  tries: number;
  next_at: number;
  /** The kind of the last error, without its words. */
  fault: string;
}
