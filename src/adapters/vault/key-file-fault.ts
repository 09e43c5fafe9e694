// Why the file of the master keys cannot be written, and what to do about it.
import { errorCode } from '../../foundation/error-code.ts';

/** Why a key file cannot be written, and what to do; the message says both, and nothing that the file holds. */
export class KeyFileFault extends Error {
  readonly file: string;
  /** What to do about it. */
  readonly remedy: string;

  constructor(file: string, found: string, remedy: string) {
    super(`The key file ${file} ${found}: ${remedy}.`);
    this.name = 'KeyFileFault';
    this.file = file;
    this.remedy = remedy;
  }
}

/** What the system's codes mean here: what was found, and what to do. */
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

/** The fault that an error of the system stands for, its own message left out; null for any other error. */
export function refusalOf(file: string, error: unknown): KeyFileFault | null {
  const code = errorCode(error) ?? '';
  if (!/^E[A-Z0-9]+$/.test(code)) return null;
  const [found, remedy] = MEANINGS[code] ?? [
    `cannot be written (${code})`,
    'look at the file and its folder',
  ];
  return new KeyFileFault(file, found, remedy);
}
