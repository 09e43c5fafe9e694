// Claims and plans probes: which password in service is checked now, and when to check again.
import type { PasswordState } from '../account/technical-user.ts';
import { nextSlot } from '../platform/probe-schedule.ts';
import { ChangeSetBuilder, noChange } from '../rotation/change-set.ts';
import type { CredentialCheck } from '../rotation/claim-check.ts';
import { AHEAD_MS, type Health, newHealth } from '../rotation/health.ts';
import { type BlockReason, type MayAsk, mayAsk } from '../rotation/may-ask.ts';
import {
  currentHealth,
  currentRotation,
  type RotationAggregate,
  type RotationDecision,
} from '../rotation/rotation.ts';
import { NOT_LEASED, type RotationRules } from '../rotation/rotation-rules.ts';

const HOUR_MS = 3_600_000;
/**
 * The wait while a reset is announced or a new password is being processed: the one in service may be dead already, so it
 * is not checked.
 */
const IN_HAND_MS = HOUR_MS / 2;

/** The health of the password in service; one that was never checked is probed in the next night. */
export function healthOrPlanned(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): Health | null {
  const current = currentRotation(aggregate);
  if (current === null) return null;
  return currentHealth(aggregate) ?? newHealth(current.id, nextSlot(aggregate.user, now, rules.probe.quiet));
}

/** Whether a password in service can be checked at all, at any time. */
export function isProbed(aggregate: RotationAggregate, rules: RotationRules, now: number): boolean {
  const may = mayAsk(aggregate, { about: 'current', asker: 'daemon', wanted: true }, rules, now);
  return may.ok || !NEVER.includes(may.why);
}

/** The reasons that do not pass with time. */
const NEVER: readonly BlockReason[] = ['nothing-in-service', 'retired', 'off', 'disabled'];

/**
 * Gives a new password its first slot, and a new one to a password that was refused under a wrong clock. Returns whether
 * there was one.
 */
export function planProbe(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const known = healthOrPlanned(aggregate, rules, now);
  const health = known === null ? null : withoutFutureDates(known, now);
  if (health === null || health === aggregate.health || !isProbed(aggregate, rules, now))
    return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.health(health);
  return changeSet.decide(true);
}

/** Plans a check now, for a person or a connector that was refused. Returns whether the password can be checked at all. */
export function requestProbe(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const health = healthOrPlanned(aggregate, rules, now);
  if (health === null || !isProbed(aggregate, rules, now)) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.health(health, { nextAt: now, wanted: true });
  return changeSet.decide(true);
}

/** A connector reports that Chorus Pro refused it. */
export function reportRefused(
  aggregate: RotationAggregate,
  tool: string,
  rules: RotationRules,
  now: number,
): RotationDecision<ReportAnswer> {
  const health = healthOrPlanned(aggregate, rules, now);
  if (health === null || !isProbed(aggregate, rules, now)) return noChange({ kind: 'none' });
  const { state, askedAt } = health;
  const may = mayAsk(aggregate, { about: 'current', asker: 'connector', health }, rules, now);
  if (!may.ok) return noChange({ kind: 'known', state, askedAt });
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.health(health, { nextAt: now, wanted: true });
  changeSet.audit('refused, says the connector', currentRotation(aggregate), { who: tool, channel: 'api' });
  return changeSet.decide({ kind: 'asking', state, askedAt });
}

/** Claims the password in service when its slot has come; null when it has not, or when it may not be checked now. */
export function claimProbe(
  aggregate: RotationAggregate,
  lease: string,
  rules: RotationRules,
  now: number,
): RotationDecision<CredentialCheck | null> {
  const known = healthOrPlanned(aggregate, rules, now);
  const current = currentRotation(aggregate);
  if (known === null || current === null) return noChange(null);
  const health = withoutFutureDates(known, now);
  const request = { about: 'current', asker: 'daemon', wanted: health.wanted, health } as const;
  const may = mayAsk(aggregate, request, rules, now);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (!may.ok || current.credential === null) {
    const later = may.ok ? null : replanned(aggregate, may, rules, now);
    if (later === null) return noChange(null);
    changeSet.health(health, { ...NOT_LEASED, ...later });
    return changeSet.decide(null);
  }
  changeSet.health(health, { lease, leaseUntil: now + rules.proofLease });
  changeSet.attempt({ id: lease, at: now, refused: null });
  const { credential } = current;
  return changeSet.decide({ rotation: current, about: 'current', credential, user: aggregate.user });
}

/** What to plan for a password that may not be checked now; null when nothing changes. */
function replanned(
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

/** Dates a refusal from a wrong clock's future as of now: the waits after it start again, and a check is due at once. */
function withoutFutureDates(health: Health, now: number): Health {
  const isAhead = health.refusedAt !== null && health.refusedAt > now + AHEAD_MS;
  return isAhead ? { ...health, refusedAt: now, nextAt: now } : health;
}

/**
 * The answer to a connector's report: `asking`: a check is made now; `known`: it was checked lately, or is rejected already
 * (`state` says which); `none`: no password in service can be checked.
 */
export type ReportAnswer =
  | { readonly kind: 'asking' | 'known'; readonly state: PasswordState; readonly askedAt: number | null }
  | { readonly kind: 'none' };
