// Step 12, version 0.8.0: the events that wait for the webhook.
import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Engine, Schema } from '../schema/schema.ts';

/** Creates the table; it is filled where the settings name a webhook. */
export async function webhook(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const key: ColumnDataType = engine === 'postgres' ? 'serial' : 'integer';
  const instant: ColumnDataType = 'bigint';
  await db.schema
    .createTable('webhook_events')
    .addColumn('number', key, (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('environment', 'text')
    .addColumn('login', 'text')
    .addColumn('siret', 'text')
    .addColumn('at', instant, (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('lease_until', instant)
    .addColumn('reply', 'text')
    .addColumn('settled_at', instant)
    .execute();
  for (const index of [
    `create index "open_events" on "webhook_events" ("number") where state in ('waiting', 'claimed')`,
    'create index "events_settled" on "webhook_events" ("settled_at") where "settled_at" is not null',
  ])
    await sql.raw(index).execute(db);
}
