import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LastReminder, TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import { decideReminders } from '../../../src/domain/reminder/reminder-decision.ts';
import { person, technicalUser, toldThat } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';

/** The IT service gets copies from 7 days on. */
const rules = rulesWith({ ladder: { ...rulesWith().ladder, itFrom: 7 } });
const day = (text: string) => Temporal.PlainDate.from(text);
const monday = day('2027-03-01');

/** Decides, then lets the users remember what they were told, as the store does. */
function round(users: readonly TechnicalUser[], today: Temporal.PlainDate) {
  const decision = decideReminders(users, today, rules);
  const told = new Map(decision.reviews.map((looked) => [looked.userId, looked]));
  return {
    ...decision,
    after: users.map((user) => toldThat(user, told.get(user.id)?.lastReminder as LastReminder)),
  };
}

describe('one round of the watch', () => {
  it('writes one letter for a technical user on a step, and none the second time', () => {
    const first = round([technicalUser(1, { portalOn: '2027-03-12' })], monday);
    expect(first.letters).toHaveLength(1);
    expect(first.letters[0]).toMatchObject({
      id: 'production/TECH_1_00000000000001@cpro.fr/v1/2027-03-12/J-15/manager1@example.test',
      kind: 'reminder',
      on: '2027-03-01',
      items: [{ step: { offset: -15 }, deadline: '2027-03-12', first: true }],
      recipients: [{ address: 'manager1@example.test', field: 'to' }],
    });
    expect(first.reviews[0]?.wakeOn).toBe('2027-03-05');
    const second = round(first.after, monday);
    expect(second.letters).toEqual([]);
    expect(second.reviews[0]?.wakeOn).toBe('2027-03-05');
  });

  it('writes one letter after a pause of any length, the most urgent, and not as the first of its ladder', () => {
    const { after } = round([technicalUser(1, { portalOn: '2027-03-12' })], day('2027-01-11'));
    const { letters } = round(after, day('2027-03-22'));
    expect(letters.map((letter) => letter.items.map((item) => [item.step?.offset, item.first]))).toEqual([
      [[7, false]],
    ]);
  });

  it('writes another letter about an account for whose manager reminders rest, to the others', () => {
    const principal = person(9, 'maire@x.test');
    const secondaries = [person(20, 'adjoint@x.test')];
    const quiet = { kind: 'away', until: '2027-03-05', deadline: '2027-03-12' } as const;
    const answered = {
      kind: 'away',
      at: 0,
      day: null,
      task: 't',
      version: 1,
      personId: 9,
      quiet,
      doneAt: null,
    } as const;
    const fleet = [1, 2].map((id) =>
      technicalUser(id, { portalOn: '2027-03-12' }, { principal, secondaries }),
    );
    const resting = fleet.map((user) => (user.id === 1 ? { ...user, answered } : user));
    const { letters, reviews, after } = round(resting, monday);
    expect(
      letters.map(({ items, recipients }) => [items.length, recipients.map(({ address }) => address)]),
    ).toEqual([
      [1, ['adjoint@x.test']],
      [1, ['maire@x.test', 'adjoint@x.test']],
    ]);
    expect(reviews.map(({ wakeOn }) => wakeOn)).toEqual(['2027-03-05', '2027-03-05']);
    expect(round(after, monday).letters).toEqual([]);
    const later = round(after, day('2027-03-05')).letters;
    expect(later.flatMap(({ items }) => items.map(({ id }) => id.split('/')[4]))).toEqual(['J-7', 'J-7']);
  });

  it('writes nothing about a password that Chorus Pro refuses, and looks again the next day', () => {
    const service = { state: 'stopped', workedAt: null, refusedAt: 1 } as const;
    const stopped = [
      technicalUser(1, { portalOn: '2027-03-02' }, { service }),
      technicalUser(2, {}, { service }),
    ];
    const { letters, alarms, tasks, reviews } = round(stopped, monday);
    expect({ letters, alarms, tasks }).toEqual({ letters: [], alarms: [], tasks: [] });
    expect(reviews).toEqual([
      { userId: 1, lastReminder: null, wakeOn: '2027-03-02' },
      { userId: 2, lastReminder: null, wakeOn: '2027-03-02' },
    ]);
    for (const state of ['unasked', 'working', 'doubtful'] as const)
      expect(
        round([technicalUser(1, { portalOn: '2027-03-02' }, { service: { ...service, state } })], monday)
          .letters,
      ).toHaveLength(1);
  });

  it('asks the IT service to call with the last step, by one task for each password, date and manager', () => {
    const late = (offset: number, changes = {}) =>
      round([technicalUser(1, { portalOn: monday.subtract({ days: offset }).toString() }, changes)], monday)
        .tasks;
    expect([-15, 0, 1, 3, 7, 13].flatMap((offset) => late(offset))).toEqual([]);
    const [task, ...more] = late(14);
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      kind: 'call',
      userId: 1,
      forWhom: 'it-service',
      facts: { version: 1, deadline: '2027-02-15', personId: 1, day: null, text: null },
    });
    // A step of the monthly letters gives the same task.
    const again = round([technicalUser(1, { portalOn: '2027-02-15' })], monday.add({ days: 60 })).tasks;
    expect(again.map(({ id }) => id)).toEqual([task?.id]);
    const others = [
      late(14, { version: 2 }),
      late(15),
      late(14, { principal: person(7, 'neuf@example.test') }),
    ];
    const ids = [task?.id, ...others.flat().map(({ id }) => id)];
    expect(new Set(ids).size).toBe(4);
  });

  it('puts all that is due to one manager into one letter, the most urgent line first', () => {
    const boss = person(9, 'maire@example.test');
    const users = [
      technicalUser(
        1,
        { portalOn: '2027-03-12' },
        { principal: boss, secondaries: [person(20, 'adjoint@example.test')] },
      ),
      technicalUser(
        2,
        { portalOn: '2027-03-02' },
        { principal: boss, secondaries: [person(21, 'dgs@example.test')] },
      ),
      technicalUser(3, {}, { principal: boss }),
      technicalUser(4, { portalOn: '2027-12-12' }, { principal: boss }),
    ];
    const { letters } = round(users, monday);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.items.map((item) => [item.userId, item.step?.offset ?? null])).toEqual([
      [2, -1],
      [1, -15],
      [3, null],
    ]);
    expect(letters[0]?.recipients.map((reader) => [reader.field, reader.address])).toEqual([
      ['to', 'maire@example.test'],
      ['cc', 'dgs@example.test'],
      ['cc', 'adjoint@example.test'],
      ['cc', rules.itService.email],
    ]);
  });

  it('starts the ladder anew when the date, the password or the manager changes', () => {
    const user = technicalUser(1, { portalOn: '2027-03-12' });
    const { after } = round([user], monday);
    const [told] = after;
    if (told === undefined) throw new Error('nobody');
    const again = (changed: Partial<TechnicalUser>) =>
      round([{ ...told, ...changed }], monday).letters.map((l) => l.items[0]?.first);
    expect(again({})).toEqual([]);
    expect(again({ version: 2 })).toEqual([true]);
    expect(again({ facts: { changedOn: null, portalOn: day('2027-03-10') } })).toEqual([true]);
    expect(again({ principal: person(7, 'successor@example.test') })).toEqual([true]);
    expect(again({ secondaries: [person(8, 'new@example.test')] })).toEqual([]);
  });

  it('raises an alarm instead of silence when the manager cannot be reached, and still writes to the deputies', () => {
    const dead = person(1, 'gone@example.test', { dead: { since: 0, reason: '550 5.1.1' } });
    for (const principal of [null, person(1, null), dead]) {
      const alone = round([technicalUser(1, { portalOn: '2027-03-12' }, { principal })], monday);
      expect(alone.alarms.map((alarm) => alarm.kind)).toEqual(['no-address']);
      expect(alone.letters).toEqual([]);
      expect(round(alone.after, monday).alarms).toEqual([]);
      const deputies = [person(5, 'adjoint@example.test')];
      const helped = round(
        [technicalUser(1, { portalOn: '2027-03-12' }, { principal, secondaries: deputies })],
        monday,
      );
      expect(helped.alarms).toHaveLength(1);
      expect(helped.letters[0]?.recipients).toMatchObject([{ field: 'to', address: 'adjoint@example.test' }]);
    }
  });

  it('asks for an unknown date at once, then not before a month has passed', () => {
    const asked: string[] = [];
    let users: readonly TechnicalUser[] = [technicalUser(1, {})];
    for (let today = monday; asked.length < 4; today = rules.calendar.onOrAfter(today.add({ days: 1 }))) {
      const { letters, after } = round(users, today);
      users = after;
      if (letters.length > 0) asked.push(today.toString());
    }
    expect(asked).toEqual(['2027-03-01', '2027-04-01', '2027-05-03', '2027-06-03']);
  });

  it('says nothing of a retired technical user, and does not look again', () => {
    const { letters, reviews: looked } = round(
      [technicalUser(1, { portalOn: '2027-03-02' }, { retired: true })],
      monday,
    );
    expect(letters).toEqual([]);
    expect(looked[0]?.wakeOn).toBeNull();
  });

  it('repeats nothing and bursts into nothing when the clock goes back and forth', () => {
    const days = fc.array(fc.integer({ min: -80, max: 60 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(days, (shifts) => {
        let users: readonly TechnicalUser[] = [technicalUser(1, { portalOn: '2027-03-12' })];
        const ids = new Set<string>();
        let urgency = Number.NEGATIVE_INFINITY;
        for (const shift of shifts) {
          const { letters, after } = round(
            users,
            rules.calendar.onOrAfter(day('2027-03-12').add({ days: shift })),
          );
          users = after;
          expect(letters.length).toBeLessThanOrEqual(1);
          for (const letter of letters) {
            expect(ids.has(letter.id)).toBe(false);
            ids.add(letter.id);
            const step = letter.items[0]?.step?.offset ?? 0;
            expect(step).toBeGreaterThan(urgency);
            urgency = step;
          }
        }
      }),
    );
  });

  it('never misses a step, whenever it looks: waking on the day it names is as good as looking every day', () => {
    const anyUser = fc.oneof(
      fc
        .integer({ min: -30, max: 400 })
        .map((days) => technicalUser(1, { portalOn: monday.add({ days }).toString() })),
      fc
        .integer({ min: 0, max: 500 })
        .map((days) => technicalUser(1, { changedOn: monday.subtract({ days }).toString() })),
      fc.constant(technicalUser(1, {})),
    );
    fc.assert(
      fc.property(anyUser, (user) => {
        const walk = (lazy: boolean) => {
          const ids: string[] = [];
          let users: readonly TechnicalUser[] = [user];
          let wake: string | null = '';
          for (
            let today = monday;
            today.year < 2029;
            today = rules.calendar.onOrAfter(today.add({ days: 1 }))
          ) {
            if (lazy && (wake === null || wake > today.toString())) continue;
            const { letters, reviews: looked, after } = round(users, today);
            users = after;
            wake = looked[0]?.wakeOn ?? null;
            ids.push(...letters.map((letter) => `${today} ${letter.id}`));
          }
          return ids;
        };
        expect(walk(true)).toEqual(walk(false));
      }),
      { numRuns: 60 },
    );
  });
});

describe('an address that works again', () => {
  it('is told anew what it could not be told while it was dead', () => {
    const dead = { since: 0, reason: '550 5.1.1' };
    const { after } = round(
      [technicalUser(1, { portalOn: '2027-03-12' }, { principal: person(1, 'm@x.test', { dead }) })],
      monday,
    );
    const again = after.map((user) => ({ ...user, principal: person(1, 'm@x.test', { revived: 1 }) }));
    const { letters } = round(again, monday);
    expect(letters.map(({ id, recipients: readers }) => [id.split('/').at(-1), readers[0]?.address])).toEqual(
      [['m@x.test#1', 'm@x.test']],
    );
    expect(round(round(again, monday).after, monday).letters).toEqual([]);
  });
});
