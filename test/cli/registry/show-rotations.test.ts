// What `releve show` tells of the handovers of a technical user.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runShow } from '../../../src/cli/registry/show.ts';
import { MINUTE } from '../../fakes/clock.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { aggregatesOf, type OperatorWorld, openOperatorWorld } from '../operator.ts';

const GOOD = 'aB3(dE5_gH7[';
const WRONG = 'zY9_xW7(vU5!';

let world: OperatorWorld;
beforeEach(async () => {
  world = await openOperatorWorld();
});
afterEach(() => world.database.close());

const show = async (json = false) => {
  const { registry, findAccount, ports, io } = world;
  const aggregates = aggregatesOf(ports);
  const shown = { registry, findAccount, rules: rulesWith(), aggregates };
  const { out } = await world.run(() => runShow(LOGIN, { json }, shown, io));
  return out;
};

test('nothing, where nothing was ever handed in', async () => {
  expect(await show()).not.toContain('Handovers');
  expect(JSON.parse(await show(true)).users[0].handovers).toMatchObject({
    inService: null,
    rotations: [],
    sinks: [],
    failures: { lately: 0, allowed: 3, withinMs: 3_600_000 },
  });
});

test('each password by its stage with its instants, the sinks, the holds, the failures lately', async () => {
  world.chorus.alive.set(LOGIN, GOOD);
  await world.submit(GOOD);
  await world.advance();
  world.later(30 * MINUTE);
  await world.context.operatorActions.announce(await world.user());
  world.later(MINUTE);
  await world.submit(WRONG);
  const [file] = world.sinks;
  if (file !== undefined) file.fault = 'sink file: the disk is full';
  await world.context.operatorActions.publish(world.id, { askAgain: false });
  const text = await show();
  const section = text.slice(text.indexOf('Handovers'), text.indexOf('\n\nManagers'));
  expect(section).toMatchInlineSnapshot(`
    "Handovers
    received             stage                what is known
    2027-03-01 10:31:00  candidate            by agent, command; refused once; next
                                              question at 2027-03-01 10:46:00; the
                                              former one works still
    2027-03-01 10:00:00  published (current)  version 2; by agent, command; accepted
                                              by Chorus Pro at 2027-03-01 10:00:00;
                                              published 2027-03-01 10:00:00

    Sinks
    file     failed; sink file: the disk is full; next try at 2027-03-01 10:31:05;
             its connector goes on
    keyring  holds it

    Failures at Chorus Pro lately: 1 of 3 in 60 minutes"
  `);
  expect(text).not.toContain(GOOD);
  expect(text).not.toContain(WRONG);
});

test('for programs: every fact, and nothing of a password, sealed or as a fingerprint', async () => {
  await world.submit(WRONG);
  await world.advance();
  const out = await show(true);
  const { handovers } = JSON.parse(out).users[0];
  expect(handovers.rotations).toEqual([
    {
      id: expect.any(String),
      stage: 'candidate',
      standing: 'none',
      proven: null,
      version: null,
      channel: 'command',
      by: 'agent',
      announcedUntil: null,
      receivedAt: '2027-03-01T09:00:00Z',
      acceptedAt: null,
      publishedAt: null,
      endedAt: null,
      refusals: 1,
      cause: 'password-refused',
      formerWorks: null,
      bothRefusedSince: null,
      nextTryAt: '2027-03-01T09:15:00Z',
      waits: 'planned',
    },
  ]);
  expect(handovers.failures.lately).toBe(1);
  const [rotation] = (await world.aggregate()).rotations;
  for (const secret of [WRONG, rotation?.fingerprint, rotation?.credential]) {
    expect(out).not.toContain(secret ?? 'no rotation');
  }
  world.later(61 * MINUTE);
  expect(JSON.parse(await show(true)).users[0].handovers.failures.lately).toBe(0);
});
