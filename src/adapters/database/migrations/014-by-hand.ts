// Step 14, version 0.9.0: passwords that a person types into a product, when that person said so, and the products to be stopped by hand.
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the columns, null in rows that an older version wrote, and the indexes of the few rows that they are for. */
export async function byHand(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('publications').addColumn('by_hand', 'text').execute();
  await db.schema.alterTable('publications').addColumn('claimed_at', 'bigint').execute();
  await db.schema.alterTable('holds').addColumn('by_hand', 'text').execute();
  await db.schema.alterTable('webhook_events').addColumn('about', 'text').execute();
  for (const index of [
    `create index "publications_asked" on "publications" ("rotation_id") where stage = 'asked'`,
    `create index "publications_typed" on "publications" ("rotation_id") where claimed_at is not null`,
  ])
    await sql.raw(index).execute(db);
}
