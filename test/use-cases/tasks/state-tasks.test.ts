// Tasks that the stored state opens and closes by itself: each is there from the first look, once, and goes with its state.
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { openWebhookOutbox } from '../../../src/adapters/database/webhook/webhook-outbox.ts';
import { adviceOf } from '../../../src/cli/monitoring/task-advice.ts';
import { taskTitle } from '../../../src/content/letters/digest/task-list.ts';
import { EVENT_GROUPS } from '../../../src/domain/notification/webhook-event.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { announce } from '../../../src/domain/rotation/receive.ts';
import { openTaskActions, settleTasks } from '../../../src/use-cases/tasks/tasks.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { statements } from '../../rig/statements.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const FIRST = 'kK2(made_Up[9z';
const SECOND = 'pQ7)other_O]3w';
const WRONG = 'xX5(never_W{1q';
const MINUTE = 60_000;
const DAY = 86_400_000;

let world: World;
let sink: ReturnType<typeof fakeSink>;
beforeEach(async () => {
  sink = fakeSink('file');
  world = await openWorld({ sinks: [sink] });
  world.chorus.alive.set(LOGIN, FIRST);
  await world.submit(FIRST);
  await world.advance();
});
afterEach(() => world.close());

const actions = () =>
  openTaskActions({ ...world, tasks: openTaskRepository(world.database) }, world.validity);
const open = async () =>
  (await actions().list({ done: false })).map(({ task }) => [task.kind, task.facts.text]);

/** What is said of the one task that is open, and what it advises. */
async function said() {
  const [one] = await actions().list({ done: false });
  if (one === undefined) throw new Error('no task is open');
  const { what, commands } = adviceOf(one);
  expect(what).not.toBe('');
  for (const command of commands) expect(command).toMatch(/^releve [a-z ]+TECH_1_21900001200015@cpro\.fr/);
  return [taskTitle(one, 'en'), taskTitle(one, 'fr')];
}

/** Both passwords are refused: the one in service, and what was handed in. */
async function bothRefused() {
  world.later(MINUTE);
  world.chorus.alive.set(LOGIN, SECOND);
  await world.handIn(WRONG);
}

test('no invoices arrive: from the first minute until the right password is in service, and again the next time', async () => {
  expect(await open()).toEqual([]);
  await bothRefused();
  expect(await open()).toEqual([['stopped', null]]);
  expect(await said()).toEqual([
    'Call Madame Maire: the password in service is refused, and no invoices arrive',
    'Appeler Madame Maire : mot de passe en service refusé, plus aucune facture n’arrive',
  ]);
  world.later(MINUTE);
  await world.advance();
  expect(await open()).toEqual([['stopped', null]]);
  world.later(MINUTE);
  await world.handIn(SECOND);
  await world.advance();
  expect(await open()).toEqual([]);
  const closed = (await actions().list({ done: true })).map(({ task }) => task.done?.why);
  expect(closed).toEqual(['it is so no more']);
  await world.stops();
  expect(await open()).toEqual([['stopped', null]]);
});

test('advises what the alarm advises, the likelier first', async () => {
  await bothRefused();
  const [one] = await actions().list({ done: false });
  if (one === undefined) throw new Error('no task is open');
  const advised = async () =>
    adviceOf(one, await world.aggregate()).commands.map((line) => line.split(' ')[1]);
  expect(await advised()).toEqual(['hold', 'submit', 'verify']);
  // Held before the reset, no call of its connector can have locked the account.
  const aggregate = await world.aggregate();
  const holds = aggregate.holds.map((hold) => ({ ...hold, applied: true, appliedAt: 1 }));
  expect(adviceOf(one, { ...aggregate, holds }).commands[0]).toContain('releve submit');
});

test('one that an agent closed stays closed while nothing changes', async () => {
  await bothRefused();
  const [one] = await actions().list({ done: false });
  await actions().done(one?.task.number ?? 0, { by: 'agent', why: 'called' });
  world.later(MINUTE);
  await world.advance();
  expect(await open()).toEqual([]);
});

/** All tasks that are kept, each with why it was closed. */
const all = async () =>
  (await actions().list({ done: true })).map(({ task }) => [task.number, task.kind, task.done?.why ?? null]);
/** The changes of the account that were events. */
const accountEvents = async () => {
  const rows = await world.database.db
    .selectFrom('webhook_events')
    .select('type')
    .orderBy('number')
    .execute();
  return rows.map(({ type }) => type).filter((type) => /stopped|works-again/.test(type));
};
const announced = () =>
  world.ports.rotations.update(world.id, (aggregate) =>
    announce(
      aggregate,
      { actor: { channel: 'form', by: 'her' }, id: `ann ${world.now()}` },
      world.ports.rules,
      world.now(),
    ),
  );

test('a connector that is just being told to go on after a good renewal is no stop, and the next real one is', async () => {
  await openWebhookOutbox(world.database).subscribe(EVENT_GROUPS);
  world.later(MINUTE);
  await announced();
  await world.advance();
  world.later(MINUTE);
  world.chorus.alive.set(LOGIN, SECOND);
  let goOn = () => {};
  sink.slow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const renewal = world.handIn(SECOND);
  await expect.poll(async () => (await world.aggregate()).holds.map(({ wanted }) => wanted)).toEqual([false]);
  expect(await open()).toEqual([]);
  goOn();
  await renewal;
  await world.advance();
  expect(await open()).toEqual([]);
  expect(await accountEvents()).toEqual([]);
  world.later(MINUTE);
  world.chorus.alive.set(LOGIN, FIRST);
  await world.handIn(WRONG);
  expect(await open()).toEqual([['stopped', null]]);
});

test('a connector that cannot be told to go on is a task of its own, at the third try', async () => {
  await announced();
  await world.advance();
  sink.holdFault = 'the disk is full';
  world.chorus.alive.set(LOGIN, SECOND);
  await world.handIn(SECOND);
  for (let tries = 1; tries < 3; tries += 1) {
    expect(await open()).toEqual([]);
    world.later(10 * MINUTE);
    await world.advance();
  }
  expect(await open()).toEqual([['release-stuck', 'file']]);
  expect(await said()).toEqual([
    'Start the connector: "file" could not be told to go on',
    'Relancer le connecteur : « file » n’a pas pu être prévenu de reprendre ses appels',
  ]);
  sink.holdFault = null;
  world.later(60 * MINUTE);
  await world.advance();
  expect(await open()).toEqual([]);
});

test('an account of which both are refused stays stopped, round after round, until a good answer', async () => {
  await openWebhookOutbox(world.database).subscribe(EVENT_GROUPS);
  await bothRefused();
  // A tick, another command or a reader of the API while a call of a round is under way.
  const verify = world.ports.verifier.verify.bind(world.ports.verifier);
  let calls = 0;
  Object.assign(world.ports.verifier, {
    verify: async (...of: Parameters<typeof verify>) => {
      calls += 1;
      expect(await open()).toEqual([['stopped', null]]);
      return verify(...of);
    },
  });
  for (let quarter = 0; quarter < 24; quarter += 1) {
    world.later(15 * MINUTE);
    await world.advance();
  }
  expect(calls).toBeGreaterThan(3);
  expect(await all()).toEqual([[1, 'stopped', null]]);
  expect(await accountEvents()).toEqual(['account.stopped', 'task.stopped.opened']);
  Object.assign(world.ports.verifier, { verify });
  world.later(61 * MINUTE);
  await world.handIn(SECOND);
  await world.advance();
  expect((await accountEvents()).slice(2)).toEqual(['account.works-again']);
  expect(await all()).toEqual([[1, 'stopped', 'it is so no more']]);
});

test('a technical user that is reinstated while it is stopped has its task again', async () => {
  await bothRefused();
  const retire = (retired: 0 | 1) =>
    world.database.db.updateTable('technical_users').set({ retired }).execute();
  expect(await open()).toEqual([['stopped', null]]);
  await retire(1);
  expect(await open()).toEqual([]);
  await retire(0);
  expect(await all()).toEqual([
    [1, 'stopped', 'it is so no more'],
    [2, 'stopped', null],
  ]);
  // What a person has done stays done for that occasion.
  await actions().done(2, { by: 'agent', why: 'called' });
  await retire(1);
  expect(await open()).toEqual([]);
  await retire(0);
  expect(await open()).toEqual([]);
});

test('one that another process opens between two looks is not closed', async () => {
  const tasks = openTaskRepository(world.database);
  const slow: typeof tasks = {
    ...tasks,
    stateMatters: async () => {
      const before = await tasks.stateMatters();
      await bothRefused();
      expect(await open()).toEqual([['stopped', null]]);
      return before;
    },
  };
  const settled = await settleTasks({ tasks: slow }, world.clock.now(), world.validity);
  expect(settled.map(({ task }) => task.kind)).toEqual(['stopped']);
  expect(await all()).toEqual([[1, 'stopped', null]]);
});

test('the alarm tells of it: no list of tasks leaves for it', async () => {
  await bothRefused();
  await world.at('2027-03-01T11:30');
  await world.at('2027-03-02T11:30');
  const kinds = world.transport.taken.map(({ id }) => id.split('/')[0]);
  expect(kinds).toContain('alarm');
  expect(kinds).not.toContain('tasks');
});

test('a password that can be read in two ways: until somebody chooses', async () => {
  await world.submit('12345678', { keepUnclear: true });
  expect(await open()).toEqual([['choose', null]]);
  await world.submit(SECOND);
  expect(await open()).toEqual([]);
});

test('a connector that cannot be told to hold: at the third try, with its name', async () => {
  sink.holdFault = 'the disk is full';
  await bothRefused();
  for (let tries = 1; tries <= 3; tries += 1) {
    expect(await open()).toEqual([['stopped', null]]);
    world.later(10 * MINUTE);
    await world.advance();
  }
  expect(await open()).toEqual([
    ['stopped', null],
    ['hold-stuck', 'file'],
  ]);
  sink.holdFault = null;
  world.later(60 * MINUTE);
  await world.advance();
  expect(await open()).toEqual([['stopped', null]]);
});

test('a sink that says a newer version: until it holds ours', async () => {
  sink.versions.set(LOGIN, 9);
  sink.held.set(LOGIN, 'somebody else’s');
  world.later(MINUTE);
  world.chorus.alive.set(LOGIN, SECOND);
  await world.submit(SECOND);
  await world.advance();
  expect(await open()).toEqual([['sink-left', 'file']]);
  expect(await said()).toEqual([
    'Look at "file": it holds something else than the password in service',
    'Vérifier « file » : il contient autre chose que le mot de passe en service',
  ]);
  sink.held.delete(LOGIN);
  sink.versions.delete(LOGIN);
  world.later(DAY);
  await world.advance();
  expect(await open()).toEqual([]);
});

test('a password that an agent vouched for: until Chorus Pro accepts it, on a platform that answers', async () => {
  world.later(MINUTE);
  world.chorus.down = 'network';
  world.chorus.alive.set(LOGIN, SECOND);
  await world.submit(SECOND);
  await world.advance();
  await world.ports.rotations.update(world.id, (aggregate) =>
    acceptUnproven(aggregate, 'agent', world.ports.rules, world.now()),
  );
  expect(await open()).toEqual([['unproven', null]]);
  const { db } = world.database;
  await db.updateTable('platforms').set({ good_at: null }).execute();
  expect(await open()).toEqual([]);
});

test('what is open is found by partial indexes: no table of all accounts is walked, whatever its size', async () => {
  await bothRefused();
  const { database, ports, id } = world;
  const heard = statements();
  const all = await ports.probes.openMatters();
  await openTaskRepository(database).stateMatters();
  heard.unsay();
  expect(all.map(({ userId }) => userId)).toEqual([id]);
  const walked: string[] = [];
  for (const { sql: text, parameters } of heard.queries) {
    // With the values: by them SQLite sees which partial indexes it may use, and that of all passwords in service is as long as a table.
    const explained = CompiledQuery.raw(`explain query plan ${text}`, [...parameters]);
    const plan = await database.db.executeQuery<{ detail: string }>(explained);
    const walks = plan.rows.filter(({ detail }) =>
      /^SCAN (?!.* USING (COVERING )?INDEX)|AUTOMATIC|one_current/.test(detail),
    );
    // There are two platforms.
    walked.push(...walks.map(({ detail }) => `${detail}: ${text}`).filter((one) => !/platforms/.test(one)));
  }
  expect(heard.said.length).toBeGreaterThan(8);
  expect(walked).toEqual([]);
  // Of some accounts alone, where only these are shown.
  expect(await ports.probes.openMatters([id])).toEqual(all);
  expect(await ports.probes.openMatters([id + 1])).toEqual([]);
});
