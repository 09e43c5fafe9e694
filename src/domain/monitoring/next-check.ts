// Reckons when the daemon checks a password of an account next, and why not sooner: the one source of each time that people
// are told.
//
// Invariant: what is said here holds. While nothing else happens, no check is made before that instant, and one is made then.
// Where that cannot be promised, no instant is named.
import { closedBy, type Maintenance, type PlatformCondition } from '../platform/platform.ts';
import { nextSlot } from '../platform/probe-schedule.ts';
import { FAR_MS } from '../rotation/health.ts';
import { type BlockReason, mayAsk } from '../rotation/may-ask.ts';
import {
  currentHealth,
  findOpenRotation,
  hasCome,
  leaseOver,
  type RotationAggregate,
} from '../rotation/rotation.ts';
import type { RotationRules } from '../rotation/rotation-rules.ts';

/**
 * Why a check is not made now. `planned`: it comes by the plan, of tries or of nights; `turn`: another password comes first, of
 * this account or, at our own pace, of another one; `budget`: more failures could lock the account; `maybe-locked`: every
 * password of it was refused, and a lock lasts for an hour; `maintenance`: an announced closure; `platform`: no account of the
 * platform gets an answer.
 */
export type Wait = 'planned' | 'turn' | 'budget' | 'maybe-locked' | 'maintenance' | 'platform';

/**
 * The next check: `at` (ms) is null where no instant can be promised; `waits` is null where the check is made now, and where none is
 * to come.
 */
export interface NextCheck {
  readonly at: number | null;
  readonly waits: Wait | null;
}

/** What is known of the platform of an account: its condition, and the closures that are not over. */
export interface PlatformOutlook {
  readonly condition: PlatformCondition;
  readonly closures: readonly Maintenance[];
}

/** None is to come, or it is under way. */
export const NO_CHECK: NextCheck = { at: null, waits: null };

/** More reasons than these never follow each other: a lock, the budget, a closure, a night. */
const STEPS = 16;

/** The next check of the candidate, or of the password in service beside it. `now` in ms. */
export function nextCandidateCheck(
  aggregate: RotationAggregate,
  { condition, closures }: PlatformOutlook,
  rules: RotationRules,
  now: number,
): NextCheck {
  const open = findOpenRotation(aggregate);
  if (open === null || (open.stage !== 'candidate' && open.stage !== 'verifying')) return NO_CHECK;
  if (open.nextTryAt === null || !leaseOver(open.leaseUntil, now, rules.proofLease)) return NO_CHECK;
  const at = claimedAt(aggregate, hasCome(open.nextTryAt, now) ? now : open.nextTryAt, rules);
  if (at === null) return NO_CHECK;
  if (at <= now) return { at: now, waits: null };
  if (condition === 'out') return { at: null, waits: 'platform' };
  // It is asked all the same, but nobody expects an answer.
  if (closedBy(closures, aggregate.user.environment, at) !== null) return { at: null, waits: 'maintenance' };
  if (open.bothRefusedSince !== null && open.refusals > 0) return { at, waits: 'maybe-locked' };
  const may = mayAsk(aggregate, { about: 'candidate', asker: 'daemon', wanted: true }, rules, now);
  const isBlocked = !may.ok && may.until !== null && may.until >= at;
  return { at, waits: isBlocked ? (WAITS[may.why] ?? 'planned') : 'planned' };
}

/** When (ms) `claimCheck` claims something, looked at from an instant on: it puts off what it may not claim. */
function claimedAt(aggregate: RotationAggregate, from: number, rules: RotationRules): number | null {
  let at = from;
  for (let step = 0; step < STEPS; step += 1) {
    if (mayAsk(aggregate, { about: 'comparison', asker: 'daemon' }, rules, at).ok) return at;
    const may = mayAsk(aggregate, { about: 'candidate', asker: 'daemon' }, rules, at);
    if (may.ok) return at;
    if (may.until === null || may.until <= at) return null;
    at = may.until;
  }
  return null;
}

/** The next check of the password in service, while none is in hand. `now` in ms. */
export function nextProbe(
  aggregate: RotationAggregate,
  { condition, closures }: PlatformOutlook,
  rules: RotationRules,
  now: number,
): NextCheck {
  const health = currentHealth(aggregate);
  if (health === null || !leaseOver(health.leaseUntil, now, rules.proofLease)) return NO_CHECK;
  const { user } = aggregate;
  let at = health.nextAt > now + FAR_MS ? now : Math.max(now, health.nextAt);
  let waits: Wait = 'planned';
  for (let step = 0; step < STEPS; step += 1) {
    const closure = closedBy(closures, user.environment, at);
    const may = mayAsk(
      aggregate,
      { about: 'current', asker: 'daemon', wanted: health.wanted, health, closedUntil: closure?.to ?? null },
      rules,
      at,
    );
    if (may.ok && condition === 'out') return { at: null, waits: 'platform' };
    if (may.ok) return { at, waits: at <= now ? null : waits };
    if (may.why === 'in-hand') return { at: null, waits: 'turn' };
    if (may.until === null || may.until <= at) return NO_CHECK;
    waits = WAITS[may.why] ?? 'planned';
    // One that was missed in the night waits for the next slot, unless that would be too late.
    at = may.why === 'fresh' ? Math.min(may.until, nextSlot(user, at, rules.probe.quiet)) : may.until;
  }
  return NO_CHECK;
}

const WAITS: Partial<Record<BlockReason, Wait>> = {
  budget: 'budget',
  'maybe-locked': 'maybe-locked',
  closed: 'maintenance',
};
