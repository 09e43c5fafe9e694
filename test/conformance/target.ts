// The target of the conformance suite: the addresses, the application and the account of a run.
import type { Secret } from '../../src/domain/shared/secret.ts';

/** The one real account of a run. It is only ever presented with its own password, whole. */
interface TargetAccount {
  readonly login: string;
  readonly password: Secret;
  /** A SIRET that the account is known to serve; null where the run does not know one. */
  readonly siret: string | null;
  /** Whether nothing is lost when it is locked: true for accounts of a simulator only. */
  readonly isSpare: boolean;
}

/** A PISTE with its Chorus Pro. */
export interface Target {
  /** The whole address of the token call. */
  readonly tokenUrl: string;
  /** The part before `/cpro/…`, without a slash at its end. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Authorities to trust instead of the system's, PEM. */
  readonly caPem: string | null;
  /** A forward proxy, `http://HOST:PORT`; https calls go through it by CONNECT. */
  readonly proxyUrl: string | null;
  readonly account: TargetAccount;
  /** The API of the other environment; it gets this one's token, and never an account. */
  readonly otherApiUrl: string | null;
  /** Calls start at least 1/n seconds apart, one after the other; Infinity for no pause. */
  readonly callsPerSecond: number;
}
