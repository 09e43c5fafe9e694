// Step 10, version 0.7.0: whether a sink was read back after a password was written into it.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the column; of what older versions published it is not known. */
export async function readBack(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('publications').addColumn('read_back', 'integer').execute();
}
