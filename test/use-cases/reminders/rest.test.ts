// While reminders rest: nothing to the manager who has answered, everything to everybody else; no step that holds is lost, none comes
// twice.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import { accountListsOver } from '../../../src/composition/parts.ts';
import type { TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import type { TypedAnswer } from '../../../src/domain/parsing/answer.ts';
import type { Fleet } from '../../../src/domain/ports/reminders.ts';
import { ladderPosition } from '../../../src/domain/reminder/ladder.ts';
import { parisDay } from '../../../src/domain/shared/calendar.ts';
import { correct } from '../../../src/use-cases/registry/register.ts';
import { type PlannedLetter, plan } from '../../../src/use-cases/reminders/plan.ts';
import { person, technicalUser } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { managerScene } from '../rotation/manager-scene.ts';

const rules = rulesWith();
const day = (text: string) => Temporal.PlainDate.from(text);
/** The manager, a deputy, and the date: a Wednesday. Deputies get steps from J-15 on. */
const HER = 'maire@example.test';
const DEPUTY = 'adjoint@example.test';
const ONE = { login: 'T1', portalOn: '2027-04-28', manager: HER, deputies: [DEPUTY] };

let world: World;
afterEach(() => world?.close());
const { actions, freshToken } = managerScene(() => world);

async function openAt(at: string, users: Parameters<typeof openWorld>[0] = { users: [ONE] }) {
  world = await openWorld({ ...users, at });
  await world.tick();
}
const answer = async (typed: TypedAnswer) => actions().answer(await freshToken(), typed);
/** `releve set --pause-until` */
async function pause(pauseUntil: string) {
  const request = { subject: 'T1', environment: null, correction: { pauseUntil }, dryRun: false };
  const parts = { registry: openRegistry(world.database), rules };
  const done = await correct(request, { at: world.now(), who: 'set (agent)', why: 'away' }, parts);
  expect(done).toMatchObject({ kind: 'corrected', changes: [{ field: 'paused_until' }] });
}
/** The last letter as the list has it. */
async function lastInList() {
  const { database, clock } = world;
  const lists = accountListsOver({ registry: openRegistry(database), rules, database });
  const { pages } = await lists.list({ sort: 'login' }, parisDay(clock.now()));
  return (await Array.fromAsync(pages())).flat()[0]?.lastLetter;
}
/** Ticks on each day until one, at nine. */
async function until(last: string) {
  let today = world.clock.now().toZonedDateTimeISO('Europe/Paris').toPlainDate();
  while (Temporal.PlainDate.compare(today, day(last)) < 0) {
    today = today.add({ days: 1 });
    await world.at(`${today}T09:00`);
  }
}
const to = (address: string) => world.letters().filter((line) => line.endsWith(` ${address}`));
const steps = (address: string) => to(address).map((line) => line.split(' ').slice(0, 2).join(' '));

/** A fleet of one, about whom no letter was ever written. */
const fleetOf = (user: TechnicalUser): Fleet => ({
  keys: async function* () {
    yield [{ id: user.id, principalId: user.principal?.id ?? null }];
  },
  users: async () => [user],
  written: async () => new Set(),
  waiting: async () => [],
});

describe('while reminders rest', () => {
  it('the manager gets none; the deputy gets hers, as a copy; the step that holds comes when they go on', async () => {
    await openAt('2027-03-29T10:00');
    expect(steps(HER)).toEqual([]);
    await until('2027-03-30');
    expect(steps(HER)).toEqual(['2027-03-30 J-30']);
    expect(await answer({ kind: 'away', day: '2027-04-18' })).toMatchObject({
      answered: { quietUntil: '2027-04-19' },
    });
    await until('2027-04-18');
    expect(steps(HER)).toEqual(['2027-03-30 J-30']);
    expect(steps(DEPUTY)).toEqual(['2027-04-13 J-15']);
    const [copy] = world.transport.taken.filter(({ envelopeTo }) => envelopeTo === DEPUTY);
    expect(copy?.letter.subject).toMatch(/^Copie/);
    expect(JSON.stringify(copy?.letter.blocks)).toContain('Madame Maire');
    expect(JSON.stringify(copy?.letter.blocks)).not.toMatch(/adresse valable|\/m\//);
    expect(copy?.recipients.map(({ address, field }) => [address, field])).toEqual([[DEPUTY, 'cc']]);
    await until('2027-04-22');
    // The same step to her alone, then both go on.
    expect(steps(HER)).toEqual(['2027-03-30 J-30', '2027-04-19 J-15', '2027-04-21 J-7']);
    expect(steps(DEPUTY)).toEqual(['2027-04-13 J-15', '2027-04-21 J-7']);
    expect(await actions().visit(await freshToken())).toMatchObject({
      visit: { answered: { kind: 'away', day: '2027-04-18', quietUntil: null } },
    });
  });

  it('a second answer moves nothing', async () => {
    await openAt('2027-03-30T10:00');
    await answer({ kind: 'will-do', day: '2027-04-05' });
    await until('2027-04-02');
    expect(await answer({ kind: 'away', day: '2027-04-20' })).toMatchObject({
      answered: { kind: 'away', quietUntil: '2027-04-06' },
    });
    await until('2027-04-14');
    expect(steps(HER)).toEqual(['2027-03-30 J-30', '2027-04-13 J-15']);
  });

  it('a letter that waits in the outbox is withdrawn for her, not for the deputy, and owed to her', async () => {
    await openAt('2027-04-12T10:00');
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'down' }));
    await world.at('2027-04-13T09:00');
    await answer({ kind: 'will-do', day: '2027-04-15' });
    world.transport.answerWith(() => undefined);
    await until('2027-04-15');
    expect(steps(DEPUTY)).toEqual(['2027-04-14 J-15']);
    expect(steps(HER)).toEqual(['2027-04-12 J-30']);
    expect(await lastInList()).toBeNull();
    const rows = world.database.db.selectFrom('deliveries').select(['state', 'reply']);
    expect(await rows.where('state', '=', 'withdrawn').execute()).toMatchObject([
      { reply: expect.stringContaining('reminders rest until 2027-04-16') },
    ]);
    await until('2027-04-20');
    expect(steps(HER)).toEqual(['2027-04-12 J-30', '2027-04-16 J-15']);
    expect(steps(DEPUTY)).toEqual(['2027-04-14 J-15']);
    expect(await lastInList()).toEqual({ on: '2027-04-16', step: 'J-15' });
    // Withdrawn for another reason, as while a new password is being proven.
    await world.database.db
      .updateTable('deliveries')
      .set({ state: 'withdrawn' })
      .where('address', '=', HER)
      .where('settled_at', '>', Date.parse('2027-04-16'))
      .execute();
    expect(await lastInList()).toBeNull();
  });

  it('an agent pauses it: as for an answer, as often as wanted, and what has not left is owed', async () => {
    await openAt('2027-04-12T10:00');
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'down' }));
    await world.at('2027-04-13T09:00');
    await pause('2027-04-15');
    world.transport.answerWith(() => undefined);
    await until('2027-04-14');
    expect([steps(DEPUTY), steps(HER)]).toEqual([['2027-04-14 J-15'], ['2027-04-12 J-30']]);
    // Again, just when the letter that was owed has been written and has not left.
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'down' }));
    await until('2027-04-15');
    await pause('2027-04-17');
    world.transport.answerWith(() => undefined);
    await until('2027-04-16');
    expect(steps(HER)).toEqual(['2027-04-12 J-30']);
    // The 17th is a Saturday; an end before its day counts at once.
    await pause('2027-04-20');
    await pause('none');
    await until('2027-04-19');
    expect([steps(DEPUTY), steps(HER)]).toEqual([
      ['2027-04-14 J-15'],
      ['2027-04-12 J-30', '2027-04-19 J-15'],
    ]);
    await until('2027-04-22');
    expect(steps(HER).at(-1)).toBe('2027-04-21 J-7');
  });

  it('a date that is corrected ends the rest, and so does another manager', async () => {
    await openAt('2027-03-30T10:00');
    await answer({ kind: 'away', day: '2027-04-20' });
    const users = world.database.db.updateTable('technical_users');
    await users.set({ portal_on: '2027-04-30', wake_on: '' }).execute();
    await until('2027-04-01');
    expect(steps(HER)).toEqual(['2027-03-30 J-30', '2027-03-31 J-30']);
  });

  it('other accounts of hers go on', async () => {
    const other = { ...ONE, login: 'T2', portalOn: '2027-04-29', siret: '20000000000000' };
    await openAt('2027-03-29T10:00', { users: [ONE, other] });
    await answer({ kind: 'away', day: '2027-04-18' });
    await until('2027-04-19');
    const about = world.transport.taken
      .filter(({ envelopeTo }) => envelopeTo === HER)
      .map(({ id, date }) => [date.toString().slice(0, 10), id.split('/')[1]]);
    expect(about.slice(-2)).toEqual([
      ['2027-04-14', 'T2'],
      ['2027-04-19', 'T1'],
    ]);
  });

  it('nobody is asked for an unknown date, and is asked again afterwards', async () => {
    await openAt('2027-03-01T10:00', { users: [{ ...ONE, portalOn: null }] });
    expect(to(HER)).toHaveLength(1);
    world.clock.set('2027-03-31T10:00');
    await answer({ kind: 'away', day: '2027-06-30' });
    await until('2027-04-06');
    expect(to(HER)).toHaveLength(1);
    await until('2027-04-08');
    expect(to(HER).map((line) => line.slice(0, 10))).toEqual(['2027-03-01', '2027-04-07']);
  });

  it('a question about the date that waits in the outbox is asked once reminders go on', async () => {
    world = await openWorld({ users: [{ ...ONE, portalOn: null }], at: '2027-03-01T10:00' });
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'down' }));
    await world.tick();
    await answer({ kind: 'call-back', text: '' });
    world.transport.answerWith(() => undefined);
    await until('2027-03-12');
    expect(to(HER).map((line) => line.slice(0, 10))).toEqual(['2027-03-08']);
  });

  it('the task to call that is open stays the one it is', async () => {
    await openAt('2027-05-12T10:00');
    await answer({ kind: 'call-back', text: '' });
    await until('2027-06-15');
    expect(steps(HER)).toEqual(['2027-05-12 J+14', '2027-06-11 J+44']);
    const calls = world.database.db.selectFrom('tasks').select('number').where('kind', '=', 'call');
    expect(await calls.execute()).toHaveLength(1);
  });

  it('the call at the end of the ladder is one task, opened when she is written to again', async () => {
    await openAt('2027-05-06T10:00');
    await answer({ kind: 'call-back', text: '' });
    const calls = async () =>
      (await world.database.db.selectFrom('tasks').select('since').where('kind', '=', 'call').execute())
        .length;
    await until('2027-05-12');
    expect(await calls()).toBe(0);
    expect(steps(DEPUTY).at(-1)).toBe('2027-05-12 J+14');
    await until('2027-06-15');
    expect(await calls()).toBe(1);
    expect(steps(HER).slice(-2)).toEqual(['2027-05-13 J+14', '2027-06-11 J+44']);
  });
});

describe('over all dates and rests', () => {
  const START = day('2027-02-01');
  const lettersTo = (planned: readonly PlannedLetter[], address: string) =>
    planned.filter(({ to, cc }) => [...to, ...cc].includes(address)).map(({ on, step }) => ({ on, step }));

  it('deputies get what they would have got, the manager nothing in a rest, and no step that holds is lost', async () => {
    let shifted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -40, max: 100 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 100 }),
        async (left, rest, from) => {
          const on = START.add({ days: left });
          const until = START.add({ days: rest }).toString();
          const boss = person(1, HER);
          const user = technicalUser(
            1,
            { portalOn: on.toString() },
            { principal: boss, secondaries: [person(2, DEPUTY)] },
          );
          const quiet = { kind: 'away', until, deadline: on.toString() } as const;
          const resting = {
            ...user,
            answered: {
              kind: 'away',
              at: 0,
              day: null,
              task: 't',
              version: 1,
              personId: 1,
              quiet,
              doneAt: null,
            } as const,
          };
          // What was told before the rest counts.
          const step = ladderPosition(
            { source: 'portal', on, latest: on },
            START.subtract({ days: 1 + (from % 20) }),
            rules.ladder,
            rules.calendar,
          ).step;
          const lastReminder =
            step === null || from < 20
              ? null
              : { version: 1, deadline: on.toString(), address: HER, step: step.offset, on: '2027-01-01' };
          const months = {
            now: Temporal.Instant.from('2027-02-01T09:00:00+01:00'),
            until: day('2027-07-01'),
          };
          const planOf = async (one: typeof user) =>
            (await Array.fromAsync(plan(fleetOf({ ...one, lastReminder }), rules, months))).flat();
          const [usual, rested] = [await planOf(user), await planOf(resting)];
          expect(lettersTo(rested, DEPUTY)).toEqual(lettersTo(usual, DEPUTY));
          const [hers, usually] = [lettersTo(rested, HER), lettersTo(usual, HER)];
          // Each is one that she would have got, at the same day or later.
          const kept = hers.filter(({ on, step }) =>
            usually.some((one) => one.on === on && one.step === step),
          );
          const late = hers.filter((one) => !kept.includes(one));
          expect(late.length).toBeLessThanOrEqual(1);
          shifted += late.length;
          for (const { step } of late) expect(usually.map((one) => one.step)).toContain(step);
          expect(new Set(hers.map(({ step }) => step)).size).toBe(hers.length);
          // The last one is the same: no rest reaches into the last week, or lasts for more than one after the date.
          expect(hers.at(-1)?.step).toBe(usually.at(-1)?.step);
          // The letter of the last week leaves on a working day, as the Friday before Easter Monday.
          const lastWeek = rules.calendar.onOrBefore(on.subtract({ days: 7 })).toString();
          const isWithinBounds = left < 0 ? rest <= 7 : until <= lastWeek;
          if (isWithinBounds) for (const { on } of hers) expect(on >= until).toBe(true);
        },
      ),
      // J-7 is Easter Monday, whose letter leaves on the Friday before, the day before the rest would end.
      { numRuns: 300, examples: [[63, 54, 0]] },
    );
    expect(shifted).toBeGreaterThan(50);
  });
});
