// `releve run`: the daemon.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Config, faultsForSending, readMailSecrets } from '../config.ts';
import { type Daemon, healthDoor, postOf, startWatch } from '../daemon.ts';
import { Secret } from '../domain/secret.ts';
import { openDataFolder } from '../host/folder.ts';
import { beat } from '../host/heartbeat.ts';
import { takeLock } from '../host/lock.ts';
import { type Log, openLog } from '../host/log.ts';
import { systemd } from '../host/systemd.ts';
import { startTicks } from '../host/tick.ts';
import { demand, Ending, EXIT, openHouse, ROOT, settings, systemClock } from './session.ts';

/** A tick goes on starting letters for so long; the next one, a minute after, goes on from there. */
const TICK_MS = 50_000;
/** A clean stop takes at most 5 s in all. */
const STOP_MS = 3_500;
/** The watchdog is fed unless a tick has been running for so long. */
const STUCK_MS = 5 * 60_000;

export function runCommand(): Command {
  return new Command('run').description('run the daemon').action(async () => {
    const config = settings();
    demand(faultsForSending(config));
    await daemon(config);
  });
}

/** Starts in order: folder, lock, database, mail, door, pulse; stops in reverse on SIGTERM or SIGINT. */
async function daemon(config: Config): Promise<void> {
  const log = openLog({ level: config.log.level, terminal: process.stdout.isTTY === true });
  const secrets = readMailSecrets(config, process.env, (text) => new Secret(text));
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
  const address = await door.listen({ host: config.http.host, port: config.http.port });
  const manager = systemd(process.env, process.pid);
  const ticks = startTicks(() => oneTick(watch, config, log), log);
  const unwatch = manager.watch(() => !watch.stuck(STUCK_MS));
  void manager.ready('watching');
  log.info({ data: config.data, address, version: versionOf() }, 'ready');
  void ticks.now();
  const signal = await stopSignal();
  log.info({ signal }, 'stopping');
  void manager.stopping();
  unwatch();
  await Promise.all([watch.stop(STOP_MS), ticks.stop(STOP_MS)]);
  await door.close();
  await post.close();
  await parts.close();
  lock.release();
  log.info({}, 'stopped');
}

/** One tick and its pulse to the outside: only a tick that did all it should is a good one. */
async function oneTick(watch: Daemon, config: Config, log: Log): Promise<void> {
  const { delivered } = await watch.tick();
  if (config.heartbeat.url !== null && delivered.stopped === null) await beat(config.heartbeat.url, log);
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
  });
}

function versionOf(): string {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
