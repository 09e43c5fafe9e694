// Who a file shall belong to: names of users and groups turned into the numbers that the system knows them by.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SinkFault } from './place.ts';

const run = promisify(execFile);
/** A directory server that does not answer must not hold up the others. */
const PATIENCE_MS = 5_000;

/** Numbers of user and group; null where nothing is asked for. */
export interface Ids {
  readonly uid: number | null;
  readonly gid: number | null;
}

/** Looks the names up each time anew until they are found, then remembers them. Throws SinkFault. */
export function ownership(owner: string | number | null, group: string | number | null): () => Promise<Ids> {
  let found: Promise<Ids> | null = null;
  return () => {
    found ??= Promise.all([idOf('passwd', owner), idOf('group', group)]).then(
      ([uid, gid]) => ({ uid, gid }),
      (error) => {
        found = null;
        throw error;
      },
    );
    return found;
  };
}

/** Asks `getent`, so that users of a directory (LDAP, SSSD) count as much as those of /etc/passwd. */
async function idOf(database: 'passwd' | 'group', name: string | number | null): Promise<number | null> {
  if (name === null || typeof name === 'number') return name;
  const what = database === 'passwd' ? 'user' : 'group';
  let line: string;
  try {
    line = (await run('getent', [database, name], { timeout: PATIENCE_MS, killSignal: 'SIGKILL' })).stdout;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 2) {
      throw new SinkFault(`this machine knows no ${what} ${name}: create it, or correct the sink's settings`);
    }
    throw new SinkFault(`the ${what} ${name} could not be looked up (getent: ${code ?? 'no answer'})`);
  }
  const id = Number(line.split(':')[2]);
  if (!Number.isInteger(id)) throw new SinkFault(`the ${what} ${name} has no number`);
  return id;
}
