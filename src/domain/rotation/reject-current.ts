// Rejects the password in service once Chorus Pro refuses it: the connector holds, and people hear of it.
import { expiryOfUser, usableAddress } from '../account/technical-user.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import type { Health } from './health.ts';
import { requestEveryHold } from './request-hold.ts';
import type { Rotation } from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/** Rejects the current password: the connector holds, the manager gets a letter with a link, the IT service an alarm. */
export function rejectCurrent(
  changeSet: ChangeSetBuilder,
  current: Rotation,
  health: Health,
  rules: RotationRules,
): void {
  const { refusals, refusedAt } = health;
  changeSet.audit('stopped', current, { check: 'password-refused', detail: `refusal ${refusals}` });
  requestEveryHold(changeSet, rules);
  changeSet.letter('stopped', current, refusedAt);
  const { user } = changeSet.aggregate;
  const { on } = expiryOfUser(user, rules.validity);
  const deadline = on?.toString() ?? null;
  changeSet.alarm('stopped', `${current.id}/${refusedAt}`, {
    ...sinceOf(health),
    workedAt: health.workedAt,
    // Asked for in this very decision: what was there before says nothing of it.
    held: rules.sinksOf(user).some(({ canHold }) => canHold),
    address: usableAddress(user.principal),
    deadline,
  });
}

/** Since when the password is refused, as a fact of an alarm. */
export function sinceOf({ refusedAt }: Health): { since?: number } {
  return refusedAt === null ? {} : { since: refusedAt };
}
