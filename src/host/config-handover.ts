// The settings of handovers: their paths, their secrets, the master keys and the sinks.
import { execFileSync } from 'node:child_process';
import { ConfigFaults, type Fault } from './config-faults.ts';
import type { Environment } from './config-layers.ts';
import type { Tree } from './config-schema.ts';
import { readSecrets } from './config-secrets.ts';
import { readSinks } from './config-sinks.ts';
import type { SinkEntry } from './config-sinks-schema.ts';

/** Turns a path of the settings into an absolute one. */
type ToPath = (file: string | null) => string | null;

/** The groups of settings whose paths are made absolute here. */
type Handover = Pick<Tree, 'vault' | 'chorus' | 'sinks' | 'door'>;

export function handoverPaths({ vault, chorus, sinks, door }: Handover, path: ToPath): Handover {
  const { production, qualification } = chorus;
  return {
    vault: { ...vault, keyFile: path(vault.keyFile) },
    chorus: {
      ...chorus,
      caFile: path(chorus.caFile),
      production: { ...production, clientSecretFile: path(production.clientSecretFile) },
      qualification: { ...qualification, clientSecretFile: path(qualification.clientSecretFile) },
    },
    sinks: { file: path(sinks.file) },
    door: { ...door, certFile: path(door.certFile), keyFile: path(door.keyFile) },
  };
}

/** Longest time that a program may take to print the master keys, in ms. */
const PRINT_MS = 10_000;

/** Where master keys come from, read anew each time: their text, null where none is given, or why not. */
export function masterKeys(
  { vault }: Pick<Handover, 'vault'>,
  env: Environment,
): { read(): string | null | { fault: string } } {
  const [program, ...words] = vault.keyCommand;
  if (program !== undefined) {
    return {
      read: () => {
        try {
          const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'];
          // Not asked politely: whoever turned a deaf ear would hold up everything, for we wait for it.
          const end = { timeout: PRINT_MS, killSignal: 'SIGKILL' } as const;
          return execFileSync(program, words, { encoding: 'utf8', stdio, ...end });
        } catch {
          return { fault: 'The program of vault.keyCommand fails; try it by hand.' };
        }
      },
    };
  }
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

/** The sinks of the settings. Throws ConfigFaults with every fault of their file. */
export function sinkEntries({ sinks }: Pick<Handover, 'sinks'>): readonly SinkEntry[] {
  if (sinks.file === null) return [];
  const read = readSinks(sinks.file, sinks.file, 'sinks.file');
  const faults: readonly Fault[] = read.faults;
  if (faults.length > 0) throw new ConfigFaults([...faults]);
  return read.sinks;
}
