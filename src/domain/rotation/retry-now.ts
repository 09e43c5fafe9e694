// Handles the manager's request for an answer now (“the reset is submitted”): checks at once what may be checked, and
// records the rest.
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { type CredentialCheck, claimCandidate } from './claim-check.ts';
import { type Asker, type BlockReason, callsLeft, mayAsk } from './may-ask.ts';
import type { Actor } from './receive.ts';
import {
  currentRotation,
  openRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/**
 * What follows from a request. `asks`: a check was claimed. `waits`: the request is recorded, and the check is made at an
 * instant (ms; null when another answer must come first). `too-soon`: the last request is not a minute old, or the check is
 * under way. `nothing`: no password waits for its proof.
 */
export type RetryOutcome =
  | { readonly kind: 'asks'; readonly question: CredentialCheck }
  | { readonly kind: 'waits'; readonly why: BlockReason; readonly until: number | null }
  | { readonly kind: 'too-soon' }
  | { readonly kind: 'nothing' };

/** After a refusal at most one request is accepted in this time, in ms. */
const PRESS_MS = 60_000;

/** Who requests, the lease of the check, and as whom the budget counts it. */
export interface RetryRequest extends Actor {
  readonly lease: string;
  readonly asker: Asker;
}

/**
 * Handles a request. After a refusal the former password is checked first: if it is accepted, nothing was submitted, and no
 * failure is spent; if it is refused, the candidate is checked at once. With one call left in the budget, that call is the
 * candidate's. While an account that refuses everything may be locked, the request is recorded and no check is made.
 */
export function retryNow(
  aggregate: RotationAggregate,
  press: RetryRequest,
  rules: RotationRules,
  now: number,
): RotationDecision<RetryOutcome> {
  const open = openRotation(aggregate);
  if (open === null || open.credential === null) return noChange({ kind: 'nothing' });
  if (open.stage === 'verifying') return noChange({ kind: 'too-soon' });
  if (open.stage !== 'candidate') return noChange({ kind: 'nothing' });
  const { pressedAt } = open;
  // Only after a refusal does a request cost something.
  const isRepeated = pressedAt !== null && pressedAt <= now && now - pressedAt < PRESS_MS;
  if (isRepeated && open.refusals > 0) return noChange({ kind: 'too-soon' });
  const may = mayAsk(aggregate, { about: 'candidate', by: press.asker, wanted: true }, rules, now);
  if (!may.ok && may.why === 'busy') return noChange({ kind: 'too-soon' });
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const requested = changeSet.put(open, { pressedAt: now });
  changeSet.audit('asked for an answer', requested, { who: press.by, channel: press.channel });
  if (!may.ok) {
    const until = may.why === 'maybe-locked' ? open.nextTryAt : may.until;
    changeSet.put(requested, { nextTryAt: until });
    return changeSet.decide({ kind: 'waits', why: may.why, until });
  }
  const candidate = { ...changeSet.put(requested, { nextTryAt: now }), credential: open.credential };
  const question =
    claimFormer(changeSet, candidate, press, rules) ??
    claimCandidate(changeSet, candidate, press.lease, rules);
  return changeSet.decide({ kind: 'asks', question });
}

/** Claims the check of the former password, if it comes first. */
function claimFormer(
  changeSet: ChangeSetBuilder,
  open: Rotation,
  { lease, asker }: RetryRequest,
  rules: RotationRules,
): CredentialCheck | null {
  const { aggregate, now } = changeSet;
  const credential = currentRotation(aggregate)?.credential ?? null;
  const isRefused = open.refusals > 0 && open.bothRefusedSince === null;
  if (!isRefused || credential === null || callsLeft(aggregate.attempts, asker, rules, now) < 2) return null;
  const leaseUntil = now + rules.proofLease;
  const rotation = changeSet.put(open, { previousStillWorks: null, lease, leaseUntil });
  changeSet.attempt({ id: lease, at: now, refused: null });
  return { rotation, about: 'former', credential, user: aggregate.user };
}
