// What a password of the portal looks like, and which characters a paste drags along with it.

/** The portal makes 12 to 14 printable ASCII characters, without blanks. */
const PORTAL_SHAPE = /^[!-~]{12,14}$/;

/** Characters that show nothing: zero-width marks, soft hyphens, byte order and writing direction marks. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\uFFFC]+/gu;

/** Every end of a line that a mail client, a browser or a word processor writes. */
const LINE_BREAK = /[\n\v\f\r\x85\u2028\u2029]/;

/** Blanks of every kind, line breaks included; a run of them. */
const BLANKS = /[\s\x85]+/g;
const BLANK = /[\s\x85]/;

/** Whether a text has the length and the characters of what the portal makes: then nothing in it is taken for an accident. */
export function hasPortalShape(text: string): boolean {
  return PORTAL_SHAPE.test(text);
}

/** Whether a word also has the mix that the portal makes: small, capital, digit and special. Prose and mail addresses have not. */
export function looksGenerated(word: string): boolean {
  const mixed = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].every((kind) => kind.test(word));
  return hasPortalShape(word) && mixed && !/^[\w.+-]+@[\w-]+\.[a-z]{2,}$/i.test(word);
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

/** Whether a text has a line break in it. */
export function breaksLine(text: string): boolean {
  return LINE_BREAK.test(text);
}

/** The lines of a text that are not blank. */
export function linesOf(text: string): string[] {
  return text.split(LINE_BREAK).filter((line) => withoutBlanks(line) !== '');
}

/** Whether a text has control characters other than tabs and line breaks, or half of a character: nobody copied that. */
export function hasControlCharacters(text: string): boolean {
  return !text.isWellFormed() || /[^\P{Cc}\t\n\v\f\r\x85]/u.test(text);
}

const DOUBLE = '“”„‟″«»';

const SINGLE = '‘’‚‛′‹›';

const CURLY_PAIR = new RegExp(`^(?:[${DOUBLE}].+[${DOUBLE}]|[${SINGLE}].+[${SINGLE}])$`, 's');

const STRAIGHT_PAIR = /^(["'`]).+\1$/s;

/** The portal makes no password shorter than this. */
const SHORTEST = 12;

/** Curly quotes made straight: French word processors make `"` into a guillemet with a blank beside it, and `'` into ’. */
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
  // Several words with such quotes between them: the first of one pair and the last of another.
  const family = DOUBLE.includes(text.charAt(0)) ? DOUBLE : SINGLE;
  const several = blankRuns(withoutOuterBlanks(inside)).length > 0;
  return several && [...family].some((quote) => inside.includes(quote)) ? null : withoutOuterBlanks(inside);
}

/** The inside of a pair of straight quotes at both ends; null when there is none, or the pair may be of the password. */
export function insideStraightPair(text: string): string | null {
  if (!STRAIGHT_PAIR.test(text) || belongs(text)) return null;
  return withoutOuterBlanks(text.slice(1, -1));
}

/** Whether quotes at both ends belong to the password: without them, too little would be left. */
function belongs(text: string): boolean {
  const joined = withoutBlanks(text);
  return hasPortalShape(joined) && joined.length - 2 < SHORTEST;
}
