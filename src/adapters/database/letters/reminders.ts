// Finds the technical users due for review, and writes the review results and letters of a round in one transaction.
import { type Kysely, sql } from 'kysely';
import type { TechnicalUser } from '../../../domain/account/technical-user.ts';
import type { ReminderRepository } from '../../../domain/ports/reminders.ts';
import type { Edits, SubjectChange } from '../../../domain/registry/registry.ts';
import type { ReviewResult } from '../../../domain/reminder/reminder-decision.ts';
import { itemId, owed } from '../../../domain/reminder/told.ts';
import { openPauses } from '../../../foundation/loop.ts';
import { type Database, eachChunk, inChunks, pages, setMeta } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { writeTasks } from '../tasks.ts';
import { loadTechnicalUsers, usersWithPrincipal } from '../technical-users.ts';
import { writeAlarms, writeLetters } from './letters.ts';

/** Technical users in one round, beside the others of their managers: few enough that other writers need not wait long. */
const ROUND = 250;
/** Technical users that are marked due by one statement. */
const MARKED = 1_000;
/**
 * After so much time in rounds we stand aside for so long, in ms: other processes try to get the lock again every 25 ms, and
 * between two rounds they would hardly ever find it free.
 */
const WORK_MS = 500;
const ASIDE_MS = 35;

export function openReminderRepository(database: Database): ReminderRepository {
  const pause = openPauses(WORK_MS, ASIDE_MS);
  return {
    processDue: async (today, now, decide) => {
      await pause();
      return database.change(async (trx) => {
        const users = await dueUsers(trx, today);
        if (users.length === 0) return 0;
        const { letters, alarms, tasks, reviews } = decide(users);
        await writeLetters(trx, letters, now);
        await writeAlarms(trx, alarms, now);
        await writeTasks(trx, tasks, now);
        await eachChunk(reviews, (rows) => writeReviews(trx, rows));
        return users.length;
      });
    },
    resetIfRulesChanged: (rules, today) => resetIfRulesChanged(database, pause, { rules, today }),
  };
}

/**
 * The users of one round: some of those due, in the order of an index, with all others due of their managers. Who was reviewed is due
 * no more: the next round finds the others by a new start, and no round sorts all who are due.
 */
async function dueUsers(db: Kysely<Schema>, today: string): Promise<readonly TechnicalUser[]> {
  const some = await usersWithPrincipal(db)
    .select(['u.id', 'm.person_id'])
    .where('u.wake_on', '<=', today)
    .orderBy('u.wake_on')
    .orderBy('u.id')
    .limit(ROUND)
    .execute();
  const managers = [...new Set(some.flatMap(({ person_id }) => person_id ?? []))];
  const theirs = await inChunks(managers, (part) =>
    db
      .selectFrom('mandates as m')
      .innerJoin('technical_users as u', 'u.structure_id', 'm.structure_id')
      .select('u.id')
      .where('m.person_id', 'in', part)
      .where('m.role', '=', 'principal')
      .where('m.until', 'is', null)
      .where('u.wake_on', '<=', today)
      .execute(),
  );
  const ids = new Set([...some, ...theirs].map(({ id }) => id));
  const users = ids.size === 0 ? [] : await loadTechnicalUsers(db, { ids: [...ids] });
  const manager = (user: TechnicalUser) => user.principal?.id ?? 0;
  return users.toSorted((a, b) => manager(a) - manager(b) || a.id - b.id);
}

/**
 * If the rules changed, or the date went back (the clock was set back), marks every technical user due for review: in portions, so
 * that nobody waits for all. The new rules are stored after the last one: a crash before that marks all again.
 */
async function resetIfRulesChanged(
  database: Database,
  pause: () => Promise<void>,
  { rules, today }: { readonly rules: string; readonly today: string },
): Promise<boolean> {
  const rows = await database.db
    .selectFrom('meta')
    .selectAll()
    .where('key', 'in', ['rules', 'day'])
    .execute();
  const known = new Map(rows.map((row) => [row.key, row.value]));
  if (known.get('rules') === rules && known.get('day') === today) return false;
  const changed = known.get('rules') !== rules || (known.get('day') ?? '') > today;
  if (changed) await markAllDue(database, pause);
  await database.change(async (trx) => {
    await setMeta(trx, 'rules', rules);
    await setMeta(trx, 'day', today);
  });
  return changed;
}

async function markAllDue({ db, change }: Database, pause: () => Promise<void>): Promise<void> {
  const portions = pages(
    (after) =>
      db
        .selectFrom('technical_users')
        .select('id')
        .where('id', '>', after)
        .orderBy('id')
        .limit(MARKED)
        .execute(),
    ({ id }) => id,
  );
  for await (const portion of portions) {
    const ids = portion.map(({ id }) => id);
    await pause();
    await change((trx) =>
      trx
        .updateTable('technical_users')
        .set({ wake_on: '' })
        .where('id', 'in', ids)
        .where('retired', '=', 0)
        .where('wake_on', 'is distinct from', '')
        .execute(),
    );
  }
}

/** Writes the last reminder and the day of the next review: one statement for many technical users. */
async function writeReviews(db: Kysely<Schema>, rows: readonly ReviewResult[]): Promise<void> {
  const values = rows.map(({ userId, lastReminder, wakeOn }) => {
    const { version = null, deadline = null, address = null, step = null, on = null } = lastReminder ?? {};
    return sql`(cast(${userId} as integer), cast(${version} as integer), cast(${deadline} as text), cast(${address} as text),
      cast(${step} as integer), cast(${on} as text), cast(${wakeOn} as text))`;
  });
  // The ids stand in it twice: by the join alone SQLite would walk the whole table.
  const ids = rows.map(({ userId }) => userId);
  await sql`
    with looked (id, told_version, told_deadline, told_address, told_step, told_on, wake_on) as (values ${sql.join(values)})
    update technical_users set told_version = looked.told_version, told_deadline = looked.told_deadline,
      told_address = looked.told_address, told_step = looked.told_step, told_on = looked.told_on, wake_on = looked.wake_on
    from looked where technical_users.id = looked.id and technical_users.id in (${sql.join(ids)})`.execute(
    db,
  );
}

/** Marks every technical user of an edited structure or person due for review at the next tick. */
export async function markDue(db: Kysely<Schema>, { structures, people }: Edits): Promise<void> {
  const inUse = db.updateTable('technical_users').set({ wake_on: '' }).where('retired', '=', 0);
  await eachChunk(structures, async (chunk) => {
    const sirets = chunk.map(({ siret }) => siret);
    const touched = db.selectFrom('structures').select('id').where('siret', 'in', sirets);
    const serving = db
      .selectFrom('user_structures')
      .select('technical_user_id')
      .where('structure_id', 'in', touched);
    await inUse.where((eb) => eb.or([eb('structure_id', 'in', touched), eb('id', 'in', serving)])).execute();
  });
  const known = people.map(({ id }) => id).filter((id) => id > 0);
  await eachChunk(known, (ids) => {
    const managed = db
      .selectFrom('mandates')
      .select('structure_id')
      .where('until', 'is', null)
      .where('person_id', 'in', ids);
    return inUse.where('structure_id', 'in', managed).execute();
  });
}

/** What to remember of the last reminder as reminders begin to rest: one that has not left for the manager is owed afterwards. */
export async function addressAtRest(db: Kysely<Schema>, user: TechnicalUser): Promise<string | null> {
  const { lastReminder: last, principal } = user;
  if (last === null) return null;
  const isOwed = principal !== null && (await isWaiting(db, itemId(user, last), principal.id));
  return isOwed ? owed(last, user).address : last.address;
}

/** Whether the letter with a line has not left yet for a person. */
async function isWaiting(db: Kysely<Schema>, item: string, personId: number): Promise<boolean> {
  const found = await db
    .selectFrom('letter_items as i')
    .innerJoin('deliveries as d', 'd.letter_id', 'i.letter_id')
    .select('d.id')
    .where('i.id', '=', item)
    .where('d.person_id', '=', personId)
    .where('d.state', 'in', ['waiting', 'claimed'])
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Of these lines, those withdrawn for the manager to whom their letter is addressed. */
export async function withdrawnLines(
  db: Kysely<Schema>,
  items: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await inChunks(items, (some) =>
    db
      .selectFrom('letter_items as i')
      .innerJoin('deliveries as d', 'd.letter_id', 'i.letter_id')
      .select('i.id')
      .where('i.id', 'in', some)
      .where('d.field', '=', 'to')
      .where('d.state', '=', 'withdrawn')
      .execute(),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Of accounts whose reminders begin to rest now: what has not left for the manager is owed afterwards. */
export async function beginPauses(db: Kysely<Schema>, { changes }: Edits): Promise<void> {
  const begins = ({ field, new: until }: SubjectChange['fields'][number]) =>
    field === 'paused_until' && until !== null;
  const ids = changes
    .filter(({ subject, fields }) => subject === 'technical-user' && fields.some(begins))
    .map(({ id }) => id);
  for (const user of ids.length === 0 ? [] : await loadTechnicalUsers(db, { ids })) {
    const told_address = await addressAtRest(db, user);
    await db.updateTable('technical_users').set({ told_address }).where('id', '=', user.id).execute();
  }
}
