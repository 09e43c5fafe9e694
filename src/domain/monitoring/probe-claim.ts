// The moves of the probe: whose password in service is asked about now, and when to ask again.

import { nextSlot } from '../platform/probe-schedule.ts';
import type { Reported } from '../ports/manager-api.ts';
import { Draft, stay } from '../rotation/change-set.ts';
import type { Question } from '../rotation/claim-check.ts';
import { AHEAD_MS, type Health, newHealth } from '../rotation/health.ts';
import { type MayAsk, mayAsk, type NotNow } from '../rotation/may-ask.ts';
import {
  type Book,
  currentHealth,
  currentRotation,
  type RotationRules,
  type Turn,
} from '../rotation/rotation.ts';

const HOUR_MS = 3_600_000;
/** While a reset is announced or a new password is in hand, the one in service may be dead already: it is left alone. */
const IN_HAND_MS = HOUR_MS / 2;

/** What is known of the password in service; what nobody has asked about yet is asked about in the next night. */
export function healthOf(book: Book, rules: RotationRules, now: number): Health | null {
  const current = currentRotation(book);
  if (current === null) return null;
  return currentHealth(book) ?? newHealth(current.id, nextSlot(book.user, now, rules.probe.quiet));
}

/** Whether a password in service can be asked about at all, at whatever instant. */
function isProbed(book: Book, rules: RotationRules, now: number): boolean {
  const may = mayAsk(book, { about: 'current', by: 'daemon', wanted: true }, rules, now);
  return may.ok || !NEVER.includes(may.why);
}

/** Why a password is not asked about, whatever the instant. */
const NEVER: readonly NotNow[] = ['nothing-in-service', 'retired', 'off', 'disabled'];

/**
 * Gives a password that was never planned its first minute, and one that was refused under a wrong clock another. Answers
 * whether there was one.
 */
export function planProbe(book: Book, rules: RotationRules, now: number): Turn<boolean> {
  const known = healthOf(book, rules, now);
  const health = known === null ? null : putRight(known, now);
  if (health === null || health === book.health || !isProbed(book, rules, now)) return stay(false);
  const draft = new Draft(book, now);
  draft.health(health);
  return draft.turn(true);
}

/** Somebody wants to know now: a person, or a connector that was refused. Answers whether it can be asked at all. */
export function wantProbe(book: Book, rules: RotationRules, now: number): Turn<boolean> {
  const health = healthOf(book, rules, now);
  if (health === null || !isProbed(book, rules, now)) return stay(false);
  const draft = new Draft(book, now);
  draft.health(health, { nextAt: now, wanted: true });
  return draft.turn(true);
}

/** A connector says that Chorus Pro refused it. */
export function reportRefused(book: Book, tool: string, rules: RotationRules, now: number): Turn<Reported> {
  const health = healthOf(book, rules, now);
  if (health === null || !isProbed(book, rules, now)) return stay({ kind: 'none' });
  const { state, askedAt } = health;
  const may = mayAsk(book, { about: 'current', by: 'connector', health }, rules, now);
  if (!may.ok) return stay({ kind: 'known', state, askedAt });
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
  const wish = { about: 'current', by: 'daemon', wanted: health.wanted, health } as const;
  const may = mayAsk(book, wish, rules, now);
  const draft = new Draft(book, now);
  if (!may.ok || current.credential === null) {
    const later = may.ok ? null : laterThan(book, may, rules, now);
    if (later === null) return stay(null);
    draft.health(health, { lease: null, leaseUntil: null, ...later });
    return draft.turn(null);
  }
  draft.health(health, { lease, leaseUntil: now + rules.proofLease });
  draft.attempt(lease, now, null);
  return draft.turn({ rotation: current, about: 'current', credential: current.credential, user: book.user });
}

/** When a password is looked at again that may not be asked about now; null where it is left as it is. */
function laterThan(
  { user }: Book,
  { why, until }: Extract<MayAsk, { ok: false }>,
  { probe }: RotationRules,
  now: number,
): Partial<Health> | null {
  const tonight = nextSlot(user, now, probe.quiet);
  switch (why) {
    case 'busy':
    case 'not-due':
      return null;
    case 'in-hand':
      return { nextAt: now + IN_HAND_MS };
    case 'budget':
    case 'maybe-locked':
      return { nextAt: until ?? tonight };
    case 'fresh':
      return { nextAt: Math.min(tonight, until ?? tonight) };
    case 'dead':
      return { nextAt: tonight };
    default:
      return { nextAt: tonight, wanted: false };
  }
}

/** A refusal that a wrong clock dated ahead is one of now: the waits that follow it begin anew, and somebody looks at once. */
function putRight(health: Health, now: number): Health {
  const { refusedAt } = health;
  return refusedAt === null || refusedAt <= now + AHEAD_MS
    ? health
    : { ...health, refusedAt: now, nextAt: now };
}
