// What the probe makes of platforms that believe nobody, or do not answer: nothing is held against any account.
import { describe, expect, test, vi } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { VAULT_SHUT } from '../../../src/domain/verification/classify-answer.ts';
import { anotherWorks, probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { openProbeRounds } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { type FleetWorld, loginOf, passwordOf } from '../../rig/world-fleet.ts';
import { probeScene } from './probe-scene.ts';

/** The suite over databases that `place` makes, a new one each time. */
export function probeOutages(place: () => Promise<DatabasePlace>): void {
  let world: FleetWorld;
  const { asked, file, open } = probeScene(place, (opened) => {
    world = opened;
  });

  describe('when nobody is believed', () => {
    test('nobody is told to renew; after a while the IT service hears of it, once, and of its end', async () => {
      await open(6);
      for (const { login } of world.users) world.chorus.alive.set(login, 'the directory is out of order');
      await world.until('2027-03-02T09:00');
      expect(await world.lettersWritten()).toEqual([]);
      expect(await world.alarmsRaised()).toEqual(['outage']);
      expect(await world.alarmFacts('outage')).toMatchObject([
        { environment: 'production', cause: 'password-refused' },
      ]);
      expect([...file().holding]).toEqual([]);
      for (const [nth, { login }] of world.users.entries()) world.chorus.alive.set(login, passwordOf(nth));
      await world.until('2027-03-03T09:00');
      expect((await world.alarmsRaised()).sort()).toEqual(['outage', 'outage-over']);
      for (const nth of world.users.keys())
        expect(await world.healthAt(nth)).toMatchObject({ state: 'working' });
    });
  });

  describe('a directory that fails in the midst of a night', () => {
    const fail = () => {
      for (const { login } of world.users) world.chorus.alive.set(login, 'the directory is out of order');
    };
    const mend = () => {
      for (const [nth, { login }] of world.users.entries()) world.chorus.alive.set(login, passwordOf(nth));
    };
    const look = async (nth: number) => {
      await requestProbeNow(world.ports, world.userAt(nth).id);
      return (await probe(world.ports, world.userAt(nth).id, { background: true }))?.probed;
    };

    test('is held against nobody, though an account was believed a moment before', async () => {
      await open(4);
      expect(await look(1)).toBe('working');
      world.later(MINUTE);
      fail();
      expect(await look(0)).toBe('doubtful');
      world.later(11 * MINUTE);
      expect(await look(0)).toBe('unjudged');
      expect(await world.lettersWritten()).toEqual([]);
    });

    test('and recovers right after a second look: still held against nobody', async () => {
      await open(4);
      fail();
      expect(await look(0)).toBe('doubtful');
      world.later(11 * MINUTE);
      const { verify: check } = world.chorus;
      world.chorus.verify = async (...question) => {
        const verdict = await check(...question);
        if (question[1] === loginOf(0)) mend();
        return verdict;
      };
      expect(await look(0)).toBe('unjudged');
      expect(await world.lettersWritten()).toEqual([]);
      world.later(HOUR);
      expect(await look(0)).toBe('working');
    });
  });

  describe('an outage', () => {
    test('is one incident: one account at a time is asked, one alarm, one all-clear, nothing to managers', async () => {
      await open(8);
      await world.until('2027-03-02T00:30');
      world.chorus.down = 'piste-down';
      await world.until('2027-03-02T06:00');
      expect(await world.alarmsRaised()).toEqual(['outage']);
      const calls = world.chorus.answers.length;
      expect(calls).toBeLessThan(8 + 60);
      world.chorus.down = null;
      await world.until('2027-03-02T09:00');
      expect((await world.alarmsRaised()).sort()).toEqual(['outage', 'outage-over']);
      expect(await world.lettersWritten()).toEqual([]);
      for (const nth of world.users.keys())
        expect(await world.healthAt(nth)).toMatchObject({ state: 'working', unanswered: 0 });
    });

    test('has one account alone asked whether another works, else up to three', async () => {
      await open(6);
      const { ports, chorus } = world;
      const { id } = world.userAt(0);
      const others = async () => {
        chorus.answers.length = 0;
        expect(await anotherWorks(ports, 'production', id)).toBe(false);
        return chorus.answers.length;
      };
      world.later(HOUR);
      chorus.down = 'piste-down';
      expect(await others()).toBe(3);
      expect(await others()).toBe(1);
    });

    test('is tried by one account when its time has come, by none before, and by no second one meanwhile', async () => {
      await open(6);
      const { ports, chorus } = world;
      chorus.down = 'piste-down';
      for (const { id } of world.users) await requestProbeNow(ports, id);
      for (const { id } of world.users.slice(0, 3)) await probe(ports, id, { background: true });
      expect(await world.round()).toBe(0);
      world.later(30_000);
      const { verify: check } = chorus;
      const silence = Promise.withResolvers<void>();
      let begun = 0;
      chorus.verify = async (...question) => {
        begun += 1;
        await silence.promise;
        return check(...question);
      };
      const rounds = openProbeRounds(ports, () => true);
      for (let look = 0; look < 2; look += 1) await rounds.look();
      await expect.poll(() => begun).toBe(1);
      silence.resolve();
      expect(await rounds.idle()).toBe(1);
      expect(begun).toBe(1);
    });

    const announced = async () => {
      const at = (text: string) =>
        Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;
      await world.ports.platforms.enterMaintenance({
        id: 'm1',
        environment: 'production',
        from: at('2027-03-02T00:00'),
        to: at('2027-03-02T06:00'),
        why: 'new version',
        by: 'agent',
        enteredAt: world.now(),
      });
      world.chorus.down = 'chorus-pro-down';
    };

    test('that is announced is told to nobody, and nobody is asked', async () => {
      await open(3);
      await announced();
      await world.until('2027-03-02T05:59');
      expect(world.chorus.answers).toEqual([]);
      world.chorus.down = null;
      await world.until('2027-03-02T09:00');
      expect(world.chorus.answers).toHaveLength(3);
      expect(await world.alarmsRaised()).toEqual([]);
    });

    test('that is announced is no news to whoever asks all the same', async () => {
      await open(3);
      await announced();
      await world.until('2027-03-02T01:00');
      for (let hour = 0; hour < 4; hour += 1) {
        await requestProbeNow(world.ports, world.userAt(0).id);
        expect(await probe(world.ports, world.userAt(0).id, { background: false })).toMatchObject({
          probed: 'unanswered',
        });
        world.later(HOUR);
      }
      expect(await world.ports.platforms.of('production')).toMatchObject({
        failingSince: null,
        alarmed: false,
      });
    });

    test('of one platform is none of the other', async () => {
      await open(4, [{}, {}, { environment: 'qualification' }, { environment: 'qualification' }]);
      await world.until('2027-03-02T00:30');
      world.chorus.silent.set(loginOf(0), 'network');
      world.chorus.silent.set(loginOf(1), 'network');
      await world.until('2027-03-02T09:00');
      expect(await world.alarmFacts('outage')).toMatchObject([
        { environment: 'production', cause: 'network' },
      ]);
      expect(asked(2).map(({ kind }) => kind)).toEqual(['accepted']);
    });
  });

  describe('one account without an answer', () => {
    test('while others have one is told to the IT service alone, with its cause', async () => {
      await open(3);
      world.chorus.silent.set(loginOf(0), 'application-not-allowed');
      await world.until('2027-03-05T09:00', 10 * MINUTE);
      expect(await world.alarmsRaised()).toEqual(['unanswered']);
      expect(await world.alarmFacts('unanswered')).toMatchObject([
        { login: loginOf(0), cause: 'application-not-allowed' },
      ]);
      expect(await world.lettersWritten()).toEqual([]);
    });
  });

  test('accounts that nobody can ask about are each compared with three others, not with the others of those', async () => {
    await open(6);
    world.later(HOUR);
    let asked = 0;
    world.chorus.verify = async () => {
      asked += 1;
      return VAULT_SHUT;
    };
    for (const nth of [0, 1, 2, 3, 4, 5, 0]) {
      asked = 0;
      await requestProbeNow(world.ports, world.userAt(nth).id);
      await probe(world.ports, world.userAt(nth).id, { background: true });
    }
    expect(asked).toBe(4);
  });

  test('a fault that meets every account is told once a minute, not once for each', async () => {
    await open(6);
    const error = vi.spyOn(world.ports.logger, 'error');
    world.chorus.verify = () => Promise.reject(new Error('the disk is full'));
    for (const nth of [0, 1, 2, 3, 4, 5]) await requestProbeNow(world.ports, world.userAt(nth).id);
    await world.round();
    expect(error).toHaveBeenCalledTimes(1);
  });
}
