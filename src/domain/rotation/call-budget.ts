// Counts the failures that our calls may still cause at an account: only so many in a time, and the last one is a person's.
import type { Attempt } from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/** Who asks for a check: a person who waits for the answer, the daemon by itself, or a connector that was refused. */
export type Asker = 'person' | 'daemon' | 'connector';

/** How many failures an asker may still cause now. An open call counts as a failure; the last one is reserved for a person. */
export function callsLeft(
  calls: readonly Attempt[],
  asker: Asker,
  rules: RotationRules,
  now: number,
): number {
  return limitOf(asker, rules) - recentFailures(calls, rules, now).length;
}

/** When the next call may be made within the budget of failures: `now`, or later. */
export function allowedAt(
  calls: readonly Attempt[],
  asker: Asker,
  rules: RotationRules,
  now: number,
): number {
  const nth = recentFailures(calls, rules, now).at(-limitOf(asker, rules));
  return nth === undefined ? now : Math.max(now, nth + rules.budget.per + 1);
}

function limitOf(asker: Asker, { budget }: RotationRules): number {
  return asker === 'person' ? budget.failures : Math.max(1, budget.failures - 1);
}

/** The instants of failures that count at present, the oldest first. */
export function recentFailures(
  attempts: readonly Attempt[],
  { budget }: Pick<RotationRules, 'budget'>,
  now: number,
): number[] {
  return attempts
    .filter(({ at, refused }) => refused !== false && at > now - budget.per && at <= now + budget.per)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}
