// Quotes in a paste: curly ones where straight ones were meant, and pairs that hold the password without being of it.
import { blankRuns, hasPortalShape, withoutBlanks, withoutOuterBlanks } from '../parsing/characters.ts';

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
