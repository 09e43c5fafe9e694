// The times that people are shown, lived: a manager, the API and an operator read one time, and Chorus Pro is asked then.
import { afterEach, describe, expect, test } from 'vitest';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import { outcomeOf } from '../../../src/cli/rotation/outcome.ts';
import type { RotationProgress } from '../../../src/domain/ports/manager-api.ts';
import { findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import { progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { nextChecksOf } from '../../../src/use-cases/rotation/next-checks.ts';
import { openOperatorActions } from '../../../src/use-cases/rotation/operator-actions.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import type { Planted } from '../../fakes/fleet.ts';
import { openWorld, type World, type WorldSettings } from '../../rig/world.ts';
import { loginOf } from '../../rig/world-fleet.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { managerScene } from './manager-scene.ts';

const GOOD = 'aB3(xyzKLm9_';
const WRONG = 'Qw7[rtyUIo2)';
const OTHER = 'Zx5_cvbNMq8(';

let world: World;
afterEach(() => world.close());
const open = async (settings: WorldSettings = {}) => {
  world = await openWorld(settings);
};
const { actions, freshToken } = managerScene(() => world);

/** What the page of a link shows. */
async function progressAt(token: string): Promise<RotationProgress> {
  const found = await actions().visit(token);
  if (found.kind === 'ended') throw new Error(`the link is ${found.why}`);
  return found.visit.progress;
}

/** What an operator is shown. */
async function operatorSees() {
  const { ports, validity, usersOf } = world;
  const pause = () => Promise.reject(new Error('nobody works beside us'));
  const operator = openOperatorActions(
    { ports, validity, usersOf, registry: openRegistry(world.database), pause },
    'agent',
  );
  const { nextTryAt, waits } = outcomeOf(await operator.stand(await world.user()));
  return { nextTryAt, waits };
}

/** Lives until an instant, looking every half minute: what is shown holds all the while, and nobody is asked. */
async function nothingUntil(token: string, shown: number): Promise<void> {
  const calls = world.chorus.answers.length;
  while (world.now() < shown) {
    await world.advanceAll();
    expect(world.chorus.answers).toHaveLength(calls);
    expect((await progressAt(token)).nextTryAt).toBe(shown);
    world.later(Math.min(MINUTE / 2, shown - world.now()));
  }
}

describe('the time that is shown', () => {
  test('is that of the budget, as soon as the failures are used up, and not that of the plan', async () => {
    await open();
    const token = await freshToken();
    await world.handIn(WRONG);
    // By the plan it is asked again a quarter of an hour after the first refusal.
    expect(await progressAt(token)).toMatchObject({ nextTryAt: world.now() + 15 * MINUTE, waits: 'planned' });
    const first = world.now();
    world.later(2 * MINUTE);
    await world.retryNow();
    // By the plan, three quarters of an hour after it; but the daemon never spends the last failure.
    const shown = first + HOUR + 1;
    expect(await progressAt(token)).toMatchObject({ refusals: 2, nextTryAt: shown, waits: 'budget' });
    expect(await operatorSees()).toEqual({ nextTryAt: shown, waits: 'budget' });
    await nothingUntil(token, shown);
    world.chorus.alive.set(LOGIN, WRONG);
    await world.advanceAll();
    expect(world.chorus.answers.at(-1)).toMatchObject({ at: shown, kind: 'accepted' });
  });

  test('is that of the lock, where every password is refused', async () => {
    await open();
    world.chorus.alive.set(LOGIN, GOOD);
    await world.handIn(GOOD);
    await world.advanceAll();
    world.chorus.alive.set(LOGIN, OTHER);
    world.later(HOUR);
    const token = await freshToken();
    await world.handIn(WRONG);
    const { nextTryAt, waits, bothRefused } = await progressAt(token);
    expect({ waits, bothRefused }).toEqual({ waits: 'maybe-locked', bothRefused: true });
    expect(nextTryAt).toBeGreaterThan(world.now() + HOUR);
    await nothingUntil(token, nextTryAt ?? 0);
    const calls = world.chorus.answers.length;
    await world.advanceAll();
    expect(world.chorus.answers.length).toBeGreaterThan(calls);
  });

  test('is none while a closure is announced, or while no account gets an answer', async () => {
    await open();
    const token = await freshToken();
    world.chorus.down = 'piste-down';
    await world.handIn(GOOD);
    expect(await progressAt(token)).toMatchObject({ nextTryAt: world.now() + 30_000, waits: 'planned' });
    const closure = { id: 'c', environment: null, why: 'a test', by: 'agent', enteredAt: world.now() };
    const times = { from: world.now(), to: world.now() + HOUR };
    await world.ports.platforms.enterMaintenance({ ...closure, ...times });
    expect(await progressAt(token)).toMatchObject({ nextTryAt: null, waits: 'maintenance' });
    await world.ports.platforms.endMaintenance('c', world.now());
    for (let tries = 0; tries < 2; tries += 1) {
      world.later(2 * MINUTE);
      await world.advanceAll();
    }
    expect(await progressAt(token)).toMatchObject({ nextTryAt: null, waits: 'platform' });
    expect(await operatorSees()).toEqual({ nextTryAt: null, waits: 'platform' });
    world.chorus.down = null;
    world.chorus.alive.set(LOGIN, GOOD);
    world.later(15 * MINUTE);
    await world.advanceAll();
    expect((await progressAt(token)).phase).toBe('proven');
  });

  test('is none after an error inside Relève', async () => {
    await open();
    const token = await freshToken();
    world.chorus.down = 'piste-down';
    await world.handIn(GOOD);
    await world.ports.rotations.countFault('proof', world.id, 'Error', world.now() + 29_000);
    expect(await progressAt(token)).toMatchObject({ nextTryAt: null, waits: 'planned' });
  });

  test('is behind the checks that are due before it, at our own pace', async () => {
    const users = Array.from(
      { length: 21 },
      (_, nth): Planted => ({ login: loginOf(nth), siret: String(21_900_012_000_000 + nth) }),
    );
    await open({ users });
    const candidate = async (nth: number) => {
      const aggregate = await world.aggregateOf((await world.userOf(loginOf(nth))).id);
      return (await nextChecksOf(world.ports, aggregate)).candidate;
    };
    for (const { login } of users) await world.submitFor(await world.userOf(login), GOOD);
    const now = world.now();
    expect(await candidate(0)).toEqual({ at: now, waits: null });
    expect(await candidate(20)).toEqual({ at: now + 10_000, waits: 'turn' });
    const due = async () => Array.from({ length: 200 }, (_, nth) => 1_000 + nth);
    const busy = { ...world.ports, rotations: { ...world.ports.rotations, due } };
    const { candidate: behind } = await nextChecksOf(busy, await world.aggregate());
    expect(behind).toEqual({ at: null, waits: 'turn' });
  });
});

test('nothing is asked about a password that waits behind a newer one, and no time is shown for it', async () => {
  await open();
  world.chorus.down = 'piste-down';
  const older = await world.handIn(WRONG);
  await world.handIn(GOOD);
  const aggregate = await world.aggregate();
  const { candidate } = await nextChecksOf(world.ports, aggregate);
  const rotationId = older.kind === 'taken' ? older.rotationId : null;
  expect(progressOf(aggregate, rotationId, candidate)).toMatchObject({
    ...{ phase: 'proving', nextTryAt: null, waits: 'turn' },
  });
  const newer = findOpenRotation(aggregate)?.id ?? null;
  expect(progressOf(aggregate, newer, candidate)).toMatchObject({ phase: 'proving', waits: 'planned' });
});
