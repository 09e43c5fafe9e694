import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprint, hashOf, newFingerprintKey, newToken } from '../../../src/adapters/vault/vault.ts';
import type { SealName } from '../../../src/domain/rotation/sealed.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { anyName, anyText, NAME, thrownBy } from './keys.ts';

type Person = Pick<SealName, 'environment' | 'login'>;

describe('a fingerprint', () => {
  const key = newFingerprintKey();
  const of = (name: Person, text: string, by = key) => fingerprint(by, name, new Secret(text));

  test('is the same for the same secret of the same technical user, and for nothing else', () => {
    const part = fc.oneof(anyText, fc.constantFrom('a', 'A', '"', '","', 'é', 'e\u0301', '\ud83d', '\udd11'));
    const given = fc.record({ name: anyName, text: part });
    fc.assert(
      fc.property(given, given, fc.boolean(), fc.boolean(), (one, two, sameName, sameText) => {
        const name = sameName ? { ...one.name, login: one.name.login.toLowerCase() } : two.name;
        const text = sameText ? one.text : two.text;
        const same =
          one.name.environment === name.environment &&
          one.name.login.toLowerCase() === name.login.toLowerCase() &&
          one.text === text;
        expect(of(one.name, one.text) === of(name, text)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps login and secret apart: letters that move from one to the other change it', () => {
    const at = (login: string, text: string) => of({ environment: 'none', login }, text);
    expect(at('ab', 'c')).not.toBe(at('a', 'bc'));
    expect(at('a","b', 'c')).not.toBe(at('a', 'b","c'));
    expect(at('', 'a')).not.toBe(at('a', ''));
  });

  test('is 64 hexadecimal digits, the same ones in a hundred years: it is stored', () => {
    const fixed = new Secret(Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64url'));
    // Worked out apart, with `openssl dgst -sha256 -mac HMAC`, over
    // ["releve","fingerprint","production","tech_1_25900096600020@cpro.fr","Ab(12_cdEfgh"]
    expect(of(NAME, 'Ab(12_cdEfgh', fixed)).toBe(
      'b08afe0953b970991cf14a92552901836b06cbeae41aa6387a4fb21817aa9064',
    );
  });

  test('says nothing without its key: another key gives another', () => {
    expect(of(NAME, 'secret', newFingerprintKey())).not.toBe(of(NAME, 'secret'));
  });

  test.each(['', 'short', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}B`, '='.repeat(43)])(
    'is refused under what is no key: %j',
    (text) => {
      const fault = thrownBy(() => of(NAME, 'Ab(12_cdEfgh', new Secret(text)));
      expect(fault).toMatchObject({ kind: 'broken' });
      expect(String(fault)).not.toMatch(/Ab\(12|short|A{42}/);
    },
  );
});

describe('a token', () => {
  test('is 256 random bits for an address, and what is stored of it is its SHA-256', () => {
    const made = Array.from({ length: 1000 }, newToken);
    for (const { token, hash } of made) {
      expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(hash).toBe(hashOf(token));
    }
    expect(new Set(made.map(({ token }) => token)).size).toBe(1000);
  });

  test('hashes as FIPS 180-2 says', () => {
    expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hashOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
