// Checks a login and a password at Chorus Pro.
import type { Environment } from '../account/technical-user.ts';
import type { Secret } from '../shared/secret.ts';
import type { Verdict } from '../verification/verdict.ts';

export interface CheckOptions {
  /** Nobody waits for the answer: checks that a person waits for go first. */
  readonly background?: boolean;
}

export interface CredentialVerifier {
  /** Never throws: an unknown result is `undetermined`. */
  verify(environment: Environment, login: string, password: Secret, options?: CheckOptions): Promise<Verdict>;
}
