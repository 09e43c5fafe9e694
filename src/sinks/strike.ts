// Takes a secret out of what a program printed: as it is, and in every dress that programs are wont to put it in.

const DOTS = '••••••';
/** A run of base64 shorter than this would be found everywhere. */
const SHORTEST_RUN = 6;

/** All spellings of a secret that are looked for, longest first. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const ascii = json.replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const all = [
    secret,
    json,
    ascii,
    JSON.stringify(json).slice(1, -1),
    url,
    encodeURI(secret),
    form,
    url.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
    bytes.toString('hex'),
    ...entities(secret),
    ...[0, 1, 2].flatMap((shift) => base64Runs(bytes, shift)),
    // JSON, then base64: what a program makes of its standard input.
    ...[0, 1, 2].flatMap((shift) => base64Runs(Buffer.from(json, 'utf8'), shift)),
  ];
  return [...new Set(all)].filter((text) => text !== '').sort((a, b) => b.length - a.length);
}

/** As HTML writes it: entities by name, by decimal and by hexadecimal number. */
function entities(secret: string): string[] {
  const names: Readonly<Record<string, string>> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": 'apos',
  };
  const written = (entity: (sign: string) => string) =>
    secret.replaceAll(/[&<>"']/g, (sign) => `&${entity(sign)};`);
  const decimal = (sign: string) => `#${sign.charCodeAt(0)}`;
  const named = (sign: string) => names[sign] ?? sign;
  return [
    written(named),
    written((sign) => (sign === "'" ? decimal(sign) : named(sign))),
    written(decimal),
    written((sign) => `#x${sign.charCodeAt(0).toString(16)}`),
  ];
}

/** The part of a base64 text that depends on these bytes alone, when `shift` other bytes stand before them in a group. */
function base64Runs(bytes: Buffer, shift: number): string[] {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor((whole.length * 8) / 6);
  const run = whole.toString('base64').slice(first, last);
  if (run.length < SHORTEST_RUN) return [];
  return [run, run.replaceAll('+', '-').replaceAll('/', '_')];
}

/** Strikes one secret out of texts. */
export interface Striker {
  /** How much of a text's end may be a piece of the secret, where the text was cut; in characters. */
  readonly longest: number;
  strike(text: string): string;
}

/** A striker for one secret. (Searching, not a pattern: to compile one that long holds up everything for a while.) */
export function striker(secret: string): Striker {
  const wanted = spellings(secret).map(lower);
  const strike = (text: string) => {
    const once = hide(text, wanted).replaceAll(/[^\P{C}\n]/gu, ' ');
    // Again: with the control characters gone, its pieces may have come together.
    return hide(once, wanted);
  };
  return { longest: 3 * Math.max(0, ...wanted.map((text) => text.length)), strike };
}

/** Hexadecimal digits come in either case. ASCII only, so that every character keeps its place. */
const lower = (text: string) => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

function hide(text: string, wanted: readonly string[]): string {
  const hidden = new Uint8Array(text.length);
  mark(lower(text), wanted, hidden, (place) => place);
  // Once more without the line breaks, and the indents after them, that a printer put in between.
  const places: number[] = [];
  for (const { index, 0: run } of text.matchAll(/[^\r\n]+/g)) {
    const indent = index === 0 ? 0 : run.length - run.trimStart().length;
    for (let at = index + indent; at < index + run.length; at++) places.push(at);
  }
  const joined = places.map((place) => text[place]).join('');
  mark(lower(joined), wanted, hidden, (place) => places[place] ?? 0);
  return shown(text, hidden);
}

/** Marks every place that a wanted text covers; `placeOf` leads from the searched text to the whole one. */
function mark(
  searched: string,
  wanted: readonly string[],
  hidden: Uint8Array,
  placeOf: (place: number) => number,
): void {
  for (const text of wanted) {
    for (let at = searched.indexOf(text); at !== -1; at = searched.indexOf(text, at + 1)) {
      hidden.fill(1, placeOf(at), placeOf(at + text.length - 1) + 1);
    }
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
