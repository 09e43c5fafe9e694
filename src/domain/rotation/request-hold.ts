// Asks that connectors hold their calls or go on; the calls that tell them are decided in hold.ts.
import type { ChangeSetBuilder } from './change-set.ts';
import type { RotationRules } from './rotation-rules.ts';

/** Asks that a connector hold its calls, or go on. */
export function requestHold(
  changeSet: ChangeSetBuilder,
  sink: string,
  { wanted }: { readonly wanted: boolean },
): void {
  const before = changeSet.aggregate.holds.find((hold) => hold.sink === sink);
  if (before === undefined && !wanted) return;
  const unknown = { applied: false, appliedAt: null, tries: 0, lease: null, leaseUntil: null };
  const one = { sink, ...unknown, ...before };
  // A failed or interrupted hold call may still have taken effect, so the wanted state is always sent again.
  const isUnsure = one.lease !== null || one.tries > 0;
  const certain = isUnsure ? { applied: !wanted, appliedAt: null } : {};
  changeSet.hold({ ...one, ...certain, wanted, nextAt: changeSet.now });
}

/** Asks that every connector of this technical user that can hold its calls do so. */
export function requestEveryHold(changeSet: ChangeSetBuilder, rules: RotationRules): void {
  for (const { name, canHold } of rules.sinksOf(changeSet.aggregate.user))
    if (canHold) requestHold(changeSet, name, { wanted: true });
}

/**
 * Lets every connector of this technical user go on, unless Chorus Pro refuses the current password: calls would lock the
 * account.
 */
export function releaseHolds(changeSet: ChangeSetBuilder): void {
  if (changeSet.healthNow?.state === 'stopped') return;
  for (const { sink, wanted } of changeSet.aggregate.holds)
    if (wanted) requestHold(changeSet, sink, { wanted: false });
}
