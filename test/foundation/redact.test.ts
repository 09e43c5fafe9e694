// Secrets in foreign text: gone, however they are written there, and nothing else is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOTS, redactorOf, redactTokens, redactUserInfo } from '../../src/foundation/redact.ts';
import { seek, told } from '../rig/secret-search.ts';

/** With every sign that some encoding changes, a letter beyond ASCII and a blank. */
const SECRET = `Zq7"</é+ '_9&\\%=?`;

const numbered = (text: string, signs: RegExp, entity: (code: number) => string) =>
  text.replaceAll(signs, (sign) => entity(sign.codePointAt(0) ?? 0));
const hexOf = (code: number) => code.toString(16);
const signsOf = (names: Readonly<Record<string, string>>) => (text: string) =>
  text.replaceAll(/\P{L}/gu, (sign) => names[sign] ?? sign);
const wrapped = (text: string) => text.replaceAll(/(.{7})/g, '$1\r\n  ');
const coded = (coding: BufferEncoding) => (text: string) => Buffer.from(text).toString(coding);

type Writer = (text: string) => string;

/** Every way of writing a text, as programs have it. */
const WRITERS: Readonly<Record<string, Writer>> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON with \\/': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'JSON with every sign by \\u': (text) =>
    text.replaceAll(/[^0-9A-Za-z]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'JSON with every unit by \\u, upper case': (text) =>
    [...Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase().matchAll(/.{4}/g)]
      .map(([digits]) => `\\u${digits}`)
      .join(''),
  base64: coded('base64'),
  base64url: coded('base64url'),
  'base64 across lines': (text) => wrapped(coded('base64')(text)),
  URL: encodeURIComponent,
  'URL, lower case': (text) => encodeURIComponent(text).replaceAll(/%../g, (sign) => sign.toLowerCase()),
  'URL, every byte': (text) => coded('hex')(text).replaceAll(/../g, '%$&'),
  'URL twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams([['', text]]).toString().slice(1),
  hexadecimal: coded('hex'),
  'hexadecimal, upper case': (text) => coded('hex')(text).toUpperCase(),
  'HTML by name': signsOf({ '&': '&amp;', '<': '&lt;', '"': '&quot;', "'": '&apos;', é: '&eacute;' }),
  'HTML by more names': signsOf({
    '&': '&AMP;',
    '/': '&sol;',
    '+': '&plus;',
    '%': '&percnt;',
    '\\': '&bsol;',
  }),
  'HTML by number': (text) => numbered(text, /[^0-9A-Za-z]/gu, (code) => `&#${code};`),
  'HTML by hexadecimal number': (text) => numbered(text, /[^0-9A-Za-z]/gu, (code) => `&#x${hexOf(code)};`),
  'UTF-16': (text) => Buffer.from(text, 'utf16le').toString('utf8'),
  'UTF-16, the other way round': (text) => Buffer.from(text, 'utf16le').swap16().toString('utf8'),
  'UTF-8 read as Latin-1': (text) => Buffer.from(text).toString('latin1'),
};
const names = Object.keys(WRITERS);
const write = (name: string, text: string) => WRITERS[name]?.(text) ?? text;

/** UTF-16 that was read as UTF-8 has lost what is not ASCII: only what was written so at last can be known again. */
const isLost = (name: string, text: string) => name.startsWith('UTF-16') && /\P{ASCII}/u.test(text);

describe('a secret is redacted', () => {
  it.each(names)('written as %s', (name) => {
    expect(redactorOf([SECRET]).redact(`<<${write(name, SECRET)}>>`)).toBe(`<<${DOTS}>>`);
  });

  it.each(names)('written as %s within any other', (inner) => {
    for (const secret of [SECRET, SECRET.replace('é', 'e'), 'gO5(made_Up[1', 'Canary0123456789']) {
      if (isLost(inner, secret)) continue;
      const redactor = redactorOf(['another-secret', secret]);
      for (const outer of names) {
        const once = write(inner, secret);
        if (once !== secret && isLost(outer, once)) continue;
        const shown = redactor.redact(`<<${write(outer, once)}>>`);
        // The break behind the last line of a wrapped text may be left, and a zero byte of UTF-16.
        expect([outer, shown.replaceAll(/[\s\0]+/g, '')]).toEqual([outer, `<<${DOTS}>>`]);
      }
    }
  });

  it('in base64 and hexadecimal at any offset, on one line or wrapped', () => {
    const secret = 'correct-horse-9';
    for (const before of ['', 'a', 'ab', 'abc', 'user\0', 'é']) {
      const whole = `${before}:${secret}:tail`;
      for (const text of [coded('base64')(whole), coded('base64url')(whole), coded('hex')(whole)]) {
        for (const printed of [text, wrapped(text), `x${text}`, `${text}yz`]) {
          const shown = redactorOf([secret]).redact(printed).replaceAll(/\s/g, '');
          expect(shown).toContain(DOTS);
          for (let from = 0; from + 8 <= text.length; from++) {
            const piece = text.slice(from, from + 8);
            const bytes = [0, 1, 2, 3].map((skip) => Buffer.from(piece.slice(skip), 'base64').toString());
            const isOfSecret = bytes.some((some) => some.length > 3 && secret.includes(some));
            if (isOfSecret) expect(shown).not.toContain(piece);
          }
        }
      }
    }
  });

  it('for any secret in any text, as an independent search confirms', () => {
    const around = fc.string({ maxLength: 30, unit: 'grapheme' });
    const password = fc.string({
      minLength: 12,
      maxLength: 14,
      unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
    });
    const property = fc.property(
      ...([around, password, around, fc.constantFrom(...names), fc.constantFrom(...names)] as const),
      (before, secret, after, inner, outer) => {
        const echo = write(outer, write(inner, secret));
        const shown = redactorOf([secret]).redact(before + echo + after);
        expect(shown).toContain(DOTS);
        const places = [{ name: 'output', bytes: Buffer.from(shown) }];
        expect(told(seek(places, { secret }))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('of which nothing, or little, is ASCII', () => {
    for (const secret of ['éàüçñô', 'é1à2ü3', '密码密码']) {
      for (const name of names) {
        if (isLost(name, secret)) continue;
        expect([name, redactorOf([secret]).redact(write(name, secret)).trim()]).toEqual([name, DOTS]);
      }
    }
  });

  it('where its pieces come together once what cannot be seen is gone', () => {
    const redactor = redactorOf(['canary-7531', 'two words']);
    expect(redactor.redact('can\u001b\u0000ary\u200b-\u00ad7531')).toBe(DOTS);
    expect(redactor.redact('a can\n    ary-75\r\n31.')).toBe(`a ${DOTS}.`);
    expect(redactor.redact('two\n  words, two+words, two%20words, two\u0001words')).toBe(
      [DOTS, DOTS, DOTS, DOTS].join(', '),
    );
  });

  it('and in half, where the text is cut', () => {
    const secret = 'canary-'.repeat(200);
    const redactor = redactorOf([secret, '']);
    for (let at = 7_000; at < 12_000; at += 503) {
      // So many secrets before it that text far behind moves into the part that is shown.
      const before = secret.repeat(Math.floor(at / secret.length));
      const text = before + ' '.repeat(at - before.length) + secret;
      expect(redactor.redactBeginning(`${text} ${text}`, 8_192)).not.toContain('canary');
      expect(redactor.redact(text.slice(0, at + 50), { isCut: true })).not.toContain('canary');
    }
  });
});

describe('all else is left as it is', () => {
  it.each(names)('written as %s', (name) => {
    const text = write(name, 'Nothing of the secret is said here: 250 2.0.0 Ok: queued as 4F2A9C0017');
    expect(redactorOf([SECRET, 'gO5(made_Up[1']).redact(text)).toBe(text);
  });

  it('where there is no secret, or an empty one', () => {
    expect(redactorOf([]).redact('a text')).toBe('a text');
    expect(redactorOf(['', ' ']).redact('a text')).toBe('a text');
  });

  it('but for runs of dots', () => {
    expect(redactorOf(['aa', 'canary']).redact('xaaaaay canary, canarycanary')).toBe(
      `x${DOTS}y ${DOTS}, ${DOTS}`,
    );
  });
});

describe('what is a secret by where it stands', () => {
  it('is whatever an OAuth answer calls a token', () => {
    expect(redactTokens('{"access_token" : "abc.def", "token_type":"Bearer", "id_token":"x')).toBe(
      `{"access_token" : "${DOTS}", "token_type":"Bearer", "id_token":"${DOTS}`,
    );
    expect(redactTokens('access_token=abc&token_type=Bearer')).toBe(`access_token=${DOTS}&token_type=Bearer`);
  });

  it('is the password in an address', () => {
    expect(redactUserInfo('see http://user:pass@proxy:3128/x and //a:b@c')).toBe(
      `see http://user:${DOTS}@proxy:3128/x and //a:${DOTS}@c`,
    );
  });
});
