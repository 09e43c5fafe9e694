// The data folder: made when it is missing, refused when others could read it or we could not write it.
import { accessSync, constants, mkdirSync, type Stats, statSync } from 'node:fs';
import { CHECKOUT, distrustOf, errorCode, processIdentity } from '../foundation/trusted-file.ts';

/** Why a folder cannot be used, and what to do; the message says both. */
export class FolderFault extends Error {
  constructor(folder: string, found: string, remedy: string) {
    super(`The data folder ${folder} ${found}: ${remedy}.`);
    this.name = 'FolderFault';
  }
}

/** Makes the folder with mode 0700 where it is missing, then checks it. `uid` is the process's own. Throws FolderFault. */
export function openDataFolder(folder: string, uid: number): void {
  if (hasDataFolder(folder, uid)) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw faultOf(folder, error);
  }
  hasDataFolder(folder, uid);
}

/**
 * Whether the folder is there. It must be a folder, ours, closed to others, writable; and nobody else may be able to
 * change one above it, be it there or not. Throws FolderFault.
 */
export function hasDataFolder(folder: string, uid: number): boolean {
  const stats = look(folder);
  if (stats !== null) checkOwn(folder, stats, uid);
  // In a folder above it that others can change they could put another in its place.
  const distrust = distrustOf(folder, processIdentity(CHECKOUT, uid));
  if (distrust !== null) {
    throw new FolderFault(folder, `is not safe, as ${distrust.place} ${distrust.found}`, distrust.remedy);
  }
  return stats !== null;
}

function checkOwn(folder: string, stats: Stats, uid: number): void {
  if (!stats.isDirectory()) throw new FolderFault(folder, 'is a file', 'name another folder in RELEVE_DATA');
  if (stats.uid !== uid) {
    const remedy = `run releve as that user (sudo -u '#${stats.uid}' …), or name another folder in RELEVE_DATA`;
    throw new FolderFault(folder, `belongs to user ${stats.uid}, and this is user ${uid}`, remedy);
  }
  const mode = stats.mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const found = `is open to others (mode ${mode.toString(8).padStart(4, '0')})`;
    throw new FolderFault(folder, found, `close it with chmod 700 ${folder}`);
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw faultOf(folder, error);
  }
  // The system lets root write anywhere; a folder without the owner's write bit is still meant to be left alone.
  if ((mode & 0o300) !== 0o300) throw new FolderFault(folder, 'cannot be written', `run chmod 700 ${folder}`);
}

function look(folder: string): Stats | null {
  try {
    return statSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw faultOf(folder, error);
  }
}

const BELOW_A_FILE = ['is a file, or lies below one', 'name another folder in RELEVE_DATA'] as const;

/** The meaning of the system's error codes: what was found, and what to do. */
const MEANINGS: Readonly<Record<string, readonly [found: string, remedy: string]>> = {
  EEXIST: BELOW_A_FILE,
  ENOTDIR: BELOW_A_FILE,
  EROFS: ['lies on a read-only file system', 'name a writable folder in RELEVE_DATA'],
  ENOSPC: ['cannot be made, the disk is full', 'make room'],
};

function faultOf(folder: string, error: unknown): FolderFault {
  const code = errorCode(error) ?? String(error);
  const remedy = 'give this user the right to, or name another folder in RELEVE_DATA';
  return new FolderFault(folder, ...(MEANINGS[code] ?? ([`cannot be written (${code})`, remedy] as const)));
}
