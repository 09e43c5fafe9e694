// Small files that are written as a whole: after a crash or a power cut each is the former one or the new one.
import { constants } from 'node:fs';
import { chmod, chown, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, syncFolder } from '../foundation/trusted-file.ts';

/** A file, its owner's alone. One process at a time writes it. */
export function openKeptFile(path: string) {
  return {
    /** Its text; null where there is none yet. Throws where something else stands in its place, and waits for nobody. */
    read: async (): Promise<string | null> => {
      try {
        await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
        return await handle.readFile('utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (text: string): Promise<void> => {
      const fresh = `${path}.new`;
      // What stands there is left of a crash, or somebody's: it is neither written through nor waited for.
      await rm(fresh, { force: true });
      await synced(fresh, 'wx', text);
      await rename(fresh, path);
      await synced(dirname(path), 'r', null);
    },
  };
}

async function synced(path: string, flags: string, text: string | null): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    if (text !== null) await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Who owns what is made; null: who makes it. */
type Owner = { readonly uid: number; readonly gid: number } | null;

/** A file to be made. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly owner: Owner;
  /** Whether it may take the place of another file. */
  readonly replaces: boolean;
}

/** Makes a file, whole or not at all. Throws EEXIST where one is there that it may not replace. */
export async function makeFile({ path, text, mode, owner, replaces }: NewFile): Promise<void> {
  const aside = `${path}.new`;
  // A leftover of a crash, or a link that somebody else put there.
  await rm(aside, { force: true });
  try {
    await using handle = await open(aside, 'wx', 0o600);
    await handle.writeFile(text);
    if (owner !== null) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(mode);
    await handle.sync();
    // A rename would replace a file that was made meanwhile; a link never does.
    if (replaces) await rename(aside, path);
    else await link(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
  await syncFolder(dirname(path));
}

/** Makes a folder with this mode and owner; one that is there stays as it is. Those above it are made as usual. */
export async function makeFolder(path: string, mode: number, owner: Owner): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw error;
  }
  // Whatever the umask of the shell is.
  await chmod(path, mode);
  if (owner !== null) await chown(path, owner.uid, owner.gid);
}
