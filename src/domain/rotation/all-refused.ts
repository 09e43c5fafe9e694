// Candidate and former password both refused: the account is locked, or the reset is done and this is not the password.
// Nobody can tell which, so nothing is destroyed; each round asks again once a lock must be over.
import { drawnBetween, nextSlot } from '../platform/probe-schedule.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { callsLeft, isLockOver, isUnprovenInDoubt, LOCK_MS, waitingCandidates } from './may-ask.ts';
import { type Actor, wantHold } from './receive.ts';
import {
  currentHealth,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/** The longest wait between two rounds, in ms; the shortest is that of a lock. */
const LONGEST_MS = 65 * 60_000;
const DAY_MS = 86_400_000;
/** After so many rounds it is asked about with each night's probe. */
const ROUNDS = 4;

/** The next instant (ms) at which an account that refuses everything is asked again, after so many rounds. */
function nextRoundAt({ aggregate, now }: ChangeSetBuilder, rounds: number, { probe }: RotationRules): number {
  // An instant more than a day ahead counts as a wrong clock's; a day from a night's round is in the next night.
  if (rounds >= ROUNDS) return Math.min(nextSlot(aggregate.user, now, probe.quiet), now + DAY_MS);
  return now + drawnBetween(LOCK_MS, LONGEST_MS, `${aggregate.user.login} ${now}`);
}

/**
 * Both were refused for the first time: connectors that can be told hold, the IT service hears of it at once. Where it was so
 * before, a further round has ended without an answer that decides.
 */
export function refuseBoth(changeSet: ChangeSetBuilder, refused: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  const since = refused.bothRefusedSince ?? now;
  if (refused.bothRefusedSince === null) {
    changeSet.audit('both refused', refused, { check: 'password-refused' });
    for (const { name, canHold } of rules.sinksOf(aggregate.user))
      if (canHold) wantHold(changeSet, name, { wanted: true });
    changeSet.alarm('both-refused', `${aggregate.user.id}/${since}`, {
      since,
      held: wasHeldBefore(aggregate, refused),
    });
  }
  const asked = changeSet.put(refused, { bothRefusedSince: since, previousStillWorks: false });
  // Its manager was told by the page at once; a letter says it when an hour has not changed it.
  const isNewest = waitingCandidates(aggregate).every(
    (one) => (one.receivedAt ?? 0) <= (asked.receivedAt ?? 0),
  );
  if (asked.rounds === 1 && isNewest) changeSet.letter('refusal', asked);
  takeTurns(changeSet, asked, rules);
}

/**
 * Whose turn is next. Each round asks the newest first, then the others in turn, the one that waited longest first, as far
 * as the budget goes; then all wait for the next round.
 */
export function takeTurns(changeSet: ChangeSetBuilder, asked: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  const others = waitingCandidates(aggregate).filter(({ id }) => id !== asked.id);
  const current = currentRotation(aggregate);
  // As this move leaves it: it may have been refused just now.
  const former = current === null ? null : changeSet.put(current, {});
  const inTurn = [...others, ...(former === null || former.credential === null ? [] : [former])]
    .filter(({ lastRefusedAt }) => isLockOver(lastRefusedAt, now))
    .sort((a, b) => (a.lastRefusedAt ?? 0) - (b.lastRefusedAt ?? 0));
  const next = callsLeft(changeSet.attemptsNow, 'daemon', rules, now) > 0 ? inTurn[0] : undefined;
  if (next !== undefined && next !== former) {
    hand(changeSet, asked, next, now);
    return;
  }
  if (next !== undefined) {
    changeSet.put(asked, { stage: 'candidate', previousStillWorks: null, nextTryAt: now });
    return;
  }
  const newest = [asked, ...others].reduce((a, b) => ((b.receivedAt ?? 0) > (a.receivedAt ?? 0) ? b : a));
  const at = nextRoundAt(changeSet, newest.rounds, rules);
  if (newest.id === asked.id) changeSet.put(asked, { stage: 'candidate', nextTryAt: at });
  else hand(changeSet, asked, newest, at);
}

/** One steps back and waits, another is asked about at an instant (ms). Both stay sealed. */
function hand(changeSet: ChangeSetBuilder, from: Rotation, to: Rotation, nextTryAt: number): void {
  const { bothRefusedSince, previousStillWorks } = changeSet.put(from, {
    stage: 'superseded',
    endedAt: changeSet.now,
    nextTryAt: changeSet.now,
  });
  changeSet.put(to, { stage: 'candidate', endedAt: null, nextTryAt, previousStillWorks, bothRefusedSince });
}

/**
 * Whether every connector of the account was known to hold its calls before this password came in, and so before the reset.
 * One that cannot be told was not; one that was told because every password was refused had gone on until then.
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
 * The connector makes no more calls from now on: a lock ends an hour after its last one, so the wait starts again. Answers
 * the instant of the next question (ms); null where nothing waits for it.
 */
export function waitAgain(changeSet: ChangeSetBuilder, rules: RotationRules): number | null {
  const { aggregate } = changeSet;
  const open = openRotation(aggregate);
  const at = nextRoundAt(changeSet, 0, rules);
  if (open === null && isUnprovenInDoubt(aggregate)) return doubtAgain(changeSet, at);
  if (open?.stage !== 'candidate' || open.bothRefusedSince === null || open.lease !== null) return null;
  changeSet.put(open, { nextTryAt: at, rounds: 0 });
  return at;
}

function doubtAgain(changeSet: ChangeSetBuilder, at: number): number | null {
  const health = currentHealth(changeSet.aggregate);
  if (health === null || health.lease !== null) return null;
  changeSet.health(health, { nextAt: at, refusals: Math.min(health.refusals, 1) });
  return at;
}

/**
 * An unproven password in service was refused, and others wait beside it: it is asked again in rounds as well, and one of the
 * others is taken up to be asked now. Answers when the one in service is asked next (ms).
 */
export function refuseInDoubt(changeSet: ChangeSetBuilder, refusals: number, rules: RotationRules): number {
  const { aggregate, now } = changeSet;
  const since = currentHealth(aggregate)?.refusedAt ?? now;
  const [next] = [...waitingCandidates(aggregate)]
    .filter(({ lastRefusedAt }) => isLockOver(lastRefusedAt, now))
    .sort((a, b) => (a.lastRefusedAt ?? 0) - (b.lastRefusedAt ?? 0));
  if (next !== undefined && callsLeft(changeSet.attemptsNow, 'daemon', rules, now) > 0) {
    const asked = {
      endedAt: null,
      nextTryAt: now,
      previousStillWorks: false,
      bothRefusedSince: since,
    } as const;
    changeSet.put(next, { stage: 'candidate', ...asked });
  }
  return nextRoundAt(changeSet, refusals - 1, rules);
}

/** A person says that the connector was stopped. Answers when Chorus Pro is asked next (ms); null where nothing waits. */
export function connectorStopped(
  aggregate: RotationAggregate,
  { by, channel }: Actor,
  rules: RotationRules,
  now: number,
): RotationDecision<number | null> {
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const at = waitAgain(changeSet, rules);
  if (at === null) return noChange(null);
  changeSet.audit('connector stopped', openRotation(aggregate), { who: by, channel });
  return changeSet.decide(at);
}
