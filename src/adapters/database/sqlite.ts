// The embedded engine, SQLite: opens its file, says what to do about a fault of the file or its disk, and empties its
// write-ahead log after a secret was destroyed, because the log still holds the former content of the pages.
//
// Invariant: the debt is noted in the transaction that destroys, and deleted only after the log was empty and if nothing
// was destroyed meanwhile. After a crash at any point the debt is still noted, and the next start or round pays it.
import { chmodSync, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Kysely, SqliteDialect, sql, type Transaction } from 'kysely';
import type { Schema } from './schema/schema.ts';

type Db = Kysely<Schema>;

/** The database cannot be used as it is; the message says what to do. */
export class DatabaseFault extends Error {}

/** There is no database yet at the place that the settings name. */
export class NoDatabase extends DatabaseFault {
  constructor(place: string) {
    super(`no database yet in ${place}; run: releve import FILE.csv`);
  }
}

/** How long a writer waits for another before it gives up, in ms. */
const BUSY_MS = 15_000;

/** Opens a file, or `:memory:`; a new file is its owner's alone. */
export function openSqlite(file: string) {
  const isNew = file !== ':memory:' && !existsSync(file);
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
    engine: 'sqlite' as const,
    db,
    change: <T>(work: (trx: Transaction<Schema>) => Promise<T>) => db.transaction().execute(work),
    noteDestroyed: (trx: Db) => noteTruncationOwed(trx),
    truncateLog: () => payTruncation(db, raw, BUSY_MS),
    truncationOwedSince: () => truncationOwedSince(db),
    close: () => db.destroy(),
  };
}

/**
 * The version stored in a file, read before it is opened: opening and closing would change it already, because that writes
 * its log into it. 0 for a new file, and where there is a fault that opening it will find.
 */
export function versionInFile(file: string): number {
  if (file === ':memory:' || !existsSync(file)) return 0;
  const place = pathToFileURL(file);
  // Without a log the file holds everything, and can be read without creating files beside it.
  if (!existsSync(`${file}-wal`)) place.searchParams.set('immutable', '1');
  try {
    const raw = new DatabaseSync(place, { readOnly: true });
    try {
      return Number(raw.prepare("select value from meta where key = 'version'").get()?.value ?? 0);
    } finally {
      raw.close();
    }
  } catch {
    return 0;
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

/** Runs `call`, and turns errors of SQLite about the file and its disk into a DatabaseFault. */
function withFault<T>(file: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw faultOf(error, file);
  }
}

/** What to do, by SQLite's primary result code; only codes about the file and its disk. */
const ADVICE: Readonly<Record<number, string>> = {
  5: 'another program keeps it locked; end that program, or try again',
  8: 'it cannot be written to; give this user the right to write it and its folder',
  10: 'its disk does not work; look at the system’s log, nothing of this step was kept',
  11: 'it is damaged; put a copy made before in its place',
  13: 'the disk is full; make room, nothing of this step was kept',
  14: 'it cannot be opened; it must be a file that this user may read and write',
  26: 'it is damaged, or no database of Relève; put a copy made before in its place',
};
const FULL = 13;
const INPUT_OUTPUT = 10;
/** A disk with less free space than this, in bytes, counts as full: SQLite may need several pieces of it at once. */
const LEAST_ROOM = 256 * 1024;

/** The DatabaseFault for an error of SQLite; the error itself when it is not about the file. */
function faultOf(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  // Extended codes carry the primary one in their low byte.
  const code = Number(error.errcode) & 0xff;
  // For some files beside the database SQLite reports a full disk as an I/O error.
  const advice = ADVICE[code === INPUT_OUTPUT && isFull(file) ? FULL : code];
  if (advice === undefined) return error;
  return new DatabaseFault(`the database ${file} cannot be used (${error.message}): ${advice}`, {
    cause: error,
  });
}

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < LEAST_ROOM;
  } catch {
    return false;
  }
}

/** The key of the debt in `meta`. Its value is `since/n`: an instant in seconds, and how often it was noted since. */
const OWED = 'log-truncation-owed';

/** Notes that something was destroyed; `trx` is the transaction that does it. */
export async function noteTruncationOwed(trx: Db): Promise<void> {
  await sql`
    insert into meta (key, value) values (${OWED}, unixepoch() || '/1')
    on conflict (key) do update set value = substr(value, 1, instr(value, '/'))
      || (cast(substr(value, instr(value, '/') + 1) as integer) + 1)`.execute(trx);
}

async function readDebt(db: Db): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', OWED).executeTakeFirst();
  return row?.value ?? null;
}

/** Since when the log may hold what was destroyed (instant, ms); null when it does not. */
async function truncationOwedSince(db: Db): Promise<number | null> {
  const value = await readDebt(db);
  return value === null ? null : Number.parseInt(value, 10) * 1000;
}

/** Pays the debt, if there is one. False while it cannot be paid: another process reads or writes just now. */
async function payTruncation(db: Db, raw: DatabaseSync, busyMs: number): Promise<boolean> {
  const value = await readDebt(db);
  if (value === null) return true;
  // Inside `connection` no transaction of ours is open: there is one connection, and its holder has it alone.
  const isEmpty = await db.connection().execute(async () => truncate(raw, busyMs));
  if (!isEmpty) return false;
  const paid = await db
    .deleteFrom('meta')
    .where('key', '=', OWED)
    .where('value', '=', value)
    .executeTakeFirst();
  return paid.numDeletedRows > 0n;
}

/** Writes the log into the file and cuts it to nothing. Does not wait for locks: node:sqlite would block the process. */
function truncate(raw: DatabaseSync, busyMs: number): boolean {
  raw.exec('pragma busy_timeout = 0');
  try {
    return raw.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0;
  } catch {
    // A full disk, or a read of our own that has not ended: the debt stays, and the next round tries again.
    return false;
  } finally {
    raw.exec(`pragma busy_timeout = ${busyMs}`);
  }
}
