// The settings of handovers: their secrets, the master keys and the sinks.
import { execFileSync } from 'node:child_process';
import { findProgram, programDistrust } from '../foundation/trusted-program.ts';
import { ConfigFaults, type Fault } from './faults.ts';
import type { Environment } from './layers.ts';
import type { Tree } from './schema.ts';
import { readSecrets } from './secret-files.ts';
import type { SinkEntry } from './sink-schema.ts';
import { readSinks } from './sinks.ts';

type Handover = Pick<Tree, 'vault' | 'chorus' | 'sinks' | 'door'>;

/** Longest time that a program may take to print the master keys, in ms. */
const PRINT_MS = 10_000;

/** Where master keys come from, read anew each time: their text, null where none is given, or why not. */
export function masterKeys(
  { vault }: Pick<Handover, 'vault'>,
  env: Environment,
): { read(): string | null | { fault: string } } {
  if (vault.keyCommand.length > 0) return { read: () => printedKeys(vault.keyCommand, env) };
  const place = { key: 'vault.keyFile', file: vault.keyFile, credential: 'master-keys' };
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
function printedKeys(command: readonly string[], env: Environment): string | { fault: string } {
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
    // Not asked politely: whoever turned a deaf ear would hold up everything, for we wait for it.
    const end = { timeout: PRINT_MS, killSignal: 'SIGKILL' } as const;
    return execFileSync(program, words, { cwd: '/', encoding: 'utf8', stdio, ...end });
  } catch {
    return { fault: 'The program of vault.keyCommand fails; try it by hand.' };
  }
}

/** The client secrets of the PISTE applications, and the authorities to trust. */
export interface ChorusSecrets<T> {
  readonly production: T | null;
  readonly qualification: T | null;
  readonly ca: string | null;
}

/** Reads the secrets that asking Chorus Pro needs. Throws ConfigFaults with every fault. */
export function readChorusSecrets<T>(
  { chorus }: Pick<Handover, 'chorus'>,
  env: Environment,
  wrap: (text: string) => T,
): ChorusSecrets<T> {
  const place = (name: 'production' | 'qualification') => ({
    key: `chorus.${name}.clientSecretFile`,
    file: chorus[name].clientSecretFile,
    credential: `piste-${name}`,
  });
  const isAsked = (name: 'production' | 'qualification') =>
    chorus[name].clientId !== null && chorus[name].verification === 'piste';
  const read = readSecrets(
    {
      production: place('production'),
      qualification: place('qualification'),
      ca: { key: 'chorus.caFile', file: chorus.caFile, credential: 'chorus-ca', isPublic: true },
    },
    env,
    (['production', 'qualification'] as const).filter(isAsked),
  );
  const wrapped = (text: string | null) => (text === null ? null : wrap(text));
  return { production: wrapped(read.production), qualification: wrapped(read.qualification), ca: read.ca };
}

/** Reads the door's own certificate with its key; null where a proxy does TLS. Throws ConfigFaults. */
export function readDoorCertificate(
  { door }: Pick<Handover, 'door'>,
  env: Environment,
): { cert: string; key: string } | null {
  if (door.certFile === null) return null;
  const { cert, key } = readSecrets(
    {
      cert: { key: 'door.certFile', file: door.certFile, credential: 'door-cert', isPublic: true },
      key: { key: 'door.keyFile', file: door.keyFile, credential: 'door-key' },
    },
    env,
    ['cert', 'key'],
  );
  return cert === null || key === null ? null : { cert, key };
}

/** The sinks of the settings. Throws ConfigFaults with every fault of their file, and of the programs that it names. */
export function sinkEntries({ sinks }: Pick<Handover, 'sinks'>, env: Environment): readonly SinkEntry[] {
  if (sinks.file === null) return [];
  const read = readSinks(sinks.file, sinks.file, 'sinks.file', env.PATH);
  const faults: readonly Fault[] = read.faults;
  if (faults.length > 0) throw new ConfigFaults([...faults]);
  return read.sinks;
}
