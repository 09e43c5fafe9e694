// Chorus Pro rejects the password in service: the connector holds, its manager and the IT service are told.
import { expiryOfUser } from '../account/technical-user.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import type { Health } from './health.ts';
import { wantHold } from './receive.ts';
import type { Rotation, RotationRules } from './rotation.ts';

/** The connector is told to hold, the manager gets a letter with a link, the IT service hears of it. */
export function rejectCurrent(
  changeSet: ChangeSetBuilder,
  current: Rotation,
  health: Health,
  rules: RotationRules,
): void {
  const { refusals, refusedAt } = health;
  changeSet.audit('stopped', current, { check: 'password-refused', detail: `refusal ${refusals}` });
  for (const { name, canHold } of rules.sinksOf(changeSet.aggregate.user))
    if (canHold) wantHold(changeSet, name, { wanted: true });
  changeSet.letter('stopped', current, refusedAt);
  const { on } = expiryOfUser(changeSet.aggregate.user, rules.validity);
  const deadline = on?.toString() ?? null;
  changeSet.alarm('stopped', `${current.id}/${refusedAt}`, {
    ...sinceOf(health),
    workedAt: health.workedAt,
    deadline,
  });
}

export function sinceOf({ refusedAt }: Health): { since?: number } {
  return refusedAt === null ? {} : { since: refusedAt };
}
