// The moves by which connectors are told to hold their calls, or to go on: each sink's on its own, until it was told.
import { waitAgain } from './all-refused.ts';
import { Draft, stay } from './change-set.ts';
import {
  type Book,
  type Hold,
  hasCome,
  leaseOver,
  openRotation,
  type RotationRules,
  TRIES_BEFORE_ALARM,
  type Turn,
} from './rotation.ts';

/** Claims the telling of a hold; null when the sink's connector knows all it should. */
export function claimHold(
  book: Book,
  sink: string,
  lease: string,
  rules: RotationRules,
  now: number,
): Turn<Hold | null> {
  const hold = book.holds.find((one) => one.sink === sink);
  if (hold === undefined || hold.wanted === hold.applied || !hasCome(hold.nextAt, now)) return stay(null);
  if (!leaseOver(hold.leaseUntil, now, rules.publishLease)) return stay(null);
  const draft = new Draft(book, now);
  const claimed = { ...hold, lease, leaseUntil: now + rules.publishLease };
  draft.hold(claimed);
  return draft.turn(claimed);
}

/** Notes what a sink's connector was told; `fault` null when it was. What is wanted may have changed meanwhile. */
export function settleHold(
  book: Book,
  claimed: Hold,
  fault: string | null,
  rules: RotationRules,
  now: number,
): Turn<boolean> {
  const hold = book.holds.find((one) => one.sink === claimed.sink);
  if (hold === undefined) return stay(false);
  const draft = new Draft(book, now);
  if (hold.lease !== claimed.lease) {
    if (hold.lease !== null) return stay(false);
    // Taken over meanwhile: ours may have been the last word that the connector heard, so what is wanted is told again.
    draft.hold({ ...hold, applied: !hold.wanted, appliedAt: null, nextAt: now });
    return draft.turn(false);
  }
  const free = { ...hold, lease: null, leaseUntil: null };
  if (fault === null) {
    const appliedAt = claimed.wanted ? (hold.appliedAt ?? now) : null;
    draft.hold({ ...free, applied: claimed.wanted, appliedAt, tries: 0, nextAt: now });
    draft.audit(claimed.wanted ? 'told to hold' : 'told to go on', openRotation(book), { sink: hold.sink });
    // Told again after a restart it has held since the first time; only that first time ends its calls.
    if (claimed.wanted && hold.appliedAt === null) waitAgain(draft, rules);
    return draft.turn(true);
  }
  const tries = hold.tries + 1;
  const wait = rules.publishWaits[Math.min(tries, rules.publishWaits.length) - 1] ?? 60_000;
  draft.hold({ ...free, tries, nextAt: now + wait });
  if (tries === 1) draft.audit('not told', openRotation(book), { sink: hold.sink, check: fault });
  if (tries === TRIES_BEFORE_ALARM) {
    const id = `${book.user.id}/${hold.sink}/${hold.wanted ? 'hold' : 'go on'}/${now}`;
    draft.alarm('hold-stuck', id, { sink: hold.sink, detail: fault });
  }
  return draft.turn(false);
}

/**
 * A daemon starts: connectors that were told to hold are told again, for a hold file may lie where a restart of the machine
 * leaves nothing. Answers how many.
 */
export function tellAgain(book: Book, now: number): Turn<number> {
  const held = book.holds.filter(({ wanted, applied, lease }) => wanted && applied && lease === null);
  if (held.length === 0) return stay(0);
  const draft = new Draft(book, now);
  for (const hold of held) draft.hold({ ...hold, applied: false, nextAt: now });
  return draft.turn(held.length);
}
