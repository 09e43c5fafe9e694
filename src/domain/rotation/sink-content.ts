// What a sink receives and what it returns; and whether the password in service may be written there: never over a newer one, and
// never a rejected one over a good one.
import {
  type Environment,
  expiryOfUser,
  type TechnicalUser,
  type ValidityRules,
} from '../account/technical-user.ts';
import type { Secret } from '../shared/secret.ts';
import { currentHealth, currentRotation, leaseOver, type RotationAggregate } from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

export interface SinkAccount {
  readonly login: string;
  readonly environment: Environment;
  readonly siret: string;
  readonly structure: string;
}

/** The facts of the password in service without its value; ISO days, null when unknown. */
export interface PasswordFacts extends SinkAccount {
  readonly version: number;
  readonly changedOn: string | null;
  readonly expiresOn: string | null;
}

/** A password with its facts, as a sink receives it. */
export interface Publishable extends PasswordFacts {
  readonly password: Secret;
}

/** The result of a call to a sink; a fault says what to do about it, in English, without any secret. */
export type SinkResult = { readonly ok: true } | { readonly ok: false; readonly fault: string };

/**
 * What a sink holds: exactly what it was compared with; the same password with another version, owner, group or mode;
 * nothing; something that cannot be read; or something else, with the version that it names (null if it names none).
 */
export type Comparison =
  | { readonly ok: true; readonly state: 'same' | 'same-password' | 'absent' | 'unreadable' }
  | { readonly ok: true; readonly state: 'different'; readonly version: number | null }
  | { readonly ok: false; readonly fault: string };

/** The result of a hook; `output` is what it printed, cut, with the secret removed. */
export type HookResult = SinkResult & { readonly output: string };

/**
 * What a connector says that called Chorus Pro once with what it holds. `call`: whether that call failed; `none` where it was surely
 * not made, `unknown` where nobody knows.
 */
export type SinkProof =
  | { readonly ok: true }
  | { readonly ok: false; readonly fault: string; readonly call: 'none' | 'failed' | 'unknown' };

/** An account that a product has: the values by which its settings would name it. */
export interface DiscoveredAccount {
  readonly login: string;
  /** What the product calls it. */
  readonly label: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What is set at a connector before it is told to hold, as its sink takes it back. */
export type BeforeHold = { readonly ok: true; readonly before: string } | Extract<SinkResult, { ok: false }>;

/** The facts that programs and files receive about the password in service of a technical user. */
export function passwordFactsOf(user: TechnicalUser, validity: ValidityRules): PasswordFacts {
  const { login, environment, home, version, facts } = user;
  return {
    login,
    environment,
    siret: home.siret,
    structure: home.name,
    version,
    changedOn: facts.changedOn?.toString() ?? null,
    expiresOn: expiryOfUser(user, validity).on?.toString() ?? null,
  };
}

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
