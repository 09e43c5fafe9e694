// Reads bytes as text in UTF-8 or says where they are none, and secrets from their files; finds words whose accents were lost.
import type { ProcessIdentity } from './file-trust.ts';
import { errorCode, type FileRules, readTrusted } from './trusted-file.ts';

/** A text; or where its bytes stop to be UTF-8: line and column from 1, in characters as an editor counts them. */
export type Utf8Reading = { readonly text: string } | { readonly line: number; readonly column: number };

/** Decodes bytes strictly; a byte order mark stays in the text. Linear in their length. */
export function readUtf8(bytes: Uint8Array): Utf8Reading {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let [from, offset] = [0, 0];
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    const isWritten = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!isWritten) return placeIn(text, at);
    [from, offset] = [at + 1, offset + 3];
  }
  return { text };
}

/** Where a text's character at an index stands. A byte order mark is no column. */
function placeIn(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text
    .slice(0, index)
    .replace(/^\ufeff/, '')
    .split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** The text of a file; or its fault: `found` ends the sentence "the file …", `at` is `:LINE:COLUMN` where it has a place. */
export type TrustedText =
  | { readonly text: string }
  | { readonly found: string; readonly remedy: string; readonly at: string };

/** Reads a file that can be trusted, as text. Throws the errors of the system, "no such file" among them. */
export function readTrustedText(file: string, rules?: FileRules, self?: ProcessIdentity): TrustedText {
  const reading = readTrusted(file, rules, self);
  return 'found' in reading ? { ...reading, at: '' } : textOf(reading.bytes);
}

/** The text of bytes that were read of a file, or their fault. */
export function textOf(bytes: Uint8Array): TrustedText {
  const read = readUtf8(bytes);
  if ('text' in read) return read;
  const isUtf16 = ['\xff\xfe', '\xfe\xff'].includes(String.fromCharCode(...bytes.subarray(0, 2)));
  const found = isUtf16
    ? 'is UTF-16, not UTF-8'
    : 'has a byte that is not UTF-8 (an accent in Windows-1252 or Latin-1?)';
  return { found, remedy: 'the same text, saved as UTF-8', at: `:${read.line}:${read.column}` };
}

/** What a secret of one line never has on purpose, in the order in which it is told. */
const ODD_SIGNS: readonly (readonly [sign: RegExp, found: string])[] = [
  [/^\ufeff/u, 'a byte order mark before the secret'],
  [/(?<=\n)/u, 'a second line'],
  [/^\s/u, 'a blank before the secret'],
  [/\r/u, 'a carriage return in the secret'],
  [/(?<!\s)\s+$/u, 'a blank after the secret'],
  [/(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u, 'a sign that nobody sees in the secret'],
];

/**
 * The sign by which a secret would be refused without anybody seeing why; null where there is none. Its column is not told: it would
 * say how long the secret is.
 */
export function oddSignOf(secret: string): string | null {
  for (const [sign, name] of ODD_SIGNS) {
    const at = secret.search(sign);
    if (at < 0) continue;
    const code = (secret.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    // A line that begins has letters of the secret; every other sign has none.
    return name === 'a second line' ? name : `${name} (U+${code})`;
  }
  return null;
}

/** A secret; or the fault of its file, with what is right. `isNothing`: there is no file, or an empty one. */
type SecretText =
  | { readonly text: string }
  | { readonly found: string; readonly remedy: string; readonly isNothing: boolean };

const ONE_LINE = 'the secret alone, on one line in UTF-8, and at most one line break after it';

/**
 * Reads a secret from a file that can be trusted, without the line break after it. `hasLines`: PEM or keys, where signs beyond ASCII
 * can only stand in a comment; else it is one line without a sign that nobody sees.
 */
export function readSecretText(
  file: string,
  { closed, hasLines }: { readonly closed: boolean; readonly hasLines: boolean },
): SecretText {
  const fault = (found: string, remedy = 'a readable file with one secret', isNothing = false) => ({
    ...{ found, remedy, isNothing },
  });
  try {
    const reading = readTrusted(file, { closed });
    if ('found' in reading) return fault(`a file that ${reading.found}`, reading.remedy);
    const lines = reading.bytes.toString('utf8').replace(/\r?\n$/, '');
    if (lines.trim() === '') return fault('an empty file', undefined, true);
    if (hasLines) return { text: lines.replace(/^\ufeff/, '') };
    const line = textOf(reading.bytes);
    if ('found' in line) return fault(`a file that ${line.found}`, ONE_LINE);
    const odd = oddSignOf(lines);
    return odd === null ? { text: lines } : fault(odd, ONE_LINE);
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOENT') return fault('no such file', undefined, true);
    return fault(`a file that cannot be read (${code})`);
  }
}

/** A second byte of UTF-8 read as Windows-1252 or Latin-1. */
const SECOND = '[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]';

/** What a word has where its accents were lost. */
const LOST: readonly RegExp[] = [
  // Decoded with a replacement, or a control character that only a wrong table gives.
  /[\ufffd\u0080-\u009f]/u,
  // UTF-8 twice: é is Ã©, the no-break space Â and itself, ’ is â€™, œ is Å“.
  new RegExp(`[ÂÃ]${SECOND}|â€|Å[“’”]`, 'u'),
  // UTF-8 read as Mac Roman: é is √©.
  /√[^\s\d(]/u,
  // Mac Roman read as Windows-1252: é is Ž, à is ˆ, ê is a control character. Ž begins names, but stands in none.
  /\p{Ll}[ŽƒˆŠ‰™‡†”“•]\p{Ll}|\p{Ll}[Žƒˆ‰](?!\p{L})/u,
  // A program that does not know a letter writes a question mark.
  /\p{L}\?\p{Ll}/u,
];

/** The words of a text whose accents look lost, each once; addresses of the web have question marks of their own. */
export function oddWords(text: string): readonly string[] {
  // A no-break space does not end a word here: after Â it is the half of one.
  const words = text.split(/[ \t\r\n]+/).filter((word) => !/:\/\/|www\./.test(word));
  return [...new Set(words.filter((word) => LOST.some((sign) => sign.test(word))))];
}
