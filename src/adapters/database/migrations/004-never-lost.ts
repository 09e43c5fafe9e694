// Step 4, version 0.4.0: when a hold was applied, what was unclear in a password, unforeseen errors of single items.
import type { ColumnDataType, Kysely } from 'kysely';
import type { Engine, Schema } from '../schema/schema.ts';
import { noteTruncationOwed } from '../sqlite.ts';

const INSTANT: ColumnDataType = 'bigint';

/** Adds the columns of 0.4.0; they are null in rows that an older version wrote. */
export async function neverLost(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const { schema } = db;
  await schema.alterTable('holds').addColumn('applied_at', INSTANT).execute();
  await schema.alterTable('credentials').addColumn('doubts', 'text').execute();
  await schema
    .createTable('item_faults')
    .addColumn('work', 'text', (c) => c.notNull())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('next_at', INSTANT, (c) => c.notNull())
    .addColumn('fault', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('item_faults_once', ['work', 'technical_user_id'])
    .execute();
  // The log may still hold what older versions destroyed.
  if (engine === 'sqlite') await noteTruncationOwed(db);
  await schema.alterTable('rotations').addColumn('last_refused_at', INSTANT).execute();
  await schema.alterTable('rotations').addColumn('both_refused_since', INSTANT).execute();
  await schema
    .alterTable('rotations')
    .addColumn('rounds', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('rotations').addColumn('pressed_at', INSTANT).execute();
}
