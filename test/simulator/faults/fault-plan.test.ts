import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SimulatedFault } from '../../../src/simulator/faults/fault-kinds.ts';
import { ask, askToken, LOGIN, NAME, openScene, type Scene, TAUX, tokenOf } from '../chorus-scene.ts';

let scene: Scene;
let token: string;
beforeEach(async () => {
  scene = await openScene();
  token = await tokenOf(scene);
});
afterEach(() => scene.close());

const CALL = 'recuperer/tauxtva';
const OTHER = 'transverses/v1/recuperer/structures/actives/destinataire';
const statusOf = async (path = TAUX, more = {}) => (await ask(scene, token, path, more)).status;

const SHAPES: readonly (readonly [SimulatedFault, number, Record<string, unknown>, unknown])[] = [
  [
    { kind: 'refused-ldap' },
    401,
    { 'www-authenticate': undefined },
    '{"codeRetour":401,"libelle":"Impossible d\'authentifier l\'utilisateur dans le LDAP."}',
  ],
  [
    { kind: 'refused-field' },
    401,
    { 'www-authenticate': undefined },
    '{"ErrorCode":"401","Description":"[invalid field]"}',
  ],
  [{ kind: 'refused-bare' }, 401, { 'www-authenticate': undefined }, ''],
  [
    { kind: 'token-dead' },
    401,
    { 'www-authenticate': 'Bearer realm="DefaultRealm", error="invalid_token"' },
    '',
  ],
  [
    { kind: 'scope-short' },
    403,
    { 'www-authenticate': 'Bearer realm="DefaultRealm", error="insufficient_scope"' },
    '',
  ],
  [{ kind: 'forbidden' }, 403, { 'content-length': '0' }, ''],
  [{ kind: 'quota', after: '120' }, 429, { 'retry-after': '120' }, ''],
  [{ kind: 'quota', after: null }, 429, { 'retry-after': undefined }, ''],
  [{ kind: 'broken' }, 500, {}, ''],
  [
    { kind: 'maintenance' },
    503,
    { 'content-type': 'text/html; charset=utf-8' },
    expect.stringMatching(/^<!DOCTYPE/),
  ],
  [
    { kind: 'html' },
    200,
    { 'content-type': 'text/html; charset=utf-8' },
    expect.stringMatching(/^<!DOCTYPE/),
  ],
  [{ kind: 'empty' }, 200, { 'content-length': '0' }, ''],
  [
    { kind: 'business', code: 20001, label: 'GDP_MSG_11.005' },
    200,
    {},
    '{"codeRetour":20001,"libelle":"GDP_MSG_11.005"}',
  ],
];

it.each(SHAPES)('%j looks as it should, once, and is over', async (fault, status, headers, body) => {
  scene.faults.add({ fault, call: CALL, times: 1 });
  const answer = await ask(scene, token, TAUX);
  expect([answer.status, answer.body]).toEqual([status, body]);
  for (const [name, value] of Object.entries(headers))
    expect([name, answer.headers[name]]).toEqual([name, value]);
  expect(await statusOf()).toBe(200);
});

it('cuts the connection', async () => {
  scene.faults.add({ fault: { kind: 'reset' } });
  await expect(ask(scene, token, TAUX)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(askToken(scene)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('says nothing for as long as it is open, and closes all the same', async () => {
  const own = await openScene();
  const right = await tokenOf(own);
  own.faults.add({ fault: { kind: 'hang' } });
  let answered = false;
  const call = ask(own, right, TAUX).finally(() => {
    answered = true;
  });
  const outcome = call.catch((error: { code: string }) => error.code);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(answered).toBe(false);
  await own.close();
  expect(await outcome).toBe('ECONNRESET');
});

it('answers rightly but late, with delays added up, and closes in the midst of one', async () => {
  const own = await openScene();
  const right = await tokenOf(own);
  own.faults.add({ fault: { kind: 'delay', ms: 60 } });
  const end = own.faults.add({ fault: { kind: 'delay', ms: 60 } });
  const from = performance.now();
  expect((await ask(own, right, TAUX)).status).toBe(200);
  expect(performance.now() - from).toBeGreaterThan(115);
  end();
  own.faults.add({ fault: { kind: 'delay', ms: 60_000 } });
  const outcome = ask(own, right, TAUX).catch(() => 'cut');
  await new Promise((resolve) => setTimeout(resolve, 150));
  await own.close();
  expect(await outcome).toBe('cut');
});

it('applies to one call, one login or one environment, and to nothing else', async () => {
  const fault = { kind: 'broken' } as const;
  const end = scene.faults.add({ fault, call: CALL });
  expect([await statusOf(), await statusOf(OTHER)]).toEqual([500, 200]);
  end();
  scene.faults.add({ fault, login: LOGIN });
  const other = { login: 'TECH_1_99990000200001@cpro.fr', password: 'kP5(other_333' };
  expect([await statusOf(), await statusOf(TAUX, other)]).toEqual([500, 200]);
  expect((await askToken(scene)).status).toBe(200);
  scene.faults.clear();
  scene.faults.add({ fault, environment: 'qualification' });
  expect([await statusOf(), (await askToken(scene, {}, 'qualification')).status]).toEqual([200, 500]);
});

it('gives an empty token once, then a good one', async () => {
  scene.faults.add({ fault: { kind: 'empty-token' }, call: 'token', times: 1 });
  expect(await askToken(scene)).toMatchObject({
    status: 200,
    body: expect.stringContaining('"access_token":""'),
  });
  expect(await tokenOf(scene)).toHaveLength(54);
});

it('takes Chorus Pro down behind PISTE, or both', async () => {
  scene.faults.setDown('chorus-pro');
  expect([(await askToken(scene)).status, await statusOf()]).toEqual([200, 503]);
  scene.faults.setDown('piste');
  expect([(await askToken(scene)).status, await statusOf()]).toEqual([503, 503]);
  scene.faults.setDown(null);
  expect([(await askToken(scene)).status, await statusOf()]).toEqual([200, 200]);
});

it('costs no failure when the gateway is at fault, and lets no wrong password hide behind a business code', async () => {
  scene.faults.add({ fault: { kind: 'broken' }, times: 1 });
  expect(await statusOf(TAUX, { password: 'wrong' })).toBe(500);
  expect(scene.accounts.lockStateOf(NAME).failures).toBe(0);
  scene.faults.add({ fault: { kind: 'business', code: 1, label: '' } });
  expect(await statusOf(TAUX, { password: 'wrong' })).toBe(401);
  expect(scene.accounts.lockStateOf(NAME).failures).toBe(1);
});
