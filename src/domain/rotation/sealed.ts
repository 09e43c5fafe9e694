// A sealed secret, its name, and the faults of the vault.
import type { Environment } from '../account/technical-user.ts';

/** What a sealed secret is bound to: under any other name it cannot be opened. */
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

/** No master key at all, not this one, or broken stored data. */
export type VaultFaultKind = 'shut' | 'unknown-key' | 'broken';

/** Thrown by the vault; its message never holds what it read. */
export class VaultFault extends Error {
  readonly kind: VaultFaultKind;

  constructor(kind: VaultFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * What to do where a master key is missing. What is sealed opens with the former key alone: a new one comes last, by the documented
 * way. A copy put over the file would lose a key that was made since.
 */
export function keyRemedy(sealed: number): string {
  return sealed === 0
    ? 'make the first one: releve key new'
    : 'put the line of that key back where the keys are kept, from the copy of the file, beside lines that are newer; only if it is lost for good, go the way of docs/OPERATIONS.md, “A master key is lost”';
}

/** The master keys: none, or those known and the one that seals. */
export type VaultState =
  | { readonly kind: 'shut'; readonly reason: string }
  | { readonly kind: 'open'; readonly sealing: string; readonly known: readonly string[] };
