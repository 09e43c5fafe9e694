// Envelope encryption: each secret under a data key of its own, the data key under a master key, both bound to one name.
// AES-256-GCM. What is sealed contains its format, its nonce and its tag.
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { type Sealed, type SealName, VaultFault } from '../../domain/rotation/sealed.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { isKeyId, KEY_BYTES, type MasterKeys } from './master-keys.ts';

/** Bytes of a nonce, of a tag. */
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

const CIPHER = 'aes-256-gcm';

/** The first byte of the output. Another layout, or another cipher, gets another number. */
const FORMAT = 1;

const HEAD_BYTES = 1 + NONCE_BYTES;

/**
 * Encrypts `plain` under a key of 32 bytes: format (1 byte), nonce (12), ciphertext (as long as `plain`), tag (16).
 * `bound` is not stored: decrypting needs the same value again. The nonce is random unless a test vector gives one; random is
 * safe for 2^32 seals under one key, and a key seals one box, or one data key for each credential.
 */
export function encrypt(
  key: Uint8Array | KeyObject,
  plain: Uint8Array,
  bound: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  return Buffer.concat([
    Uint8Array.of(FORMAT),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/**
 * Decrypts what `encrypt` made; null when it is broken: another format, cut short, changed anywhere, encrypted under
 * another key or bound to something else. Which of these it is cannot be told, and must not be.
 * The caller fills the answer with zeros after use.
 */
export function decrypt(key: Uint8Array | KeyObject, sealed: Uint8Array, bound: Uint8Array): Buffer | null {
  if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== FORMAT) return null;
  const body = sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES);
  // Without a fixed length Node accepts a tag of four bytes, which can be guessed.
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, HEAD_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(body);
  try {
    decipher.final();
    return plain;
  } catch {
    // The plain text must not be used before the tag has been checked.
    plain.fill(0);
    return null;
  }
}

/** Seals any text, even an empty one: under a new data key, which is sealed under the master key that seals now. */
export function seal(keys: MasterKeys, name: SealName, secret: Secret): Sealed {
  const dataKey = randomBytes(KEY_BYTES);
  // UTF-16, as the text is in memory: a lone surrogate survives, where UTF-8 would replace it.
  const plain = Buffer.from(secret.reveal(), 'utf16le');
  try {
    return { ...sealDataKey(keys, name, dataKey), box: encrypt(dataKey, plain, boundToBox(name)) };
  } finally {
    dataKey.fill(0);
    plain.fill(0);
  }
}

/** Opens what `seal` sealed. Throws VaultFault: `unknown-key` or `broken`. */
export function open(keys: MasterKeys, name: SealName, sealed: Sealed): Secret {
  const dataKey = openDataKey(keys, name, sealed);
  try {
    const plain = decrypt(dataKey, sealed.box, boundToBox(name));
    if (plain === null) throw broken();
    const secret = new Secret(plain.toString('utf16le'));
    plain.fill(0);
    return secret;
  } finally {
    dataKey.fill(0);
  }
}

/**
 * The same box with its data key under the sealing key; null when it is already so. The box is not opened.
 * Throws VaultFault: `unknown-key` or `broken`.
 */
export function reseal(keys: MasterKeys, name: SealName, sealed: Sealed): Sealed | null {
  if (sealed.keyId === keys.sealing) return null;
  const dataKey = openDataKey(keys, name, sealed);
  try {
    return { ...sealDataKey(keys, name, dataKey), box: sealed.box };
  } finally {
    dataKey.fill(0);
  }
}

function sealDataKey(keys: MasterKeys, name: SealName, dataKey: Uint8Array): Omit<Sealed, 'box'> {
  const keyId = keys.sealing;
  return { keyId, dataKey: encrypt(keyOf(keys, keyId), dataKey, boundToDataKey(name, keyId)) };
}

function openDataKey(keys: MasterKeys, name: SealName, sealed: Sealed): Buffer {
  const { keyId } = sealed;
  const dataKey = decrypt(keyOf(keys, keyId), sealed.dataKey, boundToDataKey(name, keyId));
  if (dataKey === null) throw broken();
  if (dataKey.length === KEY_BYTES) return dataKey;
  dataKey.fill(0);
  throw broken();
}

function keyOf(keys: MasterKeys, id: string) {
  const key = keys.byId.get(id);
  if (key !== undefined) return key;
  // The id was read from storage: it is shown only when it has the form of an id.
  const which = isKeyId(id) ? `The master key ${id}` : 'The master key that sealed this secret';
  throw new VaultFault('unknown-key', `${which} is not among those known: put its line back where it was.`);
}

const broken = () =>
  new VaultFault(
    'broken',
    'A sealed secret cannot be opened: it was changed, cut short or destroyed, or it belongs under another name.',
  );

const boundToBox = (name: SealName) => bound('box', name);
const boundToDataKey = (name: SealName, keyId: string) => bound('data key', name, keyId);

/** JSON, so that two names never give the same bytes. Upper and lower case of a login mean the same technical user. */
function bound(purpose: 'box' | 'data key', name: SealName, ...more: readonly string[]): Buffer {
  const { environment, login, credential } = name;
  const parts = ['releve', purpose, environment, login.toLowerCase(), credential, ...more];
  return Buffer.from(JSON.stringify(parts));
}
