// A person says that the reset is submitted, or wants an answer now: what may be asked at once is asked, the rest is told.
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { type CredentialCheck, claimCandidate } from './claim-check.ts';
import { type Asker, callsLeft, mayAsk, type NotNow } from './may-ask.ts';
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
 * What becomes of a press. `asks`: a question was claimed with it. `waits`: the word is kept, and Chorus Pro is asked at an
 * instant (ms; null where another answer is waited for). `too-soon`: the last press is not a minute old, or the question is
 * under way. `nothing`: no password waits for its proof.
 */
export type Pressed =
  | { readonly kind: 'asks'; readonly question: CredentialCheck }
  | { readonly kind: 'waits'; readonly why: NotNow; readonly until: number | null }
  | { readonly kind: 'too-soon' }
  | { readonly kind: 'nothing' };

/** After a refusal at most one press in so long is heard, in ms. */
const PRESS_MS = 60_000;

/** Who presses, the lease under which is asked, and as whom the budget counts it. */
export interface Press extends Actor {
  readonly lease: string;
  readonly asker: Asker;
}

/**
 * Takes a press. After a refusal the former password is asked about first: where it is believed, nothing was submitted, and no
 * failure is spent; where it is refused, the candidate is asked at once. With one call left in the budget, that one call is
 * the candidate's. While an account that refuses everything may be locked, the word is kept and nobody is asked.
 */
export function retryNow(
  aggregate: RotationAggregate,
  press: Press,
  rules: RotationRules,
  now: number,
): RotationDecision<Pressed> {
  const open = openRotation(aggregate);
  if (open === null || open.credential === null) return noChange({ kind: 'nothing' });
  if (open.stage === 'verifying') return noChange({ kind: 'too-soon' });
  if (open.stage !== 'candidate') return noChange({ kind: 'nothing' });
  const { pressedAt } = open;
  // Only a refusal makes a press cost something.
  const isRepeated = pressedAt !== null && pressedAt <= now && now - pressedAt < PRESS_MS;
  if (isRepeated && open.refusals > 0) return noChange({ kind: 'too-soon' });
  const may = mayAsk(aggregate, { about: 'candidate', by: press.asker, wanted: true }, rules, now);
  if (!may.ok && may.why === 'busy') return noChange({ kind: 'too-soon' });
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const pressed = changeSet.put(open, { pressedAt: now });
  changeSet.audit('asked for an answer', pressed, { who: press.by, channel: press.channel });
  if (!may.ok) {
    const until = may.why === 'maybe-locked' ? open.nextTryAt : may.until;
    changeSet.put(pressed, { nextTryAt: until });
    return changeSet.decide({ kind: 'waits', why: may.why, until });
  }
  const candidate = { ...changeSet.put(pressed, { nextTryAt: now }), credential: open.credential };
  const question =
    former(changeSet, candidate, press, rules) ?? claimCandidate(changeSet, candidate, press.lease, rules);
  return changeSet.decide({ kind: 'asks', question });
}

/** The question about the former password, where it comes first. */
function former(
  changeSet: ChangeSetBuilder,
  open: Rotation,
  { lease, asker }: Press,
  rules: RotationRules,
): CredentialCheck | null {
  const { aggregate, now } = changeSet;
  const credential = currentRotation(aggregate)?.credential ?? null;
  const isRefused = open.refusals > 0 && open.bothRefusedSince === null;
  if (!isRefused || credential === null || callsLeft(aggregate.attempts, asker, rules, now) < 2) return null;
  const rotation = changeSet.put(open, {
    previousStillWorks: null,
    lease,
    leaseUntil: now + rules.proofLease,
  });
  changeSet.attempt({ id: lease, at: now, refused: null });
  return { rotation, about: 'former', credential, user: aggregate.user };
}
