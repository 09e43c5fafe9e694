// What the vault is asked: to seal a secret under its name, to open it again, to know it again without opening it.
import type { Environment } from '../account/expiry.ts';
import type { Secret } from '../shared/secret.ts';

/** What a sealed secret is bound to: opened under any other name it is broken. */
export interface SealName {
  readonly environment: Environment | 'none';
  readonly login: string;
  /** The id of the credential: one for each password ever kept. */
  readonly credential: string;
}

/** A sealed secret as it is stored: the box, and its data key sealed by a master key. */
export interface Sealed {
  readonly keyId: string;
  readonly dataKey: Uint8Array;
  readonly box: Uint8Array;
}

/** Why the vault cannot do what it was asked: no master key at all, not this one, or what was stored is broken. */
export type VaultFaultKind = 'shut' | 'unknown-key' | 'broken';

/** Thrown by the vault; its message never holds what it read. */
export class VaultFault extends Error {
  readonly kind: VaultFaultKind;

  constructor(kind: VaultFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The master keys as they stand: none, or those known, the sealing one named. */
export type VaultState =
  | { readonly kind: 'shut'; readonly reason: string }
  | { readonly kind: 'open'; readonly sealing: string; readonly known: readonly string[] };

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
