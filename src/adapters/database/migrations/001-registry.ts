// Step 1, version 0.1.0: the registry, its history, and the letters.
import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Engine, Schema } from '../schema/schema.ts';

/** Creates the tables of the registry and of letters. */
export async function registryAndLetters(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const key: ColumnDataType = engine === 'postgres' ? 'serial' : 'integer';
  const instant: ColumnDataType = 'bigint';
  const schema = db.schema;

  await schema
    .createTable('structures')
    .addColumn('id', key, (c) => c.primaryKey())
    .addColumn('siret', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('people')
    .addColumn('id', key, (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('email', 'text')
    .addColumn('email_key', 'text', (c) => c.unique())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('dead_since', instant)
    .addColumn('dead_reason', 'text')
    .addColumn('revived', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .createTable('mandates')
    .addColumn('id', key, (c) => c.primaryKey())
    .addColumn('structure_id', 'integer', (c) => c.notNull().references('structures.id'))
    .addColumn('person_id', 'integer', (c) => c.notNull().references('people.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('since', instant, (c) => c.notNull())
    .addColumn('until', instant)
    .execute();
  await schema
    .createTable('technical_users')
    .addColumn('id', key, (c) => c.primaryKey())
    .addColumn('login', 'text', (c) => c.notNull())
    .addColumn('login_key', 'text', (c) => c.notNull())
    .addColumn('environment', 'text', (c) => c.notNull())
    .addColumn('structure_id', 'integer', (c) => c.notNull().references('structures.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('changed_on', 'text')
    .addColumn('portal_on', 'text')
    .addColumn('validity', 'text')
    .addColumn('latest', 'text')
    .addColumn('retired', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('told_version', 'integer')
    .addColumn('told_deadline', 'text')
    .addColumn('told_address', 'text')
    .addColumn('told_step', 'integer')
    .addColumn('told_on', 'text')
    .addColumn('wake_on', 'text')
    .addColumn('registered_at', instant, (c) => c.notNull())
    .addUniqueConstraint('login_once', ['login_key', 'environment'])
    .execute();
  await schema
    .createTable('user_structures')
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('structure_id', 'integer', (c) => c.notNull().references('structures.id'))
    .addPrimaryKeyConstraint('user_structures_once', ['technical_user_id', 'structure_id'])
    .execute();
  await schema
    .createTable('events')
    .addColumn('id', key, (c) => c.primaryKey())
    .addColumn('at', instant, (c) => c.notNull())
    .addColumn('who', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'integer', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('old_value', 'text')
    .addColumn('new_value', 'text')
    .addColumn('why', 'text')
    .execute();
  await letterTables(db, key, instant);
  for (const index of INDEXES) await sql.raw(index).execute(db);
}

async function letterTables(db: Kysely<Schema>, key: ColumnDataType, instant: ColumnDataType): Promise<void> {
  const schema = db.schema;
  await schema
    .createTable('letters')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('on_day', 'text', (c) => c.notNull())
    .addColumn('written_at', instant, (c) => c.notNull())
    .execute();
  await schema
    .createTable('letter_items')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('letter_id', 'text', (c) => c.notNull().references('letters.id'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('technical_user_id', 'integer', (c) => c.notNull().references('technical_users.id'))
    .addColumn('login', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('deadline', 'text')
    .addColumn('step_offset', 'integer')
    .addColumn('past_latest', 'integer', (c) => c.notNull())
    .addColumn('first', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createTable('deliveries')
    .addColumn('id', key, (c) => c.primaryKey())
    .addColumn('letter_id', 'text', (c) => c.notNull().references('letters.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('person_id', 'integer')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('first_tried_at', instant)
    .addColumn('next_at', instant, (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('lease_until', instant)
    .addColumn('reply', 'text')
    .addColumn('settled_at', instant)
    .addUniqueConstraint('delivered_once', ['letter_id', 'address'])
    .execute();
  await schema
    .createTable('alarms')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('raised_at', instant, (c) => c.notNull())
    .addColumn('letter_id', 'text', (c) => c.references('letters.id'))
    .execute();
}

/** The indexes of these tables. */
const INDEXES = [
  'create unique index "mandates_now" on "mandates" ("structure_id", "role", "person_id") where "until" is null',
  `create unique index "one_principal" on "mandates" ("structure_id") where until is null and role = 'principal'`,
  'create index "mandates_of" on "mandates" ("person_id")',
  'create index "waking" on "technical_users" ("wake_on")',
  'create index "users_of" on "technical_users" ("structure_id")',
  'create index "further_of" on "user_structures" ("structure_id")',
  'create index "events_of" on "events" ("subject", "subject_id")',
  'create index "items_of_letter" on "letter_items" ("letter_id")',
  'create index "items_of_user" on "letter_items" ("technical_user_id")',
  `create index "open_deliveries" on "deliveries" ("place", "id") where state in ('waiting', 'claimed')`,
  'create index "deliveries_settled" on "deliveries" ("settled_at")',
  'create index "alarms_untold" on "alarms" ("raised_at") where "letter_id" is null',
];
