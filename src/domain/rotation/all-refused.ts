// Handles an account of which candidate and password in service are both refused: it is locked, or the reset is done and this
// is not the password. Nobody can tell which, so nothing is destroyed; each round checks again once a lock must be over.
import { drawnBetween, nextSlot } from '../platform/probe-schedule.ts';
import { callsLeft } from './call-budget.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { isLockOver, isUnprovenInDoubt, LOCK_MS, waitingCandidates } from './may-ask.ts';
import type { Actor } from './receive.ts';
import { lockingOf, rejectComparison } from './reject-current.ts';
import { requestEveryHold } from './request-hold.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/** The longest wait between two rounds, in ms; the shortest is the duration of a lock. */
const LONGEST_MS = 65 * 60_000;
const DAY_MS = 86_400_000;
/** After this many rounds it is checked with each night's probe. */
const ROUNDS = 4;

/** When (ms) an account that refuses everything is checked next, after this many rounds. */
function nextRoundAt({ aggregate, now }: ChangeSetBuilder, rounds: number, { probe }: RotationRules): number {
  // Keep below a day: a later instant counts as written by a wrong clock. A day after a night's round is in the next night.
  if (rounds >= ROUNDS) return Math.min(nextSlot(aggregate.user, now, probe.quiet), now + DAY_MS);
  return now + drawnBetween(LOCK_MS, LONGEST_MS, `${aggregate.user.login} ${now}`);
}

/**
 * Records that both are refused. The first time, connectors that support it hold their calls and the IT service is alarmed
 * at once; later, another round has ended without a deciding answer.
 */
export function refuseBoth(changeSet: ChangeSetBuilder, refused: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  const since = refused.bothRefusedSince ?? now;
  if (refused.bothRefusedSince === null) {
    changeSet.audit('both refused', refused, { check: 'password-refused' });
    requestEveryHold(changeSet, rules);
    changeSet.alarm('both-refused', `${aggregate.user.id}/${since}`, {
      since,
      held: wasHeldBefore(aggregate, refused),
      ...lockingOf(aggregate.user, rules),
    });
  }
  // One that was never proven has rounds of its own while others wait beside it.
  if (!isUnprovenInDoubt(aggregate)) rejectComparison(changeSet, 'stopped', since);
  const asked = changeSet.put(refused, { bothRefusedSince: since, currentStillWorks: false });
  // The page has already shown this to its manager; a letter follows only when an hour has not changed it.
  const isNewest = waitingCandidates(aggregate).every(
    (one) => (one.receivedAt ?? 0) <= (asked.receivedAt ?? 0),
  );
  if (asked.rounds === 1 && isNewest) changeSet.letter('refusal', asked);
  checkNextWaiting(changeSet, asked, rules);
}

/**
 * Chooses the next password to check. Each round checks the newest first, then the others, the one that waited longest
 * first, as far as the budget goes; then all wait for the next round.
 */
export function checkNextWaiting(changeSet: ChangeSetBuilder, asked: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  const others = waitingCandidates(aggregate).filter(({ id }) => id !== asked.id);
  const inService = currentRotation(aggregate);
  // Read through the change set: it may have been refused in this same decision.
  const current = inService === null ? null : changeSet.put(inService, {});
  const inTurn = [...others, ...(current === null || current.credential === null ? [] : [current])]
    .filter(({ lastRefusedAt }) => isLockOver(lastRefusedAt, now))
    .sort((a, b) => (a.lastRefusedAt ?? 0) - (b.lastRefusedAt ?? 0));
  const next = callsLeft(changeSet.attemptsNow, 'daemon', rules, now) > 0 ? inTurn[0] : undefined;
  if (next !== undefined && next !== current) {
    makeCandidate(changeSet, asked, next, now);
    return;
  }
  if (next !== undefined) {
    changeSet.put(asked, { stage: 'candidate', currentStillWorks: null, nextTryAt: now });
    return;
  }
  const newest = [asked, ...others].reduce((a, b) => ((b.receivedAt ?? 0) > (a.receivedAt ?? 0) ? b : a));
  const at = nextRoundAt(changeSet, newest.rounds, rules);
  if (newest.id === asked.id) changeSet.put(asked, { stage: 'candidate', nextTryAt: at });
  else makeCandidate(changeSet, asked, newest, at);
}

/** Makes `from` wait and `to` the candidate, to be checked at an instant (ms). Both stay sealed. */
function makeCandidate(changeSet: ChangeSetBuilder, from: Rotation, to: Rotation, nextTryAt: number): void {
  const { bothRefusedSince, currentStillWorks } = changeSet.put(from, {
    stage: 'superseded',
    endedAt: changeSet.now,
    nextTryAt: changeSet.now,
  });
  changeSet.put(to, { stage: 'candidate', endedAt: null, nextTryAt, currentStillWorks, bothRefusedSince });
}

/**
 * Whether every connector of the account was known to hold its calls before this password was received, and so before the
 * reset. A connector that cannot hold was not; one that holds because every password was refused had gone on until then.
 */
export function wasHeldBefore(
  aggregate: RotationAggregate,
  { receivedAt, bothRefusedSince }: Rotation,
): boolean {
  const before = Math.min(receivedAt ?? 0, bothRefusedSince ?? Number.POSITIVE_INFINITY);
  const held = aggregate.holds.filter(
    ({ wanted, appliedAt }) => wanted && appliedAt !== null && appliedAt < before,
  );
  const current = currentRotation(aggregate);
  const served = aggregate.publications.filter(
    ({ rotationId, stage }) => rotationId === current?.id && stage !== 'superseded',
  );
  return held.length > 0 && served.every(({ sink }) => held.some((one) => one.sink === sink));
}

/**
 * The connector makes no more calls from now on. A lock ends an hour after its last one, so the wait starts again. Returns
 * when the next check is made (ms); null when nothing waits for one.
 */
export function restartLockWait(changeSet: ChangeSetBuilder, rules: RotationRules): number | null {
  const { aggregate } = changeSet;
  const open = findOpenRotation(aggregate);
  const at = nextRoundAt(changeSet, 0, rules);
  if (open === null && isUnprovenInDoubt(aggregate)) return delayHealthCheck(changeSet, at);
  if (open?.stage !== 'candidate' || open.bothRefusedSince === null || open.lease !== null) return null;
  changeSet.put(open, { nextTryAt: at, rounds: 0 });
  return at;
}

function delayHealthCheck(changeSet: ChangeSetBuilder, at: number): number | null {
  const health = currentHealth(changeSet.aggregate);
  if (health === null || health.lease !== null) return null;
  changeSet.health(health, { nextAt: at, refusals: Math.min(health.refusals, 1) });
  return at;
}

/**
 * An unproven password in service was refused while others wait beside it: it is checked again in rounds as well, and one
 * of the others becomes the candidate now. Returns when the one in service is checked next (ms).
 */
export function refuseInDoubt(changeSet: ChangeSetBuilder, refusals: number, rules: RotationRules): number {
  const { aggregate, now } = changeSet;
  const since = currentHealth(aggregate)?.refusedAt ?? now;
  const [next] = [...waitingCandidates(aggregate)]
    .filter(({ lastRefusedAt }) => isLockOver(lastRefusedAt, now))
    .sort((a, b) => (a.lastRefusedAt ?? 0) - (b.lastRefusedAt ?? 0));
  if (next !== undefined && callsLeft(changeSet.attemptsNow, 'daemon', rules, now) > 0) {
    const refused = { currentStillWorks: false, bothRefusedSince: since };
    changeSet.put(next, { stage: 'candidate', endedAt: null, nextTryAt: now, ...refused });
  }
  return nextRoundAt(changeSet, refusals - 1, rules);
}

/**
 * Records a person's word that the connector was stopped. Returns when the next check is made (ms); null when nothing
 * waits.
 */
export function connectorStopped(
  aggregate: RotationAggregate,
  { by, channel }: Actor,
  rules: RotationRules,
  now: number,
): RotationDecision<number | null> {
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const at = restartLockWait(changeSet, rules);
  if (at === null) return noChange(null);
  changeSet.audit('connector stopped', findOpenRotation(aggregate), { who: by, channel });
  return changeSet.decide(at);
}
