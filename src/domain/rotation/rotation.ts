// A password's way from the announcement of a reset to the connector that uses it: its stages, and what is kept of each.
import type { Environment } from '../account/expiry.ts';
import type { TechnicalUser, ValidityRules } from '../account/technical-user.ts';
import type { NewAlarm, NewLetter } from '../notification/letter.ts';
import type { QuietHours } from '../platform/probe-schedule.ts';
import type { Channel, Doubts } from '../submission/submission.ts';
import type { Cause } from '../verification/verdict.ts';
import type { Health } from './health.ts';
import type { Sealed } from './sealed.ts';

/**
 * announced: a reset is about to happen. unclear: received, and a person must choose what of it is meant. candidate: waits
 * to be proven. verifying: Chorus Pro is being asked. publishing: in service, on its way into the sinks. published: every sink
 * holds it. adopted: the connector said that it uses it. closed: nothing is left to do. The last three never serve.
 */
export type Stage =
  | 'announced'
  | 'unclear'
  | 'candidate'
  | 'verifying'
  | 'publishing'
  | 'published'
  | 'adopted'
  | 'closed'
  | 'refused'
  | 'superseded'
  | 'withdrawn';

/** Stages in which a technical user's next password is still open; there is at most one such rotation at a time. */
export const OPEN: readonly Stage[] = ['announced', 'unclear', 'candidate', 'verifying'];

/** Whether a rotation's password is the one in service, the one before it, or neither. */
export type ServiceRole = 'none' | 'current' | 'previous';

/** Who vouches for a password in service: Chorus Pro, nobody (taken as received), or the connector that works with it. */
export type Proven = 'chorus-pro' | 'unverified' | 'connector';

/** One rotation. Instants in ms, days as ISO text. */
export interface Rotation {
  readonly id: string;
  readonly stage: Stage;
  readonly standing: ServiceRole;
  readonly proven: Proven | null;
  /** The technical user's password version that it became; null before it was accepted. */
  readonly version: number | null;
  readonly channel: Channel | null;
  readonly by: string | null;
  /** The id of the sealed password; null when there is none yet, or none any more. */
  readonly credential: string | null;
  readonly fingerprint: string | null;
  /** What its bringer said of it; once accepted, the dates it was given (ISO days). */
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  readonly announcedAt: number | null;
  readonly announcedUntil: number | null;
  readonly receivedAt: number | null;
  readonly acceptedAt: number | null;
  readonly publishedAt: number | null;
  readonly endedAt: number | null;
  /** Chorus Pro's refusals, and when the first one came. */
  readonly refusals: number;
  readonly refusedAt: number | null;
  /** Tries in a row that brought no answer, and what kept the last of them from one. */
  readonly unansweredTries: number;
  readonly cause: Cause | null;
  readonly nextTryAt: number | null;
  readonly previousStillWorks: boolean | null;
  /** When this password was refused last. */
  readonly lastRefusedAt: number | null;
  /** Since when the one in service is refused as well; null while it is not, or while nobody knows. */
  readonly bothRefusedSince: number | null;
  /** How often it was refused again since then. */
  readonly rounds: number;
  /** When its manager, or whoever else brings it, last said that the reset was submitted. */
  readonly pressedAt: number | null;
  readonly lease: string | null;
  readonly leaseUntil: number | null;
  /** Whether somebody was told that it is stuck. */
  readonly alarmed: boolean;
}

/** A password on its way into one sink. */
export interface Publication {
  readonly rotationId: string;
  readonly sink: string;
  readonly stage: 'due' | 'claimed' | 'done' | 'superseded';
  /** Set before the sink is written: after a crash the hook is owed even when the content is found there. */
  readonly touched: boolean;
  readonly tries: number;
  readonly nextAt: number;
  readonly lease: string | null;
  readonly leaseUntil: number | null;
  readonly fault: string | null;
}

/** Whether the connector behind a sink shall hold its calls, and whether it was told so. */
export interface Hold {
  readonly sink: string;
  readonly wanted: boolean;
  readonly applied: boolean;
  /** Since when the connector is known to hold; null while it is not. A telling that is merely repeated keeps it. */
  readonly appliedAt: number | null;
  readonly tries: number;
  readonly nextAt: number;
  readonly lease: string | null;
  readonly leaseUntil: number | null;
}

/** A call with a password, counted before it is made; `refused` is null until its answer is known. */
export interface Attempt {
  readonly id: string;
  readonly at: number;
  readonly refused: boolean | null;
}

/** Everything a move looks at: one technical user with all its rotations, read in the transaction that writes the move. */
export interface RotationAggregate {
  readonly user: TechnicalUser;
  readonly rotations: readonly Rotation[];
  readonly publications: readonly Publication[];
  readonly holds: readonly Hold[];
  readonly attempts: readonly Attempt[];
  /** What is known of the last password that was asked about in service; null before the first. */
  readonly health: Health | null;
}

/** One line of the audit trail, before it is chained: who did what, by which door, by which check, to which sink. Never a value. */
export interface AuditLine {
  readonly who: string;
  readonly what: string;
  readonly rotationId: string | null;
  readonly channel: Channel | null;
  readonly check: string | null;
  readonly sink: string | null;
  readonly detail: string | null;
}

/** What a move writes, all in one transaction. Rows given replace those with the same identity. */
export interface Changes {
  /** The instant of the move. */
  readonly at: number;
  readonly rotations: readonly Rotation[];
  readonly publications: readonly Publication[];
  readonly holds: readonly Hold[];
  readonly attempts: readonly Attempt[];
  readonly health: Health | null;
  readonly kept: readonly {
    readonly id: string;
    readonly sealed: Sealed;
    readonly doubts: Doubts | null;
  }[];
  /** Credentials whose data key is overwritten. */
  readonly destroyed: readonly string[];
  /** The technical user's new version and dates. */
  readonly user: {
    readonly version: number;
    readonly changedOn: string;
    readonly portalOn: string | null;
  } | null;
  /** Whether links that asked for a password up to the one in service have done their work. */
  readonly linksSpent: boolean;
  readonly audit: readonly AuditLine[];
  readonly letters: readonly NewLetter[];
  readonly alarms: readonly NewAlarm[];
}

/** What a move decides, and what it answers. */
export interface RotationDecision<T> {
  readonly changes: Changes | null;
  readonly answer: T;
}

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

/** The rotation that is still open; null when there is none. */
export function openRotation(aggregate: RotationAggregate): Rotation | null {
  return aggregate.rotations.find(({ stage }) => OPEN.includes(stage)) ?? null;
}

/** The rotation whose password is in service; null when none was ever handed in. */
export function currentRotation(aggregate: RotationAggregate): Rotation | null {
  return aggregate.rotations.find(({ standing }) => standing === 'current') ?? null;
}

/** What could not be written for a connector is tried again; the IT service hears of it at this one. */
export const TRIES_BEFORE_ALARM = 3;

/** What is known of the password in service; null while nobody has given it a minute. */
export function currentHealth(aggregate: RotationAggregate): Health | null {
  const current = currentRotation(aggregate);
  return current !== null && aggregate.health?.rotationId === current.id ? aggregate.health : null;
}

/** Whether a lease is over; one set absurdly far ahead was set by a clock that has since been put right. */
export function leaseOver(leaseUntil: number | null, now: number, lease: number): boolean {
  return leaseUntil === null || leaseUntil <= now || leaseUntil > now + lease + 3_600_000;
}

/** Whether an instant has come, or lies so far ahead that a wrong clock must have set it. */
export function hasCome(at: number | null, now: number): boolean {
  return at !== null && (at <= now || at > now + 86_400_000);
}
