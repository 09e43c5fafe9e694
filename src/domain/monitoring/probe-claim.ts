// The moves of the probe: whose password in service is asked about now, and when to ask again.
import { nextSlot } from '../platform/probe-schedule.ts';
import { ChangeSetBuilder, noChange } from '../rotation/change-set.ts';
import type { CredentialCheck } from '../rotation/claim-check.ts';
import { AHEAD_MS, type Health, newHealth, type PasswordState } from '../rotation/health.ts';
import { type BlockReason, type MayAsk, mayAsk } from '../rotation/may-ask.ts';
import {
  currentHealth,
  currentRotation,
  type RotationAggregate,
  type RotationDecision,
} from '../rotation/rotation.ts';
import type { RotationRules } from '../rotation/rotation-rules.ts';

const HOUR_MS = 3_600_000;
/** While a reset is announced or a new password is in hand, the one in service may be dead already: it is left alone. */
const IN_HAND_MS = HOUR_MS / 2;

/** What is known of the password in service; what nobody has asked about yet is asked about in the next night. */
export function healthOf(aggregate: RotationAggregate, rules: RotationRules, now: number): Health | null {
  const current = currentRotation(aggregate);
  if (current === null) return null;
  return currentHealth(aggregate) ?? newHealth(current.id, nextSlot(aggregate.user, now, rules.probe.quiet));
}

/** Whether a password in service can be asked about at all, at whatever instant. */
function isProbed(aggregate: RotationAggregate, rules: RotationRules, now: number): boolean {
  const may = mayAsk(aggregate, { about: 'current', by: 'daemon', wanted: true }, rules, now);
  return may.ok || !NEVER.includes(may.why);
}

/** Why a password is not asked about, whatever the instant. */
const NEVER: readonly BlockReason[] = ['nothing-in-service', 'retired', 'off', 'disabled'];

/**
 * Gives a password that was never planned its first minute, and one that was refused under a wrong clock another. Answers
 * whether there was one.
 */
export function planProbe(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const known = healthOf(aggregate, rules, now);
  const health = known === null ? null : putRight(known, now);
  if (health === null || health === aggregate.health || !isProbed(aggregate, rules, now))
    return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.health(health);
  return changeSet.decide(true);
}

/** Somebody wants to know now: a person, or a connector that was refused. Answers whether it can be asked at all. */
export function wantProbe(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const health = healthOf(aggregate, rules, now);
  if (health === null || !isProbed(aggregate, rules, now)) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.health(health, { nextAt: now, wanted: true });
  return changeSet.decide(true);
}

/** A connector says that Chorus Pro refused it. */
export function reportRefused(
  aggregate: RotationAggregate,
  tool: string,
  rules: RotationRules,
  now: number,
): RotationDecision<Reported> {
  const health = healthOf(aggregate, rules, now);
  if (health === null || !isProbed(aggregate, rules, now)) return noChange({ kind: 'none' });
  const { state, askedAt } = health;
  const may = mayAsk(aggregate, { about: 'current', by: 'connector', health }, rules, now);
  if (!may.ok) return noChange({ kind: 'known', state, askedAt });
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.health(health, { nextAt: now, wanted: true });
  changeSet.audit('refused, says the connector', currentRotation(aggregate), { who: tool, channel: 'api' });
  return changeSet.decide({ kind: 'asking', state, askedAt });
}

/** Claims the password in service when its minute has come; null when it has not, or when now is no good time. */
export function claimProbe(
  aggregate: RotationAggregate,
  lease: string,
  rules: RotationRules,
  now: number,
): RotationDecision<CredentialCheck | null> {
  const known = healthOf(aggregate, rules, now);
  const current = currentRotation(aggregate);
  if (known === null || current === null) return noChange(null);
  const health = putRight(known, now);
  const wish = { about: 'current', by: 'daemon', wanted: health.wanted, health } as const;
  const may = mayAsk(aggregate, wish, rules, now);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (!may.ok || current.credential === null) {
    const later = may.ok ? null : laterThan(aggregate, may, rules, now);
    if (later === null) return noChange(null);
    changeSet.health(health, { lease: null, leaseUntil: null, ...later });
    return changeSet.decide(null);
  }
  changeSet.health(health, { lease, leaseUntil: now + rules.proofLease });
  changeSet.attempt({ id: lease, at: now, refused: null });
  return changeSet.decide({
    rotation: current,
    about: 'current',
    credential: current.credential,
    user: aggregate.user,
  });
}

/** When a password is looked at again that may not be asked about now; null where it is left as it is. */
function laterThan(
  { user }: RotationAggregate,
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

/**
 * What becomes of a connector's word that Chorus Pro refused it: `asking` looks at once; `known` was looked at lately, or is
 * held already (`state` says which); `none`: no password in service that could be asked about.
 */
export type Reported =
  | { readonly kind: 'asking' | 'known'; readonly state: PasswordState; readonly askedAt: number | null }
  | { readonly kind: 'none' };
