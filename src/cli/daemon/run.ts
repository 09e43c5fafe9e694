// `releve run`: the daemon.
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { Command } from 'commander';
import {
  openHealthServer,
  openManagersServer,
  openProbeWork,
  openReminderWork,
  openRequestCounters,
  openRotationWork,
} from '../../composition/daemon.ts';
import { mailTransportOf } from '../../composition/letters.ts';
import type { Parts } from '../../composition/parts.ts';
import { openReload } from '../../composition/reload.ts';
import { type RotationParts, rotationPartsOver } from '../../composition/rotations.ts';
import { noteDaemonStart } from '../../composition/today.ts';
import { openWebhookWork } from '../../composition/webhook.ts';
import type { Config } from '../../config/config.ts';
import { proxyFaults } from '../../config/cross-checks.ts';
import { type MailSecrets, readServerCertificate } from '../../config/secrets.ts';
import { readWebhookSecrets } from '../../config/webhook-secrets.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { startLoop } from '../../foundation/loop.ts';
import { openDataFolder } from '../../system/data-folder.ts';
import { beat } from '../../system/heartbeat.ts';
import { takeLock } from '../../system/lock.ts';
import { type Log, openLog } from '../../system/log.ts';
import { outliveSignals, stopAsked, systemd } from '../../system/systemd.ts';
import { CommandError, EXIT, versionOf } from '../../system/terminal.ts';
import { startTicks } from '../../system/tick.ts';
import type { ReminderTicks } from '../../use-cases/reminders/remind.ts';
import type { BackgroundRotations } from '../../use-cases/rotation/background-rotations.ts';
import {
  DAEMON_LOCK,
  endSending,
  openContext,
  readyToSend,
  settingSources,
  settings,
  systemClock,
} from '../runtime.ts';

/** A tick goes on starting letters for so long; the next one, a minute after, goes on from there. */
const TICK_MS = 50_000;
/** The watchdog is fed unless a tick has been running for so long. */
const STUCK_MS = 5 * 60_000;

/** The pause between two rounds of rotations, and of probes, in ms: their waits are shorter than the minute of letters. */
const ROUND_MS = 2_000;
/** A stop waits so long for a sink that is being written, or for Chorus Pro, in ms. */
const ROUND_END_MS = 2_500;

export function runCommand(): Command {
  return new Command('run').description('run the daemon').action(async () => {
    const config = settings();
    await daemon(config, readyToSend(config, proxyFaults(config, process.env)));
  });
}

/** Starts in order: folder, lock, database, rotations, mail, servers, loops; stops in reverse on SIGTERM or SIGINT. */
async function daemon(config: Config, secrets: MailSecrets<Secret>): Promise<void> {
  const log = openLog({ level: config.log.level, terminal: process.stdout.isTTY === true });
  const isOnTerminal = [0, 1, 2].some((stream) => isatty(stream));
  const signals = outliveSignals(log, { isOnTerminal });
  const tls = readServerCertificate(config, process.env);
  const webhookSecrets = readWebhookSecrets(config, process.env, (text) => new Secret(text));
  openDataFolder(config.data, process.getuid?.() ?? -1);
  const lock = takeLock(join(config.data, DAEMON_LOCK));
  if (lock === null) {
    throw new CommandError(
      EXIT.failed,
      `another releve run holds ${config.data}; stop it first, or give this one its own RELEVE_DATA`,
    );
  }
  const parts = await openContext(config, 'make');
  await noteDaemonStart(parts, { version: versionOf(), at: systemClock.now().epochMilliseconds });
  const rotationParts = rotationPartsOver(parts, systemClock, log);
  const rotations = openRotationWork(parts, rotationParts);
  const transport = mailTransportOf(config, secrets);
  const { letterContext } = rotationParts;
  const reminders = openReminderWork({
    ...parts,
    transport,
    clock: systemClock,
    logger: log,
    letterContext,
    tickMs: TICK_MS,
  });
  const servers = await openServers(parts, rotationParts, reminders, tls, log);
  const manager = systemd(process.env, process.pid);
  // Before anything is begun that should not be cut off: a supervisor may stop us as soon as it knows that we are ready.
  const stopping = stopAsked(log, { isOnTerminal });
  const beats = new AbortController();
  const ticks = startTicks(async () => {
    await rotations.tend();
    // Last: it waits for the disk, and no letter has to wait for that.
    await oneTick(reminders, config, log, beats.signal).finally(rotations.watchAudit);
  }, log);
  const rounds = startLoop(
    async () => {
      await rotations.look();
      if (await rotations.hasNews()) void ticks.now();
    },
    { pauseMs: ROUND_MS, failed: (err) => log.error({ err }, 'a round of handovers failed') },
  );
  const probes = openProbeWork(rotationParts);
  const nights = startLoop(() => probes.round(), {
    pauseMs: ROUND_MS,
    failed: (err) => log.error({ err }, 'a round of probes failed'),
  });
  const webhook = openWebhookWork(parts, webhookSecrets, { clock: systemClock, logger: log });
  const events = startLoop(() => webhook.round(), {
    pauseMs: ROUND_MS,
    failed: (err) => log.error({ err }, 'a round of the webhook failed'),
  });
  const unwatch = manager.watch(() => !reminders.stuck(STUCK_MS));
  const isReady = manager.ready('watching');
  const again = openReload(parts, { ...rotationParts, ...webhook }, settingSources());
  signals.serve(async () => {
    // In this order, for each is told by a process of its own.
    await isReady;
    await manager.reloading();
    reload(again, rotations, log);
    if (!beats.signal.aborted) await manager.ready('watching');
  });
  log.info({ data: config.data, ...servers.addresses, version: versionOf() }, 'ready');
  void ticks.now();
  const signal = await stopping;
  log.info({ signal }, 'stopping');
  void manager.stopping();
  unwatch();
  beats.abort();
  await servers.close();
  await Promise.all([
    ticks.stop(0),
    ...[rounds, rotations, nights, probes, events, webhook].map((each) => each.stop(ROUND_END_MS)),
    endSending(reminders, transport),
  ]);
  rotationParts.close();
  await parts.close();
  lock.release();
  log.info({}, 'stopped');
}

/** Reads the settings again, as SIGHUP asks, and logs what came of it: never a value. */
function reload(again: ReturnType<typeof openReload>, rotations: BackgroundRotations, log: Log): void {
  try {
    const read = again();
    if (read.kind === 'faulty') {
      log.error({ faults: read.faults }, 'the settings were not read again, those from before go on');
      return;
    }
    const { sinks, procedures, keys, needsRestart } = read;
    // To compare everybody with the sinks costs a transaction each.
    if (Object.values(sinks).some((names) => names.length > 0)) rotations.sinksChanged();
    if (keys.kind === 'from-before') log.error({ fault: keys.fault }, 'the master keys from before go on');
    if (keys.kind === 'none')
      log.error({ fault: keys.fault }, 'no master key: passwords can be neither received nor handed out');
    if (needsRestart.length > 0) log.warn({ settings: needsRestart }, 'changed, and needs a restart');
    const what = keys.kind === 'read' ? 'master keys, sinks and procedures' : 'sinks and procedures';
    log.info({ sinks, procedures }, `${what} were read again`);
  } catch (err) {
    log.error({ err }, 'the settings could not be read again, those from before go on');
  }
}

/** Opens both servers: of health checks and metrics, and of managers and tools where it has an address. */
async function openServers(
  parts: Parts,
  rotationParts: RotationParts,
  ticks: ReminderTicks,
  tls: ReturnType<typeof readServerCertificate>,
  log: Log,
) {
  const { http, door } = parts.config;
  const counters = openRequestCounters({
    failed: (place, error) => log.error({ place, error }, 'a door failed'),
    unreadProxy: (proxy) =>
      log.warn(
        { proxy },
        'a proxy names no client that can be read (X-Forwarded-For): they all count as the proxy',
      ),
  });
  const health = openHealthServer(parts, {
    ticks,
    clock: systemClock,
    version: versionOf(),
    requestCounts: counters.counts,
  });
  const managers = await openManagersServer(rotationParts, parts, {
    tls,
    clock: systemClock,
    observer: counters,
  });
  const address = await health.listen({ ...http }).catch((error: unknown) => {
    throw notListening('http.port', http, error);
  });
  const form = await managers?.listen({ host: door.host, port: door.port }).catch((error: unknown) => {
    throw notListening('door.port', door, error);
  });
  return {
    addresses: { address, ...(form === undefined ? {} : { door: form }) },
    close: async () => {
      await Promise.all([managers?.close(), health.close()]);
    },
  };
}

/** One tick, and a heartbeat after it: only a tick that did all it should is a good one. */
async function oneTick(ticks: ReminderTicks, config: Config, log: Log, stop: AbortSignal): Promise<void> {
  const { delivered } = await ticks.tick();
  if (config.heartbeat.url === null || delivered.stopped !== null || stop.aborted) return;
  await beat(config.heartbeat.url, log, undefined, stop);
}

/** A port cannot be opened: another program has it, or it is not ours to open. */
function notListening(
  key: string,
  { host, port }: { host: string; port: number },
  error: unknown,
): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(
    EXIT.failed,
    `${key}: ${host}:${port} cannot be opened (${reason}); free it, or set another ${key}`,
  );
}
