import { describe, expect, it } from 'vitest';
import type { TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import { decideReminders } from '../../../src/domain/reminder/reminder-decision.ts';
import { revalidate } from '../../../src/domain/reminder/revalidation.ts';
import { person, technicalUser } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';

const rules = rulesWith();
const day = (text: string) => Temporal.PlainDate.from(text);
const monday = day('2027-03-01');
const boss = person(9, 'maire@example.test');
const deputy = person(20, 'adjoint@example.test');

/** A letter about two technical users, as it stands in the outbox, and the users as they are after it was written. */
function written() {
  const users = [
    technicalUser(1, { portalOn: '2027-03-12' }, { principal: boss, secondaries: [deputy] }),
    technicalUser(2, { portalOn: '2027-03-02' }, { principal: boss }),
  ];
  const decision = decideReminders(users, monday, rules);
  const [letter] = decision.letters;
  if (letter === undefined) throw new Error('no letter');
  const now = users.map((user) => ({
    ...user,
    lastReminder: decision.reviews.find((l) => l.userId === user.id)?.lastReminder ?? null,
  }));
  return { letter: { ...letter, alarms: [] }, now };
}

function ask(change: (user: TechnicalUser) => TechnicalUser, address = 'maire@example.test') {
  const { letter, now } = written();
  const users = new Map(now.map((user) => [user.id, change(user)]));
  const reader = letter.recipients.find((one) => one.address === address);
  if (reader === undefined) throw new Error('no such reader');
  const truth = revalidate(letter, reader, users, { rules, today: monday });
  return truth.kind === 'true' ? truth.lines.map((line) => line.login.at(-9)) : truth.reason;
}

describe('just before sending, a letter', () => {
  it('still holds when nothing has changed', () => {
    expect(ask((user) => user)).toEqual(['2', '1']);
  });

  it('loses the line whose password, date or manager has changed, and goes with the rest', () => {
    const only1 = (changed: Partial<TechnicalUser>) =>
      ask((user) => (user.id === 1 ? { ...user, ...changed } : user));
    expect(only1({ version: 2 })).toEqual(['2']);
    expect(only1({ facts: { portalOn: day('2028-03-12'), changedOn: null } })).toEqual(['2']);
    expect(only1({ facts: { portalOn: null, changedOn: null } })).toEqual(['2']);
    expect(only1({ retired: true })).toEqual(['2']);
    const service = { state: 'stopped', workedAt: null, refusedAt: 1 } as const;
    expect(only1({ service })).toEqual(['2']);
    expect(only1({ service: { ...service, state: 'doubtful' } })).toEqual(['2', '1']);
    expect(only1({ principal: person(7, 'successor@example.test') })).toEqual(['2']);
  });

  it('is withdrawn when none of its lines holds, with the reason', () => {
    expect(ask((user) => ({ ...user, version: 2 }))).toMatch(/changed since/);
    expect(ask((user) => ({ ...user, retired: true }))).toMatch(/retired/);
    expect(
      ask((user) => ({ ...user, lastReminder: user.lastReminder && { ...user.lastReminder, step: 3 } })),
    ).toMatch(/more urgent/);
  });

  it('loses the line for whose manager reminders rest, for that manager alone', () => {
    const quiet = { kind: 'away', until: '2027-03-05', deadline: '2027-03-12' } as const;
    const given = {
      kind: 'away',
      at: 0,
      day: null,
      task: 't',
      version: 1,
      personId: 9,
      quiet,
      doneAt: null,
    } as const;
    const rests = (user: TechnicalUser) => (user.id === 1 ? { ...user, answered: given } : user);
    expect(ask(rests)).toEqual(['2']);
    expect(ask(rests, 'adjoint@example.test')).toEqual(['2', '1']);
    const over = { ...given, quiet: { ...quiet, until: '2027-03-01' } };
    expect(ask((user) => ({ ...user, answered: over }))).toEqual(['2', '1']);
  });

  it('is withdrawn from a reader who no longer has to hear of it', () => {
    expect(ask((user) => ({ ...user, secondaries: [] }), 'adjoint@example.test')).toMatch(/no longer/);
    expect(ask((user) => ({ ...user, secondaries: [] }))).toEqual(['2', '1']);
    const dead = { since: 0, reason: 'no such user' };
    expect(ask((user) => ({ ...user, principal: { ...boss, dead } }))).toMatch(/out of use/);
    expect(ask((user) => ({ ...user, principal: { ...boss, dead } }), 'adjoint@example.test')).toEqual([
      '2',
      '1',
    ]);
  });
});
