// An account that refuses every password: whatever happens meanwhile, none of them is lost, and none is asked about too often.
import { afterEach, describe, expect, test } from 'vitest';
import { adopt } from '../../../src/domain/monitoring/adoption.ts';
import { wasHeldBefore } from '../../../src/domain/rotation/all-refused.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { ChangeSetBuilder } from '../../../src/domain/rotation/change-set.ts';
import { announce, withdraw } from '../../../src/domain/rotation/receive.ts';
import { currentRotation, findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import type { RotationRules } from '../../../src/domain/rotation/rotation-rules.ts';
import { progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { rotationRules } from '../../fakes/rules.ts';
import { type FakeSink, fakeSink } from '../../fakes/sink.ts';
import { probeRound } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const THIRD = 'Zx5_cvbNMq8(';
const NOBODY_KNOWS = 'another(One42';
const AGENT = { channel: 'command', by: 'agent' } as const;

let world: World;
afterEach(() => world.close());

/** A world whose first password is in service; then Chorus Pro believes another one, that nobody has handed in. */
async function refusingWorld(rules: Partial<RotationRules> = {}, sinks: FakeSink[] = [fakeSink('file')]) {
  world = await openWorld({ rules, sinks });
  world.chorus.alive.set(LOGIN, FIRST);
  await world.handIn(FIRST);
  await world.advanceAll();
  world.chorus.alive.set(LOGIN, NOBODY_KNOWS);
}

/** Another one is put into service unproven, while every one was refused. */
async function acceptedInDoubt(rules: Partial<RotationRules> = {}) {
  await refusingWorld(rules);
  await world.handIn(SECOND);
  await turn((aggregate) => acceptUnproven(aggregate, 'agent', world.ports.rules, world.now()));
  await world.advanceAll();
  expect(world.sinks[0]?.held.get(LOGIN)).toBe(SECOND);
}

const turn: World['ports']['rotations']['update'] extends (id: number, decide: infer D) => unknown
  ? (decide: D) => Promise<unknown>
  : never = (decide) => world.ports.rotations.update(world.id, decide);

const announced = () =>
  turn((aggregate) =>
    announce(aggregate, { actor: AGENT, id: world.ports.newId() }, world.ports.rules, world.now()),
  );

/** Lives on for so long, a few minutes at a time. */
async function live(ms: number, step = 5 * MINUTE): Promise<void> {
  for (let lived = 0; lived < ms; lived += step) {
    world.later(step);
    await world.advanceAll();
    await probeRound(world.ports);
  }
  await world.advanceAll();
}

async function sealed(): Promise<string[]> {
  const texts: string[] = [];
  for (const { credential } of (await world.aggregate()).rotations) {
    const kept = credential === null ? null : await world.ports.rotations.credential(credential);
    if (kept !== null) texts.push(world.vault.open(kept.name, kept.sealed).reveal());
  }
  return texts.sort();
}

const held = () => world.sinks[0]?.held.get(LOGIN);
const askedAbout = () => world.chorus.answers.map(({ password }) => password);

describe('what waits beside an unproven password', () => {
  test('outlives an announcement that nothing follows, and one that is taken back', async () => {
    await acceptedInDoubt();
    await announced();
    await live(2 * HOUR);
    expect(findOpenRotation(await world.aggregate())?.stage).not.toBe('announced');
    expect(await sealed()).toEqual([FIRST, SECOND].sort());
    await live(HOUR);
    await announced();
    await turn((aggregate) => withdraw(aggregate, AGENT, 'not today', world.now()));
    expect(await sealed()).toEqual([FIRST, SECOND].sort());
    world.chorus.alive.set(LOGIN, FIRST);
    await live(DAY);
    expect(held()).toBe(FIRST);
  });

  test('is asked about still, though the connector says that it uses the unproven one', async () => {
    await acceptedInDoubt();
    await turn((aggregate) =>
      adopt(
        aggregate,
        { version: aggregate.user.version, who: 'connector', connector: null },
        world.ports.rules,
        world.now(),
      ),
    );
    world.chorus.alive.set(LOGIN, FIRST);
    await live(DAY);
    expect(held()).toBe(FIRST);
  });

  test('is asked about where probes are switched off: somebody waits for these answers', async () => {
    await acceptedInDoubt({ probe: { ...rotationRules([]).probe, enabled: false } });
    world.chorus.alive.set(LOGIN, FIRST);
    await live(DAY);
    expect(held()).toBe(FIRST);
  });

  test('is not asked about within the hour because it is handed in again', async () => {
    await acceptedInDoubt();
    await live(20 * MINUTE);
    const before = world.chorus.answers.length;
    await world.handIn(FIRST);
    await live(30 * MINUTE);
    expect(world.chorus.answers.length).toBe(before);
    world.chorus.alive.set(LOGIN, FIRST);
    await live(2 * HOUR);
    expect(held()).toBe(FIRST);
  });

  test('makes the connector hold when the time of the last ones ended while no daemon ran', async () => {
    await refusingWorld();
    await world.handIn(SECOND);
    world.later(MINUTE);
    await world.handIn(THIRD);
    await turn((aggregate) => acceptUnproven(aggregate, 'agent', world.ports.rules, world.now()));
    await live(3 * HOUR);
    world.later(15 * DAY);
    await world.advanceAll();
    await world.advanceAll();
    expect((await world.aggregate()).health?.state).toBe('stopped');
    expect(world.sinks[0]?.holding.has(LOGIN)).toBe(true);
  });
});

test('an announcement is shown, and heard by the connector, though nobody vouches for the password in service', async () => {
  world = await openWorld({ rules: { verification: { production: 'none', qualification: 'none' } } });
  const [file] = world.sinks;
  await world.handIn(FIRST);
  if (file !== undefined) file.fault = 'read-only';
  await world.handIn(SECOND);
  await announced();
  await world.advanceAll();
  expect(progressOf(await world.aggregate(), null).phase).toBe('announced');
  if (file !== undefined) file.fault = null;
  await live(30 * MINUTE);
  expect(held()).toBe(SECOND);
  expect(file?.holding.has(LOGIN)).toBe(true);
});

test('where the time of an older one ends while it has its turn, a newer one goes on', async () => {
  await refusingWorld();
  await world.handIn(SECOND);
  await live(13 * DAY + 18 * HOUR, HOUR);
  await world.handIn(THIRD);
  await turn((aggregate) => {
    const draft = new ChangeSetBuilder(aggregate, world.now());
    const second = aggregate.rotations.find(({ stage }) => stage === 'superseded');
    const third = findOpenRotation(aggregate);
    if (third === null || second === undefined) throw new Error('two were handed in');
    draft.put(third, { stage: 'superseded', nextTryAt: world.now() });
    const { bothRefusedSince, currentStillWorks } = third;
    const nextTryAt = world.now() + 20 * HOUR;
    draft.put(second, { stage: 'candidate', nextTryAt, bothRefusedSince, currentStillWorks });
    return draft.decide(undefined);
  });
  await live(10 * HOUR, HOUR);
  expect(await sealed()).toEqual([FIRST, THIRD].sort());
  world.chorus.alive.set(LOGIN, THIRD);
  await live(DAY, HOUR);
  expect(held()).toBe(THIRD);
});

test('the former one is asked about once a round, however large the budget is', async () => {
  await refusingWorld({ budget: { failures: 8, per: HOUR } });
  await world.handIn(SECOND);
  await live(30 * MINUTE);
  expect(askedAbout()).toEqual([FIRST, SECOND, FIRST]);
});

test('given up on both, the connector holds until the former one works again, and no longer', async () => {
  await refusingWorld();
  await world.handIn(SECOND);
  await live(14 * DAY - HOUR, HOUR);
  for (let lived = 0; lived < 24 && findOpenRotation(await world.aggregate()) !== null; lived += 1)
    await live(HOUR / 2);
  // Before any night has come, somebody announces a reset, and nothing follows.
  await announced();
  await live(HOUR + 10 * MINUTE);
  expect(findOpenRotation(await world.aggregate())).toBeNull();
  expect(world.sinks[0]?.holding.has(LOGIN)).toBe(true);
  world.chorus.alive.set(LOGIN, FIRST);
  await live(DAY, HOUR);
  expect((await world.aggregate()).health?.state).toBe('working');
  expect(world.sinks[0]?.holding.has(LOGIN)).toBe(false);
});

test('refusals by a lock are not held against a password: its manager has a whole window to submit', async () => {
  await refusingWorld();
  await world.handIn(SECOND);
  await live(8 * HOUR);
  // The lock is over: the reset was never submitted.
  world.chorus.alive.set(LOGIN, FIRST);
  const isKnown = async () => findOpenRotation(await world.aggregate())?.currentStillWorks === true;
  for (let lived = 0; lived < 24 && !(await isKnown()); lived += 1) await live(HOUR / 2);
  expect(await isKnown()).toBe(true);
  expect(await sealed()).toContain(SECOND);
  world.chorus.alive.set(LOGIN, SECOND);
  await world.retryNow();
  expect(held()).toBe(SECOND);
});

test('a refusal that a wrong clock dated ahead keeps nobody from being asked', async () => {
  await refusingWorld();
  await world.handIn(SECOND);
  await turn((aggregate) => {
    const draft = new ChangeSetBuilder(aggregate, world.now());
    const open = findOpenRotation(aggregate);
    if (open !== null) draft.put(open, { lastRefusedAt: world.now() + 300 * DAY });
    return draft.decide(undefined);
  });
  world.chorus.alive.set(LOGIN, SECOND);
  await live(3 * HOUR);
  expect(held()).toBe(SECOND);
});

describe('that the connector held before the reset', () => {
  test('is not said where one of the connectors cannot be told', async () => {
    await refusingWorld({}, [fakeSink('file'), fakeSink('keyring', { canHold: false })]);
    await announced();
    await world.advanceAll();
    world.later(MINUTE);
    await world.handIn(SECOND);
    const aggregate = await world.aggregate();
    const open = findOpenRotation(aggregate);
    expect(open !== null && wasHeldBefore(aggregate, open)).toBe(false);
  });

  test('is not said where it held only once every password was refused', async () => {
    await refusingWorld();
    await world.handIn(SECOND);
    await world.advanceAll();
    await live(10 * MINUTE);
    await world.handIn(THIRD);
    const aggregate = await world.aggregate();
    const open = findOpenRotation(aggregate);
    expect(open !== null && wasHeldBefore(aggregate, open)).toBe(false);
    expect(currentRotation(aggregate)?.standing).toBe('current');
  });
});
