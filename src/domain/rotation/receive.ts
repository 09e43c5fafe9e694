// The moves of whoever hands something in: announce a reset, bring a password, take it back.

import type { Sealed } from '../ports/vault.ts';
import type { Channel, Doubts } from '../submission/submission.ts';
import { accept, destroySuperseded } from './accept.ts';
import { Draft, newRotation, stay } from './change-set.ts';
import { isTakenUp, isUnprovenInDoubt, waitingCandidates } from './may-ask.ts';
import {
  type Book,
  currentHealth,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';

/** Who hands something in, and by which door. */
export interface Bringer {
  readonly channel: Channel;
  readonly by: string;
}

/** An announcement made again and again lasts at most so many times as long as one. */
const MOST_ANNOUNCED = 4;

/** Tells the connectors that a reset is about to happen. An announcement made again lasts anew, but not for ever. */
export function announce(
  book: Book,
  bringer: Bringer,
  id: string,
  rules: RotationRules,
  now: number,
): Turn<{ kind: 'announced'; until: number } | { kind: 'in-hand' }> {
  const open = openRotation(book);
  if (open !== null && open.stage !== 'announced') return stay({ kind: 'in-hand' });
  const draft = new Draft(book, now);
  const announcedAt = open?.announcedAt ?? now;
  const until = Math.min(now + rules.announcement, announcedAt + MOST_ANNOUNCED * rules.announcement);
  const told = draft.put(open ?? newRotation(id), { ...bringer, announcedAt, announcedUntil: until });
  for (const { name, canHold } of rules.sinksOf(book.user)) {
    if (canHold) wantHold(draft, name, true);
  }
  draft.audit('announced', told, { who: bringer.by, channel: bringer.channel });
  return draft.turn({ kind: 'announced', until });
}

/** Asks that a connector hold its calls, or go on. */
export function wantHold(draft: Draft, sink: string, wanted: boolean): void {
  const before = draft.book.holds.find((hold) => hold.sink === sink);
  if (before === undefined && !wanted) return;
  const unknown = { applied: false, appliedAt: null, tries: 0, lease: null, leaseUntil: null };
  const one = { sink, ...unknown, ...before };
  // A telling that was cut off or failed may have reached the connector all the same: whatever is wanted now is told.
  const isUnsure = one.lease !== null || one.tries > 0;
  const certain = isUnsure ? { applied: !wanted, appliedAt: null } : {};
  draft.hold({ ...one, ...certain, wanted, nextAt: draft.now });
}

/** Every connector of this technical user may go on; but for a password that Chorus Pro refuses now: it would be locked. */
export function releaseHolds(draft: Draft): void {
  if (draft.healthNow?.state === 'stopped') return;
  for (const { sink, wanted } of draft.book.holds) if (wanted) wantHold(draft, sink, false);
}

/** A password that comes in. */
export interface Brought extends Bringer {
  /** For the rotation, unless an announced one is waiting for it; and for its sealed password. */
  readonly id: string;
  readonly credential: string;
  readonly sealed: Sealed;
  readonly fingerprint: string;
  /** What a person must still choose about; null when it is clear what is meant. */
  readonly doubts: Doubts | null;
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  /** The unclear rotation whose choice this is; null for anything else. */
  readonly chosenFrom: string | null;
}

/** What became of it: `received` also when the very same is in hand already (`again`). */
export type Receipt =
  | { readonly kind: 'received'; readonly rotationId: string; readonly again: boolean }
  | { readonly kind: 'known'; readonly as: 'current' | 'former' | 'refused' };

/**
 * Takes a password in. One that is known is not taken again: the one in service, the one before it, one that Chorus Pro
 * refused to the end of its window. The same one again, while it is being proven, is the same one. A newer one supersedes;
 * the older is kept sealed until the newer is proven, for the newer may be the wrong one.
 */
export function receive(book: Book, brought: Brought, rules: RotationRules, now: number): Turn<Receipt> {
  const { channel, by, fingerprint, doubts } = brought;
  const isUnclear = doubts !== null;
  const open = openRotation(book);
  const same = open?.fingerprint === fingerprint && (open.stage !== 'unclear' || isUnclear);
  const draft = new Draft(book, now);
  if (open !== null && same) return stay({ kind: 'received', rotationId: open.id, again: true });
  const waiting = waitingCandidates(book).find((one) => one.fingerprint === fingerprint);
  if (waiting !== undefined && !isUnclear) return draft.turn(takeUp(draft, open, waiting, brought));
  const known = knownAs(book, fingerprint);
  if (known !== null) {
    draft.audit('known', null, { who: by, channel, detail: known });
    if (open !== null && open.id === brought.chosenFrom) supersede(draft, open, brought);
    return draft.turn({ kind: 'known', as: known });
  }
  if (open !== null && open.stage !== 'announced') supersede(draft, open, brought);
  const announced = open?.stage === 'announced' ? open : newRotation(brought.id);
  draft.keep({ id: brought.credential, sealed: brought.sealed, doubts });
  const candidate = draft.put(announced, {
    stage: isUnclear ? 'unclear' : 'candidate',
    channel,
    by,
    fingerprint,
    credential: brought.credential,
    changedOn: brought.changedOn,
    portalOn: brought.portalOn,
    receivedAt: now,
    nextTryAt: isUnclear ? null : now,
    // That the one in service is refused is known already; this one is asked about by itself.
    ...(open?.bothRefusedSince == null
      ? isKnownRefused(book)
      : { formerWorks: false, bothRefusedSince: open.bothRefusedSince }),
  });
  draft.audit(isUnclear ? 'received, unclear' : 'received', candidate, { who: by, channel });
  if (!isUnclear && rules.verification[book.user.environment] === 'none') {
    accept(draft, candidate, 'unverified', by, rules);
  }
  return draft.turn({ kind: 'received', rotationId: candidate.id, again: false });
}

/** One that waits is handed in again: it is the open one now, and what was open waits in its place. */
function takeUp(draft: Draft, open: Rotation | null, waiting: Rotation, brought: Brought): Receipt {
  const { channel, by } = brought;
  if (open !== null && open.stage !== 'announced') supersede(draft, open, brought);
  else if (open !== null) draft.put(open, { stage: 'withdrawn', endedAt: draft.now });
  // Beside an unproven password in service it waits for that one's next round.
  const health = isUnprovenInDoubt(draft.book) ? currentHealth(draft.book) : null;
  const bothRefusedSince =
    open?.bothRefusedSince ?? (health === null ? null : (health.refusedAt ?? draft.now));
  const nextTryAt = open?.nextTryAt ?? health?.nextAt ?? draft.now;
  const since = bothRefusedSince === null ? {} : { bothRefusedSince, formerWorks: false, nextTryAt };
  const again = { channel, by, receivedAt: draft.now, endedAt: null, nextTryAt: draft.now, alarmed: false };
  draft.put(waiting, { ...again, ...since, stage: 'candidate' });
  draft.audit('received again', waiting, { who: by, channel });
  return { kind: 'received', rotationId: waiting.id, again: true };
}

/** An unproven password in service that was refused while others wait beside it is not asked about out of its turn. */
function isKnownRefused(book: Book): Partial<Rotation> {
  const isRefused = isUnprovenInDoubt(book) && (currentHealth(book)?.refusals ?? 0) > 0;
  return isRefused ? { formerWorks: false } : {};
}

function knownAs(book: Book, fingerprint: string): 'current' | 'former' | 'refused' | null {
  const current = currentRotation(book);
  if (current?.fingerprint === fingerprint) return 'current';
  const before = book.rotations.filter((one) => one.fingerprint === fingerprint);
  // Where nobody vouches for the one in service, the one before it may be the right one after all.
  const isSure = current !== null && current.proven !== 'unverified';
  if (isSure && before.some(({ version }) => version !== null)) return 'former';
  return before.some(({ stage }) => stage === 'refused') ? 'refused' : null;
}

function supersede(draft: Draft, open: Rotation, { by, channel, chosenFrom }: Brought): void {
  const ended = draft.put(open, { stage: 'superseded', endedAt: draft.now, lease: null, leaseUntil: null });
  draft.audit('superseded', ended, { who: by, channel });
  if (open.id === chosenFrom) draft.destroy(ended);
}

/** Takes back what is open with all that it superseded, and lets the connectors go on. Answers whether there was anything. */
export function withdraw(book: Book, { by, channel }: Bringer, reason: string, now: number): Turn<boolean> {
  const taken = openRotation(book);
  // What waits beside an unproven password in service was superseded by that one, and goes on waiting.
  const open = taken !== null && isTakenUp(book, taken) ? null : taken;
  const held = book.holds.some(({ wanted }) => wanted);
  if (open === null && !held) return stay(false);
  const draft = new Draft(book, now);
  if (open !== null) {
    const ended = draft.put(open, { stage: 'withdrawn', endedAt: now, lease: null, leaseUntil: null });
    draft.audit('withdrawn', ended, { who: by, channel, detail: reason });
    draft.destroy(ended);
    const doubtAt = isUnprovenInDoubt(book) ? (currentRotation(book)?.acceptedAt ?? undefined) : undefined;
    destroySuperseded(draft, doubtAt);
  }
  releaseHolds(draft);
  return draft.turn(true);
}
