// What SQLite says when a file cannot be used, in words that tell people what to do.
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The database cannot be used as it is; the message says what to do. */
export class DatabaseFault extends Error {}

/** There is no database yet where the settings say. */
export class NoDatabase extends DatabaseFault {
  constructor(place: string) {
    super(`no database yet in ${place}; run: releve import FILE.csv`);
  }
}

/** SQLite's plain result codes that are about the file and its disk, and not about what was asked of it. */
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
/** A disk with less room than this, in bytes, is full: SQLite asks for some such pieces at once. */
const LEAST_ROOM = 256 * 1024;

/** The fault that an error of SQLite stands for, or the error as it is when it says nothing of the file. */
export function faultOf(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  // Extended codes carry the plain one in their low byte.
  const code = Number(error.errcode) & 0xff;
  // Some files beside the database cannot say that the disk is full.
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
