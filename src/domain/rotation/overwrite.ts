// Whether the password in service may be put into a sink: never over a newer one, and never a dead one over a good one.
import { currentHealth, currentRotation, type RotationAggregate } from './rotation.ts';
import { leaseOver, type RotationRules } from './rotation-rules.ts';
import type { Comparison } from './sink-content.ts';

/**
 * What follows from a look into a sink. `ask`: Chorus Pro is to be asked about the password first, for all that is known of
 * it was written down before this process began, and may be a copy of an older day. Left as it is: a sink that says a
 * `newer` version; any, where the password is `refused` now; one that holds something else, while nobody knows whether the
 * password is still good (`unanswered`). `asking`: somebody else asks at this moment, and goes on.
 */
export type Overwriting = 'write' | 'ask' | 'asking' | 'newer' | 'refused' | 'unanswered';

/** Decides by the book as it is. `since`: when (ms) this process began; `asked`: whether Chorus Pro was just asked. */
export function mayOverwrite(
  aggregate: RotationAggregate,
  {
    found,
    since,
    asked,
  }: { readonly found: Extract<Comparison, { ok: true }>; readonly since: number; readonly asked: boolean },
  { verification, proofLease }: Pick<RotationRules, 'verification' | 'proofLease'>,
  now: number,
): Overwriting {
  const current = currentRotation(aggregate);
  if (current === null || found.state === 'same' || found.state === 'same-password') return 'write';
  const version = current.version ?? aggregate.user.version;
  if (found.state === 'different' && found.version !== null && found.version > version) return 'newer';
  const health = currentHealth(aggregate);
  if (health?.state === 'stopped') return 'refused';
  // A proof that never was cannot be had again: somebody has answered for this password.
  if (verification[aggregate.user.environment] === 'none' || current.proven === 'unverified') return 'write';
  if (health !== null && health.workedAt !== null && health.workedAt >= since) return 'write';
  if (!asked) return 'ask';
  if (health !== null && !leaseOver(health.leaseUntil, now, proofLease)) return 'asking';
  if (health?.state === 'doubtful') return 'refused';
  return found.state === 'absent' ? 'write' : 'unanswered';
}

/** Why a sink is left as it is, for the log, the audit trail and `releve show`. */
export const LEFT: Readonly<Record<Exclude<Overwriting, 'write' | 'ask' | 'asking'>, string>> = {
  newer:
    'it says a newer version than ours and is left as it is; see docs/SINKS.md, Never an older one over a newer one',
  refused: 'Chorus Pro refuses this password now: it is not written; hand in the new one',
  unanswered:
    'it holds something else and is left as it is, for Chorus Pro has not said since the start that this password is still good; tried again',
};
