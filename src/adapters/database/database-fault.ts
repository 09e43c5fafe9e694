// Turns SQLite's errors about the file and its disk into messages that say what to do.
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The database cannot be used as it is; the message says what to do. */
export class DatabaseFault extends Error {}

/** There is no database yet at the place that the settings name. */
export class NoDatabase extends DatabaseFault {
  constructor(place: string) {
    super(`no database yet in ${place}; run: releve import FILE.csv`);
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
export function faultOf(error: unknown, file: string): unknown {
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
