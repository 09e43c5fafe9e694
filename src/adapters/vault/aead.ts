// AES-256-GCM: bytes in, bytes out. The output contains its format, its nonce and its tag.
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** Bytes of a key, of a nonce, of a tag. */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

const CIPHER = 'aes-256-gcm';
/** The first byte of the output. Another layout, or another cipher, gets another number. */
const FORMAT = 1;
const HEAD_BYTES = 1 + NONCE_BYTES;

/**
 * Seals `plain` under a key of 32 bytes: format (1 byte), nonce (12), ciphertext (as long as `plain`), tag (16).
 * `bound` is not stored: opening needs the same value again. The nonce is random unless a test vector gives one; random is
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
 * Opens what `encrypt` sealed; null when it is broken: another format, cut short, changed anywhere, sealed under
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
