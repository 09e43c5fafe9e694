// The vault: seals and opens secrets under cached master keys, and makes fingerprints of passwords and hashes of tokens.
// The daemon caches the keys: it reads them again on demand, and keeps them when a new reading fails.
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import type { AuditMac } from '../../domain/ports/audit-trail.ts';
import type { Vault } from '../../domain/ports/vault.ts';
import { type SealName, VaultFault, type VaultState } from '../../domain/rotation/sealed.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { errorCode } from '../../foundation/trusted-file.ts';
import { decodeKey, type MasterKeys, newKeyText, readMasterKeys } from './master-keys.ts';
import { open, reseal, seal } from './seal.ts';

/** A vault that also reports a fault of its key source while it goes on with the keys it has. */
export interface KeyedVault extends Vault {
  /** One sentence for the IT service; null when the last reading was good, or when the vault is shut (see `state`). */
  trouble(): string | null;
}

/** The source of the master keys: their text, null where none is given, or why they cannot be read, as a sentence. */
export interface KeySource {
  read(): string | null | { readonly fault: string };
}

/** The shortest time between two readings for missing keys, in ms: a source may be a command. */
const PAUSE_MS = 1000;

type SourceResult = { readonly keys: MasterKeys } | { readonly fault: string };
/** The last good keys and the fault of a later reading; or no keys yet, and why. */
type KeysInUse =
  | { readonly keys: MasterKeys; readonly fault: string | null }
  | { readonly keys: null; readonly fault: string };

/**
 * Opens the vault over a source of master keys, which is read once now. Without a key it is shut, and opens as soon as
 * the source gives a key: at `refresh`, or when a key is needed, at most once a second.
 * `elapsedMs` is a clock that is never set back.
 */
export function openVault(source: KeySource, elapsedMs: () => number = () => performance.now()): KeyedVault {
  let inUse = withReading({ keys: null, fault: '' }, readSource(source, null));
  let lookedAt = Number.NEGATIVE_INFINITY;
  const state = (): VaultState =>
    inUse.keys === null
      ? { kind: 'shut', reason: inUse.fault }
      : { kind: 'open', sealing: inUse.keys.sealing, known: [...inUse.keys.byId.keys()] };
  const refresh = () => {
    inUse = withReading(inUse, readSource(source, inUse.keys));
    return state();
  };
  /** The keys for work that needs this one (null: the sealing key). Throws VaultFault `shut` when there is no key at all. */
  const withKey = (id: string | null): MasterKeys => {
    const isThere = inUse.keys !== null && (id === null || inUse.keys.byId.has(id));
    if (!isThere && elapsedMs() - lookedAt >= PAUSE_MS) {
      lookedAt = elapsedMs();
      refresh();
    }
    if (inUse.keys === null) throw new VaultFault('shut', inUse.fault);
    return inUse.keys;
  };
  return {
    state,
    refresh,
    trouble: () =>
      inUse.keys === null || inUse.fault === null
        ? null
        : `${inUse.fault} The keys read before are still used.`,
    seal: (name, secret) => seal(withKey(null), name, secret),
    open: (name, sealed) => open(withKey(sealed.keyId), name, sealed),
    reseal: (name, sealed) => reseal(withKey(sealed.keyId), name, sealed),
    newFingerprintKey,
    fingerprint,
    auditMac,
    newToken,
    hashOf,
  };
}

/** Keeps the keys in use when a reading fails: a file may be in the middle of an edit, a command may fail once. */
function withReading(previous: KeysInUse, reading: SourceResult): KeysInUse {
  return 'keys' in reading ? { keys: reading.keys, fault: null } : { ...previous, fault: reading.fault };
}

function readSource(source: KeySource, previous: MasterKeys | null): SourceResult {
  let text: ReturnType<KeySource['read']>;
  try {
    text = source.read();
  } catch (error) {
    // The message may quote the output of a command: only a plain code of the system is passed on.
    const code = errorCode(error) ?? '';
    return { fault: `The master keys cannot be read${/^E[A-Z0-9]+$/.test(code) ? ` (${code})` : ''}.` };
  }
  if (text === null) return { fault: 'No master key is given.' };
  if (typeof text !== 'string') return text;
  const read = readMasterKeys(text);
  if (read.kind === 'none') return { fault: 'There is no master key where they are kept.' };
  if (read.kind === 'faulty') {
    return { fault: `The master keys are faulty, mend them: ${read.faults.join('; ')}.` };
  }
  const changed = previous === null ? undefined : changedId(previous, read.keys);
  return changed === undefined
    ? read
    : {
        fault: `The master key ${changed} is not the one it was: put it back, and give the new one another id.`,
      };
}

/** An id that now means another key than before: nothing that the previous key sealed could be opened again. */
function changedId(previous: MasterKeys, next: MasterKeys): string | undefined {
  return [...next.byId].find(([id, key]) => previous.byId.get(id)?.equals(key) === false)?.[0];
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
  const bytes = bytesOf(key);
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

function bytesOf(fingerprintKey: Secret): Buffer {
  const bytes = decodeKey(fingerprintKey.reveal());
  if (bytes !== null) return bytes;
  throw new VaultFault('broken', 'The key for fingerprints is none that the vault made.');
}

/**
 * The keyed hash of the audit trail: HMAC-SHA-256 in hexadecimal. Its key is derived from the key of fingerprints, which survives
 * every change of master keys, under a label of its own. Throws VaultFault `broken` as `fingerprint` does.
 */
function auditMac(fingerprintKey: Secret): AuditMac {
  const bytes = bytesOf(fingerprintKey);
  const derived = createHmac('sha256', bytes)
    .update(JSON.stringify(['releve', 'audit trail']))
    .digest();
  const key = createSecretKey(derived);
  bytes.fill(0);
  derived.fill(0);
  return (text) => createHmac('sha256', key).update(text).digest('hex');
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
