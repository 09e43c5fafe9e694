import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/simulator/request-log.ts';
import {
  ask,
  askToken,
  CLIENT,
  LOGIN,
  openScene,
  PASSWORD,
  raw,
  type Scene,
  sign,
  TAUX,
  tokenOf,
} from './chorus-scene.ts';

let scene: Scene;
let heard: RequestRecord[];
beforeEach(async () => {
  heard = [];
  scene = await openScene({ onRequest: (record) => heard.push(record) });
});
afterEach(() => scene.close());

/** The records, once there are so many: a record is written when the connection ends. */
async function records(count: number): Promise<readonly RequestRecord[]> {
  for (let tries = 0; tries < 200 && heard.length < count; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(heard).toHaveLength(count);
  expect(scene.log.list()).toEqual(heard);
  return heard;
}

it('records the call, the login, the answer and the faults applied', async () => {
  const token = await tokenOf(scene);
  scene.faults.add({ fault: { kind: 'delay', ms: 20 }, call: 'api', name: 'slow network' });
  scene.faults.add({ fault: { kind: 'broken' }, times: 1 });
  await ask(scene, token, TAUX);
  await ask(scene, token, TAUX, { password: 'wrong' });
  await ask(scene, token, 'nowhere/v1/at-all?password=x');
  const told = await records(4);
  const at = '2027-01-04T08:00:00.000Z';
  const common = { at, world: 'production', method: 'POST' };
  expect(told).toMatchObject([
    { ...common, call: 'token', login: null, status: 200, faults: [], refusal: null },
    {
      ...common,
      call: 'recuperer/tauxtva',
      login: LOGIN,
      status: 500,
      faults: ['slow network', 'broken'],
      refusal: null,
    },
    {
      ...common,
      call: 'recuperer/tauxtva',
      login: LOGIN,
      status: 401,
      faults: ['slow network'],
      refusal: 'wrong-password',
    },
    { ...common, call: 'undeclared', login: null, status: 403, faults: [] },
  ]);
  expect(told[1]?.durationMs).toBeGreaterThan(15);
  expect(told[1]?.headers).toMatchObject({
    authorization: 'present',
    'cpro-account': 'present',
    'content-type': 'application/json;charset=utf-8',
  });
});

it('records calls that were cut off or never answered', async () => {
  const token = await tokenOf(scene);
  scene.faults.add({ fault: { kind: 'reset' }, times: 1 });
  await ask(scene, token, TAUX).catch(() => undefined);
  const [, cut] = await records(2);
  expect(cut).toMatchObject({ status: null, faults: ['reset'] });
});

it('marks a malformed header by its shape alone', async () => {
  const token = await tokenOf(scene);
  await ask(scene, token, TAUX, {
    headers: { 'cpro-account': `Basic ${sign(PASSWORD)}`, authorization: token },
  });
  const [, told] = await records(2);
  expect(told?.headers).toMatchObject({ authorization: 'malformed', 'cpro-account': 'malformed' });
});

it('keeps the last thousand, and forgets them on request', async () => {
  for (let count = 0; count < 1010; count += 1) await raw(scene.urls.production.tokenUrl);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([scene.log.list().length, heard.length]).toEqual([1000, 1010]);
  scene.log.forget();
  expect(scene.log.list()).toEqual([]);
});

describe('no secret', () => {
  it('is on record, wherever its sender may have put it', async () => {
    const token = await tokenOf(scene);
    const wrong = 'cAnAry-(77';
    const swapped = Buffer.from(`${PASSWORD}:${LOGIN}`).toString('base64');
    await ask(scene, token, TAUX, { headers: { 'cpro-account': swapped } });
    await ask(scene, token, TAUX, { password: wrong, headers: { 'user-agent': `mine/1.0 ${wrong}` } });
    await ask(scene, token, TAUX, {
      headers: { 'x-password': PASSWORD, accept: token, via: sign(PASSWORD) },
    });
    await ask(scene, token, TAUX, { headers: { 'user-agent': CLIENT.clientSecret } });
    await ask(scene, token, `${encodeURIComponent(PASSWORD)}?p=${PASSWORD}`);
    await askToken(scene, { client_secret: 'wRong-secret' });
    const text = JSON.stringify(await records(7));
    for (const secret of [
      PASSWORD,
      wrong,
      token,
      CLIENT.clientSecret,
      'wRong-secret',
      sign(PASSWORD),
      swapped,
    ])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
    expect(text).toContain('"login":"unknown"');
  });

  it('is on record packed, in the wrong header alone, nor as the half that a cut leaves', async () => {
    const headers = (agent: string) => ({ headers: { 'user-agent': agent } });
    await raw(scene.urls.production.tokenUrl, headers(`mine ${sign(PASSWORD)}`));
    await raw(scene.urls.production.tokenUrl, headers(sign(PASSWORD).replace(/=+$/, '')));
    await raw(scene.urls.production.tokenUrl, headers(`${'a '.repeat(97)}${PASSWORD}`));
    const told = (await records(3)).map(({ headers: { 'user-agent': agent = '' } }) => agent);
    expect(told).toEqual(['mine •••', '•••', `${'a '.repeat(97)}•••`]);
  });
});
