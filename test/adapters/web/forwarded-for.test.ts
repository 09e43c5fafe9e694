// X-Forwarded-For as proxies of the field write it, and as strangers do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, clientFinder, forwardedAddress } from '../../../src/adapters/web/request.ts';

const PROXY = '10.0.0.1';

describe('an element', () => {
  it.each([
    ['198.51.100.8', '198.51.100.8'],
    ['198.51.100.8:40001', '198.51.100.8'],
    ['"198.51.100.8:40001"', '198.51.100.8'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1:443', '2001:db8:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:198.51.100.8', '198.51.100.8'],
    ['[::ffff:c633:6408]:443', '198.51.100.8'],
  ])('%j is %j', (text, address) => expect(forwardedAddress(text)).toBe(address));

  it.each([
    ...[
      'unknown',
      '_hidden',
      'example.org',
      '[198.51.100.8]',
      '198.51.100.8:',
      '198.51.100.8:x',
      '198.51.100.008',
    ],
    ...['"198.51.100.8', '[2001:db8::1', '2001:db8::1]:443', '256.1.1.1', '"', '', '[]', ':443', '\u0000'],
  ])('%j is none', (text) => expect(forwardedAddress(text)).toBeNull());
});

describe('the client', () => {
  const find = clientFinder([PROXY, '10.1.0.0/16', '2001:db8:a::/48']);
  it.each([
    // peer, header, client, the proxy whose word cannot be read
    ['192.0.2.1', '198.51.100.8', '192.0.2.1', null],
    [PROXY, '', PROXY, null],
    [PROXY, '198.51.100.8', '198.51.100.8', null],
    [PROXY, '203.0.113.9, 198.51.100.8', '198.51.100.8', null],
    [PROXY, '203.0.113.9,198.51.100.8 ,\t10.1.2.3', '198.51.100.8', null],
    [PROXY, '198.51.100.8, 10.1.2.3:8443, 10.1.9.9', '198.51.100.8', null],
    [PROXY, ', 198.51.100.8, ,', '198.51.100.8', null],
    [PROXY, '198.51.100.8, unknown', PROXY, PROXY],
    [PROXY, '198.51.100.8, _x, 10.1.2.3', '10.1.2.3', '10.1.2.3'],
    [PROXY, 'unknown, 198.51.100.8', '198.51.100.8', null],
    [PROXY, '10.1.2.3, 10.1.2.4', '10.1.2.3', null],
    [`::ffff:${PROXY}`, '198.51.100.8', '198.51.100.8', null],
    ['2001:db8:a::7', '[2001:db8:b::9]:51000', '2001:db8:b::9', null],
    [PROXY, `198.51.100.8, ${'9'.repeat(200)}`, PROXY, PROXY],
    ['', '198.51.100.8', '', null],
  ])('behind %j, %j: %j', (peer, header, ip, unread) => expect(find(peer, header)).toEqual({ ip, unread }));

  it('is nobody but who a trusted proxy saw, whatever was written before', () => {
    const anything = fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:,[]"_% \t'), maxLength: 200 });
    fc.assert(
      fc.property(anything, (forged) => {
        expect(find(PROXY, `${forged}, 198.51.100.8:4711`)).toEqual({ ip: '198.51.100.8', unread: null });
        expect(typeof find(PROXY, forged).ip).toBe('string');
      }),
    );
  });

  it('is no address and no network that is none', () => {
    for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/'])
      expect(() => clientFinder([wrong])).toThrow();
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['not an address', 'unknown'],
    ['', 'unknown'],
  ])('%j counts as %j', (ip, key) => expect(addressKey(ip)).toBe(key));
});
