// One daemon for one data folder: a lock that the system releases when the process ends, however it ends.
import { DatabaseSync } from 'node:sqlite';

/** The locks of this process. A lock that nobody refers to would be closed by the garbage collector, and so be free. */
const held = new Set<DatabaseSync>();

/** SQLite's word for "another holds it". */
const BUSY = 5;

/**
 * Takes the lock of a file, or answers null when another process (or this one) holds it. The file is a SQLite database
 * of its own, always empty, with an exclusive transaction that never ends: no lock file is left behind by `kill -9`.
 * Throws when the file cannot be made or is no lock of ours.
 */
export function takeLock(file: string) {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // Nothing is ever written, so no journal need lie about after a `kill -9`.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // Extended codes carry the plain one in their low byte.
    if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY) return null;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
