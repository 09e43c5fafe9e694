// Step 16, version 0.9.0: which connector has said that it uses a password, and until when one is to say so.
import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Schema } from '../schema/schema.ts';

const INSTANT: ColumnDataType = 'bigint';

/** Adds the columns: of what older versions published, nothing is waited for. */
export async function adoptions(db: Kysely<Schema>): Promise<void> {
  const table = () => db.schema.alterTable('publications');
  await table().addColumn('adopted_at', INSTANT).execute();
  await table().addColumn('adopted_by', 'text').execute();
  await table().addColumn('adopt_until', INSTANT).execute();
  await table()
    .addColumn('adoption_late', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  for (const index of [
    'create index "publications_awaited" on "publications" ("adopt_until") where adopt_until is not null',
    'create index "publications_late" on "publications" ("rotation_id") where adoption_late = 1',
  ])
    await sql.raw(index).execute(db);
}
