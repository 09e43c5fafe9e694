// Passwords that were refused beside the former one and wait for their turn: they are nobody's submission, and lose nothing.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { currentRotation, findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import { MINUTE } from '../../fakes/clock.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { probeRound } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const THIRD = 'Zx5_cvbNMq8(';

let world: World;
beforeEach(async () => {
  world = await openWorld({ sinks: [fakeSink('file')] });
  world.chorus.alive.set(LOGIN, FIRST);
  await world.handIn(FIRST);
  await world.advanceAll();
  world.chorus.alive.set(LOGIN, 'another(One42');
  await world.handIn(SECOND);
});
afterEach(() => world.close());

const accept = () =>
  world.ports.rotations.update(world.id, (aggregate) =>
    acceptUnproven(aggregate, 'agent', world.ports.rules, world.now()),
  );

/** Lives on until something is so, at most so many minutes. */
async function until(minutes: number, isSo: () => Promise<boolean>): Promise<boolean> {
  for (let lived = 0; lived < minutes && !(await isSo()); lived += 5) {
    world.later(5 * MINUTE);
    await probeRound(world.ports);
    if (!(await isSo())) await world.advanceAll();
  }
  return isSo();
}

const inHand = async () => findOpenRotation(await world.aggregate());

test('one whose turn it is beside an unproven one is not what an agent accepts when he says so again', async () => {
  await accept();
  await world.advanceAll();
  expect(await until(120, async () => (await inHand())?.stage === 'candidate')).toBe(true);
  expect(await accept()).toBeNull();
  expect(currentRotation(await world.aggregate())?.version).toBe(3);
});

test('one that waited through a lock has a window of its own once the account is known to be open', async () => {
  const second = (await inHand())?.id;
  await until(10 * 60, async () => false);
  await world.handIn(THIRD);
  await until(10 * 60, async () => false);
  world.chorus.alive.set(LOGIN, FIRST);
  const hasTurn = async () => (await inHand())?.id === second && (await inHand())?.currentStillWorks === true;
  expect(await until(48 * 60, hasTurn)).toBe(true);
  await until(10, async () => false);
  // She submits the reset that it came from.
  world.chorus.alive.set(LOGIN, SECOND);
  await until(60, async () => false);
  expect(world.sinks[0]?.held.get(LOGIN)).toBe(SECOND);
});

test('a connector goes on once the unproven one is believed, though a newer one was refused beside it', async () => {
  await accept();
  await world.advanceAll();
  await until(120, async () => false);
  await world.handIn(THIRD);
  await world.advanceAll();
  expect(world.sinks[0]?.holding.has(LOGIN)).toBe(true);
  await until(4 * 60, async () => false);
  expect((await inHand())?.stage).toBe('candidate');
  world.chorus.alive.set(LOGIN, SECOND);
  await until(24 * 60, async () => world.sinks[0]?.holding.has(LOGIN) !== true);
  expect(world.sinks[0]?.holding.has(LOGIN)).toBe(false);
  expect(currentRotation(await world.aggregate())?.proven).toBe('chorus-pro');
});
