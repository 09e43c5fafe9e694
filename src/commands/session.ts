// What every command begins with: the settings, the data folder, the database, the time; and how it ends: an exit code.
import { fileURLToPath } from 'node:url';
import {
  type Config,
  ConfigFaults,
  type Fault,
  faultLine,
  readConfig,
  readDatabasePassword,
} from '../config.ts';
import { openParts, type Parts } from '../daemon.ts';
import { Secret } from '../domain/secret.ts';
import type { Clock } from '../domain/world.ts';
import { openDataFolder } from '../host/folder.ts';

/** Exit codes, the same for every command. */
export const EXIT = { well: 0, failed: 1, wrongUse: 2, partlyRefused: 3 } as const;

/** The folder that the program is installed in. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Ends a command with a message for people and an exit code. */
export class Ending extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A text on standard output; JSON goes in one piece with a line end. */
export function say(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** Reads the settings from the usual places. Throws ConfigFaults. */
export function settings(): Config {
  return readConfig({ env: process.env, root: ROOT, cwd: process.cwd() });
}

/** Throws when there are faults. */
export function demand(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new ConfigFaults(faults);
}

/** Opens the data for a command. Throws ConfigFaults, FolderFault, DatabaseFault. */
export async function openHouse(config: Config): Promise<Parts> {
  openDataFolder(config.data, process.getuid?.() ?? -1);
  return openParts(
    config,
    readDatabasePassword(config, process.env, (text) => new Secret(text)),
  );
}

/** Runs `work` with the data open, and closes it whatever happens. */
export async function withHouse<T>(work: (parts: Parts) => Promise<T>): Promise<T> {
  const parts = await openHouse(settings());
  try {
    return await work(parts);
  } finally {
    await parts.close();
  }
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** The clock of a command that only reads: the given instant (ISO), or the real time. Throws Ending. */
export function clockOf(now: string | undefined): Clock {
  if (now === undefined) return systemClock;
  try {
    const instant = Temporal.Instant.from(now);
    return { now: () => instant };
  } catch {
    throw new Ending(
      EXIT.wrongUse,
      `--now: "${now}" is no instant; right would be 2027-03-12T10:00:00+01:00`,
    );
  }
}

/** The message and the exit code that an error ends a command with. */
export function endingOf(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ConfigFaults) {
    const lines = error.faults.map((fault) => `  ${faultLine(fault)}`);
    return {
      message: `the settings have ${lines.length} fault(s):\n${lines.join('\n')}`,
      exitCode: EXIT.wrongUse,
    };
  }
  if (error instanceof Ending) return { message: error.message, exitCode: error.exitCode };
  return { message: error instanceof Error ? error.message : String(error), exitCode: EXIT.failed };
}
