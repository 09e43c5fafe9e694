// What a sink is given, and what it answers.
import type { Environment } from '../account/expiry.ts';
import { expiryOfUser, type TechnicalUser, type ValidityRules } from '../account/technical-user.ts';
import type { Secret } from '../shared/secret.ts';

/** Whose password it is. */
export interface Account {
  readonly login: string;
  readonly environment: Environment;
  readonly siret: string;
  readonly structure: string;
}

/** What is known of the password in service beside its value; ISO days, null when unknown. */
export interface PasswordFacts extends Account {
  readonly version: number;
  readonly changedOn: string | null;
  readonly expiresOn: string | null;
}

/** What a sink is given: one proven password with its facts. */
export interface Publishable extends PasswordFacts {
  readonly password: Secret;
}

/** How a piece of work on a sink ended; a fault says what to do about it, in English, without any secret. */
export type Worked = { readonly ok: true } | { readonly ok: false; readonly fault: string };

/**
 * What lies in a sink: exactly what it was compared with; the same password, but for its version, owner, group or mode;
 * nothing; or something else, with the version that it says of itself (null where it says none).
 */
export type Comparison =
  | { readonly ok: true; readonly state: 'same' | 'same-password' | 'absent' }
  | { readonly ok: true; readonly state: 'different'; readonly version: number | null }
  | { readonly ok: false; readonly fault: string };

/** How a hook ended; `output` is what it printed, cut, with the secret struck out. */
export type Hooked = Worked & { readonly output: string };

/** What programs and files are told of the password in service of a technical user. */
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
