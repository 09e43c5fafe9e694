// Step 6, version 0.6.0: what a manager answered last under the link, without a secret.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the column; it is null in rows that an older version wrote. */
export async function answers(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('technical_users').addColumn('answered', 'text').execute();
}
