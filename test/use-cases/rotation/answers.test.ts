// What a manager says under the link without a secret: one audit line, one task, and what the page then tells of it.
import { afterEach, describe, expect, test } from 'vitest';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { runTaskList, runTaskShow } from '../../../src/cli/monitoring/task.ts';
import { wordTaskList } from '../../../src/content/letters/digest/task-list.ts';
import type { TypedAnswer } from '../../../src/domain/parsing/answer.ts';
import { openTaskActions } from '../../../src/use-cases/tasks/tasks.ts';
import { SENDER } from '../../content/letters/sample-facts.ts';
import { DAY, MINUTE } from '../../fakes/clock.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LASTS, managerScene } from './manager-scene.ts';

let world: World;
afterEach(() => world?.close());
const { actions, freshToken } = managerScene(() => world);

const CALL: TypedAnswer = { kind: 'call-back', text: 'après 14 h' };
const WILL_DO: TypedAnswer = { kind: 'will-do', day: '10/03/2027' };

/** A world with a fresh link, on Monday 1 March 2027; the date of the password is reckoned a year after `changedOn`. */
async function open(changedOn = '2026-06-01') {
  world = await openWorld({
    users: [{ login: 'TECH_1', changedOn, manager: 'maire@example.test', managerName: 'Madame Maire' }],
  });
  return freshToken();
}

const agent = () => openTaskActions({ ...world, tasks: openTaskRepository(world.database) }, world.validity);
const tasks = async () =>
  (await agent().list({ done: false })).map(({ task: { kind, facts } }) => [kind, facts.day ?? facts.text]);
const trail = async () => {
  const lines: string[] = [];
  for await (const { what, who, channel, detail } of world.audit.lines())
    lines.push(`${what} ${who} ${channel} ${detail}`);
  return lines;
};
const HER = 'Madame Maire <maire@example.test> form';

describe('an answer', () => {
  test.each<[TypedAnswer, readonly [string, string | null], string]>([
    [WILL_DO, ['will-do', '2027-03-10'], 'will-do 2027-03-10'],
    [{ kind: 'away', day: '2027-03-20' }, ['away', '2027-03-20'], 'away 2027-03-20'],
    [{ kind: 'successor', text: 'M. Neuf' }, ['successor', 'M. Neuf'], 'successor'],
    [CALL, ['call-back', 'après 14 h'], 'call-back'],
    [{ kind: 'call-back', text: '' }, ['call-back', null], 'call-back'],
    [{ kind: 'done-already' }, ['done-already', null], 'done-already'],
  ])('is one audit line without what was typed, and one task: %j', async (typed, task, detail) => {
    const token = await open();
    const [before] = await world.usersOf('TECH_1');
    expect(await actions().answer(token, typed)).toMatchObject({
      kind: 'answered',
      answered: { kind: typed.kind, at: world.now() },
    });
    expect(await trail()).toEqual([`answered ${HER} ${detail}`]);
    expect(await tasks()).toEqual([task]);
    // No role and no date changes.
    const [after] = await world.usersOf('TECH_1');
    expect({ ...after, answered: null }).toEqual({ ...before, answered: null });
    expect(await world.database.db.selectFrom('people').select('name').execute()).toHaveLength(1);
  });

  test('is shown to who comes back, also by another link, until another password is in service', async () => {
    const token = await open();
    expect(await actions().visit(token)).toMatchObject({ visit: { answered: null } });
    await actions().answer(token, WILL_DO);
    const given = { kind: 'will-do', at: world.now(), day: '2027-03-10', check: null };
    world.later(MINUTE);
    for (const link of [token, await freshToken()])
      expect(await actions().visit(link)).toMatchObject({ visit: { answered: given } });
    await world.database.db.updateTable('technical_users').set({ version: 2 }).execute();
    expect(await actions().visit(token)).toMatchObject({ visit: { answered: null } });
  });

  test('is not shown to another manager at the same address', async () => {
    const token = await open();
    await actions().answer(token, CALL);
    const { db } = world.database;
    await db.updateTable('people').set({ email: 'x@example.test', email_key: 'x@example.test' }).execute();
    const next = { name: 'M. Neuf', email: 'maire@example.test', email_key: 'maire@example.test' };
    const { id } = await db
      .insertInto('people')
      .values({ ...next, language: 'fr' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db.updateTable('mandates').set({ person_id: id }).execute();
    expect(await actions().visit(token)).toMatchObject({ visit: { answered: null } });
  });

  test('given again opens nothing, as often as the page is reloaded', async () => {
    const token = await open();
    const first = await actions().answer(token, CALL);
    world.later(DAY);
    expect(await actions().answer(token, { kind: 'call-back', text: ' après\n14 h ' })).toEqual(first);
    expect(await tasks()).toHaveLength(1);
    expect(await trail()).toHaveLength(1);
    await Promise.all([1, 2, 3].map(() => actions().answer(token, WILL_DO)));
    expect(await tasks()).toHaveLength(2);
    expect(await trail()).toHaveLength(2);
  });

  test('given again after another one is said again, but waits for an agent only once', async () => {
    const token = await open();
    for (const typed of [CALL, WILL_DO, CALL]) await actions().answer(token, typed);
    expect(await tasks()).toEqual([
      ['call-back', 'après 14 h'],
      ['will-do', '2027-03-10'],
    ]);
    expect(await trail()).toHaveLength(3);
    expect(await actions().visit(token)).toMatchObject({ visit: { answered: { kind: 'call-back' } } });
  });

  test('given again once an agent has closed its task opens another one', async () => {
    const token = await open();
    await actions().answer(token, CALL);
    await agent().done(1, { by: 'agent', why: 'called' });
    world.later(DAY);
    await actions().answer(token, CALL);
    expect(await tasks()).toHaveLength(1);
    expect(await trail()).toHaveLength(2);
  });

  test('of the same kind takes over the open task: no link can open more than one of a kind', async () => {
    const token = await open();
    const say = async (day: number) => {
      await actions().answer(token, { kind: 'call-back', text: `le ${day}` });
      await actions().answer(await freshToken(), { kind: 'away', day: `${day}/03/2027` });
      await actions().giveDate(token, `${day}/01/2030`);
    };
    for (let day = 10; day < 30; day += 1) await say(day);
    expect(await tasks()).toEqual([
      ['call-back', 'le 29'],
      ['away', '2027-03-29'],
      ['date', '2030-01-29'],
    ]);
    await agent().done(1, { by: 'agent', why: 'called' });
    await say(30);
    await say(31);
    expect(await tasks()).toEqual([
      ['away', '2027-03-31'],
      ['date', '2030-01-31'],
      ['call-back', 'le 31'],
    ]);
    expect((await agent().find(1))?.task).toMatchObject({ facts: { text: 'le 29' }, done: { by: 'agent' } });
  });

  test('that takes over a task is listed again', async () => {
    const token = await open();
    await actions().answer(token, CALL);
    const { db } = world.database;
    await world.tick();
    const listed = () => db.selectFrom('tasks').select('letter_id').executeTakeFirstOrThrow();
    expect((await listed()).letter_id).not.toBeNull();
    await actions().answer(token, CALL);
    expect((await listed()).letter_id).not.toBeNull();
    await actions().answer(token, { kind: 'call-back', text: 'avant 11 h' });
    expect((await listed()).letter_id).toBeNull();
  });

  test('that is odd changes nothing', async () => {
    const token = await open();
    expect(await actions().answer(token, { kind: 'will-do', day: '28/02/2027' })).toEqual({
      kind: 'odd',
      code: 'day-past',
    });
    expect(await tasks()).toEqual([]);
    expect(await trail()).toEqual([]);
  });

  test('is taken under a link that holds, of the present manager of an account in use, alone', async () => {
    const token = await open();
    expect(await actions().answer('unknown', CALL)).toEqual({ kind: 'ended', why: 'unknown' });
    world.later(LASTS + MINUTE);
    expect(await actions().answer(token, CALL)).toEqual({ kind: 'ended', why: 'expired' });
    const other = await freshToken();
    const set = (changes: { retired: 0 | 1 }) =>
      world.database.db.updateTable('technical_users').set(changes).execute();
    await set({ retired: 1 });
    expect(await actions().answer(other, CALL)).toEqual({ kind: 'ended', why: 'retired' });
    await set({ retired: 0 });
    await world.database.db.updateTable('people').set({ email: 'autre@example.test' }).execute();
    expect(await actions().answer(other, CALL)).toEqual({ kind: 'ended', why: 'expired' });
    expect(await trail()).toEqual([]);
  });
});

test('what is typed steers no terminal and no direction of writing, wherever agents read it', async () => {
  const token = await open();
  const text = 'M.\u202e Neuf\u001b[2J\u009b31m\r\n\u2066\u061c<b>&\u200f';
  await actions().answer(token, { kind: 'successor', text });
  const [task] = await agent().list({ done: false });
  expect(task?.task.facts.text).toBe('M. Neuf [2J 31m <b>&');
  const written: string[] = [];
  const io = { write: (said: string) => void written.push(said), now: () => world.clock.now() };
  const aggregates = { budget: world.rules.budget, read: async () => null };
  for (const json of [true, false]) {
    await runTaskShow('1', { json }, { tasks: agent(), aggregates }, io);
    await runTaskList({ json }, { tasks: agent() }, io);
  }
  const out = written.join('');
  expect(out).toContain('M. Neuf [2J 31m <b>&');
  const list = JSON.stringify(wordTaskList(task === undefined ? [] : [task], 'fr', SENDER));
  for (const shown of [out, list]) expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(list).toContain('M. Neuf [2J 31m <b>&');
});

describe('the task of an answer', () => {
  const closedBy = async () => (await agent().list({ done: true })).map(({ task }) => task.done?.why ?? null);

  test('is closed once the named day is over', async () => {
    const token = await open();
    await actions().answer(token, WILL_DO);
    world.clock.set('2027-03-10T23:00');
    expect(await tasks()).toHaveLength(1);
    world.clock.set('2027-03-11T00:01');
    expect(await tasks()).toEqual([]);
    expect(await closedBy()).toEqual(['the day that was named is over']);
  });

  test('of a reset that is done is closed once another password is in service', async () => {
    const token = await open();
    await actions().answer(token, { kind: 'done-already' });
    await world.database.db.updateTable('technical_users').set({ version: 2 }).execute();
    expect(await tasks()).toEqual([]);
    expect(await closedBy()).toEqual(['another password is in service']);
  });

  test('to call back waits for an agent, whatever becomes of the date', async () => {
    const token = await open();
    await actions().answer(token, CALL);
    await world.database.db.updateTable('technical_users').set({ portal_on: '2027-09-01' }).execute();
    world.later(300 * DAY);
    expect(await tasks()).toHaveLength(1);
    await agent().done(1, { by: 'agent', why: 'called' });
    expect(await closedBy()).toEqual(['called']);
  });
});
