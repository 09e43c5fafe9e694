import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planHead, plannedText } from '../../../src/cli/daemon/plan.ts';
import { widthOf } from '../../../src/content/terminal/formats.ts';
import { parisDay } from '../../../src/domain/shared/calendar.ts';
import { plan, shutReason } from '../../../src/use-cases/reminders/plan.ts';
import type { Planted } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { openWorld, type World } from '../../rig/world.ts';

const rules = rulesWith();
const day = (text: string) => Temporal.PlainDate.from(text);

/** Fleets in every state, with shared managers, deputies, and people who cannot be reached. */
const anyFleet = fc
  .array(
    fc.record({
      days: fc.option(fc.integer({ min: -60, max: 200 })),
      computed: fc.boolean(),
      manager: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
      deputy: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((made) =>
    made.map(({ days, computed, manager, deputy }, index): Planted => {
      const on = days === null ? null : day('2027-02-01').add({ days });
      return {
        login: `T${index}`,
        ...(manager === undefined ? {} : { manager: `m${manager}@x.test` }),
        deputies: deputy ? [`d${index}@x.test`] : [],
        portalOn: computed ? null : (on?.toString() ?? null),
        changedOn: computed ? (on?.subtract({ years: 1 }).toString() ?? null) : null,
      };
    }),
  );

/** Reminders rest for the managers of some, from the beginning until a day: those who have answered, or for whom an agent paused them. */
async function rest({ database, usersOf }: World, fleet: readonly Planted[], rests: readonly number[]) {
  for (const [index, { login, portalOn = null }] of fleet.entries()) {
    const [user] = await usersOf(login);
    const days = rests[index] ?? 0;
    const personId = user?.principal?.id;
    if (days === 0 || personId === undefined) continue;
    const until = day('2027-02-01').add({ days }).toString();
    const quiet = { kind: 'away', until, deadline: portalOn };
    const answered = { kind: 'away', at: 0, day: null, task: 't', version: 1, personId, quiet };
    const users = database.db.updateTable('technical_users').where('login', '=', login);
    const paused = { until, deadline: portalOn, version: 1, personId, count: 1 };
    const isPaused = days % 2 === 0;
    await users
      .set(isPaused ? { paused: JSON.stringify(paused) } : { answered: JSON.stringify(answered) })
      .execute();
  }
}

/** The whole plan of a world. */
const planned = async (world: World, span: Parameters<typeof plan>[2]) =>
  (await Array.fromAsync(plan(world.fleet, rules, span))).flat();

describe('the plan', () => {
  it('is what the daemon then does, letter by letter', async () => {
    await fc.assert(
      fc.asyncProperty(anyFleet, fc.array(fc.integer({ min: 0, max: 60 })), async (fleet, rests) => {
        const world = await openWorld({ users: fleet, at: '2027-02-01T09:00' });
        await rest(world, fleet, rests);
        const until = day('2027-05-31');
        const promises = await planned(world, { now: world.clock.now(), until });
        for (
          let today = day('2027-02-01');
          Temporal.PlainDate.compare(today, until) <= 0;
          today = today.add({ days: 1 })
        ) {
          await world.at(`${today}T09:00`);
        }
        const done = world.transport.taken
          .filter(({ id }) => !/^(digest|tasks)\//.test(id))
          .map(
            ({ id, envelopeTo, date }) =>
              `${parisDay(date)} ${id.startsWith('alarm/') ? 'alarm' : id.split('/')[4]} ${envelopeTo}`,
          );
        const promised = promises.flatMap(({ on, kind, step, to, cc }) =>
          [...to, ...cc].map((address) => `${on} ${kind === 'alarm' ? 'alarm' : step} ${address}`),
        );
        const plain = (line: string) => line.replace(/question-\d+/, 'unknown');
        expect(promised.map(plain).sort()).toEqual(done.map(plain).sort());
        await world.database.close();
      }),
      { numRuns: 15 },
    );
  });

  it('changes nothing in the database it looks at', async () => {
    const world = await openWorld({
      users: [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-12' }],
      at: '2027-02-01T09:00',
    });
    const before = await world.database.db.selectFrom('technical_users').selectAll().execute();
    await planned(world, { now: world.clock.now(), until: day('2028-01-01') });
    expect(await world.database.db.selectFrom('technical_users').selectAll().execute()).toEqual(before);
    expect(await world.database.db.selectFrom('letters').selectAll().execute()).toEqual([]);
  });

  it('shows what waits in the outbox, where it is still true', async () => {
    const world = await openWorld({
      users: [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-12' }],
      at: '2027-03-05T10:00',
    });
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'down' }));
    await world.tick();
    const soon = await planned(world, {
      now: world.clock.now(),
      until: day('2027-03-08'),
      sender: world.sender,
    });
    expect(soon).toMatchObject([{ on: '2027-03-05', step: 'J-7', written: true, to: ['m1@x.test'] }]);
    expect(soon[0]?.subject).toMatch(/12 mars 2027/);
    world.clock.set('2027-03-09T10:00');
    const later = await planned(world, {
      now: world.clock.now(),
      until: day('2027-03-09'),
    });
    expect(later).toMatchObject([{ on: '2027-03-09', step: 'J-3', written: false }]);
  });

  it('is printed in as many columns as the terminal has, without a broken word', () => {
    const address = 'service-informatique.comptabilite@communaute-agglomeration.example.fr';
    const logins = Array.from({ length: 9 }, (_, at) => `TECH_${at}_25900096600020@cpro.fr`);
    const letter = { kind: 'reminder', step: 'question-12', on: '2027-03-01', written: false } as const;
    const long = { ...letter, to: [address], cc: [address], logins, items: [], subject: null };
    const short = { ...long, to: ['a@x.fr'], cc: [], logins: ['T1@cpro.fr'], step: 'J-7' };
    for (const width of [80, 200]) {
      const text = [planHead(width), plannedText(long, width), plannedText(short, width)].join('\n');
      for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
      for (const word of [address, 'TECH_8_25900096600020', 'question-12']) expect(text).toContain(word);
      expect(text).toMatch(/^2027-03-01 {2}reminder J-7 {6}a@x\.fr +T1$/m);
      const columns = text
        .split('\n')
        .flatMap((line) => /(?<=^.{30,}) (T1|technical users)$/.exec(line)?.index ?? []);
      expect(new Set(columns).size).toBe(1);
      expect(plannedText({ ...short, kind: 'unknown', step: 'unknown' }, width)).toContain(
        '  unknown date  ',
      );
    }
  });

  it('says when letters may leave again', () => {
    expect(shutReason(Temporal.Instant.from('2027-03-01T10:00:00+01:00'), rules)).toBeNull();
    expect(shutReason(Temporal.Instant.from('2027-03-26T18:00:00+01:00'), rules)).toMatch(/2027-03-30 08:30/);
  });
});
