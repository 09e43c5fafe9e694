// Removes secrets from the output of programs, servers and errors, in plain form and in every common encoding.
import { type DecodedText, type Decoding, decodingsOf, joined } from './decodings.ts';

/** Replaces a secret. */
export const DOTS = '••••••';

/** Removes given secrets from texts. */
export interface Redactor {
  /**
   * The text with dots for each secret. `isCut`: the text was cut, perhaps inside a secret, so as much as a secret can take is
   * dropped at its end.
   */
  redact(text: string, options?: { readonly isCut: boolean }): string;
  /** Redacts the beginning of a long text: at least its first `length` characters. */
  redactBeginning(text: string, length: number): string;
}

/** The most encodings nested in one another. */
const MAX_DEPTH = 2;
/** The most characters for one character of a secret: an HTML number that is URL-encoded again. */
const WIDEST = 12;
/** Shorter secrets, in bytes, are not searched in base64 and hexadecimal: they would match everywhere. */
const SHORTEST = 4;

/** The forms of a secret: as it is, and as its bytes of UTF-8 and UTF-16 decoded with another charset. */
function formsOf(secret: string): readonly string[] {
  const little = Buffer.from(secret, 'utf16le');
  const big = Buffer.from(little).swap16();
  const forms = [little, big].flatMap((bytes) => [bytes.toString('latin1'), bytes.toString('utf8')]);
  forms.push(secret, Buffer.from(secret).toString('latin1'));
  // A server with another charset replaces each character that it does not know by a mark.
  forms.push(secret.replaceAll(/\P{ASCII}/gu, '\ufffd'), secret.replaceAll(/\P{ASCII}/gu, '?'));
  // For a line that was wrapped at a blank.
  forms.push(secret.replaceAll(/\s+/g, ''));
  // A form of nothing but such marks would match anything.
  return forms.filter((text) => /[^?\ufffd]/.test(text));
}

/** Makes a redactor of secrets; empty ones are left out. */
export function redactorOf(secrets: readonly string[]): Redactor {
  const present = secrets.filter((secret) => secret.trim() !== '');
  const wanted = [...new Set(present.flatMap(formsOf))];
  const sizes = present.map((secret) => Buffer.byteLength(secret));
  const shortest = Math.min(...wanted.map((text) => text.length));
  const decodings = decodingsOf({
    bytes: Math.max(SHORTEST, Math.min(...sizes)),
    hasBlanks: present.some((secret) => /\s/.test(secret)),
  });
  const legible = legibleOf(present);
  const longest = WIDEST * Math.max(0, ...sizes);
  const redact = (text: string, { isCut } = { isCut: false }) => {
    // A secret in plain form is the shortest match.
    const shown =
      text.length < shortest ? text : hide(text, { wanted, decodings, legible, depth: MAX_DEPTH });
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

/** Marks a range of the given text as secret; called with a range of a text decoded from it. */
type Mark = (from: number, to: number) => void;

/** So many ASCII characters in a row distinguish text from noise. */
const LETTERS = 8;

/** Matches every text that can contain one of the secrets: no encoding makes their longest run of ASCII shorter. */
function legibleOf(secrets: readonly string[]): RegExp {
  const runs = secrets.map((secret) => (secret.match(/[ -~]+/g) ?? []).map((run) => run.length));
  const shortestRun = Math.min(LETTERS, ...runs.map((lengths) => Math.max(0, ...lengths)));
  return new RegExp(`[\\0\\t\\n\\r -~]{${shortestRun}}`);
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
  /** A text that does not match is noise, like most words decoded as base64. */
  readonly legible: RegExp;
  readonly mark: Mark;
  /** How many more encodings may be decoded. */
  readonly depth: number;
}

/** Searches a text, the same text without line breaks and control characters, and all that either decodes to. */
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
    // Overlapping matches are marked as one range, so that each place is marked once even in repetitive texts.
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

/** Hides the tokens of an OAuth answer: even a token that we cannot use is a secret. */
export function redactTokens(text: string): string {
  return text.replaceAll(/(_token["']?\s*[:=]\s*["']?)[^"'\s,&}]+/gi, `$1${DOTS}`);
}

/** Removes the password from `//user:password@host`. */
export function redactUserInfo(text: string): string {
  return text.replaceAll(/(\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${DOTS}@`);
}
