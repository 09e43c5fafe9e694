// Parses WWW-Authenticate headers, as PISTE writes them and malformed ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengesOf } from '../../../src/adapters/chorus-pro/read-answer.ts';

const challenge = (realm: string | null, error: string | null = null, description: string | null = null) => ({
  realm,
  error,
  description,
});

describe('a WWW-Authenticate header', () => {
  it.each([
    [
      'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"',
      [challenge('PISTE', 'Unauthorized', 'login or password incorrects')],
    ],
    [
      'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token, none"',
      [challenge('DefaultRealm', 'invalid_request', 'Unable to find token, none')],
    ],
    ['bearer REALM=PISTE , Error=Unauthorized', [challenge('PISTE', 'Unauthorized')]],
    ['Basic realm="a \\"b\\", c", Bearer realm="PISTE"', [challenge('a "b", c'), challenge('PISTE')]],
    ['Bearer error="invalid_token"', [challenge(null, 'invalid_token')]],
    ['realm="PISTE"', [challenge('PISTE')]],
    ['Bearer realm="first", realm="second"', [challenge('first')]],
    ['Negotiate', []],
    ['', []],
    [null, []],
  ])('%j is read as its challenges', (header, challenges) => {
    expect(challengesOf(header)).toEqual(challenges);
  });

  it('gives back what was written into it', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 40 })
      .filter((text) => !/[\r\n\u2028\u2029]/.test(text));
    const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word), { maxLength: 4 }), (list) => {
        const header = list.map(
          ([realm, error, description]) =>
            `Bearer realm=${quoted(realm)}, error=${quoted(error)},error_description=${quoted(description)}`,
        );
        expect(challengesOf(header.join(', '))).toEqual(list.map((parts) => challenge(...parts)));
      }),
    );
  });

  it('takes any text without a word, and quickly', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500, unit: 'binary' }), (text) => void challengesOf(text)));
    const before = performance.now();
    for (const text of [
      'a '.repeat(9e5),
      'a="'.repeat(9e5),
      `a="${'\\'.repeat(9e5)}`,
      `a${' '.repeat(9e5)}`,
    ]) {
      challengesOf(text);
    }
    expect(performance.now() - before).toBeLessThan(500);
  });
});
