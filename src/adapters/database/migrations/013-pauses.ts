// Step 13, version 0.8.0: the pause of the reminders that an agent gave an account last.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the column; it is null in rows that an older version wrote. */
export async function pauses(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('technical_users').addColumn('paused', 'text').execute();
}
