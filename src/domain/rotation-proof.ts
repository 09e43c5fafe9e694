// The moves of the proof: whose turn it is to be asked about, and what Chorus Pro's answer makes of it.
import { believedAt, newHealth } from './health.ts';
import {
  type Attempt,
  type Book,
  currentHealth,
  currentRotation,
  hasCome,
  leaseOver,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';
import { accept, takeUpAgain } from './rotation-accept.ts';
import { DAEMON, Draft, stay } from './rotation-draft.ts';
import { releaseHolds } from './rotation-receive.ts';
import { noteRights } from './rotation-rights.ts';
import type { Watched } from './technical-user.ts';
import type { Verdict } from './verdict.ts';

/** A password to ask Chorus Pro about: the candidate, the former one, or the one in service. */
export interface Question {
  readonly rotation: Rotation;
  readonly about: 'candidate' | 'former' | 'current';
  readonly credential: string;
  readonly user: Watched;
}

/** When the next call may be made within the budget of failures: `now`, or later. An open call counts as a failure. */
export function allowedAt(attempts: readonly Attempt[], rules: RotationRules, now: number): number {
  const { failures, per } = rules.budget;
  const recent = attempts
    .filter(({ at, refused }) => refused !== false && at > now - per && at <= now + per)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const nth = recent.at(-failures);
  return nth === undefined ? now : Math.max(now, nth + per + 1);
}

/** Claims the candidate whose turn it is; null when none is, or when the budget of failures bids us wait. */
export function claimProof(
  book: Book,
  lease: string,
  rules: RotationRules,
  now: number,
): Turn<Question | null> {
  const open = openRotation(book);
  if (open === null || open.credential === null || !isDue(open, rules, now)) return stay(null);
  const draft = new Draft(book, now);
  const at = allowedAt(book.attempts, rules, now);
  if (at > now) {
    // Nothing is asked now, whoever had it in hand before.
    draft.put(open, { stage: 'candidate', nextTryAt: at, lease: null, leaseUntil: null });
    return draft.turn(null);
  }
  const leaseUntil = now + rules.proofLease;
  const rotation = draft.put(open, { stage: 'verifying', lease, leaseUntil });
  draft.attempt(lease, now, null);
  return draft.turn({ rotation, about: 'candidate', credential: open.credential, user: book.user });
}

function isDue(open: Rotation, rules: RotationRules, now: number): boolean {
  if (!leaseOver(open.leaseUntil, now, rules.proofLease)) return false;
  return open.stage === 'verifying' || (open.stage === 'candidate' && hasCome(open.nextTryAt, now));
}

/** From the second refusal on the former password is tried, once: where it works still, the reset was never submitted. */
export function claimFormer(
  book: Book,
  lease: string,
  rules: RotationRules,
  now: number,
): Turn<Question | null> {
  const open = openRotation(book);
  const former = currentRotation(book);
  if (open === null || open.stage !== 'candidate' || open.refusals < 2 || open.formerWorks !== null)
    return stay(null);
  if (former === null || former.credential === null || !leaseOver(open.leaseUntil, now, rules.proofLease)) {
    return stay(null);
  }
  if (allowedAt(book.attempts, rules, now) > now) return stay(null);
  const draft = new Draft(book, now);
  const rotation = draft.put(open, { lease, leaseUntil: now + rules.proofLease });
  draft.attempt(lease, now, null);
  return draft.turn({ rotation, about: 'former', credential: former.credential, user: book.user });
}

/** What an answer made of the candidate. */
export type Judged = 'accepted' | 'refused' | 'refused-for-good' | 'undetermined' | 'not-ours';

/** Heeds an answer about the candidate, if the claim is still ours. */
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

function refuse(draft: Draft, open: Rotation, rules: RotationRules): Judged {
  const { now } = draft;
  const refusals = open.refusals + 1;
  // Never later than now: a clock that was wrong may have dated the first one.
  const refusedAt = Math.min(open.refusedAt ?? now, now);
  const again = rules.refusalsAt[refusals - 1];
  const counted = {
    refusals,
    refusedAt,
    asked: 0,
    cause: 'password-refused',
    lease: null,
    leaseUntil: null,
  } as const;
  if (again !== undefined) {
    const nextTryAt = Math.max(refusedAt + again, now + 60_000);
    const waiting = draft.put(open, { ...counted, stage: 'candidate', nextTryAt });
    draft.audit('refused', waiting, { check: 'password-refused', detail: `refusal ${refusals}` });
    return 'refused';
  }
  const ended = draft.put(open, { ...counted, stage: 'refused', endedAt: now, nextTryAt: null });
  draft.audit('refused for good', ended, { check: 'password-refused', detail: `refusal ${refusals}` });
  draft.destroy(ended);
  if (takeUpAgain(draft, ['candidate', 'unclear'])) return 'refused-for-good';
  draft.letter('refusal', ended);
  draft.alarm('password-refused', ended.id);
  // Where the former one is dead as well, calls would only be failures: the connector goes on with the next password.
  if (ended.formerWorks !== false) releaseHolds(draft);
  return 'refused-for-good';
}

/** Heeds an answer about the former password. */
export function judgeFormer(book: Book, lease: string, verdict: Verdict, now: number): Turn<boolean | null> {
  const open = openRotation(book);
  const draft = new Draft(book, now);
  count(draft, lease, verdict);
  if (open === null || open.lease !== lease) return draft.turn(null);
  const formerWorks = verdict.kind === 'undetermined' ? null : verdict.kind === 'accepted';
  const told = draft.put(open, { formerWorks, lease: null, leaseUntil: null });
  if (formerWorks === null) return draft.turn(null);
  draft.audit(formerWorks ? 'the former one works still' : 'the former one is dead', told);
  if (formerWorks) {
    const health = currentHealth(book);
    if (health !== null) draft.health(health, believedAt(now));
    draft.letter('not-submitted', told);
    draft.alarm('not-submitted', told.id);
    releaseHolds(draft);
  }
  return draft.turn(formerWorks);
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
  const draft = new Draft(book, now);
  return draft.turn(accept(draft, open, 'unverified', who, rules));
}
