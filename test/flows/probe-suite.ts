// What the probe makes of passwords in service, night after night, on whichever engine the books are kept.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { healthStates, seePlatforms } from '../../src/daemon-platforms.ts';
import { startProbes } from '../../src/daemon-probe.ts';
import { tellAgain } from '../../src/domain/rotation-hold.ts';
import { renew } from '../../src/domain/rotation-lease.ts';
import { reportRefused } from '../../src/domain/rotation-probe.ts';
import { reconcile } from '../../src/domain/rotation-publish.ts';
import { announce } from '../../src/domain/rotation-receive.ts';
import { Secret } from '../../src/domain/secret.ts';
import { VAULT_SHUT } from '../../src/domain/verdict-of.ts';
import { anotherWorks, probe, want } from '../../src/flows/probe.ts';
import { openProbeRounds, planAll } from '../../src/flows/probe-rounds.ts';
import { submit } from '../../src/flows/submit.ts';
import type { DatabasePlace } from '../../src/store/database.ts';
import { openSight } from '../../src/store/overview.ts';
import { DAY, HOUR, MINUTE } from './open-handover.ts';
import { type Extra, loginOf, openProbeHouse, type ProbeHouse, passwordOf } from './probe-house.ts';

const AGENT = { channel: 'command', by: 'agent' } as const;
const parisTime = (at: number | null | undefined) =>
  Temporal.Instant.fromEpochMilliseconds(at ?? 0)
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDateTime()
    .toString();

/** The suite over databases that `place` makes, a new one each time. */
export function probeSuite(place: () => Promise<DatabasePlace>): void {
  let house: ProbeHouse;
  const open = async (
    count: number,
    extra: readonly Extra[] = [],
    more: Parameters<typeof openProbeHouse>[1] = {},
  ) => {
    house = await openProbeHouse(count, { place: await place(), ...more }, extra);
    return house;
  };
  afterEach(() => house.close());
  const asked = (nth: number) => house.chorus.answers.filter(({ login }) => login === loginOf(nth));
  const file = () => {
    const [sink] = house.sinks;
    if (sink === undefined) throw new Error('no sink');
    return sink;
  };

  describe('a night', () => {
    test('asks about each password once, in the quiet hours, and the next night again', async () => {
      await open(5);
      await house.until('2027-03-02T09:00');
      expect(house.chorus.answers.map(({ kind }) => kind)).toEqual(Array(5).fill('accepted'));
      for (const { at } of house.chorus.answers) {
        expect(parisTime(at) >= '2027-03-02T01:00' && parisTime(at) < '2027-03-02T05:36').toBe(true);
      }
      await house.until('2027-03-03T09:00');
      expect(asked(0)).toHaveLength(2);
      expect(parisTime(asked(0)[0]?.at).slice(11)).not.toBe(parisTime(asked(0)[1]?.at).slice(11));
      expect(await house.healthOf(0)).toMatchObject({
        state: 'working',
        refusals: 0,
        workedAt: asked(0)[1]?.at,
      });
      expect(await house.letters()).toEqual([]);
      expect(await house.alarms()).toEqual([]);
    });

    test('that was slept through is made up for in the next one, unless that is too far away', async () => {
      await open(1);
      await house.until('2027-03-02T09:00');
      house.later(DAY - 2 * HOUR);
      await house.until('2027-03-03T08:00');
      expect(asked(0)).toHaveLength(1);
      await house.until('2027-03-03T13:00');
      expect(asked(0)).toHaveLength(2);
    });

    test('leaves alone what is retired, and what has a new password on its way', async () => {
      await open(2);
      await house.database.db
        .updateTable('technical_users')
        .set({ retired: 1 })
        .where('id', '=', house.userOf(0).id)
        .execute();
      await house.until('2027-03-02T00:59');
      const { rules, rotations, newId } = house.world;
      await rotations.turn(house.userOf(1).id, (book) =>
        announce(book, AGENT, newId(), { ...rules, announcement: 6 * HOUR }, house.now()),
      );
      await house.until('2027-03-02T06:00');
      expect(house.chorus.answers).toEqual([]);
      await house.until('2027-03-02T09:00');
      expect(asked(1)).toHaveLength(1);
      expect(asked(0)).toHaveLength(0);
    });

    test('begins with whoever is waited for, and vouches by those that worked last', async () => {
      await open(4);
      const { database, world } = house;
      const id = (nth: number) => house.userOf(nth).id;
      const set = (nth: number, to: { next_at?: number; worked_at?: number; state?: 'stopped' }) =>
        database.db.updateTable('health').set(to).where('technical_user_id', '=', id(nth)).execute();
      for (const [nth, at] of [3, 1, 2, 0].entries()) await set(nth, { next_at: at, worked_at: at });
      await want(world, id(1));
      expect(await world.probes.due('production', house.now(), 9)).toEqual([1, 3, 2, 0].map(id));
      const controls = (limit: number) => world.probes.controls('production', id(3), limit);
      expect(await controls(2)).toEqual({ askable: [0, 2].map(id), others: 3 });
      await set(0, { state: 'stopped' });
      expect(await controls(2)).toEqual({ askable: [2, 1].map(id), others: 2 });
    });

    test('gives its first minute to the last of many, though nobody is asked about the others', async () => {
      await open(3);
      const { database, world } = house;
      const { id } = house.userOf(2);
      await database.db.deleteFrom('health').execute();
      await database.db.updateTable('technical_users').set({ retired: 1 }).where('id', '<>', id).execute();
      const unplanned = (after: number) => world.probes.unplanned(after, house.now(), 1);
      expect(await planAll({ ...world, probes: { ...world.probes, unplanned } })).toBe(1);
      expect(await house.healthOf(2)).toMatchObject({ state: 'unasked' });
    });

    test('gives its first minute to what came into service before there were probes', async () => {
      await open(2);
      await house.database.db.deleteFrom('health').execute();
      expect(await house.planAll()).toBe(2);
      expect(await house.planAll()).toBe(0);
      await house.until('2027-03-02T09:00');
      expect(house.chorus.answers).toHaveLength(2);
    });
  });

  describe('a password changed behind our back', () => {
    test('is looked at twice; then the connector holds, its manager has a letter, the IT service an alarm', async () => {
      await open(4);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T09:00');
      const refused = asked(0).filter(({ kind }) => kind === 'refused');
      expect((refused[1]?.at ?? 0) - (refused[0]?.at ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE);
      expect(await house.healthOf(0)).toMatchObject({ state: 'stopped' });
      expect(await house.letters()).toEqual(['stopped']);
      expect(await house.alarms()).toEqual(['stopped']);
      expect(await house.alarmFacts('stopped')).toMatchObject([
        { login: loginOf(0), address: 'maire0@example.test' },
      ]);
      expect([...file().holding]).toEqual([loginOf(0)]);
      expect(await house.healthOf(1)).toMatchObject({ state: 'working' });
    });

    test('keeps its connector on hold when a reset is announced, and nothing follows', async () => {
      await open(3);
      const { world } = house;
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T09:00');
      await world.rotations.turn(house.userOf(0).id, (book) =>
        announce(book, AGENT, 'told', world.rules, house.now()),
      );
      await house.until('2027-03-02T11:00');
      expect(await house.alarms()).toContain('announcement-over');
      expect([...file().holding]).toEqual([loginOf(0)]);
    });

    test('keeps its connector on hold when it is published once more', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T09:00');
      const { rotations, rules } = house.world;
      const writes = file().writes.length;
      await rotations.turn(house.userOf(0).id, (book) => reconcile(book, true, rules, house.now()));
      await house.until('2027-03-02T09:05');
      expect((await house.bookOf(0)).publications).toMatchObject([{ stage: 'done' }, { stage: 'done' }]);
      expect(file().writes.length).toBe(writes);
      expect([...file().holding]).toEqual([loginOf(0)]);
    });

    test('holds its connector again when the machine has started anew and /run is empty', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T09:00');
      file().holding.clear();
      const { rotations } = house.world;
      for (const id of await rotations.holding()) {
        await rotations.turn(id, (book) => tellAgain(book, house.now()));
      }
      await house.until('2027-03-02T09:05');
      expect([...file().holding]).toEqual([loginOf(0)]);
      expect((await house.bookOf(0)).holds).toMatchObject([{ wanted: true, applied: true }]);
    });

    test('goes on when the new one comes in', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'Zz9(newnewnew_');
      await house.until('2027-03-02T09:00');
      await submit(house.world, house.userOf(0), {
        ...AGENT,
        typed: { password: new Secret('Zz9(newnewnew_'), login: '', expiry: '' },
        changedOn: null,
        choice: null,
        keepUnclear: false,
      });
      await house.until('2027-03-02T09:05');
      expect([...file().holding]).toEqual([]);
      expect(file().held.get(loginOf(0))).toBe('Zz9(newnewnew_');
      // It was proven: a letter that it is refused later does not say that it was never seen to work.
      expect(await house.healthOf(0)).toMatchObject({ state: 'unasked', refusals: 0 });
      expect((await house.healthOf(0))?.workedAt).not.toBeNull();
    });

    test('costs no more failures than the budget, whoever else asks', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T01:00');
      for (let minute = 0; minute < 600; minute += 1) {
        await want(house.world, house.userOf(0).id);
        await probe(house.world, house.userOf(0).id, false);
        house.later(MINUTE);
      }
      const at = asked(0).map((one) => one.at);
      for (const [nth, from] of at.entries())
        expect((at[nth + 3] ?? Infinity) - from).toBeGreaterThanOrEqual(HOUR);
    });

    test('is not told because somebody asks twice in a minute: the second look comes after its pause', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      for (let nth = 0; nth < 3; nth += 1) {
        await want(house.world, house.userOf(0).id);
        await probe(house.world, house.userOf(0).id, false);
        house.later(MINUTE);
      }
      expect(await house.healthOf(0)).toMatchObject({ state: 'doubtful', refusals: 3 });
      expect(await house.alarms()).toEqual([]);
      await house.until('2027-03-01T17:30');
      expect(await house.alarms()).toEqual(['stopped']);
    });

    test.each([1, 5])(
      'refused under a clock %i days ahead, is told soon after it is put right',
      async (days) => {
        await open(3);
        house.chorus.alive.set(loginOf(0), 'somebody else knows');
        house.later(days * DAY);
        await want(house.world, house.userOf(0).id);
        await probe(house.world, house.userOf(0).id, true);
        house.later(-days * DAY);
        await house.planAll();
        await house.until('2027-03-01T11:00', MINUTE);
        expect(await house.healthOf(0)).toMatchObject({ state: 'stopped', refusals: 3 });
        expect(await house.alarms()).toEqual(['stopped']);
        expect(asked(0)).toHaveLength(3);
      },
    );

    test('is not held against it by the answers of a clock that was ahead', async () => {
      await open(3);
      house.later(DAY);
      for (const nth of [1, 2]) {
        await want(house.world, house.userOf(nth).id);
        await probe(house.world, house.userOf(nth).id, true);
      }
      house.later(-DAY);
      for (const nth of [0, 1, 2]) house.chorus.alive.set(loginOf(nth), 'nobody knows');
      await want(house.world, house.userOf(0).id);
      await house.until('2027-03-01T11:00');
      expect(await house.healthOf(0)).toMatchObject({ state: 'doubtful' });
      expect(await house.alarms()).toEqual([]);
    });

    test('stays in the hands of whoever asks, however long the answer takes', async () => {
      await open(2);
      const { world, chorus } = house;
      const { id } = house.userOf(0);
      const { check } = chorus;
      await want(world, id);
      chorus.check = async (...question) => {
        for (let minute = 0; minute < 10; minute += 1) {
          house.later(MINUTE);
          const lease = (await house.healthOf(0))?.lease ?? '';
          await world.rotations.turn(id, (book) => renew(book, lease, world.rules, house.now()));
          expect(await probe(world, id, true)).toBeNull();
        }
        return check(...question);
      };
      expect(await probe(world, id, true)).toMatchObject({ probed: 'working' });
      expect(asked(0)).toHaveLength(1);
    });

    test('that never answers holds up nobody whose time comes meanwhile', async () => {
      await open(3);
      const { world, chorus } = house;
      const { check } = chorus;
      const silence = Promise.withResolvers<void>();
      chorus.check = async (...question) => {
        if (question[1] === loginOf(0)) await silence.promise;
        return check(...question);
      };
      const probing = startProbes({ world });
      await want(world, house.userOf(0).id);
      await probing.round();
      house.later(MINUTE);
      await want(world, house.userOf(1).id);
      await probing.round();
      await expect.poll(async () => (await house.healthOf(1))?.state).toBe('working');
      expect((await house.healthOf(0))?.state).toBe('unasked');
      silence.resolve();
      await probing.stop(10_000);
      expect((await house.healthOf(0))?.state).toBe('working');
    });

    test('that works again after an hour was a lock: all is told, and the connector goes on', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'locked');
      await house.until('2027-03-02T00:59');
      for (let minute = 0; minute < 300 && (await house.healthOf(0))?.state !== 'stopped'; minute += 1) {
        house.later(MINUTE);
        await house.round();
      }
      house.chorus.alive.set(loginOf(0), passwordOf(0));
      await house.until('2027-03-02T09:00');
      expect(await house.letters()).toEqual(['stopped', 'working-again']);
      expect(await house.alarms()).toEqual(['stopped', 'works-again']);
      expect([...file().holding]).toEqual([]);
      expect(await house.healthOf(0)).toMatchObject({ state: 'working', refusals: 0 });
    });

    test('is found alone on its platform too, when no lock can be the reason any more', async () => {
      await open(1);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T09:00');
      const refused = asked(0).map(({ at }) => at);
      expect(refused).toHaveLength(3);
      expect((refused[2] ?? 0) - (refused[0] ?? 0)).toBeGreaterThan(HOUR);
      expect(await house.alarms()).toEqual(['stopped']);
    });

    test('is asked about again when a lock must be over, even if somebody asks before', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'locked');
      await want(house.world, house.userOf(0).id);
      await house.until('2027-03-01T10:20');
      const stopped = await house.healthOf(0);
      expect(stopped).toMatchObject({ state: 'stopped', refusals: 2 });
      await want(house.world, house.userOf(0).id);
      expect(await probe(house.world, house.userOf(0).id, false)).toMatchObject({ probed: 'still-stopped' });
      expect((await house.healthOf(0))?.nextAt).toBe((stopped?.refusedAt ?? 0) + 70 * MINUTE);
      expect(await house.alarms()).toEqual(['stopped']);
    });

    test('is left alone after four refusals, until somebody asks: one more might lock its account', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-06T09:00', 10 * MINUTE);
      expect(asked(0)).toHaveLength(4);
      expect((await house.world.probes.planned(house.now() + DAY)).map(({ login }) => login)).not.toContain(
        loginOf(0),
      );
      // The list and the check go on showing that it is dead.
      expect((await healthStates(house)).get(house.userOf(0).id)).toBe('stopped');
      expect((await seePlatforms(house, house.clock)).inService).toContainEqual(
        expect.objectContaining({ login: loginOf(0), state: 'stopped' }),
      );
      house.chorus.alive.set(loginOf(0), passwordOf(0));
      await want(house.world, house.userOf(0).id);
      await house.until('2027-03-06T09:10');
      expect(await house.healthOf(0)).toMatchObject({ state: 'working' });
      expect(await house.alarms()).toEqual(['stopped', 'works-again']);
    });

    test('is counted no more once its account is retired', async () => {
      await open(3);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      await house.until('2027-03-02T09:00');
      const sight = openSight(house.database);
      expect(await sight.healthByState()).toContainEqual({ state: 'stopped', count: 1 });
      const { id } = house.userOf(0);
      await house.database.db
        .updateTable('technical_users')
        .set({ retired: 1 })
        .where('id', '=', id)
        .execute();
      expect(await sight.healthByState()).toEqual([{ state: 'working', count: 2 }]);
    });

    test('is told again when it happens again', async () => {
      await open(2);
      for (const day of ['02', '03']) {
        house.chorus.alive.set(loginOf(0), 'somebody else knows');
        await house.until(`2027-03-${day}T09:00`);
        house.chorus.alive.set(loginOf(0), passwordOf(0));
        await want(house.world, house.userOf(0).id);
        await house.until(`2027-03-${day}T09:05`);
      }
      expect((await house.letters()).sort()).toEqual([
        'stopped',
        'stopped',
        'working-again',
        'working-again',
      ]);
    });
  });

  describe('a connector that says it was refused', () => {
    const report = (nth: number) =>
      house.world.rotations.turn(house.userOf(nth).id, (book) =>
        reportRefused(book, 'connector', house.world.rules, house.now()),
      );

    test('has its password looked at within seconds, at any hour, and no more often than is good', async () => {
      await open(3);
      expect(await report(0)).toMatchObject({ kind: 'asking', state: 'unasked' });
      await house.round();
      expect(asked(0)).toHaveLength(1);
      expect(await report(0)).toMatchObject({ kind: 'known', state: 'working' });
      house.later(6 * MINUTE);
      house.chorus.alive.set(loginOf(0), 'somebody else knows');
      expect(await report(0)).toMatchObject({ kind: 'asking', state: 'working' });
      await house.round();
      expect(await report(0)).toMatchObject({ kind: 'known', state: 'doubtful' });
      await house.until('2027-03-01T17:00');
      expect(await report(0)).toMatchObject({ kind: 'known', state: 'stopped' });
      expect(await house.alarms()).toEqual(['stopped']);
    });

    test('is told when there is nothing to look at', async () => {
      await open(1);
      await house.database.db.updateTable('technical_users').set({ retired: 1 }).execute();
      expect(await report(0)).toEqual({ kind: 'none' });
    });
  });

  describe('when nobody is believed', () => {
    test('nobody is told to renew; after a while the IT service hears of it, once, and of its end', async () => {
      await open(6);
      for (const { login } of house.users) house.chorus.alive.set(login, 'the directory is out of order');
      await house.until('2027-03-02T09:00');
      expect(await house.letters()).toEqual([]);
      expect(await house.alarms()).toEqual(['outage']);
      expect(await house.alarmFacts('outage')).toMatchObject([
        { environment: 'production', cause: 'password-refused' },
      ]);
      expect([...file().holding]).toEqual([]);
      for (const [nth, { login }] of house.users.entries()) house.chorus.alive.set(login, passwordOf(nth));
      await house.until('2027-03-03T09:00');
      expect((await house.alarms()).sort()).toEqual(['outage', 'outage-over']);
      for (const nth of house.users.keys())
        expect(await house.healthOf(nth)).toMatchObject({ state: 'working' });
    });
  });

  describe('a directory that fails in the midst of a night', () => {
    const fail = () => {
      for (const { login } of house.users) house.chorus.alive.set(login, 'the directory is out of order');
    };
    const mend = () => {
      for (const [nth, { login }] of house.users.entries()) house.chorus.alive.set(login, passwordOf(nth));
    };
    const look = async (nth: number) => {
      await want(house.world, house.userOf(nth).id);
      return (await probe(house.world, house.userOf(nth).id, true))?.probed;
    };

    test('is held against nobody, though an account was believed a moment before', async () => {
      await open(4);
      expect(await look(1)).toBe('working');
      house.later(MINUTE);
      fail();
      expect(await look(0)).toBe('doubtful');
      house.later(11 * MINUTE);
      expect(await look(0)).toBe('unjudged');
      expect(await house.letters()).toEqual([]);
    });

    test('and recovers right after a second look: still held against nobody', async () => {
      await open(4);
      fail();
      expect(await look(0)).toBe('doubtful');
      house.later(11 * MINUTE);
      const { check } = house.chorus;
      house.chorus.check = async (...question) => {
        const verdict = await check(...question);
        if (question[1] === loginOf(0)) mend();
        return verdict;
      };
      expect(await look(0)).toBe('unjudged');
      expect(await house.letters()).toEqual([]);
      house.later(6 * MINUTE);
      expect(await look(0)).toBe('working');
    });
  });

  describe('an outage', () => {
    test('is one incident: one account at a time is asked, one alarm, one all-clear, nothing to managers', async () => {
      await open(8);
      await house.until('2027-03-02T00:30');
      house.chorus.down = 'piste-down';
      await house.until('2027-03-02T06:00');
      expect(await house.alarms()).toEqual(['outage']);
      const calls = house.chorus.answers.length;
      expect(calls).toBeLessThan(8 + 60);
      house.chorus.down = null;
      await house.until('2027-03-02T09:00');
      expect((await house.alarms()).sort()).toEqual(['outage', 'outage-over']);
      expect(await house.letters()).toEqual([]);
      for (const nth of house.users.keys())
        expect(await house.healthOf(nth)).toMatchObject({ state: 'working', unanswered: 0 });
    });

    test('has one account alone asked whether another works, else up to three', async () => {
      await open(6);
      const { world, chorus } = house;
      const { id } = house.userOf(0);
      const others = async () => {
        chorus.answers.length = 0;
        expect(await anotherWorks(world, 'production', id)).toBe(false);
        return chorus.answers.length;
      };
      house.later(HOUR);
      chorus.down = 'piste-down';
      expect(await others()).toBe(3);
      expect(await others()).toBe(1);
    });

    test('is tried by one account when its time has come, by none before, and by no second one meanwhile', async () => {
      await open(6);
      const { world, chorus } = house;
      chorus.down = 'piste-down';
      for (const { id } of house.users) await want(world, id);
      for (const { id } of house.users.slice(0, 3)) await probe(world, id, true);
      expect(await house.round()).toBe(0);
      house.later(30_000);
      const { check } = chorus;
      const silence = Promise.withResolvers<void>();
      let begun = 0;
      chorus.check = async (...question) => {
        begun += 1;
        await silence.promise;
        return check(...question);
      };
      const rounds = openProbeRounds(world);
      for (let look = 0; look < 2; look += 1) await rounds.look();
      await expect.poll(() => begun).toBe(1);
      silence.resolve();
      expect(await rounds.idle()).toBe(1);
      expect(begun).toBe(1);
    });

    const announced = async () => {
      const at = (text: string) =>
        Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;
      await house.world.platforms.enterMaintenance({
        id: 'm1',
        environment: 'production',
        from: at('2027-03-02T00:00'),
        to: at('2027-03-02T06:00'),
        why: 'new version',
        by: 'agent',
        enteredAt: house.now(),
      });
      house.chorus.down = 'chorus-pro-down';
    };

    test('that is announced is told to nobody, and nobody is asked', async () => {
      await open(3);
      await announced();
      await house.until('2027-03-02T05:59');
      expect(house.chorus.answers).toEqual([]);
      house.chorus.down = null;
      await house.until('2027-03-02T09:00');
      expect(house.chorus.answers).toHaveLength(3);
      expect(await house.alarms()).toEqual([]);
    });

    test('that is announced is no news to whoever asks all the same', async () => {
      await open(3);
      await announced();
      await house.until('2027-03-02T01:00');
      for (let hour = 0; hour < 4; hour += 1) {
        await want(house.world, house.userOf(0).id);
        expect(await probe(house.world, house.userOf(0).id, false)).toMatchObject({ probed: 'unanswered' });
        house.later(HOUR);
      }
      expect(await house.world.platforms.of('production')).toMatchObject({ badSince: null, told: false });
    });

    test('of one platform is none of the other', async () => {
      await open(4, [{}, {}, { environment: 'qualification' }, { environment: 'qualification' }]);
      await house.until('2027-03-02T00:30');
      house.chorus.silent.set(loginOf(0), 'network');
      house.chorus.silent.set(loginOf(1), 'network');
      await house.until('2027-03-02T09:00');
      expect(await house.alarmFacts('outage')).toMatchObject([
        { environment: 'production', cause: 'network' },
      ]);
      expect(asked(2).map(({ kind }) => kind)).toEqual(['accepted']);
    });
  });

  describe('one account without an answer', () => {
    test('while others have one is told to the IT service alone, with its cause', async () => {
      await open(3);
      house.chorus.silent.set(loginOf(0), 'application-not-allowed');
      await house.until('2027-03-05T09:00', 10 * MINUTE);
      expect(await house.alarms()).toEqual(['unanswered']);
      expect(await house.alarmFacts('unanswered')).toMatchObject([
        { login: loginOf(0), cause: 'application-not-allowed' },
      ]);
      expect(await house.letters()).toEqual([]);
    });
  });

  test('accounts that nobody can ask about are each compared with three others, not with the others of those', async () => {
    await open(6);
    house.later(HOUR);
    let asked = 0;
    house.chorus.check = async () => {
      asked += 1;
      return VAULT_SHUT;
    };
    for (const nth of [0, 1, 2, 3, 4, 5, 0]) {
      asked = 0;
      await want(house.world, house.userOf(nth).id);
      await probe(house.world, house.userOf(nth).id, true);
    }
    expect(asked).toBe(4);
  });

  test('a fault that meets every account is told once a minute, not once for each', async () => {
    await open(6);
    const error = vi.spyOn(house.world.journal, 'error');
    house.chorus.check = () => Promise.reject(new Error('the disk is full'));
    for (const nth of [0, 1, 2, 3, 4, 5]) await want(house.world, house.userOf(nth).id);
    await house.round();
    expect(error).toHaveBeenCalledTimes(1);
  });

  describe('what the account may do', () => {
    const elsewhere = { siret: '21900099900019', name: 'Commune voisine' };

    test('is told once when the right is missing, and again when it changes', async () => {
      await open(2);
      house.chorus.rights.set(loginOf(0), { entitled: false, structures: [] });
      await house.until('2027-03-04T09:00', 10 * MINUTE);
      expect(await house.alarms()).toEqual(['entitlement']);
      house.chorus.rights.set(loginOf(0), { entitled: true, structures: [elsewhere] });
      await house.until('2027-03-05T09:00', 10 * MINUTE);
      expect(await house.alarms()).toEqual(['entitlement', 'entitlement']);
      const [first, second] = await house.alarmFacts('entitlement');
      const home = expect.stringContaining(`(${house.userOf(0).home.siret})`);
      expect(first).toMatchObject({ environment: 'production', cause: 'not-entitled', missing: home });
      expect(first).not.toHaveProperty('unregistered');
      expect(second).toMatchObject({ unregistered: 'Commune voisine (21900099900019)', missing: home });
      expect(await house.letters()).toEqual([]);
    });
  });

  describe('a password that works past its date', () => {
    test('is noted, and told to nobody', async () => {
      await open(2, [{ changedOn: '2026-01-15' }]);
      await house.until('2027-03-03T09:00', 10 * MINUTE);
      expect(await house.healthOf(0)).toMatchObject({ state: 'working', workedPast: '2027-03-03' });
      expect(await house.healthOf(1)).toMatchObject({ workedPast: null });
      expect(await house.alarms()).toEqual([]);
    });
  });
}
