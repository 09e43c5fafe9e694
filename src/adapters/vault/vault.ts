// The vault as the flows know it: seals and opens under the master keys of a source, and knows secrets again.
import type { Vault } from '../../domain/ports/vault.ts';
import { cacheKeys, type KeySource } from './cached-keys.ts';
import { fingerprint, hashOf, newFingerprintKey, newToken } from './fingerprint.ts';
import { open, reseal, seal } from './seal.ts';

/** A vault that also tells what is wrong with the source of its keys while it goes on with those it has. */
export interface KeyedVault extends Vault {
  /** One sentence for the IT service; null when the last reading was good, or when the vault is shut (see `state`). */
  trouble(): string | null;
}

/**
 * Opens the vault over a source of master keys, which is read once now. Without a key it is shut, and opens as soon as
 * the source gives one: at `refresh`, or when a key is needed, at most once a second.
 * `elapsedMs` is a clock that is never set back.
 */
export function openVault(source: KeySource, elapsedMs: () => number = () => performance.now()): KeyedVault {
  const standing = cacheKeys(source, elapsedMs);
  return {
    state: standing.state,
    refresh: standing.refresh,
    trouble: standing.trouble,
    seal: (name, secret) => seal(standing.withKey(null), name, secret),
    open: (name, sealed) => open(standing.withKey(sealed.keyId), name, sealed),
    reseal: (name, sealed) => reseal(standing.withKey(sealed.keyId), name, sealed),
    newFingerprintKey,
    fingerprint,
    newToken,
    hashOf,
  };
}
