// The settings of rotations.
import type { Environment, TechnicalUser, ValidityRules } from '../account/technical-user.ts';
import type { ByHandPlace } from '../notification/task.ts';
import type { QuietHours } from '../platform/probe-schedule.ts';

/** Where a person acts, for nothing of ours can: types a password in, or stops a program; null where a sink does. */
export interface ByHand {
  readonly byHand: ByHandPlace | null;
}

export interface SinkPlace extends ByHand {
  readonly name: string;
  readonly canHold: boolean;
  /** Whether it is read back once it was written. */
  readonly readsBack: boolean;
  /** Whether its product locks its own jobs after failures. */
  readonly locksJobs?: boolean;
  /** What people call the program, where it reads the password, and within how many ms it says that it uses one; null where unknown. */
  readonly product: string | null;
  readonly place: string;
  readonly adoption: number | null;
}

/** When passwords in service are checked again; times in ms. */
interface ProbeRules {
  readonly enabled: boolean;
  readonly quiet: QuietHours;
  /** How long after a refusal a password is checked again. */
  readonly secondLook: number;
  /** Waits after tries that brought no answer; the last one repeats. */
  readonly waits: readonly number[];
  /** The IT service is notified after this time without an answer, while others get one. */
  readonly unansweredAfter: number;
  /** An outage is reported after this time without an answer about any account. */
  readonly outageAlarmAfter: number;
}

/** Times in ms. */
export interface RotationRules {
  readonly verification: Readonly<Record<Environment, 'piste' | 'none'>>;
  /** When a refused password is checked again, counted from the first refusal. */
  readonly refusalsAt: readonly number[];
  /** Waits after tries that brought no answer; the last one repeats. */
  readonly proofWaits: readonly number[];
  readonly proofLease: number;
  /** Our own pace: calls of an application, on each platform. */
  readonly callsPerSecond: number;
  /** At most `failures` in `per` ms for each technical user, no matter who asks. */
  readonly budget: { readonly failures: number; readonly per: number };
  readonly announcement: number;
  /** The IT service is notified after `stuckAfter` without an answer, and the password is given up after `giveUpAfter`. */
  readonly stuckAfter: number;
  readonly giveUpAfter: number;
  /** When the manager is reminded of an unclear submission. */
  readonly unclearAfter: number;
  /** How long the former password is kept after the new one is published. */
  readonly keepFormer: number;
  readonly validity: ValidityRules;
  readonly publishWaits: readonly number[];
  readonly publishLease: number;
  readonly probe: ProbeRules;
  sinksOf(user: Pick<TechnicalUser, 'login' | 'environment'>): readonly SinkPlace[];
}

/** Failed writes for a connector are repeated; the IT service is alarmed at this try. */
export const TRIES_BEFORE_ALARM = 3;

/** Who works on a row now: the id of the lease, and its end (ms); both null while nobody does. */
export interface Leased {
  readonly lease: string | null;
  readonly leaseUntil: number | null;
}

export const NOT_LEASED = { lease: null, leaseUntil: null } as const;

/** What is known of the adoption of what a sink holds. */
export interface Adoption {
  /** When its connector said that it uses the password, and by which token; null while it has not. */
  readonly adoptedAt: number | null;
  readonly adoptedBy: string | null;
  /** Until when it is to say so; null where nobody waits for it. */
  readonly adoptUntil: number | null;
  /** Whether that time has passed without it, which was told. */
  readonly isLate: boolean;
}

export const NOT_ADOPTED = { adoptedAt: null, adoptedBy: null, adoptUntil: null, isLate: false } as const;
