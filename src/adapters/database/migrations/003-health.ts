// Step 3, version 0.3.0: the health of each password in service, the platforms as a whole, their known closures.
import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Schema } from '../schema/schema.ts';

const INSTANT: ColumnDataType = 'bigint';

/** Creates the tables of monitoring; the daemon schedules the first check of each password in service when it starts. */
export async function health(db: Kysely<Schema>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('health')
    .addColumn('technical_user_id', 'integer', (c) => c.primaryKey().references('technical_users.id'))
    .addColumn('rotation_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('next_at', INSTANT, (c) => c.notNull())
    .addColumn('wanted', 'integer', (c) => c.notNull())
    .addColumn('asked_at', INSTANT)
    .addColumn('worked_at', INSTANT)
    .addColumn('refusals', 'integer', (c) => c.notNull())
    .addColumn('refused_at', INSTANT)
    .addColumn('unanswered', 'integer', (c) => c.notNull())
    .addColumn('unanswered_since', INSTANT)
    .addColumn('cause', 'text')
    .addColumn('evidence', 'text')
    .addColumn('entitled', 'integer')
    .addColumn('structures', 'text')
    .addColumn('warned', 'text')
    .addColumn('alarmed', 'integer', (c) => c.notNull())
    .addColumn('worked_past', 'text')
    .addColumn('lease', 'text')
    .addColumn('lease_until', INSTANT)
    .execute();
  await schema
    .createTable('platforms')
    .addColumn('environment', 'text', (c) => c.primaryKey())
    .addColumn('good_at', INSTANT)
    .addColumn('good_by', 'integer')
    .addColumn('other_at', INSTANT)
    .addColumn('bad_since', INSTANT)
    .addColumn('bad_count', 'integer', (c) => c.notNull())
    .addColumn('bad_at', INSTANT)
    .addColumn('bad_cause', 'text')
    .addColumn('told', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createTable('maintenances')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('environment', 'text')
    .addColumn('from_at', INSTANT, (c) => c.notNull())
    .addColumn('to_at', INSTANT, (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('entered_by', 'text', (c) => c.notNull())
    .addColumn('entered_at', INSTANT, (c) => c.notNull())
    .execute();
  for (const index of INDEXES) await sql.raw(index).execute(db);
}

/** The indexes of these tables. */
const INDEXES = [
  'create index "health_due" on "health" ("next_at")',
  `create index "health_of_note" on "health" ("state") where state in ('doubtful', 'stopped')`,
];
