// What happens to a password from hand to sink, whatever the answers, on whichever engine the books are kept.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DatabasePlace, upsert } from '../../../src/adapters/database/database.ts';
import { openMatters } from '../../../src/adapters/database/rotations/open-matters.ts';
import { openRotations } from '../../../src/adapters/database/rotations/rotations.ts';
import { adopt, reportLateAdoptions } from '../../../src/domain/monitoring/adoption.ts';
import { NEW_KEY } from '../../../src/domain/ports/audit-trail.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { repeatHolds } from '../../../src/domain/rotation/hold.ts';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { announce, withdraw } from '../../../src/domain/rotation/receive.ts';
import { currentRotation, findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import { applyHolds } from '../../../src/use-cases/connectors/holds.ts';
import { requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { choose } from '../../../src/use-cases/rotation/submit.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { advanceAllRotations, probeRound } from '../../rig/rounds.ts';
import { statements } from '../../rig/statements.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { keyLine, LOGIN, worldOver } from '../../rig/world-store.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const AGENT = { channel: 'command', by: 'agent' } as const;

/** The suite over databases that `place` makes, a new one each time. */
export function handoverSuite(place: () => Promise<DatabasePlace>): void {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ place: await place() });
  });
  afterEach(() => world.close());

  const sink = (at: number) => {
    const found = world.sinks[at];
    if (found === undefined) throw new Error('no such sink');
    return found;
  };
  const letters = async () =>
    (await world.database.db.selectFrom('letters').select(['id', 'kind']).execute()).map(({ kind }) => kind);
  const alarms = async () =>
    (await world.database.db.selectFrom('alarms').select('kind').orderBy('raised_at').execute()).map(
      ({ kind }) => kind,
    );
  const trail = async () => {
    const lines = [];
    for await (const line of world.audit.lines()) lines.push(line);
    return lines;
  };

  /** Hands a good password in, all the way. */
  async function goThrough(password: string): Promise<void> {
    world.chorus.alive.set(LOGIN, password);
    expect((await world.submit(password)).kind).toBe('taken');
    await world.advance();
  }

  describe('a good password', () => {
    test('goes from hand to every sink at once, with a letter, a line and its dates', async () => {
      await goThrough(FIRST);
      const aggregate = await world.aggregate();
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
      expect(await world.audit.verify()).toMatchObject({ ok: true, lines: 5 });
      expect(progressOf(aggregate, current?.id ?? null)).toMatchObject({
        phase: 'proven',
        published: true,
        readBack: true,
        proven: true,
      });
    });

    test('is handed over, not read back, where a command has no check: its word is all there is', async () => {
      await world.close();
      const push = fakeSink('push', { readsBack: false, hasHook: false });
      world = await openWorld({ place: await place(), sinks: [push, fakeSink('file')] });
      await goThrough(FIRST);
      const aggregate = await world.aggregate();
      expect(
        aggregate.publications.map(({ sink, stage, readBack }) => [sink, stage, readBack]).sort(),
      ).toEqual([
        ['file', 'done', true],
        ['push', 'done', false],
      ]);
      const published = (await trail()).filter(({ what }) => what === 'published');
      expect(published.map(({ sink, check }) => [sink, check]).sort()).toEqual([
        ['file', 'written and read back'],
        ['push', 'handed over, not read back'],
      ]);
      const alarm = await world.database.db.selectFrom('alarms').select('facts').executeTakeFirstOrThrow();
      expect(JSON.parse(alarm.facts)).toMatchObject({ detail: 'handed over to push, not read back' });
      const of = progressOf(aggregate, currentRotation(aggregate)?.id ?? null);
      expect(of).toMatchObject({ published: true, readBack: false });
      // Versions before 0.7.0 noted nothing, and « read back » was said of both; what a sink can do is known all the same.
      await world.database.db.updateTable('publications').set({ read_back: null }).execute();
      const earlier = await world.aggregate();
      expect(earlier.publications.map(({ sink, readBack }) => [sink, readBack]).sort()).toEqual([
        ['file', true],
        ['push', false],
      ]);
      expect(progressOf(earlier, currentRotation(earlier)?.id ?? null)).toMatchObject({ readBack: false });
      // As `close` looks for what is kept.
      await world.database.db
        .updateTable('publications')
        .set({ read_back: 1 })
        .where('sink', '=', 'file')
        .execute();
      await world.database.db
        .updateTable('publications')
        .set({ read_back: 0 })
        .where('sink', '=', 'push')
        .execute();
    });

    test('has the state of its account read once, and again only where somebody else has written', async () => {
      const { said, unsay } = statements();
      const reads = () =>
        said.splice(0).filter((text) => /select \* from "?rotations"? where tech/.test(text)).length;
      try {
        // The first one makes the key of fingerprints.
        await goThrough(FIRST);
        await world.aggregate();
        reads();
        await goThrough(SECOND);
        await world.aggregate();
        // On a server, who writes to its other databases counts as somebody else.
        if (world.database.engine === 'sqlite') expect(reads()).toBe(0);
        reads();
        await world.database.db.updateTable('structures').set({ name: 'Renamed' }).execute();
        expect((await world.aggregate()).user.home.name).toBe('Renamed');
        expect(reads()).toBe(1);
        // What is not committed is not kept.
        const { rotations } = world.ports;
        const fail = rotations.update(world.id, (aggregate) => {
          const { changes } = announce(aggregate, { actor: AGENT, id: 'never' }, world.rules, world.now());
          const [rotation] = changes?.rotations ?? [];
          if (changes === null || rotation === undefined) throw new Error('nothing was announced');
          // Two that are open at one time: the database refuses.
          return {
            changes: { ...changes, rotations: [rotation, { ...rotation, id: 'another' }] },
            answer: 0,
          };
        });
        await expect(fail).rejects.toThrow();
        expect((await world.aggregate()).rotations.some(({ stage }) => stage === 'announced')).toBe(false);
        reads();
        // Each of several at once sees what the one before it wrote; which comes first is the database's affair.
        const told = await Promise.all(
          ['one', 'two', 'three'].map((id) =>
            rotations.update(world.id, (aggregate) => {
              const before = aggregate.rotations.length;
              const { changes } = announce(aggregate, { actor: AGENT, id }, world.rules, world.now());
              return { changes, answer: before };
            }),
          ),
        );
        expect(told.toSorted()).toEqual([2, 3, 3]);
      } finally {
        unsay();
      }
    });

    test('makes the ladder start anew', async () => {
      await goThrough(FIRST);
      const row = await world.database.db.selectFrom('technical_users').selectAll().executeTakeFirstOrThrow();
      expect(row).toMatchObject({ wake_on: '', changed_on: '2027-03-01', portal_on: null, version: 2 });
      const events = await world.database.db.selectFrom('events').select(['field', 'new_value']).execute();
      expect(events).toContainEqual({ field: 'changed', new_value: '2027-03-01' });
    });

    test('handed in again is the one in service, or the one that is under way', async () => {
      world.chorus.alive.set(LOGIN, FIRST);
      const [one, two] = [await world.submit(FIRST), await world.submit(FIRST)];
      expect(two).toEqual(one);
      await world.advance();
      expect(await world.submit(FIRST)).toEqual({ kind: 'known', as: 'current' });
      await goThrough(SECOND);
      expect(await world.submit(FIRST)).toEqual({ kind: 'known', as: 'former' });
    });

    test('leaves the former one sealed for a week, then destroys it', async () => {
      await goThrough(FIRST);
      await goThrough(SECOND);
      const former = (await world.aggregate()).rotations.find(({ version }) => version === 2);
      expect(former).toMatchObject({ standing: 'previous' });
      expect(await world.ports.rotations.credential(former?.credential ?? '')).not.toBeNull();
      world.later(7 * DAY + MINUTE);
      await world.advanceAll();
      expect(await world.ports.rotations.credential(former?.credential ?? '')).toBeNull();
      const row = await world.database.db
        .selectFrom('credentials')
        .selectAll()
        .where('id', '=', former?.credential ?? '')
        .executeTakeFirstOrThrow();
      expect([row.data_key.byteLength, row.box.byteLength]).toEqual([0, 0]);
      expect(currentRotation(await world.aggregate())).toMatchObject({ stage: 'closed', version: 3 });
    });

    test('is adopted once the connector says so, and the former one goes at once', async () => {
      await goThrough(FIRST);
      await goThrough(SECOND);
      expect(
        await world.ports.rotations.update(world.id, (aggregate) =>
          adopt(aggregate, { version: 2, who: 'connector', connector: null }, world.ports.rules, world.now()),
        ),
      ).toBe('other-version');
      expect(
        await world.ports.rotations.update(world.id, (aggregate) =>
          adopt(aggregate, { version: 3, who: 'connector', connector: null }, world.ports.rules, world.now()),
        ),
      ).toBe('adopted');
      expect(currentRotation(await world.aggregate())?.stage).toBe('adopted');
      await world.advanceAll();
      const aggregate = await world.aggregate();
      expect(currentRotation(aggregate)?.stage).toBe('closed');
      expect(aggregate.rotations.find(({ version }) => version === 2)?.credential).toBeNull();
    });
  });

  describe('adoption', () => {
    const MINUTES = 60_000;
    const report = (version: number, connector: string | null, who = 'a token') =>
      world.ports.rotations.update(world.id, (aggregate) =>
        adopt(aggregate, { version, who, connector }, world.ports.rules, world.now()),
      );
    const stage = async () => currentRotation(await world.aggregate())?.stage;
    const openWith = async (...adoptions: (number | null)[]) => {
      await world.close();
      const sinks = adoptions.map((adoption, index) =>
        fakeSink(`sink-${index}`, { hasHook: false, adoption, product: `program ${index}` }),
      );
      world = await openWorld({ place: await place(), sinks });
      await goThrough(FIRST);
    };
    const adopted = async () =>
      (await world.aggregate()).publications.map(({ sink, adoptedBy }) => [sink, adoptedBy]).sort();

    test('belongs to a connector: two programs on one login adopt apart, and the rotation by both', async () => {
      await openWith(30 * MINUTES, 30 * MINUTES);
      expect(await report(2, 'nobody')).toBe('unknown-connector');
      expect(await report(1, 'sink-0')).toBe('other-version');
      expect(await report(2, 'sink-0')).toBe('adopted');
      expect(await adopted()).toEqual([
        ['sink-0', 'a token'],
        ['sink-1', null],
      ]);
      // One that names none may be of either.
      expect(await report(2, null)).toBe('adopted');
      expect(await stage()).toBe('published');
      expect(await report(2, 'sink-1', 'another')).toBe('adopted');
      expect(await adopted()).toEqual([
        ['sink-0', 'a token'],
        ['sink-1', 'another'],
      ]);
      expect(await stage()).toBe('adopted');
      await world.advanceAll();
      expect(await report(2, 'sink-0', 'again')).toBe('adopted');
      expect((await trail()).filter(({ what }) => what === 'adopted').map(({ sink }) => sink)).toEqual([
        'sink-0',
        null,
        'sink-1',
      ]);
    });

    test('without a name is of the only connector; where none can say so, any report is enough', async () => {
      await openWith(30 * MINUTES);
      await report(2, null);
      expect([await adopted(), await stage()]).toEqual([[['sink-0', 'a token']], 'adopted']);
      await openWith(null, null);
      await report(2, null);
      expect([await adopted(), await stage()]).toEqual([
        [
          ['sink-0', null],
          ['sink-1', null],
        ],
        'adopted',
      ]);
      await openWith(null, 30 * MINUTES);
      await report(2, 'sink-0');
      expect(await stage()).toBe('published');
    });

    test('that does not come in time is told once, by two daemons too, and ends with the report', async () => {
      await openWith(30 * MINUTES, null);
      world.later(29 * MINUTES);
      await world.advanceAll();
      expect(await alarms()).toEqual(['rotated']);
      world.later(2 * MINUTES);
      const late = () =>
        world.ports.rotations.update(world.id, (aggregate) =>
          reportLateAdoptions(aggregate, world.ports.rules, world.now()),
        );
      expect((await Promise.all([late(), late()])).sort()).toEqual([0, 1]);
      await world.advanceAll();
      expect(await alarms()).toEqual(['rotated', 'not-adopted']);
      const { facts } = await world.database.db
        .selectFrom('alarms')
        .select('facts')
        .where('kind', '=', 'not-adopted')
        .executeTakeFirstOrThrow();
      expect(JSON.parse(facts)).toMatchObject({ sink: 'sink-0', detail: 'program 0, sink-0, version 2' });
      expect(await openMatters(world.database.db)).toMatchObject([{ userId: world.id, isLate: true }]);
      await report(2, 'sink-0');
      expect(await openMatters(world.database.db)).toEqual([]);
      world.later(60 * MINUTES);
      await world.advanceAll();
      expect(await alarms()).toEqual(['rotated', 'not-adopted']);
    });

    test('is waited for no more once a newer password is in service', async () => {
      await openWith(30 * MINUTES);
      world.later(20 * MINUTES);
      await goThrough(SECOND);
      world.later(20 * MINUTES);
      await world.advanceAll();
      expect((await alarms()).filter((kind) => kind === 'not-adopted')).toEqual([]);
      world.later(20 * MINUTES);
      await world.advanceAll();
      expect((await alarms()).filter((kind) => kind === 'not-adopted')).toEqual(['not-adopted']);
      expect(await world.ports.rotations.due('adoption', world.now(), 9)).toEqual([]);
    });
  });

  describe('a refused password', () => {
    const refuse = async () => {
      world.chorus.alive.set(LOGIN, 'another one');
      await world.submit(FIRST);
      await world.advance();
    };

    test('without a former one is asked again by and by, told of after four refusals, and kept for two weeks', async () => {
      await refuse();
      const start = world.now();
      for (let minute = 0; minute < 200; minute += 1) {
        world.later(MINUTE);
        await world.advanceAll();
      }
      const asked = world.chorus.answers.map(({ at }) => Math.round((at - start) / MINUTE));
      // By itself the daemon never spends the last of the three failures an hour.
      expect(asked).toEqual([0, 15, 61, 90, 154]);
      expect(await letters()).toEqual(['refusal']);
      expect(await alarms()).toEqual(['password-refused']);
      // Neither says that it was given up: it is kept, and asked about again.
      const [alarm] = await world.database.db.selectFrom('alarms').select('facts').execute();
      expect(JSON.parse(alarm?.facts ?? '{}')).toMatchObject({ kept: true });
      expect(findOpenRotation(await world.aggregate())?.credential).not.toBeNull();
      for (let hour = 0; hour < 14 * 24; hour += 1) {
        world.later(HOUR);
        await world.advanceAll();
      }
      // Four rounds an hour apart, then one a night.
      expect(world.chorus.answers.length).toBeLessThanOrEqual(8 + 14);
      expect(findOpenRotation(await world.aggregate())).toBeNull();
      expect(
        await world.database.db.selectFrom('credentials').select('destroyed_at').execute(),
      ).not.toContainEqual({
        destroyed_at: null,
      });
    });

    test('that becomes good within its window goes through', async () => {
      await refuse();
      world.later(10 * MINUTE);
      world.chorus.alive.set(LOGIN, FIRST);
      world.later(6 * MINUTE);
      await world.advanceAll();
      expect(currentRotation(await world.aggregate())).toMatchObject({ stage: 'published', refusals: 1 });
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('never touches the one in service', async () => {
      await goThrough(FIRST);
      await world.submit(SECOND);
      await world.advance();
      expect(currentRotation(await world.aggregate())).toMatchObject({ version: 2, stage: 'published' });
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('with a former one that works still was never submitted: its manager is told, the connectors go on', async () => {
      await goThrough(FIRST);
      await world.ports.rotations.update(world.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'r1' }, world.ports.rules, world.now()),
      );
      await world.advanceAll();
      expect(sink(0).holding.has(LOGIN)).toBe(true);
      await world.submit(SECOND);
      await world.advance();
      expect(findOpenRotation(await world.aggregate())).toMatchObject({
        refusals: 1,
        currentStillWorks: true,
      });
      expect(await letters()).toContain('not-submitted');
      await world.advanceAll();
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      // « Soumettre » was pressed since: handed in again, it is asked at once.
      world.chorus.alive.set(LOGIN, SECOND);
      world.later(20 * 1_000);
      await world.handIn(SECOND);
      expect(currentRotation(await world.aggregate())).toMatchObject({ version: 3 });
    });

    test('takes nothing from an older one that was good', async () => {
      world.chorus.down = 'piste-down';
      world.chorus.alive.set(LOGIN, FIRST);
      await world.submit(FIRST);
      await world.advance();
      await world.submit(SECOND);
      world.chorus.down = null;
      for (let minute = 0; minute < 200; minute += 1) {
        world.later(MINUTE);
        await world.advanceAll();
      }
      expect(currentRotation(await world.aggregate())).toMatchObject({ version: 2 });
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
        await world.submit(password);
        await world.advance();
        world.later(MINUTE);
      }
      // The last failure of the hour is for a person who waits.
      expect(world.chorus.answers).toHaveLength(2);
      await world.handIn('six(Aa1bcdefg');
      expect(world.chorus.answers).toHaveLength(3);
      await world.handIn('sev(Aa1bcdefg');
      expect(world.chorus.answers).toHaveLength(3);
      expect(findOpenRotation(await world.aggregate())).toMatchObject({ stage: 'candidate', refusals: 0 });
      world.later(HOUR);
      await world.advanceAll();
      expect(world.chorus.answers.length).toBe(4);
    });
  });

  describe('a refusal that cost two failures', () => {
    test('counts as two', async () => {
      world.chorus.costs = 2;
      await world.submit(FIRST);
      await world.advance();
      expect((await world.aggregate()).attempts.filter(({ refused }) => refused)).toHaveLength(2);
      world.later(45 * MINUTE);
      await world.advance();
      expect(world.chorus.answers).toHaveLength(1);
      world.later(16 * MINUTE);
      await world.advance();
      expect(world.chorus.answers).toHaveLength(2);
    });
  });

  describe('no answer', () => {
    test('keeps the password for days, tells the IT service once, and goes on when Chorus Pro is back', async () => {
      world.chorus.down = 'piste-down';
      world.chorus.alive.set(LOGIN, FIRST);
      await world.submit(FIRST);
      for (let hour = 0; hour < 72; hour += 1) {
        await world.advanceAll();
        world.later(HOUR);
      }
      expect(await alarms()).toEqual(['outage']);
      expect(findOpenRotation(await world.aggregate())).toMatchObject({
        stage: 'candidate',
        cause: 'piste-down',
        refusals: 0,
      });
      world.chorus.down = null;
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('for two weeks gives the password up, aloud', async () => {
      world.chorus.down = 'chorus-pro-down';
      await world.submit(FIRST);
      for (let day = 0; day < 16; day += 1) {
        await world.advanceAll();
        world.later(DAY);
      }
      expect(findOpenRotation(await world.aggregate())).toBeNull();
      expect(await alarms()).toEqual(['outage', 'proof-stuck']);
    });
  });

  describe('sinks', () => {
    test('that fail are tried again and hold up nobody; at the third failure the IT service hears of it', async () => {
      sink(0).fault = 'disk full';
      await goThrough(FIRST);
      expect(sink(1).writes).toHaveLength(1);
      for (let tries = 0; tries < 4; tries += 1) {
        world.later(HOUR);
        await world.advanceAll();
      }
      expect(sink(1).writes).toHaveLength(1);
      expect(await alarms()).toEqual(['publication-stuck']);
      sink(0).fault = null;
      world.later(HOUR);
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(currentRotation(await world.aggregate())?.stage).toBe('published');
    });

    test('with a hook that fails get the hook again, not the password', async () => {
      sink(0).hookFault = 'exit code 1';
      await goThrough(FIRST);
      world.later(MINUTE);
      await world.advanceAll();
      expect(sink(0).writes).toHaveLength(1);
      expect(sink(0).hooks).toHaveLength(0);
      sink(0).hookFault = null;
      world.later(MINUTE);
      await world.advanceAll();
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
          await world.advanceAll();
          expect([met, await alarms()]).toEqual([tries, tries < 3 ? [] : ['publication-stuck']]);
          world.later(10 * MINUTE);
        }
        const told = JSON.stringify((await world.aggregate()).publications);
        expect(told).toContain('RangeError');
        expect(told).not.toContain('nobody must see');
        sink(0).at = () => undefined;
        await world.advanceAll();
        expect(currentRotation(await world.aggregate())?.stage).toBe('published');
      },
    );

    test('that hold the password already are not written, and their hook does not run', async () => {
      sink(0).held.set(LOGIN, FIRST);
      await goThrough(FIRST);
      expect([sink(0).writes.length, sink(0).hooks.length]).toEqual([0, 0]);
      expect(currentRotation(await world.aggregate())?.stage).toBe('published');
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
        world.later(6 * MINUTE);
        await world.advanceAll();
      }
      expect(sink(0).writes.map(({ password }) => password)).toEqual([FIRST, SECOND]);
      expect(currentRotation(await world.aggregate())).toMatchObject({ version: 3, stage: 'published' });
    });

    test('made due again are compared, and written only where they differ', async () => {
      await goThrough(FIRST);
      sink(1).held.set(LOGIN, 'spoilt');
      const again = await world.ports.rotations.update(world.id, (aggregate) =>
        reconcile(aggregate, { all: true }, world.ports.rules, world.now()),
      );
      expect(again).toBe(2);
      await world.advanceAll();
      expect([sink(0).writes.length, sink(1).writes.length]).toEqual([1, 2]);
      expect(sink(1).held.get(LOGIN)).toBe(FIRST);
      expect(await letters()).toEqual(['confirmation']);
    });
  });

  describe('announcements', () => {
    const tell = () =>
      world.ports.rotations.update(world.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'told' }, world.ports.rules, world.now()),
      );

    test('make connectors hold until the password is in place', async () => {
      expect(await tell()).toEqual({ kind: 'announced', until: world.now() + HOUR });
      await world.advanceAll();
      expect(sink(0).holding.has(LOGIN)).toBe(true);
      await goThrough(FIRST);
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      expect(currentRotation(await world.aggregate())?.id).toBe('told');
    });

    const heldSince = async () => (await world.aggregate()).holds.map(({ appliedAt }) => appliedAt);

    test('are noted with the instant at which the connector was told, until it is told to go on', async () => {
      sink(0).holdFault = 'nobody answers';
      await tell();
      await world.advanceAll();
      expect(await heldSince()).toEqual([null]);
      sink(0).holdFault = null;
      world.later(MINUTE);
      await world.advanceAll();
      const since = world.now();
      expect(await heldSince()).toEqual([since]);
      // A daemon that starts again repeats the hold call: the connector held all the time.
      world.later(MINUTE);
      await world.ports.rotations.update(world.id, (aggregate) => repeatHolds(aggregate, world.now()));
      await world.advanceAll();
      expect(await heldSince()).toEqual([since]);
      await goThrough(FIRST);
      expect(await heldSince()).toEqual([null]);
    });

    test('made again after a try to take them back are noted anew', async () => {
      await tell();
      await world.advanceAll();
      await world.ports.rotations.update(world.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'a mistake', world.now()),
      );
      // Nobody knows whether it went on.
      sink(0).holdFault = 'nobody answers';
      await world.advanceAll();
      world.later(MINUTE);
      await tell();
      expect(await heldSince()).toEqual([null]);
      sink(0).holdFault = null;
      await world.advanceAll();
      expect(await heldSince()).toEqual([world.now()]);
    });

    test('put back what was set at the connector before, which is read and stored once', async () => {
      const told: unknown[] = [];
      let reads = 0;
      const { hold } = sink(0);
      Object.assign(sink(0), {
        beforeHold: async () => {
          reads += 1;
          return { ok: true, before: `set ${reads}` };
        },
        hold: (...call: Parameters<typeof hold>) => {
          told.push(call[1]);
          return hold(...call);
        },
      });
      sink(0).holdFault = 'nobody answers';
      await tell();
      await world.advanceAll();
      sink(0).holdFault = null;
      world.later(MINUTE);
      await world.advanceAll();
      await goThrough(FIRST);
      const [failed, held, gone] = told;
      expect([failed, held, gone]).toEqual([
        { on: true, before: 'set 1' },
        { on: true, before: 'set 1' },
        { on: false, before: 'set 1' },
      ]);
      world.later(MINUTE);
      await tell();
      await world.advanceAll();
      expect((await world.aggregate()).holds.map(({ before }) => before)).toEqual(['set 2']);
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
      await world.advanceAll();
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      expect(await heldSince()).toEqual([null]);
    });

    test('that a connector is told by two at once end with the word that is wanted', async () => {
      await tell();
      const slow = Promise.withResolvers<void>();
      sink(0).slow = slow.promise;
      const ticking = world.advanceAll();
      await expect.poll(() => sink(0).telling).toBe(1);
      // The machine slept: nobody renewed the lease, and another daemon has told the connector to go on meanwhile.
      world.later(HOUR);
      await world.ports.rotations.update(world.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'a mistake', world.now()),
      );
      sink(0).slow = Promise.resolve();
      await applyHolds(world.ports, world.id);
      expect(sink(0).holding.has(LOGIN)).toBe(false);
      slow.resolve();
      await ticking;
      expect(sink(0).holding.has(LOGIN)).toBe(true);
      await world.advanceAll();
      expect(sink(0).holding.has(LOGIN)).toBe(false);
    });

    test('that meet an error nobody foresaw wait as for any fault; at the third the IT service hears of it', async () => {
      sink(0).at = (step) => {
        if (step === 'hold') throw new TypeError('a text that nobody must see');
      };
      await tell();
      for (let tries = 1; tries <= 3; tries += 1) {
        await world.advanceAll();
        // Nothing is done again before its time has come.
        await world.advanceAll();
        expect((await world.aggregate()).holds).toMatchObject([{ tries, lease: null }]);
        expect(await alarms()).toEqual(tries < 3 ? [] : ['hold-stuck']);
        world.later(10 * MINUTE);
      }
      const told = await world.database.db.selectFrom('alarms').select('facts').execute();
      expect(JSON.stringify(told)).toContain('TypeError');
      expect(JSON.stringify(told)).not.toContain('nobody must see');
    });

    test('that a connector cannot be told are tried again; at the third failure the IT service hears of it', async () => {
      sink(0).holdFault = 'ENOENT: create the folder';
      await tell();
      for (let tries = 1; tries <= 4; tries += 1) {
        await world.advanceAll();
        expect(await alarms()).toEqual(tries < 3 ? [] : ['hold-stuck']);
        expect((await world.aggregate()).holds).toMatchObject([{ fault: 'ENOENT: create the folder' }]);
        world.later(10 * MINUTE);
      }
      sink(0).holdFault = null;
      await world.advanceAll();
      expect((await world.aggregate()).holds).toMatchObject([{ applied: true, fault: null }]);
      expect(sink(0).holding.has(LOGIN)).toBe(true);
    });

    test('that nothing follows end, with a word to the IT service', async () => {
      await tell();
      await world.advanceAll();
      world.later(HOUR + 1);
      await world.advanceAll();
      await world.advanceAll();
      expect(sink(0).holding.size).toBe(0);
      expect(await alarms()).toEqual(['announcement-over']);
    });

    test('are taken back', async () => {
      await tell();
      await world.advanceAll();
      await world.ports.rotations.update(world.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'a mistake', world.now()),
      );
      await world.advanceAll();
      expect(sink(0).holding.size).toBe(0);
      expect(await alarms()).toEqual([]);
    });
  });

  describe('an error nobody foresaw about one account', () => {
    const faults = () =>
      world.database.db.selectFrom('item_faults').select(['work', 'tries', 'fault']).execute();

    test('is counted, waits, is an alarm at the third, and is forgotten once all goes well', async () => {
      world.chorus.alive.set(LOGIN, FIRST);
      await world.submit(FIRST);
      world.chorus.before = () => {
        throw new TypeError('a text that nobody must see');
      };
      for (let tries = 1; tries <= 3; tries += 1) {
        await world.advanceAll();
        expect(await faults()).toEqual([{ work: 'proof', tries, fault: 'TypeError' }]);
        expect(await world.ports.rotations.due('proof', world.now(), 10)).toEqual([]);
        expect(await alarms()).toEqual(tries < 3 ? [] : ['item-failed']);
        world.later(31 * MINUTE);
      }
      const told = JSON.stringify(await world.database.db.selectFrom('alarms').select('facts').execute());
      expect(told).toContain(LOGIN);
      expect(told).not.toContain('nobody must see');
      world.chorus.before = () => undefined;
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(await faults()).toEqual([]);
    });

    test('is counted though what was counted could not be read at first', async () => {
      let fails = true;
      const transformResult = async <T>({ result }: { result: T }) => {
        if (fails) throw new Error('the connection is gone');
        return result;
      };
      const db = world.database.db.withPlugin({ transformQuery: ({ node }) => node, transformResult });
      const { countFault, forgive } = openRotations({ ...world.database, db }, world.rules);
      await expect(forgive('proof', world.id)).rejects.toThrow('the connection is gone');
      fails = false;
      await countFault('proof', world.id, 'Error', world.now());
      await forgive('proof', world.id);
      expect(await faults()).toEqual([]);
    });

    test('in what time brings holds up nobody, and is counted', async () => {
      await world.ports.rotations.update(world.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: 'told' }, world.ports.rules, world.now()),
      );
      world.later(HOUR + 1);
      const { rotations } = world.ports;
      const update = () => Promise.reject(new RangeError('no such day'));
      const broken = { ...world.ports, rotations: { ...rotations, update } };
      await advanceAllRotations(broken, world.validity);
      expect(await faults()).toContainEqual({ work: 'time', tries: 1, fault: 'RangeError' });
      expect(await rotations.due('time', world.now(), 10)).toEqual([]);
      world.later(MINUTE);
      await world.advanceAll();
      expect(await alarms()).toEqual(['announcement-over']);
      expect((await faults()).map(({ work }) => work)).not.toContain('time');
    });

    test('in a probe is counted, and it is not asked about again at once', async () => {
      await goThrough(FIRST);
      let met = 0;
      world.chorus.before = () => {
        met += 1;
        throw new TypeError('a text that nobody must see');
      };
      for (let tries = 1; tries <= 3; tries += 1) {
        await requestProbeNow(world.ports, world.id);
        await probeRound(world.ports);
        await probeRound(world.ports);
        expect([met, await faults()]).toEqual([tries, [{ work: 'probe', tries, fault: 'TypeError' }]]);
        world.later(HOUR + MINUTE);
      }
      expect(await alarms()).toEqual(['rotated', 'item-failed']);
    });
  });

  describe('what is unclear', () => {
    test('is kept sealed until somebody chooses, and never sent before', async () => {
      world.chorus.alive.set(LOGIN, FIRST);
      expect(await world.submit(` ${FIRST}\n`, { keepUnclear: true })).toMatchObject({
        kind: 'unclear',
        kept: true,
      });
      await world.advanceAll();
      expect(world.chorus.answers).toEqual([]);
      expect(await choose(world.ports, await world.user(), 'clean', AGENT)).toMatchObject({ kind: 'taken' });
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect(await choose(world.ports, await world.user(), 'clean', AGENT)).toBeNull();
    });

    test('does not hold up an older one for longer than an hour', async () => {
      world.chorus.down = 'piste-down';
      world.chorus.alive.set(LOGIN, FIRST);
      await world.submit(FIRST);
      await world.submit(` ${SECOND}`, { keepUnclear: true });
      world.chorus.down = null;
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBeUndefined();
      world.later(HOUR + 1);
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });

    test('is told to its manager after an hour, and ends after a week', async () => {
      await world.submit(` ${FIRST}`, { keepUnclear: true });
      world.later(HOUR + 1);
      await world.advanceAll();
      expect(await letters()).toEqual(['unclear']);
      expect(await alarms()).toEqual(['choice-missing']);
      world.later(7 * DAY);
      await world.advanceAll();
      expect(findOpenRotation(await world.aggregate())).toBeNull();
    });
  });

  describe('without a proof', () => {
    test('an agent who knows puts it into service, and the trail says so', async () => {
      world.chorus.down = 'not-configured';
      await world.submit(FIRST);
      await world.advance();
      const accepted = await world.ports.rotations.update(world.id, (aggregate) =>
        acceptUnproven(aggregate, 'agent', world.ports.rules, world.now()),
      );
      expect(accepted).toMatchObject({ proven: 'unverified' });
      await world.advanceAll();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
      expect((await trail()).find(({ what }) => what === 'accepted without proof')?.who).toBe('agent');
      await world.ports.rotations.update(world.id, (aggregate) =>
        adopt(aggregate, { version: 2, who: 'connector', connector: null }, world.ports.rules, world.now()),
      );
      expect(currentRotation(await world.aggregate())?.proven).toBe('connector');
    });

    test('a setting takes it as received, nobody is asked, and the one before can come back', async () => {
      await world.close();
      world = await openWorld({
        place: await place(),
        rules: { verification: { production: 'none', qualification: 'none' } },
      });
      await world.submit(FIRST);
      await world.submit(SECOND);
      await world.advance();
      expect(sink(0).held.get(LOGIN)).toBe(SECOND);
      expect(world.chorus.answers).toEqual([]);
      expect((await world.submit(FIRST)).kind).toBe('taken');
      await world.advance();
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });
  });

  test('a row is written over as a whole, one without a value too, whichever comes first', async () => {
    const tool = { name: 'compta', hash: 'h', made_at: 1 };
    const none = { ...tool, revoked_at: undefined as unknown as null };
    for (const row of [none, { ...tool, revoked_at: 2 }, none]) {
      await world.database.change((trx) => upsert(trx, 'tools', ['name'], row));
      const kept = await world.database.db.selectFrom('tools').selectAll().execute();
      expect(kept).toMatchObject([{ ...tool, revoked_at: row.revoked_at ?? null }]);
    }
  });

  describe('without a master key', () => {
    test('that is lost, the trail says so with the next key, and is verified from there', async () => {
      await goThrough(FIRST);
      await world.database.db.deleteFrom('meta').where('key', '=', 'fingerprint-key').execute();
      const next = worldOver({ ...world, ...world.ports, keys: () => keyLine('other') });
      await next.submitFor(await world.user(), SECOND);
      const [from] = await next.audit.linesThatSay(NEW_KEY);
      expect(await next.audit.verify()).toMatchObject({ ok: false, kind: 'unverified', at: 1 });
      expect(await next.audit.verify({ from: from ?? 0 })).toMatchObject({ ok: true, from });
      // Who had opened the lost one before links under it no more.
      const nothing = { channel: null, rotationId: null, check: null, sink: null, detail: null };
      await world.audit.add({ ...nothing, who: 'releve', what: 'of another process' }, world.now());
      expect(await next.audit.verify({ from: from ?? 0 })).toMatchObject({ ok: true, from });
    });

    test('nothing can be received, and nothing is lost when it comes back', async () => {
      await world.close();
      let keys: string | null = null;
      world = await openWorld({ place: await place(), keys: () => keys });
      expect(await world.submit(FIRST)).toEqual({ kind: 'shut' });
      keys = 'first:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n';
      world.vault.refresh();
      await goThrough(FIRST);
      expect(sink(0).held.get(LOGIN)).toBe(FIRST);
    });
  });
}
