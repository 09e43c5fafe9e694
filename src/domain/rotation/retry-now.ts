// A person says that the reset is submitted, or wants an answer now: what may be asked at once is asked, the rest is told.

import { Draft, stay } from './change-set.ts';
import { claimCandidate, type Question } from './claim-check.ts';
import { type Asker, callsLeft, mayAsk, type NotNow } from './may-ask.ts';
import type { Bringer } from './receive.ts';
import {
  type Book,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';

/**
 * What becomes of a press. `asks`: a question was claimed with it. `waits`: the word is kept, and Chorus Pro is asked at an
 * instant (ms; null where another answer is waited for). `too-soon`: the last press is not a minute old, or the question is
 * under way. `nothing`: no password waits for its proof.
 */
export type Pressed =
  | { readonly kind: 'asks'; readonly question: Question }
  | { readonly kind: 'waits'; readonly why: NotNow; readonly until: number | null }
  | { readonly kind: 'too-soon' }
  | { readonly kind: 'nothing' };

/** After a refusal at most one press in so long is heard, in ms. */
const PRESS_MS = 60_000;

/** Who presses, the lease under which is asked, and as whom the budget counts it. */
export interface Press extends Bringer {
  readonly lease: string;
  readonly asker: Asker;
}

/**
 * Takes a press. After a refusal the former password is asked about first: where it is believed, nothing was submitted, and no
 * failure is spent; where it is refused, the candidate is asked at once. With one call left in the budget, that one call is
 * the candidate's. While an account that refuses everything may be locked, the word is kept and nobody is asked.
 */
export function retryNow(book: Book, press: Press, rules: RotationRules, now: number): Turn<Pressed> {
  const open = openRotation(book);
  if (open === null || open.credential === null) return stay({ kind: 'nothing' });
  if (open.stage === 'verifying') return stay({ kind: 'too-soon' });
  if (open.stage !== 'candidate') return stay({ kind: 'nothing' });
  const { pressedAt } = open;
  // Only a refusal makes a press cost something.
  const isRepeated = pressedAt !== null && pressedAt <= now && now - pressedAt < PRESS_MS;
  if (isRepeated && open.refusals > 0) return stay({ kind: 'too-soon' });
  const may = mayAsk(book, { about: 'candidate', by: press.asker, wanted: true }, rules, now);
  if (!may.ok && may.why === 'busy') return stay({ kind: 'too-soon' });
  const draft = new Draft(book, now);
  const pressed = draft.put(open, { pressedAt: now });
  draft.audit('asked for an answer', pressed, { who: press.by, channel: press.channel });
  if (!may.ok) {
    const until = may.why === 'maybe-locked' ? open.nextTryAt : may.until;
    draft.put(pressed, { nextTryAt: until });
    return draft.turn({ kind: 'waits', why: may.why, until });
  }
  const candidate = { ...draft.put(pressed, { nextTryAt: now }), credential: open.credential };
  const question =
    former(draft, candidate, press, rules) ?? claimCandidate(draft, candidate, press.lease, rules);
  return draft.turn({ kind: 'asks', question });
}

/** The question about the former password, where it comes first. */
function former(
  draft: Draft,
  open: Rotation,
  { lease, asker }: Press,
  rules: RotationRules,
): Question | null {
  const { book, now } = draft;
  const credential = currentRotation(book)?.credential ?? null;
  const isRefused = open.refusals > 0 && open.bothRefusedSince === null;
  if (!isRefused || credential === null || callsLeft(book.attempts, asker, rules, now) < 2) return null;
  const rotation = draft.put(open, { formerWorks: null, lease, leaseUntil: now + rules.proofLease });
  draft.attempt(lease, now, null);
  return { rotation, about: 'former', credential, user: book.user };
}
