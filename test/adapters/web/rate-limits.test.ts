// Who is counted as whom, and who can use up whose room.
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/adapters/web/rate-limits.ts';
import { csrfTokenOf } from '../../../src/adapters/web/request.ts';
import { RECEIVED, TOOL_TOKEN, tokenOf } from '../../fakes/manager-actions.ts';
import { NOW, openTestServer, PAGE, type TestServer, textOf } from './test-server.ts';

let server: TestServer;
afterEach(() => server?.app.close());

const password = { password: 'Abc123(xyz_Q' };
const from = (remoteAddress: string) => ({ remoteAddress });

describe('the limits', () => {
  it('of a link: the 21st post within ten minutes waits, is told how long, and changes nothing', async () => {
    server = openTestServer();
    for (let n = 0; n < 20; n++) {
      server.clock.now = NOW + n * 1_000;
      expect((await server.post(PAGE, password, from(`192.0.2.${n}`))).statusCode).toBe(303);
    }
    const refused = await server.post(PAGE, password, from('192.0.2.99'));
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('581');
    expect(textOf(refused.body)).toContain('Vous pourrez recommencer à 10 h 42.');
    expect(textOf(refused.body)).toContain('il n’a pas été gardé');
    expect(server.actions.changes).toHaveLength(20);
    server.clock.now = NOW + 600_000;
    expect((await server.post(PAGE, password, from('192.0.2.99'))).statusCode).toBe(303);
  });

  it('of an address: a stranger runs into it, and has used up nothing of the true manager’s', async () => {
    server = openTestServer();
    const reads = () => server.actions.reads();
    for (let n = 0; n < 100; n++) await server.post(`/m/guess-${n}`, password, from('198.51.100.1'));
    expect(server.counted.filter((line) => line === 'form too-many')).toHaveLength(40);
    // Without the seal of a link nothing is looked up, but whether one who was refused so often has a true link.
    expect(reads()).toBe(40);
    expect((await server.post('/m/guess', password, from('192.0.2.1'))).statusCode).toBe(403);
    expect((await server.post(PAGE, password, from('192.0.2.1'))).statusCode).toBe(303);
    expect((await server.get()).statusCode).toBe(200);
  });

  it('of an address: the /64 of an attacker is one', async () => {
    server = openTestServer();
    for (let n = 1; n <= 60; n++) await server.post('/m/guess', {}, from(`2001:db8::${n.toString(16)}`));
    expect((await server.post('/m/guess', password, from('2001:db8::ffff:1'))).statusCode).toBe(429);
    expect((await server.post('/m/guess', password, from('2001:db8:0:1::1'))).statusCode).toBe(403);
  });

  it('of an address: a town hall behind one proxy is not shut out by whoever guesses there', async () => {
    server = openTestServer();
    for (let n = 0; n < 100; n++) await server.post(`/m/guess-${n}`, password, from('198.51.100.1'));
    for (let manager = 1; manager <= 35; manager++) {
      const seal = csrfTokenOf(tokenOf(manager));
      for (const path of ['/annonce', '']) {
        const more = { ...from('198.51.100.1'), seal };
        const posted = await server.post(
          `/m/${tokenOf(manager)}${path}`,
          { ...password, ready: 'yes' },
          more,
        );
        expect(posted.statusCode).toBe(303);
      }
    }
  });

  it('of an address: made-up links with the seal that fits them, and bodies that are none, count by it', async () => {
    const limits = { ...DEFAULT_LIMITS, perAddress: { count: 4, perMs: 60_000 } };
    const strange = [
      () => server.post('/m/made-up', password, { seal: csrfTokenOf('made-up') }),
      () => server.post(PAGE, password, { seal: 'none' }),
      () => server.post(PAGE, { password: 'x'.repeat(17_000) }),
      () => server.post(PAGE, password, { headers: { 'content-type': 'text/plain' } }),
    ];
    server = openTestServer({ limits });
    expect((await Promise.all(strange.map((post) => post()))).map((answer) => answer.statusCode)).toEqual([
      404, 403, 413, 415,
    ]);
    for (const post of strange) expect((await post()).statusCode).toBe(429);
    expect((await server.post(PAGE, password)).statusCode).toBe(303);
    await server.app.close();
    server = openTestServer({ limits: { ...DEFAULT_LIMITS, perLink: { count: 2, perMs: 60_000 } } });
    // A link of a letter whose password has come in is nobody's guess: it counts by itself.
    server.actions.shows('spent');
    const spent = [
      await server.post(PAGE, password),
      await server.post(PAGE, password),
      await server.post(PAGE, password),
    ];
    expect(spent.map((answer) => answer.statusCode)).toEqual([200, 200, 429]);
  });

  it('of a technical user: tools cannot use up what its manager has', async () => {
    server = openTestServer();
    const submit = (login = 'TECH_1_25900096600020@cpro.fr') =>
      server.app.inject({
        method: 'POST',
        url: '/v1/submissions',
        headers: { authorization: `Bearer ${TOOL_TOKEN}` },
        payload: { login, environment: 'production', ...password },
      });
    for (let n = 0; n < DEFAULT_LIMITS.perUser.count; n++) expect((await submit()).statusCode).toBe(202);
    const refused = await submit();
    expect([refused.statusCode, refused.json().error]).toEqual([429, 'too-many']);
    // Other spellings of the login are the same technical user.
    for (const login of ['mailto:tech_1_25900096600020@cpro.fr', '<TECH_1_25900096600020>'])
      expect((await submit(login)).statusCode).toBe(429);
    server.clock.now += 2_000;
    expect((await server.post(PAGE, password)).statusCode).toBe(303);
  });

  it('of a technical user: the page that says so speaks its manager’s language', async () => {
    server = openTestServer({ limits: { ...DEFAULT_LIMITS, perUser: { count: 1, perMs: 60_000 } } });
    server.actions.shows({ language: 'en' });
    await server.post(PAGE, password);
    const refused = await server.post(PAGE, password);
    expect(refused.statusCode).toBe(429);
    expect(refused.body).toContain('<html lang="en">');
    expect(textOf(refused.body)).toContain('You can try again at 10:33.');
  });

  it('a hundred submissions in a second: each gets a clear answer, and no more than their share goes on', async () => {
    server = openTestServer();
    server.actions.answers(RECEIVED);
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, n) => server.post(PAGE, password, from(`192.0.2.${n}`))),
    );
    expect(all.filter(({ statusCode }) => statusCode === 303)).toHaveLength(20);
    for (const { statusCode, headers, body } of all.filter((answer) => answer.statusCode !== 303)) {
      expect([statusCode, headers['retry-after']]).toEqual([429, '600']);
      expect(textOf(body)).toContain('Trop d’envois en peu de temps');
    }
    expect(server.actions.changes).toHaveLength(20);
  });

  it('of everything together: who holds no link cannot use it up', async () => {
    server = openTestServer({ limits: { ...DEFAULT_LIMITS, overall: { count: 1, perMs: 1_000 } } });
    for (let n = 0; n < 50; n++) await server.post('/m/guess', password, from(`192.0.2.${n}`));
    expect((await server.post(PAGE, password)).statusCode).toBe(303);
    expect(server.waits).toEqual([]);
  });

  it('of everything together: a hundred managers at one instant are all heard, one after the other', async () => {
    server = openTestServer();
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        server.post(`/m/${tokenOf(n + 1)}`, password, {
          ...from('192.0.2.1'),
          seal: csrfTokenOf(tokenOf(n + 1)),
        }),
      ),
    );
    expect(all.map(({ statusCode }) => statusCode)).toEqual(Array(100).fill(303));
    expect(server.actions.changes).toHaveLength(100);
    expect(server.waits).toEqual([...Array(40).fill(1_000), ...Array(20).fill(2_000)]);
  });

  it('of everything together: nobody waits longer than five seconds, and whoever is refused has used up nothing', async () => {
    server = openTestServer({
      limits: {
        ...DEFAULT_LIMITS,
        overall: { count: 1, perMs: 1_000 },
        perLink: { count: 6, perMs: 60_000 },
      },
    });
    for (let n = 0; n < 6; n++) expect((await server.post(PAGE, password)).statusCode).toBe(303);
    expect(server.waits).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
    const other = { seal: csrfTokenOf(tokenOf(1)) };
    for (let n = 0; n < 10; n++) {
      const refused = await server.post(`/m/${tokenOf(1)}`, password, other);
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '6']);
      expect(textOf(refused.body)).toContain('il n’a pas été gardé');
    }
    expect(server.actions.changes).toHaveLength(6);
    server.clock.now += 6_000;
    for (let n = 0; n < 6; n++)
      expect((await server.post(`/m/${tokenOf(1)}`, password, other)).statusCode).toBe(303);
  });

  it('of everything together: a door that closes keeps nobody waiting, and says that nothing was kept', async () => {
    const arrived = Promise.withResolvers<void>();
    server = openTestServer({
      limits: { ...DEFAULT_LIMITS, overall: { count: 1, perMs: 1_000 } },
      wait: () => {
        arrived.resolve();
        return new Promise(() => undefined);
      },
    });
    await server.post(PAGE, password);
    const waiting = server.post(PAGE, password);
    await arrived.promise;
    await server.app.close();
    const refused = await waiting;
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '10']);
    expect(server.actions.changes).toHaveLength(1);
  });

  it('look through trusted proxies, and believe nobody else', async () => {
    const limits = { ...DEFAULT_LIMITS, perAddress: { count: 1, perMs: 60_000 } };
    const status = async (client: string, remoteAddress: string) => {
      const more = { headers: { 'x-forwarded-for': client }, remoteAddress };
      return (await server.post('/m/guess', password, more)).statusCode;
    };
    server = openTestServer({ limits, trustedProxies: ['10.0.0.0/8'] });
    expect(await status('192.0.2.1', '10.1.2.3')).toBe(403);
    expect(await status('192.0.2.2', '10.1.2.3')).toBe(403);
    // What the client itself wrote into the header stands before what the proxy saw.
    expect(await status('203.0.113.9, 192.0.2.2', '10.1.2.3')).toBe(429);
    expect(await status('192.0.2.3', '198.51.100.1')).toBe(403);
    expect(await status('192.0.2.4', '198.51.100.1')).toBe(429);
    await server.app.close();
    server = openTestServer({ limits });
    expect(await status('192.0.2.1', '10.1.2.3')).toBe(403);
    expect(await status('192.0.2.2', '10.1.2.3')).toBe(429);
  });

  it('know a client by his address, whatever the port that his proxy writes after it', async () => {
    server = openTestServer({ trustedProxies: ['127.0.0.1'] });
    const through = (client: string) => ({
      seal: 'x',
      headers: { 'x-forwarded-for': client },
      remoteAddress: '127.0.0.1',
    });
    const status = async (client: string, path = '/m/nolink/annonce') =>
      (await server.post(path, {}, through(client))).statusCode;
    for (let n = 1; n <= 60; n++)
      expect(await status(`198.51.100.8:${40_000 + n}`, `/m/nolink${n}/annonce`)).toBe(403);
    expect(await status('198.51.100.8:50001')).toBe(429);
    expect(await status('203.0.113.9:51000')).toBe(403);
    expect(await status('[2001:db8::1]:443')).toBe(403);
    expect(server.unread).toEqual([]);
  });

  it('count whom a proxy does not name as the proxy, and say so once', async () => {
    const limits = { ...DEFAULT_LIMITS, perAddress: { count: 2, perMs: 60_000 } };
    server = openTestServer({ limits, trustedProxies: ['127.0.0.1'] });
    const status = async (client: string) => {
      const more = { headers: { 'x-forwarded-for': client }, remoteAddress: '127.0.0.1' };
      return (await server.post('/m/guess', {}, more)).statusCode;
    };
    expect(await status('unknown')).toBe(403);
    expect(await status('198.51.100.8, _hidden')).toBe(403);
    expect(await status('unknown')).toBe(429);
    expect(await status('198.51.100.8')).toBe(403);
    expect(server.unread).toEqual(['127.0.0.1']);
  });

  it('GET and HEAD are not counted', async () => {
    server = openTestServer({ limits: { ...DEFAULT_LIMITS, perAddress: { count: 1, perMs: 60_000 } } });
    for (let n = 0; n < 10; n++) expect((await server.get()).statusCode).toBe(200);
    expect((await server.post(PAGE, password)).statusCode).toBe(303);
  });
});
