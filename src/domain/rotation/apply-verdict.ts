// Applies Chorus Pro's verdict to the candidate, and to the password in service that is checked beside it.
import { waitAfter } from '../shared/retry.ts';
import type { Verdict } from '../verification/verdict.ts';
import { accept, proveInService, reopenSuperseded } from './accept.ts';
import { checkNextWaiting, refuseBoth } from './all-refused.ts';
import { ChangeSetBuilder, DAEMON, noChange } from './change-set.ts';
import { afterSuccess, newHealth } from './health.ts';
import { isReopened, isUnprovenInDoubt, LOCK_MS } from './may-ask.ts';
import { rejectComparison } from './reject-current.ts';
import { releaseHolds } from './request-hold.ts';
import { noteRights } from './rights-difference.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules } from './rotation-rules.ts';

/** Two refusals within this time, in ms, are about the same state of the account. */
const SAME_TIME_MS = 60_000;

/** When another password of this login was accepted within this time, in ms, the account is not locked. */
const KNOWN_OPEN_MS = 5 * 60_000;

export type ProofOutcome = 'accepted' | 'refused' | 'refused-for-good' | 'undetermined' | 'not-ours';

/** Applies a verdict about the candidate, if the claim is still ours. */
export function applyVerdict(
  aggregate: RotationAggregate,
  { lease, verdict }: { readonly lease: string; readonly verdict: Verdict },
  rules: RotationRules,
  now: number,
): RotationDecision<ProofOutcome> {
  const open = findOpenRotation(aggregate);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  countFailures(changeSet, lease, verdict);
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
        ...NOT_LEASED,
      });
      changeSet.audit('no answer', later, { check: verdict.cause });
      return changeSet.decide('undetermined');
    }
  }
}

/** Counts the failures that a call cost at Chorus Pro (none, one or several), even when the claim is no longer ours. */
export function countFailures(changeSet: ChangeSetBuilder, lease: string, verdict: Verdict): void {
  const { evidence } = verdict;
  const failed = evidence.failedLogins ?? 0;
  // The password was sent and no answer came: it may have failed, so it goes on counting as a failure.
  const left = evidence.call !== 'token' && evidence.call !== 'none' && evidence.unsent !== true;
  const isLost = verdict.kind === 'undetermined' && verdict.cause === 'network' && left;
  // Dated now, not when it was claimed: Chorus Pro counted it some time between the two.
  changeSet.attempt({ id: lease, at: changeSet.now, refused: failed === 0 && isLost ? null : failed > 0 });
  for (let more = 2; more <= failed; more += 1)
    changeSet.attempt({ id: `${lease}/${more}`, at: changeSet.now, refused: true });
}

/**
 * Applies a refusal of the candidate. While the state of the password in service is unknown, it is checked next, at once: it
 * shows whether the reset was submitted. When both are refused, nothing is destroyed.
 */
function refuse(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): ProofOutcome {
  const { aggregate, now } = changeSet;
  const refusals = open.refusals + 1;
  const refused = changeSet.put(open, {
    stage: 'candidate',
    refusals,
    // Never later than now: a wrong clock may have dated the first one.
    refusedAt: Math.min(open.refusedAt ?? now, now),
    lastRefusedAt: now,
    rounds: isRound(open, rules) ? open.rounds + 1 : open.rounds,
    unansweredTries: 0,
    cause: 'password-refused',
    ...NOT_LEASED,
  });
  changeSet.audit('refused', refused, { check: 'password-refused', detail: `refusal ${refusals}` });
  if (isReopened(aggregate, open)) {
    // It was refused beside an unproven password in service: it goes on waiting.
    changeSet.put(refused, { stage: 'superseded', endedAt: now, nextTryAt: now });
    return 'refused';
  }
  if (open.currentStillWorks === false) {
    refuseBoth(changeSet, refused, rules);
    return 'refused';
  }
  const waiting = changeSet.put(refused, { nextTryAt: nextCheckAfter(refused, rules, now) });
  return isWindowOver(waiting, rules) ? endOfWindow(changeSet, waiting, rules) : 'refused';
}

/** Whether this refusal ends a round: the first one of a new password and those of its window do not. */
function isRound(open: Rotation, rules: RotationRules): boolean {
  return (open.bothRefusedSince !== null && open.refusals > 0) || isWindowOver(open, rules);
}

/** When a refused candidate is checked again by itself (ms), while the one in service is not known to be dead. */
function nextCheckAfter({ refusals, refusedAt }: Rotation, rules: RotationRules, now: number): number {
  const again = rules.refusalsAt[refusals - 1];
  return again === undefined ? now + LOCK_MS : Math.max((refusedAt ?? now) + again, now + 60_000);
}

/** Whether every try of the candidate's window was refused. */
function isWindowOver({ refusals }: Rotation, { refusalsAt }: RotationRules): boolean {
  return refusals > refusalsAt.length;
}

/**
 * Ends the window of a refused password. It is destroyed only when the account is known not to be locked; otherwise the
 * one in service is checked next. Where none is in service, its manager and the IT service are notified, and the password stays
 * sealed.
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
  checkNextWaiting(changeSet, open, rules);
  return 'refused';
}

/** Destroys a password that Chorus Pro refused to the end while it accepted another one of the account. */
function refuseForGood(changeSet: ChangeSetBuilder, open: Rotation): void {
  const ended = changeSet.put(open, { stage: 'refused', endedAt: changeSet.now, nextTryAt: null });
  changeSet.audit('refused for good', ended, {
    check: 'password-refused',
    detail: `refusal ${ended.refusals}`,
  });
  changeSet.destroy(ended);
  if (reopenSuperseded(changeSet, ['candidate', 'unclear'], (one) => afterLock(one, changeSet.now))) return;
  changeSet.letter('refusal', ended);
  changeSet.alarm('password-refused', ended.id, { kept: false });
  releaseHolds(changeSet);
}

/** Applies a verdict about the password in service, checked beside a candidate. Returns whether it works; null when the verdict does not say. */
export function applyComparisonVerdict(
  aggregate: RotationAggregate,
  { lease, verdict }: { readonly lease: string; readonly verdict: Verdict },
  rules: RotationRules,
  now: number,
): RotationDecision<boolean | null> {
  const open = findOpenRotation(aggregate);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  countFailures(changeSet, lease, verdict);
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
  const currentStillWorks = verdict.kind === 'accepted';
  const updated = changeSet.put(free, { currentStillWorks });
  if (currentStillWorks) applyComparisonAccepted(changeSet, updated, rules);
  else applyComparisonRefused(changeSet, updated, rules);
  return changeSet.decide(currentStillWorks);
}

/**
 * The password in service works, so the reset was never submitted: its manager is notified, the connectors continue, and the
 * window of the candidate continues too.
 */
function applyComparisonAccepted(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  // Refusals by an account that may have been locked do not count: from now on a whole window begins.
  const unlocked = changeSet.put(open, afterLock(open, now));
  const updated = changeSet.put(open, { nextTryAt: nextCheckAfter(unlocked, rules, now) });
  changeSet.audit('the former one works still', updated);
  const health = currentHealth(aggregate);
  if (health !== null) changeSet.health(health, afterSuccess(now));
  proveInService(changeSet, 'asked beside the candidate');
  if (isWindowOver(updated, rules)) {
    refuseForGood(changeSet, updated);
    return;
  }
  changeSet.letter('not-submitted', updated);
  changeSet.alarm('not-submitted', updated.id);
  releaseHolds(changeSet);
}

/** What becomes of a password that was refused beside the one in service, now that the account is known not to be locked. */
function afterLock(
  { bothRefusedSince, refusals, currentStillWorks }: Rotation,
  now: number,
): Partial<Rotation> {
  if (bothRefusedSince === null) return { currentStillWorks };
  const window = { refusals: Math.min(refusals, 1), refusedAt: now };
  return { ...window, bothRefusedSince: null, rounds: 0, currentStillWorks: true };
}

function applyComparisonRefused(changeSet: ChangeSetBuilder, open: Rotation, rules: RotationRules): void {
  const { aggregate, now } = changeSet;
  const current = currentRotation(aggregate);
  if (current !== null) changeSet.put(current, { lastRefusedAt: now });
  changeSet.audit('the former one is refused', open, { check: 'password-refused' });
  // The reset may have been submitted since the candidate was refused last (a person says so, or time has passed): check
  // the candidate again now.
  const refusedAt = open.lastRefusedAt ?? 0;
  const isOlder = (open.retryRequestedAt ?? 0) >= refusedAt || now - refusedAt >= SAME_TIME_MS;
  if (isOlder && open.bothRefusedSince === null) {
    if (!isUnprovenInDoubt(aggregate)) rejectComparison(changeSet, 'doubtful', now);
    changeSet.put(open, { nextTryAt: now });
  } else refuseBoth(changeSet, open, rules);
}

/** Puts the open candidate into service on an operator's word. Null when there is none. */
export function acceptUnproven(
  aggregate: RotationAggregate,
  who: string,
  rules: RotationRules,
  now: number,
): RotationDecision<Rotation | null> {
  const open = findOpenRotation(aggregate);
  if (open === null || open.credential === null || open.stage === 'unclear') return noChange(null);
  // It waits beside one that was accepted this way already, and is only having its turn.
  if (isReopened(aggregate, open)) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  return changeSet.decide(accept(changeSet, open, { proven: 'unverified', who }, rules));
}
