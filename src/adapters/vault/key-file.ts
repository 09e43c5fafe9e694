// Adds a line to the file of the master keys: written whole or not at all, and safe when two processes do it at once.
import { lstatSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, follow, readTrusted, syncFolder, unsafeWords } from '../../foundation/trusted-file.ts';
import { newMasterKey, readMasterKeys } from './master-keys.ts';

/** Why a key file cannot be written, and what to do; the message says both, and nothing that the file holds. */
export class KeyFileFault extends Error {
  constructor(file: string, found: string, remedy: string) {
    super(`The key file ${file} ${found}: ${remedy}.`);
    this.name = 'KeyFileFault';
  }
}

/** How long one `key new` waits for another, and the pause between two tries, in ms. */
const PATIENCE_MS = 5000;

const RETRY_MS = 20;

/**
 * Adds a new master key, made on `day`, at the end of a file, so that it seals from now on; returns its id, never the key.
 * Creates a missing file with mode 0600 in an existing folder; an existing file keeps its lines and its mode.
 * Throws KeyFileFault, and leaves the file as it was, when it is not ours to write or holds faults.
 */
export async function addMasterKey(
  file: string,
  day: Temporal.PlainDate,
  patienceMs = PATIENCE_MS,
): Promise<string> {
  try {
    const target = targetOf(file);
    // Checked before the temporary file is created: a link may lead to a device, or into a folder that is not ours.
    readClosedFile(file, target).bytes.fill(0);
    // The new text is written to this file, which then replaces the old one. It also serves as a lock.
    const aside = `${target}.new`;
    const handle = await beginAside(file, aside, patienceMs);
    let id: string;
    try {
      id = await writeAside(handle, file, target, day);
      await rename(aside, target);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(target));
    return id;
  } catch (error) {
    throw keyFileFaultOf(file, error) ?? error;
  }
}

/** The real path of the file: a link is followed. Nobody else may be able to change a part of the path. */
function targetOf(file: string): string {
  const followed = follow(file);
  if (!followed.trusted) {
    throw new KeyFileFault(file, unsafeWords(followed.distrust), followed.distrust.remedy);
  }
  if (followed.entry === null && isLink(file)) {
    throw new KeyFileFault(file, 'is a link that points nowhere', 'remove the link, or mend it');
  }
  return followed.path;
}

const isLink = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** The content of the file, and its mode. The caller fills the bytes with zeros after use. */
interface FileContent {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** Reads the file at `target` (no link); a missing one is empty, with mode 0600. Throws KeyFileFault naming `file`. */
function readClosedFile(file: string, target: string): FileContent {
  try {
    const reading = readTrusted(target, { closed: true });
    if ('found' in reading) throw new KeyFileFault(file, reading.found, reading.remedy);
    return reading;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { bytes: Buffer.alloc(0), mode: 0o600 };
    throw error;
  }
}

/** Creates the temporary file; waits while another process has it. */
async function beginAside(file: string, aside: string, patienceMs: number): Promise<FileHandle> {
  const deadline = performance.now() + patienceMs;
  while (true) {
    try {
      return await open(aside, 'wx', 0o600);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      if (performance.now() > deadline) {
        const remedy = `wait for it; if none is running, one was cut off: remove ${aside}`;
        throw new KeyFileFault(file, 'is being written by another `releve key new`', remedy);
      }
    }
    await pause(RETRY_MS);
  }
}

/** Writes the previous text and the new line to the temporary file, and syncs it. Returns the new id. */
async function writeAside(
  handle: FileHandle,
  file: string,
  target: string,
  day: Temporal.PlainDate,
): Promise<string> {
  const previous = readClosedFile(file, target);
  const key = freshKey(file, previous, day);
  // Bytes, not text: a comment in any encoding stays as it is.
  const text = Buffer.concat([
    previous.bytes,
    Buffer.from(`${lineBreak(previous.bytes)}${key.line.reveal()}\n`),
  ]);
  try {
    await handle.chmod(previous.mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    text.fill(0);
    previous.bytes.fill(0);
  }
  return key.id;
}

/** A key whose id the file does not contain yet: one day has 900,000 ids, so even a second try is rare. */
function freshKey(
  file: string,
  previous: FileContent,
  day: Temporal.PlainDate,
): ReturnType<typeof newMasterKey> {
  const read = readMasterKeys(previous.bytes.toString('utf8'));
  if (read.kind === 'faulty') {
    throw new KeyFileFault(file, `holds faults (${read.faults.join('; ')})`, 'mend them first');
  }
  let key = newMasterKey(day);
  while (read.kind === 'keys' && read.keys.byId.has(key.id)) key = newMasterKey(day);
  return key;
}

/** The line break that the last line may lack. */
const lineBreak = (bytes: Buffer) => (bytes.length === 0 || bytes.at(-1) === 0x0a ? '' : '\n');

/** The meaning of the system's error codes: what was found, and what to do. */
const MEANINGS: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  ENOENT: ['lies in a folder that does not exist', 'make the folder, or name another file'],
  ENOTDIR: ['lies below a file', 'name another file'],
  EISDIR: ['is a folder', 'name a file'],
  ELOOP: ['is a link that leads back to itself', 'remove the link'],
  ENXIO: ['is no regular file', 'name another file'],
  EACCES: ['cannot be reached or written by this user', 'give this user the right to, or name another file'],
  EPERM: ['cannot be replaced by this user', 'give this user the right to, or name another file'],
  EROFS: ['lies on a read-only file system', 'name a file on a writable one'],
  ENOSPC: ['cannot be written, the disk is full', 'make room'],
  EDQUOT: ['cannot be written, the quota of disk is used up', 'make room'],
};

/** The fault for an error of the system, without its own message; null for any other error. */
function keyFileFaultOf(file: string, error: unknown): KeyFileFault | null {
  const code = errorCode(error) ?? '';
  if (!/^E[A-Z0-9]+$/.test(code)) return null;
  const [found, remedy] = MEANINGS[code] ?? [
    `cannot be written (${code})`,
    'look at the file and its folder',
  ];
  return new KeyFileFault(file, found, remedy);
}
