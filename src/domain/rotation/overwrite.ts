// Decides whether the password in service may be written into a sink: never over a newer one, and never a dead one over a
// good one.
import { currentHealth, currentRotation, type RotationAggregate } from './rotation.ts';
import { leaseOver, type RotationRules } from './rotation-rules.ts';
import type { Comparison } from './sink-content.ts';

/**
 * What to do after reading a sink. `ask`: check the password at Chorus Pro first, for all that is known of it was recorded
 * before this process began, and may be from a restored older copy. A sink is left as it is when it names a `newer`
 * version, when the password is `refused` now, or when it holds something else while nobody knows whether the password is
 * still good (`unanswered`). `asking`: another check is under way, which goes on.
 */
export type OverwriteDecision = 'write' | 'ask' | 'asking' | 'newer' | 'refused' | 'unanswered';

/** `since`: when (ms) this process began; `asked`: whether Chorus Pro was just asked. */
export function mayOverwrite(
  aggregate: RotationAggregate,
  look: {
    readonly found: Extract<Comparison, { ok: true }>;
    readonly since: number;
    readonly asked: boolean;
  },
  { verification, proofLease }: Pick<RotationRules, 'verification' | 'proofLease'>,
  now: number,
): OverwriteDecision {
  const { found, since, asked } = look;
  const current = currentRotation(aggregate);
  if (current === null || found.state === 'same' || found.state === 'same-password') return 'write';
  const version = current.version ?? aggregate.user.version;
  if (found.state === 'different' && found.version !== null && found.version > version) return 'newer';
  const health = currentHealth(aggregate);
  if (health?.state === 'stopped') return 'refused';
  // Without a proof there is none to repeat: a person has vouched for this password.
  if (verification[aggregate.user.environment] === 'none' || current.proven === 'unverified') return 'write';
  if (health !== null && health.workedAt !== null && health.workedAt >= since) return 'write';
  if (!asked) return 'ask';
  if (health !== null && !leaseOver(health.leaseUntil, now, proofLease)) return 'asking';
  if (health?.state === 'doubtful') return 'refused';
  return found.state === 'absent' ? 'write' : 'unanswered';
}

/** Why a sink is left as it is, for the log, the audit trail and `releve show`. */
export const LEFT_REASONS: Readonly<Record<Exclude<OverwriteDecision, 'write' | 'ask' | 'asking'>, string>> =
  {
    newer:
      'it says a newer version than ours and is left as it is; see docs/SINKS.md, Never an older one over a newer one',
    refused: 'Chorus Pro refuses this password now: it is not written; hand in the new one',
    unanswered:
      'it holds something else and is left as it is, for Chorus Pro has not said since the start that this password is still good; tried again',
  };
