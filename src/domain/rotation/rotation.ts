// A password's way from the announcement of a reset to the connector that uses it: its stages, and what is kept of each.
import type { TechnicalUser } from '../account/technical-user.ts';
import type { NewAlarm, NewLetter } from '../notification/letter.ts';
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

/** The rotation that is still open; null when there is none. */
export function openRotation(aggregate: RotationAggregate): Rotation | null {
  return aggregate.rotations.find(({ stage }) => OPEN.includes(stage)) ?? null;
}

/** The rotation whose password is in service; null when none was ever handed in. */
export function currentRotation(aggregate: RotationAggregate): Rotation | null {
  return aggregate.rotations.find(({ standing }) => standing === 'current') ?? null;
}

/** What is known of the password in service; null while nobody has given it a minute. */
export function currentHealth(aggregate: RotationAggregate): Health | null {
  const current = currentRotation(aggregate);
  return current !== null && aggregate.health?.rotationId === current.id ? aggregate.health : null;
}

/** A rotation that begins; nothing is known of it yet. */
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
    announcedAt: null,
    announcedUntil: null,
    receivedAt: null,
    acceptedAt: null,
    publishedAt: null,
    endedAt: null,
    refusals: 0,
    refusedAt: null,
    unansweredTries: 0,
    cause: null,
    nextTryAt: null,
    previousStillWorks: null,
    lastRefusedAt: null,
    bothRefusedSince: null,
    rounds: 0,
    pressedAt: null,
    lease: null,
    leaseUntil: null,
    alarmed: false,
  };
}
