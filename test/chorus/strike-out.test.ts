// Secrets in what a server said: struck out in every shape, wherever they stand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hide, hideAccount, hideTokens, strikeOut as strikeHidden } from '../../src/chorus/strike-out.ts';

const SECRET = `Zq7"</é+ '_9&`;
const strikeOut = (secrets: readonly string[]) => strikeHidden(hide(...secrets));
const DOTS = '••••••';
const coded = (shape: BufferEncoding) => Buffer.from(SECRET).toString(shape);

describe('a strike', () => {
  it.each([
    ['as it is', SECRET],
    ['in base64', coded('base64')],
    ['in base64 without its end', coded('base64').replace(/=+$/, '')],
    ['in base64url', coded('base64url')],
    ['in hexadecimal', coded('hex')],
    ['in an address', encodeURIComponent(SECRET)],
    [
      'in an address, in lower case',
      encodeURIComponent(SECRET).replace(/%../g, (sign) => sign.toLowerCase()),
    ],
    ['in an address within an address', encodeURIComponent(encodeURIComponent(SECRET))],
    ['in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in JSON with other habits', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
    ['in a page', `Zq7&quot;&lt;/é+ &#39;_9&amp;`],
    ['in a page, in numbers', `Zq7&#34;&#60;/é+ &#39;_9&#38;`],
    ['in a page, in hexadecimal numbers', `Zq7&#x22;&#x3c;/é+ &#x27;_9&#x26;`],
    ['in a page, every sign by its number', 'Zq7&#34;&#60;&#47;&#233;&#43;&#32;&#39;&#95;9&#38;'],
    ['in a page, every sign in hexadecimal', 'Zq7&#x22;&#x3C;&#x2F;&#xE9;&#x2B;&#x20;&#x27;&#x5F;9&#x26;'],
    ['in a page, by name and by number', 'Zq7&quot;&lt;/&#233;+ &#39;_9&amp;'],
    ['in JSON made for pages', String.raw`Zq7\"\u003c/é+ \u0027_9\u0026`],
    ['in JSON of ASCII alone', String.raw`Zq7\"<\/\u00E9+ '_9&`],
    ['in hexadecimal, upper case', coded('hex').toUpperCase()],
    ['in Latin-1', new TextDecoder().decode(Buffer.from(SECRET, 'latin1'))],
    ['in UTF-16', new TextDecoder().decode(Buffer.from(SECRET, 'utf16le'))],
    ['encoded twice', Buffer.from(SECRET).toString('latin1')],
  ])('hides a secret %s', (_, shape) => {
    expect(strikeOut([SECRET])(`<<${shape}>>`)).toBe(`<<${DOTS}>>`);
  });

  it('shows the first 200 bytes on one line, at whole characters', () => {
    const show = strikeOut([]);
    expect(show('a\r\n\tb\u0000c\u202ed')).toBe('a bc d');
    expect(show('x'.repeat(300))).toBe('x'.repeat(200));
    expect(show(`x${'é'.repeat(300)}`)).toBe(`x${'é'.repeat(99)}`);
    expect(show(`x${'😀'.repeat(300)}`)).toBe(`x${'😀'.repeat(49)}`);
  });

  it('lets no part of a secret through, wherever the text is cut', () => {
    const secret = 'canary-'.repeat(200);
    const show = strikeOut([secret, '']);
    for (let at = 7_000; at < 12_000; at += 101) {
      // So many secrets before it that what stands far behind comes within what is shown.
      const before = secret.repeat(Math.floor(at / secret.length));
      expect(show(before + ' '.repeat(at - before.length) + secret)).not.toContain('canary');
    }
  });

  it('never shows a secret, whatever stands around it', () => {
    const text = fc.string({ maxLength: 40, unit: 'grapheme' });
    const secret = fc
      .string({ minLength: 8, maxLength: 20, unit: 'grapheme-ascii' })
      .filter((s) => s.trim() === s);
    fc.assert(
      fc.property(
        text,
        secret,
        text,
        fc.constantFrom('utf8', 'base64', 'hex'),
        (before, hidden, after, shape) => {
          const echo = Buffer.from(hidden).toString(shape as BufferEncoding);
          expect(strikeOut([hidden])(before + echo + after)).not.toContain(echo);
        },
      ),
    );
  });

  it('finds each shape by its marks, whatever the secret is made of', () => {
    const secrets = fc.oneof(
      fc.string({ minLength: 1, maxLength: 14 }),
      fc.string({ minLength: 1, maxLength: 14, unit: 'grapheme' }),
      fc.string({
        minLength: 1,
        maxLength: 14,
        unit: fc.constantFrom('(', '[', '_', 'a', 'é', '/', '"', '0'),
      }),
    );
    fc.assert(
      fc.property(secrets, secrets, (login, password) => {
        for (const { marks, shapes } of [...hide(password), ...hideAccount(login, password)]) {
          for (const shape of shapes()) {
            expect(marks.some((one) => one.every((mark) => shape.includes(mark)))).toBe(true);
          }
        }
      }),
    );
  });

  it('hides an account however its login and its password are sent together', () => {
    // Of a length that base64 does not cut at the colon.
    const login = 'TECH_12@cpro.fr';
    const account = strikeHidden(hideAccount(login, SECRET));
    const pair = `${login}:${SECRET}`;
    for (const shape of ['base64', 'base64url', 'hex', 'utf8'] as const) {
      const echo = Buffer.from(pair).toString(shape);
      const shown = account(`cpro-account: ${echo}, ${encodeURIComponent(echo)}, ${JSON.stringify(echo)}`);
      for (let from = 0; from + 8 <= echo.length; from++) {
        expect(shown).not.toContain(echo.slice(from, from + 8));
      }
    }
  });

  it('hides whatever an OAuth answer calls a token', () => {
    expect(hideTokens('{"access_token" : "abc.def", "token_type":"Bearer", "id_token":"x')).toBe(
      `{"access_token" : "${DOTS}", "token_type":"Bearer", "id_token":"${DOTS}`,
    );
    expect(hideTokens('access_token=abc&token_type=Bearer')).toBe(`access_token=${DOTS}&token_type=Bearer`);
  });
});
