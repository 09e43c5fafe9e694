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

/** Whether the password in service was refused beside this one, and not accepted since. */
export const isRefusedBeside = ({ bothRefusedSince, currentStillWorks }: Rotation): boolean =>
  bothRefusedSince !== null || currentStillWorks === false;

/**
 * Lets the connectors go on after a new password was given up or withdrawn. Where the one in service was refused beside it, and not
 * accepted since, calls would only fail: the connectors hold until a password works.
 */
export function goOnWithout(changeSet: ChangeSetBuilder, ended: Rotation): void {
  if (!isRefusedBeside(ended)) releaseHolds(changeSet);
  else rejectComparison(changeSet, 'stopped', ended.bothRefusedSince ?? changeSet.now);
}

/**
 * The password in service was refused beside a candidate (`since`, ms): its health says so, whatever becomes of the candidate. `doubtful`
 * while the candidate is asked again at once; `stopped` once both are refused, and then its connector is not let go on by anything but a
 * password that works.
 */
export function rejectComparison(
  changeSet: ChangeSetBuilder,
  state: 'doubtful' | 'stopped',
  since: number,
): void {
  const { aggregate, now } = changeSet;
  const current = currentRotation(aggregate);
  if (current === null || current.credential === null) return;
  const health = currentHealth(aggregate) ?? newHealth(current.id, now);
  const before = changeSet.healthNow?.rotationId === current.id ? changeSet.healthNow.state : health.state;
  if (before === 'stopped') return;
  const refusals = Math.max(1, health.refusals);
  changeSet.health(health, {
    state,
    refusals,
    refusedAt: health.refusedAt ?? since,
    cause: 'password-refused',
  });
  if (state === 'stopped')
    changeSet.audit('stopped', current, {
      check: 'password-refused',
      detail: 'refused beside the newer one',
    });
}
