// The vault, which seals and opens, and the stored sealed secrets.
import type { Sealed, SealName, VaultState } from '../rotation/sealed.ts';
import type { Secret } from '../shared/secret.ts';
import type { AuditMac } from './audit-trail.ts';
import type { KeptCredential } from './rotations.ts';

/** Methods throw VaultFault. */
export interface Vault {
  state(): VaultState;
  /** Reads the master keys again: some may have been added. Never throws; returns the new state. */
  refresh(): VaultState;
  seal(name: SealName, secret: Secret): Sealed;
  open(name: SealName, sealed: Sealed): Secret;
  /** The same secret under the current sealing key; null when it is sealed by it already. The box stays as it is. */
  reseal(name: SealName, sealed: Sealed): Sealed | null;
  /** A key for fingerprints, to be sealed and stored: 32 random bytes as text. */
  newFingerprintKey(): Secret;
  /** Recognises a secret of one technical user; without the key it shows nothing. Hexadecimal. */
  fingerprint(key: Secret, name: Pick<SealName, 'environment' | 'login'>, secret: Secret): string;
  /** The keyed hash of the audit trail, under a key derived from that of fingerprints. */
  auditMac(fingerprintKey: Secret): AuditMac;
  /** 256 random bits for a link or a tool, and what is stored of it. */
  newToken(): { readonly token: string; readonly hash: string };
  hashOf(token: string): string;
}

export interface SealedSecrets {
  /** The sealed key of fingerprints; null before the first password is received. */
  fingerprintKey(): Promise<Sealed | null>;
  /**
   * Stores it, at an instant (ms), unless there is one already; returns the stored one. Where a former key has linked lines of the
   * audit trail, a line there says that the key is a new one.
   */
  keepFingerprintKey(sealed: Sealed, at: number): Promise<Sealed>;
  replaceFingerprintKey(before: Sealed, after: Sealed): Promise<boolean>;
  /** Records which master keys (ids) the daemon can use, and when (ms). */
  noteKnown(ids: readonly string[], at: number): Promise<void>;
  /** The daemon's last record; null before the first. */
  knownToDaemon(): Promise<{ readonly ids: readonly string[]; readonly at: number } | null>;
  /** How many living secrets each master key seals. */
  counts(): Promise<ReadonlyMap<string, number>>;
  /** Living passwords sealed by another key than this, after an id, at most `limit`. */
  sealedByOthers(keyId: string, after: string, limit: number): Promise<readonly KeptCredential[]>;
  /** Replaces the data key, if it is still the old one. */
  replace(before: KeptCredential, after: Sealed): Promise<boolean>;
}
