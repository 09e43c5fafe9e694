// What the probe makes of a password that was changed behind our back: a second look, a stop, and how it ends.
import { describe, expect, test } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { openFleetQueries } from '../../../src/adapters/database/fleet.ts';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { openTodayQueries } from '../../../src/adapters/database/today.ts';
import { readPlatforms } from '../../../src/composition/command-parts.ts';
import { serviceStatesOf } from '../../../src/composition/parts.ts';
import { renewLease } from '../../../src/domain/rotation/claim-check.ts';
import { repeatHolds } from '../../../src/domain/rotation/hold.ts';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { announce } from '../../../src/domain/rotation/receive.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { openBackgroundProbes } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { submit } from '../../../src/use-cases/rotation/submit.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { type FleetWorld, loginOf, passwordOf } from '../../rig/world-fleet.ts';
import { AGENT, probeScene } from './probe-scene.ts';

/** The suite over databases that `place` makes, a new one each time. */
export function probeStops(place: () => Promise<DatabasePlace>): void {
  let world: FleetWorld;
  const { asked, file, open } = probeScene(place, (opened) => {
    world = opened;
  });

  describe('a password changed behind our back', () => {
    test('is looked at twice; then the connector holds, its manager has a letter, the IT service an alarm', async () => {
      await open(4);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T09:00');
      const refused = asked(0).filter(({ kind }) => kind === 'refused');
      expect((refused[1]?.at ?? 0) - (refused[0]?.at ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE);
      expect(await world.healthAt(0)).toMatchObject({ state: 'stopped' });
      expect(await world.lettersWritten()).toEqual(['stopped']);
      expect(await world.alarmsRaised()).toEqual(['stopped']);
      expect(await world.alarmFacts('stopped')).toMatchObject([
        { login: loginOf(0), address: 'maire0@example.test', held: true },
      ]);
      expect([...file().holding]).toEqual([loginOf(0)]);
      expect(await world.healthAt(1)).toMatchObject({ state: 'working' });
    });

    test('has an alarm that names no address where the mail server refuses it', async () => {
      await open(4);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      const { db } = world.database;
      const dead = { dead_since: 1, dead_reason: '550 5.1.1' };
      await db.updateTable('people').set(dead).where('email', '=', 'maire0@example.test').execute();
      await world.until('2027-03-02T09:00');
      expect(await world.lettersWritten()).toEqual([]);
      expect(await world.alarmFacts('stopped')).toMatchObject([{ login: loginOf(0), address: null }]);
    });

    test('keeps its connector on hold when a reset is announced, and nothing follows', async () => {
      await open(3);
      const { ports } = world;
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T09:00');
      await ports.rotations.update(world.userAt(0).id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'told' }, ports.rules, world.now()),
      );
      await world.until('2027-03-02T11:00');
      expect(await world.alarmsRaised()).toContain('announcement-over');
      expect([...file().holding]).toEqual([loginOf(0)]);
    });

    test('keeps its connector on hold when it is published once more', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T09:00');
      const { rotations, rules } = world.ports;
      const writes = file().writes.length;
      await rotations.update(world.userAt(0).id, (aggregate) =>
        reconcile(aggregate, { all: true }, rules, world.now()),
      );
      await world.until('2027-03-02T09:05');
      expect((await world.aggregateAt(0)).publications).toMatchObject([{ stage: 'done' }, { stage: 'done' }]);
      expect(file().writes.length).toBe(writes);
      expect([...file().holding]).toEqual([loginOf(0)]);
    });

    test('holds its connector again when the machine has started anew and /run is empty', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T09:00');
      file().holding.clear();
      const { rotations } = world.ports;
      for (const id of await rotations.holding()) {
        await rotations.update(id, (aggregate) => repeatHolds(aggregate, world.now()));
      }
      await world.until('2027-03-02T09:05');
      expect([...file().holding]).toEqual([loginOf(0)]);
      expect((await world.aggregateAt(0)).holds).toMatchObject([{ wanted: true, applied: true }]);
    });

    test('goes on when the new one comes in', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'Zz9(newnewnew_');
      await world.until('2027-03-02T09:00');
      await submit(world.ports, world.userAt(0), {
        ...AGENT,
        typed: { password: new Secret('Zz9(newnewnew_'), login: '', expiry: '' },
        changedOn: null,
        choice: null,
        keepUnclear: false,
      });
      await world.until('2027-03-02T09:05');
      expect([...file().holding]).toEqual([]);
      expect(file().held.get(loginOf(0))).toBe('Zz9(newnewnew_');
      // It was proven: a letter that it is refused later does not say that it was never seen to work.
      expect(await world.healthAt(0)).toMatchObject({ state: 'unasked', refusals: 0 });
      expect((await world.healthAt(0))?.workedAt).not.toBeNull();
    });

    test('costs no more failures than the budget, whoever else asks', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T01:00');
      for (let minute = 0; minute < 600; minute += 1) {
        await requestProbeNow(world.ports, world.userAt(0).id);
        await probe(world.ports, world.userAt(0).id, { background: false });
        world.later(MINUTE);
      }
      const at = asked(0).map((one) => one.at);
      for (const [nth, from] of at.entries())
        expect((at[nth + 3] ?? Infinity) - from).toBeGreaterThanOrEqual(HOUR);
    });

    test('is not told because somebody asks twice in a minute: the second look comes after its pause', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      for (let nth = 0; nth < 3; nth += 1) {
        await requestProbeNow(world.ports, world.userAt(0).id);
        await probe(world.ports, world.userAt(0).id, { background: false });
        world.later(MINUTE);
      }
      expect(await world.healthAt(0)).toMatchObject({ state: 'doubtful', refusals: 2 });
      expect(await world.alarmsRaised()).toEqual([]);
      await world.until('2027-03-01T17:30');
      expect(await world.alarmsRaised()).toEqual(['stopped']);
    });

    test.each([1, 5])(
      'refused under a clock %i days ahead, is told soon after it is put right',
      async (days) => {
        await open(3);
        world.chorus.alive.set(loginOf(0), 'somebody else knows');
        world.later(days * DAY);
        await requestProbeNow(world.ports, world.userAt(0).id);
        await probe(world.ports, world.userAt(0).id, { background: true });
        world.later(-days * DAY);
        await world.planAll();
        await world.until('2027-03-01T11:00', MINUTE);
        expect(await world.healthAt(0)).toMatchObject({ state: 'stopped', refusals: 3 });
        expect(await world.alarmsRaised()).toEqual(['stopped']);
        expect(asked(0)).toHaveLength(3);
      },
    );

    test('is not held against it by the answers of a clock that was ahead', async () => {
      await open(3);
      world.later(DAY);
      for (const nth of [1, 2]) {
        await requestProbeNow(world.ports, world.userAt(nth).id);
        await probe(world.ports, world.userAt(nth).id, { background: true });
      }
      world.later(-DAY);
      for (const nth of [0, 1, 2]) world.chorus.alive.set(loginOf(nth), 'nobody knows');
      await requestProbeNow(world.ports, world.userAt(0).id);
      await world.until('2027-03-01T11:00');
      expect(await world.healthAt(0)).toMatchObject({ state: 'doubtful' });
      expect(await world.alarmsRaised()).toEqual([]);
    });

    test('stays in the hands of whoever asks, however long the answer takes', async () => {
      await open(2);
      const { ports, chorus } = world;
      const { id } = world.userAt(0);
      const { verify: check } = chorus;
      await requestProbeNow(ports, id);
      chorus.verify = async (...question) => {
        for (let minute = 0; minute < 10; minute += 1) {
          world.later(MINUTE);
          const lease = (await world.healthAt(0))?.lease ?? '';
          await ports.rotations.update(id, (aggregate) =>
            renewLease(aggregate, lease, ports.rules, world.now()),
          );
          expect(await probe(ports, id, { background: true })).toBeNull();
        }
        return check(...question);
      };
      expect(await probe(ports, id, { background: true })).toMatchObject({ probed: 'working' });
      expect(asked(0)).toHaveLength(1);
    });

    test('that never answers holds up nobody whose time comes meanwhile', async () => {
      await open(3);
      const { ports, chorus } = world;
      const { verify: check } = chorus;
      const silence = Promise.withResolvers<void>();
      chorus.verify = async (...question) => {
        if (question[1] === loginOf(0)) await silence.promise;
        return check(...question);
      };
      const probing = openBackgroundProbes(ports);
      await requestProbeNow(ports, world.userAt(0).id);
      await probing.round();
      world.later(MINUTE);
      await requestProbeNow(ports, world.userAt(1).id);
      await probing.round();
      await expect.poll(async () => (await world.healthAt(1))?.state).toBe('working');
      expect((await world.healthAt(0))?.state).toBe('unasked');
      silence.resolve();
      await probing.stop(10_000);
      expect((await world.healthAt(0))?.state).toBe('working');
    });

    test('that works again after an hour was a lock: all is told, and the connector goes on', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'locked');
      await world.until('2027-03-02T00:59');
      for (let minute = 0; minute < 300 && (await world.healthAt(0))?.state !== 'stopped'; minute += 1) {
        world.later(MINUTE);
        await world.round();
      }
      world.chorus.alive.set(loginOf(0), passwordOf(0));
      await world.until('2027-03-02T09:00');
      expect(await world.lettersWritten()).toEqual(['stopped', 'working-again']);
      expect(await world.alarmsRaised()).toEqual(['stopped', 'works-again']);
      expect([...file().holding]).toEqual([]);
      expect(await world.healthAt(0)).toMatchObject({ state: 'working', refusals: 0 });
    });

    test('is found alone on its platform too, when no lock can be the reason any more', async () => {
      await open(1);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T09:00');
      const refused = asked(0).map(({ at }) => at);
      expect(refused).toHaveLength(3);
      expect((refused[2] ?? 0) - (refused[0] ?? 0)).toBeGreaterThan(HOUR);
      expect(await world.alarmsRaised()).toEqual(['stopped']);
    });

    test('is asked about again when a lock must be over, even if somebody asks before', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'locked');
      await requestProbeNow(world.ports, world.userAt(0).id);
      await world.until('2027-03-01T10:20');
      const stopped = await world.healthAt(0);
      expect(stopped).toMatchObject({ state: 'stopped', refusals: 2 });
      // The last failure of the hour is nobody's who asks about a password in service.
      await requestProbeNow(world.ports, world.userAt(0).id);
      expect(await probe(world.ports, world.userAt(0).id, { background: false })).toBeNull();
      world.later(46 * MINUTE);
      expect(await probe(world.ports, world.userAt(0).id, { background: false })).toMatchObject({
        probed: 'still-stopped',
      });
      expect((await world.healthAt(0))?.nextAt).toBe((stopped?.refusedAt ?? 0) + 70 * MINUTE);
      expect(await world.alarmsRaised()).toEqual(['stopped']);
    });

    test('is left alone after four refusals, until somebody asks: one more might lock its account', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-06T09:00', 10 * MINUTE);
      expect(asked(0)).toHaveLength(4);
      expect((await world.ports.probes.planned(world.now() + DAY)).map(({ login }) => login)).not.toContain(
        loginOf(0),
      );
      // The list and the check go on showing that it is dead.
      const { id } = world.userAt(0);
      expect((await serviceStatesOf(world).of([id])).get(id)).toBe('stopped');
      // What the day's screen asks, on whichever engine.
      const tasks = openTaskRepository(world.database);
      const matters = await tasks.stateMatters();
      expect(matters).toMatchObject([{ kind: 'stopped', userId: id }]);
      for (let twice = 0; twice < 2; twice += 1) await tasks.openMatters(matters, world.now());
      expect(await tasks.list()).toHaveLength(1);
      const queries = openTodayQueries(world.database);
      expect((await queries.lastLetters([id])).size).toBeLessThanOrEqual(1);
      expect(await queries.unreachable()).toBe(0);
      expect((await readPlatforms(world, world.clock)).inService).toContainEqual(
        expect.objectContaining({ login: loginOf(0), state: 'stopped' }),
      );
      world.chorus.alive.set(loginOf(0), passwordOf(0));
      await requestProbeNow(world.ports, world.userAt(0).id);
      await world.until('2027-03-06T09:10');
      expect(await world.healthAt(0)).toMatchObject({ state: 'working' });
      expect(await world.alarmsRaised()).toEqual(['stopped', 'works-again']);
    });

    test('is counted no more once its account is retired', async () => {
      await open(3);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      await world.until('2027-03-02T09:00');
      const sight = openFleetQueries(world.database);
      expect(await sight.healthByState()).toContainEqual({ state: 'stopped', count: 1 });
      const { id } = world.userAt(0);
      await world.database.db
        .updateTable('technical_users')
        .set({ retired: 1 })
        .where('id', '=', id)
        .execute();
      expect(await sight.healthByState()).toEqual([{ state: 'working', count: 2 }]);
    });

    test('is told again when it happens again', async () => {
      await open(2);
      for (const day of ['02', '03']) {
        world.chorus.alive.set(loginOf(0), 'somebody else knows');
        await world.until(`2027-03-${day}T09:00`);
        world.chorus.alive.set(loginOf(0), passwordOf(0));
        await requestProbeNow(world.ports, world.userAt(0).id);
        await world.until(`2027-03-${day}T09:05`);
      }
      expect((await world.lettersWritten()).sort()).toEqual([
        'stopped',
        'stopped',
        'working-again',
        'working-again',
      ]);
    });
  });
}
