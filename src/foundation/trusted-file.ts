// Files on the real disk that must be trusted: follows a path, reads a file only after its open descriptor was checked, and makes
// what was renamed last.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type Distrust,
  distrustOfEntry,
  type FileEntry,
  type FileTree,
  type FollowedPath,
  followPath,
  type ProcessIdentity,
} from './file-trust.ts';

/** The folder of the installation. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The code that the system gives an error, such as ENOENT: it can be told, the message may not. Null where it has none. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

/** The identity of this process. */
export function processIdentity(checkout = CHECKOUT, uid = process.geteuid?.() ?? -1): ProcessIdentity {
  return { uid, checkout: realpathSync(checkout), isPrivate: (gid) => isPrivate(gid, uid) };
}

/** Reads the account files only where a group may write, which is seldom; reads them again each time, for groups change. */
function isPrivate(gid: number, uid: number): boolean {
  const accounts = readAccounts();
  return isPrivateGroup(gid, 0, accounts) || isPrivateGroup(gid, uid, accounts);
}

function readAccounts(): Accounts {
  const text = (file: string) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  return { users: text('/etc/passwd'), groups: text('/etc/group') };
}

/** The files that name users and groups, as text. */
export interface Accounts {
  /** /etc/passwd */
  readonly users: string;
  /** /etc/group */
  readonly groups: string;
}

/**
 * Whether a group is the private group of a user, as Debian creates one for each: it has the user's name, is the primary group
 * of the user, and has no other member. For a user without an entry (in a container) it is the group with the same number.
 */
export function isPrivateGroup(gid: number, uid: number, { users, groups }: Accounts): boolean {
  const accounts = rowsOf(users);
  const owner = accounts.find((row) => numberIn(row[2]) === uid);
  const group = rowsOf(groups).find((row) => numberIn(row[2]) === gid);
  const name = owner?.[0];
  if (owner === undefined ? gid !== uid : numberIn(owner[3]) !== gid) return false;
  if (owner !== undefined && group !== undefined && group[0] !== name) return false;
  const isOther = (member: string) => member !== '' && member !== name;
  if ((group?.[3] ?? '').split(',').some(isOther)) return false;
  return accounts.every((row) => numberIn(row[3]) !== gid || numberIn(row[2]) === uid);
}

const rowsOf = (text: string) => text.split('\n').map((line) => line.trim().split(':'));

const numberIn = (field: string | undefined) => (/^\d+$/.test(field ?? '') ? Number(field) : Number.NaN);

const disk: FileTree = {
  look: (path) => {
    try {
      return entryOf(lstatSync(path));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null;
      throw error;
    }
  },
  target: (link) => readlinkSync(link),
};

function entryOf(stats: Stats): FileEntry {
  const { uid, gid, dev, ino } = stats;
  const kind = stats.isSymbolicLink()
    ? 'link'
    : stats.isDirectory()
      ? 'folder'
      : stats.isFile() || stats.isFIFO()
        ? 'file'
        : 'device';
  return { kind, uid, gid, mode: stats.mode & 0o7777, identity: `${dev} ${ino}` };
}

/** Follows an absolute path on the disk. Throws the errors of the system. */
export function follow(path: string, self = processIdentity()): FollowedPath {
  return followPath(path, self, disk);
}

/** Why a path is not trusted; null when it is, or when nothing exists there and the folders above are trusted. */
export function distrustOf(path: string, self = processIdentity()): Distrust | null {
  try {
    const followed = follow(path, self);
    return followed.trusted ? null : followed.distrust;
  } catch (error) {
    const remedy = 'let this user look into the folders above it, or name another place';
    return { place: path, found: `cannot be looked at (${errorCode(error) ?? ''})`, remedy };
  }
}

/**
 * Why root must put no secret into a folder: somebody else than root and the secret's own user (null for none) can change the
 * way to it, and so lead the file to another place. Null where it is safe, or where another user than root asks. Where no owner is
 * set, and the folder would be safe for the user whose own it is, the remedy names that one first.
 */
export function distrustOfFolder(
  folder: string,
  owner: number | null,
  uid = process.geteuid?.() ?? -1,
): Distrust | null {
  if (uid !== 0) return null;
  const distrustFor = (user: number) => distrustOf(folder, processIdentity(CHECKOUT, user));
  const distrust = distrustFor(owner ?? 0);
  if (distrust === null || owner !== null) return distrust;
  const user = userOf(distrust.place);
  if (user === null || distrustFor(user.uid) !== null) return distrust;
  const remedy = `if the connector runs as ${user.name}, set owner: ${user.name}; else ${distrust.remedy}`;
  return { ...distrust, remedy };
}

/** The user other than root whose own a place is: its owner, or who has its group as a private one. Null where there is none. */
function userOf(place: string): { readonly uid: number; readonly name: string } | null {
  const rows = rowsOf(readAccounts().users);
  const stats = lstatSync(place, { throwIfNoEntry: false });
  const found = rows.find((row) => numberIn(row[stats?.uid === 0 ? 3 : 2]) === (stats?.uid || stats?.gid));
  const uid = stats?.uid || numberIn(found?.[2]);
  return uid > 0 ? { uid, name: found?.[0] ?? String(uid) } : null;
}

/** A distrust as the end of a sentence: `is not safe, as /home/x belongs to user 1001`. */
export const unsafeWords = ({ place, found }: Distrust) => `is not safe, as ${place} ${found}`;

/** What a file must fulfil besides trust. */
export interface FileRules {
  /** No other user may read it: mode 0600 or stricter. */
  readonly closed?: boolean;
  /** Root or our own user must own it, even inside a checkout of another user. */
  readonly own?: boolean;
  /** Larger ones, in bytes, are refused. 1 MiB unless given. */
  readonly largest?: number;
}

/** The content, or the fault of the file: `found` ends the sentence "the file …". */
export type TrustedReading =
  | { readonly bytes: Buffer; readonly mode: number }
  | { readonly found: string; readonly remedy: string };

const LARGEST = 1024 * 1024;

/**
 * How often a file is opened before it is refused because another replaced it meanwhile, as `releve key new` does. A pause of at
 * most 1 ms, drawn at random, stands before each further try: without it a reader may keep the rhythm of a writer that never pauses,
 * and ten tries in a row failed.
 */
const TRIES = 100;
/** Nobody wakes who waits for it. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

const { O_NONBLOCK, O_RDONLY } = constants;

/**
 * Reads a file that can be trusted. It is opened first, and the open file is checked: a file that replaces it a moment later
 * is not read. Throws the errors of the system, "no such file" among them.
 */
export function readTrusted(file: string, rules: FileRules = {}, self = processIdentity()): TrustedReading {
  for (let tries = 1; ; tries += 1) {
    const reading = readOnce(file, rules, self);
    if (!('replaced' in reading) || tries === TRIES) return reading;
    Atomics.wait(NEVER, 0, 0, Math.random());
  }
}

function readOnce(
  file: string,
  rules: FileRules,
  self: ProcessIdentity,
): TrustedReading | (TrustedReading & { readonly replaced: true }) {
  // O_NONBLOCK: opening a pipe in the place of a file would block the start for ever.
  const descriptor = openSync(file, O_RDONLY | O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    return (
      refusalOf(file, stats, rules, self) ?? { bytes: readFileSync(descriptor), mode: stats.mode & 0o777 }
    );
  } finally {
    closeSync(descriptor);
  }
}

function refusalOf(file: string, stats: Stats, rules: FileRules, self: ProcessIdentity) {
  if (!stats.isFile()) return { found: 'is no regular file', remedy: 'name another file' };
  const opened = entryOf(stats);
  const followed = follow(file, self);
  // The path was followed after the file was opened: both must have found the same file.
  if (followed.trusted && followed.entry?.identity !== opened.identity) {
    const place = { place: followed.path, found: 'was replaced while it was read', remedy: 'try again' };
    return { found: unsafeWords(place), remedy: place.remedy, replaced: true } as const;
  }
  const owner = rules.own === true ? self : null;
  const distrust = followed.trusted
    ? owner && distrustOfEntry(followed.path, opened, owner, null)
    : followed.distrust;
  if (distrust !== null) return { found: unsafeWords(distrust), remedy: distrust.remedy };
  const mode = stats.mode & 0o777;
  if (rules.closed === true && (mode & 0o077) !== 0) {
    // Others may have read it already: closing it now does not undo that.
    const found = `is open to others (mode ${mode.toString(8).padStart(4, '0')})`;
    return { found, remedy: `close it with chmod 600 ${file}` };
  }
  const largest = rules.largest ?? LARGEST;
  if (stats.size <= largest) return null;
  return { found: `has more than ${largest / LARGEST} MiB`, remedy: 'name the right file' };
}

/** Syncs a folder to the disk: without this a power cut may undo a rename or a removal in it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
