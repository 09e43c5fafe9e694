// The vault port: seals and opens secrets under cached master keys, and makes fingerprints of passwords and hashes of tokens.

import { createHash, createHmac } from 'node:crypto';
import type { Vault } from '../../domain/ports/vault.ts';
import { type SealName, VaultFault } from '../../domain/rotation/sealed.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { cacheKeys, type KeySource } from './cached-keys.ts';
import { decodeKey, newKeyText } from './master-keys.ts';
import { open, reseal, seal } from './seal.ts';

/** A vault that also reports a fault of its key source while it goes on with the keys it has. */
export interface KeyedVault extends Vault {
  /** One sentence for the IT service; null when the last reading was good, or when the vault is shut (see `state`). */
  trouble(): string | null;
}

/**
 * Opens the vault over a source of master keys, which is read once now. Without a key it is shut, and opens as soon as
 * the source gives a key: at `refresh`, or when a key is needed, at most once a second.
 * `elapsedMs` is a clock that is never set back.
 */
export function openVault(source: KeySource, elapsedMs: () => number = () => performance.now()): KeyedVault {
  const keys = cacheKeys(source, elapsedMs);
  return {
    state: keys.state,
    refresh: keys.refresh,
    trouble: keys.trouble,
    seal: (name, secret) => seal(keys.withKey(null), name, secret),
    open: (name, sealed) => open(keys.withKey(sealed.keyId), name, sealed),
    reseal: (name, sealed) => reseal(keys.withKey(sealed.keyId), name, sealed),
    newFingerprintKey,
    fingerprint,
    newToken,
    hashOf,
  };
}

/** HMAC-SHA-256, in hexadecimal. */
export function hmac(key: Uint8Array, message: Uint8Array): string {
  return createHmac('sha256', key).update(message).digest('hex');
}

/** A key for fingerprints: 32 random bytes, as text. */
export function newFingerprintKey(): Secret {
  return new Secret(newKeyText());
}

/**
 * The fingerprint of a secret of one technical user, 64 hexadecimal digits; the same password elsewhere has another.
 * Throws VaultFault `broken` when `newFingerprintKey` did not make the key: under a short key the password could be guessed.
 */
export function fingerprint(
  key: Secret,
  name: Pick<SealName, 'environment' | 'login'>,
  secret: Secret,
): string {
  const bytes = decodeKey(key.reveal());
  if (bytes === null) throw new VaultFault('broken', 'The key for fingerprints is none that the vault made.');
  // JSON keeps the parts apart, and distinguishes one lone surrogate from another.
  const parts = ['releve', 'fingerprint', name.environment, name.login.toLowerCase(), secret.reveal()];
  const message = Buffer.from(JSON.stringify(parts));
  try {
    return hmac(bytes, message);
  } finally {
    bytes.fill(0);
    message.fill(0);
  }
}

/** A new token (43 letters of base64url, 256 random bits) and what is stored of it. */
export function newToken(): { readonly token: string; readonly hash: string } {
  const token = newKeyText();
  return { token, hash: hashOf(token) };
}

/** SHA-256 of a token, in hexadecimal. Enough for 256 random bits; never for a password. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}
