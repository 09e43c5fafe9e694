// The paths and programs in settings: from where relative ones count, and whether others could change what they name.
import { resolve } from 'node:path';
import type { Distrust } from '../foundation/file-trust.ts';
import { callerOf, distrustOf } from '../foundation/trusted-file.ts';
import { programDistrust } from '../foundation/trusted-program.ts';
import type { Contradiction } from './contradictions.ts';
import { filesOfAddress } from './field-types.ts';
import type { Environment } from './layers.ts';
import type { Key, Tree } from './schema.ts';

/** A value with its path made absolute; `folder` is that of the file it stands in, or where a variable was typed. */
export function located(value: unknown, { names }: Key, folder: string): unknown {
  if (names === 'file') return absolute(value, folder);
  if (names !== 'program' || !Array.isArray(value)) return value;
  const [program, ...words] = value as readonly unknown[];
  // A name without a slash is looked for in PATH.
  const isPath = typeof program === 'string' && program.includes('/');
  return isPath ? [absolute(program, folder), ...words] : value;
}

const absolute = (value: unknown, folder: string) =>
  typeof value === 'string' && value !== '' ? resolve(folder, value) : value;

/** The programs and files that settings name and others could change, where it is not told when they are read. */
export function pathFaults({ vault, database }: Tree, env: Environment, root: string): Contradiction[] {
  const caller = callerOf(root);
  const faults: Contradiction[] = [];
  const note = (key: string, what: string, distrust: Distrust | null) => {
    if (distrust === null) return;
    const { place, found, remedy } = distrust;
    faults.push({ key, found: `${what} that is not safe, as ${place} ${found}`, allowed: remedy });
  };
  if (vault.keyCommand.length > 0) {
    note('vault.keyCommand', 'a program', programDistrust(vault.keyCommand, env.PATH, caller));
  }
  for (const file of database.url === null ? [] : filesOfAddress(database.url)) {
    note('database.url', 'an address with a file', distrustOf(file, caller));
  }
  return faults;
}
