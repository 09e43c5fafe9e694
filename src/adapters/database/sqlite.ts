// The embedded engine, SQLite: opens its file, says what to do about a fault of the file or its disk, and empties its
// write-ahead log after a secret was destroyed, because the log still holds the former content of the pages.
//
// Invariant: the debt is noted in the transaction that destroys, and deleted only after the log was empty and if nothing
// was destroyed meanwhile. After a crash at any point the debt is still noted, and the next start or round pays it.
import { chmodSync, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema/schema.ts';
import { BUSY_MS, openSqliteDriver, sqliteDialect } from './sqlite-driver.ts';

type Db = Kysely<Schema>;

/** The database cannot be used as it is; the message says what to do. */
export class DatabaseFault extends Error {}

/** There is no database yet at the place that the settings name. */
export class NoDatabase extends DatabaseFault {
  constructor(place: string) {
    super(`no database yet in ${place}; run: releve import FILE.csv`);
  }
}

/** Opens a file, or `:memory:`; a new file is its owner's alone. */
export function openSqlite(file: string) {
  const isNew = file !== ':memory:' && !existsSync(file);
  const writer = withFault(file, () => connect(file));
  if (isNew) chmodSync(file, 0o600);
  // In memory each connection would have a database of its own.
  const reader = file === ':memory:' ? null : withFault(file, () => connect(file));
  reader?.exec('pragma query_only = on');
  const driver = openSqliteDriver({ writer, reader, faultOf: (error) => faultOf(error, file) });
  const db = new Kysely<Schema>({ dialect: sqliteDialect(driver) });
  return {
    engine: 'sqlite' as const,
    db,
    change: <T>(work: (trx: Transaction<Schema>) => Promise<T>) => db.transaction().execute(work),
    noteDestroyed: (trx: Db) => noteTruncationOwed(trx),
    truncateLog: () => payTruncation(db, () => driver.alone(() => truncate(writer))),
    truncationOwedSince: () => truncationOwedSince(db),
    lockedForMs: driver.lockedForMs,
    stamps: stampsOf(writer),
    close: () => db.destroy(),
  };
}

/** By the connection that writes: what others have committed, and the rows that it has changed itself. */
function stampsOf(writer: DatabaseSync) {
  const byOthers = writer.prepare('pragma data_version');
  const byUs = writer.prepare('select total_changes() as changes');
  const stamp = async () => {
    try {
      return `${byOthers.get()?.data_version} ${byUs.get()?.changes}`;
    } catch {
      // Another process has the file for itself just now.
      return null;
    }
  };
  return { now: async () => (writer.isTransaction ? null : stamp()), within: stamp, after: stamp };
}

function connect(file: string): DatabaseSync {
  // Nothing else is served while a file is being opened: SQLite itself may wait.
  const raw = new DatabaseSync(file, { timeout: BUSY_MS });
  // Overwritten data leaves the file and its free pages, and no temporary file is ever made.
  raw.exec('pragma foreign_keys = on; pragma temp_store = memory; pragma secure_delete = on');
  if (file !== ':memory:') {
    // A checkpoint every 16 MB: each one costs several writes to the disk.
    raw.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000');
  }
  raw.exec('pragma busy_timeout = 0');
  return raw;
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
async function payTruncation(db: Db, truncated: () => Promise<boolean>): Promise<boolean> {
  const value = await readDebt(db);
  if (value === null) return true;
  if (!(await truncated())) return false;
  const paid = await db
    .deleteFrom('meta')
    .where('key', '=', OWED)
    .where('value', '=', value)
    .executeTakeFirst();
  return paid.numDeletedRows > 0n;
}

/** Writes the log into the file and cuts it to nothing, while no transaction of ours is open. */
function truncate(raw: DatabaseSync): boolean {
  try {
    return raw.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0;
  } catch {
    // A full disk, or a lock of another process: the debt stays, and the next round tries again.
    return false;
  }
}
