// An account that refuses every password: whatever happens meanwhile, none of them is lost, and none is asked about too often.
import { afterEach, describe, expect, test } from 'vitest';
import { wasHeldBefore } from '../../../src/domain/rotation/all-refused.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { ChangeSetBuilder } from '../../../src/domain/rotation/change-set.ts';
import { adopt } from '../../../src/domain/rotation/publication.ts';
import { announce, withdraw } from '../../../src/domain/rotation/receive.ts';
import { currentRotation, openRotation } from '../../../src/domain/rotation/rotation.ts';
import type { RotationRules } from '../../../src/domain/rotation/rotation-rules.ts';
import { probeRound } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { type FakeSink, fakeSink } from '../../fakes/sink.ts';
import {
  DAY,
  type HandoverHouse,
  HOUR,
  handoverRules,
  LOGIN,
  MINUTE,
  openHandoverHouse,
} from './open-rotations.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const THIRD = 'Zx5_cvbNMq8(';
const NOBODY_KNOWS = 'another(One42';
const AGENT = { channel: 'command', by: 'agent' } as const;

let house: HandoverHouse;
afterEach(() => house.close());

/** A house whose first password is in service; then Chorus Pro believes another one, that nobody has handed in. */
async function refusingHouse(rules: Partial<RotationRules> = {}, sinks: FakeSink[] = [fakeSink('file')]) {
  house = await openHandoverHouse({ rules, sinks });
  house.chorus.alive.set(LOGIN, FIRST);
  await house.handIn(FIRST);
  await house.tick();
  house.chorus.alive.set(LOGIN, NOBODY_KNOWS);
}

/** Another one is put into service unproven, while every one was refused. */
async function acceptedInDoubt(rules: Partial<RotationRules> = {}) {
  await refusingHouse(rules);
  await house.handIn(SECOND);
  await turn((aggregate) => acceptUnproven(aggregate, 'agent', house.ports.rules, house.now()));
  await house.tick();
  expect(house.sinks[0]?.held.get(LOGIN)).toBe(SECOND);
}

const turn: HandoverHouse['ports']['rotations']['update'] extends (id: number, decide: infer D) => unknown
  ? (decide: D) => Promise<unknown>
  : never = (decide) => house.ports.rotations.update(house.id, decide);

const announced = () =>
  turn((aggregate) =>
    announce(aggregate, { actor: AGENT, id: house.ports.newId() }, house.ports.rules, house.now()),
  );

/** Lives on for so long, a few minutes at a time. */
async function live(ms: number, step = 5 * MINUTE): Promise<void> {
  for (let lived = 0; lived < ms; lived += step) {
    house.later(step);
    await house.tick();
    await probeRound(house.ports);
  }
  await house.tick();
}

async function sealed(): Promise<string[]> {
  const texts: string[] = [];
  for (const { credential } of (await house.aggregate()).rotations) {
    const kept = credential === null ? null : await house.ports.rotations.credential(credential);
    if (kept !== null) texts.push(house.vault.open(kept.name, kept.sealed).reveal());
  }
  return texts.sort();
}

const held = () => house.sinks[0]?.held.get(LOGIN);
const askedAbout = () => house.chorus.answers.map(({ password }) => password);

describe('what waits beside an unproven password', () => {
  test('outlives an announcement that nothing follows, and one that is taken back', async () => {
    await acceptedInDoubt();
    await announced();
    await live(2 * HOUR);
    expect(openRotation(await house.aggregate())?.stage).not.toBe('announced');
    expect(await sealed()).toEqual([FIRST, SECOND].sort());
    await live(HOUR);
    await announced();
    await turn((aggregate) => withdraw(aggregate, AGENT, 'not today', house.now()));
    expect(await sealed()).toEqual([FIRST, SECOND].sort());
    house.chorus.alive.set(LOGIN, FIRST);
    await live(DAY);
    expect(held()).toBe(FIRST);
  });

  test('is asked about still, though the connector says that it uses the unproven one', async () => {
    await acceptedInDoubt();
    await turn((aggregate) => adopt(aggregate, aggregate.user.version, 'connector', house.now()));
    house.chorus.alive.set(LOGIN, FIRST);
    await live(DAY);
    expect(held()).toBe(FIRST);
  });

  test('is asked about where probes are switched off: somebody waits for these answers', async () => {
    await acceptedInDoubt({ probe: { ...handoverRules([]).probe, enabled: false } });
    house.chorus.alive.set(LOGIN, FIRST);
    await live(DAY);
    expect(held()).toBe(FIRST);
  });

  test('is not asked about within the hour because it is handed in again', async () => {
    await acceptedInDoubt();
    await live(20 * MINUTE);
    const before = house.chorus.answers.length;
    await house.handIn(FIRST);
    await live(30 * MINUTE);
    expect(house.chorus.answers.length).toBe(before);
    house.chorus.alive.set(LOGIN, FIRST);
    await live(2 * HOUR);
    expect(held()).toBe(FIRST);
  });

  test('makes the connector hold when the time of the last ones ended while no daemon ran', async () => {
    await refusingHouse();
    await house.handIn(SECOND);
    house.later(MINUTE);
    await house.handIn(THIRD);
    await turn((aggregate) => acceptUnproven(aggregate, 'agent', house.ports.rules, house.now()));
    await live(3 * HOUR);
    house.later(15 * DAY);
    await house.tick();
    await house.tick();
    expect((await house.aggregate()).health?.state).toBe('stopped');
    expect(house.sinks[0]?.holding.has(LOGIN)).toBe(true);
  });
});

test('an announcement is shown, and heard by the connector, though nobody vouches for the password in service', async () => {
  house = await openHandoverHouse({ rules: { verification: { production: 'none', qualification: 'none' } } });
  const [file] = house.sinks;
  await house.handIn(FIRST);
  if (file !== undefined) file.fault = 'read-only';
  await house.handIn(SECOND);
  await announced();
  await house.tick();
  expect(progressOf(await house.aggregate(), null).phase).toBe('announced');
  if (file !== undefined) file.fault = null;
  await live(30 * MINUTE);
  expect(held()).toBe(SECOND);
  expect(file?.holding.has(LOGIN)).toBe(true);
});

test('where the time of an older one ends while it has its turn, a newer one goes on', async () => {
  await refusingHouse();
  await house.handIn(SECOND);
  await live(13 * DAY + 18 * HOUR, HOUR);
  await house.handIn(THIRD);
  await turn((aggregate) => {
    const draft = new ChangeSetBuilder(aggregate, house.now());
    const second = aggregate.rotations.find(({ stage }) => stage === 'superseded');
    const third = openRotation(aggregate);
    if (third === null || second === undefined) throw new Error('two were handed in');
    draft.put(third, { stage: 'superseded', nextTryAt: house.now() });
    const { bothRefusedSince, previousStillWorks: formerWorks } = third;
    const nextTryAt = house.now() + 20 * HOUR;
    draft.put(second, { stage: 'candidate', nextTryAt, bothRefusedSince, previousStillWorks: formerWorks });
    return draft.decide(undefined);
  });
  await live(10 * HOUR, HOUR);
  expect(await sealed()).toEqual([FIRST, THIRD].sort());
  house.chorus.alive.set(LOGIN, THIRD);
  await live(DAY, HOUR);
  expect(held()).toBe(THIRD);
});

test('the former one is asked about once a round, however large the budget is', async () => {
  await refusingHouse({ budget: { failures: 8, per: HOUR } });
  await house.handIn(SECOND);
  await live(30 * MINUTE);
  expect(askedAbout()).toEqual([FIRST, SECOND, FIRST]);
});

test('given up on both, the connector holds until the former one works again, and no longer', async () => {
  await refusingHouse();
  await house.handIn(SECOND);
  await live(14 * DAY - HOUR, HOUR);
  for (let lived = 0; lived < 24 && openRotation(await house.aggregate()) !== null; lived += 1)
    await live(HOUR / 2);
  // Before any night has come, somebody announces a reset, and nothing follows.
  await announced();
  await live(HOUR + 10 * MINUTE);
  expect(openRotation(await house.aggregate())).toBeNull();
  expect(house.sinks[0]?.holding.has(LOGIN)).toBe(true);
  house.chorus.alive.set(LOGIN, FIRST);
  await live(DAY, HOUR);
  expect((await house.aggregate()).health?.state).toBe('working');
  expect(house.sinks[0]?.holding.has(LOGIN)).toBe(false);
});

test('refusals by a lock are not held against a password: its manager has a whole window to submit', async () => {
  await refusingHouse();
  await house.handIn(SECOND);
  await live(8 * HOUR);
  // The lock is over: the reset was never submitted.
  house.chorus.alive.set(LOGIN, FIRST);
  const isKnown = async () => openRotation(await house.aggregate())?.previousStillWorks === true;
  for (let lived = 0; lived < 24 && !(await isKnown()); lived += 1) await live(HOUR / 2);
  expect(await isKnown()).toBe(true);
  expect(await sealed()).toContain(SECOND);
  house.chorus.alive.set(LOGIN, SECOND);
  await house.press();
  expect(held()).toBe(SECOND);
});

test('a refusal that a wrong clock dated ahead keeps nobody from being asked', async () => {
  await refusingHouse();
  await house.handIn(SECOND);
  await turn((aggregate) => {
    const draft = new ChangeSetBuilder(aggregate, house.now());
    const open = openRotation(aggregate);
    if (open !== null) draft.put(open, { lastRefusedAt: house.now() + 300 * DAY });
    return draft.decide(undefined);
  });
  house.chorus.alive.set(LOGIN, SECOND);
  await live(3 * HOUR);
  expect(held()).toBe(SECOND);
});

describe('that the connector held before the reset', () => {
  test('is not said where one of the connectors cannot be told', async () => {
    await refusingHouse({}, [fakeSink('file'), fakeSink('keyring', { canHold: false })]);
    await announced();
    await house.tick();
    house.later(MINUTE);
    await house.handIn(SECOND);
    const aggregate = await house.aggregate();
    const open = openRotation(aggregate);
    expect(open !== null && wasHeldBefore(aggregate, open)).toBe(false);
  });

  test('is not said where it held only once every password was refused', async () => {
    await refusingHouse();
    await house.handIn(SECOND);
    await house.tick();
    await live(10 * MINUTE);
    await house.handIn(THIRD);
    const aggregate = await house.aggregate();
    const open = openRotation(aggregate);
    expect(open !== null && wasHeldBefore(aggregate, open)).toBe(false);
    expect(currentRotation(aggregate)?.standing).toBe('current');
  });
});
