// The vault seals and opens; the database keeps what is sealed.

import type { Sealed, SealName, VaultState } from '../rotation/sealed.ts';
import type { Secret } from '../shared/secret.ts';
import type { KeptCredential } from './rotations.ts';

/** Seals and opens. Methods throw VaultFault. */
export interface Vault {
  state(): VaultState;
  /** Reads the master keys again: some may have been added. Never throws; tells how it stands now. */
  refresh(): VaultState;
  seal(name: SealName, secret: Secret): Sealed;
  open(name: SealName, sealed: Sealed): Secret;
  /** The same secret under the sealing key of today; null when it is sealed by it already. The box stays as it is. */
  reseal(name: SealName, sealed: Sealed): Sealed | null;
  /** A key for fingerprints, to be sealed and kept: 32 random bytes as text. */
  newFingerprintKey(): Secret;
  /** By which a secret of one technical user is known again; without the key it says nothing. Hexadecimal. */
  fingerprint(key: Secret, name: Pick<SealName, 'environment' | 'login'>, secret: Secret): string;
  /** 256 random bits for a link or a tool, and what is stored of it. */
  newToken(): { readonly token: string; readonly hash: string };
  hashOf(token: string): string;
}

/** What is sealed by which master key. */
export interface SealedSecrets {
  /** The sealed key of fingerprints; null before the first password came in. */
  fingerprintKey(): Promise<Sealed | null>;
  /** Keeps it unless there is one already; returns the one that is kept. */
  keepFingerprintKey(sealed: Sealed): Promise<Sealed>;
  replaceFingerprintKey(before: Sealed, after: Sealed): Promise<boolean>;
  /** Notes which master keys the daemon can use (ids), and when (ms) it said so. */
  noteKnown(ids: readonly string[], at: number): Promise<void>;
  /** What the daemon said last; null before its first word. */
  knownToDaemon(): Promise<{ readonly ids: readonly string[]; readonly at: number } | null>;
  /** How many living secrets each master key seals. */
  counts(): Promise<ReadonlyMap<string, number>>;
  /** Living passwords that another key than this seals, after an id, up to so many. */
  sealedByOthers(keyId: string, after: string, limit: number): Promise<readonly KeptCredential[]>;
  /** Puts a new data key in the place of the old one, if that is still there. */
  replace(before: KeptCredential, after: Sealed): Promise<boolean>;
}
