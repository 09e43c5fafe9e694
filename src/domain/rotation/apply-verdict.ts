// What Chorus Pro's answer makes of the candidate, and of the former password that is asked about beside it.

import type { Verdict } from '../verification/verdict.ts';
import { accept, proveInService, takeUpAgain } from './accept.ts';
import { refuseBoth, takeTurns } from './all-refused.ts';
import { DAEMON, Draft, stay } from './change-set.ts';
import { believedAt, newHealth } from './health.ts';
import { isTakenUp, LOCK_MS } from './may-ask.ts';
import { releaseHolds } from './receive.ts';
import { noteRights } from './rights-difference.ts';
import {
  type Book,
  currentHealth,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';

/** Two refusals within so long, in ms, speak of the same state of the account. */
const SAME_TIME_MS = 60_000;

/** Another password of this login that was accepted so lately, in ms, says that the account is not locked. */
const KNOWN_OPEN_MS = 5 * 60_000;

/** What an answer made of the candidate. */
export type Judged = 'accepted' | 'refused' | 'refused-for-good' | 'undetermined' | 'not-ours';

/** Applies an answer about the candidate, if the claim is still ours. */
export function judge(
  book: Book,
  lease: string,
  verdict: Verdict,
  rules: RotationRules,
  now: number,
): Turn<Judged> {
  const open = openRotation(book);
  const draft = new Draft(book, now);
  count(draft, lease, verdict);
  if (open === null || open.stage !== 'verifying' || open.lease !== lease) return draft.turn('not-ours');
  switch (verdict.kind) {
    case 'accepted':
      accept(draft, open, 'chorus-pro', DAEMON, rules, verdict.evidence.call);
      noteRights(draft, draft.healthNow ?? newHealth(open.id, now), verdict);
      return draft.turn('accepted');
    case 'refused':
      return draft.turn(refuse(draft, open, rules));
    case 'undetermined': {
      const wait = rules.proofWaits[Math.min(open.asked, rules.proofWaits.length - 1)] ?? 0;
      const later = draft.put(open, {
        stage: 'candidate',
        asked: open.asked + 1,
        cause: verdict.cause,
        nextTryAt: now + Math.max(wait, Math.min(verdict.retryAfterMs ?? 0, 3_600_000)),
        lease: null,
        leaseUntil: null,
      });
      draft.audit('no answer', later, { check: verdict.cause });
      return draft.turn('undetermined');
    }
  }
}

/** Counts the failures that an answer cost at Chorus Pro, whoever has the password in hand now; it may be none, or several. */
export function count(draft: Draft, lease: string, verdict: Verdict): void {
  const { evidence } = verdict;
  const failed = evidence.failedLogins ?? 0;
  // The password left, and nothing came back: nobody knows whether that was a failure, so it goes on counting as one.
  const left = evidence.call !== 'token' && evidence.call !== 'none' && evidence.unsent !== true;
  const isLost = verdict.kind === 'undetermined' && verdict.cause === 'network' && left;
  // Dated now, not when it was claimed: Chorus Pro counted it some time between the two.
  draft.attempt(lease, draft.now, failed === 0 && isLost ? null : failed > 0);
  for (let more = 2; more <= failed; more += 1) draft.attempt(`${lease}/${more}`, draft.now, true);
}

/**
 * A refusal of the candidate. While nobody knows of the former one, it is asked next, in the same breath: it tells whether
 * the reset was submitted. Where both are refused, nothing is destroyed.
 */
function refuse(draft: Draft, open: Rotation, rules: RotationRules): Judged {
  const { book, now } = draft;
  const refusals = open.refusals + 1;
  const refused = draft.put(open, {
    stage: 'candidate',
    refusals,
    // Never later than now: a clock that was wrong may have dated the first one.
    refusedAt: Math.min(open.refusedAt ?? now, now),
    lastRefusedAt: now,
    rounds: isRound(open, rules) ? open.rounds + 1 : open.rounds,
    asked: 0,
    cause: 'password-refused',
    lease: null,
    leaseUntil: null,
  });
  draft.audit('refused', refused, { check: 'password-refused', detail: `refusal ${refusals}` });
  if (isTakenUp(book, open)) {
    stepBack(draft, refused);
    return 'refused';
  }
  if (open.formerWorks === false) {
    refuseBoth(draft, refused, rules);
    return 'refused';
  }
  const waiting = draft.put(refused, { nextTryAt: plannedAfter(refused, rules, now) });
  return isSpent(waiting, rules) ? endOfWindow(draft, waiting, rules) : 'refused';
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
function endOfWindow(draft: Draft, open: Rotation, rules: RotationRules): Judged {
  const { book, now } = draft;
  const workedAt = currentHealth(book)?.workedAt ?? null;
  if (workedAt !== null && workedAt <= now && now - workedAt <= KNOWN_OPEN_MS) {
    refuseForGood(draft, open);
    return 'refused-for-good';
  }
  if ((currentRotation(book)?.credential ?? null) !== null) return 'refused';
  if (open.refusals === rules.refusalsAt.length + 1) {
    draft.letter('refusal', open);
    draft.alarm('password-refused', open.id, { kept: true });
  }
  takeTurns(draft, open, rules);
  return 'refused';
}

/** Destroys a password that Chorus Pro refused to the end while it believed another one of the account. */
function refuseForGood(draft: Draft, open: Rotation): void {
  const ended = draft.put(open, { stage: 'refused', endedAt: draft.now, nextTryAt: null });
  draft.audit('refused for good', ended, {
    check: 'password-refused',
    detail: `refusal ${ended.refusals}`,
  });
  draft.destroy(ended);
  if (takeUpAgain(draft, ['candidate', 'unclear'], (one) => afterLock(one, draft.now))) return;
  draft.letter('refusal', ended);
  draft.alarm('password-refused', ended.id, { kept: false });
  releaseHolds(draft);
}

/** One that waits beside an unproven password in service was refused too: it goes on waiting. */
function stepBack(draft: Draft, refused: Rotation): void {
  draft.put(refused, { stage: 'superseded', endedAt: draft.now, nextTryAt: draft.now });
}

/** What an answer said of the former password; null when it said nothing. */
export function judgeFormer(
  book: Book,
  lease: string,
  verdict: Verdict,
  rules: RotationRules,
  now: number,
): Turn<boolean | null> {
  const open = openRotation(book);
  const draft = new Draft(book, now);
  count(draft, lease, verdict);
  if (open === null || open.lease !== lease) return draft.turn(null);
  const free = draft.put(open, { lease: null, leaseUntil: null });
  if (verdict.kind === 'undetermined') {
    const wait = rules.proofWaits[Math.min(open.asked, rules.proofWaits.length - 1)] ?? 0;
    draft.put(free, { asked: open.asked + 1, nextTryAt: Math.max(open.nextTryAt ?? 0, now + wait) });
    return draft.turn(null);
  }
  const formerWorks = verdict.kind === 'accepted';
  const told = draft.put(free, { formerWorks });
  if (formerWorks) formerBelieved(draft, told, rules);
  else formerRefused(draft, told, rules);
  return draft.turn(formerWorks);
}

/** The reset was never submitted: its manager is told, the connectors go on, and the window of the candidate goes on too. */
function formerBelieved(draft: Draft, open: Rotation, rules: RotationRules): void {
  const { book, now } = draft;
  // Refusals by an account that may have been locked are not held against it: from now on a whole window begins.
  const counted = draft.put(open, afterLock(open, now));
  const told = draft.put(open, { nextTryAt: plannedAfter(counted, rules, now) });
  draft.audit('the former one works still', told);
  const health = currentHealth(book);
  if (health !== null) draft.health(health, believedAt(now));
  proveInService(draft, 'asked beside the candidate');
  if (isSpent(told, rules)) {
    refuseForGood(draft, told);
    return;
  }
  draft.letter('not-submitted', told);
  draft.alarm('not-submitted', told.id);
  releaseHolds(draft);
}

/** What a password that was refused beside the former one is, now that the account is known to be open. */
function afterLock({ bothRefusedSince, refusals, formerWorks }: Rotation, now: number): Partial<Rotation> {
  if (bothRefusedSince === null) return { formerWorks };
  const window = { refusals: Math.min(refusals, 1), refusedAt: now };
  return { ...window, bothRefusedSince: null, rounds: 0, formerWorks: true };
}

function formerRefused(draft: Draft, open: Rotation, rules: RotationRules): void {
  const { book, now } = draft;
  const former = currentRotation(book);
  if (former !== null) draft.put(former, { lastRefusedAt: now });
  draft.audit('the former one is refused', open, { check: 'password-refused' });
  // Submitted since the candidate was refused last, by somebody's word or by the time between: the candidate may be good now.
  const refusedAt = open.lastRefusedAt ?? 0;
  const isOlder = (open.pressedAt ?? 0) >= refusedAt || now - refusedAt >= SAME_TIME_MS;
  if (isOlder && open.bothRefusedSince === null) draft.put(open, { nextTryAt: now });
  else refuseBoth(draft, open, rules);
}

/** Puts the open candidate into service on an agent's word. Null when there is none. */
export function acceptUnproven(
  book: Book,
  who: string,
  rules: RotationRules,
  now: number,
): Turn<Rotation | null> {
  const open = openRotation(book);
  if (open === null || open.credential === null || open.stage === 'unclear') return stay(null);
  // It waits beside the one that was accepted so already, and merely has its turn.
  if (isTakenUp(book, open)) return stay(null);
  const draft = new Draft(book, now);
  return draft.turn(accept(draft, open, 'unverified', who, rules));
}
