// Chooses which password of an account is checked at Chorus Pro next, and claims the check.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.
import type { TechnicalUser } from '../account/technical-user.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { type Asker, mayAsk } from './may-ask.ts';
import {
  currentRotation,
  openRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules } from './rotation-rules.ts';

/** A password to check at Chorus Pro: the candidate, the former one, or the one in service. */
export interface CredentialCheck {
  readonly rotation: Rotation;
  readonly about: 'candidate' | 'former' | 'current';
  readonly credential: string;
  readonly user: TechnicalUser;
}

/**
 * Claims the check whose turn it is: after a refusal the former password, otherwise the candidate. Null when neither may be
 * checked now; a candidate that waits only for the budget is planned for the instant at which it may be checked.
 */
export function claimCheck(
  aggregate: RotationAggregate,
  lease: string,
  { by, rules }: { readonly by: Asker; readonly rules: RotationRules },
  now: number,
): RotationDecision<CredentialCheck | null> {
  const open = openRotation(aggregate);
  if (open === null) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const former = currentRotation(aggregate)?.credential ?? null;
  // Only the daemon checks the former one: it usually costs nothing, and must not cost a person's last call.
  if (former !== null && mayAsk(aggregate, { about: 'former', by: 'daemon' }, rules, now).ok) {
    const rotation = changeSet.put(open, { lease, leaseUntil: now + rules.proofLease });
    changeSet.attempt({ id: lease, at: now, refused: null });
    return changeSet.decide({ rotation, about: 'former', credential: former, user: aggregate.user });
  }
  const may = mayAsk(aggregate, { about: 'candidate', by }, rules, now);
  if (!may.ok || open.credential === null) {
    const isPostponed = !may.ok && (may.why === 'budget' || may.why === 'maybe-locked');
    if (!isPostponed) return noChange(null);
    // No check is made now, so an expired claim ends too.
    changeSet.put(open, { stage: 'candidate', nextTryAt: may.until, ...NOT_LEASED });
    return changeSet.decide(null);
  }
  return changeSet.decide(claimCandidate(changeSet, { ...open, credential: open.credential }, lease, rules));
}

/** Claims the check of the candidate; the caller has decided that it may be made. */
export function claimCandidate(
  changeSet: ChangeSetBuilder,
  open: Rotation & { readonly credential: string },
  lease: string,
  rules: RotationRules,
): CredentialCheck {
  const { aggregate, now } = changeSet;
  const rotation = changeSet.put(open, { stage: 'verifying', lease, leaseUntil: now + rules.proofLease });
  changeSet.attempt({ id: lease, at: now, refused: null });
  return { rotation, about: 'candidate', credential: open.credential, user: aggregate.user };
}
