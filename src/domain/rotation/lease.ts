// Leases while work goes on: renewed by whoever still works, so that they can be short, and a crash is soon made good.

import { Draft, stay } from './change-set.ts';
import type { Book, RotationRules, Turn } from './rotation.ts';

/** Makes a lease last anew, wherever it is held. False when nobody holds it any more. */
export function renew(book: Book, lease: string, rules: RotationRules, now: number): Turn<boolean> {
  const rotation = book.rotations.find((one) => one.lease === lease);
  const publication = book.publications.find((one) => one.lease === lease);
  const hold = book.holds.find((one) => one.lease === lease);
  const draft = new Draft(book, now);
  if (rotation !== undefined) draft.put(rotation, { leaseUntil: now + rules.proofLease });
  else if (publication !== undefined)
    draft.publication({ ...publication, leaseUntil: now + rules.publishLease });
  else if (hold !== undefined) draft.hold({ ...hold, leaseUntil: now + rules.publishLease });
  else if (book.health?.lease === lease) draft.health(book.health, { leaseUntil: now + rules.proofLease });
  else return stay(false);
  return draft.turn(true);
}
