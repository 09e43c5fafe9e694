// `releve run`: the daemon.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Config, MailSecrets } from '../config.ts';
import { type Daemon, healthDoor, postOf, startWatch } from '../daemon.ts';
import type { Secret } from '../domain/secret.ts';
import { openDataFolder } from '../host/folder.ts';
import { beat } from '../host/heartbeat.ts';
import { takeLock } from '../host/lock.ts';
import { type Log, openLog } from '../host/log.ts';
import { systemd } from '../host/systemd.ts';
import { startTicks } from '../host/tick.ts';
import {
  Ending,
  EXIT,
  endSending,
  openHouse,
  ROOT,
  readyToSend,
  settings,
  stopSignal,
  systemClock,
} from './session.ts';

/** A tick goes on starting letters for so long; the next one, a minute after, goes on from there. */
const TICK_MS = 50_000;
/** The watchdog is fed unless a tick has been running for so long. */
const STUCK_MS = 5 * 60_000;

export function runCommand(): Command {
  return new Command('run').description('run the daemon').action(async () => {
    const config = settings();
    await daemon(config, readyToSend(config));
  });
}

/** Starts in order: folder, lock, database, mail, door, pulse; stops in reverse on SIGTERM or SIGINT. */
async function daemon(config: Config, secrets: MailSecrets<Secret>): Promise<void> {
  const log = openLog({ level: config.log.level, terminal: process.stdout.isTTY === true });
  openDataFolder(config.data, process.getuid?.() ?? -1);
  const lock = takeLock(join(config.data, 'daemon.lock'));
  if (lock === null) {
    throw new Ending(
      EXIT.failed,
      `another releve run holds ${config.data}; stop it first, or give this one its own RELEVE_DATA`,
    );
  }
  const parts = await openHouse(config);
  const post = postOf(config, secrets);
  const watch = startWatch({ ...parts, post, clock: systemClock, journal: log, tickMs: TICK_MS });
  const door = healthDoor(parts, watch, systemClock, versionOf());
  const address = await door.listen({ ...config.http }).catch((error: unknown) => {
    throw noDoor(config, error);
  });
  const manager = systemd(process.env, process.pid);
  const beats = new AbortController();
  const ticks = startTicks(() => oneTick(watch, config, log, beats.signal), log);
  const unwatch = manager.watch(() => !watch.stuck(STUCK_MS));
  // Whoever hears that we are ready may tell us to stop in the same moment.
  const stopping = stopSignal();
  void manager.ready('watching');
  log.info({ data: config.data, address, version: versionOf() }, 'ready');
  void ticks.now();
  const signal = await stopping;
  log.info({ signal }, 'stopping');
  void manager.stopping();
  unwatch();
  beats.abort();
  await Promise.all([ticks.stop(0), endSending(watch, post)]);
  await door.close();
  await parts.close();
  lock.release();
  log.info({}, 'stopped');
}

/** One tick and its pulse to the outside: only a tick that did all it should is a good one. */
async function oneTick(watch: Daemon, config: Config, log: Log, stop: AbortSignal): Promise<void> {
  const { delivered } = await watch.tick();
  if (config.heartbeat.url === null || delivered.stopped !== null || stop.aborted) return;
  await beat(config.heartbeat.url, log, undefined, stop);
}

/** The port for health and figures cannot be opened: another program has it, or it is not ours to open. */
function noDoor({ http }: Config, error: unknown): Ending {
  const reason = error instanceof Error ? error.message : String(error);
  return new Ending(
    EXIT.failed,
    `http.port: ${http.host}:${http.port} cannot be opened (${reason}); free it, or set another http.port`,
  );
}

function versionOf(): string {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
