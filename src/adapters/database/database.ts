// Opens the database, embedded (SQLite) or on a server (PostgreSQL), and migrates it to the version of this program.
import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Kysely, PostgresDialect, SqliteDialect, sql, type Transaction } from 'kysely';
import { redactUserInfo } from '../../foundation/redact.ts';
import { DatabaseFault, faultOf, NoDatabase } from './database-fault.ts';
import { noteTruncationOwed, payTruncation, truncationOwedSince } from './log-truncation.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Engine, Schema } from './schema/schema.ts';

/** Where the data is: one SQLite file (`:memory:` for a trial run), or a PostgreSQL server. */
export type DatabasePlace =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly url: string; readonly password: (() => string) | null };

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
  close(): Promise<void>;
}

/** How long a writer waits for another before it gives up, in ms. */
const BUSY_MS = 15_000;
/** The one advisory lock that every writer of a PostgreSQL database takes. */
const WRITERS = 7_350_001;

/** What to do where there is no database yet: create it, or fail. */
export type Absent = 'make' | 'refuse';

/**
 * Opens the place and migrates it. Throws DatabaseFault when it is newer than this program, damaged or unwritable, and
 * NoDatabase where there is none and `absent` is `refuse`.
 */
export async function openDatabase(place: DatabasePlace, absent: Absent = 'make'): Promise<Database> {
  if (absent === 'refuse' && place.engine === 'sqlite' && !existsSync(place.file)) throw noDatabase(place);
  const database = place.engine === 'sqlite' ? openSqlite(place.file) : await openPostgres(place);
  try {
    if (absent === 'refuse' && (await versionOf(database.db)) === 0) throw noDatabase(place);
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

/** The address has no password in it; its user and parameters are left out nevertheless. */
function noDatabase(place: DatabasePlace): NoDatabase {
  if (place.engine === 'sqlite') return new NoDatabase(dirname(place.file));
  const { host, pathname } = new URL(place.url);
  return new NoDatabase(`${host}${pathname}`);
}

function messageOf(error: unknown): string {
  // It may quote the address of the server, with a password.
  return redactUserInfo(error instanceof Error ? error.message : String(error));
}

function openSqlite(file: string): Database {
  const isNew = file !== ':memory:' && !existsSync(file);
  if (!isNew && file !== ':memory:') refuseNewer(file);
  const raw = withFault(file, () => {
    const opened = new DatabaseSync(file, { timeout: BUSY_MS });
    if (isNew) chmodSync(file, 0o600);
    // Overwritten data leaves the file and its free pages, and no temporary file is ever made.
    opened.exec('pragma foreign_keys = on; pragma temp_store = memory; pragma secure_delete = on');
    if (file !== ':memory:') {
      // A checkpoint every 16 MB: each one costs several writes to the disk.
      opened.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000');
    }
    return opened;
  });
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: wrap(raw, file) }) });
  return {
    engine: 'sqlite',
    db,
    change: (work) => db.transaction().execute(work),
    noteDestroyed: (trx) => noteTruncationOwed(trx),
    truncateLog: () => payTruncation(db, raw, BUSY_MS),
    truncationOwedSince: () => truncationOwedSince(db),
    close: () => db.destroy(),
  };
}

/**
 * Refuses a file of a newer program before it is opened: opening and closing would change it already, because that writes
 * its log into it. All other faults are found when it is opened.
 */
function refuseNewer(file: string): void {
  const place = pathToFileURL(file);
  // Without a log the file holds everything, and can be read without creating files beside it.
  if (!existsSync(`${file}-wal`)) place.searchParams.set('immutable', '1');
  let version: number;
  try {
    const raw = new DatabaseSync(place, { readOnly: true });
    try {
      version = Number(raw.prepare("select value from meta where key = 'version'").get()?.value ?? 0);
    } finally {
      raw.close();
    }
  } catch {
    return;
  }
  isOlder(version);
}

/** Runs `call`, and turns errors of SQLite about the file and its disk into a DatabaseFault. */
function withFault<T>(file: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw faultOf(error, file);
  }
}

/** Most prepared statements that are cached; a tick runs the same few every minute. */
const MOST_CACHED = 100;
/** Longer texts are not cached: they hold many rows and come in many lengths, and would cost more memory than they save time. */
const LONGEST_CACHED = 8_192;

/** node:sqlite in the shape that Kysely's dialect expects; transactions take the writer's lock at once. */
function wrap(raw: DatabaseSync, file: string) {
  const spread = (values: readonly unknown[]) => values as SQLInputValue[];
  const cache = new Map<string, ReturnType<typeof prepare>>();
  const prepare = (text: string) => {
    const statement = withFault(file, () => raw.prepare(text === 'begin' ? 'begin immediate' : text));
    return {
      reader: statement.columns().length > 0,
      all: (values: readonly unknown[]) => withFault(file, () => statement.all(...spread(values))),
      run: (values: readonly unknown[]) => {
        // A full disk rolls the transaction back by itself; a second rollback would be an error that hides the first.
        if (text === 'rollback' && !raw.isTransaction) return { changes: 0, lastInsertRowid: 0 };
        return withFault(file, () => statement.run(...spread(values)));
      },
      iterate: (values: readonly unknown[]) => raw.prepare(text).iterate(...spread(values)),
    };
  };
  return {
    prepare(text: string) {
      const cached = cache.get(text);
      if (cached !== undefined) return cached;
      const made = prepare(text);
      const oldest = cache.keys().next();
      if (text.length > LONGEST_CACHED) return made;
      if (cache.size >= MOST_CACHED && !oldest.done) cache.delete(oldest.value);
      cache.set(text, made);
      return made;
    },
    close: () => raw.close(),
  };
}

async function openPostgres(place: Extract<DatabasePlace, { engine: 'postgres' }>): Promise<Database> {
  // Loaded only where it is used: most installations have the embedded engine.
  const { default: pg } = await import('pg');
  const types = new pg.TypeOverrides();
  // Our 64-bit integers are instants and counts; all are exact as numbers.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: place.url,
    ...(place.password === null ? {} : { password: place.password }),
    max: 4,
    types,
  });
  // The pool replaces a broken idle connection; the next query fails if the server is really gone.
  pool.on('error', () => undefined);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    engine: 'postgres',
    db,
    change: (work) =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(WRITERS)})`.execute(trx);
        return work(trx);
      }),
    // We cannot clean the server's own logs, dead rows and replicas (docs/THREATS.md).
    noteDestroyed: async () => undefined,
    truncateLog: async () => true,
    truncationOwedSince: async () => null,
    close: () => db.destroy(),
  };
}

/** The version stored in a database; 0 for an empty one. */
async function versionOf(db: Kysely<Schema>): Promise<number> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === 'meta')) return 0;
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'version').executeTakeFirst();
  return Number(row?.value ?? 0);
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
