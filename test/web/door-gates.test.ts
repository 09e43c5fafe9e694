// Who is counted as whom, and who can use up whose room.
import { afterEach, describe, expect, it } from 'vitest';
import { addressKey, DEFAULT_LIMITS } from '../../src/web/door-gates.ts';
import { RECEIVED, TOOL_TOKEN } from '../fakes/desk.ts';
import { type DoorHouse, doorHouse, NOW, PAGE, textOf } from './door-house.ts';

let house: DoorHouse;
afterEach(() => house?.app.close());

const password = { password: 'Abc123(xyz_Q' };
const from = (remoteAddress: string) => ({ remoteAddress });

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['not an address', 'unknown'],
  ])('%s counts as %s', (ip, key) => expect(addressKey(ip)).toBe(key));

  it('without one counts too', () => expect(addressKey(undefined)).toBe('unknown'));
});

describe('the limits', () => {
  it('of a link: the 21st post within ten minutes waits, is told how long, and reaches no desk', async () => {
    house = doorHouse();
    for (let n = 0; n < 20; n++) {
      house.clock.now = NOW + n * 1_000;
      expect((await house.post(PAGE, password, from(`192.0.2.${n}`))).statusCode).toBe(303);
    }
    const refused = await house.post(PAGE, password, from('192.0.2.99'));
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('581');
    expect(textOf(refused.body)).toContain('Vous pourrez recommencer à 10 h 42.');
    expect(textOf(refused.body)).toContain('il n’a pas été gardé');
    expect(house.desk.changes).toHaveLength(20);
    house.clock.now = NOW + 600_000;
    expect((await house.post(PAGE, password, from('192.0.2.99'))).statusCode).toBe(303);
  });

  it('of an address: a stranger runs into it, and has used up nothing of the true manager’s', async () => {
    house = doorHouse();
    const reads = () => house.desk.reads();
    for (let n = 0; n < 100; n++) await house.post(`/m/guess-${n}`, password, from('198.51.100.1'));
    expect(house.counted.filter((line) => line === 'form too-many')).toHaveLength(40);
    // Without the seal of a link, nothing is even looked up.
    expect(reads()).toBe(0);
    expect((await house.post(PAGE, password, from('198.51.100.1'))).statusCode).toBe(429);
    expect((await house.post(PAGE, password, from('192.0.2.1'))).statusCode).toBe(303);
    expect((await house.get()).statusCode).toBe(200);
  });

  it('of an address: the /64 of an attacker is one', async () => {
    house = doorHouse();
    for (let n = 1; n <= 60; n++) await house.post('/m/guess', {}, from(`2001:db8::${n.toString(16)}`));
    expect((await house.post(PAGE, password, from('2001:db8::ffff:1'))).statusCode).toBe(429);
    expect((await house.post(PAGE, password, from('2001:db8:0:1::1'))).statusCode).toBe(303);
  });

  it('of a technical user: tools cannot use up what its manager has', async () => {
    house = doorHouse();
    const submit = () =>
      house.app.inject({
        method: 'POST',
        url: '/v1/submissions',
        headers: { authorization: `Bearer ${TOOL_TOKEN}` },
        payload: { login: 'TECH_1_25900096600020@cpro.fr', environment: 'production', ...password },
      });
    for (let n = 0; n < DEFAULT_LIMITS.perUser.count; n++) expect((await submit()).statusCode).toBe(202);
    const refused = await submit();
    expect([refused.statusCode, refused.json().error]).toEqual([429, 'too-many']);
    house.clock.now += 2_000;
    expect((await house.post(PAGE, password)).statusCode).toBe(303);
  });

  it('of a technical user: the page that says so speaks its manager’s language', async () => {
    house = doorHouse({ limits: { ...DEFAULT_LIMITS, perUser: { count: 1, perMs: 60_000 } } });
    house.desk.shows({ language: 'en' });
    await house.post(PAGE, password);
    const refused = await house.post(PAGE, password);
    expect(refused.statusCode).toBe(429);
    expect(refused.body).toContain('<html lang="en">');
    expect(textOf(refused.body)).toContain('You can try again at 10:33.');
  });

  it('a hundred submissions in a second: each gets a clear answer, and the desk sees no more than its share', async () => {
    house = doorHouse();
    house.desk.answers(RECEIVED);
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, n) => house.post(PAGE, password, from(`192.0.2.${n}`))),
    );
    expect(all.filter(({ statusCode }) => statusCode === 303)).toHaveLength(20);
    for (const { statusCode, headers, body } of all.filter((answer) => answer.statusCode !== 303)) {
      expect([statusCode, headers['retry-after']]).toEqual([429, '600']);
      expect(textOf(body)).toContain('Trop d’envois en peu de temps');
    }
    expect(house.desk.changes).toHaveLength(20);
  });

  it('of everything together: who holds no link cannot use it up', async () => {
    house = doorHouse({ limits: { ...DEFAULT_LIMITS, overall: { count: 1, perMs: 1_000 } } });
    for (let n = 0; n < 50; n++) await house.post('/m/guess', password, from(`192.0.2.${n}`));
    expect((await house.post(PAGE, password)).statusCode).toBe(303);
    expect((await house.post(PAGE, password)).headers['retry-after']).toBe('1');
  });

  it('look through trusted proxies, and believe nobody else', async () => {
    const limits = { ...DEFAULT_LIMITS, perAddress: { count: 1, perMs: 60_000 } };
    const status = async (client: string, remoteAddress: string) => {
      const more = { headers: { 'x-forwarded-for': client }, remoteAddress };
      return (await house.post(PAGE, password, more)).statusCode;
    };
    house = doorHouse({ limits, trustedProxies: ['10.0.0.0/8'] });
    expect(await status('192.0.2.1', '10.1.2.3')).toBe(303);
    expect(await status('192.0.2.2', '10.1.2.3')).toBe(303);
    // What the client itself wrote into the header stands before what the proxy saw.
    expect(await status('203.0.113.9, 192.0.2.2', '10.1.2.3')).toBe(429);
    expect(await status('192.0.2.3', '198.51.100.1')).toBe(303);
    expect(await status('192.0.2.4', '198.51.100.1')).toBe(429);
    await house.app.close();
    house = doorHouse({ limits });
    expect(await status('192.0.2.1', '10.1.2.3')).toBe(303);
    expect(await status('192.0.2.2', '10.1.2.3')).toBe(429);
  });

  it('GET and HEAD are not counted', async () => {
    house = doorHouse({ limits: { ...DEFAULT_LIMITS, perAddress: { count: 1, perMs: 60_000 } } });
    for (let n = 0; n < 10; n++) expect((await house.get()).statusCode).toBe(200);
    expect((await house.post(PAGE, password)).statusCode).toBe(303);
  });
});
