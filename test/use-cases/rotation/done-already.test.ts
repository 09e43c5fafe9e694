// « It is done already »: Chorus Pro is asked at once and once; where it refuses, the connectors hold and the page asks for the new
// password; if one of us dies in between, the next round comes to the same end.
import { afterEach, describe, expect, test } from 'vitest';
import { currentHealth, findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { openManagerActions } from '../../../src/use-cases/rotation/manager-actions.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { advanceAllRotations, probeRound } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { managerScene } from './manager-scene.ts';

const OLD = 'aB3(xyzKLm9_';
const NEW = 'Qw7[rtyUIo2)';
const DONE = { kind: 'done-already' } as const;

let world: World;
afterEach(() => world?.close());
const { actions, freshToken, parts } = managerScene(() => world);

/** An account with a password in service, a fresh link for it, and nobody asked yet; `reset`: another one is right by now. */
async function open({ reset }: { readonly reset: boolean }) {
  world = await openWorld();
  world.chorus.alive.set(LOGIN, OLD);
  await world.handIn(OLD);
  world.later(DAY);
  await probeRound(world.ports);
  world.later(MINUTE);
  if (reset) world.chorus.alive.set(LOGIN, NEW);
  world.chorus.answers.length = 0;
  return freshToken();
}
const calls = () => world.chorus.answers.length;
const held = () => world.sinks[0]?.holding.has(LOGIN) ?? false;
const phase = async () => findOpenRotation(await world.aggregate())?.stage ?? null;
const trail = async () => {
  const lines: string[] = [];
  for await (const { what } of world.audit.lines()) lines.push(what);
  return lines.slice(lines.indexOf('published everywhere') + 1);
};
const typed = (password: string) => ({ password: new Secret(password), login: '', expiry: '' });

test('where it still works, nothing is held, and the manager is told so', async () => {
  const token = await open({ reset: false });
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: 'works' } });
  expect([calls(), held(), await phase()]).toEqual([1, false, null]);
  expect(await trail()).toEqual(['answered']);
});

test('where it is refused, the connectors hold as after an announcement, and the new password goes through', async () => {
  const token = await open({ reset: true });
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: 'refused' } });
  expect([calls(), held(), await phase()]).toEqual([1, true, 'announced']);
  expect(await trail()).toEqual(['answered', 'refused in service', 'announced', 'told to hold']);
  expect(await actions().visit(token)).toMatchObject({
    visit: { progress: { phase: 'announced' }, answered: { kind: 'done-already', check: 'refused' } },
  });
  expect(await actions().submit(token, typed(NEW))).toMatchObject({
    progress: { phase: 'proven', published: true },
  });
  expect(held()).toBe(false);
});

test('an announcement that nothing follows ends, and is not repeated by a later refusal', async () => {
  const token = await open({ reset: true });
  await actions().answer(token, DONE);
  world.later(61 * MINUTE);
  await world.advanceAll();
  expect([held(), await phase()]).toEqual([false, null]);
  world.later(HOUR);
  await probeRound(world.ports);
  expect(calls()).toBe(2);
  expect(await phase()).toBeNull();
});

test('without an answer it is not known, and the next round asks', async () => {
  const token = await open({ reset: true });
  world.chorus.down = 'chorus-pro-down';
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: 'unknown' } });
  expect([held(), await phase()]).toEqual([false, null]);
  world.chorus.down = null;
  for (let minute = 0; minute < 10; minute += 1) {
    world.later(MINUTE);
    await probeRound(world.ports);
  }
  expect([held(), await phase()]).toEqual([true, 'announced']);
  expect(await actions().visit(token)).toMatchObject({ visit: { answered: { check: 'refused' } } });
});

test('said again, it is asked again, once a minute at most; it stays one task and one line of the trail', async () => {
  const token = await open({ reset: false });
  world.chorus.before = () => world.later(1_000);
  const at = world.now();
  const first = await actions().answer(token, DONE);
  world.later(58_000);
  expect(await actions().answer(await freshToken(), DONE)).toEqual(first);
  expect(calls()).toBe(1);
  // She presses « Soumettre » only now.
  world.chorus.alive.set(LOGIN, NEW);
  world.later(1_000);
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { at, check: 'refused' } });
  expect([calls(), held()]).toEqual([2, true]);
  world.later(2 * MINUTE);
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: expect.anything() } });
  expect(calls()).toBe(2);
  expect((await trail()).filter((what) => what === 'answered')).toHaveLength(1);
  expect(await world.database.db.selectFrom('tasks').select('number').execute()).toHaveLength(1);
});

test('other answers in between change nothing of that', async () => {
  const token = await open({ reset: false });
  await actions().answer(token, DONE);
  await actions().answer(token, { kind: 'call-back', text: '' });
  await actions().answer(token, DONE);
  expect(calls()).toBe(1);
});

test('the last failure of the budget is left for the new password', async () => {
  const token = await open({ reset: true });
  for (const id of ['one', 'two'])
    await world.database.db
      .insertInto('attempts')
      .values({ id, technical_user_id: world.id, at: world.now(), refused: 1 })
      .execute();
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: 'unknown' } });
  expect([calls(), held()]).toEqual([0, false]);
  expect(currentHealth(await world.aggregate())).toMatchObject({ wanted: true });
  world.later(61 * MINUTE);
  await probeRound(world.ports);
  expect([calls(), held(), await phase()]).toEqual([1, true, 'announced']);
});

test('the right password is accepted at once, whatever that spent', async () => {
  const token = await open({ reset: true });
  await actions().answer(token, DONE);
  world.later(2 * MINUTE);
  await actions().answer(token, DONE);
  expect(await actions().submit(token, typed(NEW))).toMatchObject({ progress: { phase: 'proven' } });
});

test('one that is known to be refused is not asked about', async () => {
  const token = await open({ reset: true });
  await world.stops();
  expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: 'refused' } });
  expect(calls()).toBe(0);
});

test('of an account without a password of ours nothing can be asked', async () => {
  world = await openWorld();
  const answered = await actions().answer(await freshToken(), DONE);
  expect(answered).toMatchObject({ answered: { check: 'unasked' } });
  expect(calls()).toBe(0);
});

test('a refusal after it was found to work is one of the probe’s, and announces nothing', async () => {
  const token = await open({ reset: false });
  world.chorus.before = () => world.later(1_000);
  await actions().answer(token, DONE);
  world.chorus.alive.set(LOGIN, NEW);
  world.later(HOUR);
  await requestProbeNow(world.ports, world.id);
  await probeRound(world.ports);
  expect([calls(), await phase()]).toEqual([2, null]);
});

test('nor where the settings do without checks', async () => {
  const token = await open({ reset: true });
  const { ports } = world;
  const rules = { ...ports.rules, probe: { ...ports.rules.probe, enabled: false } };
  const quiet = openManagerActions({ ...parts(), ports: { ...ports, rules } });
  expect(await quiet.answer(token, DONE)).toMatchObject({ answered: { check: 'unasked' } });
  expect([calls(), held()]).toEqual([0, false]);
});

test('pressed each minute of three hours, by two daemons: the budget holds, and the new password goes through at once', async () => {
  const token = await open({ reset: true });
  const [one, other] = [actions(), actions()];
  const { failures, per } = world.ports.rules.budget;
  for (let minute = 0; minute < 180; minute += 1) {
    await Promise.all([one.answer(token, DONE), other.answer(token, DONE)]);
    await probeRound(world.ports);
    await advanceAllRotations(world.ports, world.validity);
    const lately = world.chorus.answers.filter(({ at }) => at > world.now() - per);
    expect(lately.length).toBeLessThan(failures);
    world.later(MINUTE);
  }
  expect(calls()).toBeLessThanOrEqual(4);
  expect((await trail()).filter((what) => what === 'answered')).toHaveLength(1);
  expect(await actions().submit(token, typed(NEW))).toMatchObject({ progress: { phase: 'proven' } });
  expect(held()).toBe(false);
});

test('a refusal that has nothing to do with it announces nothing', async () => {
  const token = await open({ reset: false });
  await actions().answer(token, DONE);
  world.chorus.alive.set(LOGIN, NEW);
  world.later(31 * HOUR);
  await probeRound(world.ports);
  expect(calls()).toBe(2);
  expect(await phase()).toBeNull();
});

describe('two of us at once', () => {
  test('ask once, and both tell the answer', async () => {
    const token = await open({ reset: true });
    const daemons = [actions(), actions(), actions()];
    for (const one of await Promise.all(daemons.map((daemon) => daemon.answer(token, DONE))))
      expect(one).toMatchObject({ answered: { kind: 'done-already' } });
    await advanceAllRotations(world.ports, world.validity);
    expect([calls(), held(), await phase()]).toEqual([1, true, 'announced']);
    expect(await trail()).toEqual(['answered', 'refused in service', 'announced', 'told to hold']);
  });

  test('beside a round of the daemon', async () => {
    const token = await open({ reset: true });
    await Promise.all([actions().answer(token, DONE), probeRound(world.ports), probeRound(world.ports)]);
    await probeRound(world.ports);
    expect([calls(), held(), await phase()]).toEqual([1, true, 'announced']);
  });
});

describe('one that dies', () => {
  /** The daemon that takes over, once the lease of the dead one is over. */
  const goOn = async () => {
    world.later(2 * MINUTE);
    await probeRound(world.ports);
    await world.advanceAll();
  };
  const DEATH = new Error('killed');

  test('before it asks: the request stands, and the next one asks', async () => {
    const token = await open({ reset: true });
    const { rotations } = world.ports;
    const dying = { ...rotations, update: () => Promise.reject(DEATH) };
    const dead = openManagerActions({ ...parts(), ports: { ...world.ports, rotations: dying } });
    expect(await dead.answer(token, DONE)).toMatchObject({ answered: { check: 'unknown' } });
    expect(calls()).toBe(0);
    await probeRound(world.ports);
    expect([calls(), held(), await phase()]).toEqual([1, true, 'announced']);
  });

  test('within the call: it counts, and another one asks when its lease is over', async () => {
    const token = await open({ reset: true });
    world.chorus.before = () => {
      throw DEATH;
    };
    expect(await actions().answer(token, DONE)).toMatchObject({ answered: { check: 'unknown' } });
    world.chorus.before = () => undefined;
    await probeRound(world.ports);
    expect(calls()).toBe(0);
    await goOn();
    expect([calls(), held(), await phase()]).toEqual([1, true, 'announced']);
  });

  test('with the answer in its hand: it is asked again', async () => {
    const token = await open({ reset: true });
    const { rotations } = world.ports;
    let updates = 0;
    const dying = {
      ...rotations,
      update: ((userId, decide) => {
        updates += 1;
        return updates > 2 ? Promise.reject(DEATH) : rotations.update(userId, decide);
      }) as typeof rotations.update,
    };
    const dead = openManagerActions({ ...parts(), ports: { ...world.ports, rotations: dying } });
    await dead.answer(token, DONE);
    expect([calls(), await phase()]).toEqual([1, null]);
    await goOn();
    expect([calls(), held(), await phase()]).toEqual([2, true, 'announced']);
    expect(await actions().visit(token)).toMatchObject({ visit: { answered: { check: 'refused' } } });
  });

  test('before the connector is told: the next one tells it', async () => {
    const token = await open({ reset: true });
    const [sink] = world.sinks;
    if (sink === undefined) throw new Error('no sink');
    const { rotations } = world.ports;
    let updates = 0;
    const dying = {
      ...rotations,
      update: ((userId, decide) => {
        updates += 1;
        return updates > 3 ? Promise.reject(DEATH) : rotations.update(userId, decide);
      }) as typeof rotations.update,
    };
    const dead = openManagerActions({ ...parts(), ports: { ...world.ports, rotations: dying } });
    await dead.answer(token, DONE);
    expect([held(), await phase()]).toEqual([false, 'announced']);
    await goOn();
    expect(held()).toBe(true);
  });
});
