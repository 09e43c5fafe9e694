import { afterEach, describe, expect, it } from 'vitest';
import { ChorusFaults, type FaultRule } from '../../../src/simulator/faults/fault-plan.ts';
import type { SimulatorSettings } from '../../../src/simulator/simulator.ts';
import { ask, askToken, LOGIN, openScene, type Scene, START, TAUX, tokenOf } from '../chorus-scene.ts';

const OTHER = { login: 'TECH_1_99990000200001@cpro.fr', password: 'kP5(other_333' };
const open: Scene[] = [];
async function opened(settings: Partial<SimulatorSettings>): Promise<Scene> {
  const scene = await openScene(settings);
  open.push(scene);
  return scene;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((scene) => scene.close()));
});

const broken = { kind: 'broken' } as const;

describe('chance', () => {
  const course = (seed: number, rules: readonly FaultRule[], calls = 2000) => {
    const faults = new ChorusFaults({ seed });
    for (const rule of rules) faults.add(rule);
    const call = { call: 'recuperer/tauxtva', login: LOGIN, environment: 'production' } as const;
    return Array.from({ length: calls }, () => faults.apply(call).names.join('+'));
  };
  const RULES = [
    { fault: broken, chance: 0.02 },
    { fault: { kind: 'html' }, chance: 0.3 },
  ] as const;

  it('applies about as often as its chance says, and to the same calls for the same seed', () => {
    const first = course(7, RULES);
    expect(course(7, RULES)).toEqual(first);
    expect(course(8, RULES)).not.toEqual(first);
    const count = (name: string) => first.filter((one) => one === name).length;
    expect(count('broken')).toBeGreaterThan(20);
    expect(count('broken')).toBeLessThan(60);
    expect(Math.abs(count('html') - 588)).toBeLessThan(80);
    expect(course(7, [{ fault: broken, chance: 0 }], 500)).not.toContain('broken');
    expect(course(7, [{ fault: broken, chance: 1 }], 500)).not.toContain('');
  });

  it('of one rule is not moved by another one that does not match', () => {
    const mine = { fault: broken, chance: 0.5, environment: 'production' } as const;
    const [disturbed, calm] = [new ChorusFaults({ seed: 3 }), new ChorusFaults({ seed: 3 })];
    for (const faults of [disturbed, calm]) faults.add(mine);
    disturbed.add({ ...mine, environment: 'qualification' });
    const call = { call: 'token', login: null, environment: 'production' } as const;
    for (let count = 0; count < 100; count += 1) {
      disturbed.apply({ ...call, environment: 'qualification' });
      expect(disturbed.apply(call)).toEqual(calm.apply(call));
    }
  });
});

it('applies within its time, by the clock of the simulator', async () => {
  const rule = { fault: broken, from: START + 300_000, until: START + 360_000 };
  const scene = await opened({ faults: [rule] });
  const token = await tokenOf(scene);
  const statuses = [];
  for (const ms of [299_999, 1, 59_999, 1]) {
    scene.pass(ms);
    statuses.push((await ask(scene, token, TAUX)).status);
  }
  expect(statuses).toEqual([200, 500, 500, 200]);
});

it('takes one environment, or PISTE, down for the hours of its maintenance', async () => {
  const night = { daily: { from: 22 * 60, until: 5 * 60 } };
  const maintenance = { kind: 'maintenance' } as const;
  const scene = await opened({
    faults: [{ fault: maintenance, call: 'api', environment: 'production', ...night }],
    tokenLifeS: 86_400,
  });
  const token = await tokenOf(scene);
  expect((await ask(scene, token, TAUX)).status).toBe(200);
  scene.pass(14 * 3_600_000);
  expect([(await ask(scene, token, TAUX)).status, (await askToken(scene)).status]).toEqual([503, 200]);
  scene.faults.add({ fault: maintenance, environment: 'qualification' });
  expect((await askToken(scene, {}, 'qualification')).status).toBe(503);
});

it('waits by the sleep it is given, as long as the distribution says', async () => {
  const slept: number[] = [];
  const scene = await opened({
    faults: [
      { fault: { kind: 'latency-uniform', min: 1000, max: 2000 }, call: 'api' },
      { fault: { kind: 'delay', ms: 50_000 }, login: OTHER.login },
    ],
    sleep: async (ms) => {
      slept.push(ms);
    },
  });
  const token = await tokenOf(scene);
  for (let count = 0; count < 40; count += 1) await ask(scene, token, TAUX);
  expect(slept).toHaveLength(40);
  expect(new Set(slept).size).toBe(40);
  expect(Math.min(...slept)).toBeGreaterThanOrEqual(1000);
  expect(Math.max(...slept)).toBeLessThan(2000);
  await ask(scene, token, TAUX, OTHER);
  expect(slept.at(-1)).toBeGreaterThan(51_000);
});

it('numbers its rules, counts how often they apply, and ends one of them', async () => {
  const scene = await opened({ faults: [{ fault: broken, login: LOGIN, times: 2, name: 'mine' }] });
  const token = await tokenOf(scene);
  const id = scene.faults.insert({ fault: { kind: 'delay', ms: 0 } });
  for (let count = 0; count < 3; count += 1) await ask(scene, token, TAUX);
  expect(scene.faults.list().map(({ id: number, struck }) => [number, struck])).toEqual([
    [1, 2],
    [id, 1],
  ]);
  expect([scene.faults.remove(id), scene.faults.remove(id), scene.faults.list().length]).toEqual([
    true,
    false,
    1,
  ]);
});

it('keeps faults of the login away from the token’s call, and the other way round', async () => {
  const scene = await opened({
    faults: [{ fault: { kind: 'refused-bare' } }, { fault: { kind: 'empty-token' } }],
  });
  expect(JSON.parse((await askToken(scene)).body).access_token).toBe('');
  scene.faults.remove(1);
  expect((await ask(scene, scene.tokens.production.give(), TAUX)).status).toBe(200);
});
