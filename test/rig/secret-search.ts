// Looks for secrets in bytes of any kind: as they are, and in every dress that programs put them in, one over another.

/** Something to look through. */
export interface Place {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A secret that was found: which, where, in what dress, and what stands around it. */
export interface Found {
  readonly secret: string;
  readonly place: string;
  readonly dress: string;
  readonly around: string;
}

/** A text as its bytes, one character each. */
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const character = (digits: string, radix: number) =>
  Buffer.from(String.fromCodePoint(Math.min(Number.parseInt(digits, radix), 0x10ffff))).toString('latin1');

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  percnt: '%',
  plus: '+',
  sol: '/',
  bsol: '\\',
  equals: '=',
};

/** Ways to take one dress off, wherever in a text it is worn; what wears none stays as it is. */
const UNDRESS: Readonly<Record<string, (text: string) => string>> = {
  'line breaks, blanks, UTF-16': (text) => text.replaceAll(/=\r?\n|[\s\0]+/g, ''),
  percent: (text) => text.replaceAll(/%([\da-f]{2})/gi, (_all, hex: string) => character(hex, 16)),
  'quoted-printable': (text) =>
    text.replaceAll(/=\r?\n/g, '').replaceAll(/=([\da-f]{2})/gi, (_all, hex: string) => character(hex, 16)),
  entities: (text) =>
    text
      .replaceAll(/&#x([\da-f]{1,6});?/gi, (_all, hex: string) => character(hex, 16))
      .replaceAll(/&#(\d{1,7});?/g, (_all, digits: string) => character(digits, 10))
      .replaceAll(/&(\w{2,6});/g, (all, name: string) => ENTITIES[name] ?? all),
  backslashes: (text) =>
    text.replaceAll(/\\(?:u([\da-f]{4})|x([\da-f]{2})|([^ux]))/gi, (_all, long, short, sign) =>
      sign === undefined ? character(long ?? short, 16) : sign,
    ),
  base64: (text) =>
    text.replaceAll(/[\w+/-]{16,}(?:\r?\n[\w+/-]{4,})*/g, (run) =>
      Buffer.from(run, 'base64').toString('latin1'),
    ),
  hexadecimal: (text) =>
    text.replaceAll(/(?:[\da-f]{2}[ :+,]?){8,}/gi, (run) =>
      Buffer.from(run.replaceAll(/[ :+,]/g, ''), 'hex').toString('latin1'),
    ),
};

/** A text as it is and with up to so many dresses taken off, each reading once, under the names of what was taken off. */
function readingsOf(text: string, dresses: number): Map<string, string> {
  const readings = new Map([[text, 'as it is']]);
  let last = [...readings];
  for (let depth = 0; depth < dresses; depth += 1) {
    const next: [string, string][] = [];
    for (const [reading, taken] of last) {
      for (const [name, undress] of Object.entries(UNDRESS)) {
        const bare = undress(reading);
        if (readings.has(bare)) continue;
        const names = depth === 0 ? name : `${taken}, ${name}`;
        readings.set(bare, names);
        next.push([bare, names]);
      }
    }
    last = next;
  }
  return readings;
}

/** What a secret looks like inside of base64, whatever stands before it; and in hexadecimal, and backwards. */
function needlesOf(secret: Uint8Array): Map<string, string> {
  const forward = Buffer.from(secret);
  const needles = new Map<string, string>();
  for (const [way, bytes] of [
    ['', forward],
    ['backwards, ', Buffer.from(forward).reverse()],
  ] as const) {
    needles.set(latin1(bytes), `${way}bare`);
    for (const shift of [0, 1, 2]) {
      const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      const run = whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
      needles.set(run, `${way}in base64`);
      needles.set(run.replaceAll('+', '-').replaceAll('/', '_'), `${way}in base64`);
    }
    needles.set(bytes.toString('hex'), `${way}in hexadecimal`);
    needles.set(bytes.toString('hex').toUpperCase(), `${way}in hexadecimal`);
  }
  return needles;
}

/** So much around a find is shown, in characters. */
const AROUND = 60;

/** A needle, and whose it is. */
interface Needle {
  readonly secret: string;
  readonly text: string;
  readonly way: string;
}

/** Needles by their first three bytes, so that one look at a text is enough for all of them. */
interface Index {
  readonly needles: ReadonlyMap<number, Needle[]>;
  /** 1 where a needle begins with these two bytes. */
  readonly known: Uint8Array;
}

function indexOf(secrets: Readonly<Record<string, string | Uint8Array>>): Index {
  const index = new Map<number, Needle[]>();
  for (const [secret, value] of Object.entries(secrets)) {
    const bytes = Buffer.from(value as string);
    if (bytes.length < 8) throw new Error(`${secret} is too short to be looked for`);
    for (const [text, way] of needlesOf(bytes)) {
      const key = Buffer.from(text, 'latin1').readUIntLE(0, 3);
      index.set(key, [...(index.get(key) ?? []), { secret, text, way }]);
    }
  }
  const known = new Uint8Array(1 << 16);
  for (const key of index.keys()) known[key & 0xffff] = 1;
  return { needles: index, known };
}

/** Every needle that stands in a text, with its place. */
function* standingIn(text: string, { needles, known }: Index): Generator<[Needle, number]> {
  const bytes = Buffer.from(text, 'latin1');
  let key = 0;
  for (let end = 0; end < bytes.length; end += 1) {
    key = (key >>> 8) | ((bytes[end] ?? 0) << 16);
    if (known[key & 0xffff] !== 1 || end < 2) continue;
    for (const needle of needles.get(key) ?? []) {
      if (text.startsWith(needle.text, end - 2)) yield [needle, end - 2];
    }
  }
}

/**
 * Looks for secrets (by name; a text or bytes, 8 at least) in places, through so many dresses. A short piece that several
 * secrets share finds them all, and what is left of one that was cut.
 */
export function seek(
  places: readonly Place[],
  secrets: Readonly<Record<string, string | Uint8Array>>,
  dresses = 2,
): readonly Found[] {
  const index = indexOf(secrets);
  const found: Found[] = [];
  for (const { name: place, bytes } of places) {
    for (const [reading, taken] of readingsOf(latin1(bytes), dresses)) {
      for (const [{ secret, text, way }, at] of standingIn(reading, index)) {
        const around = reading.slice(Math.max(0, at - AROUND), at + text.length + AROUND);
        found.push({ secret, place, dress: `${way}, ${taken}`, around: around.replaceAll(/[^ -~]/g, '·') });
      }
    }
  }
  return found;
}

/** The first find of each secret in each place, a line each: for a message that can be read. */
export function told(found: readonly Found[]): readonly string[] {
  const first = new Map<string, Found>();
  for (const one of found) {
    const key = `${one.secret} in ${one.place}`;
    if (!first.has(key)) first.set(key, one);
  }
  return [...first].map(([key, { dress, around }]) => `${key} (${dress}): ${around}`);
}
