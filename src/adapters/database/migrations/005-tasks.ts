// Step 5, version 0.6.0: what waits for a person, and the telephone numbers of structures and people.
import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Engine, Schema } from '../schema/schema.ts';

/** Creates the table of tasks, and adds the columns of 0.6.0; they are null in rows that an older version wrote. */
export async function tasks(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const key: ColumnDataType = engine === 'postgres' ? 'serial' : 'integer';
  const instant: ColumnDataType = 'bigint';
  const { schema } = db;
  await schema
    .createTable('tasks')
    .addColumn('number', key, (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('for_whom', 'text', (c) => c.notNull())
    .addColumn('since', instant, (c) => c.notNull())
    .addColumn('done_at', instant)
    .addColumn('done_by', 'text')
    .addColumn('why', 'text')
    .addColumn('letter_id', 'text', (c) => c.references('letters.id'))
    .execute();
  await sql`create index "tasks_open" on "tasks" ("technical_user_id") where "done_at" is null`.execute(db);
  for (const table of ['structures', 'people'] as const)
    await schema.alterTable(table).addColumn('phone', 'text').execute();
}
