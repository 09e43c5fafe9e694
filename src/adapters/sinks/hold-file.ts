// The file that tells a connector to hold its calls: while it exists, the password is about to change or is refused.
import { lstat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Account } from '../../domain/rotation/sink-content.ts';
import { errorCode } from '../../foundation/error-code.ts';
import { faultOf, replaceFile, syncFolder } from './file-write.ts';
import { fillPath } from './placeholders.ts';

/** Anybody may see it: there is no secret in it. */
const MODE = 0o644;

/** Makes the file exist or not; twice is as good as once, and it keeps the instant it was first made. Throws SinkFault. */
export async function setHold(pattern: string, account: Account, on: boolean): Promise<void> {
  const path = fillPath(pattern, account);
  try {
    if (on) await create(path, account);
    else await remove(path);
  } catch (error) {
    throw faultOf(error, path);
  }
}

async function create(path: string, { login, environment }: Account): Promise<void> {
  if (await exists(path)) return;
  const since = Temporal.Now.instant().round('second').toString();
  const bytes = Buffer.from(`${JSON.stringify({ login, environment, since })}\n`);
  await replaceFile({ path, bytes, mode: MODE, uid: null, gid: null });
}

async function remove(path: string): Promise<void> {
  if (!(await exists(path))) return;
  await unlink(path);
  await syncFolder(dirname(path));
}

/** No folder is no file: after a restart /run is empty, and there is nothing to hold. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
