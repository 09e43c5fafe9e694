// Step 13, version 0.8.0: the pause of the reminders that an agent gave an account last, why a connector could not be told, and indexes
// by which the few passwords, publications and holds that ask for a person are found without a look at all.
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the columns, null in rows that an older version wrote, and creates the indexes. */
export async function pauses(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('technical_users').addColumn('paused', 'text').execute();
  await db.schema.alterTable('holds').addColumn('fault', 'text').execute();
  for (const index of [
    `create index "rotations_unproven" on "rotations" ("technical_user_id") where proven = 'unverified'`,
    `create index "publications_left" on "publications" ("rotation_id") where stage = 'left'`,
    'create index "holds_applied" on "holds" ("technical_user_id") where applied = 1',
  ])
    await sql.raw(index).execute(db);
}
