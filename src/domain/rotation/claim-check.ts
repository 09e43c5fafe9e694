// Which password of an account Chorus Pro is asked about next, and the claim under which it is asked.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.

import type { Watched } from '../account/technical-user.ts';
import { Draft, stay } from './change-set.ts';
import { type Asker, mayAsk } from './may-ask.ts';
import {
  type Book,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';

/** A password to ask Chorus Pro about: the candidate, the former one, or the one in service. */
export interface Question {
  readonly rotation: Rotation;
  readonly about: 'candidate' | 'former' | 'current';
  readonly credential: string;
  readonly user: Watched;
}

/**
 * Claims the question whose turn it is: after a refusal the former password, else the candidate. Null when neither may be
 * asked now; a candidate that waits for the budget alone is planned for the instant at which it may be asked.
 */
export function claimQuestion(
  book: Book,
  lease: string,
  { by, rules }: { readonly by: Asker; readonly rules: RotationRules },
  now: number,
): Turn<Question | null> {
  const open = openRotation(book);
  if (open === null) return stay(null);
  const draft = new Draft(book, now);
  const former = currentRotation(book)?.credential ?? null;
  // The former one is asked about by the daemon alone: it mostly costs nothing, and must not cost a person's last call.
  if (former !== null && mayAsk(book, { about: 'former', by: 'daemon' }, rules, now).ok) {
    const rotation = draft.put(open, { lease, leaseUntil: now + rules.proofLease });
    draft.attempt(lease, now, null);
    return draft.turn({ rotation, about: 'former', credential: former, user: book.user });
  }
  const may = mayAsk(book, { about: 'candidate', by }, rules, now);
  if (!may.ok || open.credential === null) {
    const isPut = !may.ok && (may.why === 'budget' || may.why === 'maybe-locked');
    if (!isPut) return stay(null);
    // Nothing is asked now, whoever had it in hand before.
    draft.put(open, { stage: 'candidate', nextTryAt: may.until, lease: null, leaseUntil: null });
    return draft.turn(null);
  }
  return draft.turn(claimCandidate(draft, { ...open, credential: open.credential }, lease, rules));
}

/** Claims the question about the candidate; that it may be asked has been decided. */
export function claimCandidate(
  draft: Draft,
  open: Rotation & { readonly credential: string },
  lease: string,
  rules: RotationRules,
): Question {
  const { book, now } = draft;
  const rotation = draft.put(open, { stage: 'verifying', lease, leaseUntil: now + rules.proofLease });
  draft.attempt(lease, now, null);
  return { rotation, about: 'candidate', credential: open.credential, user: book.user };
}
