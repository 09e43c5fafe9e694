// What a sink receives, and what it returns.
import {
  type Environment,
  expiryOfUser,
  type TechnicalUser,
  type ValidityRules,
} from '../account/technical-user.ts';
import type { Secret } from '../shared/secret.ts';

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
 * nothing; or something else, with the version that it names (null if it names none).
 */
export type Comparison =
  | { readonly ok: true; readonly state: 'same' | 'same-password' | 'absent' }
  | { readonly ok: true; readonly state: 'different'; readonly version: number | null }
  | { readonly ok: false; readonly fault: string };

/** The result of a hook; `output` is what it printed, cut, with the secret removed. */
export type HookResult = SinkResult & { readonly output: string };

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
