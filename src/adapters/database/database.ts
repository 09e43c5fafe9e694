// Opens the database, embedded (SQLite) or on a server (PostgreSQL), and migrates it to the version of this program; and what
// statements on several tables share: portions that fit into one statement, upserts, and due instants.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type CompiledQuery,
  type DialectAdapter,
  type Insertable,
  type Kysely,
  sql,
  type Transaction,
} from 'kysely';
import { redactUserInfo } from '../../foundation/redact.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { adviceOf, openPostgres, type PostgresPlace } from './postgres.ts';
import type { Engine, Schema } from './schema/schema.ts';
import { DatabaseFault, NoDatabase, openSqlite, versionInFile } from './sqlite.ts';

/** Where the data is: one SQLite file (`:memory:` for a trial run), or a PostgreSQL server. */
export type DatabasePlace =
  | { readonly engine: 'sqlite'; readonly file: string }
  | ({ readonly engine: 'postgres' } & PostgresPlace);

/** Texts that differ once anybody has written to a database: this process, through whichever connection, or another one. */
interface Stamps {
  /** As it is now; null where that cannot be told without waiting for a transaction of ours. */
  now(): Promise<string | null>;
  /** Within a transaction. */
  within(trx: Transaction<Schema>): Promise<string | null>;
  /** Once a transaction that has written is committed, if nobody else has written since `from`, its own; null where that cannot be told. */
  after(trx: Transaction<Schema>, from: string | null): Promise<string | null>;
}

/** The connection that all repositories share. */
export interface Database {
  readonly engine: Engine;
  readonly db: Kysely<Schema>;
  /** Runs `work` in a transaction that no other writer overlaps, on either engine. */
  change<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** To be called in each transaction that destroys or reseals a secret: its old bytes must leave the log too. */
  noteDestroyed(trx: Transaction<Schema>): Promise<void>;
  /** Empties the log of what was destroyed; cheap when there is nothing to do. False while other processes prevent it. */
  truncateLog(): Promise<boolean>;
  /** Since when the log may hold destroyed secrets (instant, ms); null when it does not, or when the engine manages its log. */
  truncationOwedSince(): Promise<number | null>;
  /** For how long a lock of another process has kept us from writing, in ms; null while none does, and on a server. */
  lockedForMs(): number | null;
  readonly stamps: Stamps;
  close(): Promise<void>;
}

/** What to do where there is no database yet: create it, or fail. `leave` fails over one of an earlier version as well. */
export type Absent = 'make' | 'refuse' | 'leave';

/** The database was written by an earlier version of this program, and was left so. */
export class EarlierDatabase extends DatabaseFault {
  constructor(version: number) {
    super(
      `the database has version ${version}, of an earlier Relève, and is left as it is; stop that daemon, then the first start of ` +
        `this one (releve run, or releve remind) carries it over to ${MIGRATIONS.length}`,
    );
  }
}

/**
 * Opens the place and migrates it. Throws DatabaseFault when it is newer than this program, damaged or unwritable, and
 * NoDatabase where there is none and `absent` is not `make`.
 */
export async function openDatabase(place: DatabasePlace, absent: Absent = 'make'): Promise<Database> {
  if (absent !== 'make' && place.engine === 'sqlite' && !existsSync(place.file)) throw noDatabase(place);
  const leaveEarlier = (version: number) => {
    if (isOlder(version) && absent === 'leave' && version > 0) throw new EarlierDatabase(version);
  };
  if (place.engine === 'sqlite') leaveEarlier(versionInFile(place.file));
  const database = place.engine === 'sqlite' ? openSqlite(place.file) : await openPostgres(place);
  try {
    const version = await versionOf(database.db);
    if (absent !== 'make' && version === 0) throw noDatabase(place);
    leaveEarlier(version);
    await migrate(database);
    // For secrets destroyed just before a crash. When another process uses the log, this happens later.
    await database.truncateLog();
    return database;
  } catch (error) {
    await database.close();
    if (error instanceof DatabaseFault) throw error;
    throw new DatabaseFault(`the database cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

function noDatabase(place: DatabasePlace): NoDatabase {
  if (place.engine === 'sqlite') return new NoDatabase(dirname(place.file));
  return new NoDatabase(`${place.server.host}/${place.server.name ?? ''}`);
}

function messageOf(error: unknown): string {
  const message = redactUserInfo(error instanceof Error ? error.message : String(error));
  return `${message}${adviceOf(error)}`;
}

/** The version stored in a database; 0 for an empty one. */
async function versionOf(db: Kysely<Schema>): Promise<number> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === 'meta')) return 0;
  return Number((await metaOf(db, 'version')) ?? 0);
}

async function migrate({ db, engine, change }: Database): Promise<void> {
  if (!isOlder(await versionOf(db))) return;
  await change(async (trx) => {
    // Read again under the lock: another process may have migrated meanwhile.
    const version = await versionOf(trx);
    if (!isOlder(version)) return;
    if (version === 0) {
      await trx.schema
        .createTable('meta')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('value', 'text', (c) => c.notNull())
        .execute();
    }
    for (const step of MIGRATIONS.slice(version)) await step(trx, engine);
    await setMeta(trx, 'version', String(MIGRATIONS.length));
  });
}

/** Whether steps are missing. Throws DatabaseFault when the database is ahead of this program. */
function isOlder(version: number): boolean {
  if (version > MIGRATIONS.length) {
    throw new DatabaseFault(
      `the database has version ${version}, this program knows ${MIGRATIONS.length}: it was written by a newer Relève. ` +
        'Install that version again, or restore a copy made before it; nothing was changed.',
    );
  }
  return version < MIGRATIONS.length;
}

/** Writes one fact about the database itself. */
export async function setMeta(db: Kysely<Schema>, key: string, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute();
}

/** A fact about the database itself; undefined where there is none. */
export async function metaOf(db: Kysely<Schema>, key: string): Promise<string | undefined> {
  return (await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value;
}

/** Rows in one statement: the widest table has 20 columns, and an engine takes 32,766 parameters. */
const ROWS = 500;

/** Keys in one `in (…)`; both engines take more. */
export const KEYS = 1_000;

/** The rows in portions that fit into one statement. */
export function chunks<T>(rows: readonly T[], size = ROWS): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < rows.length; at += size) parts.push(rows.slice(at, at + size));
  return parts;
}

/** Writes rows, one portion after the other. */
export async function eachChunk<R>(
  rows: readonly R[],
  write: (chunk: R[]) => Promise<unknown>,
): Promise<void> {
  for (const chunk of chunks(rows)) await write(chunk);
}

/** The rows of a query that is asked for one portion of its keys after the other. */
export async function inChunks<K, R>(
  keys: readonly K[],
  ask: (chunk: readonly K[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const rows: R[] = [];
  for (const chunk of chunks(keys, KEYS)) rows.push(...(await ask(chunk)));
  return rows;
}

/** The rows of a query, page by page, in the order of their keys, which are above 0; `ask` reads those after a key. */
export async function* pages<R>(
  ask: (after: number) => Promise<readonly R[]>,
  keyOf: (row: R) => number,
): AsyncGenerator<readonly R[]> {
  for (let after = 0; ; ) {
    const rows = await ask(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = keyOf(last);
  }
}

/** The technical users (ids) that a query finds. */
export async function userIdsOf(query: {
  execute(): Promise<readonly { readonly technical_user_id: number }[]>;
}): Promise<number[]> {
  return (await query.execute()).map((row) => row.technical_user_id);
}

/** The texts of `upsert`, by table and columns: a handover writes the same few again and again. */
const UPSERTS = new WeakMap<DialectAdapter, Map<string, CompiledQuery>>();

/** Inserts a row, or overwrites the one that has the same key. */
export async function upsert<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  key: readonly (keyof Schema[T] & string)[],
  row: Insertable<Schema[T]>,
): Promise<void> {
  const { adapter } = db.getExecutor();
  const known = UPSERTS.get(adapter) ?? new Map<string, CompiledQuery>();
  UPSERTS.set(adapter, known);
  const name = [table, ...Object.keys(row)].join();
  // One without a value is null, here as in the text, which serves rows that have one too.
  const whole = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value ?? null]));
  const query = known.get(name) ?? compileUpsert(db, table, key, whole as Insertable<Schema[T]>);
  known.set(name, query);
  await db.executeQuery({ ...query, parameters: Object.values(whole) });
}

/** Its parameters are the row's values, in their order. */
function compileUpsert<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  key: readonly (keyof Schema[T] & string)[],
  row: Insertable<Schema[T]>,
): CompiledQuery {
  const given = Object.keys(row).map((column) => [column, sql.ref(`excluded.${column}`)]);
  return db
    .insertInto(table)
    .values(row)
    .onConflict((c) => c.columns(key as never).doUpdateSet(Object.fromEntries(given) as never))
    .compile();
}

/** Whether the instant of a column has come (ms), or lies more than `far` ahead: a wrong clock wrote such a value. */
export const hasCome = (column: string, now: number, far: number) =>
  sql<boolean>`(${sql.ref(column)} <= ${now} or ${sql.ref(column)} > ${now + far})`;

/** Whether nobody has a lease (the column is null), or it is over. */
export const isFree = (column: string, now: number, far: number) =>
  sql<boolean>`(${sql.ref(column)} is null or ${hasCome(column, now, far)})`;
