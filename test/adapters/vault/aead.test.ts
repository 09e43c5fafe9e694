import { describe, expect, test } from 'vitest';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from '../../../src/adapters/vault/seal.ts';
import { hmac } from '../../../src/adapters/vault/vault.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** McGrew and Viega, “The Galois/Counter Mode of Operation”, appendix B: those with a key of 256 bits. */
const GCM = [
  {
    name: 'case 13',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plain: '',
    bound: '',
    cipher: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    name: 'case 14',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plain: '00'.repeat(16),
    bound: '',
    cipher: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    name: 'case 16',
    key: 'feffe9928665731c6d6a8f9467308308'.repeat(2),
    nonce: 'cafebabefacedbaddecaf888',
    plain:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    bound: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    cipher:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
] as const;

/** RFC 4231, section 4: key, data, HMAC-SHA-256. */
const HMAC = [
  [
    'case 1',
    '0b'.repeat(20),
    Buffer.from('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    'case 2',
    Buffer.from('Jefe').toString('hex'),
    Buffer.from('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'case 3',
    'aa'.repeat(20),
    hex('dd'.repeat(50)),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
] as const;

describe('what others worked out', () => {
  test.each(GCM)('AES-256-GCM, $name', ({ key, nonce, plain, bound, cipher, tag }) => {
    const sealed = encrypt(hex(key), hex(plain), hex(bound), hex(nonce));
    expect(sealed.toString('hex')).toBe(`01${nonce}${cipher}${tag}`);
    expect(decrypt(hex(key), sealed, hex(bound))?.toString('hex')).toBe(plain);
  });

  test.each(HMAC)('HMAC-SHA-256, RFC 4231 %s', (_name, key, data, mac) => {
    expect(hmac(hex(key), data)).toBe(mac);
  });
});

describe('sealed bytes', () => {
  const key = Buffer.alloc(32, 7);
  const bound = Buffer.from('bound');

  test('of any length below the least, or with a shortened tag, are broken and throw nothing', () => {
    const sealed = encrypt(key, Buffer.from('secret'), bound);
    for (let length = 0; length < sealed.length; length++) {
      expect(decrypt(key, sealed.subarray(0, length), bound)).toBeNull();
    }
    expect(decrypt(key, Buffer.concat([sealed, Buffer.alloc(1)]), bound)).toBeNull();
  });

  test('carry a nonce of their own, and are as long as format, nonce, text and tag', () => {
    const seals = Array.from({ length: 1000 }, () => encrypt(key, Buffer.alloc(3), bound));
    expect(new Set(seals.map((sealed) => sealed.toString('hex', 1, 1 + NONCE_BYTES))).size).toBe(1000);
    expect(new Set(seals.map((sealed) => sealed.length))).toEqual(new Set([1 + NONCE_BYTES + 3 + TAG_BYTES]));
  });
});
