// What happens to a password from hand to sink, whatever the answers, on whichever engine the books are kept.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { repeatHolds } from '../../../src/domain/rotation/hold.ts';
import { adopt, reconcile } from '../../../src/domain/rotation/publication.ts';
import { announce, withdraw } from '../../../src/domain/rotation/receive.ts';
import { currentRotation, openRotation } from '../../../src/domain/rotation/rotation.ts';
import { tellHolds } from '../../../src/use-cases/connectors/holds.ts';
import { want } from '../../../src/use-cases/monitoring/probe.ts';
import { probeRound } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { advanceAllRotations, progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { choose } from '../../../src/use-cases/rotation/submit.ts';
import { DAY, type HandoverHouse, HOUR, LOGIN, MINUTE, openHandoverHouse } from './open-rotations.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const AGENT = { channel: 'command', by: 'agent' } as const;

/** The suite over databases that `place` makes, a new one each time. */
export function handoverSuite(place: () => Promise<DatabasePlace>): void {
  let house: HandoverHouse;
  beforeEach(async () => {
    house = await openHandoverHouse({ place: await place() });
  });
  afterEach(() => house.close());

  const sink = (at: number) => {
    const found = house.sinks[at];
    if (found === undefined) throw new Error('no such sink');
    return found;
  };
  const letters = async () =>
    (await house.database.db.selectFrom('letters').select(['id', 'kind']).execute()).map(({ kind }) => kind);
  const alarms = async () =>
    (await house.database.db.selectFrom('alarms').select('kind').orderBy('raised_at').execute()).map(
      ({ kind }) => kind,
    );
  const trail = async () => {
    const lines = [];
    for await (const line of house.audit.lines()) lines.push(line);
    return lines;
  };

  /** Hands a good password in, all the way. */
  async function goThrough(password: string): Promise<void> {
    house.chorus.alive.set(LOGIN, password);
    expect((await house.submit(password)).kind).toBe('taken');
    await house.advanceRotation();
  }

  describe('a good password', () => {
    test('goes from hand to every sink at once, with a letter, a line and its dates', async () => {
      await goThrough(FIRST);
      const aggregate = await house.aggregate();
      const current = currentRotation(aggregate);
      expect(current).toMatchObject({ stage: 'published', proven: 'chorus-pro', version: 2 });
      expect(aggregate.user).toMatchObject({ version: 2 });
      expect(aggregate.user.facts.changedOn?.toString()).toBe('2027-03-01');
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(sink(1).held.get(LOGIN)).toBe(FIRST);
      expect(sink(0).hooks).toEqual([{ login: LOGIN, version: 2 }]);
      expect(await letters()).toEqual(['confirmation']);
      expect(await alarms()).toEqual(['rotated']);
      expect((await trail()).map(({ what }) => what)).toEqual([
        'received',
        'accepted',
        'published',
        'published',
        'published everywhere',
      ]);
      expect(await house.audit.verify()).toMatchObject({ ok: true, lines: 5 });
      expect(progressOf(aggregate, current?.id ?? null)).toMatchObject({
        phase: 'proven',
        published: true,
        proven: true,
      });
    });

    test('makes the ladder start anew', async () => {
      await goThrough(FIRST);
      const row = await house.database.db.selectFrom('technical_users').selectAll().executeTakeFirstOrThrow();
      expect(row).toMatchObject({ wake_on: '', changed_on: '2027-03-01', portal_on: null, version: 2 });
      const events = await house.database.db.selectFrom('events').select(['field', 'new_value']).execute();
      expect(events).toContainEqual({ field: 'changed', new_value: '2027-03-01' });
    });

    test('handed in again is the one in service, or the one that is under way', async () => {
      house.chorus.alive.set(LOGIN, FIRST);
      const [one, two] = [await house.submit(FIRST), await house.submit(FIRST)];
      expect(two).toEqual(one);
      await house.advanceRotation();
      expect(await house.submit(FIRST)).toEqual({ kind: 'known', as: 'current' });
      await goThrough(SECOND);
      expect(await house.submit(FIRST)).toEqual({ kind: 'known', as: 'former' });
    });

    test('leaves the former one sealed for a week, then destroys it', async () => {
      await goThrough(FIRST);
      await goThrough(SECOND);
      const former = (await house.aggregate()).rotations.find(({ version }) => version === 2);
      expect(former).toMatchObject({ standing: 'previous' });
      expect(await house.ports.rotations.credential(former?.credential ?? '')).not.toBeNull();
      house.later(7 * DAY + MINUTE);
      await house.tick();
      expect(await house.ports.rotations.credential(former?.credential ?? '')).toBeNull();
      const row = await house.database.db
        .selectFrom('credentials')
        .selectAll()
        .where('id', '=', former?.credential ?? '')
        .executeTakeFirstOrThrow();
      expect([row.data_key.byteLength, row.box.byteLength]).toEqual([0, 0]);
      expect(currentRotation(await house.aggregate())).toMatchObject({ stage: 'closed', version: 3 });
    });

    test('is adopted once the connector says so, and the former one goes at once', async () => {
      await goThrough(FIRST);
      await goThrough(SECOND);
      expect(
        await house.ports.rotations.update(house.id, (aggregate) =>
          adopt(aggregate, 2, 'connector', house.now()),
        ),
      ).toBe(false);
      expect(
        await house.ports.rotations.update(house.id, (aggregate) =>
          adopt(aggregate, 3, 'connector', house.now()),
        ),
      ).toBe(true);
      expect(currentRotation(await house.aggregate())?.stage).toBe('adopted');
      await house.tick();
      const aggregate = await house.aggregate();
      expect(currentRotation(aggregate)?.stage).toBe('closed');
      expect(aggregate.rotations.find(({ version }) => version === 2)?.credential).toBeNull();
    });
  });

  describe('a refused password', () => {
    const refuse = async () => {
      house.chorus.alive.set(LOGIN, 'another one');
      await house.submit(FIRST);
      await house.advanceRotation();
    };

    test('without a former one is asked again by and by, told of after four refusals, and kept for two weeks', async () => {
      await refuse();
      const start = house.now();
      for (let minute = 0; minute < 200; minute += 1) {
        house.later(MINUTE);
        await house.tick();
      }
      const asked = house.chorus.answers.map(({ at }) => Math.round((at - start) / MINUTE));
      // By itself the daemon never spends the last of the three failures an hour.
      expect(asked).toEqual([0, 15, 61, 90, 154]);
      expect(await letters()).toEqual(['refusal']);
      expect(await alarms()).toEqual(['password-refused']);
      // Neither says that it was given up: it is kept, and asked about again.
      const [alarm] = await house.database.db.selectFrom('alarms').select('facts').execute();
      expect(JSON.parse(alarm?.facts ?? '{}')).toMatchObject({ kept: true });
      expect(openRotation(await house.aggregate())?.credential).not.toBeNull();
      for (let hour = 0; hour < 14 * 24; hour += 1) {
        house.later(HOUR);
        await house.tick();
      }
      // Four rounds an hour apart, then one a night.
      expect(house.chorus.answers.length).toBeLessThanOrEqual(8 + 14);
      expect(openRotation(await house.aggregate())).toBeNull();
      expect(
        await house.database.db.selectFrom('credentials').select('destroyed_at').execute(),
      ).not.toContainEqual({
        destroyed_at: null,
      });
    });

    test('that becomes good within its window goes through', async () => {
      await refuse();
      house.later(10 * MINUTE);
      house.chorus.alive.set(LOGIN, FIRST);
      house.later(6 * MINUTE);
      await house.tick();
      expect(currentRotation(await house.aggregate())).toMatchObject({ stage: 'published', refusals: 1 });
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('never touches the one in service', async () => {
      await goThrough(FIRST);
      await house.submit(SECOND);
      await house.advanceRotation();
      expect(currentRotation(await house.aggregate())).toMatchObject({ version: 2, stage: 'published' });
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('with a former one that works still was never submitted: its manager is told, the connectors go on', async () => {
      await goThrough(FIRST);
      await house.ports.rotations.update(house.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'r1' }, house.ports.rules, house.now()),
      );
      await house.tick();
      expect(sink(0).holding.has(LOGIN)).toBe(true);
      await house.submit(SECOND);
      await house.advanceRotation();
      expect(openRotation(await house.aggregate())).toMatchObject({ refusals: 1, previousStillWorks: true });
      expect(await letters()).toContain('not-submitted');
      await house.tick();
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      // « Soumettre » was pressed since: handed in again, it is asked at once.
      house.chorus.alive.set(LOGIN, SECOND);
      house.later(20 * 1_000);
      await house.handIn(SECOND);
      expect(currentRotation(await house.aggregate())).toMatchObject({ version: 3 });
    });

    test('takes nothing from an older one that was good', async () => {
      house.chorus.down = 'piste-down';
      house.chorus.alive.set(LOGIN, FIRST);
      await house.submit(FIRST);
      await house.advanceRotation();
      await house.submit(SECOND);
      house.chorus.down = null;
      for (let minute = 0; minute < 200; minute += 1) {
        house.later(MINUTE);
        await house.tick();
      }
      expect(currentRotation(await house.aggregate())).toMatchObject({ version: 2 });
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('costs no more failures than the budget, whoever asks', async () => {
      for (const password of [
        'one(Aa1bcdefg',
        'two(Aa1bcdefg',
        'tri(Aa1bcdefg',
        'for(Aa1bcdefg',
        'fiv(Aa1bcdefg',
      ]) {
        await house.submit(password);
        await house.advanceRotation();
        house.later(MINUTE);
      }
      // The last failure of the hour is for a person who waits.
      expect(house.chorus.answers).toHaveLength(2);
      await house.handIn('six(Aa1bcdefg');
      expect(house.chorus.answers).toHaveLength(3);
      await house.handIn('sev(Aa1bcdefg');
      expect(house.chorus.answers).toHaveLength(3);
      expect(openRotation(await house.aggregate())).toMatchObject({ stage: 'candidate', refusals: 0 });
      house.later(HOUR);
      await house.tick();
      expect(house.chorus.answers.length).toBe(4);
    });
  });

  describe('a refusal that cost two failures', () => {
    test('counts as two', async () => {
      house.chorus.costs = 2;
      await house.submit(FIRST);
      await house.advanceRotation();
      expect((await house.aggregate()).attempts.filter(({ refused }) => refused)).toHaveLength(2);
      house.later(45 * MINUTE);
      await house.advanceRotation();
      expect(house.chorus.answers).toHaveLength(1);
      house.later(16 * MINUTE);
      await house.advanceRotation();
      expect(house.chorus.answers).toHaveLength(2);
    });
  });

  describe('no answer', () => {
    test('keeps the password for days, tells the IT service once, and goes on when Chorus Pro is back', async () => {
      house.chorus.down = 'piste-down';
      house.chorus.alive.set(LOGIN, FIRST);
      await house.submit(FIRST);
      for (let hour = 0; hour < 72; hour += 1) {
        await house.tick();
        house.later(HOUR);
      }
      expect(await alarms()).toEqual(['outage']);
      expect(openRotation(await house.aggregate())).toMatchObject({
        stage: 'candidate',
        cause: 'piste-down',
        refusals: 0,
      });
      house.chorus.down = null;
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('for two weeks gives the password up, aloud', async () => {
      house.chorus.down = 'chorus-pro-down';
      await house.submit(FIRST);
      for (let day = 0; day < 16; day += 1) {
        await house.tick();
        house.later(DAY);
      }
      expect(openRotation(await house.aggregate())).toBeNull();
      expect(await alarms()).toEqual(['outage', 'proof-stuck']);
    });
  });

  describe('sinks', () => {
    test('that fail are tried again and hold up nobody; at the third failure the IT service hears of it', async () => {
      sink(0).fault = 'disk full';
      await goThrough(FIRST);
      expect(sink(1).writes).toHaveLength(1);
      for (let tries = 0; tries < 4; tries += 1) {
        house.later(HOUR);
        await house.tick();
      }
      expect(sink(1).writes).toHaveLength(1);
      expect(await alarms()).toEqual(['publication-stuck']);
      sink(0).fault = null;
      house.later(HOUR);
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(currentRotation(await house.aggregate())?.stage).toBe('published');
    });

    test('with a hook that fails get the hook again, not the password', async () => {
      sink(0).hookFault = 'exit code 1';
      await goThrough(FIRST);
      house.later(MINUTE);
      await house.tick();
      expect(sink(0).writes).toHaveLength(1);
      expect(sink(0).hooks).toHaveLength(0);
      sink(0).hookFault = null;
      house.later(MINUTE);
      await house.tick();
      expect(sink(0).writes).toHaveLength(1);
      expect(sink(0).hooks).toHaveLength(1);
    });

    test.each(['compare', 'write', 'hook'] as const)(
      'that meet an error nobody foresaw wait as for any fault, and hold up nobody: %s',
      async (bad) => {
        let met = 0;
        sink(0).at = (step) => {
          if (step !== bad) return;
          met += 1;
          throw new RangeError('a text that nobody must see');
        };
        await goThrough(FIRST);
        expect(sink(1).held.get(LOGIN)).toBe(FIRST);
        for (let tries = 1; tries <= 3; tries += 1) {
          await house.tick();
          expect([met, await alarms()]).toEqual([tries, tries < 3 ? [] : ['publication-stuck']]);
          house.later(10 * MINUTE);
        }
        const told = JSON.stringify((await house.aggregate()).publications);
        expect(told).toContain('RangeError');
        expect(told).not.toContain('nobody must see');
        sink(0).at = () => undefined;
        await house.tick();
        expect(currentRotation(await house.aggregate())?.stage).toBe('published');
      },
    );

    test('that hold the password already are not written, and their hook does not run', async () => {
      sink(0).held.set(LOGIN, FIRST);
      await goThrough(FIRST);
      expect([sink(0).writes.length, sink(0).hooks.length]).toEqual([0, 0]);
      expect(currentRotation(await house.aggregate())?.stage).toBe('published');
    });

    test('claimed for a password that is overtaken meanwhile hold the newer one in the end', async () => {
      const { compare } = sink(0);
      let overtaken = false;
      sink(0).compare = async (content) => {
        const found = await compare(content);
        if (!overtaken) {
          overtaken = true;
          await goThrough(SECOND);
        }
        return found;
      };
      await goThrough(FIRST);
      // The newer one waits for the claim of the older, and is written last.
      for (let times = 0; times < 3; times += 1) {
        house.later(6 * MINUTE);
        await house.tick();
      }
      expect(sink(0).writes.map(({ password }) => password)).toEqual([FIRST, SECOND]);
      expect(currentRotation(await house.aggregate())).toMatchObject({ version: 3, stage: 'published' });
    });

    test('made due again are compared, and written only where they differ', async () => {
      await goThrough(FIRST);
      sink(1).held.set(LOGIN, 'spoilt');
      const again = await house.ports.rotations.update(house.id, (aggregate) =>
        reconcile(aggregate, { all: true }, house.ports.rules, house.now()),
      );
      expect(again).toBe(2);
      await house.tick();
      expect([sink(0).writes.length, sink(1).writes.length]).toEqual([1, 2]);
      expect(sink(1).held.get(LOGIN)).toBe(FIRST);
      expect(await letters()).toEqual(['confirmation']);
    });
  });

  describe('announcements', () => {
    const tell = () =>
      house.ports.rotations.update(house.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'told' }, house.ports.rules, house.now()),
      );

    test('make connectors hold until the password is in place', async () => {
      expect(await tell()).toEqual({ kind: 'announced', until: house.now() + HOUR });
      await house.tick();
      expect(sink(0).holding.has(LOGIN)).toBe(true);
      await goThrough(FIRST);
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      expect(currentRotation(await house.aggregate())?.id).toBe('told');
    });

    const heldSince = async () => (await house.aggregate()).holds.map(({ appliedAt }) => appliedAt);

    test('are noted with the instant at which the connector was told, until it is told to go on', async () => {
      sink(0).holdFault = 'nobody answers';
      await tell();
      await house.tick();
      expect(await heldSince()).toEqual([null]);
      sink(0).holdFault = null;
      house.later(MINUTE);
      await house.tick();
      const since = house.now();
      expect(await heldSince()).toEqual([since]);
      // A daemon that starts anew tells it once more: it held all the while.
      house.later(MINUTE);
      await house.ports.rotations.update(house.id, (aggregate) => repeatHolds(aggregate, house.now()));
      await house.tick();
      expect(await heldSince()).toEqual([since]);
      await goThrough(FIRST);
      expect(await heldSince()).toEqual([null]);
    });

    test('made again after a try to take them back are noted anew', async () => {
      await tell();
      await house.tick();
      await house.ports.rotations.update(house.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'a mistake', house.now()),
      );
      // Nobody knows whether it went on.
      sink(0).holdFault = 'nobody answers';
      await house.tick();
      house.later(MINUTE);
      await tell();
      expect(await heldSince()).toEqual([null]);
      sink(0).holdFault = null;
      await house.tick();
      expect(await heldSince()).toEqual([house.now()]);
    });

    test('that a connector is slow to hear of hold up no proof; it goes on in the end', async () => {
      await tell();
      const slow = Promise.withResolvers<void>();
      sink(0).slow = slow.promise;
      const going = goThrough(FIRST);
      await expect.poll(() => sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(sink(0).telling).toBe(1);
      slow.resolve();
      await going;
      await house.tick();
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      expect(await heldSince()).toEqual([null]);
    });

    test('that a connector is told by two at once end with the word that is wanted', async () => {
      await tell();
      const slow = Promise.withResolvers<void>();
      sink(0).slow = slow.promise;
      const ticking = house.tick();
      await expect.poll(() => sink(0).telling).toBe(1);
      // The machine slept: nobody renewed the lease, and another daemon has told the connector to go on meanwhile.
      house.later(HOUR);
      await house.ports.rotations.update(house.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'a mistake', house.now()),
      );
      sink(0).slow = Promise.resolve();
      await tellHolds(house.ports, house.id);
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      slow.resolve();
      await ticking;
      expect(sink(0).holding.has(LOGIN)).toBe(true);
      await house.tick();
      expect(sink(0).holding.has(LOGIN)).toBe(false);
    });

    test('that meet an error nobody foresaw wait as for any fault; at the third the IT service hears of it', async () => {
      sink(0).at = (step) => {
        if (step === 'hold') throw new TypeError('a text that nobody must see');
      };
      await tell();
      for (let tries = 1; tries <= 3; tries += 1) {
        await house.tick();
        // Nothing is done again before its time has come.
        await house.tick();
        expect((await house.aggregate()).holds).toMatchObject([{ tries, lease: null }]);
        expect(await alarms()).toEqual(tries < 3 ? [] : ['hold-stuck']);
        house.later(10 * MINUTE);
      }
      const told = await house.database.db.selectFrom('alarms').select('facts').execute();
      expect(JSON.stringify(told)).toContain('TypeError');
      expect(JSON.stringify(told)).not.toContain('nobody must see');
    });

    test('that a connector cannot be told are tried again; at the third failure the IT service hears of it', async () => {
      sink(0).holdFault = 'ENOENT: create the folder';
      await tell();
      for (let tries = 1; tries <= 4; tries += 1) {
        await house.tick();
        expect(await alarms()).toEqual(tries < 3 ? [] : ['hold-stuck']);
        house.later(10 * MINUTE);
      }
      sink(0).holdFault = null;
      await house.tick();
      expect(sink(0).holding.has(LOGIN)).toBe(true);
    });

    test('that nothing follows end, with a word to the IT service', async () => {
      await tell();
      await house.tick();
      house.later(HOUR + 1);
      await house.tick();
      await house.tick();
      expect(sink(0).holding.size).toBe(0);
      expect(await alarms()).toEqual(['announcement-over']);
    });

    test('are taken back', async () => {
      await tell();
      await house.tick();
      await house.ports.rotations.update(house.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'a mistake', house.now()),
      );
      await house.tick();
      expect(sink(0).holding.size).toBe(0);
      expect(await alarms()).toEqual([]);
    });
  });

  describe('an error nobody foresaw about one account', () => {
    const faults = () =>
      house.database.db.selectFrom('item_faults').select(['work', 'tries', 'fault']).execute();

    test('is counted, waits, is an alarm at the third, and is forgotten once all goes well', async () => {
      house.chorus.alive.set(LOGIN, FIRST);
      await house.submit(FIRST);
      house.chorus.before = () => {
        throw new TypeError('a text that nobody must see');
      };
      for (let tries = 1; tries <= 3; tries += 1) {
        await house.tick();
        expect(await faults()).toEqual([{ work: 'proof', tries, fault: 'TypeError' }]);
        expect(await house.ports.rotations.due('proof', house.now(), 10)).toEqual([]);
        expect(await alarms()).toEqual(tries < 3 ? [] : ['item-failed']);
        house.later(31 * MINUTE);
      }
      const told = JSON.stringify(await house.database.db.selectFrom('alarms').select('facts').execute());
      expect(told).toContain(LOGIN);
      expect(told).not.toContain('nobody must see');
      house.chorus.before = () => undefined;
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(await faults()).toEqual([]);
    });

    test('in what time brings holds up nobody, and is counted', async () => {
      await house.ports.rotations.update(house.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'told' }, house.ports.rules, house.now()),
      );
      house.later(HOUR + 1);
      const { rotations } = house.ports;
      const update = () => Promise.reject(new RangeError('no such day'));
      const broken = { ...house.ports, rotations: { ...rotations, update } };
      await advanceAllRotations(broken, house.validity);
      expect(await faults()).toContainEqual({ work: 'time', tries: 1, fault: 'RangeError' });
      expect(await rotations.due('time', house.now(), 10)).toEqual([]);
      house.later(MINUTE);
      await house.tick();
      expect(await alarms()).toEqual(['announcement-over']);
      expect((await faults()).map(({ work }) => work)).not.toContain('time');
    });

    test('in a probe is counted, and it is not asked about again at once', async () => {
      await goThrough(FIRST);
      let met = 0;
      house.chorus.before = () => {
        met += 1;
        throw new TypeError('a text that nobody must see');
      };
      for (let tries = 1; tries <= 3; tries += 1) {
        await want(house.ports, house.id);
        await probeRound(house.ports);
        await probeRound(house.ports);
        expect([met, await faults()]).toEqual([tries, [{ work: 'probe', tries, fault: 'TypeError' }]]);
        house.later(HOUR + MINUTE);
      }
      expect(await alarms()).toEqual(['rotated', 'item-failed']);
    });
  });

  describe('what is unclear', () => {
    test('is kept sealed until somebody chooses, and never sent before', async () => {
      house.chorus.alive.set(LOGIN, FIRST);
      expect(await house.submit(` ${FIRST}\n`, { keepUnclear: true })).toMatchObject({
        kind: 'unclear',
        kept: true,
      });
      await house.tick();
      expect(house.chorus.answers).toEqual([]);
      expect(await choose(house.ports, await house.user(), 'clean', AGENT)).toMatchObject({ kind: 'taken' });
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(await choose(house.ports, await house.user(), 'clean', AGENT)).toBeNull();
    });

    test('does not hold up an older one for longer than an hour', async () => {
      house.chorus.down = 'piste-down';
      house.chorus.alive.set(LOGIN, FIRST);
      await house.submit(FIRST);
      await house.submit(` ${SECOND}`, { keepUnclear: true });
      house.chorus.down = null;
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBeUndefined();
      house.later(HOUR + 1);
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('is told to its manager after an hour, and ends after a week', async () => {
      await house.submit(` ${FIRST}`, { keepUnclear: true });
      house.later(HOUR + 1);
      await house.tick();
      expect(await letters()).toEqual(['unclear']);
      expect(await alarms()).toEqual(['choice-missing']);
      house.later(7 * DAY);
      await house.tick();
      expect(openRotation(await house.aggregate())).toBeNull();
    });
  });

  describe('without a proof', () => {
    test('an agent who knows puts it into service, and the trail says so', async () => {
      house.chorus.down = 'not-configured';
      await house.submit(FIRST);
      await house.advanceRotation();
      const accepted = await house.ports.rotations.update(house.id, (aggregate) =>
        acceptUnproven(aggregate, 'agent', house.ports.rules, house.now()),
      );
      expect(accepted).toMatchObject({ proven: 'unverified' });
      await house.tick();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect((await trail()).find(({ what }) => what === 'accepted without proof')?.who).toBe('agent');
      await house.ports.rotations.update(house.id, (aggregate) =>
        adopt(aggregate, 2, 'connector', house.now()),
      );
      expect(currentRotation(await house.aggregate())?.proven).toBe('connector');
    });

    test('a setting takes it as received, nobody is asked, and the one before can come back', async () => {
      await house.close();
      house = await openHandoverHouse({
        place: await place(),
        rules: { verification: { production: 'none', qualification: 'none' } },
      });
      await house.submit(FIRST);
      await house.submit(SECOND);
      await house.advanceRotation();
      expect(sink(0).held.get(LOGIN)).toBe(SECOND);
      expect(house.chorus.answers).toEqual([]);
      expect((await house.submit(FIRST)).kind).toBe('taken');
      await house.advanceRotation();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });
  });

  describe('without a master key', () => {
    test('nothing can be received, and nothing is lost when it comes back', async () => {
      await house.close();
      let keys: string | null = null;
      house = await openHandoverHouse({ place: await place(), keys: () => keys });
      expect(await house.submit(FIRST)).toEqual({ kind: 'shut' });
      keys = 'first:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n';
      house.vault.refresh();
      await goThrough(FIRST);
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });
  });
}
