// The user of the system who runs the daemon: found by name, and become for the rest of a command that root gave.
import { readFileSync } from 'node:fs';

/** A user of this machine with its own group. */
export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The user of a name, as /etc/passwd has it; null where there is none. */
export function serviceUser(name: string): ServiceUser | null {
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  return row === undefined ? null : { name, uid: Number(row[2]), gid: Number(row[3]) };
}

/** Gives up root's rights for good, so that what follows is done as by the daemon. */
export function becomeUser({ name, uid, gid }: ServiceUser): void {
  (process as WithGroups).initgroups?.(name, gid);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

/** A call of Node.js that its types leave out. */
type WithGroups = NodeJS.Process & { initgroups?(user: string, group: number): void };
