// Passwords that were refused beside the former one and wait for their turn: they are nobody's submission, and lose nothing.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { currentRotation, openRotation } from '../../../src/domain/rotation/rotation.ts';
import { probeRound } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { type HandoverHouse, LOGIN, MINUTE, openHandoverHouse } from './open-rotations.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const THIRD = 'Zx5_cvbNMq8(';

let house: HandoverHouse;
beforeEach(async () => {
  house = await openHandoverHouse({ sinks: [fakeSink('file')] });
  house.chorus.alive.set(LOGIN, FIRST);
  await house.handIn(FIRST);
  await house.tick();
  house.chorus.alive.set(LOGIN, 'another(One42');
  await house.handIn(SECOND);
});
afterEach(() => house.close());

const accept = () =>
  house.ports.rotations.update(house.id, (aggregate) =>
    acceptUnproven(aggregate, 'agent', house.ports.rules, house.now()),
  );

/** Lives on until something is so, at most so many minutes. */
async function until(minutes: number, isSo: () => Promise<boolean>): Promise<boolean> {
  for (let lived = 0; lived < minutes && !(await isSo()); lived += 5) {
    house.later(5 * MINUTE);
    await probeRound(house.ports);
    if (!(await isSo())) await house.tick();
  }
  return isSo();
}

const inHand = async () => openRotation(await house.aggregate());

test('one whose turn it is beside an unproven one is not what an agent accepts when he says so again', async () => {
  await accept();
  await house.tick();
  expect(await until(120, async () => (await inHand())?.stage === 'candidate')).toBe(true);
  expect(await accept()).toBeNull();
  expect(currentRotation(await house.aggregate())?.version).toBe(3);
});

test('one that waited through a lock has a window of its own once the account is known to be open', async () => {
  const second = (await inHand())?.id;
  await until(10 * 60, async () => false);
  await house.handIn(THIRD);
  await until(10 * 60, async () => false);
  house.chorus.alive.set(LOGIN, FIRST);
  const hasTurn = async () =>
    (await inHand())?.id === second && (await inHand())?.previousStillWorks === true;
  expect(await until(48 * 60, hasTurn)).toBe(true);
  await until(10, async () => false);
  // She submits the reset that it came from.
  house.chorus.alive.set(LOGIN, SECOND);
  await until(60, async () => false);
  expect(house.sinks[0]?.held.get(LOGIN)).toBe(SECOND);
});

test('a connector goes on once the unproven one is believed, though a newer one was refused beside it', async () => {
  await accept();
  await house.tick();
  await until(120, async () => false);
  await house.handIn(THIRD);
  await house.tick();
  expect(house.sinks[0]?.holding.has(LOGIN)).toBe(true);
  await until(4 * 60, async () => false);
  expect((await inHand())?.stage).toBe('candidate');
  house.chorus.alive.set(LOGIN, SECOND);
  await until(24 * 60, async () => house.sinks[0]?.holding.has(LOGIN) !== true);
  expect(house.sinks[0]?.holding.has(LOGIN)).toBe(false);
  expect(currentRotation(await house.aggregate())?.proven).toBe('chorus-pro');
});
