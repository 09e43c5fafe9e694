import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { open, reseal, seal } from '../../../src/adapters/vault/seal.ts';
import { type Sealed, type SealName, VaultFault } from '../../../src/domain/rotation/sealed.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { anyName, anyText, freshKey, keysOf, NAME, thrownBy } from './keys.ts';

const wiped = vi.hoisted(() => ({ dataKeys: [] as Buffer[], opened: [] as Buffer[] }));
// The real parts, watched: what they hand out must be zeros when the work is done.
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return {
    ...real,
    randomBytes: (size: number) => {
      const bytes = real.randomBytes(size);
      if (size === 32) wiped.dataKeys.push(bytes);
      return bytes;
    },
    createDecipheriv: (...given: Parameters<typeof real.createDecipheriv>) => {
      const decipher = real.createDecipheriv(...given);
      const update = decipher.update.bind(decipher);
      return Object.assign(decipher, {
        update: (sealed: Buffer) => {
          const plain = update(sealed);
          wiped.opened.push(plain);
          return plain;
        },
      });
    },
  };
});

const [old, next, stranger] = [freshKey(), freshKey(), freshKey()];
const keys = keysOf(old.line);
const secret = new Secret('Ab(12_cdEfgh');
const faultOf = (name: SealName, sealed: Sealed, known = keys) => {
  const fault = thrownBy(() => open(known, name, sealed));
  return fault instanceof VaultFault ? fault.kind : fault;
};

describe('a sealed secret', () => {
  test('opens again under its name, whatever text it is', () => {
    fc.assert(
      fc.property(anyName, anyText, (name, text) => {
        expect(open(keys, name, seal(keys, name, new Secret(text))).reveal()).toBe(text);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['emoji', '🗝️👩🏽‍🚒'],
    ['half a character', '\ud83d'],
    ['the halves the wrong way round', 'a\udd11\ud83dz'],
    ['zeros', '\0\0'],
    ['a byte order mark', '\ufeffabc'],
    ['both ways to write é', 'e\u0301\u00e9'],
  ])('opens again as it was: %s', (_what, text) => {
    expect(open(keys, NAME, seal(keys, NAME, new Secret(text))).reveal()).toBe(text);
  });

  test("of today opens for ever: this one was sealed by another program, Python's cryptography 48", () => {
    const master = keysOf(
      `2026-11-21-k7f3:${Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64url')}`,
    );
    const sealed = {
      keyId: '2026-11-21-k7f3',
      dataKey: Buffer.from(
        'ATIzNDU2Nzg5Ojs8PaI+iaetVeuIAWqE6SucjYsSxm328TTdkK1ndec3shnx34mVd762KNfyncABk66NCA==',
        'base64',
      ),
      box: Buffer.from('AQABAgMEBQYHCAkKC96rWkyVTfDprxPByPWa7LIAFwBI8N4gEVOXBhvI5pMVrw28uEQT', 'base64'),
    };
    expect(open(master, NAME, sealed).reveal()).toBe('Ab(12_cdé🗝');
  });

  test('shows nothing of its text, and is another each time', () => {
    const [one, two] = [seal(keys, NAME, secret), seal(keys, NAME, secret)];
    for (const encoding of ['utf8', 'utf16le'] as const) {
      expect(Buffer.from(one.box).includes(Buffer.from(secret.reveal().slice(0, 4), encoding))).toBe(false);
    }
    expect(one.box).not.toEqual(two.box);
    expect(one.dataKey).not.toEqual(two.dataKey);
    // A box opens by its own data key alone.
    expect(faultOf(NAME, { ...one, dataKey: two.dataKey })).toBe('broken');
  });

  test('is broken wherever one bit of it is turned', () => {
    const sealed = seal(keys, NAME, secret);
    for (const part of ['box', 'dataKey'] as const) {
      for (let bit = 0; bit < sealed[part].length * 8; bit++) {
        const bytes = Buffer.from(sealed[part]);
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(faultOf(NAME, { ...sealed, [part]: bytes }), `${part}, bit ${bit}`).toBe('broken');
      }
    }
  });

  test('is broken wherever it is cut, lengthened, emptied, or box and data key are exchanged', () => {
    const sealed = seal(keys, NAME, secret);
    for (const part of ['box', 'dataKey'] as const) {
      const bytes = sealed[part];
      for (let length = 0; length < bytes.length; length++) {
        expect(faultOf(NAME, { ...sealed, [part]: bytes.subarray(0, length) })).toBe('broken');
        expect(faultOf(NAME, { ...sealed, [part]: bytes.subarray(length + 1) })).toBe('broken');
      }
      expect(faultOf(NAME, { ...sealed, [part]: Buffer.concat([bytes, randomBytes(1)]) })).toBe('broken');
      // This is how a secret is destroyed: its data key is overwritten.
      expect(faultOf(NAME, { ...sealed, [part]: Buffer.alloc(bytes.length) })).toBe('broken');
    }
    expect(faultOf(NAME, { ...sealed, box: sealed.dataKey, dataKey: sealed.box })).toBe('broken');
  });

  test('is broken under any other name', () => {
    const same = (one: SealName, two: SealName) =>
      one.environment === two.environment &&
      one.login.toLowerCase() === two.login.toLowerCase() &&
      one.credential === two.credential;
    fc.assert(
      fc.property(anyName, anyName, (name, other) => {
        fc.pre(!same(name, other));
        expect(faultOf(other, seal(keys, name, secret))).toBe('broken');
      }),
    );
  });

  test.each<[string, Partial<SealName>]>([
    ['the other environment', { environment: 'qualification' }],
    ['no environment', { environment: 'none' }],
    ['another login', { login: 'TECH_2_25900096600020@cpro.fr' }],
    ['another credential', { credential: 'c-2' }],
  ])('is broken under %s, also for resealing', (_what, change) => {
    const sealed = seal(keys, NAME, secret);
    expect(faultOf({ ...NAME, ...change }, sealed)).toBe('broken');
    const both = keysOf(old.line, next.line);
    expect(thrownBy(() => reseal(both, { ...NAME, ...change }, sealed))).toMatchObject({ kind: 'broken' });
  });

  test.each(['', ',', '","', '\\",\\"', '\0', '\n'])(
    'is broken when letters move from login to credential over %j',
    (mark) => {
      const [long, short] = [
        { ...NAME, login: `a${mark}b`, credential: 'c' },
        { ...NAME, login: 'a', credential: `b${mark}c` },
      ];
      expect(faultOf(short, seal(keys, long, secret))).toBe('broken');
      expect(faultOf(long, seal(keys, short, secret))).toBe('broken');
    },
  );

  test('does not mind the case of the login: it is the same technical user', () => {
    const sealed = seal(keys, NAME, secret);
    expect(open(keys, { ...NAME, login: NAME.login.toLowerCase() }, sealed).reveal()).toBe(secret.reveal());
  });

  test('with an unknown key is distinguished from a broken one, also when it is broken too', () => {
    const sealed = seal(keysOf(stranger.line), NAME, secret);
    expect(faultOf(NAME, sealed)).toBe('unknown-key');
    expect(faultOf(NAME, { ...sealed, box: Buffer.alloc(0) })).toBe('unknown-key');
    // The right id over the wrong key.
    expect(faultOf(NAME, { ...sealed, keyId: old.id })).toBe('broken');
    // Two ids that exchanged their keys: even the same bytes are bound to the id that sealed them.
    const renamed = keysOf(`other:${old.text}`);
    expect(faultOf(NAME, { ...seal(keys, NAME, secret), keyId: 'other' }, renamed)).toBe('broken');
  });
});

describe('resealing', () => {
  const both = keysOf(old.line, next.line);

  test('leaves the box, and the old key is needed no more', () => {
    fc.assert(
      fc.property(anyName, anyText, (name, text) => {
        const before = seal(keys, name, new Secret(text));
        const after = reseal(both, name, before);
        if (after === null) throw new Error('nothing was resealed');
        expect(after.keyId).toBe(next.id);
        expect(after.box).toBe(before.box);
        expect(after.dataKey).not.toEqual(before.dataKey);
        expect(open(keysOf(next.line), name, after).reveal()).toBe(text);
        expect(faultOf(name, after, keys)).toBe('unknown-key');
        // A crash between the two leaves the former: it opens as well.
        expect(open(both, name, before).reveal()).toBe(text);
        expect(reseal(both, name, after)).toBeNull();
      }),
    );
  });

  test('of what cannot be opened throws, and never makes a good seal of a broken one', () => {
    const sealed = seal(keys, NAME, secret);
    const broken = { ...sealed, dataKey: Buffer.alloc(sealed.dataKey.length) };
    expect(thrownBy(() => reseal(both, NAME, broken))).toMatchObject({ kind: 'broken' });
    expect(thrownBy(() => reseal(keysOf(next.line), NAME, sealed))).toMatchObject({ kind: 'unknown-key' });
  });
});

test('data keys and opened texts are zeros once the work is done, also when it fails', () => {
  wiped.dataKeys.length = 0;
  wiped.opened.length = 0;
  const sealed = seal(keys, NAME, secret);
  open(keys, NAME, sealed);
  reseal(keysOf(old.line, next.line), NAME, sealed);
  thrownBy(() => open(keys, NAME, { ...sealed, box: Buffer.from(sealed.box).fill(0, 20) }));
  expect(wiped.dataKeys).toHaveLength(1);
  // Data key and text, data key, data key; what a broken box seemed to hold.
  expect(wiped.opened).toEqual([
    Buffer.alloc(32),
    Buffer.alloc(secret.reveal().length * 2),
    Buffer.alloc(32),
    Buffer.alloc(32),
    Buffer.alloc(secret.reveal().length * 2),
  ]);
  for (const bytes of wiped.dataKeys) expect(bytes).toEqual(Buffer.alloc(32));
});
