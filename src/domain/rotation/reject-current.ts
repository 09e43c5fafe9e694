// Rejects the password in service once Chorus Pro refuses it: the connector holds, and people hear of it.
import { expiryOfUser, type TechnicalUser, usableAddress } from '../account/technical-user.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import { type Health, newHealth } from './health.ts';
import { releaseHolds, requestEveryHold } from './request-hold.ts';
import { currentHealth, currentRotation, type Rotation } from './rotation.ts';
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
    ...lockingOf(user, rules),
  });
}

/** The connectors of an account whose jobs may be locked in the product by now, as a fact of an alarm. */
export function lockingOf(user: TechnicalUser, rules: RotationRules): { locking?: string } {
  const names = rules.sinksOf(user).flatMap(({ name, locksJobs }) => (locksJobs === true ? [name] : []));
  return names.length === 0 ? {} : { locking: names.join(', ') };
}

/** Since when the password is refused, as a fact of an alarm. */
export function sinceOf({ refusedAt }: Health): { since?: number } {
  return refusedAt === null ? {} : { since: refusedAt };
}

/**
 * Lets the connectors go on after a new password was given up or withdrawn. Where the one in service was refused beside it to the end,
 * that one is known to be dead: calls would only fail, so the connectors hold until a password works.
 */
export function goOnWithout(changeSet: ChangeSetBuilder, ended: Rotation): void {
  if (ended.bothRefusedSince === null) releaseHolds(changeSet);
  else rejectComparison(changeSet, ended.bothRefusedSince);
}

function rejectComparison(changeSet: ChangeSetBuilder, since: number): void {
  const current = currentRotation(changeSet.aggregate);
  if (current === null || current.credential === null) return;
  const health = currentHealth(changeSet.aggregate) ?? newHealth(current.id, changeSet.now);
  const refusals = Math.max(1, health.refusals);
  changeSet.health(health, { state: 'stopped', refusals, refusedAt: since, cause: 'password-refused' });
  changeSet.audit('stopped', current, { check: 'password-refused', detail: 'refused beside the newer one' });
}
