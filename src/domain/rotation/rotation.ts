// The rotation aggregate: a technical user's rotations from the announcement of a reset to the connector, and what is stored with each.
import type { LastAnswer, TechnicalUser } from '../account/technical-user.ts';
import type { NewAlarm, NewLetter } from '../notification/letter.ts';
import type { NewTask } from '../notification/task.ts';
import type { Channel, Doubts } from '../submission/submission.ts';
import type { Cause } from '../verification/verdict.ts';
import type { Health } from './health.ts';
import { type Adoption, type ByHand, type Leased, NOT_LEASED } from './rotation-rules.ts';
import type { Sealed } from './sealed.ts';

/**
 * announced: a reset is about to happen. unclear: received, and a person must choose what it means. candidate: waits for
 * its proof. verifying: the check at Chorus Pro is under way. publishing: in service, being written into the sinks.
 * published: every sink holds it. adopted: the connector reported that it uses it. closed: nothing is left to do.
 * refused: Chorus Pro refused it to the end. superseded: a newer one took its place; it is reopened if that one was wrong
 * (`reopenSuperseded`). withdrawn: taken back. No password in one of these three stages is in service.
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

/** Stages in which the next password of a technical user is still open; there is at most one such rotation at a time. */
export const OPEN: readonly Stage[] = ['announced', 'unclear', 'candidate', 'verifying'];

/** Whether a rotation's password is the one in service, the one before it, or neither. */
export type ServiceRole = 'none' | 'current' | 'previous';

/** Who vouches for a password in service: Chorus Pro, nobody (taken as received), or the connector that works with it. */
export type Proven = 'chorus-pro' | 'unverified' | 'connector';

/** Instants in ms, days as ISO text. */
export interface Rotation extends Leased {
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
  /** As given with the submission; once accepted, the dates that it got (ISO days). */
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  readonly announcedAt: number | null;
  readonly announcedUntil: number | null;
  readonly receivedAt: number | null;
  readonly acceptedAt: number | null;
  readonly publishedAt: number | null;
  readonly endedAt: number | null;
  /** Refusals by Chorus Pro, and the time of the first one. */
  readonly refusals: number;
  readonly refusedAt: number | null;
  /** Tries in a row without an answer, and why the last one had none. */
  readonly unansweredTries: number;
  readonly cause: Cause | null;
  readonly nextTryAt: number | null;
  readonly currentStillWorks: boolean | null;
  /** When this password was refused last. */
  readonly lastRefusedAt: number | null;
  /** Since when the one in service is refused as well; null while it is not, or while nobody knows. */
  readonly bothRefusedSince: number | null;
  /** How often it was refused again since then. */
  readonly rounds: number;
  /** When its manager, or another person who submits it, last said that the reset was submitted. */
  readonly retryRequestedAt: number | null;
  /** Whether it was reported as stuck. */
  readonly alarmed: boolean;
}

/** A password on its way into one sink. `left`: it holds something else, until a person says so. `asked`: a person types it in. */
export interface Publication extends Leased, ByHand, Adoption {
  readonly rotationId: string;
  readonly sink: string;
  readonly stage: 'due' | 'claimed' | 'done' | 'superseded' | 'left' | 'asked';
  /** Set before the sink is written: after a crash the hook must still run, even when the content is found there. */
  readonly touched: boolean;
  readonly tries: number;
  readonly nextAt: number;
  readonly fault: string | null;
  /** Whether it was read back once it was done; false where a program took it on its word alone; null where that is not known. */
  readonly readBack: boolean | null;
  /** When (ms) a person said that it was typed in. */
  readonly claimedAt: number | null;
}

/** Whether the connector behind a sink should hold its calls, and whether the call that says so succeeded: never where a person must. */
export interface Hold extends Leased, ByHand {
  readonly sink: string;
  readonly wanted: boolean;
  readonly applied: boolean;
  /** Since when the connector is known to hold; null while it is not. A repeated call keeps it. */
  readonly appliedAt: number | null;
  /** What was set at the connector before the hold, as its sink says it: put back when it goes on; null where nothing was read. */
  readonly before: string | null;
  readonly tries: number;
  readonly nextAt: number;
  /** Why the last call failed; null once one succeeded. */
  readonly fault: string | null;
}

/** A call with a password, counted before it is made; `refused` is null until its answer is known. */
export interface Attempt {
  readonly id: string;
  readonly at: number;
  readonly refused: boolean | null;
}

/** Everything a decision reads: one technical user with all its rotations, in the transaction that writes the decision. */
export interface RotationAggregate {
  readonly user: TechnicalUser;
  readonly rotations: readonly Rotation[];
  readonly publications: readonly Publication[];
  readonly holds: readonly Hold[];
  readonly attempts: readonly Attempt[];
  /** The health of the last password that was checked in service; null before the first check. */
  readonly health: Health | null;
}

/** One line of the audit trail, before it is chained: who did what, by which channel, check and sink. Never a password. */
export interface AuditLine {
  readonly who: string;
  readonly what: string;
  readonly rotationId: string | null;
  readonly channel: Channel | null;
  readonly check: string | null;
  readonly sink: string | null;
  readonly detail: string | null;
}

/** What a decision writes, all in one transaction. Rows replace those with the same identity. */
export interface Changes {
  /** The instant of the decision. */
  readonly at: number;
  readonly rotations: readonly Rotation[];
  readonly publications: readonly Publication[];
  readonly holds: readonly Hold[];
  readonly attempts: readonly Attempt[];
  readonly health: Health | null;
  readonly kept: readonly { readonly id: string; readonly sealed: Sealed; readonly doubts: Doubts | null }[];
  /** Credentials whose data key is overwritten. */
  readonly destroyed: readonly string[];
  /** The technical user's new version and dates; `by`: the person who gave them, where one did. */
  readonly user: {
    readonly version: number;
    readonly changedOn: string | null;
    readonly portalOn: string | null;
    readonly by?: string;
  } | null;
  /** Whether links that asked for a password up to the one in service are spent. */
  readonly linksSpent: boolean;
  readonly audit: readonly AuditLine[];
  readonly letters: readonly NewLetter[];
  readonly alarms: readonly NewAlarm[];
  readonly tasks: readonly NewTask[];
  /** What the principal manager has just answered. */
  readonly answered: LastAnswer | null;
}

export interface RotationDecision<T> {
  readonly changes: Changes | null;
  readonly answer: T;
}

/** The rotation that is still open; null when there is none. */
export function findOpenRotation(aggregate: RotationAggregate): Rotation | null {
  return aggregate.rotations.find(({ stage }) => OPEN.includes(stage)) ?? null;
}

/** The rotation whose password is in service; null when none was ever received. */
export function currentRotation(aggregate: RotationAggregate): Rotation | null {
  return aggregate.rotations.find(({ standing }) => standing === 'current') ?? null;
}

/** Health of the current password; null until its first probe is scheduled. */
export function currentHealth(aggregate: RotationAggregate): Health | null {
  const current = currentRotation(aggregate);
  return current !== null && aggregate.health?.rotationId === current.id ? aggregate.health : null;
}

/** Whether a candidate and the password in service were both refused, and no good answer came since. */
export function areBothRefused({
  bothRefusedSince,
  currentStillWorks,
}: Pick<Rotation, 'bothRefusedSince' | 'currentStillWorks'>): boolean {
  return bothRefusedSince !== null && currentStillWorks !== true;
}

/**
 * Whether the password in service took the place of a refused one on a person's word, and Chorus Pro has accepted it no more than that
 * one.
 */
export function isUnheard(aggregate: RotationAggregate): boolean {
  const current = currentRotation(aggregate);
  if (current?.proven !== 'unverified' || current.currentStillWorks !== false) return false;
  return (currentHealth(aggregate)?.workedAt ?? null) === null;
}

export function newRotation(id: string): Rotation {
  return {
    id,
    stage: 'announced',
    standing: 'none',
    proven: null,
    version: null,
    channel: null,
    by: null,
    credential: null,
    fingerprint: null,
    changedOn: null,
    portalOn: null,
    ...{ announcedAt: null, announcedUntil: null, receivedAt: null, acceptedAt: null },
    publishedAt: null,
    endedAt: null,
    refusals: 0,
    refusedAt: null,
    unansweredTries: 0,
    cause: null,
    nextTryAt: null,
    currentStillWorks: null,
    lastRefusedAt: null,
    bothRefusedSince: null,
    rounds: 0,
    retryRequestedAt: null,
    alarmed: false,
    ...NOT_LEASED,
  };
}

/** Whether a lease is over; one that ends absurdly late was set by a clock that has since been put right. */
export function leaseOver(leaseUntil: number | null, now: number, lease: number): boolean {
  return leaseUntil === null || leaseUntil <= now || leaseUntil > now + lease + 3_600_000;
}

/** Whether an instant has come, or lies so far ahead that a wrong clock must have set it. */
export function hasCome(at: number | null, now: number): boolean {
  return at !== null && (at <= now || at > now + 86_400_000);
}
