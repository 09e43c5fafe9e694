// Step 7, version 0.6.0: links that ask for the first password of a new account.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds the column; the links of older versions ask for the next password. */
export async function firstLinks(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .alterTable('links')
    .addColumn('first', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
}
