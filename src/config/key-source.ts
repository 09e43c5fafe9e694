// Where the master keys are read from: the file that the settings name, a credential of systemd, or a program that prints them.
import { execFileSync } from 'node:child_process';
import { findProgram, programDistrust } from '../foundation/trusted-program.ts';
import { ConfigFaults, type EnvironmentVariables } from './layers.ts';
import type { Tree } from './schema.ts';
import { readSecrets } from './secrets.ts';

/** Longest time that a program may take to print the master keys, in ms. */
const PRINT_MS = 10_000;

/** The source of the master keys, read again at each call: their text, null where none is given, or the fault. */
export function masterKeys(
  { vault }: Pick<Tree, 'vault'>,
  env: EnvironmentVariables,
): { read(): string | null | { fault: string } } {
  if (vault.keyCommand.length > 0) return { read: () => printedKeys(vault.keyCommand, env) };
  const place = { key: 'vault.keyFile', file: vault.keyFile, credential: 'master-keys', hasLines: true };
  return {
    read: () => {
      try {
        return readSecrets({ keys: place }, env, []).keys;
      } catch (error) {
        if (!(error instanceof ConfigFaults)) throw error;
        const faults = error.faults.map(({ key, found, allowed }) => `${key}: ${found}; right is ${allowed}`);
        return { fault: `The master keys cannot be read (${faults.join(' ')}).` };
      }
    },
  };
}

/** Runs the program that prints the keys, in `/`, unless others could have changed it. */
function printedKeys(command: readonly string[], env: EnvironmentVariables): string | { fault: string } {
  const distrust = programDistrust(command, env.PATH);
  if (distrust !== null) {
    const { place, found, remedy } = distrust;
    return { fault: `The program of vault.keyCommand is not run, as ${place} ${found}: ${remedy}.` };
  }
  const [name = '', ...words] = command;
  const program = findProgram(name, env.PATH);
  if (program === null) return { fault: 'The program of vault.keyCommand is not found in PATH.' };
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'];
    // SIGKILL, not SIGTERM: we wait for the program, and one that ignores SIGTERM would block the process.
    const end = { timeout: PRINT_MS, killSignal: 'SIGKILL' } as const;
    return execFileSync(program, words, { cwd: '/', encoding: 'utf8', stdio, ...end });
  } catch {
    return { fault: 'The program of vault.keyCommand fails; try it by hand.' };
  }
}
