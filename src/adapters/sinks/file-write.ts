// Replaces a file atomically, of a sink or of a hold: a reader sees the whole old file, or the whole new one.
import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, syncFolder } from '../../foundation/trusted-file.ts';
import { SinkFault } from './settings.ts';

/** The numbers of user and group; null where none is wanted. */
export interface Ids {
  readonly uid: number | null;
  readonly gid: number | null;
}

export interface WantedFile extends Ids {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** Whether other bytes say the same; left out where only these bytes do. */
  readonly reads?: (text: string) => boolean;
  /** The bytes that the new ones were made from: the file is replaced only while it holds them still. */
  readonly madeFrom?: Uint8Array;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY, S_IFMT, S_IFREG } = constants;

/** No secret is longer; a larger file is not ours and need not be read. */
const LARGEST = 1024 * 1024;

/** How the existing file differs: not at all, in its content, or only in owner, group or mode. */
export type Difference = 'none' | 'absent' | 'content' | 'rights';

/**
 * Writes a temporary file in the same folder, syncs it, renames it, syncs the folder; owner and mode are set before the
 * rename. Then reads back. Throws SinkFault; before the rename nothing has changed.
 */
export async function replaceFile(wanted: WantedFile): Promise<void> {
  const { path } = wanted;
  const aside = join(dirname(path), `${asidePrefix(path)}${randomBytes(8).toString('hex')}`);
  try {
    await refuseNonFiles(path);
    await removeLeftovers(path);
    await writeAside(aside, wanted);
    const { madeFrom } = wanted;
    if (madeFrom !== undefined && !(await readPlainFile(path)).bytes.equals(madeFrom))
      throw new ChangedFile(path);
    await rename(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(aside).catch(() => undefined);
    throw faultOf(error, path, wanted);
  }
  const left = await difference(wanted);
  if (left === 'none') return;
  throw new SinkFault(
    `${path} was written, but reading it back shows ${SHOWN[left]}: does another program write this file?`,
  );
}

const SHOWN: Readonly<Record<Exclude<Difference, 'none'>, string>> = {
  absent: 'no file',
  content: 'another content',
  rights: 'another owner, group or mode',
};

/** Compares the existing file with the wanted state. Throws SinkFault when it cannot be read. */
export async function difference(wanted: WantedFile): Promise<Difference> {
  let file: FileHandle;
  try {
    // O_NONBLOCK: opening a pipe in the place of the file would block for ever.
    file = await open(wanted.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent';
    if (errorCode(error) === 'EACCES') {
      throw new SinkFault(
        `${wanted.path} may not be read by the daemon (EACCES): a file given away needs CAP_DAC_READ_SEARCH to be read back`,
      );
    }
    throw faultOf(error, wanted.path, wanted);
  }
  try {
    const seen = await file.stat();
    if ((seen.mode & S_IFMT) !== S_IFREG) throw notAFile(wanted.path);
    const { uid, gid, mode, bytes, reads } = wanted;
    if (seen.size > LARGEST) return 'content';
    const found = await file.readFile();
    if (!found.equals(bytes) && reads?.(found.toString('utf8')) !== true) return 'content';
    const right =
      (seen.mode & 0o7777) === mode &&
      (uid === null || seen.uid === uid) &&
      (gid === null || seen.gid === gid);
    return right ? 'none' : 'rights';
  } catch (error) {
    throw faultOf(error, wanted.path, wanted);
  } finally {
    await file.close();
  }
}

/** The text of a file, or its beginning; empty where the file is gone. Throws SinkFault when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LARGEST), 0, LARGEST, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw faultOf(error, path);
  }
}

/** Another program has changed a file between our reading and our writing; it is as that program left it. */
export class ChangedFile extends SinkFault {
  constructor(path: string) {
    super(`${path} was changed by another program while it was edited, several times in a row: tried again`);
  }
}

/** A whole file with its rights. Throws SinkFault where it is missing, no file, too large, or cannot be read. */
export async function readPlainFile(
  path: string,
): Promise<{ readonly bytes: Buffer; readonly stats: Stats }> {
  try {
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw notAFile(path);
      if (stats.size > LARGEST)
        throw new SinkFault(`${path} has more than 1 MiB: single keys are edited in smaller files`);
      return { bytes: await file.readFile(), stats };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      throw new SinkFault(
        `${path} is not there: single keys are edited in a file that is there already; create it with them`,
      );
    }
    throw faultOf(error, path);
  }
}

/** A link is not followed, and not replaced either: it was made on purpose. */
async function refuseNonFiles(path: string): Promise<void> {
  try {
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { mode } = await file.stat().finally(() => file.close());
    if ((mode & S_IFMT) !== S_IFREG) throw notAFile(path);
  } catch (error) {
    const code = errorCode(error);
    // A file that we may replace but not read is no obstacle yet.
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
  }
}

const notAFile = (path: string) =>
  new SinkFault(`${path} is not an ordinary file: move it away, or correct the sink's path`);

/** Starts with a dot, so that connectors that read a whole folder skip it. */
const asidePrefix = (path: string) => `.${basename(path)}.releve-`;

/** A file left by a crash contains a password: it is removed at the next write. */
async function removeLeftovers(path: string): Promise<void> {
  const prefix = asidePrefix(path);
  for (const name of await readdir(dirname(path))) {
    const ours = name.startsWith(prefix) && /^[\da-f]{16}$/.test(name.slice(prefix.length));
    if (ours) await unlink(join(dirname(path), name));
  }
}

async function writeAside(aside: string, { bytes, uid, gid, mode }: WantedFile): Promise<void> {
  const file = await open(aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(bytes);
    if (uid !== null || gid !== null) await file.chown(uid ?? -1, gid ?? -1);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The fault for an error of the system, with its remedy; any other error is returned as it is. */
export function faultOf(error: unknown, path: string, ids: Ids = { uid: null, gid: null }): unknown {
  const code = errorCode(error);
  if (code === null || error instanceof SinkFault) return error;
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : null;
  const folder = dirname(path);
  if (code === 'EPERM' && (syscall === 'fchown' || syscall === 'chown')) {
    const to =
      `${ids.uid === null ? '' : `user ${ids.uid}`}${ids.gid === null ? '' : ` group ${ids.gid}`}`.trim();
    return new SinkFault(
      `${path} cannot be given to ${to}: the daemon needs CAP_CHOWN, CAP_FOWNER and CAP_DAC_READ_SEARCH; or set only a group of which it is a member`,
    );
  }
  const remedy = REMEDIES[code]?.(folder, path);
  return new SinkFault(
    `${path} cannot be written or read (${code})${remedy === undefined ? '' : `: ${remedy}`}`,
  );
}

const REMEDIES: Readonly<Record<string, (folder: string, path: string) => string>> = {
  ENOSPC: (folder) => `the disk of ${folder} is full; make room on it`,
  EDQUOT: (folder) => `the daemon's quota on the disk of ${folder} is used up; raise it`,
  EROFS: (folder) =>
    `${folder} is read-only to the daemon; remount it, or add it to ReadWritePaths= of its unit`,
  EACCES: (folder) => `the daemon may not write in ${folder}; give its user that right`,
  EPERM: (folder) => `the system forbids it; look at the attributes and mount options of ${folder}`,
  ENOENT: (folder) => `there is no folder ${folder}; create it`,
  ENOTDIR: (folder) => `${folder} is not a folder; correct the sink's path`,
  EISDIR: (_, path) => `${path} is a folder; correct the sink's path`,
  ELOOP: (_, path) => `${path} is a symbolic link; name the file that it points to, or remove it`,
  EMLINK: (_, path) => `${path} is a symbolic link; name the file that it points to, or remove it`,
  ENAMETOOLONG: () => 'the name is too long; shorten the path',
  EBUSY: (folder, path) =>
    `${path} is a mount of its own (a single file given to a container, a Docker secret), which nothing can replace: mount a folder there in place of ${folder}, and let the connector read the file in it`,
  EIO: (folder) => `the disk of ${folder} is failing; look at the system's log`,
};
