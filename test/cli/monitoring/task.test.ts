// What an agent is told who lists, shows or closes what waits for a person.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { runTaskDone, runTaskList, runTaskShow } from '../../../src/cli/monitoring/task.ts';
import { adviceOf } from '../../../src/cli/monitoring/task-advice.ts';
import type { ServiceState } from '../../../src/domain/account/technical-user.ts';
import { isStateTask, type NewTask, TASK_KINDS, taskFactsOf } from '../../../src/domain/notification/task.ts';
import type { TaskWithUser } from '../../../src/domain/ports/tasks.ts';
import { openTaskActions } from '../../../src/use-cases/tasks/tasks.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { aggregatesOf, openOperatorWorld } from '../operator.ts';

let world: Awaited<ReturnType<typeof openOperatorWorld>>;
beforeEach(async () => {
  world = await openOperatorWorld();
});
afterEach(() => world.close());

/** Those that somebody's word opens: the others are as the stored state has them. */
const WORDS = TASK_KINDS.filter((kind) => !isStateTask({ kind }));

const repository = () => openTaskRepository(world.database);
const context = () => ({
  tasks: openTaskActions({ ...world, tasks: repository() }, world.validity),
  aggregates: aggregatesOf(world.ports),
});
const list = (options = {}) => world.run(() => runTaskList(options, context(), world.io));
const show = (number: string, options = {}) =>
  world.run(() => runTaskShow(number, options, context(), world.io));
const done = (number: string, why: string, options = {}) =>
  world.run(() => runTaskDone(number, { why, ...options }, context(), world.io));

async function open(kind: NewTask['kind'], facts: Partial<NewTask['facts']> = {}) {
  const user = await world.user();
  const all = { ...taskFactsOf(user, world.validity), ...facts };
  const task = { id: `${kind}/1`, kind, userId: user.id, facts: all, forWhom: 'it-service' as const };
  await repository().open([task], world.now());
}

test('one about a connector that cannot be told says why, and names no command that would be refused', async () => {
  const [sink] = world.sinks;
  if (sink === undefined) throw new Error('the world has a sink');
  sink.holdFault = 'ENOENT: create the folder';
  const user = await world.user();
  await world.context.operatorActions.announce(user);
  for (let tries = 1; tries < 3; tries += 1) {
    world.later(600_000);
    await world.advance();
  }
  expect((await list()).out).toContain('Stop the connector');
  const { out } = await show('1');
  expect(out).toMatch(/^fault +ENOENT: create the folder$/m);
  expect(out).toMatch(/ {2}releve show \S+\n$/);
  expect(out).not.toContain('releve hold');
  expect(JSON.parse((await show('1', { json: true })).out)).toMatchObject({ fault: sink.holdFault });
});

describe('list', () => {
  test('says that nothing waits', async () => {
    expect(await list()).toMatchObject({ exit: 0, out: 'Nothing waits for a person.\n' });
    expect((await list({ json: true })).out).toBe('[]\n');
  });

  test('fits 80 columns, whatever a person typed, and steers no terminal', async () => {
    for (const kind of WORDS)
      await open(kind, { day: '2027-06-01', text: `Mme \u001b[2J${'Très-Long-Nom '.repeat(13)}` });
    const { out } = await list();
    for (const line of out.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
    expect(out).not.toContain('\u001b');
    expect(out.split('\n').filter((line) => /^\d/.test(line))).toHaveLength(WORDS.length);
    expect(out).toContain(LOGIN.replace('@cpro.fr', ','));
  });

  test('cuts off no title: what is to be done may stand at its end', async () => {
    await open('will-do', { day: '2027-09-29' });
    const said = (await list()).out.replaceAll(/\s+/g, ' ');
    expect(said).toContain('will renew the password on Wednesday 29 September 2027');
  });

  test('leaves out what is done, unless it is asked for', async () => {
    await open('call-back');
    await done('1', 'called');
    expect((await list()).out).toBe('Nothing waits for a person.\n');
    expect((await list({ done: true })).out).toContain('done 2027-03-01 10:00 by agent: called');
  });
});

describe('show', () => {
  test('says what to do, and the commands with their values', async () => {
    await open('date', { day: '2029-05-01' });
    const { exit, out } = await show('1');
    expect(exit).toBe(0);
    expect(out).toContain(
      `\n\n  releve set ${LOGIN} --environment production \\\n    --expires 2029-05-01 --why "read on the portal"\n`,
    );
    expect(JSON.parse((await show('1', { json: true })).out)).toMatchObject({
      number: 1,
      kind: 'date',
      login: LOGIN,
      environment: 'production',
      forWhom: 'it-service',
      since: '2027-03-01T09:00:00Z',
      day: '2029-05-01',
      text: null,
      commands: [
        `releve set ${LOGIN} --environment production --expires 2029-05-01 --why "read on the portal"`,
      ],
      done: null,
    });
  });

  test('gives the numbers to dial, as they are now', async () => {
    await open('call');
    const shown = async () => (await show('1')).out;
    expect(await shown()).not.toContain('telephone');
    await world.database.db.updateTable('people').set({ phone: '03 53 01 12 34, 06 39 98 12 34' }).execute();
    await world.database.db.updateTable('structures').set({ phone: '03 53 01 12 00' }).execute();
    expect(await shown()).toMatch(
      /\nstructure .*,\s+telephone 03 53 01 12 00\nmanager .*,\s+telephone 03 53 01 12 34,\s+06 39 98 12 34\n/,
    );
    expect(JSON.parse((await show('1', { json: true })).out)).toMatchObject({
      phone: '03 53 01 12 34, 06 39 98 12 34',
      structurePhone: '03 53 01 12 00',
    });
  });

  test('has something to do for every kind, and leaves no mark unfilled', async () => {
    for (const [at, kind] of WORDS.entries()) {
      await open(kind);
      const { exit, out } = await show(String(at + 1));
      expect({ kind, exit }).toEqual({ kind, exit: 0 });
      expect(out).toMatch(/to do +\S/);
      expect(out).not.toMatch(/[{}]/);
    }
  });

  test('advises what our records say since: no renewal of what works, and no probe of what we do not hold', async () => {
    const { id, ...user } = await world.user();
    const advised = (task: Pick<TaskWithUser['task'], 'kind' | 'facts'>, service: ServiceState | null) => {
      const of = { id: 'x', number: 1, userId: id, forWhom: 'it-service', since: 5, done: null } as const;
      const { what, commands } = adviceOf({ task: { ...of, ...task }, user: { ...user, id, service } });
      return [what, ...commands].join('\n');
    };
    const works = { state: 'working', workedAt: world.now(), refusedAt: null } as const;
    const facts = taskFactsOf({ ...user, id }, world.validity);
    const call = { kind: 'call', facts: { ...facts, deadline: '2027-02-22' } } as const;
    expect(advised(call, null)).toMatch(/^ask whether the password was renewed/);
    expect(advised(call, works)).toMatch(/^ask for the date.*nothing is to be renewed yet\nreleve set /);
    const done = { kind: 'done-already', facts } as const;
    expect(advised(done, null)).not.toContain('releve probe');
    expect(advised(done, works)).toMatch(/^ask whether the reset was submitted/);
    for (const service of [
      { ...works, workedAt: 4 },
      { ...works, state: 'doubtful' as const },
    ])
      expect(advised(done, service)).toMatch(/a reset has killed the old one\n.*\nreleve probe/);
  });

  test('refuses what is no number, and a number that no task has, without repeating it', async () => {
    expect(await show('kK2(made_Up[9z')).toMatchObject({ exit: 2 });
    const unknown = await show('7');
    expect(unknown).toMatchObject({ exit: 1 });
    expect(unknown.said).toContain('releve task list');
    expect((await show('kK2(made_Up[9z')).said).not.toContain('kK2');
  });
});

test('what is closed asks for nothing more; nothing is wider than the terminal, and no label stands twice', async () => {
  await world.database.db.updateTable('people').set({ phone: '03 53 01 12 34' }).execute();
  await world.database.db.updateTable('structures').set({ phone: '03 53 01 12 00' }).execute();
  await open('successor', { text: `Mme ${'Très-Long-Nom '.repeat(13)}` });
  const { out } = await show('1');
  for (const line of out.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
  const labels = out.split('\n').flatMap((line) => /^[a-z]+( [a-z]+)?(?= {2})/.exec(line)?.[0] ?? []);
  expect(new Set(labels).size).toBe(labels.length);
  expect(out).toMatch(/^to do /m);
  await done('1', 'handed over');
  const closed = (await show('1')).out;
  expect(closed).toMatch(/^done +2027-03-01 10:00:00 by agent: handed over$/m);
  expect(closed).not.toMatch(/^to do|releve /m);
});

describe('done', () => {
  test('closes it once, with who and why', async () => {
    await open('call-back');
    expect(await done('1', 'called, she renews today')).toMatchObject({ exit: 0 });
    const again = await done('1', 'again');
    expect(again).toMatchObject({ exit: 1 });
    expect(again.said).toContain('by agent: called, she renews today');
    expect(JSON.parse((await show('1', { json: true })).out).done).toEqual({
      at: '2027-03-01T09:00:00Z',
      by: 'agent',
      why: 'called, she renews today',
    });
  });

  test('wants a reason of at most 200 characters', async () => {
    await open('call-back');
    for (const [why, said] of [
      ['', '--why: what was done is expected'],
      ['   ', '--why: what was done is expected'],
      ['x'.repeat(201), '--why: at most 200 characters are taken, and these are 201'],
      ['called\nshe renews', /^--why: .*line break/],
      ['a\u001b[2Jb', /^--why: /],
      ['a\u202eb', /^--why: /],
    ] as const) {
      const ended = await done('1', why);
      expect(ended).toMatchObject({ exit: 2, out: '' });
      expect(ended.said).toMatch(said);
    }
    expect((await list()).out).not.toBe('Nothing waits for a person.\n');
  });
});
