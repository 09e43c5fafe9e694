// The search for secrets itself: it must find what was dressed up twice, and must not cry out over what is none.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seek } from './secret-search.ts';

const STEM = 'kT4mQ9xZ';
const SECRET = `${STEM}b2"&<+'%/=\\é Lw7x`;

const each = (text: string, sign: (byte: string, code: number) => string) =>
  [...Buffer.from(text)].map((code) => sign(code.toString(16).padStart(2, '0'), code)).join('');

/** What programs do to a text. */
const DRESSES: Readonly<Record<string, (text: string) => string>> = {
  nothing: (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 for addresses': (text) => Buffer.from(text).toString('base64url'),
  'base64 in lines': (text) => Buffer.from(text).toString('base64').replaceAll(/.{20}/g, '$&\r\n'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal in capitals': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'hexadecimal with blanks': (text) => each(text, (hex) => `${hex} `),
  address: (text) => encodeURIComponent(text),
  'form field': (text) => new URLSearchParams([['f', text]]).toString(),
  'address, every byte': (text) => each(text, (hex) => `%${hex}`),
  JSON: (text) => JSON.stringify({ text }),
  'JSON, every character': (text) =>
    [...text].map((sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
  'HTML by names': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  'HTML by numbers': (text) => [...text].map((sign) => `&#${sign.codePointAt(0)};`).join(''),
  'HTML by hexadecimal numbers': (text) =>
    [...text].map((sign) => `&#x${(sign.codePointAt(0) ?? 0).toString(16)};`).join(''),
  'quoted-printable': (text) =>
    each(text, (hex, code) =>
      code > 126 || code === 61 || code % 7 === 0 ? `=${hex.toUpperCase()}` : String.fromCharCode(code),
    ).replaceAll(/(?<==..)(?==)/g, '=\r\n'),
  'for a shell': (text) => text.replaceAll(/[^\w]/g, '\\$&'),
};

/** Bytes that a text may stand among; the first and the last part it from what could be read together with it. */
const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([bytes, Buffer.from('\n;')]));

const dress = fc.constantFrom(...Object.keys(DRESSES));

it('finds a secret in any one dress or two, wherever it stands', () => {
  fc.assert(
    fc.property(dress, dress, noise, noise, (inner, outer, before, after) => {
      const worn = DRESSES[outer]?.(DRESSES[inner]?.(SECRET) ?? '') ?? '';
      const bytes = Buffer.concat([before, Buffer.from(worn), Buffer.from(';\n'), after]);
      expect(seek([{ name: 'a place', bytes }], { canary: STEM })).not.toEqual([]);
    }),
    { numRuns: 600 },
  );
});

it.each([
  ['UTF-16', Buffer.from(SECRET, 'utf16le')],
  ['UTF-16 the other way round', Buffer.from(SECRET, 'utf16le').swap16()],
  ['base64 of UTF-16', Buffer.from(Buffer.from(SECRET, 'utf16le').toString('base64'))],
  ['backwards', Buffer.from([...SECRET].toReversed().join(''))],
  ['base64 of it backwards', Buffer.from(btoa([...STEM].toReversed().join('')))],
  ['a header of Chorus Pro', Buffer.from(btoa(`TECH_1_25900096600020@cpro.fr:${STEM}`))],
  ['what is left of a cut one', Buffer.from(SECRET.slice(0, STEM.length))],
  ['across what looked like a limit', Buffer.concat([Buffer.alloc(5000, 32), Buffer.from(SECRET)])],
])('finds it in %s', (_name, bytes) => {
  expect(seek([{ name: 'a place', bytes }], { canary: STEM }).length).toBeGreaterThan(0);
});

it('finds bytes that are no text', () => {
  const key = randomBytes(32);
  for (const coding of ['base64', 'base64url', 'hex'] as const) {
    const bytes = Buffer.concat([randomBytes(50), Buffer.from(`x${key.toString(coding)}`)]);
    expect(seek([{ name: 'a place', bytes }], { key }).length).toBeGreaterThan(0);
  }
  expect(seek([{ name: 'a place', bytes: Buffer.concat([randomBytes(50), key]) }], { key })).not.toEqual([]);
});

it('finds nothing where there is nothing, and says where it found something', () => {
  const places = Array.from({ length: 50 }, (_, n) => ({ name: `noise ${n}`, bytes: randomBytes(20_000) }));
  expect(seek(places, { canary: STEM, key: randomBytes(32) })).toEqual([]);
  const bytes = Buffer.from(`a log line with ${STEM} in it`);
  expect(seek([...places, { name: 'log', bytes }], { canary: STEM })[0]).toEqual({
    secret: 'canary',
    place: 'log',
    dress: 'bare, as it is',
    around: `a log line with ${STEM} in it`,
  });
});

it('refuses to look for what is too short to be told from chance', () => {
  expect(() => seek([], { canary: 'abc' })).toThrow('too short');
});
