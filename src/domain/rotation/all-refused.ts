// Candidate and former password both refused: the account is locked, or the reset is done and this is not the password.
// Nobody can tell which, so nothing is destroyed; each round asks again once a lock must be over.

import { drawnBetween, nextSlot } from '../platform/probe-schedule.ts';
import { Draft, stay } from './change-set.ts';
import { callsLeft, isLockOver, isUnprovenInDoubt, LOCK_MS, waitingCandidates } from './may-ask.ts';
import { type Bringer, wantHold } from './receive.ts';
import {
  type Book,
  currentHealth,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';

/** The longest wait between two rounds, in ms; the shortest is that of a lock. */
const LONGEST_MS = 65 * 60_000;
const DAY_MS = 86_400_000;
/** After so many rounds it is asked about with each night's probe. */
const ROUNDS = 4;

/** The next instant (ms) at which an account that refuses everything is asked again, after so many rounds. */
function nextRoundAt({ book, now }: Draft, rounds: number, { probe }: RotationRules): number {
  // An instant more than a day ahead counts as a wrong clock's; a day from a night's round is in the next night.
  if (rounds >= ROUNDS) return Math.min(nextSlot(book.user, now, probe.quiet), now + DAY_MS);
  return now + drawnBetween(LOCK_MS, LONGEST_MS, `${book.user.login} ${now}`);
}

/**
 * Both were refused for the first time: connectors that can be told hold, the IT service hears of it at once. Where it was so
 * before, a further round has ended without an answer that decides.
 */
export function refuseBoth(draft: Draft, refused: Rotation, rules: RotationRules): void {
  const { book, now } = draft;
  const since = refused.bothRefusedSince ?? now;
  if (refused.bothRefusedSince === null) {
    draft.audit('both refused', refused, { check: 'password-refused' });
    for (const { name, canHold } of rules.sinksOf(book.user)) if (canHold) wantHold(draft, name, true);
    draft.alarm('both-refused', `${book.user.id}/${since}`, { since, held: wasHeldBefore(book, refused) });
  }
  const asked = draft.put(refused, { bothRefusedSince: since, formerWorks: false });
  // Its manager was told by the page at once; a letter says it when an hour has not changed it.
  const isNewest = waitingCandidates(book).every((one) => (one.receivedAt ?? 0) <= (asked.receivedAt ?? 0));
  if (asked.rounds === 1 && isNewest) draft.letter('refusal', asked);
  takeTurns(draft, asked, rules);
}

/**
 * Whose turn is next. Each round asks the newest first, then the others in turn, the one that waited longest first, as far
 * as the budget goes; then all wait for the next round.
 */
export function takeTurns(draft: Draft, asked: Rotation, rules: RotationRules): void {
  const { book, now } = draft;
  const others = waitingCandidates(book).filter(({ id }) => id !== asked.id);
  const current = currentRotation(book);
  // As this move leaves it: it may have been refused just now.
  const former = current === null ? null : draft.put(current, {});
  const inTurn = [...others, ...(former === null || former.credential === null ? [] : [former])]
    .filter(({ lastRefusedAt }) => isLockOver(lastRefusedAt, now))
    .sort((a, b) => (a.lastRefusedAt ?? 0) - (b.lastRefusedAt ?? 0));
  const next = callsLeft(draft.attemptsNow, 'daemon', rules, now) > 0 ? inTurn[0] : undefined;
  if (next !== undefined && next !== former) {
    hand(draft, asked, next, now);
    return;
  }
  if (next !== undefined) {
    draft.put(asked, { stage: 'candidate', formerWorks: null, nextTryAt: now });
    return;
  }
  const newest = [asked, ...others].reduce((a, b) => ((b.receivedAt ?? 0) > (a.receivedAt ?? 0) ? b : a));
  const at = nextRoundAt(draft, newest.rounds, rules);
  if (newest.id === asked.id) draft.put(asked, { stage: 'candidate', nextTryAt: at });
  else hand(draft, asked, newest, at);
}

/** One steps back and waits, another is asked about at an instant (ms). Both stay sealed. */
function hand(draft: Draft, from: Rotation, to: Rotation, nextTryAt: number): void {
  const { bothRefusedSince, formerWorks } = draft.put(from, {
    stage: 'superseded',
    endedAt: draft.now,
    nextTryAt: draft.now,
  });
  draft.put(to, { stage: 'candidate', endedAt: null, nextTryAt, formerWorks, bothRefusedSince });
}

/**
 * Whether every connector of the account was known to hold its calls before this password came in, and so before the reset.
 * One that cannot be told was not; one that was told because every password was refused had gone on until then.
 */
export function wasHeldBefore(book: Book, { receivedAt, bothRefusedSince }: Rotation): boolean {
  const before = Math.min(receivedAt ?? 0, bothRefusedSince ?? Number.POSITIVE_INFINITY);
  const held = book.holds.filter(
    ({ wanted, appliedAt }) => wanted && appliedAt !== null && appliedAt < before,
  );
  const current = currentRotation(book);
  const served = book.publications.filter(
    ({ rotationId, stage }) => rotationId === current?.id && stage !== 'superseded',
  );
  return held.length > 0 && served.every(({ sink }) => held.some((one) => one.sink === sink));
}

/**
 * The connector makes no more calls from now on: a lock ends an hour after its last one, so the wait starts again. Answers
 * the instant of the next question (ms); null where nothing waits for it.
 */
export function waitAgain(draft: Draft, rules: RotationRules): number | null {
  const { book } = draft;
  const open = openRotation(book);
  const at = nextRoundAt(draft, 0, rules);
  if (open === null && isUnprovenInDoubt(book)) return doubtAgain(draft, at);
  if (open?.stage !== 'candidate' || open.bothRefusedSince === null || open.lease !== null) return null;
  draft.put(open, { nextTryAt: at, rounds: 0 });
  return at;
}

function doubtAgain(draft: Draft, at: number): number | null {
  const health = currentHealth(draft.book);
  if (health === null || health.lease !== null) return null;
  draft.health(health, { nextAt: at, refusals: Math.min(health.refusals, 1) });
  return at;
}

/**
 * An unproven password in service was refused, and others wait beside it: it is asked again in rounds as well, and one of the
 * others is taken up to be asked now. Answers when the one in service is asked next (ms).
 */
export function refuseInDoubt(draft: Draft, refusals: number, rules: RotationRules): number {
  const { book, now } = draft;
  const since = currentHealth(book)?.refusedAt ?? now;
  const [next] = [...waitingCandidates(book)]
    .filter(({ lastRefusedAt }) => isLockOver(lastRefusedAt, now))
    .sort((a, b) => (a.lastRefusedAt ?? 0) - (b.lastRefusedAt ?? 0));
  if (next !== undefined && callsLeft(draft.attemptsNow, 'daemon', rules, now) > 0) {
    const asked = { endedAt: null, nextTryAt: now, formerWorks: false, bothRefusedSince: since } as const;
    draft.put(next, { stage: 'candidate', ...asked });
  }
  return nextRoundAt(draft, refusals - 1, rules);
}

/** A person says that the connector was stopped. Answers when Chorus Pro is asked next (ms); null where nothing waits. */
export function connectorStopped(
  book: Book,
  { by, channel }: Bringer,
  rules: RotationRules,
  now: number,
): Turn<number | null> {
  const draft = new Draft(book, now);
  const at = waitAgain(draft, rules);
  if (at === null) return stay(null);
  draft.audit('connector stopped', openRotation(book), { who: by, channel });
  return draft.turn(at);
}
