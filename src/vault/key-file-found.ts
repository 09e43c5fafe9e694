// The file of the master keys as it is found: a plain file, closed to others and ours to replace, or missing.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { codeOf, KeyFileFault } from './key-file-fault.ts';

/** What the file holds, and what a new one in its place must have. The bytes are to be filled with zeros after use. */
export interface Found {
  readonly bytes: Buffer;
  readonly mode: number;
  /** Whom the new file must be given to; null when that is us. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** Larger than any number of keys with their comments. */
const LARGEST = 1024 * 1024;

/** Reads the file at `target` (no link); a missing one is empty, ours, with mode 0600. Throws KeyFileFault naming `file`. */
export async function closedFile(file: string, target: string): Promise<Found> {
  let handle: FileHandle;
  try {
    // Without waiting: a pipe in the place of a file would hold us up for ever.
    handle = await open(target, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { bytes: Buffer.alloc(0), mode: 0o600, owner: null };
    throw error;
  }
  try {
    const { mode, size, uid, gid } = await checked(handle, file);
    if (size > LARGEST) throw new KeyFileFault(file, 'has more than 1 MiB', 'name the file of the keys');
    // Root may replace another's file, but must give it back: the daemon could no longer read it.
    const owner = uid === process.geteuid?.() ? null : { uid, gid };
    return { bytes: await handle.readFile(), mode, owner };
  } finally {
    await handle.close();
  }
}

async function checked(handle: FileHandle, file: string) {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new KeyFileFault(file, 'is no regular file', 'name another file');
  const mode = stats.mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const found = `is open to others (mode ${mode.toString(8).padStart(4, '0')})`;
    // Its keys may have been read: closing it now does not take that back.
    throw new KeyFileFault(file, found, `close it with chmod 600 ${file}`);
  }
  return { mode, size: stats.size, uid: stats.uid, gid: stats.gid };
}
