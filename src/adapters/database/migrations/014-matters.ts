// Step 14, version 0.8.0: the few passwords and publications that ask for a person are found without a look at all.
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Creates the indexes. */
export async function matters(db: Kysely<Schema>): Promise<void> {
  for (const index of [
    `create index "rotations_unproven" on "rotations" ("technical_user_id") where proven = 'unverified'`,
    `create index "publications_left" on "publications" ("rotation_id") where stage = 'left'`,
  ])
    await sql.raw(index).execute(db);
}
