// The contract of the reminder repository and of the outbox, the same on either engine.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../../src/adapters/database/database.ts';
import { openFleet, openFleetQueries } from '../../../../src/adapters/database/fleet.ts';
import { openOutbox } from '../../../../src/adapters/database/letters/outbox.ts';
import { openReminderRepository } from '../../../../src/adapters/database/letters/reminders.ts';
import { NO_FACTS } from '../../../../src/domain/notification/letter.ts';
import type { ClaimedDelivery } from '../../../../src/domain/ports/outbox.ts';
import { decideReminders } from '../../../../src/domain/reminder/reminder-decision.ts';
import { plant } from '../../../fakes/fleet.ts';
import { rulesWith } from '../../../fakes/rules.ts';

const rules = rulesWith();
const TODAY = Temporal.PlainDate.from('2027-03-01');
const NOW = Temporal.Instant.from('2027-03-01T10:00:00+01:00').epochMilliseconds;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LEASE = 10 * MINUTE;

export function outboxSuite(open: () => Promise<Database>): void {
  let database: Database;
  const parts = () => ({
    reminders: openReminderRepository(database),
    outbox: openOutbox(database),
    fleet: openFleetQueries(database),
  });
  const round = (today = TODAY) =>
    parts().reminders.processDue(today.toString(), NOW, (users) => decideReminders(users, today, rules));
  const claim = (now = NOW, count = 100, includeScheduled = true) =>
    parts().outbox.claim({ now, leaseMs: LEASE, count, includeScheduled });
  const names = (claims: readonly ClaimedDelivery[]) => claims.map(({ recipient }) => recipient.address);
  const users = (count: number, portalOn = '2027-03-16') =>
    Array.from({ length: count }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn,
    }));

  beforeEach(async () => {
    database = await open();
  });
  afterEach(() => database.close());

  it('passes to a round only the users due for review, and nobody twice', async () => {
    await plant(database, [...users(3), { login: 'far', manager: 'far@x.test', portalOn: '2028-01-01' }]);
    expect(await round()).toBe(4);
    expect(await round()).toBe(0);
    // The far one is due at its first step; the others at their next one.
    expect(await round(Temporal.PlainDate.from('2027-03-09'))).toBe(3);
    expect(await round(Temporal.PlainDate.from('2027-11-02'))).toBe(4);
  });

  it('keeps all technical users of one manager in one round', async () => {
    const many = Array.from({ length: 1_203 }, (_, index) => ({
      login: `T${index}`,
      // A round takes some hundreds by their ids: both groups would be split.
      manager: index < 900 ? 'first@x.test' : 'second@x.test',
      portalOn: '2027-03-16',
    }));
    await plant(database, many);
    expect([await round(), await round(), await round()]).toEqual([900, 303, 0]);
    const claims = await claim();
    expect(claims.map(({ letter }) => letter.items.length)).toEqual([900, 303]);
  });

  it('keeps one manager together even when the group is larger than a round', async () => {
    const many = Array.from({ length: 1_100 }, (_, index) => ({
      login: `T${index}`,
      manager: 'one@x.test',
      portalOn: '2027-03-16',
    }));
    await plant(database, many);
    expect([await round(), await round()]).toEqual([1_100, 0]);
    expect((await claim()).map(({ letter }) => letter.items.length)).toEqual([1_100]);
  });

  it('stores the last reminder, and marks everybody due when the rules change or the day goes back', async () => {
    await plant(database, users(2));
    const { reminders } = parts();
    expect(await reminders.resetIfRulesChanged('rules A', '2027-03-01')).toBe(true);
    await round();
    expect(await reminders.resetIfRulesChanged('rules A', '2027-03-01')).toBe(false);
    expect(await reminders.resetIfRulesChanged('rules A', '2027-03-02')).toBe(false);
    expect(await round()).toBe(0);
    expect(await reminders.resetIfRulesChanged('rules A', '2027-02-28')).toBe(true);
    expect(await round()).toBe(2);
    expect(await reminders.resetIfRulesChanged('rules B', '2027-02-28')).toBe(true);
    expect(await claim()).toHaveLength(2);
  });

  it('marks everybody due again when it crashed before the last portion', async () => {
    await plant(database, users(3));
    const { reminders } = parts();
    await reminders.resetIfRulesChanged('rules A', '2027-03-01');
    expect(await round()).toBe(3);
    const { change } = database;
    let changes = 0;
    const crashing = {
      ...database,
      change: ((work) => {
        changes += 1;
        return changes > 1 ? Promise.reject(new Error('crash')) : change(work);
      }) as Database['change'],
    };
    const marked = openReminderRepository(crashing).resetIfRulesChanged('rules B', '2027-03-01');
    await expect(marked).rejects.toThrow('crash');
    expect(await reminders.resetIfRulesChanged('rules B', '2027-03-01')).toBe(true);
    expect(await round()).toBe(3);
    expect(await reminders.resetIfRulesChanged('rules B', '2027-03-01')).toBe(false);
    expect(await claim()).toHaveLength(3);
  });

  it('does not write a line a second time, even when the last reminder was lost', async () => {
    await plant(database, users(2));
    await round();
    await database.db
      .updateTable('technical_users')
      .set({ wake_on: '', told_step: null, told_version: null })
      .execute();
    expect(await round()).toBe(2);
    expect(await claim()).toHaveLength(2);
  });

  it('gives a letter to one claim at a time, and to the next when the lease is over', async () => {
    await plant(database, users(5));
    await round();
    const [first, second] = await Promise.all([claim(NOW, 3), claim(NOW, 3)]);
    expect([...names(first), ...names(second)].sort()).toEqual(users(5).map(({ manager }) => manager));
    expect(await claim()).toEqual([]);
    expect(await claim(NOW + LEASE - 1)).toEqual([]);
    expect(await claim(NOW + LEASE)).toHaveLength(5);
  });

  it('ignores the result of a claim that was taken over', async () => {
    await plant(database, users(1));
    await round();
    const [old] = await claim();
    const [young] = await claim(NOW + LEASE);
    if (old === undefined || young === undefined) throw new Error('no claim');
    const sent = { kind: 'sent', at: NOW, reply: '250' } as const;
    expect(await parts().outbox.saveResults([{ claimed: old, result: sent }])).toEqual(new Set());
    expect(await parts().outbox.saveResults([{ claimed: young, result: sent }])).toEqual(
      new Set([young.deliveryId]),
    );
    expect(await claim(NOW + 3 * LEASE)).toEqual([]);
  });

  it('delays a letter, gives it back, or ends it, and stores what the server said', async () => {
    await plant(database, users(4));
    await round();
    const claims = await claim();
    const [later, released, sent, withdrawn] = claims;
    if (!later || !released || !sent || !withdrawn) throw new Error('no claims');
    const { outbox, fleet } = parts();
    await outbox.saveResults([
      {
        claimed: later,
        result: { kind: 'later', at: NOW, nextAt: NOW + 5 * MINUTE, reply: '450 later', alarm: null },
      },
      { claimed: released, result: { kind: 'released', at: NOW, reply: 'down' } },
      { claimed: sent, result: { kind: 'sent', at: NOW, reply: '250 kept' } },
      { claimed: withdrawn, result: { kind: 'withdrawn', at: NOW, reason: 'renewed' } },
    ]);
    expect(names(await claim(NOW + MINUTE))).toEqual([released.recipient.address]);
    const [again] = await claim(NOW + 5 * MINUTE);
    expect(again).toMatchObject({
      tries: 1,
      firstTriedAt: NOW,
      recipient: { address: later.recipient.address },
    });
    const kept = await database.db
      .selectFrom('deliveries')
      .select(['state', 'reply'])
      .orderBy('reply')
      .execute();
    expect(kept.map((row) => ({ ...row }))).toEqual(
      expect.arrayContaining([
        { state: 'sent', reply: '250 kept' },
        { state: 'withdrawn', reply: 'renewed' },
        { state: 'claimed', reply: '450 later' },
      ]),
    );
    expect(await fleet.letterCounts(NOW - MINUTE)).toEqual({ sent: 1, waiting: 2, refused: 0 });
    expect(await fleet.outboxState()).toEqual({ waiting: 2, oldestAt: NOW });
    expect(await fleet.lettersByOutcome()).toEqual([
      expect.objectContaining({ kind: 'reminder', outcome: 'sent', count: 1 }),
      expect.objectContaining({ kind: 'reminder', outcome: 'withdrawn', count: 1 }),
    ]);
  });

  it('is not blocked by a time that only a wrong clock could have written', async () => {
    await plant(database, users(2));
    const ahead = NOW + 30 * 86_400_000;
    await parts().reminders.processDue(TODAY.toString(), ahead, (seen) =>
      decideReminders(seen, TODAY, rules),
    );
    const [one] = await claim(ahead, 1);
    if (one === undefined) throw new Error('no claim');
    expect(await claim(NOW)).toHaveLength(2);
  });

  it('marks an address dead that the server refuses for good, once, and raises the alarm in the same transaction', async () => {
    await plant(database, users(1));
    await round();
    const [claimed] = await claim();
    if (claimed === undefined) throw new Error('no claim');
    const facts = {
      login: 'T0',
      structure: null,
      siret: null,
      deadline: null,
      person: null,
      address: null,
      reply: '550',
    };
    const alarm = { id: 'refused/1', kind: 'refused', facts } as const;
    const result = { kind: 'refused', at: NOW, reply: '550 5.1.1', deadAddress: true, alarm } as const;
    const { outbox, fleet } = parts();
    expect(await outbox.saveResults([{ claimed, result }])).toEqual(new Set([claimed.deliveryId]));
    expect(await fleet.deadAddresses()).toMatchObject([
      { email: 'm0@x.test', dead: { since: NOW, reason: '550 5.1.1' } },
    ]);
    await database.db.updateTable('mandates').set({ until: NOW }).execute();
    expect(await fleet.deadAddresses()).toEqual([]);
    const letter = {
      language: 'fr',
      on: '2027-03-01',
      recipients: [{ address: 'it@x.test', name: 'IT', field: 'to', personId: null }],
    } as const;
    expect(await outbox.gatherAlarms(letter, NOW)).toBe(1);
    expect(await outbox.gatherAlarms(letter, NOW)).toBe(0);
    const [told] = await claim(NOW, 10, false);
    expect(told).toMatchObject({ letter: { kind: 'alarm', alarms: [{ kind: 'refused', facts }] } });
  });

  it('counts the letters that were sent to an address about the password and the date of a line', async () => {
    await plant(database, users(1));
    const { outbox } = parts();
    await round();
    const [first] = await claim();
    const [item] = first?.letter.items ?? [];
    if (first === undefined || item === undefined) throw new Error('no claim');
    const { address } = first.recipient;
    expect(await outbox.sentAbout(item, address)).toBe(0);
    await outbox.saveResults([{ claimed: first, result: { kind: 'sent', at: NOW, reply: '250' } }]);
    await round(TODAY.add({ days: 8 }));
    const [second] = await claim(NOW + 8 * 24 * HOUR);
    if (second === undefined) throw new Error('no second claim');
    expect(await outbox.sentAbout(item, address)).toBe(1);
    await outbox.saveResults([
      { claimed: second, result: { kind: 'withdrawn', at: NOW, reason: 'no longer true' } },
    ]);
    expect(await outbox.sentAbout(item, address)).toBe(1);
    expect(await outbox.sentAbout(item, 'other@x.test')).toBe(0);
    expect(await outbox.sentAbout({ ...item, version: 2 }, address)).toBe(0);
    expect(await outbox.sentAbout({ ...item, deadline: '2027-03-17' }, address)).toBe(0);
  });

  it('knows whether an address was told that a password is refused', async () => {
    await plant(database, users(1));
    const { outbox } = parts();
    const id = 'stopped/r1/5';
    const item = {
      id,
      userId: 1,
      login: 'T0',
      version: 1,
      deadline: null,
      step: null,
      first: false,
    } as const;
    const recipients = [{ address: 'm0@x.test', name: 'M', field: 'to', personId: 1 }] as const;
    await outbox.write(
      { id, kind: 'stopped', language: 'fr', on: '2027-03-01', items: [item], recipients },
      NOW,
    );
    expect(await outbox.toldRefused(item, 'm0@x.test')).toBe(false);
    const [claimed] = await claim();
    if (claimed === undefined) throw new Error('no claim');
    await outbox.saveResults([{ claimed, result: { kind: 'sent', at: NOW, reply: '250' } }]);
    expect(await outbox.toldRefused(item, 'm0@x.test')).toBe(true);
    expect(await outbox.toldRefused(item, 'other@x.test')).toBe(false);
    expect(await outbox.toldRefused({ ...item, version: 2 }, 'm0@x.test')).toBe(false);
  });

  it('reads back what left for people, the earliest first, and nothing that went to the IT service', async () => {
    await plant(database, [
      { login: 'late', manager: 'late@x.test', portalOn: '2027-02-26' },
      { login: 'unknown', manager: 'unknown@x.test' },
    ]);
    await round();
    const { outbox, fleet } = parts();
    const digest = { kind: 'digest', language: 'fr', on: '2027-03-01', items: [] } as const;
    const to = { address: 'it@x.test', name: 'IT', field: 'to', personId: null } as const;
    await outbox.write({ ...digest, id: 'digest/2027-03-01', recipients: [to] }, NOW);
    const claims = await claim();
    expect(claims).toHaveLength(3);
    await outbox.saveResults(
      claims.map((claimed, nth) => ({ claimed, result: { kind: 'sent', at: NOW - nth, reply: '250' } })),
    );
    const left = await fleet.lettersSent(NOW - 2, 10);
    expect(left.map(({ at, kind, step }) => [at - NOW, kind, step])).toEqual([
      [-1, 'unknown', null],
      [0, 'reminder', 3],
    ]);
    expect(left.every(({ structure, name }) => structure !== '' && name !== '')).toBe(true);
    expect(await fleet.lettersSent(NOW, 10)).toHaveLength(1);
    // The figures of the digest count what its list names: a new link too, and nothing that went to the IT service.
    const person = await database.db.selectFrom('people').select('id').executeTakeFirstOrThrow();
    const link = {
      ...digest,
      kind: 'link',
      id: 'link/x',
      recipients: [{ ...to, personId: person.id }],
    } as const;
    await outbox.write(link, NOW);
    expect(await fleet.letterCounts(NOW - 2)).toEqual({ sent: 2, waiting: 1, refused: 0 });
    expect(await fleet.lettersSent(NOW - 2, 1)).toHaveLength(1);
  });

  it('lets good news wait a quarter of an hour for more of it, and sends it with anything else', async () => {
    const { outbox } = parts();
    const to = { address: 'it@x.test', name: 'IT', field: 'to', personId: null } as const;
    const letter = { language: 'fr', on: '2027-03-01', recipients: [to] } as const;
    const news = (id: string) => ({ id, kind: 'rotated' as const, facts: NO_FACTS });
    await outbox.raise(news('rotated/1'), NOW);
    await outbox.raise(news('rotated/2'), NOW + 14 * MINUTE);
    expect(await outbox.gatherAlarms(letter, NOW + 15 * MINUTE - 1)).toBe(0);
    expect(await outbox.gatherAlarms(letter, NOW + 15 * MINUTE)).toBe(2);
    await outbox.raise(news('rotated/3'), NOW + HOUR);
    await outbox.raise({ id: 'outage/1', kind: 'outage', facts: NO_FACTS }, NOW + HOUR);
    expect(await outbox.gatherAlarms(letter, NOW + HOUR)).toBe(2);
    // A clock that was ahead raised it: it does not wait for that clock.
    await outbox.raise(news('rotated/4'), NOW + 2 * HOUR);
    expect(await outbox.gatherAlarms(letter, NOW + HOUR)).toBe(1);
  });

  it('gives only alarms while scheduled letters must wait, and the most urgent letter first', async () => {
    await plant(database, [
      { login: 'calm', manager: 'calm@x.test', portalOn: '2027-04-28' },
      { login: 'late', manager: 'late@x.test', portalOn: '2027-02-26' },
      { login: 'nobody', portalOn: '2027-02-27' },
      { login: 'unknown', manager: 'unknown@x.test' },
    ]);
    await round();
    const letter = {
      language: 'fr',
      on: '2027-03-01',
      recipients: [{ address: 'it@x.test', name: 'IT', field: 'to', personId: null }],
    } as const;
    const { outbox } = parts();
    await outbox.gatherAlarms(letter, NOW);
    const digest = { ...letter, id: 'digest/2027-03-01', kind: 'digest', items: [] } as const;
    expect([await outbox.write(digest, NOW), await outbox.write(digest, NOW)]).toEqual([true, false]);
    const alarms = await claim(NOW, 10, false);
    expect(names(alarms)).toEqual(['it@x.test']);
    const rest = await claim();
    expect(rest.map(({ letter: { kind }, recipient }) => `${kind} ${recipient.address}`)).toEqual([
      'reminder late@x.test',
      'reminder calm@x.test',
      'unknown unknown@x.test',
      'digest it@x.test',
    ]);
  });

  it('reads the fleet for a trial: technical users in use, lines ever written, and waiting letters', async () => {
    await plant(database, users(3));
    await round();
    const [claimed] = await claim(NOW, 1);
    if (claimed === undefined) throw new Error('no claim');
    await parts().outbox.saveResults([{ claimed, result: { kind: 'sent', at: NOW, reply: '250' } }]);
    const fleet = openFleet(database);
    const keys = (await Array.fromAsync(fleet.keys())).flat();
    expect(keys).toHaveLength(3);
    expect(new Set(keys.map(({ principalId }) => principalId)).size).toBe(3);
    const last = keys.at(-1)?.id ?? 0;
    expect((await fleet.users([last])).map(({ id, principal }) => [id, principal?.id])).toEqual([
      [last, keys.at(-1)?.principalId],
    ]);
    await database.db.updateTable('technical_users').set({ retired: 1 }).where('id', '=', last).execute();
    expect((await Array.fromAsync(fleet.keys())).flat()).toHaveLength(2);
    const lines = (await database.db.selectFrom('letter_items').select('id').execute()).map(({ id }) => id);
    expect([...(await fleet.written([...lines, 'never']))].sort()).toEqual(lines.sort());
    expect(lines).toHaveLength(3);
    const waiting = await fleet.waiting();
    expect(waiting.map(({ recipients }) => recipients.map(({ address }) => address))).toEqual([
      ['m1@x.test'],
      ['m2@x.test'],
    ]);
  });

  it('proves that it can be written to without changing anything', async () => {
    await parts().fleet.proveWritable();
    expect(await database.db.selectFrom('meta').selectAll().execute()).toHaveLength(1);
  });
}
