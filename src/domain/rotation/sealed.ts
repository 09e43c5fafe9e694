// A secret as it is sealed and named, and why it cannot be sealed or opened.
import type { Environment } from '../account/expiry.ts';

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
