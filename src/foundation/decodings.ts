// Decoders for the common encodings of a text, which keep for each character the place in the encoded text that it came from.

/** A decoded text, with the place of each of its characters in the encoded text. */
export interface DecodedText {
  readonly text: string;
  /** Where the character at a place begins and ends in the encoded text. */
  startOf(place: number): number;
  endOf(place: number): number;
}

/** Decodes one encoding wherever it occurs in a text; null where it does not. Linear in the length of the text. */
export type Decoding = (text: string) => DecodedText | null;

/** A part of the decoded text that came from one part of the encoded one: character by character, as a whole, or by bits. */
interface Part {
  /** Where it begins in the decoded text, and in the encoded one. */
  readonly at: number;
  readonly from: number;
  /** Where it ends in the encoded text. */
  readonly to: number;
  /** The bits of each encoded character, for packed bytes; 0 for characters that are not encoded; -1 for a whole. */
  readonly bits: number;
}

const PLAIN = 0;
const WHOLE = -1;

/** Builds a decoded text from its parts. */
class TextBuilder {
  readonly #parts: Part[] = [];
  readonly #texts: string[] = [];
  #length = 0;

  add(text: string, from: number, to: number, bits: number): void {
    if (text === '') return;
    this.#parts.push({ at: this.#length, from, to, bits });
    this.#texts.push(text);
    this.#length += text.length;
  }

  decoded(): DecodedText {
    const parts = this.#parts;
    const nowhere: Part = { at: 0, from: 0, to: 0, bits: PLAIN };
    return {
      text: this.#texts.join(''),
      startOf: (place) => {
        const { at, from, bits } = parts[partOf(parts, place)] ?? nowhere;
        if (bits === WHOLE) return from;
        return from + (bits === PLAIN ? place - at : Math.floor(((place - at) * 8) / bits));
      },
      endOf: (place) => {
        const found = partOf(parts, place);
        const { at, from, to, bits } = parts[found] ?? nowhere;
        // The last byte includes the padding.
        if (bits === WHOLE || (parts[found + 1]?.at ?? this.#length) === place + 1) return to;
        return from + (bits === PLAIN ? place - at + 1 : Math.ceil(((place - at + 1) * 8) / bits));
      },
    };
  }
}

/** The index of the part that contains a place of the decoded text, by binary search. */
function partOf(parts: readonly Part[], place: number): number {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle]?.at ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Replaces each match by its meaning; a match whose meaning is null is left as it is. */
function escapes(pattern: RegExp, meaningOf: (match: RegExpExecArray) => string | null): Decoding {
  return (text) => {
    const builder = new TextBuilder();
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      const meaning = meaningOf(match);
      if (meaning === null) continue;
      builder.add(text.slice(end, match.index), end, match.index, PLAIN);
      end = match.index + match[0].length;
      builder.add(meaning, match.index, end, WHOLE);
    }
    if (end === 0) return null;
    builder.add(text.slice(end), end, text.length, PLAIN);
    return builder.decoded();
  };
}

/** The charset in which each byte is one character. */
const OF_BYTES = 'latin1';
/** Separates two runs: no decoder removes it, and a secret hardly contains it. */
const BETWEEN = '•';

/** Decodes each run of at least `shortest` characters, after its first `skip`; each character carries `bits` bits. */
function packed(
  pattern: RegExp,
  coding: 'base64' | 'hex',
  { bits, skip, shortest }: { bits: number; skip: number; shortest: number },
): Decoding {
  return (text) => {
    const builder = new TextBuilder();
    let isFound = false;
    for (const { 0: run, index } of text.matchAll(pattern)) {
      if (run.length < shortest) continue;
      isFound = true;
      const end = index + run.length;
      builder.add(Buffer.from(run.slice(skip), coding).toString(OF_BYTES), index + skip, end, bits);
      builder.add(BETWEEN, end, end, WHOLE);
    }
    return isFound ? builder.decoded() : null;
  };
}

/** One decoder after another. */
function inSequence(first: Decoding, second: Decoding): Decoding {
  return (text) => {
    const outer = first(text);
    const inner = outer === null ? null : second(outer.text);
    if (outer === null || inner === null) return null;
    return {
      text: inner.text,
      startOf: (place) => outer.startOf(inner.startOf(place)),
      endOf: (place) => outer.endOf(inner.endOf(place) - 1),
    };
  };
}

const character = (digits: string, radix: number) => {
  const code = Number.parseInt(digits, radix);
  return code > 0x10_ff_ff ? null : String.fromCodePoint(code);
};

/** The letters that mean another character after a backslash; any other means itself. */
const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const json = escapes(/\\(?:u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi, ([, long, short, sign = '']) =>
  long === undefined && short === undefined ? (LETTERS[sign] ?? sign) : character(long ?? short ?? '', 16),
);

const url = escapes(/%([\da-f]{2})/gi, ([, digits = '']) => character(digits, 16));

const form = escapes(/\+|%([\da-f]{2})/gi, ([, digits]) =>
  digits === undefined ? ' ' : character(digits, 16),
);

/** The HTML entity names of ASCII and some other characters, each followed by its character; accents are composed below. */
const NAMES = new Map(
  [
    'amp& AMP& lt< LT< gt> GT> quot" QUOT" apos\' excl! num# dollar$ percnt% lpar( rpar) ast* midast* plus+ comma, period.',
    'sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ UnderBar_ grave` lcub{ lbrace{',
    'verbar| vert| VerticalLine| rcub} rbrace} euro€ sect§ deg° pound£ microµ laquo« raquo» lsquo‘ rsquo’ ldquo“ rdquo”',
    'szligß aeligæ AEligÆ oeligœ OEligŒ oslashø OslashØ',
  ]
    .flatMap((line) => line.split(' '))
    .map((entry): [name: string, sign: string] => [entry.slice(0, -1), entry.slice(-1)]),
);
NAMES.set('nbsp', '\u00a0').set('NonBreakingSpace', '\u00a0').set('Tab', '\t').set('NewLine', '\n');
const ACCENTS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  cedil: '\u0327',
};

const html = escapes(
  /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,20}));?/gi,
  ([, decimal, hexadecimal, name = '']) => {
    if (decimal !== undefined) return character(decimal, 10);
    if (hexadecimal !== undefined) return character(hexadecimal, 16);
    const accent = ACCENTS[name.slice(1)];
    return accent === undefined ? (NAMES.get(name) ?? null) : (name.charAt(0) + accent).normalize('NFC');
  },
);

/** Bytes of UTF-8 each of which was decoded as one character. */
const utf8 = escapes(
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g,
  ([bytes]) => Buffer.from(bytes, OF_BYTES).toString('utf8'),
);

const invisible = escapes(/[^\P{C}\r\n]/gu, () => '');
const wraps = escapes(/[\r\n]+[\p{Zs}\t]*/gu, () => '');

/**
 * Removes control and other invisible characters, which restores UTF-16 that was decoded byte by byte, and the line breaks
 * and indents of wrapped text. Null where there are none.
 */
export const joined: Decoding = (text) => {
  const seen = invisible(text);
  if (seen === null) return wraps(text);
  return wraps(seen.text) === null ? seen : inSequence(invisible, wraps)(text);
};

const unblanked = escapes(/\s+/g, () => '');

/** The decoders needed to find a text of at least so many bytes. `hasBlanks`: it contains blanks, and may be wrapped there. */
export function decodingsOf({
  bytes,
  hasBlanks,
}: {
  bytes: number;
  hasBlanks: boolean;
}): readonly Decoding[] {
  const base64 = [0, 1, 2, 3].map((skip) =>
    packed(/[\w+/-]+={0,2}/g, 'base64', { bits: 6, skip, shortest: Math.ceil((bytes * 4) / 3) }),
  );
  const hex = [0, 1].map((skip) => packed(/[\da-f]+/gi, 'hex', { bits: 4, skip, shortest: bytes * 2 }));
  return [
    json,
    url,
    inSequence(url, url),
    html,
    form,
    utf8,
    ...(hasBlanks ? [unblanked] : []),
    ...base64,
    ...hex,
  ];
}
