// Decides whether an account may be checked now, by whom, and why not: the one decision for every call to Chorus Pro with a
// password of ours.
//
// Invariant: no matter who asks, an account sees no more failures from us than the budget allows; the last one of the
// budget is spent only for a person who waits, and an account that may be locked is left alone until its lock is over.
import { isQuiet } from '../platform/probe-schedule.ts';
import { type Asker, allowedAt } from './call-budget.ts';
import { AHEAD_MS, FAR_MS, type Health, isCheckedAgain } from './health.ts';
import {
  type Attempt,
  currentRotation,
  findOpenRotation,
  hasCome,
  leaseOver,
  type Rotation,
  type RotationAggregate,
} from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/**
 * A wanted check of the candidate, of the password in service beside it (`comparison`), of that one alone (`current`), or of
 * one that a connector uses and we do not have yet (`enrolment`).
 */
export interface WantedCheck {
  readonly about: 'candidate' | 'comparison' | 'current' | 'enrolment';
  readonly asker: Asker;
  /** Somebody waits: the check does not wait for quiet hours or for a candidate's planned instant. */
  readonly wanted?: boolean;
  /** The health of the password in service, whose planned instant and lease count; for `current`. */
  readonly health?: Health | null;
  /** Until when (ms) the platform is known to be closed; null or absent while it is open. */
  readonly closedUntil?: number | null;
}

/**
 * Why no check is made now. `nothing-in-service`: no sealed password to check; `off`: the settings do without proofs;
 * `disabled`: without probes; `not-due`: its planned instant is to come; `busy`: a check is under way; `in-hand`: a reset
 * is announced or another password is being processed; `dead`: refused so often that only a person may check again;
 * `maybe-locked`: every password of the account was refused, and a lock lasts for an hour; `budget`: more failures could
 * lock it; `fresh`: it worked lately, and can wait for the quiet hours; `lately`: it was checked when a connector last
 * complained, or is being checked; `closed`: the platform is known to be closed.
 */
export type BlockReason =
  | 'nothing-in-service'
  | 'retired'
  | 'off'
  | 'disabled'
  | 'not-due'
  | 'busy'
  | 'in-hand'
  | 'dead'
  | 'maybe-locked'
  | 'budget'
  | 'fresh'
  | 'lately'
  | 'closed';

/** The decision; `until` is the instant (ms) at which it may change by itself, null when only another event changes it. */
export type MayAsk =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: BlockReason; readonly until: number | null };

/** A lock lasts an hour (seen on people's accounts): no call is made within this time after the last refused one, in ms. */
export const LOCK_MS = 61 * 60_000;
/** A password that worked within this time, in ms, can wait for quiet hours when its slot was missed. */
const FRESH_MS = 30 * 3_600_000;
/** An answer that is not older than this, in ms, is not requested again because a connector complains. */
const LATELY_MS = 5 * 60_000;

const YES: MayAsk = { ok: true };
const no = (why: BlockReason, until: number | null = null): MayAsk => ({ ok: false, why, until });

/** Whether a password of this account may be checked now. Pure; `now` in ms. */
export function mayAsk(
  aggregate: RotationAggregate,
  wish: WantedCheck,
  rules: RotationRules,
  now: number,
): MayAsk {
  const own = OWN[wish.about](aggregate, wish, rules, now);
  // A connector's complaint only plans a check by the daemon, which is decided when it is made.
  if (!own.ok || wish.asker === 'connector') return own;
  const lockedUntil = maybeLockedUntil(aggregate, wish, now);
  if (lockedUntil > now) return no('maybe-locked', lockedUntil);
  const allowed = allowedAt(aggregate.attempts, wish.asker, rules, now);
  if (allowed > now) return no('budget', allowed);
  const fresh = wish.about === 'current' ? freshUntil(wish, rules, now) : now;
  return fresh > now ? no('fresh', fresh) : YES;
}

/** Decides about a password that a connector uses, of an account without one of ours: who asks is there and waits. */
function aboutEnrolment(
  { user, rotations }: RotationAggregate,
  _: WantedCheck,
  rules: RotationRules,
  now: number,
): MayAsk {
  if (user.retired) return no('retired');
  if (rules.verification[user.environment] === 'none') return no('off');
  const leases = rotations.map(({ leaseUntil }) => leaseUntil);
  const busy = leases.find((until) => !leaseOver(until, now, rules.proofLease));
  return busy === undefined ? YES : no('busy', busy);
}

/** Decides about the candidate and the one in service beside it: both under one lease, the open rotation's. */
function aboutOpen(
  aggregate: RotationAggregate,
  { about, wanted }: WantedCheck,
  rules: RotationRules,
  now: number,
): MayAsk {
  const open = findOpenRotation(aggregate);
  if (open === null || open.credential === null) return no('nothing-in-service');
  if (open.stage !== 'candidate' && open.stage !== 'verifying') return no('nothing-in-service');
  if (!leaseOver(open.leaseUntil, now, rules.proofLease)) return no('busy', open.leaseUntil);
  if (about === 'comparison') {
    const isWanted = open.stage === 'candidate' && open.refusals > 0 && isCurrentUnknown(aggregate, open);
    return isWanted && (currentRotation(aggregate)?.credential ?? null) !== null
      ? YES
      : no('nothing-in-service');
  }
  const isDue = open.stage === 'verifying' || hasCome(open.nextTryAt, now) || wanted === true;
  return isDue ? YES : no('not-due', open.nextTryAt);
}

/** Whether the state of the password in service is unknown, or was not checked since the candidate was refused last. */
function isCurrentUnknown(
  { health }: RotationAggregate,
  { currentStillWorks, lastRefusedAt }: Rotation,
): boolean {
  if (currentStillWorks !== true) return currentStillWorks === null;
  return (health?.workedAt ?? 0) < (lastRefusedAt ?? 0);
}

/** Decides about the password in service, while no other one is being processed. */
function aboutCurrent(
  aggregate: RotationAggregate,
  wish: WantedCheck,
  rules: RotationRules,
  now: number,
): MayAsk {
  const { environment, retired } = aggregate.user;
  const { health = null, wanted = false, closedUntil = null } = wish;
  if ((currentRotation(aggregate)?.credential ?? null) === null) return no('nothing-in-service');
  if (retired) return no('retired');
  // The setting switches off the checks that nothing depends on; others wait for the answers of these.
  if (!rules.probe.enabled && !isUnprovenInDoubt(aggregate)) return no('disabled');
  if (rules.verification[environment] !== 'piste') return no('off');
  if (wish.asker === 'connector') return isNews(health, now) ? YES : no('lately');
  if (health !== null) {
    // An instant absurdly far ahead was written by a wrong clock, and has come.
    if (health.nextAt > now && health.nextAt <= now + FAR_MS) return no('not-due', health.nextAt);
    if (!leaseOver(health.leaseUntil, now, rules.proofLease)) return no('busy', health.leaseUntil);
  }
  if (findOpenRotation(aggregate) !== null) return no('in-hand');
  if (closedUntil !== null) return no('closed', closedUntil);
  return health !== null && !wanted && !isCheckedAgain(health) ? no('dead') : YES;
}

const OWN: Readonly<Record<WantedCheck['about'], typeof mayAsk>> = {
  candidate: aboutOpen,
  comparison: aboutOpen,
  current: aboutCurrent,
  enrolment: aboutEnrolment,
};

/** Whether a connector's complaint is news: its subject is neither known nor being checked already. */
function isNews(health: Health | null, now: number): boolean {
  if (health === null) return true;
  const { state, askedAt } = health;
  if (state === 'stopped' || state === 'doubtful') return false;
  return askedAt === null || askedAt > now || now - askedAt > LATELY_MS;
}

/**
 * Until when (ms) a call could only meet a lock. A password that was never refused is checked all the same; and within a
 * round, which begins when a lock is over, the others are checked in turn behind the first.
 */
function maybeLockedUntil(aggregate: RotationAggregate, { about, wanted }: WantedCheck, now: number): number {
  const refused = about === 'candidate' ? findOpenRotation(aggregate) : currentRotation(aggregate);
  const isTried =
    (refused?.refusals ?? 0) > 0 || (about === 'current' && (aggregate.health?.refusals ?? 0) > 0);
  if (about === 'comparison' || !isTried || !isAllRefused(aggregate)) return now;
  const isInTurn = about === 'candidate' && wanted !== true;
  const last = isInTurn ? (refused?.lastRefusedAt ?? null) : lastRefusedCall(aggregate.attempts, now);
  return last === null || isLockOver(last, now) ? now : Math.min(last, now) + LOCK_MS;
}

/**
 * Whether a lock that began at an instant (ms) must be over; an instant far ahead was written by a wrong clock and does not
 * count.
 */
export function isLockOver(at: number | null, now: number): boolean {
  return at === null || at > now + AHEAD_MS || now - at >= LOCK_MS;
}

/**
 * Whether Chorus Pro refused every password that we hold of the account: it is locked, or none of them is the right one. An
 * unproven one that an operator put into service meanwhile does not end that.
 */
function isAllRefused(aggregate: RotationAggregate): boolean {
  const open = findOpenRotation(aggregate);
  if (open !== null && open.bothRefusedSince !== null) return true;
  return isUnprovenInDoubt(aggregate);
}

/** Whether the password in service is an operator's choice among several that Chorus Pro refused: others wait beside it. */
export function isUnprovenInDoubt(aggregate: RotationAggregate): boolean {
  return currentRotation(aggregate)?.proven === 'unverified' && waitingCandidates(aggregate).length > 0;
}

/** Whether the open one waited beside an unproven password in service, and was reopened to be checked in its turn. */
export function isReopened(aggregate: RotationAggregate, open: Rotation): boolean {
  const current = currentRotation(aggregate);
  // An announced password was not received, so it did not wait.
  if (current?.proven !== 'unverified' || open.receivedAt === null) return false;
  // When a newer one waits too, the older one is only having its turn in a round of the newer one.
  return [open, ...waitingCandidates(aggregate)].every(
    (one) => (one.receivedAt ?? 0) <= (current.acceptedAt ?? 0),
  );
}

/** Passwords that wait beside the open one or the one in service, the newest first. */
export function waitingCandidates(aggregate: RotationAggregate): readonly Rotation[] {
  return aggregate.rotations
    .filter(
      ({ stage, credential, nextTryAt }) =>
        stage === 'superseded' && credential !== null && nextTryAt !== null,
    )
    .sort((a, b) => (b.receivedAt ?? 0) - (a.receivedAt ?? 0));
}

/** Our last call (ms) that was refused, or whose answer is not known; null when there was none. */
function lastRefusedCall(attempts: readonly Attempt[], now: number): number | null {
  const calls = attempts.filter(({ at, refused }) => refused !== false && at <= now).map(({ at }) => at);
  return calls.length === 0 ? null : Math.max(...calls);
}

/** Until when (ms) a slot that was missed in the night can wait for the quiet hours; `now` if it cannot. */
function freshUntil({ health, wanted }: WantedCheck, { probe }: RotationRules, now: number): number {
  if (health === null || health === undefined || wanted === true) return now;
  const { state, unanswered, workedAt } = health;
  if (state !== 'working' || unanswered > 0 || isQuiet(now, probe.quiet)) return now;
  return workedAt === null || workedAt > now ? now : workedAt + FRESH_MS;
}
