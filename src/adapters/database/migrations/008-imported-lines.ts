// Step 8, version 0.7.0: the cells of each line of the last import.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Creates the table; it is empty until the first import after the upgrade. */
export async function importedLines(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('imported_lines')
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('siret', 'text', (c) => c.notNull())
    .addColumn('cells', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('imported_lines_once', ['technical_user_id', 'siret'])
    .execute();
}
