// One answer of PISTE or Chorus Pro, or its absence, as facts that the table of answers can look at.
import type { Evidence } from './verdict.ts';

/** The call that surely looks at the account, and shows its rights: it alone decides most proofs. */
export const ACCOUNT_CALL = 'recuperer/structures/actives/destinataire';

/** The call that needs no right: it most likely looks at the account, and is asked where the other one leaves that open. */
export const RIGHTLESS_CALL = 'recuperer/tauxtva';

/** The calls that a proof may make. */
export type Call = 'token' | typeof ACCOUNT_CALL | typeof RIGHTLESS_CALL;

/** One challenge of a WWW-Authenticate header; null for a part that is not there. */
export interface Challenge {
  readonly realm: string | null;
  readonly error: string | null;
  readonly description: string | null;
}

/**
 * What the body looks like: `none` where nothing answered, `broken` where it could not be read to its end,
 * `json` for an object only.
 */
export type BodyShape = 'none' | 'empty' | 'json' | 'html' | 'other' | 'broken';

/** The failure told for an answer beyond the size limit. */
export const TOO_LARGE = 'TOO_LARGE';

/** What one call brought. The texts are as they came, secrets and all: only `evidence` may leave the proof. */
export interface Answer {
  readonly call: Call;
  /** Null where nothing answered. */
  readonly status: number | null;
  /** A code such as ECONNREFUSED or TOO_LARGE, where something went wrong below HTTP or within the body. */
  readonly failure: string | null;
  readonly challenges: readonly Challenge[];
  readonly body: BodyShape;
  /** `codeRetour`, where it is an integer, and `libelle`. */
  readonly code: number | null;
  readonly label: string | null;
  /** `error` of an OAuth body. */
  readonly oauthError: string | null;
  /** `ErrorCode` of the body shape of the « organisations » API. */
  readonly errorCode: string | null;
  /** Their clock less ours in ms, by the Date header; null where there is none. */
  readonly skewMs: number | null;
  readonly retryAfterMs: number | null;
  /** What people may see of it: secrets struck out. */
  readonly evidence: Evidence;
}
