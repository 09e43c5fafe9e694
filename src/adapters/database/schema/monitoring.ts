// The tables of monitoring: the health of each password in service, the platforms, their announced closures.
import type { Environment, PasswordState } from '../../../domain/account/technical-user.ts';
import type { Cause } from '../../../domain/verification/verdict.ts';

/** The health of each password in service, one row for each technical user. */
export interface HealthTable {
  technical_user_id: number;
  rotation_id: string;
  state: PasswordState;
  next_at: number;
  wanted: 0 | 1;
  asked_at: number | null;
  worked_at: number | null;
  refusals: number;
  refused_at: number | null;
  unanswered: number;
  unanswered_since: number | null;
  cause: Cause | null;
  /** JSON of the evidence. */
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

/** The state of each platform. */
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
