// Leases while work goes on: renewed by whoever still works, so that they can be short, and a crash is soon made good.

import { ChangeSetBuilder, noChange } from './change-set.ts';
import type { RotationAggregate, RotationDecision, RotationRules } from './rotation.ts';

/** Makes a lease last anew, wherever it is held. False when nobody holds it any more. */
export function renew(
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
