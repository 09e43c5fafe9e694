// Which password of an account Chorus Pro is asked about next, and the claim under which it is asked.
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
import type { RotationRules } from './rotation-rules.ts';

/** A password to ask Chorus Pro about: the candidate, the former one, or the one in service. */
export interface CredentialCheck {
  readonly rotation: Rotation;
  readonly about: 'candidate' | 'former' | 'current';
  readonly credential: string;
  readonly user: TechnicalUser;
}

/**
 * Claims the question whose turn it is: after a refusal the former password, else the candidate. Null when neither may be
 * asked now; a candidate that waits for the budget alone is planned for the instant at which it may be asked.
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
  // The former one is asked about by the daemon alone: it mostly costs nothing, and must not cost a person's last call.
  if (former !== null && mayAsk(aggregate, { about: 'former', by: 'daemon' }, rules, now).ok) {
    const rotation = changeSet.put(open, { lease, leaseUntil: now + rules.proofLease });
    changeSet.attempt({ id: lease, at: now, refused: null });
    return changeSet.decide({ rotation, about: 'former', credential: former, user: aggregate.user });
  }
  const may = mayAsk(aggregate, { about: 'candidate', by }, rules, now);
  if (!may.ok || open.credential === null) {
    const isPut = !may.ok && (may.why === 'budget' || may.why === 'maybe-locked');
    if (!isPut) return noChange(null);
    // Nothing is asked now, whoever had it in hand before.
    changeSet.put(open, { stage: 'candidate', nextTryAt: may.until, lease: null, leaseUntil: null });
    return changeSet.decide(null);
  }
  return changeSet.decide(claimCandidate(changeSet, { ...open, credential: open.credential }, lease, rules));
}

/** Claims the question about the candidate; that it may be asked has been decided. */
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
