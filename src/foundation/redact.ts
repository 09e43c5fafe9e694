// Takes secrets out of what a program, a server or an error said, however they are written there.
import { type DecodedText, type Decoding, decodingsOf, joined } from './decodings.ts';

/** What stands where a secret stood. */
export const DOTS = '••••••';

/** Takes some secrets out of texts. */
export interface Redactor {
  /**
   * The text with dots for each secret. `isCut`: it goes on beyond its end, where half of a secret may stand; that much of it
   * is left out.
   */
  redact(text: string, options?: { readonly isCut: boolean }): string;
  /** The beginning of a long text, with so many characters or more of it looked at. */
  redactBeginning(text: string, length: number): string;
}

/** So many encodings may lie one over another. */
const DEEPEST = 2;
/** A character of a secret takes at most so many: one that is written by its number in a page whose text stands in an address. */
const WIDEST = 12;
/** Shorter secrets are not looked for in base64 and hexadecimal: they would be found everywhere. In bytes. */
const SHORTEST = 4;

/** How a secret reads: as it is, and as the bytes of UTF-8 and UTF-16 that were read in another encoding. */
function readingsOf(secret: string): readonly string[] {
  const little = Buffer.from(secret, 'utf16le');
  const big = Buffer.from(little).swap16();
  const readings = [little, big].flatMap((bytes) => [bytes.toString('latin1'), bytes.toString('utf8')]);
  readings.push(secret, Buffer.from(secret).toString('latin1'));
  // A server of another charset puts a mark in the place of each character that it does not know.
  readings.push(secret.replaceAll(/\P{ASCII}/gu, '\ufffd'), secret.replaceAll(/\P{ASCII}/gu, '?'));
  // Of a line broken at a blank.
  readings.push(secret.replaceAll(/\s+/g, ''));
  // What is made of such marks alone says nothing.
  return readings.filter((text) => /[^?\ufffd]/.test(text));
}

/** Makes a redactor of secrets; empty ones are left out. */
export function redactorOf(secrets: readonly string[]): Redactor {
  const some = secrets.filter((secret) => secret.trim() !== '');
  const wanted = [...new Set(some.flatMap(readingsOf))];
  const sizes = some.map((secret) => Buffer.byteLength(secret));
  const shortest = Math.min(...wanted.map((text) => text.length));
  const decodings = decodingsOf({
    bytes: Math.max(SHORTEST, Math.min(...sizes)),
    hasBlanks: some.some((secret) => /\s/.test(secret)),
  });
  const legible = legibleOf(some);
  const longest = WIDEST * Math.max(0, ...sizes);
  const redact = (text: string, { isCut } = { isCut: false }) => {
    // Nothing is shorter than a secret as it is.
    const shown = text.length < shortest ? text : hide(text, { wanted, decodings, legible, depth: DEEPEST });
    return isCut ? shown.slice(0, Math.max(0, shown.length - longest)) : shown;
  };
  return {
    redact,
    redactBeginning: (text, length) => {
      const most = length + longest;
      return redact(text.slice(0, most), { isCut: text.length > most });
    },
  };
}

/** Marks part of the text that was given, as it is reached from a text decoded from it. */
type Mark = (from: number, to: number) => void;

/** So many letters in a row tell a text from noise. */
const LETTERS = 8;

/** Fits every text that one of the secrets may be in: no encoding makes their longest row of ASCII shorter. */
function legibleOf(secrets: readonly string[]): RegExp {
  const rows = secrets.map((secret) => (secret.match(/[ -~]+/g) ?? []).map((row) => row.length));
  const row = Math.min(LETTERS, ...rows.map((lengths) => Math.max(0, ...lengths)));
  return new RegExp(`[\\0\\t\\n\\r -~]{${row}}`);
}

function hide(text: string, task: Omit<Search, 'mark'>): string {
  let hidden: Uint8Array | null = null;
  const mark: Mark = (from, to) => {
    hidden ??= new Uint8Array(text.length);
    hidden.fill(1, from, to);
  };
  search(text, { ...task, mark });
  return hidden === null ? text : shown(text, hidden);
}

interface Search {
  readonly wanted: readonly string[];
  readonly decodings: readonly Decoding[];
  /** What does not fit it is noise: most of what comes of taking a word for base64. */
  readonly legible: RegExp;
  readonly mark: Mark;
  /** How many encodings may still be undone. */
  readonly depth: number;
}

/** Looks for what is wanted in a text, in the same without line breaks and controls, and in what either decodes to. */
function search(text: string, task: Search): void {
  searchAsItIs(text, task);
  const whole = joined(text);
  if (whole !== null) searchAsItIs(whole.text, { ...task, mark: through(whole, task.mark) });
}

function searchAsItIs(text: string, task: Search): void {
  if (!task.legible.test(text)) return;
  find(text, task);
  if (task.depth === 0) return;
  for (const decode of task.decodings) {
    const decoded = decode(text);
    if (decoded === null) continue;
    search(decoded.text, { ...task, mark: through(decoded, task.mark), depth: task.depth - 1 });
  }
}

const through =
  (decoded: DecodedText, mark: Mark): Mark =>
  (from, to) =>
    mark(decoded.startOf(from), decoded.endOf(to - 1));

function find(text: string, { wanted, mark }: Search): void {
  for (const one of wanted) {
    // What overlaps is marked as one, so that each place is marked once, whatever repeats itself.
    let [from, to] = [0, 0];
    for (let at = text.indexOf(one); at !== -1; at = text.indexOf(one, at + 1)) {
      if (at >= to && to > from) mark(from, to);
      if (at >= to) from = at;
      to = at + one.length;
    }
    if (to > from) mark(from, to);
  }
}

/** The text with dots in place of each run that is hidden. */
function shown(text: string, hidden: Uint8Array): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const isHidden = hidden[at] === 1;
    const next = hidden.indexOf(isHidden ? 0 : 1, at);
    const end = next === -1 ? text.length : next;
    result += isHidden ? DOTS : text.slice(at, end);
    at = end;
  }
  return result;
}

/** Hides whatever an OAuth answer calls a token: one that we cannot use is a secret all the same. */
export function redactTokens(text: string): string {
  return text.replaceAll(/(_token["']?\s*[:=]\s*["']?)[^"'\s,&}]+/gi, `$1${DOTS}`);
}

/** `//user:password@host` loses its password. */
export function redactUserInfo(text: string): string {
  return text.replaceAll(/(\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${DOTS}@`);
}
