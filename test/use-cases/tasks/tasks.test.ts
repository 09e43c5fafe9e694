// What waits for a person: opened by the states, closed by them or by an agent, and told to the IT service.
import { describe, expect, it } from 'vitest';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { openTaskActions } from '../../../src/use-cases/tasks/tasks.ts';
import { openWorld, type World } from '../../rig/world.ts';

/** Its date was Friday 12 March 2027; J+14 is Friday the 26th. */
const ONE = [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-12' }];

const actionsOf = (world: World) =>
  openTaskActions({ ...world, tasks: openTaskRepository(world.database) }, world.validity);

async function atLadderEnd() {
  const world = await openWorld({ users: ONE, at: '2027-03-25T10:00' });
  await world.tick();
  const actions = actionsOf(world);
  const open = async () => (await actions.list({ done: false })).map(({ task }) => [task.number, task.kind]);
  return { world, actions, open };
}

/** Lists to the IT service that left: their days. */
const lists = (world: World) =>
  world.transport.taken.filter(({ id }) => id.startsWith('tasks/')).map(({ id }) => id);

const set = (world: World, changes: Record<string, unknown>) =>
  world.database.db.updateTable('technical_users').set(changes).execute();

describe('the task to call', () => {
  it('is opened with the last letter of the ladder, once, and told in one list', async () => {
    const { world, open } = await atLadderEnd();
    expect(await open()).toEqual([]);
    await world.at('2027-03-26T10:00');
    expect(await open()).toEqual([[1, 'call']]);
    expect(lists(world)).toEqual(['tasks/2027-03-26']);
    await world.at('2027-03-26T10:01');
    await world.at('2027-03-26T10:02');
    // The monthly letter of April leaves; the task is the same one.
    await world.at('2027-04-30T10:00');
    expect(await open()).toEqual([[1, 'call']]);
    expect(lists(world)).toEqual(['tasks/2027-03-26']);
    const [list] = world.transport.taken.filter(({ id }) => id.startsWith('tasks/'));
    expect(JSON.stringify(list?.letter)).toContain('T1');
    expect(list?.recipients.map(({ address }) => address)).toEqual(['it@siagep.test']);
  });

  it.each([
    ['03 53 01 12 34, 06 39 98 12 34', '03 53 01 12 00', ' (03 53 01 12 34, 06 39 98 12 34)'],
    [null, '03 53 01 12 00', ' (03 53 01 12 00)'],
    [null, null, ''],
  ])(
    'is told with the number to dial: the manager’s, else the structure’s (%j, %j)',
    async (own, house, shown) => {
      const { world } = await atLadderEnd();
      const { db } = world.database;
      await db.updateTable('people').set({ phone: own }).execute();
      await db.updateTable('structures').set({ phone: house }).execute();
      await world.at('2027-03-26T10:00');
      const [list] = world.transport.taken.filter(({ id }) => id.startsWith('tasks/'));
      const [table] = list?.letter.blocks.filter((block) => block.kind === 'table') ?? [];
      expect(table?.rows[0]?.[1]?.replaceAll('\u00a0', ' ')).toBe(
        `Appeler Madame Maire : échéance passée (vendredi 12 mars 2027), mot de passe à renouveler${shown}`,
      );
    },
  );

  it('is counted in the digest as long as it is open', async () => {
    const { world, actions } = await atLadderEnd();
    await world.at('2027-03-26T10:00');
    await world.at('2027-03-30T10:00');
    const figures = () =>
      JSON.stringify(world.transport.taken.filter(({ id }) => id.startsWith('digest/')).at(-1)?.letter);
    expect(figures()).toContain('["Tâches en attente (releve task list)","1"]');
    await actions.done(1, { by: 'agent', why: 'called' });
    await world.at('2027-04-05T10:00');
    expect(figures()).toContain('["Tâches en attente (releve task list)","0"]');
  });

  const overtaken: readonly [string, Record<string, unknown>, string][] = [
    [
      'another password is in service',
      { version: 2, portal_on: '2028-03-12' },
      'another password is in service',
    ],
    ['the date is corrected', { portal_on: '2027-06-12' }, 'the expiry date was corrected'],
    ['the technical user is retired', { retired: 1 }, 'the technical user was retired'],
  ];
  for (const [when, changes, why] of overtaken) {
    it(`is closed by itself when ${when}, before anybody reads it`, async () => {
      const { world, actions, open } = await atLadderEnd();
      await world.at('2027-03-26T10:00');
      await set(world, changes);
      expect(await open()).toEqual([]);
      const [closed] = await actions.list({ done: true });
      expect(closed?.task.done).toEqual({ at: world.now(), by: 'releve', why });
    });
  }

  it('is closed when the principal manager changes, and opened again for the new one', async () => {
    const { world, open, actions } = await atLadderEnd();
    await world.at('2027-03-26T10:00');
    const { db } = world.database;
    await db
      .insertInto('people')
      .values({ name: 'M. Neuf', email: 'm9@x.test', email_key: 'm9@x.test', language: 'fr' })
      .execute();
    const { id } = await db
      .selectFrom('people')
      .select('id')
      .where('email_key', '=', 'm9@x.test')
      .executeTakeFirstOrThrow();
    await db.updateTable('mandates').set({ person_id: id }).execute();
    await set(world, { wake_on: '' });
    await world.at('2027-03-30T10:00');
    expect(await open()).toEqual([[2, 'call']]);
    expect((await actions.list({ done: true })).map(({ task }) => task.done?.why ?? null)).toEqual([
      'the principal manager changed',
      null,
    ]);
  });

  it('is not opened again once an agent has closed it, and is closed once', async () => {
    const { world, actions, open } = await atLadderEnd();
    await world.at('2027-03-26T10:00');
    expect(await actions.done(1, { by: 'agent', why: 'called' })).toMatchObject({ closed: true });
    expect(await actions.done(1, { by: 'other', why: 'again' })).toMatchObject({
      closed: false,
      task: { done: { by: 'agent', why: 'called' } },
    });
    await set(world, { wake_on: '' });
    await world.at('2027-04-30T10:00');
    expect(await open()).toEqual([]);
  });

  it('claims no letter where none was written: a date long past at the first tick, a manager without an address', async () => {
    const world = await openWorld({
      users: [...ONE, { login: 'T2', portalOn: '2027-03-12' }],
      at: '2027-05-10T10:00',
    });
    await world.tick();
    const [list] = world.transport.taken.filter(({ id }) => id.startsWith('tasks/'));
    const text = JSON.stringify(list?.letter);
    for (const login of ['T1', 'T2']) expect(text).toContain(`"${login}"`);
    expect(text).not.toMatch(/sans réponse|courriel/);
    // The first letter about a date says all, however late it is.
    const [first] = world.transport.taken.filter(({ envelopeTo }) => envelopeTo === 'm1@x.test');
    expect(JSON.stringify(first?.letter.blocks)).toContain('Un doute, un empêchement');
  });

  it('waits where nothing can be decided about its technical user, and holds up no letter of others', async () => {
    const world = await openWorld({
      users: [...ONE, { login: 'T2', manager: 'm2@x.test', portalOn: '2027-04-12' }],
      at: '2027-03-26T10:00',
    });
    await world.tick();
    // A date that no calendar knows, as a hand in the database may leave it.
    await world.database.db
      .updateTable('technical_users')
      .set({ validity: 'P300000Y', portal_on: null, changed_on: '2026-03-12' })
      .where('login', '=', 'T1')
      .execute();
    await world.at('2027-04-09T10:00');
    expect(world.letters().at(-1)).toBe('2027-04-09 J-1 m2@x.test');
    expect(await actionsOf(world).list({ done: false })).toHaveLength(1);
  });

  it('leaves no list that has become empty before it could leave', async () => {
    const { world, actions } = await atLadderEnd();
    world.transport.answerWith(() => ({ kind: 'later', reply: '450 busy' }));
    await world.at('2027-03-26T10:00');
    await world.at('2027-03-26T10:01');
    await actions.done(1, { by: 'agent', why: 'called' });
    world.transport.answerWith(() => undefined);
    await world.at('2027-03-30T10:00');
    expect(lists(world)).toEqual([]);
  });

  it('is told the next day when another one was told today', async () => {
    const { world } = await atLadderEnd();
    await world.at('2027-03-26T10:00');
    await world.at('2027-03-26T10:01');
    const task = {
      id: 'call-back/x',
      kind: 'call-back' as const,
      userId: world.id,
      forWhom: 'it-service' as const,
    };
    const facts = { version: 1, deadline: '2027-03-12', personId: 1, day: null, text: null };
    await openTaskRepository(world.database).open([{ ...task, facts }], world.now());
    await world.at('2027-03-26T11:00');
    expect(lists(world)).toEqual(['tasks/2027-03-26']);
    await world.at('2027-03-30T08:30');
    expect(lists(world)).toEqual(['tasks/2027-03-26', 'tasks/2027-03-30']);
  });

  it('is forgotten a year after it was done', async () => {
    const { world, actions } = await atLadderEnd();
    await world.at('2027-03-26T10:00');
    await actions.done(1, { by: 'agent', why: 'called' });
    await world.at('2028-03-24T10:00');
    expect((await actions.list({ done: true })).map(({ task }) => task.number)).toContain(1);
    await world.at('2028-03-27T10:00');
    expect((await actions.list({ done: true })).map(({ task }) => task.number)).not.toContain(1);
  });
});
