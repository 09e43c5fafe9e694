// The day's screen, on the afternoons that it is for: what hangs stands there from the first minute, and what is over leaves it.
import { afterEach, describe, expect, test } from 'vitest';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { openTodayQueries } from '../../../src/adapters/database/today.ts';
import { todayText } from '../../../src/content/terminal/today.ts';
import type { ServiceFacts } from '../../../src/content/terminal/today-facts.ts';
import { withdraw } from '../../../src/domain/rotation/receive.ts';
import { currentHealth } from '../../../src/domain/rotation/rotation.ts';
import { todayFacts } from '../../../src/use-cases/monitoring/today.ts';
import { nextChecksOf } from '../../../src/use-cases/rotation/next-checks.ts';
import { settleTasks } from '../../../src/use-cases/tasks/tasks.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { openWorld, type World, type WorldSettings } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

let world: World;
afterEach(() => world.close());

const SERVICE: ServiceFacts = {
  version: '1.2.3',
  daemon: { runs: true, startedAt: Date.parse('2027-02-27T08:00:00+01:00'), version: '1.2.3' },
  platforms: [],
  closures: [],
  outbox: { waiting: 0, oldestAt: null },
  webhook: null,
  letters: { sent: 0, refused: 0 },
  keys: { kind: 'open', known: ['first'], sealing: 'first' },
  unopened: 0,
};

/** The screen at this minute: the facts, the text, and the text with its marks. */
async function look(service: Partial<ServiceFacts> = {}) {
  const { database, ports, clock } = world;
  const queries = openTodayQueries(database);
  const facts = await todayFacts({
    ...{ clock, rules: rulesWith(), budget: ports.rules.budget, registry: openRegistry(database) },
    openMatters: () => ports.probes.openMatters(),
    read: async (userId) => {
      const aggregate = await ports.rotations.aggregate(userId);
      return aggregate === null ? null : { aggregate, next: await nextChecksOf(ports, aggregate) };
    },
    lastLetters: queries.lastLetters,
    answeredOrWorking: queries.answeredOrWorking,
    unreachable: queries.unreachable,
    tasks: () => settleTasks({ tasks: openTaskRepository(database) }, clock.now(), rulesWith().validity),
    service: async () => ({ ...SERVICE, ...service }),
  });
  const text = todayText(facts, (_, words) => words);
  for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
  return { facts, text };
}

const FIRST = 'kK2(made_Up[9z';
const SECOND = 'pQ7)other_O]3w';
const WRONG = 'xX5(never_W{1q';
const MINUTE = 60_000;

/** A password is in service, and Chorus Pro accepts it. */
async function openWith(settings: WorldSettings = {}) {
  world = await openWorld(settings);
  world.chorus.alive.set(LOGIN, FIRST);
  await world.submit(FIRST);
  await world.advance();
}

const part = (text: string, title: string) => text.split('\n\n').find((one) => one.startsWith(title)) ?? '';

test('a quiet day says so', async () => {
  await openWith();
  const { text } = await look();
  expect(text).toContain('Nothing hangs.');
  expect(text).toContain('1.2.3, up since 2027-02-27 08:00');
  expect(text).not.toMatch(/webhook|sealed/);
});

test('the service: a webhook that fails, a master key that is lost', async () => {
  await openWith();
  const at = world.now();
  const said = async (service: Partial<ServiceFacts>) =>
    part((await look(service)).text, 'The service').replaceAll(/\s+/g, ' ');
  const quiet = { waiting: 0, oldestAt: null, failingSince: null, givenUp: 0 };
  expect(await said({ webhook: quiet })).toContain(' webhook 0 waiting master keys');
  const failing = { waiting: 3, oldestAt: at - 5 * MINUTE, failingSince: at - 4 * MINUTE, givenUp: 2 };
  expect(await said({ webhook: failing })).toContain(
    'webhook 3 waiting, the oldest since 09:55; no event was taken since 09:56; 2 given up in 30 days',
  );
  const lost = await said({ keys: { kind: 'shut', reason: 'there is no master key' }, unopened: 4 });
  expect(lost).toContain('master keys there is no master key');
  expect(lost).toMatch(
    /sealed 4 secret\(s\) that no known key opens: put the line of that key back .*“A master key is lost” $/,
  );
});

describe('the stumbling afternoon', () => {
  test('stands there from the first minute: both refused, a connector held, failures counted, whom to call', async () => {
    await openWith();
    await world.database.db.updateTable('people').set({ phone: '03 84 57 65 85' }).execute();
    world.later(MINUTE);
    world.chorus.alive.set(LOGIN, SECOND);
    await world.handIn(WRONG);
    const { text, facts } = await look();
    expect(facts.stopped.count).toBe(1);
    const said = part(text, 'Stopped: no invoices arrive (1)').replaceAll(/\s+/g, ' ');
    expect(said).toContain('Commune 0 since 10:01 TECH_1_21900001200015 ');
    expect(said).toContain('the password in service is refused too; it last worked 10:00');
    expect(said).toContain('a new password was received 10:01, refused once; next question at 11:0');
    expect(said).toContain('file could not be told to hold its calls yet');
    expect(said).toContain('failures at Chorus Pro lately: 2 of 3');
    expect(said).toContain('call Madame Maire, 03 84 57 65 85');
    world.later(MINUTE);
    await world.advance();
    expect((await look()).text).toContain('file holds its calls since 10:02');
    world.later(MINUTE);
    await world.handIn(SECOND);
    await world.advance();
    expect((await look()).text).toContain('Nothing hangs.');
  });

  test('a new password that is taken back after both were refused leaves the account stopped, its connector held', async () => {
    await openWith();
    world.later(MINUTE);
    world.chorus.alive.set(LOGIN, SECOND);
    await world.handIn(WRONG);
    await world.advance();
    const health = async () => currentHealth(await world.aggregate())?.state;
    expect(await health()).toBe('stopped');
    await world.ports.rotations.update(world.id, (aggregate) =>
      withdraw(aggregate, { channel: 'command', by: 'agent' }, 'a mistake', world.now()),
    );
    world.later(MINUTE);
    await world.advance();
    expect(await health()).toBe('stopped');
    const { text, facts } = await look();
    expect(facts.stopped.count).toBe(1);
    expect(text).toContain('the password in service is refused; it last worked 10:00');
    expect(text).toContain('file holds its calls since');
    expect((await world.aggregate()).holds).toMatchObject([{ wanted: true, applied: true }]);
  });

  test('what a person must choose, and what was announced, is in hand', async () => {
    await openWith();
    await world.submit('12345678', { keepUnclear: true });
    expect(part((await look()).text, 'In hand (1)')).toContain(
      'received 10:00: somebody must choose what it means',
    );
  });

  test('a password that the probe found dead is stopped, with the letter about it', async () => {
    await openWith();
    world.later(5 * MINUTE);
    await world.stops();
    const said = part((await look()).text, 'Stopped: no invoices arrive (1)');
    expect(said).toContain('since 10:05');
    expect(said).toContain('the password in service is refused');
  });
});

describe('dates', () => {
  const users = [
    { login: 'TECH_1_21900001200015@cpro.fr', portalOn: '2027-03-05', manager: 'a@example.test' },
    { login: 'TECH_2_21900001200015@cpro.fr', portalOn: '2027-03-08', manager: 'b@example.test' },
    { login: 'TECH_3_21900001200015@cpro.fr', portalOn: '2027-03-09', manager: 'c@example.test' },
    { login: 'TECH_4_21900001200015@cpro.fr', portalOn: '2027-02-15', manager: 'd@example.test' },
    { login: 'TECH_5_21900001200015@cpro.fr', portalOn: '2027-02-14', manager: 'e@example.test' },
    { login: 'TECH_6_21900001200015@cpro.fr', manager: 'f@example.test' },
    { login: 'TECH_7_21900001200015@cpro.fr', portalOn: '2027-12-01', manager: null },
    { login: 'TECH_8_21900001200015@cpro.fr', portalOn: '2027-02-28', manager: 'h@example.test' },
  ];

  test('a week ahead and two behind are this week, what is later has no answer, and what is unknown is counted', async () => {
    world = await openWorld({ users });
    const { text, facts } = await look();
    const logins = (shown: typeof facts.week) => shown.lines.map(({ user }) => user.login.slice(0, 6));
    // What is to come stands before what has passed, and so is never behind “and more”.
    expect(logins(facts.week)).toEqual(['TECH_1', 'TECH_2', 'TECH_8', 'TECH_4']);
    expect(logins(facts.noAnswer)).toEqual(['TECH_5']);
    expect(facts).toMatchObject({ accounts: 8, unknownDates: 1, unreachable: 1 });
    expect(part(text, 'This week (4)')).toMatch(/2027-03-05 {2}in 4 days/);
    expect(part(text, 'This week (4)')).toMatch(/2027-02-28 {2}1 day ago /);
    const late = part(text, 'No answer (1)');
    expect(late).toMatch(/2027-02-14 {2}15 days ago/);
    expect(late).toContain('unknown dates: 1   releve list --state unknown');
    expect(late).toContain('no usable address: 1   releve check');
  });

  test('who has answered lately, and whose password works past its date, is not without an answer', async () => {
    const logins = [LOGIN, 'TECH_2_21900001200015@cpro.fr', 'TECH_3_21900001200015@cpro.fr'];
    const late = { portalOn: '2027-02-10', changedOn: '2026-02-10', manager: 'a@example.test' };
    world = await openWorld({ users: logins.map((login) => ({ login, ...late })) });
    const { database, now } = world;
    const noAnswer = async () =>
      (await look()).facts.noAnswer.lines.map(({ user }) => user.login.slice(0, 6));
    const { version, principal } = await world.user();
    const personId = principal?.id ?? null;
    const answered = (at: number) =>
      database.db
        .updateTable('technical_users')
        .set({ answered: JSON.stringify({ kind: 'will-do', version, personId, quiet: null, at }) })
        .where('id', '=', world.id)
        .execute();
    await answered(now() - 20 * 24 * 60 * MINUTE);
    expect(await noAnswer()).toEqual(['TECH_1', 'TECH_2', 'TECH_3']);
    await answered(now() - 60 * MINUTE);
    expect(await noAnswer()).toEqual(['TECH_2', 'TECH_3']);
    // One that the probe found to work, or not to, weeks after its date.
    await answered(0);
    world.chorus.alive.set(LOGIN, FIRST);
    await world.submit(FIRST);
    await world.advance();
    const late1 = { changed_on: '2026-02-10', portal_on: '2027-02-10' };
    await database.db.updateTable('technical_users').set(late1).where('id', '=', world.id).execute();
    expect(await noAnswer()).toEqual(['TECH_2', 'TECH_3']);
    await database.db
      .updateTable('health')
      .set({ worked_at: now() - 30 * 24 * 60 * MINUTE })
      .execute();
    expect(await noAnswer()).toEqual(['TECH_1', 'TECH_2', 'TECH_3']);
  });

  test('shows five of a kind, and how many more there are', async () => {
    world = await openWorld({
      users: Array.from({ length: 60 }, (_, at) => ({
        login: `TECH_${at + 10}_21900001200015@cpro.fr`,
        // More than a thousand days late: no column runs into the next one.
        portalOn: at === 0 ? '2023-03-05' : '2027-03-05',
        manager: `m${at}@example.test`,
      })),
    });
    const { text, facts } = await look();
    expect(facts.week).toMatchObject({ count: 59 });
    expect(facts.week.lines).toHaveLength(50);
    expect(part(text, 'This week (59)')).toContain('  … and 54 more');
    expect(part(text, 'No answer (1)')).toMatch(/2023-03-05 {2}\d+ days ago +Commune 0 /);
  });
});
