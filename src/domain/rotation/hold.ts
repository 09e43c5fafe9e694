// Decides the hold calls by which connectors pause or go on, sink by sink.
import { waitAfter } from '../shared/retry.ts';
import { restartLockWait } from './all-refused.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import {
  findOpenRotation,
  type Hold,
  hasCome,
  leaseOver,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules, TRIES_BEFORE_ALARM } from './rotation-rules.ts';

/** Claims the hold call of a sink; null when its connector is up to date. */
export function claimHold(
  aggregate: RotationAggregate,
  { sink, lease }: { readonly sink: string; readonly lease: string },
  rules: RotationRules,
  now: number,
): RotationDecision<Hold | null> {
  const hold = aggregate.holds.find((one) => one.sink === sink);
  if (hold === undefined || hold.wanted === hold.applied || !hasCome(hold.nextAt, now)) return noChange(null);
  // A person stops that program, and nothing here says that it was done.
  if (hold.byHand !== null) return noChange(null);
  if (!leaseOver(hold.leaseUntil, now, rules.publishLease)) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const claimed = { ...hold, lease, leaseUntil: now + rules.publishLease };
  changeSet.hold(claimed);
  return changeSet.decide(claimed);
}

/** Keeps what was set at the connector before it is told to hold; false where another process has taken the claim over. */
export function keepBefore(
  aggregate: RotationAggregate,
  claimed: Pick<Hold, 'sink' | 'lease'>,
  before: string,
  now: number,
): RotationDecision<boolean> {
  const hold = aggregate.holds.find((one) => one.sink === claimed.sink);
  if (hold === undefined || hold.lease !== claimed.lease) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.hold({ ...hold, before });
  return changeSet.decide(true);
}

/** Records the result of a hold call; `fault` is null when it succeeded. What is wanted may have changed meanwhile. */
export function settleHold(
  aggregate: RotationAggregate,
  { claimed, fault }: { readonly claimed: Hold; readonly fault: string | null },
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const hold = aggregate.holds.find((one) => one.sink === claimed.sink);
  if (hold === undefined) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (hold.lease !== claimed.lease) {
    if (hold.lease !== null) return noChange(false);
    // Another process took the claim over: our call may have been the last one to reach the connector, so the wanted state
    // is sent again.
    changeSet.hold({ ...hold, applied: !hold.wanted, appliedAt: null, nextAt: now });
    return changeSet.decide(false);
  }
  const free = { ...hold, ...NOT_LEASED };
  if (fault === null) {
    const appliedAt = claimed.wanted ? (hold.appliedAt ?? now) : null;
    const before = claimed.wanted ? hold.before : null;
    changeSet.hold({ ...free, applied: claimed.wanted, appliedAt, before, tries: 0, fault, nextAt: now });
    changeSet.audit(claimed.wanted ? 'told to hold' : 'told to go on', findOpenRotation(aggregate), {
      sink: hold.sink,
    });
    // After a restart the call is only repeated; the connector has made no calls since the first time.
    if (claimed.wanted && hold.appliedAt === null) restartLockWait(changeSet, rules);
    return changeSet.decide(true);
  }
  const tries = hold.tries + 1;
  const wait = waitAfter(rules.publishWaits, tries) ?? 60_000;
  changeSet.hold({ ...free, tries, fault, nextAt: now + wait });
  if (tries === 1)
    changeSet.audit('not told', findOpenRotation(aggregate), { sink: hold.sink, check: fault });
  if (tries === TRIES_BEFORE_ALARM) {
    const id = `${aggregate.user.id}/${hold.sink}/${hold.wanted ? 'hold' : 'go on'}/${now}`;
    changeSet.alarm('hold-stuck', id, { sink: hold.sink, detail: fault });
  }
  return changeSet.decide(false);
}

/**
 * When a daemon starts, connectors that hold are called again, because a hold file may lie where a restart of the machine
 * leaves nothing. Returns how many.
 */
export function repeatHolds(aggregate: RotationAggregate, now: number): RotationDecision<number> {
  const held = aggregate.holds.filter(({ wanted, applied, lease }) => wanted && applied && lease === null);
  if (held.length === 0) return noChange(0);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  for (const hold of held) changeSet.hold({ ...hold, applied: false, nextAt: now });
  return changeSet.decide(held.length);
}
