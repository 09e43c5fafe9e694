// Reads the name of a person or a structure, and shows words that have lost their accents on the way into a file.
import { bad, LONGEST_NAME, type ParsedEntry, quoted, readText } from './characters.ts';
import { joined } from './wrapping.ts';

/** A name of a person or a structure: text without angle brackets, at most 200 characters. Odd words in it are a warning. */
export function readName(raw: string): ParsedEntry<string> {
  const text = readText(raw);
  if (!text.ok) return text;
  if (/[<>]/.test(text.value)) {
    return bad(`${quoted(text.value)} contains < or >; write the name alone, without an address`);
  }
  if (text.value.length > LONGEST_NAME) {
    return bad(`the name has ${text.value.length} characters; at most ${LONGEST_NAME} are accepted`);
  }
  return { ...text, warning: joined(text.warning, oddWords(text.value)) };
}

const TITLES = new Set('m mr mme mlle monsieur madame mademoiselle'.split(' '));

/** A name for comparison: its words without case, accents and signs, in whatever order, and without a title. */
export function nameKey(name: string): string {
  const words = nameWords(name);
  const own = words.filter((word) => !TITLES.has(word));
  return (own.length === 0 ? words : own).sort().join(' ') || name;
}

/** The words of a name, without case, accents and signs. A name is short: no run of accents in it makes this long. */
export function nameWords(name: string): string[] {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
  return (
    plain
      .replaceAll('œ', 'oe')
      .replaceAll('æ', 'ae')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Whether two spellings are of one name: they differ by case, accents, signs, the order of words or a title alone. */
export function sameName(a: string, b: string): boolean {
  return a === b || nameKey(a) === nameKey(b);
}

/** The better of two spellings of one name: with small letters, without a title, with more accents; else the first. */
export function betterSpelling(a: string, b: string): string {
  const merits = (name: string) => [
    Number(/\p{Ll}/u.test(name)),
    -Number(TITLES.has(nameWords(name)[0] ?? '')),
    name.replaceAll(/[ -~]/g, '').length,
  ];
  const [ofA, ofB] = [merits(a), merits(b)];
  const differing = ofA.findIndex((merit, at) => merit !== ofB[at]);
  return differing >= 0 && (ofB[differing] ?? 0) > (ofA[differing] ?? 0) ? b : a;
}

/** The characters that a one-byte encoding has beyond ASCII, each with its byte. */
function bytesIn(encoding: string): ReadonlyMap<string, number> {
  const beyond = Uint8Array.from({ length: 128 }, (_, at) => at + 128);
  return new Map([...new TextDecoder(encoding).decode(beyond)].map((sign, at) => [sign, at + 128] as const));
}
const WINDOWS = bytesIn('windows-1252');
const MAC = bytesIn('macintosh');

/** The letters of a French name in the code pages of DOS, which no decoder knows. */
const DOS = new Map(
  [...'‚éŠè…à‡çˆê“ô‰ë‹ïŒî–û—ùƒâéÉ€Ç'.matchAll(/(.)(.)/gu)].map(([, sign = '', letter = '']) => [
    sign,
    letter,
  ]),
);

/** Signs that stand for an accent in a file of a Mac or of DOS, and never within a word or at its end. */
const STRANGE =
  /\p{L}[‚ƒ„†‡ˆ‰‹›•™˜¤¢£¥¦©®±¶¨ª¬\u0080-\u009f]|\p{Ll}[ŽŠŒŸ]|\p{Ll}Â$|[‚ƒ„†‡ˆ‰‹•™˜¤¢£¥¦®±¶¬\u0080-\u009f]\p{Ll}/u;
/** What names are made of. */
const FRENCH = /^[ !-%'->@-~éèêëàâäîïôöûùüÿçœæÉÈÊËÀÎÏÔÛÙÜÇÆ’]*$/;
const QUESTION = /\p{L}\?\p{L}|\p{L}\?$|^\?\p{Ll}/u;
const ENTITY = /&(?:[a-z]+|#\d+);/i;

/** The words of a name that look as if an accent was lost, each with what it may have been; null when all look right. */
function oddWords(name: string): string | null {
  if (FRENCH.test(name)) return null;
  const odd = name.split(' ').flatMap((word) => {
    const twice = asUtf8(word, WINDOWS) ?? asUtf8(word, MAC);
    const guess = twice ?? (STRANGE.test(word) ? otherCharset(word) : null);
    // What bytes of a stranger come to may steer a terminal.
    if (guess !== null)
      return [`${quoted(word)} (${guess.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '·')}?)`];
    return STRANGE.test(word) || QUESTION.test(word) || ENTITY.test(word) ? [quoted(word)] : [];
  });
  if (odd.length === 0) return null;
  return `${odd.join(', ')}: an accent may have been lost; save the file as “CSV UTF-8”, and look at the name`;
}

/** A word whose UTF-8 was taken for another encoding and written as UTF-8 once more; null for others. */
function asUtf8(word: string, table: ReadonlyMap<string, number>): string | null {
  const bytes = bytesOf(word, table);
  if (bytes === null || !bytes.some((byte) => byte > 127)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A word of a Mac or of DOS that was taken for Windows-1252; null where neither gives a word. */
function otherCharset(word: string): string | null {
  const bytes = bytesOf(word, WINDOWS);
  const mac = bytes === null ? null : new TextDecoder('macintosh').decode(bytes);
  const dos = [...word].map((sign) => DOS.get(sign) ?? sign).join('');
  return [mac, dos].find((one) => one !== null && FRENCH.test(one) && !/\p{Ll}\p{Lu}/u.test(one)) ?? null;
}

/** The bytes of a word in an encoding; null where it has other characters. */
function bytesOf(word: string, table: ReadonlyMap<string, number>): Uint8Array | null {
  const bytes = [...word].map((sign) => (sign <= '\x7f' ? sign.charCodeAt(0) : table.get(sign)));
  return bytes.includes(undefined) ? null : Uint8Array.from(bytes.filter((byte) => byte !== undefined));
}
