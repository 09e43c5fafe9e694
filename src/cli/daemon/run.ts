// `releve run`: the daemon.
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { Command } from 'commander';
import { type Daemon, mailTransportOf, type Parts, startWatch } from '../../composition/daemon.ts';
import { healthDoor } from '../../composition/metrics-endpoint.ts';
import { startProbes } from '../../composition/probe-loop.ts';
import {
  doorCounters,
  managersDoor,
  type RotationParts,
  startHandovers,
} from '../../composition/rotations.ts';
import type { Config } from '../../config/config.ts';
import { type MailSecrets, readServerCertificate } from '../../config/secrets.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { openDataFolder } from '../../system/data-folder.ts';
import { beat } from '../../system/heartbeat.ts';
import { takeLock } from '../../system/lock.ts';
import { type Log, openLog } from '../../system/log.ts';
import { outliveSignals, stopAsked } from '../../system/signals.ts';
import { systemd } from '../../system/systemd.ts';
import { startTicks } from '../../system/tick.ts';
import {
  CommandError,
  DAEMON_LOCK,
  EXIT,
  endSending,
  openContext,
  readyToSend,
  rotationPartsOver,
  settings,
  systemClock,
  versionOf,
} from '../runtime.ts';

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

/** Starts in order: folder, lock, database, handovers, mail, doors, pulses; stops in reverse on SIGTERM or SIGINT. */
async function daemon(config: Config, secrets: MailSecrets<Secret>): Promise<void> {
  const log = openLog({ level: config.log.level, terminal: process.stdout.isTTY === true });
  const isOnTerminal = [0, 1, 2].some((stream) => isatty(stream));
  outliveSignals(log, isOnTerminal);
  const tls = readServerCertificate(config, process.env);
  openDataFolder(config.data, process.getuid?.() ?? -1);
  const lock = takeLock(join(config.data, DAEMON_LOCK));
  if (lock === null) {
    throw new CommandError(
      EXIT.failed,
      `another releve run holds ${config.data}; stop it first, or give this one its own RELEVE_DATA`,
    );
  }
  const parts = await openContext(config, 'make');
  const handover = rotationPartsOver(parts, systemClock, log);
  const handovers = startHandovers(parts, handover);
  const transport = mailTransportOf(config, secrets);
  const { letterContext } = handover;
  const watch = startWatch({
    ...parts,
    transport,
    clock: systemClock,
    logger: log,
    letterContext,
    tickMs: TICK_MS,
  });
  const doors = await openDoors(parts, handover, watch, tls, log);
  const manager = systemd(process.env, process.pid);
  // Before anything is begun that should not be cut off; whoever hears that we are ready may tell us to stop at once.
  const stopping = stopAsked(log, isOnTerminal);
  const beats = new AbortController();
  const ticks = startTicks(async () => {
    await handovers.tend();
    await oneTick(watch, config, log, beats.signal);
  }, log);
  const rounds = startRounds(
    async () => {
      await handovers.look();
      if (await handovers.hasNews()) void ticks.now();
    },
    (limitMs) => handovers.stop(limitMs),
    'a round of handovers failed',
    log,
  );
  const probes = startProbes(handover);
  const nights = startRounds(
    () => probes.round(),
    (limitMs) => probes.stop(limitMs),
    'a round of probes failed',
    log,
  );
  const unwatch = manager.watch(() => !watch.stuck(STUCK_MS));
  void manager.ready('watching');
  log.info({ data: config.data, ...doors.addresses, version: versionOf() }, 'ready');
  void ticks.now();
  const signal = await stopping;
  log.info({ signal }, 'stopping');
  void manager.stopping();
  unwatch();
  beats.abort();
  await doors.close();
  await Promise.all([ticks.stop(0), rounds.stop(), nights.stop(), endSending(watch, transport)]);
  handover.close();
  await parts.close();
  lock.release();
  log.info({}, 'stopped');
}

/** Opens both doors: for machines, and for managers and tools where it has an address. */
async function openDoors(
  parts: Parts,
  handover: RotationParts,
  watch: Daemon,
  tls: ReturnType<typeof readServerCertificate>,
  log: Log,
) {
  const { http, door } = parts.config;
  const counters = doorCounters({
    failed: (place, error) => log.error({ place, error }, 'a door failed'),
    unreadProxy: (proxy) =>
      log.warn(
        { proxy },
        'a proxy names no client that can be read (X-Forwarded-For): they all count as the proxy',
      ),
  });
  const health = healthDoor(parts, watch, systemClock, versionOf(), counters.counts);
  const managers = await managersDoor(handover, parts, tls, systemClock, counters);
  const address = await health.listen({ ...http }).catch((error: unknown) => {
    throw noDoor('http.port', http, error);
  });
  const form = await managers?.listen({ host: door.host, port: door.port }).catch((error: unknown) => {
    throw noDoor('door.port', door, error);
  });
  return {
    addresses: { address, ...(form === undefined ? {} : { door: form }) },
    close: async () => {
      await Promise.all([managers?.close(), health.close()]);
    },
  };
}

/** Handovers and probes are looked at again after so long, in ms: their waits are shorter than the minute of letters. */
const ROUND_MS = 2_000;
/** A stop waits so long for a sink that is being written, or for Chorus Pro, in ms. */
const ROUND_END_MS = 2_500;

/** Goes round again and again, one round at a time, until it is stopped. */
function startRounds(
  round: () => Promise<unknown>,
  end: (limitMs: number) => Promise<void>,
  failed: string,
  log: Log,
) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const go = async () => {
    try {
      await round();
    } catch (err) {
      log.error({ err }, failed);
    }
    if (!stopped) timer = setTimeout(() => void go(), ROUND_MS);
  };
  void go();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await end(ROUND_END_MS);
    },
  };
}

/** One tick and its pulse to the outside: only a tick that did all it should is a good one. */
async function oneTick(watch: Daemon, config: Config, log: Log, stop: AbortSignal): Promise<void> {
  const { delivered } = await watch.tick();
  if (config.heartbeat.url === null || delivered.stopped !== null || stop.aborted) return;
  await beat(config.heartbeat.url, log, undefined, stop);
}

/** A port cannot be opened: another program has it, or it is not ours to open. */
function noDoor(key: string, { host, port }: { host: string; port: number }, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(
    EXIT.failed,
    `${key}: ${host}:${port} cannot be opened (${reason}); free it, or set another ${key}`,
  );
}
