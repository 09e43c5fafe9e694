// Decides whether a file can be trusted: only root and our own user can change it, the folders above it, and links on the way.
import { dirname, join } from 'node:path';

/** What is at a path: a link itself, and not its target. */
export interface FileEntry {
  readonly kind: 'file' | 'folder' | 'link' | 'device';
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, with the sticky bit. */
  readonly mode: number;
  /** Unique among the files of the machine: device and inode. */
  readonly identity: string;
}

/** The part of the file system that the decision needs. */
export interface FileTree {
  /** What is at a path; null when nothing is. Throws the error of the system. */
  look(path: string): FileEntry | null;
  /** The target of a link, as it is written in it. */
  target(link: string): string;
}

/** The process that wants to trust a file. */
export interface ProcessIdentity {
  readonly uid: number;
  /** The folder of the installation: a user who can change its code may change its other files as well. */
  readonly checkout: string;
  /** Whether a group is the private group of root or of this user: it has no other member. */
  isPrivate(gid: number): boolean;
}

/** What makes a path untrusted, and what to do about it. */
export interface Distrust {
  /** The file, folder or link that others can change. */
  readonly place: string;
  /** The fault, as the end of a sentence: `belongs to user 1001`. */
  readonly found: string;
  readonly remedy: string;
}

/** Where a path leads (`entry` is null where nothing exists yet), or why it is not trusted. */
export type FollowedPath =
  | { readonly trusted: true; readonly path: string; readonly entry: FileEntry | null }
  | { readonly trusted: false; readonly distrust: Distrust };

/**
 * Follows an absolute path and checks every folder, every link and the file at its end. Where nothing exists at the end, the
 * existing folders above it are checked. Throws the errors of the system.
 */
export function followPath(path: string, self: ProcessIdentity, tree: FileTree): FollowedPath {
  const { checkout } = self;
  const seen: Step[] = [];
  const end = walk(path, tree, seen);
  const code = tree.look(checkout);
  const isOfCheckout = isWithin(end.path, checkout);
  for (const { place, entry } of seen) {
    // A user who can change a folder above the checkout can change its code: files of the checkout need no more trust.
    if (isOfCheckout && place !== checkout && isWithin(checkout, place)) continue;
    const distrust = distrustOfEntry(place, entry, self, isWithin(place, checkout) ? code : null);
    if (distrust !== null) return { trusted: false, distrust };
  }
  return { trusted: true, ...end };
}

interface Step {
  readonly place: string;
  readonly entry: FileEntry;
}

/** The most links that are followed, as in Linux. */
const MOST_LINKS = 40;
/** A descriptor of the process itself, which is where /dev/stdin leads. */
const DESCRIPTOR = /^\/proc\/(self|\d+)\/fd\/\d+$/;

function walk(path: string, tree: FileTree, seen: Step[]): { path: string; entry: FileEntry | null } {
  const rest = partsOf(path);
  let at = '/';
  let entry = tree.look(at);
  if (entry !== null) seen.push({ place: at, entry });
  for (let links = 0; rest.length > 0; ) {
    const [name = ''] = rest;
    // `at` contains no link, so `..` is the folder above it.
    const next = name === '..' ? dirname(at) : join(at, name);
    entry = tree.look(next);
    if (entry === null) break;
    rest.shift();
    seen.push({ place: next, entry });
    if (entry.kind !== 'link') at = next;
    else if (DESCRIPTOR.test(next)) return { path: next, entry };
    else {
      links += 1;
      if (links > MOST_LINKS) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
      const target = tree.target(next);
      if (target.startsWith('/')) at = '/';
      rest.unshift(...partsOf(target));
      entry = tree.look(at);
    }
  }
  return { path: join(at, ...rest), entry };
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.');

/** Whether a path lies in a folder, or is that folder. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/**
 * The fault of one file, folder or link. `code` is the folder of the checkout, for an entry inside it: the owner of that
 * folder, and a group that may write there, may then own and write the entry too. With null only root and we may.
 */
export function distrustOfEntry(
  place: string,
  { kind, uid, gid, mode }: FileEntry,
  self: ProcessIdentity,
  code: FileEntry | null,
): Distrust | null {
  if (uid !== 0 && uid !== self.uid && uid !== code?.uid) {
    const owners = self.uid === 0 ? 'root' : `root or user ${self.uid}`;
    return { place, found: `belongs to user ${uid}`, remedy: `give it to ${owners}, or name another place` };
  }
  // The mode of a link has no meaning; writing to a device or a socket does not change it.
  if (kind === 'link' || kind === 'device') return null;
  // In a sticky folder users can remove or replace only their own files.
  if (kind === 'folder' && (mode & STICKY) !== 0 && uid === 0) return null;
  const shown = mode.toString(8).padStart(4, '0');
  const codeMode = code?.mode ?? 0;
  if ((mode & OTHERS_WRITE) !== 0 && (codeMode & OTHERS_WRITE) === 0) {
    return { place, found: `can be changed by everybody (mode ${shown})`, remedy: `chmod o-w ${place}` };
  }
  const sharesCode = code?.gid === gid && (codeMode & GROUP_WRITES) !== 0;
  if ((mode & GROUP_WRITES) === 0 || sharesCode || self.isPrivate(gid)) return null;
  return { place, found: `can be changed by group ${gid} (mode ${shown})`, remedy: `chmod g-w ${place}` };
}
