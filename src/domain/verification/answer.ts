// One answer of PISTE or Chorus Pro, or its absence, as facts for the table of answers.
import type { Evidence } from './verdict.ts';

/** The call that certainly checks the account, and shows its rights: it alone decides most checks. */
export const ACCOUNT_CALL = 'recuperer/structures/actives/destinataire';

/** The call that needs no right: it most likely checks the account, and is made when the other one leaves that open. */
export const RIGHTLESS_CALL = 'recuperer/tauxtva';

export type Call = 'token' | typeof ACCOUNT_CALL | typeof RIGHTLESS_CALL;

/** One challenge of a WWW-Authenticate header; null for an absent part. */
export interface Challenge {
  readonly realm: string | null;
  readonly error: string | null;
  readonly description: string | null;
}

/** `none`: no answer; `broken`: it could not be read to its end; `json`: an object only. */
export type BodyShape = 'none' | 'empty' | 'json' | 'html' | 'other' | 'broken';

/** The failure of an answer beyond the size limit. */
export const TOO_LARGE = 'TOO_LARGE';

/** The texts are as they came, secrets included: only `evidence` may leave the verification. */
export interface CallAnswer {
  readonly call: Call;
  /** Null without an answer. */
  readonly status: number | null;
  /** A code such as ECONNREFUSED or TOO_LARGE, when something failed below HTTP or within the body. */
  readonly failure: string | null;
  readonly challenges: readonly Challenge[];
  readonly body: BodyShape;
  /** `codeRetour`, if it is an integer, and `libelle`. */
  readonly code: number | null;
  readonly label: string | null;
  /** `error` of an OAuth body. */
  readonly oauthError: string | null;
  /** `ErrorCode` of the body shape of the « organisations » API. */
  readonly errorCode: string | null;
  /** Their clock less ours in ms, by the Date header; null without one. */
  readonly skewMs: number | null;
  readonly retryAfterMs: number | null;
  /** What people may see of it: secrets removed. */
  readonly evidence: Evidence;
}
