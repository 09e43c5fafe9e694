// What every command begins with: the settings, the data folder, the database, the time; and the report of an error.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import type { mailTransportOf } from '../composition/letters.ts';
import { type Opening, openParts, type Parts } from '../composition/parts.ts';
import { type Config, type ConfigSources, readConfig } from '../config/config.ts';
import { faultsForSending, proxyFaults } from '../config/cross-checks.ts';
import { ConfigFaults, faultLine, type SettingFault } from '../config/layers.ts';
import { type MailSecrets, readDatabaseSecrets, readMailSecrets } from '../config/secrets.ts';
import { ENVIRONMENTS } from '../domain/account/technical-user.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { Secret } from '../domain/shared/secret.ts';
import { redactUserInfo } from '../foundation/redact.ts';
import { CHECKOUT } from '../foundation/trusted-file.ts';
import { hasDataFolder, openDataFolder } from '../system/data-folder.ts';
import { takeLock } from '../system/lock.ts';
import { CommandError, EXIT } from '../system/terminal.ts';
import type { ReminderTicks } from '../use-cases/reminders/remind.ts';

/** Reads the settings from the usual places. Throws ConfigFaults. */
export function settings(): Config {
  return readConfig(settingSources());
}

/** The usual places of settings. */
export function settingSources(): ConfigSources {
  return { env: process.env, root: CHECKOUT, cwd: process.cwd() };
}

const NOT_CALLED = { url: null };

/** What keeps this process from calling Chorus Pro, or what else it calls; not what the daemon calls beside it. Throws ConfigFaults. */
export function refuseUnreadableProxy(
  config: Config,
  { webhook = NOT_CALLED }: { readonly webhook?: { readonly url: string | null } } = {},
): void {
  const faults = proxyFaults({ ...config, heartbeat: NOT_CALLED, webhook }, process.env);
  if (faults.length > 0) throw new ConfigFaults(faults);
}

/** The mail server's secrets, where all is there that sending needs. Throws ConfigFaults with every fault, and with `others`. */
export function readyToSend(config: Config, others: readonly SettingFault[] = []): MailSecrets<Secret> {
  const faults = [...others, ...faultsForSending(config)];
  try {
    const secrets = readMailSecrets(config, process.env, (text) => new Secret(text));
    if (faults.length === 0) return secrets;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    faults.push(...error.faults);
  }
  throw new ConfigFaults(faults);
}

/** Opens the data for a command; one that only reads makes and changes nothing. Throws ConfigFaults, FolderFault, DatabaseFault. */
export async function openContext(config: Config, opening: Opening): Promise<Parts> {
  const uid = process.getuid?.() ?? -1;
  if (opening === 'make') openDataFolder(config.data, uid);
  else hasDataFolder(config.data, uid);
  const secrets = readDatabaseSecrets(config, process.env, (text) => new Secret(text));
  return openParts(config, secrets, opening);
}

/**
 * Runs `work` with the data open, and closes it whatever happens. Only a command that writes carries a database of an earlier version
 * over, and none does so under a daemon that runs: it is the one of that version.
 */
export async function withContext<T>(
  work: (parts: Parts) => Promise<T>,
  opening: Opening = 'unchanged',
): Promise<T> {
  const config = settings();
  const parts = await openContext(config, opening !== 'trial' && daemonRuns(config) ? 'unchanged' : opening);
  try {
    return await work(parts);
  } finally {
    await parts.close();
  }
}

/** Whether a daemon of this machine has the data folder in hand. */
export function daemonRuns({ data }: Pick<Config, 'data'>): boolean {
  const file = join(data, DAEMON_LOCK);
  // To take a lock makes its file; where none is, no daemon has run yet.
  if (!existsSync(file)) return false;
  try {
    const lock = takeLock(file);
    lock?.release();
    return lock === null;
  } catch {
    return false;
  }
}

export const DAEMON_LOCK = 'daemon.lock';

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** The clock of a command that only reads: the given instant (ISO), or the real time. Throws CommandError. */
export function clockOf(now: string | undefined): Clock {
  if (now === undefined) return systemClock;
  try {
    const instant = Temporal.Instant.from(now);
    return { now: () => instant };
  } catch {
    throw new CommandError(
      EXIT.wrongUse,
      `--now: "${now}" is no instant; right would be 2027-03-12T10:00:00+01:00`,
    );
  }
}

/** `--environment NAME`, one of the two. */
export function environmentChoice(description: string): Option {
  return new Option('--environment <name>', description).choices(ENVIRONMENTS);
}

/** `--now INSTANT`, not shown in the help: an ISO instant instead of the real time. */
export function hiddenNow(): Option {
  return new Option('--now <instant>', 'the time to reckon with').hideHelp();
}

/** The first signal that asks this process to end. A second one ends it at once, as the system does. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
  });
}

/** A stop takes at most 5 s in all: so long, in ms, letters on their way may take, so long their notes, and so long the rest. */
const FINISH_MS = 2_500;
const NOTE_MS = 1_000;
const REST_MS = 1_000;

/**
 * Begins no new letter, lets those on their way arrive or hangs up on them, and waits until that is noted. The process ends
 * soon after by itself; where a question to a name server still holds it, it is ended.
 */
export async function endSending(
  ticks: ReminderTicks,
  transport: ReturnType<typeof mailTransportOf>,
): Promise<void> {
  await ticks.stop(FINISH_MS);
  await transport.close(0);
  await ticks.stop(NOTE_MS);
  setTimeout(() => process.exit(), REST_MS).unref();
}

/** The message and the exit code that an error ends a command with. */
export function errorReport(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ConfigFaults) {
    const lines = error.faults.map((fault) => `  ${faultLine(fault)}`);
    return {
      message: `the settings have ${lines.length} fault(s):\n${lines.join('\n')}`,
      exitCode: EXIT.wrongUse,
    };
  }
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode };
  const message = error instanceof Error ? error.message : String(error);
  return { message: redactUserInfo(message), exitCode: EXIT.failed };
}
