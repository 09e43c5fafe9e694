import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_NATURES, type SimulatedFault } from '../../../src/simulator/faults/fault-kinds.ts';
import { LOGIN, openScene, PASSWORD, raw, type Scene, TAUX } from '../chorus-scene.ts';
import { rawBytes } from './raw-bytes.ts';

const RECIPIENTS = 'transverses/v1/recuperer/structures/actives/destinataire';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
afterEach(() => {
  scene.faults.clear();
});

describe('on its way the answer', () => {
  /** The bytes of one call with a fault, and how they ended. */
  async function bytes(fault: SimulatedFault) {
    scene.faults.add({ fault, times: 1 });
    return rawBytes(`${scene.urls.production.apiUrl}/cpro/${RECIPIENTS}`, {
      authorization: `Bearer ${scene.tokens.production.give()}`,
      'cpro-account': Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64'),
      'content-type': 'application/json',
    });
  }
  const right = () => bytes({ kind: 'delay', ms: 0 });

  it('is cut in the middle', async () => {
    const whole = await right();
    const { headers, body, end } = await bytes({ kind: 'truncated' });
    expect([Number(headers['content-length']), end]).toEqual([whole.body.length, 'aborted']);
    expect(whole.body.subarray(0, body.length).equals(body)).toBe(true);
    expect(body.length).toBe(whole.body.length >> 1);
  });

  it.each([7, -7])('is measured wrongly by %i', async (by) => {
    const whole = await right();
    const { headers, body, end } = await bytes({ kind: 'wrong-length', by });
    expect(Number(headers['content-length'])).toBe(whole.body.length + by);
    expect([body.length, end]).toEqual(
      by > 0 ? [whole.body.length, 'aborted'] : [whole.body.length + by, 'whole'],
    );
  });

  it('says gzip and is none', async () => {
    const { headers, body } = await bytes({ kind: 'gzip-broken' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(() => gunzipSync(body)).toThrow();
  });

  it('is in Latin-1', async () => {
    const { headers, body } = await bytes({ kind: 'latin1' });
    expect(headers['content-type']).toBe('application/json; charset=ISO-8859-1');
    expect(JSON.parse(body.toString('latin1'))).toEqual(JSON.parse((await right()).body.toString()));
  });

  it('comes in pieces', async () => {
    const before = performance.now();
    const { body, pieces } = await bytes({ kind: 'drip', ms: 200 });
    expect(performance.now() - before).toBeGreaterThan(150);
    expect(pieces).toBeGreaterThan(5);
    expect(body.equals((await right()).body)).toBe(true);
  });

  it('is huge, packed or not', async () => {
    const plain = await bytes({ kind: 'huge', megabytes: 3 });
    expect([plain.headers['content-length'], plain.end]).toEqual([undefined, 'whole']);
    expect(plain.body.length).toBeGreaterThan(3 * 1_048_576);
    expect(JSON.parse(plain.body.toString())).toMatchObject({
      codeRetour: 0,
      remplissage: expect.any(String),
    });
    const packed = await bytes({ kind: 'bomb', megabytes: 3 });
    expect([packed.headers['content-encoding'], packed.body.length < 50_000]).toEqual(['gzip', true]);
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
  });
});

/** Faults that apply before the login is checked: none gives the right answer, unless an author writes one. */
const EARLY = [
  ...['delay', 'latency-uniform', 'latency-long-tail', 'hang', 'reset', 'answer'],
  ...['refused-login', 'refused-ldap', 'refused-field', 'refused-bare', 'unsettled'],
  ...['token-dead', 'token-revoked', 'application-disabled', 'token-missing', 'scope-short', 'forbidden'],
  ...['quota', 'quota-date', 'broken', 'maintenance', 'html'],
];

it('lets no wrong password hide behind any other fault', async () => {
  const late = Object.entries(FAULT_NATURES).filter(
    ([kind, { scope }]) => !EARLY.includes(kind) && (scope === 'any' || scope === 'api'),
  );
  expect(late.length).toBeGreaterThan(15);
  for (const [kind] of late) {
    scene.faults.clear();
    scene.faults.add({ fault: { kind } as SimulatedFault });
    const path = `${scene.urls.production.apiUrl}/cpro/${TAUX}`;
    const authorization = `Bearer ${scene.tokens.production.give()}`;
    const headers = { authorization, 'cpro-account': 'bm9ib2R5Ong=' };
    expect([kind, (await raw(path, { headers })).status]).toEqual([kind, 401]);
  }
});
