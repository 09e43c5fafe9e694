// Asks Chorus Pro whether it believes a login and a password.
import type { Environment } from '../account/technical-user.ts';
import type { Secret } from '../shared/secret.ts';
import type { Verdict } from '../verification/verdict.ts';

/** How a question is asked. */
export interface CheckOptions {
  /** Ends the waiting, and leaves the verdict undetermined. */
  readonly signal?: AbortSignal;
  /** Nobody waits for the answer: questions that somebody waits for go first. */
  readonly background?: boolean;
}

/** Chorus Pro, asked about one login and one password. */
export interface CredentialVerifier {
  /** Never throws: what cannot be known is `undetermined`. */
  verify(environment: Environment, login: string, password: Secret, manner?: CheckOptions): Promise<Verdict>;
}
