// Step 11, version 0.8.0: what the token of a tool is for, and which technical users and environment.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the columns; tokens of older versions have no purpose and keep what they could do. */
export async function tokenPurposes(db: Kysely<Schema>): Promise<void> {
  for (const column of ['purpose', 'logins', 'environment'])
    await db.schema.alterTable('tools').addColumn(column, 'text').execute();
}
