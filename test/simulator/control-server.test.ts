import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readScenario } from '../../src/simulator/scenario/scenario.ts';
import { openStandalone, type Standalone } from '../../src/simulator/standalone.ts';
import { raw, sign } from './chorus-scene.ts';

const LOGIN = 'TECH_1_99990000100001@cpro.fr';
const structure = { siret: '99990000100001', name: 'Commune de Rochebrise' };
const SCENARIO = {
  ports: { production: 0, qualification: 0, portal: 0, control: 0 },
  application: { clientId: 'app', clientSecret: 'app-secret' },
  accounts: [
    { login: LOGIN, environment: 'production', password: 'gOod(1', structure },
    { login: LOGIN, environment: 'qualification', password: 'qUal(1', structure },
    { login: 'alone', environment: 'production', password: 'aLone(1', structure },
  ],
};

let running: Standalone;
beforeEach(async () => {
  const scenario = readScenario(JSON.stringify(SCENARIO), 'test');
  running = await openStandalone({ scenario, tls: null, logFile: null, onLogFault: () => undefined });
});
afterEach(() => running.close());

/** One request to the control server; a body is sent as JSON. */
async function control(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await raw(`${running.controlUrl}/_simulator${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return { status: answer.status, told: answer.body === '' ? null : JSON.parse(answer.body) };
}
async function call(password = 'gOod(1', login = LOGIN): Promise<number> {
  const { apiUrl } = running.simulator.urls.production;
  const headers = {
    authorization: `Bearer ${running.simulator.tokens.production.give()}`,
    'cpro-account': sign(password, login),
    'content-type': 'application/json',
  };
  return (await raw(`${apiUrl}/cpro/transverses/v1/recuperer/tauxtva`, { headers, body: '{}' })).status;
}

describe('faults', () => {
  it('are set, shown, lifted and cleared', async () => {
    expect(await control('POST', '/faults', { kind: 'broken', times: 1 })).toEqual({
      status: 201,
      told: { ids: [1] },
    });
    const two = [
      { kind: 'forbidden', login: LOGIN },
      { kind: 'delay', ms: 1 },
    ];
    expect((await control('POST', '/faults', two)).told).toEqual({ ids: [2, 3] });
    expect([await call(), await call()]).toEqual([500, 403]);
    const { told } = await control('GET', '/faults');
    expect(told).toMatchObject([
      { id: 1, struck: 1 },
      { id: 2, struck: 1 },
      { id: 3, rule: { fault: { ms: 1 } } },
    ]);
    expect([(await control('DELETE', '/faults/2')).status, await call()]).toEqual([204, 200]);
    expect((await control('DELETE', '/faults/2')).status).toBe(404);
    expect((await control('DELETE', '/faults')).status).toBe(204);
    expect((await control('GET', '/faults')).told).toEqual([]);
  });

  it('that are wrong are reported with their paths, and none of them is set', async () => {
    const { status, told } = await control('POST', '/faults', [
      { kind: 'broken' },
      { kind: 'delay' },
      { kind: 'odd' },
    ]);
    expect(status).toBe(400);
    expect(told.faults.map(({ path }: { path: string }) => path)).toEqual(['[1].ms', '[2].kind']);
    expect((await control('GET', '/faults')).told).toEqual([]);
  });

  it('count their spans from the moment they are set', async () => {
    await control('POST', '/faults', { kind: 'broken', from: 'PT1H' });
    expect(await call()).toBe(200);
    await control('POST', '/faults', { kind: 'broken', from: '-PT1S', until: 'PT1H' });
    expect(await call()).toBe(500);
  });
});

describe('accounts', () => {
  it('are changed, and shown without their passwords', async () => {
    const changed = await control('POST', '/accounts/alone', {
      password: 'oTher(2',
      expiresOn: '2031-05-06',
    });
    expect(changed.told).toMatchObject({
      login: 'alone',
      environment: 'production',
      expiresOn: '2031-05-06',
    });
    expect([await call('aLone(1', 'alone'), await call('oTher(2', 'alone')]).toEqual([401, 200]);
    await control('POST', '/accounts/alone', { locked: 'PT1H', entitled: false });
    expect(await call('oTher(2', 'alone')).toBe(401);
    const { told } = await control('GET', '/accounts');
    expect(told).toHaveLength(3);
    expect(told[2]).toMatchObject({
      login: 'alone',
      entitled: false,
      lockedUntil: expect.stringMatching(/Z$/),
    });
    await control('POST', '/accounts/alone', { locked: false, disabled: true });
    expect(await call('oTher(2', 'alone')).toBe(401);
    expect(JSON.stringify([told, changed.told])).not.toMatch(/\([12]/);
  });

  it('get a number and invoices with a structure that is new', async () => {
    await control('POST', '/accounts/alone', { further: [{ siret: '99990000900004', name: 'New' }] });
    const { invoices } = running.simulator;
    expect(invoices.idOf('99990000900004')).toBeGreaterThan(invoices.idOf(structure.siret));
    expect(invoices.of(['99990000900004'])).toHaveLength(3);
  });

  it('of two environments are distinguished', async () => {
    expect((await control('POST', `/accounts/${LOGIN}`, { disabled: true })).status).toBe(400);
    const path = `/accounts/${encodeURIComponent(LOGIN)}?environment=production`;
    expect((await control('POST', path, { disabled: true })).status).toBe(200);
    expect(await call()).toBe(401);
  });

  it.each([
    ['alone', {}, 400],
    ['alone', { colour: 'blue' }, 400],
    ['alone', { expiresOn: 'soon' }, 400],
    ['nobody', { locked: true }, 404],
    ['alone?environment=qualification', { locked: true }, 404],
  ])('%s with %j is refused', async (path, change, status) => {
    const answer = await control('POST', `/accounts/${path}`, change);
    expect([answer.status, answer.told.faults[0].words]).toEqual([
      status,
      expect.stringMatching(/^(right|does|no)/),
    ]);
  });
});

it.each([
  ['login', { kind: 'broken', login: 'nobody' }, /right would be the login of an account/],
  ['after', { kind: 'quota', after: '5\nX: y' }, /printable ASCII/],
  ['headers.X-A', { kind: 'answer', status: 200, headers: { 'X-A': 'a\nb' } }, /printable ASCII/],
])('refuses a fault whose %s could never strike or be sent', async (key, fault, words) => {
  const { status, told } = await control('POST', '/faults', [{ kind: 'broken' }, fault]);
  expect([status, told]).toEqual([
    400,
    { faults: [{ path: `[1].${key}`, words: expect.stringMatching(words) }] },
  ]);
  expect((await control('GET', '/faults')).told).toEqual([]);
});

it('shows the requests, forgets them, and takes all tokens back', async () => {
  const token = running.simulator.tokens.production.give();
  await call();
  await call('wrong');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { told } = await control('GET', '/requests');
  expect(told).toMatchObject([{ status: 200 }, { status: 401, refusal: 'wrong-password' }]);
  expect((await control('DELETE', '/requests')).status).toBe(204);
  expect((await control('GET', '/requests')).told).toEqual([]);
  expect((await control('DELETE', '/tokens')).status).toBe(204);
  expect(running.simulator.tokens.production.holds(token)).toBe(false);
});

it('is for programs on this machine alone', async () => {
  const asked = async (headers: Record<string, string>) =>
    (await control('GET', '/faults', undefined, headers)).status;
  expect(new URL(running.controlUrl).hostname).toBe('127.0.0.1');
  expect(await asked({})).toBe(200);
  expect(await asked({ host: 'evil.example' })).toBe(403);
  expect(await asked({ origin: 'http://localhost:1' })).toBe(403);
  expect(await asked({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect((await control('GET', '/nowhere')).status).toBe(404);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await control('POST', '/faults', 'a=b', form)).status).toBe(415);
});
