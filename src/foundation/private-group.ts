// Whether a group is the private one of a user, as Debian makes one for each: nobody else is in it.

/** The files that name users and groups, as text. */
export interface Accounts {
  /** /etc/passwd */
  readonly users: string;
  /** /etc/group */
  readonly groups: string;
}

/**
 * Whether a group has a user's name, is his first group, and holds nobody else. A user whom the files do not name (in a
 * container) has a private group where it has his own number.
 */
export function isPrivateGroup(gid: number, uid: number, { users, groups }: Accounts): boolean {
  const people = rowsOf(users);
  const owner = people.find((row) => numberIn(row[2]) === uid);
  const group = rowsOf(groups).find((row) => numberIn(row[2]) === gid);
  const name = owner?.[0];
  if (owner === undefined ? gid !== uid : numberIn(owner[3]) !== gid) return false;
  if (owner !== undefined && group !== undefined && group[0] !== name) return false;
  const isOther = (member: string) => member !== '' && member !== name;
  if ((group?.[3] ?? '').split(',').some(isOther)) return false;
  return people.every((row) => numberIn(row[3]) !== gid || numberIn(row[2]) === uid);
}

const rowsOf = (text: string) => text.split('\n').map((line) => line.trim().split(':'));
const numberIn = (field: string | undefined) => (/^\d+$/.test(field ?? '') ? Number(field) : Number.NaN);
