// What Chorus Pro's answer makes of the candidate, and of the former password that is asked about beside it.
import { waitAfter } from '../shared/retry.ts';
import type { Verdict } from '../verification/verdict.ts';
import { accept, proveInService, takeUpAgain } from './accept.ts';
import { refuseBoth, takeTurns } from './all-refused.ts';
import { ChangeSetBuilder, DAEMON, noChange } from './change-set.ts';
import { believedAt, newHealth } from './health.ts';
import { isTakenUp, LOCK_MS } from './may-ask.ts';
import { releaseHolds } from './receive.ts';
import { noteRights } from './rights-difference.ts';
import {
  currentHealth,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/** Two refusals within so long, in ms, speak of the same state of the account. */
const SAME_TIME_MS = 60_000;

/** Another password of this login that was accepted so lately, in ms, says that the account is not locked. */
const KNOWN_OPEN_MS = 5 * 60_000;

/** What an answer made of the candidate. */
export type ProofOutcome = 'accepted' | 'refused' | 'refused-for-good' | 'undetermined' | 'not-ours';

/** Applies an answer about the candidate, if the claim is still ours. */
export function applyVerdict(
  aggregate: RotationAggregate,
  { lease, verdict }: { readonly lease: string; readonly verdict: Verdict },
  rules: RotationRules,
  now: number,
): RotationDecision<ProofOutcome> {
  const open = openRotation(aggregate);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  count(changeSet, lease, verdict);
  if (open === null || open.stage !== 'verifying' || open.lease !== lease)
    return changeSet.decide('not-ours');
  switch (verdict.kind) {
    case 'accepted':
      accept(changeSet, open, { proven: 'chorus-pro', who: DAEMON, check: verdict.evidence.call }, rules);
      noteRights(changeSet, changeSet.healthNow ?? newHealth(open.id, now), verdict);
      return changeSet.decide('accepted');
    case 'refused':
      return changeSet.decide(refuse(changeSet, open, rules));
    case 'undetermined': {
      const wait = waitAfter(rules.proofWaits, open.unansweredTries + 1) ?? 0;
      const later = changeSet.put(open, {
        stage: 'candidate',
        unansweredTries: open.unansweredTries + 1,
        cause: verdict.cause,
        nextTryAt: now + Math.max(wait, Math.min(verdict.retryAfterMs ?? 0, 3_600_000)),
        lease: null,
        leaseUntil: null,
      });
      changeSet.audit('no answer', later, { check: verdict.cause });
      return changeSet.decide('undetermined');
    }
  }
}

/** Counts the failures that an answer cost at Chorus Pro, whoever has the password in hand now; it may be none, or several. */
export function count(changeSet: ChangeSetBuilder, lease: string, verdict: Verdict): void {
  const { evidence } = verdict;
  const failed = evidence.failedLogins ?? 0;
  // The password left, and nothing came back: nobody knows whether that was a failure, so it goes on counting as one.
  const left = evidence.call !== 'token' && evidence.call !== 'none' && evidence.unsent !== true;
  const isLost = verdict.kind === 'undetermined' && verdict.cause === 'network' && left;
  // Dated now, not when it was claimed: Chorus Pro counted it some time between the two.
  changeSet.attempt({ id: lease, at: changeSet.now, refused: failed === 0 && isLost ? null : failed > 0 });
  for (let more = 2; more <= failed; more += 1)
    changeSet.attempt({ id: `${lease}/${more}`, at: changeSet.now, refused: true });
}

/**
 * A refusal of the candidate. While nobody knows of the former one, it is asked next, in the same breath: it tells whether
 * the reset was submitted. Where both are refused, nothing is destroyed.
 */
function refuse(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): ProofOutcome {
  const { aggregate, now } = changeSet;
  const refusals = open.refusals + 1;
  const refused = changeSet.put(open, {
    stage: 'candidate',
    refusals,
    // Never later than now: a clock that was wrong may have dated the first one.
    refusedAt: Math.min(open.refusedAt ?? now, now),
    lastRefusedAt: now,
    rounds: isRound(open, rules) ? open.rounds + 1 : open.rounds,
    unansweredTries: 0,
    cause: 'password-refused',
    lease: null,
    leaseUntil: null,
  });
  changeSet.audit('refused', refused, { check: 'password-refused', detail: `refusal ${refusals}` });
  if (isTakenUp(aggregate, open)) {
    stepBack(changeSet, refused);
    return 'refused';
  }
  if (open.previousStillWorks === false) {
    refuseBoth(changeSet, refused, rules);
    return 'refused';
  }
  const waiting = changeSet.put(refused, { nextTryAt: plannedAfter(refused, rules, now) });
  return isSpent(waiting, rules) ? endOfWindow(changeSet, waiting, rules) : 'refused';
}

/** Whether this refusal ends a round: not the first one of a new password, nor those of its window. */
function isRound(open: Rotation, rules: RotationRules): boolean {
  return (open.bothRefusedSince !== null && open.refusals > 0) || isSpent(open, rules);
}

/** When a refused candidate is asked again by itself (ms), the former one not being known to be dead. */
function plannedAfter({ refusals, refusedAt }: Rotation, rules: RotationRules, now: number): number {
  const again = rules.refusalsAt[refusals - 1];
  return again === undefined ? now + LOCK_MS : Math.max((refusedAt ?? now) + again, now + 60_000);
}

/** Whether every try of its window was refused. */
function isSpent({ refusals }: Rotation, { refusalsAt }: RotationRules): boolean {
  return refusals > refusalsAt.length;
}

/**
 * The window of a refused password is over. It is destroyed only where the account is known to be open; else the former one
 * is asked about next, and without any former one its manager and the IT service hear of it while it stays sealed.
 */
function endOfWindow(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): ProofOutcome {
  const { aggregate, now } = changeSet;
  const workedAt = currentHealth(aggregate)?.workedAt ?? null;
  if (workedAt !== null && workedAt <= now && now - workedAt <= KNOWN_OPEN_MS) {
    refuseForGood(changeSet, open);
    return 'refused-for-good';
  }
  if ((currentRotation(aggregate)?.credential ?? null) !== null) return 'refused';
  if (open.refusals === rules.refusalsAt.length + 1) {
    changeSet.letter('refusal', open);
    changeSet.alarm('password-refused', open.id, { kept: true });
  }
  takeTurns(changeSet, open, rules);
  return 'refused';
}

/** Destroys a password that Chorus Pro refused to the end while it believed another one of the account. */
function refuseForGood(changeSet: ChangeSetBuilder, open: Rotation): void {
  const ended = changeSet.put(open, { stage: 'refused', endedAt: changeSet.now, nextTryAt: null });
  changeSet.audit('refused for good', ended, {
    check: 'password-refused',
    detail: `refusal ${ended.refusals}`,
  });
  changeSet.destroy(ended);
  if (takeUpAgain(changeSet, ['candidate', 'unclear'], (one) => afterLock(one, changeSet.now))) return;
  changeSet.letter('refusal', ended);
  changeSet.alarm('password-refused', ended.id, { kept: false });
  releaseHolds(changeSet);
}

/** One that waits beside an unproven password in service was refused too: it goes on waiting. */
function stepBack(changeSet: ChangeSetBuilder, refused: Rotation): void {
  changeSet.put(refused, { stage: 'superseded', endedAt: changeSet.now, nextTryAt: changeSet.now });
}

/** What an answer said of the former password; null when it said nothing. */
export function applyFormerVerdict(
  aggregate: RotationAggregate,
  { lease, verdict }: { readonly lease: string; readonly verdict: Verdict },
  rules: RotationRules,
  now: number,
): RotationDecision<boolean | null> {
  const open = openRotation(aggregate);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  count(changeSet, lease, verdict);
  if (open === null || open.lease !== lease) return changeSet.decide(null);
  const free = changeSet.put(open, { lease: null, leaseUntil: null });
  if (verdict.kind === 'undetermined') {
    const wait = waitAfter(rules.proofWaits, open.unansweredTries + 1) ?? 0;
    changeSet.put(free, {
      unansweredTries: open.unansweredTries + 1,
      nextTryAt: Math.max(open.nextTryAt ?? 0, now + wait),
    });
    return changeSet.decide(null);
  }
  const previousStillWorks = verdict.kind === 'accepted';
  const told = changeSet.put(free, { previousStillWorks });
  if (previousStillWorks) formerBelieved(changeSet, told, rules);
  else formerRefused(changeSet, told, rules);
  return changeSet.decide(previousStillWorks);
}

/** The reset was never submitted: its manager is told, the connectors go on, and the window of the candidate goes on too. */
function formerBelieved(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  // Refusals by an account that may have been locked are not held against it: from now on a whole window begins.
  const counted = changeSet.put(open, afterLock(open, now));
  const told = changeSet.put(open, { nextTryAt: plannedAfter(counted, rules, now) });
  changeSet.audit('the former one works still', told);
  const health = currentHealth(aggregate);
  if (health !== null) changeSet.health(health, believedAt(now));
  proveInService(changeSet, 'asked beside the candidate');
  if (isSpent(told, rules)) {
    refuseForGood(changeSet, told);
    return;
  }
  changeSet.letter('not-submitted', told);
  changeSet.alarm('not-submitted', told.id);
  releaseHolds(changeSet);
}

/** What a password that was refused beside the former one is, now that the account is known to be open. */
function afterLock(
  { bothRefusedSince, refusals, previousStillWorks }: Rotation,
  now: number,
): Partial<Rotation> {
  if (bothRefusedSince === null) return { previousStillWorks };
  const window = { refusals: Math.min(refusals, 1), refusedAt: now };
  return { ...window, bothRefusedSince: null, rounds: 0, previousStillWorks: true };
}

function formerRefused(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  const former = currentRotation(aggregate);
  if (former !== null) changeSet.put(former, { lastRefusedAt: now });
  changeSet.audit('the former one is refused', open, { check: 'password-refused' });
  // Submitted since the candidate was refused last, by somebody's word or by the time between: the candidate may be good now.
  const refusedAt = open.lastRefusedAt ?? 0;
  const isOlder = (open.pressedAt ?? 0) >= refusedAt || now - refusedAt >= SAME_TIME_MS;
  if (isOlder && open.bothRefusedSince === null) changeSet.put(open, { nextTryAt: now });
  else refuseBoth(changeSet, open, rules);
}

/** Puts the open candidate into service on an agent's word. Null when there is none. */
export function acceptUnproven(
  aggregate: RotationAggregate,
  who: string,
  rules: RotationRules,
  now: number,
): RotationDecision<Rotation | null> {
  const open = openRotation(aggregate);
  if (open === null || open.credential === null || open.stage === 'unclear') return noChange(null);
  // It waits beside the one that was accepted so already, and merely has its turn.
  if (isTakenUp(aggregate, open)) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  return changeSet.decide(accept(changeSet, open, { proven: 'unverified', who }, rules));
}
