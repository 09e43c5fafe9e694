// A small file that is replaced as a whole: after a crash or a power cut it is the former one or the new one.
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../foundation/trusted-file.ts';

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
