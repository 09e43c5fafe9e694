// Step 15, version 0.9.0: what was set at a connector before it was told to hold, so that it is put back.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the column, null in rows that an older version wrote: none of its sinks read anything. */
export async function beforeHolds(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('holds').addColumn('before', 'text').execute();
}
