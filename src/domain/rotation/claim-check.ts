// Chooses which password of an account is checked at Chorus Pro next, and claims the check: by itself, or because its manager
// asks for an answer now (“the reset is submitted”); and renews the lease of a claim, whichever row it is on.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.
import type { TechnicalUser } from '../account/technical-user.ts';
import { type Asker, callsLeft } from './call-budget.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { type BlockReason, mayAsk } from './may-ask.ts';
import type { Actor } from './receive.ts';
import {
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules } from './rotation-rules.ts';

/**
 * A password to check at Chorus Pro. `comparison`: the password in service, asked beside a refused candidate; `current`: the
 * password in service alone.
 */
export interface CredentialCheck {
  readonly rotation: Rotation;
  readonly about: 'candidate' | 'comparison' | 'current';
  readonly credential: string;
  readonly user: TechnicalUser;
}

/**
 * Claims the check whose turn it is: after a refusal the comparison, otherwise the candidate. Null when neither may be
 * checked now; a candidate that waits only for the budget is planned for the instant at which it may be checked.
 */
export function claimCheck(
  aggregate: RotationAggregate,
  lease: string,
  { asker, rules }: { readonly asker: Asker; readonly rules: RotationRules },
  now: number,
): RotationDecision<CredentialCheck | null> {
  const open = findOpenRotation(aggregate);
  if (open === null) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const inService = currentRotation(aggregate)?.credential ?? null;
  // Only the daemon makes the comparison: it usually costs nothing, and must not cost a person's last call.
  if (inService !== null && mayAsk(aggregate, { about: 'comparison', asker: 'daemon' }, rules, now).ok) {
    return changeSet.decide(
      claim(changeSet, open, { about: 'comparison', credential: inService, lease }, rules),
    );
  }
  const may = mayAsk(aggregate, { about: 'candidate', asker }, rules, now);
  if (!may.ok || open.credential === null) {
    const isPostponed = !may.ok && (may.why === 'budget' || may.why === 'maybe-locked');
    if (!isPostponed) return noChange(null);
    // No check is made now, so an expired claim ends too.
    changeSet.put(open, { stage: 'candidate', nextTryAt: may.until, ...NOT_LEASED });
    return changeSet.decide(null);
  }
  const { credential } = open;
  return changeSet.decide(claim(changeSet, open, { about: 'candidate', credential, lease }, rules));
}

/** Claims a check under the lease of the open rotation; the caller has decided that it may be made. */
function claim(
  changeSet: ChangeSetBuilder,
  open: Rotation,
  { lease, ...wanted }: Pick<CredentialCheck, 'about' | 'credential'> & { readonly lease: string },
  rules: RotationRules,
): CredentialCheck {
  const { aggregate, now } = changeSet;
  const stage = wanted.about === 'candidate' ? 'verifying' : open.stage;
  const rotation = changeSet.put(open, { stage, lease, leaseUntil: now + rules.proofLease });
  changeSet.attempt({ id: lease, at: now, refused: null });
  return { rotation, ...wanted, user: aggregate.user };
}

/**
 * What follows from a request. `claimed`: a check was claimed. `waits`: the request is recorded, and the check is made at an
 * instant (ms; null when another answer must come first). `too-soon`: the last request is not a minute old, or the check is
 * under way. `nothing`: no password waits for its proof.
 */
export type RetryOutcome =
  | { readonly kind: 'claimed'; readonly check: CredentialCheck }
  | { readonly kind: 'waits'; readonly why: BlockReason; readonly until: number | null }
  | { readonly kind: 'too-soon' }
  | { readonly kind: 'nothing' };

/** After a refusal at most one request is accepted in this time, in ms. */
const RETRY_MS = 60_000;

/** Who requests, the lease of the check, and as whom the budget counts it. */
export interface RetryRequest extends Actor {
  readonly lease: string;
  readonly asker: Asker;
}

/**
 * Handles a request. After a refusal the password in service is checked first: if it is accepted, nothing was submitted, and no
 * failure is spent; if it is refused, the candidate is checked at once. With one call left in the budget, that call is the
 * candidate's. While an account that refuses everything may be locked, the request is recorded and no check is made.
 */
export function retryNow(
  aggregate: RotationAggregate,
  request: RetryRequest,
  rules: RotationRules,
  now: number,
): RotationDecision<RetryOutcome> {
  const open = findOpenRotation(aggregate);
  if (open === null || open.credential === null) return noChange({ kind: 'nothing' });
  if (open.stage === 'verifying') return noChange({ kind: 'too-soon' });
  if (open.stage !== 'candidate') return noChange({ kind: 'nothing' });
  const { retryRequestedAt } = open;
  // Only after a refusal does a request cost something.
  const isRepeated =
    retryRequestedAt !== null && retryRequestedAt <= now && now - retryRequestedAt < RETRY_MS;
  if (isRepeated && open.refusals > 0) return noChange({ kind: 'too-soon' });
  const may = mayAsk(aggregate, { about: 'candidate', asker: request.asker, wanted: true }, rules, now);
  if (!may.ok && may.why === 'busy') return noChange({ kind: 'too-soon' });
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const requested = changeSet.put(open, { retryRequestedAt: now });
  changeSet.audit('asked for an answer', requested, { who: request.by, channel: request.channel });
  if (!may.ok) {
    const until = may.why === 'maybe-locked' ? open.nextTryAt : may.until;
    changeSet.put(requested, { nextTryAt: until });
    return changeSet.decide({ kind: 'waits', why: may.why, until });
  }
  const candidate = changeSet.put(requested, { nextTryAt: now });
  const { lease } = request;
  const check =
    claimComparison(changeSet, candidate, request, rules) ??
    claim(changeSet, candidate, { about: 'candidate', credential: open.credential, lease }, rules);
  return changeSet.decide({ kind: 'claimed', check });
}

/** Claims the check of the password in service, if it comes first. */
function claimComparison(
  changeSet: ChangeSetBuilder,
  open: Rotation,
  { lease, asker }: RetryRequest,
  rules: RotationRules,
): CredentialCheck | null {
  const { aggregate, now } = changeSet;
  const credential = currentRotation(aggregate)?.credential ?? null;
  const isRefused = open.refusals > 0 && open.bothRefusedSince === null;
  if (!isRefused || credential === null || callsLeft(aggregate.attempts, asker, rules, now) < 2) return null;
  const unknown = changeSet.put(open, { currentStillWorks: null });
  return claim(changeSet, unknown, { about: 'comparison', credential, lease }, rules);
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
