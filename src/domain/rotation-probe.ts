// The moves of the probe: whose password in service is asked about now, and when to ask again.
import type { Reported } from './handover.ts';
import { AHEAD_MS, asksAgain, FAR_MS, type Health, newHealth } from './health.ts';
import { isQuiet, nextSlot } from './probe-night.ts';
import {
  type Book,
  currentHealth,
  currentRotation,
  leaseOver,
  openRotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';
import { Draft, stay } from './rotation-draft.ts';
import { allowedAt, type Question } from './rotation-proof.ts';

const HOUR_MS = 3_600_000;
/** While a reset is announced or a new password is in hand, the one in service may be dead already: it is left alone. */
const IN_HAND_MS = HOUR_MS / 2;
/** A password that worked so lately can wait for quiet hours, when its minute was missed. */
const FRESH_MS = 30 * HOUR_MS;

/** What is known of the password in service; what nobody has asked about yet is asked about in the next night. */
export function healthOf(book: Book, rules: RotationRules, now: number): Health | null {
  const current = currentRotation(book);
  if (current === null) return null;
  return currentHealth(book) ?? newHealth(current.id, nextSlot(book.user, now, rules.probe.quiet));
}

/** Whether a password in service can be asked about at all. */
function isProbed({ user, ...book }: Book, { probe, verification }: RotationRules): boolean {
  const current = book.rotations.find(({ standing }) => standing === 'current');
  const isAsked = probe.enabled && verification[user.environment] === 'piste' && !user.retired;
  return isAsked && current !== undefined && current.credential !== null;
}

/**
 * Gives a password that was never planned its first minute, and one that was refused under a wrong clock another. Answers
 * whether there was one.
 */
export function planProbe(book: Book, rules: RotationRules, now: number): Turn<boolean> {
  const known = healthOf(book, rules, now);
  const health = known === null ? null : putRight(known, now);
  if (health === null || health === book.health || !isProbed(book, rules)) return stay(false);
  const draft = new Draft(book, now);
  draft.health(health);
  return draft.turn(true);
}

/** Somebody wants to know now: a person, or a connector that was refused. Answers whether it can be asked at all. */
export function wantProbe(book: Book, rules: RotationRules, now: number): Turn<boolean> {
  const health = healthOf(book, rules, now);
  if (health === null || !isProbed(book, rules)) return stay(false);
  const draft = new Draft(book, now);
  draft.health(health, { nextAt: now, wanted: true });
  return draft.turn(true);
}

/** An answer that is not older than this is not asked for again because a connector complains. */
const LATELY_MS = 5 * 60_000;

/** A connector says that Chorus Pro refused it. */
export function reportRefused(book: Book, tool: string, rules: RotationRules, now: number): Turn<Reported> {
  const health = healthOf(book, rules, now);
  if (health === null || !isProbed(book, rules)) return stay({ kind: 'none' });
  const { state, askedAt } = health;
  const isLate = askedAt === null || askedAt > now || now - askedAt > LATELY_MS;
  if (state === 'stopped' || state === 'doubtful' || !isLate) return stay({ kind: 'known', state, askedAt });
  const draft = new Draft(book, now);
  draft.health(health, { nextAt: now, wanted: true });
  draft.audit('refused, says the connector', currentRotation(book), { who: tool, channel: 'api' });
  return draft.turn({ kind: 'asking', state, askedAt });
}

/** Claims the password in service when its minute has come; null when it has not, or when now is no good time. */
export function claimProbe(
  book: Book,
  lease: string,
  rules: RotationRules,
  now: number,
): Turn<Question | null> {
  const known = healthOf(book, rules, now);
  const current = currentRotation(book);
  if (known === null || current === null) return stay(null);
  const health = putRight(known, now);
  if (health.nextAt > now && health.nextAt <= now + FAR_MS) return stay(null);
  if (!leaseOver(health.leaseUntil, now, rules.proofLease)) return stay(null);
  const draft = new Draft(book, now);
  const later = (nextAt: number, more: Partial<Health> = {}) => {
    draft.health(health, { nextAt, lease: null, leaseUntil: null, ...more });
    return draft.turn(null);
  };
  const tonight = nextSlot(book.user, now, rules.probe.quiet);
  if (!isProbed(book, rules) || current.credential === null) return later(tonight, { wanted: false });
  if (openRotation(book) !== null) return later(now + IN_HAND_MS);
  if (!asksAgain(health)) return later(tonight);
  const allowed = allowedAt(book.attempts, rules, now);
  if (allowed > now) return later(allowed);
  const fresh = freshUntil(health, rules, now);
  if (fresh > now) return later(Math.min(tonight, fresh));
  draft.health(health, { lease, leaseUntil: now + rules.proofLease });
  draft.attempt(lease, now, null);
  return draft.turn({ rotation: current, about: 'current', credential: current.credential, user: book.user });
}

/** A refusal that a wrong clock dated ahead is one of now: the waits that follow it begin anew, and somebody looks at once. */
function putRight(health: Health, now: number): Health {
  const { refusedAt } = health;
  return refusedAt === null || refusedAt <= now + AHEAD_MS
    ? health
    : { ...health, refusedAt: now, nextAt: now };
}

/** Until when (ms) a minute that was missed in the night can wait for the quiet hours; `now` where it cannot. */
function freshUntil(
  { state, unanswered, wanted, workedAt }: Health,
  { probe }: RotationRules,
  now: number,
): number {
  if (wanted || state !== 'working' || unanswered > 0 || isQuiet(now, probe.quiet)) return now;
  return workedAt === null || workedAt > now ? now : workedAt + FRESH_MS;
}
