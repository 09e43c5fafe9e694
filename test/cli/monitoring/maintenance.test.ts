// What an agent is told who enters, lists or ends the hours in which a platform is known to be closed.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AddOptions,
  runMaintenanceAdd,
  runMaintenanceEnd,
  runMaintenanceList,
} from '../../../src/cli/monitoring/maintenance.ts';
import { closuresOver } from '../../../src/composition/command-parts.ts';
import { loginOf } from '../../rig/world-fleet.ts';
import { openProberWorld, type ProberWorld } from '../operator.ts';

let world: ProberWorld;
beforeEach(async () => {
  world = await openProberWorld(1);
});
afterEach(() => world.close());

const closureContext = () => ({ closures: closuresOver(world, world.clock, 'agent') });
const TONIGHT: AddOptions = { from: '2027-03-01T20:00', to: '2027-03-02T06:00', why: 'new release' };
const add = (options: Partial<AddOptions> = {}) =>
  world.run(() => runMaintenanceAdd({ ...TONIGHT, ...options }, closureContext(), world.io));
const list = (json = false) => world.run(() => runMaintenanceList({ json }, closureContext(), world.io));
const end = (id: string) => world.run(() => runMaintenanceEnd(id, {}, closureContext(), world.io));
const trail = async () => {
  const lines = [];
  for await (const { who, what, channel, detail } of world.audit.lines()) {
    if (what.startsWith('closure')) lines.push({ who, what, channel, detail });
  }
  return lines;
};

describe('add', () => {
  test('enters times in Paris, tells the id, and leaves its line in the audit trail', async () => {
    const { exit, out } = await add({ environment: 'production' });
    expect(exit).toBe(0);
    const [, id = ''] =
      /^Closure ([0-9a-f]{8}): production from 2027-03-01 20:00:00 to 2027-03-02 06:00:00\./.exec(out) ?? [];
    expect(JSON.parse((await list(true)).out)).toEqual([
      {
        id,
        environment: 'production',
        from: '2027-03-01T19:00:00Z',
        to: '2027-03-02T05:00:00Z',
        why: 'new release',
        by: 'agent',
        enteredAt: '2027-03-01T09:00:00Z',
      },
    ]);
    const detail = `${id}, production, 2027-03-01T19:00:00Z to 2027-03-02T05:00:00Z: new release`;
    expect(await trail()).toEqual([{ who: 'agent', what: 'closure entered', channel: 'command', detail }]);
    expect(await world.audit.verify()).toMatchObject({ ok: true });
  });

  test('makes the night silent: nobody is asked, and everybody is once it is over', async () => {
    await add();
    await world.until('2027-03-02T05:59');
    expect(world.chorus.answers).toEqual([]);
    await world.until('2027-03-02T13:00');
    expect(world.chorus.answers.map(({ login }) => login)).toEqual([loginOf(0)]);
  });

  test('takes times as people write them, and two closures at a time', async () => {
    for (const from of ['2027-03-01 20:00', '01/03/2027 20:00', '1/3/2027 20h00', ' 2027-03-01T20:00:00 ']) {
      expect(await add({ from }), from).toMatchObject({ exit: 0 });
    }
    const all: { from: string }[] = JSON.parse((await list(true)).out);
    expect(all.map(({ from }) => from)).toEqual(Array(4).fill('2027-03-01T19:00:00Z'));
  });

  test('reads an hour that the clocks strike twice, or skip, as the longer closure', async () => {
    await add({ from: '2027-10-31T02:30', to: '2027-10-31T02:45' });
    await add({ from: '2027-03-28T02:30', to: '2027-03-28T02:45' });
    const all: { from: string; to: string }[] = JSON.parse((await list(true)).out);
    expect(all.map(({ from, to }) => [from, to])).toEqual([
      ['2027-03-28T00:30:00Z', '2027-03-28T01:45:00Z'],
      ['2027-10-31T00:30:00Z', '2027-10-31T01:45:00Z'],
    ]);
  });

  test.each([
    ['a date alone', { from: '2027-03-01' }, '2027-03-01T20:00 is expected, time in Paris'],
    ['an hour that is none', { from: '2027-03-01T25:00' }, 'no time of the day that can be read'],
    ['a day that is none', { from: '2027-02-30T20:00' }, 'February 2027 has 28 days'],
    ['no time at all', { from: 'tonight' }, 'is not a date'],
    ['an end before the begin', { to: '2027-03-01T19:59' }, 'the end must come after the begin'],
    ['no time between the two', { to: TONIGHT.from }, 'the end must come after the begin'],
    ['more than 30 days', { to: '2027-03-31T22:00' }, 'at most 30 days'],
    ['what is over', { from: '2027-02-01T20:00', to: '2027-02-02T20:00' }, 'over already'],
    ['no reason', { why: ' ' }, 'the reason is expected'],
    ['a reason of many lines', { why: 'a\nb' }, 'line break'],
    ['another platform', { environment: 'test' }, 'production or qualification is expected'],
  ] as const)('refuses %s with what would be right: exit 2', async (_what, wrong, said) => {
    expect(await add(wrong)).toMatchObject({ exit: 2, out: '', said: expect.stringContaining(said) });
    expect(await trail()).toEqual([]);
    expect((await list()).out).toBe('No closure is known; releve maintenance add enters one.\n');
  });
});

test('list tells which closure is under way, and forgets those that are over', async () => {
  await add();
  await add({ from: '2027-03-01T09:00', to: '2027-03-01T12:00', environment: 'qualification', why: 'now' });
  const { out } = await list();
  expect(out).toMatch(
    /^\w{8} +closed now +qualification +2027-03-01 09:00 +2027-03-01 12:00\n +now \(agent\)$/m,
  );
  expect(out).toMatch(/^\w{8} +to come +both +2027-03-01 20:00 +2027-03-02 06:00\n +new release \(agent\)$/m);
  world.later(3 * 3_600_000);
  expect((await list()).out).not.toContain('qualification');
});

test('end opens a platform at once, whether it was closed already or not, once: then exit 1', async () => {
  await add();
  await add({ from: '2027-03-01T09:00', to: '2027-03-01T12:00' });
  const all: { id: string }[] = JSON.parse((await list(true)).out);
  for (const { id } of all) {
    expect(await end(id)).toMatchObject({
      exit: 0,
      out: expect.stringContaining(`The closure ${id} is over`),
    });
    expect(await end(id)).toMatchObject({
      exit: 1,
      said: expect.stringContaining('releve maintenance list'),
    });
  }
  expect(JSON.parse((await list(true)).out)).toEqual([]);
  expect((await trail()).map(({ what }) => what).slice(2)).toEqual(['closure ended', 'closure ended']);
  expect(await end('ffffffff')).toMatchObject({ exit: 1, out: '' });
});
