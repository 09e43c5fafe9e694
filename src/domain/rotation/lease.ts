// Renews the lease under which one process works on a row, whichever row it is.
import { ChangeSetBuilder, noChange } from './change-set.ts';
import type { RotationAggregate, RotationDecision } from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

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
