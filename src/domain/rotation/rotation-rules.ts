// The settings of rotations, and when a lease or an instant has come.
import type { Environment } from '../account/expiry.ts';
import type { TechnicalUser, ValidityRules } from '../account/technical-user.ts';
import type { QuietHours } from '../platform/probe-schedule.ts';

/** A sink as the rotation knows it. */
interface SinkPlace {
  readonly name: string;
  readonly canHold: boolean;
}

/** The settings by which passwords in service are asked about again; times in ms. */
interface ProbeRules {
  readonly enabled: boolean;
  readonly quiet: QuietHours;
  /** After how long a refused password is looked at again. */
  readonly secondLook: number;
  /** Waits after tries that brought no answer; the last one repeats. */
  readonly waits: readonly number[];
  /** After how long without an answer, while others have one, the IT service is told. */
  readonly unansweredAfter: number;
  /** After how long without any answer about any account it is told of an outage. */
  readonly outageAlarmAfter: number;
}

/** The settings of rotations; times in ms. */
export interface RotationRules {
  readonly verification: Readonly<Record<Environment, 'piste' | 'none'>>;
  /** When a refused password is asked again, counted from the first refusal. */
  readonly refusalsAt: readonly number[];
  /** Waits after tries that brought no answer; the last one repeats. */
  readonly proofWaits: readonly number[];
  readonly proofLease: number;
  /** So many failures at most in so long, per technical user, whoever asks. */
  readonly budget: { readonly failures: number; readonly per: number };
  readonly announcement: number;
  /** After how long without an answer the IT service is told, and after how long a password is given up. */
  readonly stuckAfter: number;
  readonly giveUpAfter: number;
  /** After how long an unclear submission is told to its manager. */
  readonly unclearAfter: number;
  /** How long the former password is kept after the new one is published. */
  readonly keepFormer: number;
  readonly validity: ValidityRules;
  readonly publishWaits: readonly number[];
  readonly publishLease: number;
  readonly probe: ProbeRules;
  sinksOf(user: Pick<TechnicalUser, 'login' | 'environment'>): readonly SinkPlace[];
}

/** What could not be written for a connector is tried again; the IT service hears of it at this one. */
export const TRIES_BEFORE_ALARM = 3;

/** Whether a lease is over; one set absurdly far ahead was set by a clock that has since been put right. */
export function leaseOver(leaseUntil: number | null, now: number, lease: number): boolean {
  return leaseUntil === null || leaseUntil <= now || leaseUntil > now + lease + 3_600_000;
}

/** Whether an instant has come, or lies so far ahead that a wrong clock must have set it. */
export function hasCome(at: number | null, now: number): boolean {
  return at !== null && (at <= now || at > now + 86_400_000);
}
