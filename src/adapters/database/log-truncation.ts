// Empties SQLite's write-ahead log after a secret was destroyed: the log still holds the former content of the pages.
//
// Invariant: the debt is noted in the transaction that destroys, and deleted only after the log was empty and if nothing
// was destroyed meanwhile. After a crash at any point the debt is still noted, and the next start or round pays it.
import type { DatabaseSync } from 'node:sqlite';
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema/schema.ts';

type Db = Kysely<Schema>;

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
export async function truncationOwedSince(db: Db): Promise<number | null> {
  const value = await readDebt(db);
  return value === null ? null : Number.parseInt(value, 10) * 1000;
}

/** Pays the debt, if there is one. False while it cannot be paid: another process reads or writes just now. */
export async function payTruncation(db: Db, raw: DatabaseSync, busyMs: number): Promise<boolean> {
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
