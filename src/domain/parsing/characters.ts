// Text as people type and paste it: which characters a paste drags along, the quotes around a password, and what a cell or an
// option says: a value that can be trusted, or a fault that says what is right.
import type { Environment, Language } from '../account/technical-user.ts';

/** The portal makes 12 to 14 printable ASCII characters, without blanks. */
const PORTAL_SHAPE = /^[!-~]{12,14}$/;

/** The portal makes no password shorter than this. */
const SHORTEST = 12;

const DOUBLE = '“”„‟″«»';
const SINGLE = '‘’‚‛′‹›';
const CURLY_PAIR = new RegExp(`^(?:[${DOUBLE}].+[${DOUBLE}]|[${SINGLE}].+[${SINGLE}])$`, 's');
const STRAIGHT_PAIR = /^(["'`]).+\1$/s;

/** Characters that show nothing: zero-width marks, soft hyphens, byte order and writing direction marks. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\uFFFC]+/gu;

/** Every end of a line that a mail client, a browser or a word processor writes. */
const LINE_BREAK = /[\n\v\f\r\x85\u2028\u2029]/;

/** Blanks of every kind, line breaks included; a run of them. */
const BLANKS = /[\s\x85]+/g;
const BLANK = /[\s\x85]/;

/** Whether a text has the length and the characters of the portal's passwords: then nothing in it is treated as an accident. */
export function hasPortalShape(text: string): boolean {
  return PORTAL_SHAPE.test(text);
}

/**
 * Whether a word also has the portal's mix: small letter, capital, digit and special character. Prose and mail addresses
 * have not.
 */
export function looksGenerated(word: string): boolean {
  return hasPortalShape(word) && isMixed(word) && !/^[\w.+-]+@[\w-]+\.[a-z]{2,}$/i.test(word);
}

function isMixed(text: string): boolean {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].every((kind) => kind.test(text));
}

/** What mixes the same characters and is none: a mail address, a telephone number. */
const HARMLESS = /[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}|\+?\d(?:[ .-]?\d){8,}/gi;

/**
 * Whether a short text holds what may be a password of the portal, also within a word: behind a label, in quotes, before a full stop.
 * Asks for too much rather than letting one pass.
 */
export function holdsGenerated(text: string): boolean {
  const runs = text.replaceAll(HARMLESS, ' ').match(/[!-~]{12,}/g) ?? [];
  return runs.some((run) =>
    Array.from({ length: Math.max(1, run.length - 13) }, (_, at) => run.slice(at, at + 14)).some(isMixed),
  );
}

/** The text without characters that show nothing. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(INVISIBLE, '');
}

/** The text without blanks of any kind. */
export function withoutBlanks(text: string): string {
  return text.replaceAll(BLANKS, '');
}

/** The text without blanks of any kind at its ends. */
export function withoutOuterBlanks(text: string): string {
  const start = text.search(/[^\s\x85]/);
  if (start < 0) return '';
  // Backwards by hand: a pattern for the end would try every run of blanks before it, to its end.
  let end = text.length;
  while (BLANK.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The runs of blanks in a text, line breaks included. */
export function blankRuns(text: string): string[] {
  return text.match(BLANKS) ?? [];
}

export function breaksLine(text: string): boolean {
  return LINE_BREAK.test(text);
}

export function linesOf(text: string): string[] {
  return text.split(LINE_BREAK).filter((line) => withoutBlanks(line) !== '');
}

/** Whether a text has control characters other than tabs and line breaks, or half a character: nobody copies those. */
export function hasControlCharacters(text: string): boolean {
  return !text.isWellFormed() || /[^\P{Cc}\t\n\v\f\r\x85]/u.test(text);
}

/** Makes curly quotes straight: French word processors turn `"` into a guillemet with a blank beside it, and `'` into ’. */
export function straightened(text: string): string {
  return text
    .replaceAll(/«\p{Zs}?|\p{Zs}?»/gu, '"')
    .replaceAll(new RegExp(`[${DOUBLE}]`, 'g'), '"')
    .replaceAll(new RegExp(`[${SINGLE}]`, 'g'), "'");
}

/** The inside of a pair of curly quotes that holds the whole text; null when there is none. */
export function insideCurlyPair(text: string): string | null {
  if (!CURLY_PAIR.test(text) || belongs(straightened(text))) return null;
  const inside = text.slice(1, -1);
  // Several words with such quotes between them: the outer quotes are the first of one pair and the last of another.
  const family = DOUBLE.includes(text.charAt(0)) ? DOUBLE : SINGLE;
  const several = blankRuns(withoutOuterBlanks(inside)).length > 0;
  return several && [...family].some((quote) => inside.includes(quote)) ? null : withoutOuterBlanks(inside);
}

/**
 * The inside of a pair of straight quotes at both ends; null when there is none, or when the quotes may be part of the
 * password.
 */
export function insideStraightPair(text: string): string | null {
  if (!STRAIGHT_PAIR.test(text) || belongs(text)) return null;
  return withoutOuterBlanks(text.slice(1, -1));
}

/** Whether quotes at both ends belong to the password: without them, too little would be left. */
function belongs(text: string): boolean {
  const joined = withoutBlanks(text);
  return hasPortalShape(joined) && joined.length - 2 < SHORTEST;
}

/** A value (with a warning, if something is odd), or what is wrong with it. */
export type ParsedEntry<T> =
  | { readonly ok: true; readonly value: T; readonly warning: string | null }
  | { readonly ok: false; readonly fault: string };

export function good<T>(value: T, warning: string | null = null): ParsedEntry<T> {
  return { ok: true, value, warning };
}

/** `fault` says what would be right. */
export function bad(fault: string): { readonly ok: false; readonly fault: string } {
  return { ok: false, fault };
}

/** Longest text accepted in one cell, in characters. */
const LONGEST_CELL = 4_000;

export const LONGEST_NAME = 200;

/** Line ends, control and format characters: none belongs in a cell, and some could forge a header of a letter. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\uFFFD]/u;

/** Shows a cell in a message: cut short, unprintable characters replaced. */
export function quoted(text: string): string {
  const plain = text.replaceAll(new RegExp(UNPRINTABLE, 'gu'), '·');
  return `“${plain.length > 60 ? `${plain.slice(0, 57)}…` : plain}”`;
}

/** No script has more marks on one letter (UAX #15, stream-safe text); sorting them takes their number squared. */
const MANY_MARKS = /\p{M}{31}/u;

/** A text with its accents composed; one with too many marks on a letter is left as it is. */
export function composed(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return MANY_MARKS.test(text) ? text : text.normalize('NFC');
}

/** The text that a spreadsheet was told to keep as it is, by a formula that says nothing else: `="00123"`; null for other texts. */
export function textInFormula(text: string): string | null {
  const inside = /^= ?"((?:[^"=]|"")*)"$/.exec(text)?.[1];
  return inside === undefined ? null : inside.replaceAll('""', '"');
}

/**
 * A text that can be stored: trimmed, blanks of every kind made into single spaces, accents composed. Faults: a formula (but
 * for one that only keeps a text), a control or invisible character, a character lost to a wrong encoding, too long a text.
 */
export function readText(raw: string): ParsedEntry<string> {
  const odd = UNPRINTABLE.exec(raw.replace(/^\uFEFF/, ''))?.[0];
  if (odd !== undefined) return bad(oddCharacter(odd));
  const text = composed(raw.replaceAll(/\s+/g, ' ').trim());
  if (text.length > LONGEST_CELL) {
    return bad(`the cell has ${text.length} characters; at most ${LONGEST_CELL} are accepted`);
  }
  const inside = textInFormula(text);
  if (inside !== null) {
    const read = readText(inside);
    return read.ok ? good(read.value, `${quoted(text)} was read as ${read.value}`) : read;
  }
  if (/^[=+@-]/.test(text)) {
    return bad(
      `${quoted(text)} begins with “${text.charAt(0)}”, which spreadsheets run as a formula; write the value itself, or leave the cell empty`,
    );
  }
  return good(text);
}

/** The most characters of a reason. */
const LONGEST_REASON = 200;

/** Why somebody did something: any text of one line that can be shown, trimmed, also one that a spreadsheet would run. */
export function readReason(raw: string): ParsedEntry<string> {
  const odd = UNPRINTABLE.exec(raw)?.[0];
  if (odd !== undefined) return bad(oddCharacter(odd));
  const text = composed(raw.replaceAll(/\s+/g, ' ').trim());
  return text.length > LONGEST_REASON
    ? bad(`at most ${LONGEST_REASON} characters are taken, and these are ${text.length}`)
    : good(text);
}

function oddCharacter(odd: string): string {
  const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (odd === '\n' || odd === '\r' || odd === '\u2028' || odd === '\u2029') {
    return `the cell contains a line break (${code}); write it on one line`;
  }
  if (odd === '\uFFFD') {
    return `a character was lost when the file was saved (${code}); save it again as “CSV UTF-8” and type the cell again`;
  }
  if (/[\u0080-\u009f]/.test(odd)) {
    return `the cell contains a character of another encoding than its file (${code}); save the file as “CSV UTF-8” and look at the cell`;
  }
  return `the cell contains a character that cannot be seen (${code}); type the cell again without it`;
}

/** `production` or `qualification`, in any case. */
export function readEnvironment(raw: string): ParsedEntry<Environment> {
  const word = raw.trim().toLowerCase();
  if (word === 'production' || word === 'qualification') return good(word);
  return bad(`${quoted(raw.trim())} is not an environment: production or qualification is expected`);
}

/** `fr` or `en`, in any case. */
export function readLanguage(raw: string): ParsedEntry<Language> {
  const word = raw.trim().toLowerCase();
  if (word === 'fr' || word === 'en') return good(word);
  return bad(`${quoted(raw.trim())} is not a language of the letters: fr or en is expected`);
}
