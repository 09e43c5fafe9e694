// Finds the technical users due for review, and writes the review results and letters of a round in one transaction.
import { type Kysely, sql } from 'kysely';
import type { TechnicalUser } from '../../../domain/account/technical-user.ts';
import type { ReminderRepository } from '../../../domain/ports/reminders.ts';
import type { Edits } from '../../../domain/registry/registry.ts';
import type { ReviewResult } from '../../../domain/reminder/reminder-decision.ts';
import { type Database, eachChunk, setMeta } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { writeTasks } from '../tasks.ts';
import { loadTechnicalUsers } from '../technical-users.ts';
import { writeAlarms, writeLetters } from './letters.ts';

/** Technical users in one round: few enough that other writers need not wait long. */
const ROUND = 1_000;

export function openReminderRepository(database: Database): ReminderRepository {
  return {
    processDue: (today, now, decide) =>
      database.change(async (trx) => {
        const users = await dueUsers(trx, today);
        if (users.length === 0) return 0;
        const { letters, alarms, tasks, reviews } = decide(users);
        await writeLetters(trx, letters, now);
        await writeAlarms(trx, alarms, now);
        await writeTasks(trx, tasks, now);
        await eachChunk(reviews, (rows) => writeReviews(trx, rows));
        return users.length;
      }),
    resetIfRulesChanged: (rules, today) => resetIfRulesChanged(database, rules, today),
  };
}

/** The users due. The users of one principal manager always come in the same round. */
async function dueUsers(db: Kysely<Schema>, today: string): Promise<readonly TechnicalUser[]> {
  const users = await loadTechnicalUsers(db, { dueBy: { today, limit: ROUND } });
  if (users.length < ROUND) return users;
  const last = users.at(-1)?.principal?.id;
  if (last === undefined) return users;
  const whole = users.filter((user) => user.principal?.id !== last);
  if (whole.length > 0) return whole;
  return loadTechnicalUsers(db, { dueBy: { today, limit: Number.MAX_SAFE_INTEGER }, principalId: last });
}

/** If the rules changed, or the date went back (the clock was set back), marks every technical user due for review. */
async function resetIfRulesChanged(database: Database, rules: string, today: string): Promise<boolean> {
  const rows = await database.db
    .selectFrom('meta')
    .selectAll()
    .where('key', 'in', ['rules', 'day'])
    .execute();
  const known = new Map(rows.map((row) => [row.key, row.value]));
  if (known.get('rules') === rules && known.get('day') === today) return false;
  return database.change(async (trx) => {
    const changed = known.get('rules') !== rules || (known.get('day') ?? '') > today;
    if (changed)
      await trx.updateTable('technical_users').set({ wake_on: '' }).where('retired', '=', 0).execute();
    await setMeta(trx, 'rules', rules);
    await setMeta(trx, 'day', today);
    return changed;
  });
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
