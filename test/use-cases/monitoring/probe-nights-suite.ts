// What the probe makes of passwords in service, night after night: who is asked when, and what is seen besides.
import { describe, expect, test } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { reportRefused } from '../../../src/domain/monitoring/probe-claim.ts';
import { announce } from '../../../src/domain/rotation/receive.ts';
import { requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { planAll } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { type FleetWorld, loginOf } from '../../rig/world-fleet.ts';
import { AGENT, parisTime, probeScene } from './probe-scene.ts';

/** The suite over databases that `place` makes, a new one each time. */
export function probeNights(place: () => Promise<DatabasePlace>): void {
  let world: FleetWorld;
  const { asked, open } = probeScene(place, (opened) => {
    world = opened;
  });

  describe('a night', () => {
    test('asks about each password once, in the quiet hours, and the next night again', async () => {
      await open(5);
      await world.until('2027-03-02T09:00');
      expect(world.chorus.answers.map(({ kind }) => kind)).toEqual(Array(5).fill('accepted'));
      for (const { at } of world.chorus.answers) {
        expect(parisTime(at) >= '2027-03-02T01:00' && parisTime(at) < '2027-03-02T05:36').toBe(true);
      }
      await world.until('2027-03-03T09:00');
      expect(asked(0)).toHaveLength(2);
      expect(parisTime(asked(0)[0]?.at).slice(11)).not.toBe(parisTime(asked(0)[1]?.at).slice(11));
      expect(await world.healthAt(0)).toMatchObject({
        state: 'working',
        refusals: 0,
        workedAt: asked(0)[1]?.at,
      });
      expect(await world.lettersWritten()).toEqual([]);
      expect(await world.alarmsRaised()).toEqual([]);
    });

    test('that was slept through is made up for in the next one, unless that is too far away', async () => {
      await open(1);
      await world.until('2027-03-02T09:00');
      world.later(DAY - 2 * HOUR);
      await world.until('2027-03-03T08:00');
      expect(asked(0)).toHaveLength(1);
      await world.until('2027-03-03T13:00');
      expect(asked(0)).toHaveLength(2);
    });

    test('leaves alone what is retired, and what has a new password on its way', async () => {
      await open(2);
      await world.database.db
        .updateTable('technical_users')
        .set({ retired: 1 })
        .where('id', '=', world.userAt(0).id)
        .execute();
      await world.until('2027-03-02T00:59');
      const { rules, rotations, newId } = world.ports;
      await rotations.update(world.userAt(1).id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: newId() }, { ...rules, announcement: 6 * HOUR }, world.now()),
      );
      await world.until('2027-03-02T06:00');
      expect(world.chorus.answers).toEqual([]);
      await world.until('2027-03-02T09:00');
      expect(asked(1)).toHaveLength(1);
      expect(asked(0)).toHaveLength(0);
    });

    test('begins with whoever is waited for, and vouches by those that worked last', async () => {
      await open(4);
      const { database, ports } = world;
      const id = (nth: number) => world.userAt(nth).id;
      const set = (nth: number, to: { next_at?: number; worked_at?: number; state?: 'stopped' }) =>
        database.db.updateTable('health').set(to).where('technical_user_id', '=', id(nth)).execute();
      for (const [nth, at] of [3, 1, 2, 0].entries()) await set(nth, { next_at: at, worked_at: at });
      await requestProbeNow(ports, id(1));
      expect(await ports.probes.due('production', world.now(), 9)).toEqual([1, 3, 2, 0].map(id));
      const controls = (limit: number) => ports.probes.controls('production', id(3), limit);
      expect(await controls(2)).toEqual({ askable: [0, 2].map(id), others: 3 });
      await set(0, { state: 'stopped' });
      expect(await controls(2)).toEqual({ askable: [2, 1].map(id), others: 2 });
    });

    test('gives its first minute to the last of many, though nobody is asked about the others', async () => {
      await open(3);
      const { database, ports } = world;
      const { id } = world.userAt(2);
      await database.db.deleteFrom('health').execute();
      await database.db.updateTable('technical_users').set({ retired: 1 }).where('id', '<>', id).execute();
      const unplanned = (after: number) => ports.probes.unplanned(after, world.now(), 1);
      expect(await planAll({ ...ports, probes: { ...ports.probes, unplanned } })).toBe(1);
      expect(await world.healthAt(2)).toMatchObject({ state: 'unasked' });
    });

    test('gives its first minute to what came into service before there were probes', async () => {
      await open(2);
      await world.database.db.deleteFrom('health').execute();
      expect(await world.planAll()).toBe(2);
      expect(await world.planAll()).toBe(0);
      await world.until('2027-03-02T09:00');
      expect(world.chorus.answers).toHaveLength(2);
    });
  });

  describe('a connector that says it was refused', () => {
    const report = (nth: number) =>
      world.ports.rotations.update(world.userAt(nth).id, (aggregate) =>
        reportRefused(aggregate, 'connector', world.ports.rules, world.now()),
      );

    test('has its password looked at within seconds, at any hour, and no more often than is good', async () => {
      await open(3);
      expect(await report(0)).toMatchObject({ kind: 'asking', state: 'unasked' });
      await world.round();
      expect(asked(0)).toHaveLength(1);
      expect(await report(0)).toMatchObject({ kind: 'known', state: 'working' });
      world.later(6 * MINUTE);
      world.chorus.alive.set(loginOf(0), 'somebody else knows');
      expect(await report(0)).toMatchObject({ kind: 'asking', state: 'working' });
      await world.round();
      expect(await report(0)).toMatchObject({ kind: 'known', state: 'doubtful' });
      await world.until('2027-03-01T17:00');
      expect(await report(0)).toMatchObject({ kind: 'known', state: 'stopped' });
      expect(await world.alarmsRaised()).toEqual(['stopped']);
    });

    test('is told when there is nothing to look at', async () => {
      await open(1);
      await world.database.db.updateTable('technical_users').set({ retired: 1 }).execute();
      expect(await report(0)).toEqual({ kind: 'none' });
    });
  });

  describe('what the account may do', () => {
    const elsewhere = { siret: '21900099900019', name: 'Commune voisine' };

    test('is told once when the right is missing, and again when it changes', async () => {
      await open(2);
      world.chorus.rights.set(loginOf(0), { entitled: false, structures: [] });
      await world.until('2027-03-04T09:00', 10 * MINUTE);
      expect(await world.alarmsRaised()).toEqual(['entitlement']);
      world.chorus.rights.set(loginOf(0), { entitled: true, structures: [elsewhere] });
      await world.until('2027-03-05T09:00', 10 * MINUTE);
      expect(await world.alarmsRaised()).toEqual(['entitlement', 'entitlement']);
      const [first, second] = await world.alarmFacts('entitlement');
      const home = expect.stringContaining(`(${world.userAt(0).home.siret})`);
      expect(first).toMatchObject({ environment: 'production', cause: 'not-entitled', missing: home });
      expect(first).not.toHaveProperty('unregistered');
      expect(second).toMatchObject({ unregistered: 'Commune voisine (21900099900019)', missing: home });
      expect(await world.lettersWritten()).toEqual([]);
    });
  });

  describe('a password that works past its date', () => {
    test('is noted, and told to nobody', async () => {
      await open(2, [{ changedOn: '2026-01-15' }]);
      await world.until('2027-03-03T09:00', 10 * MINUTE);
      expect(await world.healthAt(0)).toMatchObject({ state: 'working', workedPast: '2027-03-03' });
      expect(await world.healthAt(1)).toMatchObject({ workedPast: null });
      expect(await world.alarmsRaised()).toEqual([]);
    });
  });
}
