// Never an older password over a newer one, never a dead one over a good one: what is written after a start, and what is left.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { advanceRotation } from '../../../src/use-cases/rotation/advance-rotation.ts';
import type { RotationPorts } from '../../../src/use-cases/rotation/rotation-ports.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { advanceAllRotations } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const OURS = 'aB3(xyzKLm9_';
const THEIRS = 'Qw7[rtyUIo2)';

let world: World;
/** The daemon as it runs now: it knows what was proven before its start from the database alone. */
let daemon: RotationPorts;
beforeEach(async () => {
  world = await openWorld();
  daemon = world.ports;
});
afterEach(() => world.close());

const sink = (at: number) => {
  const found = world.sinks[at];
  if (found === undefined) throw new Error('no such sink');
  return found;
};
const asked = () => world.chorus.answers.length;
const tick = () => advanceAllRotations(daemon, world.validity);
const held = () => world.sinks.map((one) => one.held.get(LOGIN));
const alarms = async () =>
  (await world.database.db.selectFrom('alarms').select('kind').orderBy('raised_at').execute())
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'rotated');

/** Our password is accepted and everywhere; then the daemon starts again, and every sink is due. */
async function startAnew(): Promise<void> {
  world.chorus.alive.set(LOGIN, OURS);
  await world.submit(OURS);
  await world.advance();
  world.later(HOUR);
  daemon = { ...world.ports, startedAt: world.now() };
  await due();
  world.chorus.answers.length = 0;
}

const due = () =>
  world.ports.rotations.update(world.id, (aggregate) =>
    reconcile(aggregate, { all: true }, daemon.rules, world.now()),
  );

/** Somebody else has put another password there. */
function holds(at: number, password: string, version: number | null): void {
  sink(at).held.set(LOGIN, password);
  if (version === null) sink(at).versions.delete(LOGIN);
  else sink(at).versions.set(LOGIN, version);
}

describe('a sink that says a newer version', () => {
  test('is left as it is, with an alarm at once, and nobody is asked; empty, it is written', async () => {
    await startAnew();
    holds(0, THEIRS, 3);
    await tick();
    expect(held()).toEqual([THEIRS, OURS]);
    expect(await alarms()).toEqual(['sink-newer']);
    world.later(MINUTE);
    await tick();
    expect([asked(), sink(0).writes.length, (await alarms()).length]).toEqual([0, 1, 1]);
    // A person has decided.
    sink(0).held.delete(LOGIN);
    world.later(MINUTE);
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], 1]);
  });

  test('is left as it is even by a password that was accepted just now', async () => {
    holds(0, THEIRS, 9);
    world.chorus.alive.set(LOGIN, OURS);
    await world.submit(OURS);
    await world.advance();
    expect(held()).toEqual([THEIRS, OURS]);
    expect(await alarms()).toEqual(['sink-newer']);
  });
});

describe('a password that was proven before the start', () => {
  test('is asked about once for all sinks, then written; nobody is asked where it is there', async () => {
    await startAnew();
    await tick();
    expect(asked()).toBe(0);
    await due();
    holds(0, THEIRS, null);
    holds(1, THEIRS, 1);
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], 1]);
    // Proven since the start: not asked again.
    await due();
    holds(0, THEIRS, null);
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], 1]);
  });

  test('is written nowhere when it is refused, not even where nothing is; an alarm tells it', async () => {
    await startAnew();
    world.chorus.alive.set(LOGIN, THEIRS);
    holds(0, THEIRS, null);
    sink(1).held.delete(LOGIN);
    for (let tries = 1; tries <= 3; tries += 1) {
      await tick();
      world.later(MINUTE);
    }
    expect(held()).toEqual([THEIRS, undefined]);
    expect(await alarms()).toEqual(['sink-kept', 'sink-kept']);
    // Asked once: a second question within minutes could lock the account.
    expect(asked()).toBe(1);
    // It was a stray answer, as the second look shows.
    world.chorus.alive.set(LOGIN, OURS);
    world.later(10 * MINUTE);
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], 2]);
  });

  test('without an answer is written where nothing is, and waits for one where something else is', async () => {
    await startAnew();
    world.chorus.down = 'chorus-pro-down';
    holds(0, THEIRS, null);
    sink(1).held.delete(LOGIN);
    await tick();
    expect(held()).toEqual([THEIRS, OURS]);
    for (let tries = 2; tries <= 3; tries += 1) {
      world.later(MINUTE);
      await tick();
    }
    expect(await alarms()).toEqual(['sink-kept']);
    world.chorus.down = null;
    world.later(HOUR);
    await tick();
    expect(held()).toEqual([OURS, OURS]);
  });

  test('is asked about within the budget, and not while the platform is known to be closed', async () => {
    await startAnew();
    holds(0, THEIRS, null);
    const at = world.now();
    await world.ports.platforms.enterMaintenance({
      ...{ id: 'm', environment: 'production', why: 'planned', by: 'agent', enteredAt: at },
      ...{ from: at - 1, to: at + 10 * MINUTE },
    });
    await tick();
    expect([held(), asked()]).toEqual([[THEIRS, OURS], 0]);
    const attempts = [1, 2, 3].map((id) => ({
      id: `a${id}`,
      technical_user_id: world.id,
      at: at + id,
      refused: 1 as const,
    }));
    await world.database.db.insertInto('attempts').values(attempts).execute();
    world.later(20 * MINUTE);
    await tick();
    expect([held(), asked()]).toEqual([[THEIRS, OURS], 0]);
    world.later(HOUR);
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], 1]);
  });

  test('is asked about where the probe is switched off', async () => {
    await startAnew();
    daemon = { ...daemon, rules: { ...daemon.rules, probe: { ...daemon.rules.probe, enabled: false } } };
    holds(0, THEIRS, null);
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], 1]);
  });

  test('is left to whoever asks about it at this moment', async () => {
    await startAnew();
    holds(0, THEIRS, null);
    // Another daemon looks at the same sink while Chorus Pro is being asked for us.
    const other = { ...daemon };
    let begun = false;
    world.chorus.before = () => {
      if (begun) throw new Error('asked twice');
      begun = true;
    };
    const { verify } = world.chorus;
    const proof = {
      verify: async (...args: Parameters<typeof verify>) => {
        await advanceRotation(other, world.id, world.validity);
        return verify(...args);
      },
    };
    await advanceRotation({ ...daemon, verifier: proof }, world.id, world.validity);
    expect([held(), await alarms()]).toEqual([[OURS, OURS], []]);
    expect((await world.aggregate()).publications.every(({ tries }) => tries === 0)).toBe(true);
  });
});

describe('nobody is asked again', () => {
  test('about a password that was accepted since the start', async () => {
    holds(0, THEIRS, 1);
    world.chorus.alive.set(LOGIN, OURS);
    await world.submit(OURS);
    await world.advance();
    expect([held(), asked()]).toEqual([[OURS, OURS], 1]);
  });

  test('about a password that nobody has proven', async () => {
    world.chorus.down = 'chorus-pro-down';
    await world.submit(OURS);
    await world.advance();
    await world.ports.rotations.update(world.id, (aggregate) =>
      acceptUnproven(aggregate, 'agent', world.ports.rules, world.now()),
    );
    world.later(HOUR);
    daemon = { ...world.ports, startedAt: world.now() };
    holds(0, THEIRS, 1);
    const before = asked();
    await tick();
    expect([held(), asked()]).toEqual([[OURS, OURS], before]);
  });
});
