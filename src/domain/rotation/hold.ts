// Decides the hold calls by which connectors pause or go on, sink by sink; also renews leases and rejects a dead current
// password.
import { expiryOfUser } from '../account/technical-user.ts';
import { waitAfter } from '../shared/retry.ts';
import { restartLockWait } from './all-refused.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import type { Health } from './health.ts';
import { requestEveryHold } from './receive.ts';
import {
  findOpenRotation,
  type Hold,
  hasCome,
  leaseOver,
  type Rotation,
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
  if (!leaseOver(hold.leaseUntil, now, rules.publishLease)) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const claimed = { ...hold, lease, leaseUntil: now + rules.publishLease };
  changeSet.hold(claimed);
  return changeSet.decide(claimed);
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
    changeSet.hold({ ...free, applied: claimed.wanted, appliedAt, tries: 0, nextAt: now });
    changeSet.audit(claimed.wanted ? 'told to hold' : 'told to go on', findOpenRotation(aggregate), {
      sink: hold.sink,
    });
    // After a restart the call is only repeated; the connector has made no calls since the first time.
    if (claimed.wanted && hold.appliedAt === null) restartLockWait(changeSet, rules);
    return changeSet.decide(true);
  }
  const tries = hold.tries + 1;
  const wait = waitAfter(rules.publishWaits, tries) ?? 60_000;
  changeSet.hold({ ...free, tries, nextAt: now + wait });
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

/** Renews a lease, on whatever row it is held. False when nobody holds it any more. */
export function renewLease(
  aggregate: RotationAggregate,
  lease: string,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const rotation = aggregate.rotations.find((one) => one.lease === lease);
  const publication = aggregate.publications.find((one) => one.lease === lease);
  const hold = aggregate.holds.find((one) => one.lease === lease);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (rotation !== undefined) changeSet.put(rotation, { leaseUntil: now + rules.proofLease });
  else if (publication !== undefined)
    changeSet.publication({ ...publication, leaseUntil: now + rules.publishLease });
  else if (hold !== undefined) changeSet.hold({ ...hold, leaseUntil: now + rules.publishLease });
  else if (aggregate.health?.lease === lease)
    changeSet.health(aggregate.health, { leaseUntil: now + rules.proofLease });
  else return noChange(false);
  return changeSet.decide(true);
}

/** Rejects the current password: the connector holds, the manager gets a letter with a link, the IT service an alarm. */
export function rejectCurrent(
  changeSet: ChangeSetBuilder,
  current: Rotation,
  health: Health,
  rules: RotationRules,
): void {
  const { refusals, refusedAt } = health;
  changeSet.audit('stopped', current, { check: 'password-refused', detail: `refusal ${refusals}` });
  requestEveryHold(changeSet, rules);
  changeSet.letter('stopped', current, refusedAt);
  const { on } = expiryOfUser(changeSet.aggregate.user, rules.validity);
  const deadline = on?.toString() ?? null;
  changeSet.alarm('stopped', `${current.id}/${refusedAt}`, {
    ...sinceOf(health),
    workedAt: health.workedAt,
    deadline,
  });
}

/** Since when the password is refused, as a fact of an alarm. */
export function sinceOf({ refusedAt }: Health): { since?: number } {
  return refusedAt === null ? {} : { since: refusedAt };
}
