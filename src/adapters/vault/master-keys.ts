// The text format of master keys: a line ID:KEY for each, the last one seals; comments (#) and blank lines are allowed.
import { createSecretKey, type KeyObject, randomBytes, randomInt } from 'node:crypto';
import { Secret } from '../../domain/shared/secret.ts';

/** The master keys known, and the one that seals. Key objects show nothing when printed. */
export interface MasterKeys {
  readonly sealing: string;
  readonly byId: ReadonlyMap<string, KeyObject>;
}

/** The content of a text: keys, none, or faults, each with its line number and nothing of the line itself. */
export type MasterKeysRead =
  | { readonly kind: 'keys'; readonly keys: MasterKeys }
  | { readonly kind: 'none' }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

/** Bytes of a key, and its letters in base64url. */
export const KEY_BYTES = 32;
const KEY_LETTERS = 43;
/** The letters for the suffix of a new id: none that is confused with another when read aloud. */
const SUFFIX_LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';

/** Whether a text may be the id of a key: 1 to 40 of a–z, 0–9 and “-”. No key fits in it. */
export function isKeyId(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text);
}

/** Reads the text of the master keys; reports all its faults at once. */
export function readMasterKeys(text: string): MasterKeysRead {
  const faults: string[] = [];
  const byId = new Map<string, KeyObject>();
  const lineOf = new Map<string, number>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const read = readLine(line);
    const fault = 'fault' in read ? read.fault : repeated(read, byId, lineOf);
    if (fault !== null) faults.push(`line ${index + 1}: ${fault}`);
    else if ('key' in read) {
      byId.set(read.id, read.key);
      lineOf.set(read.id, index + 1);
    }
  }
  if (faults.length > 0) return { kind: 'faulty', faults };
  const sealing = [...byId.keys()].at(-1);
  return sealing === undefined ? { kind: 'none' } : { kind: 'keys', keys: { sealing, byId } };
}

interface KeyLine {
  readonly id: string;
  readonly key: KeyObject;
}

function readLine(line: string): KeyLine | { readonly fault: string } {
  const [id = '', text, ...rest] = line.split(':');
  if (text === undefined || rest.length > 0) return { fault: 'not of the form ID:KEY' };
  if (!isKeyId(id)) return { fault: 'the id before the “:” is not 1 to 40 of a–z, 0–9 and “-”' };
  if (!/^[A-Za-z0-9_-]*$/.test(text)) {
    return { fault: 'the key after the “:” holds something else than A–Z, a–z, 0–9, “-” and “_”' };
  }
  if (text.length !== KEY_LETTERS) {
    return { fault: `the key has ${text.length} characters, not ${KEY_LETTERS}` };
  }
  const bytes = decodeKey(text);
  if (bytes === null) return { fault: 'the key is mistyped: its last character cannot be right' };
  // A failed program leaves zeros; any other repeated byte is no better.
  const weak = bytes.every((byte) => byte === bytes[0]);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return weak ? { fault: 'the key is one byte over and over: nothing random' } : { id, key };
}

function repeated(
  { id, key }: KeyLine,
  byId: ReadonlyMap<string, KeyObject>,
  lineOf: ReadonlyMap<string, number>,
): string | null {
  if (byId.has(id)) return `the id of line ${lineOf.get(id)} again`;
  const twin = [...byId].find(([, other]) => other.equals(key));
  return twin === undefined ? null : `the key of line ${lineOf.get(twin[0])} again, under another id`;
}

/** The 32 bytes of a key of 43 letters; null for any other text. The caller fills them with zeros after use. */
export function decodeKey(text: string): Buffer | null {
  if (text.length !== KEY_LETTERS) return null;
  const bytes = Buffer.from(text, 'base64url');
  // Node ignores characters outside base64url, and stray bits at the end: encoded again, the text must be the same.
  if (bytes.length === KEY_BYTES && bytes.toString('base64url') === text) return bytes;
  bytes.fill(0);
  return null;
}

/** 32 random bytes as text: 43 letters of base64url. */
export function newKeyText(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** A new master key made on `day`: its id, like `2026-11-21-k7f3`, and its line, without a line break. */
export function newMasterKey(day: Temporal.PlainDate): { readonly id: string; readonly line: Secret } {
  const suffix = Array.from({ length: 4 }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]);
  const id = `${day.toString({ calendarName: 'never' })}-${suffix.join('')}`;
  return { id, line: new Secret(`${id}:${newKeyText()}`) };
}
