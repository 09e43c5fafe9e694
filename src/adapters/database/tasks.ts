// Stores tasks: opened once, closed once, deleted some time after they are done.
import type { Kysely, Selectable } from 'kysely';
import {
  ALARMED_TASKS,
  type NewTask,
  STATE_TASKS,
  TASK_KINDS,
  type Task,
  type TaskFacts,
} from '../../domain/notification/task.ts';
import type { TaskRepository, TaskWithUser } from '../../domain/ports/tasks.ts';
import { type Database, eachChunk, inChunks, KEYS, pages } from './database.ts';
import { writeLetter } from './letters/letters.ts';
import { stateMatters } from './rotations/open-matters.ts';
import type { TasksTable } from './schema/letters.ts';
import type { Schema } from './schema/schema.ts';
import { loadTechnicalUsers } from './technical-users.ts';
import { unknownIds, writeEvents } from './webhook/write-events.ts';

export function openTaskRepository({ db, change }: Database): TaskRepository {
  return {
    open: (tasks, now) => change((trx) => writeTasks(trx, tasks, now)),
    stateMatters: () => stateMatters(db),
    openMatters: async (matters, now) => {
      const ids = matters.map(({ id }) => id);
      const known = await inChunks(ids, (some) =>
        db.selectFrom('tasks').select('id').where('id', 'in', some).execute(),
      );
      const isKnown = new Set(known.map(({ id }) => id));
      const fresh = matters.filter(({ id }) => !isKnown.has(id));
      if (fresh.length === 0) return;
      const users = new Map(
        (
          await inChunks([...new Set(fresh.map(({ userId }) => userId))], (some) =>
            loadTechnicalUsers(db, { ids: some }),
          )
        ).map((user) => [user.id, user]),
      );
      const tasks = fresh.flatMap(({ id, kind, userId, text, product }): NewTask[] => {
        const user = users.get(userId);
        if (user === undefined) return [];
        const facts = {
          version: user.version,
          deadline: null,
          personId: user.principal?.id ?? null,
          day: null,
          text,
          ...(product === undefined ? {} : { product }),
        };
        return [{ id, kind, userId, facts, forWhom: kind === 'choose' ? 'manager' : 'it-service' }];
      });
      await change((trx) => writeTasks(trx, tasks, now));
    },
    list: async (since) => {
      const page = db
        .selectFrom('tasks')
        .selectAll()
        .where((e) =>
          since === undefined
            ? e('done_at', 'is', null)
            : e.or([e('done_at', 'is', null), e('done_at', '>=', since)]),
        )
        .orderBy('number')
        .limit(KEYS);
      const tasks: TaskWithUser[] = [];
      for await (const rows of pages(
        (after) => page.where('number', '>', after).execute(),
        ({ number }) => number,
      ))
        tasks.push(...(await withUsers(db, rows)));
      return tasks;
    },
    find: async (number) => {
      const rows = await db.selectFrom('tasks').selectAll().where('number', '=', number).execute();
      return (await withUsers(db, rows))[0] ?? null;
    },
    close: (number, done) => change((trx) => closeTask(trx, number, done)),
    closePast: (numbers, done) =>
      change(async (trx) => {
        const stands = new Set((await stateMatters(trx)).map(({ id }) => id));
        const rows = await inChunks(numbers, (some) =>
          trx.selectFrom('tasks').select(['number', 'id']).where('number', 'in', some).execute(),
        );
        const past = rows.filter(({ id }) => !stands.has(id));
        for (const { number, id } of past)
          if (await closeTask(trx, number, done))
            await trx
              .updateTable('tasks')
              .set({ id: `${id}~${number}` })
              .where('number', '=', number)
              .execute();
        return new Set(past.map(({ number }) => number));
      }),
    writeList: async (letter, now) => {
      const unlisted = (of: Kysely<Schema>) =>
        of
          .selectFrom('tasks')
          .select('number')
          .where('done_at', 'is', null)
          .where('letter_id', 'is', null)
          .where('kind', 'not in', ALARMED_TASKS);
      if ((await unlisted(db).limit(1).execute()).length === 0) return false;
      return change(async (trx) => {
        const known = trx.selectFrom('letters').select('id').where('id', '=', letter.id);
        if ((await known.execute()).length > 0) return false;
        const listed = (await unlisted(trx).execute()).map(({ number }) => number);
        if (listed.length === 0) return false;
        await writeLetter(trx, letter, now);
        await eachChunk(listed, (part) =>
          trx.updateTable('tasks').set({ letter_id: letter.id }).where('number', 'in', part).execute(),
        );
        return true;
      });
    },
    countOpen: async () => {
      const rows = await db
        .selectFrom('tasks')
        .select((e) => ['kind', e.fn.countAll<number | string>().as('count')])
        .where('done_at', 'is', null)
        .groupBy('kind')
        .execute();
      const counts = new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
      return TASK_KINDS.map((kind) => ({ kind, count: counts.get(kind) ?? 0 }));
    },
    deleteDone: async (before) => {
      const old = db.selectFrom('tasks').select('number').where('done_at', '<', before);
      // Most ticks find none, and need no lock.
      if ((await old.limit(1).execute()).length === 0) return;
      await change(async (trx) => {
        await trx.deleteFrom('tasks').where('done_at', '<', before).execute();
      });
    },
  };
}

async function closeTask(
  db: Kysely<Schema>,
  number: number,
  { at, by, why }: NonNullable<Task['done']>,
): Promise<boolean> {
  const closed = await db
    .updateTable('tasks')
    .set({ done_at: at, done_by: by, why })
    .where('number', '=', number)
    .where('done_at', 'is', null)
    .returning(['kind', 'technical_user_id as userId'])
    .executeTakeFirst();
  if (closed === undefined) return false;
  const type = `task.${closed.kind}.closed` as const;
  await writeEvents(db, 'task', () => [{ type, userId: closed.userId }], at);
  return true;
}

/**
 * Opens tasks; one whose id exists is not opened again. What a manager says again takes over its open task, which is listed once more.
 */
export async function writeTasks(db: Kysely<Schema>, tasks: readonly NewTask[], now: number): Promise<void> {
  if (tasks.length === 0) return;
  const events = async () => {
    const fresh = await unknownIds(
      db,
      'tasks',
      tasks.map(({ id }) => id),
    );
    const opened = new Map(tasks.map((task) => [task.id, task]));
    return [...opened.values()]
      .filter(({ id }) => fresh.has(id))
      .map(({ kind, userId }) => ({ type: `task.${kind}.opened` as const, userId }));
  };
  await writeEvents(db, 'task', events, now);
  const rows = tasks.map(({ id, kind, userId, facts, forWhom }) => ({
    id,
    kind,
    technical_user_id: userId,
    facts: JSON.stringify(facts),
    for_whom: forWhom,
    since: now,
  }));
  await eachChunk(rows, (part) =>
    db
      .insertInto('tasks')
      .values(part)
      .onConflict((c) =>
        c
          .column('id')
          .doUpdateSet((e) => ({ facts: e.ref('excluded.facts'), letter_id: null }))
          .where('tasks.kind', 'not in', ['call', ...STATE_TASKS])
          .where('tasks.done_at', 'is', null),
      )
      .execute(),
  );
}

/** The open tasks of one technical user, oldest first. */
export async function openTasksOf(db: Kysely<Schema>, userId: number): Promise<readonly Task[]> {
  const all = db.selectFrom('tasks').selectAll().where('technical_user_id', '=', userId);
  return (await all.where('done_at', 'is', null).orderBy('number').execute()).map(taskOf);
}

async function withUsers(
  db: Kysely<Schema>,
  rows: readonly Selectable<TasksTable>[],
): Promise<readonly TaskWithUser[]> {
  const ids = [...new Set(rows.map((row) => row.technical_user_id))];
  const users = new Map(
    ids.length === 0 ? [] : (await loadTechnicalUsers(db, { ids })).map((user) => [user.id, user]),
  );
  return rows.flatMap((row) => {
    const user = users.get(row.technical_user_id);
    return user === undefined ? [] : [{ task: taskOf(row), user }];
  });
}

function taskOf(row: Selectable<TasksTable>): Task {
  const { done_at: at, done_by: by, why } = row;
  return {
    number: row.number,
    id: row.id,
    kind: row.kind,
    userId: row.technical_user_id,
    facts: JSON.parse(row.facts) as TaskFacts,
    forWhom: row.for_whom,
    since: row.since,
    done: at === null ? null : { at, by: by ?? '', why: why ?? '' },
  };
}
