// Asks that connectors hold their calls or go on; the calls that tell them are decided in hold.ts.
import type { ChangeSetBuilder } from './change-set.ts';
import type { Hold } from './rotation.ts';
import { NOT_LEASED, type RotationRules, type SinkPlace } from './rotation-rules.ts';

/** Nothing was tried yet. */
const UNKNOWN = { applied: false, appliedAt: null, before: null, tries: 0, fault: null, ...NOT_LEASED };

/** Asks that a connector hold its calls, or go on. */
export function requestHold(
  changeSet: ChangeSetBuilder,
  sink: string,
  { wanted }: { readonly wanted: boolean },
): void {
  const before = changeSet.aggregate.holds.find((hold) => hold.sink === sink);
  if (before === undefined && !wanted) return;
  const one = { sink, ...UNKNOWN, byHand: null, ...before };
  // A failed or interrupted hold call may still have taken effect, so the wanted state is always sent again.
  const isUnsure = one.lease !== null || one.tries > 0;
  const certain = isUnsure ? { applied: !wanted, appliedAt: null } : {};
  const byHand = wanted ? null : one.byHand;
  changeSet.hold({ ...one, ...certain, wanted, byHand, nextAt: changeSet.now });
}

/** Asks that every connector of this technical user that can hold its calls do so, and a person to stop what is typed into. */
export function requestEveryHold(changeSet: ChangeSetBuilder, rules: RotationRules): void {
  for (const place of rules.sinksOf(changeSet.aggregate.user)) {
    if (place.canHold) requestHold(changeSet, place.name, { wanted: true });
    else if (place.byHand !== null) askToStop(changeSet, place.name, place.byHand);
  }
}

/** Asks a person, once for as long as it is wanted: nobody here knows whether the program was stopped. */
function askToStop(
  changeSet: ChangeSetBuilder,
  sink: string,
  byHand: NonNullable<SinkPlace['byHand']>,
): void {
  const { now } = changeSet;
  const { holds, user } = changeSet.aggregate;
  const before = holds.find((hold) => hold.sink === sink);
  if (before?.wanted === true && before.byHand !== null) return;
  changeSet.hold({ sink, ...UNKNOWN, wanted: true, byHand, nextAt: now });
  changeSet.alarm('stop-by-hand', `${user.id}/${sink}/${now}`, byHand);
}

/**
 * Lets every connector of this technical user go on, unless Chorus Pro refuses the current password: calls would lock the
 * account.
 */
export function releaseHolds(changeSet: ChangeSetBuilder): void {
  if (changeSet.healthNow?.state === 'stopped') return;
  for (const hold of changeSet.aggregate.holds) if (hold.wanted) letGoOn(changeSet, hold);
}

/** Lets one connector go on; a person is told to start what a person was to stop, unless the new password must be typed into it first. */
export function letGoOn(changeSet: ChangeSetBuilder, { sink, byHand }: Hold): void {
  const { user, publications } = changeSet.aggregate;
  if (byHand !== null) {
    if (publications.some((one) => one.sink === sink && one.stage === 'asked')) return;
    changeSet.alarm('start-by-hand', `${user.id}/${sink}/${changeSet.now}`, byHand);
  }
  requestHold(changeSet, sink, { wanted: false });
}
