// Step 2, version 0.2.0: rotations, sealed passwords, sinks, links, tools and the audit trail.
import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Engine, Schema } from '../schema/schema.ts';

const INSTANT: ColumnDataType = 'bigint';

/** Creates the tables of rotations. */
export async function rotations(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const bytes: ColumnDataType = engine === 'postgres' ? 'bytea' : 'blob';
  await rotationTables(db);
  await db.schema
    .createTable('credentials')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('environment', 'text', (c) => c.notNull())
    .addColumn('login', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('data_key', bytes, (c) => c.notNull())
    .addColumn('box', bytes, (c) => c.notNull())
    .addColumn('kept_at', INSTANT, (c) => c.notNull())
    .addColumn('destroyed_at', INSTANT)
    .execute();
  await sinkTables(db);
  await accessTables(db);
  for (const index of INDEXES) await sql.raw(index).execute(db);
}

async function rotationTables({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('rotations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('stage', 'text', (c) => c.notNull())
    .addColumn('standing', 'text', (c) => c.notNull())
    .addColumn('proven', 'text')
    .addColumn('version', 'integer')
    .addColumn('channel', 'text')
    .addColumn('brought_by', 'text')
    .addColumn('credential', 'text')
    .addColumn('fingerprint', 'text')
    .addColumn('changed_on', 'text')
    .addColumn('portal_on', 'text')
    .addColumn('announced_at', INSTANT)
    .addColumn('announced_until', INSTANT)
    .addColumn('received_at', INSTANT)
    .addColumn('accepted_at', INSTANT)
    .addColumn('published_at', INSTANT)
    .addColumn('ended_at', INSTANT)
    .addColumn('refusals', 'integer', (c) => c.notNull())
    .addColumn('refused_at', INSTANT)
    .addColumn('asked', 'integer', (c) => c.notNull())
    .addColumn('cause', 'text')
    .addColumn('next_try_at', INSTANT)
    .addColumn('former_works', 'integer')
    .addColumn('lease', 'text')
    .addColumn('lease_until', INSTANT)
    .addColumn('alarmed', 'integer', (c) => c.notNull())
    .addColumn('wake_at', INSTANT)
    .execute();
  await schema
    .createTable('attempts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('at', INSTANT, (c) => c.notNull())
    .addColumn('refused', 'integer')
    .execute();
}

async function sinkTables({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('publications')
    .addColumn('rotation_id', 'text', (c) => c.notNull().references('rotations.id'))
    .addColumn('technical_user_id', 'integer', (c) => c.notNull())
    .addColumn('sink', 'text', (c) => c.notNull())
    .addColumn('stage', 'text', (c) => c.notNull())
    .addColumn('touched', 'integer', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('next_at', INSTANT, (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('lease_until', INSTANT)
    .addColumn('fault', 'text')
    .addPrimaryKeyConstraint('publications_once', ['rotation_id', 'sink'])
    .execute();
  await schema
    .createTable('holds')
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('sink', 'text', (c) => c.notNull())
    .addColumn('wanted', 'integer', (c) => c.notNull())
    .addColumn('applied', 'integer', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('next_at', INSTANT, (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('lease_until', INSTANT)
    .addPrimaryKeyConstraint('holds_once', ['technical_user_id', 'sink'])
    .execute();
}

async function accessTables({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('links')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('letter_id', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('issued_at', INSTANT, (c) => c.notNull())
    .addColumn('until', INSTANT, (c) => c.notNull())
    .addColumn('spent_at', INSTANT)
    .execute();
  await schema
    .createTable('tools')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('made_at', INSTANT, (c) => c.notNull())
    .addColumn('revoked_at', INSTANT)
    .execute();
  await schema
    .createTable('audit')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('at', INSTANT, (c) => c.notNull())
    .addColumn('who', 'text', (c) => c.notNull())
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('environment', 'text')
    .addColumn('login', 'text')
    .addColumn('rotation_id', 'text')
    .addColumn('channel', 'text')
    .addColumn('check_result', 'text')
    .addColumn('sink', 'text')
    .addColumn('detail', 'text')
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
}

/** The indexes of these tables. */
const INDEXES = [
  'create index "credentials_by_key" on "credentials" ("key_id") where "destroyed_at" is null',
  'create index "rotations_of" on "rotations" ("technical_user_id")',
  // Whatever the code does: one password in service, one on its way.
  `create unique index "one_current" on "rotations" ("technical_user_id") where standing = 'current'`,
  `create unique index "one_open" on "rotations" ("technical_user_id") where stage in ('announced', 'unclear', 'candidate', 'verifying')`,
  `create index "rotations_to_prove" on "rotations" ("next_try_at") where stage in ('candidate', 'verifying')`,
  'create index "rotations_waking" on "rotations" ("wake_at") where wake_at is not null',
  'create index "attempts_of" on "attempts" ("technical_user_id", "at")',
  'create index "publications_of" on "publications" ("technical_user_id")',
  `create index "publications_due" on "publications" ("next_at") where stage in ('due', 'claimed')`,
  'create index "holds_due" on "holds" ("next_at") where wanted <> applied',
  'create index "links_of" on "links" ("technical_user_id")',
];
