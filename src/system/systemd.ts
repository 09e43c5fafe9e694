// What systemd and signals ask of the daemon, and what systemd is told: ready, alive, stopping.
import { spawn } from 'node:child_process';
import { singleFlight } from '../foundation/loop.ts';
import type { Log } from './log.ts';

/**
 * A process's way to speak to the service manager; nothing here ever throws or holds up the end of the process. Speaks through
 * `systemd-notify`, as Node has no datagram sockets for Unix paths. `env` is the process's own.
 */
export function systemd(env: Readonly<Record<string, string | undefined>>, pid: number) {
  const notify = (...state: readonly string[]) =>
    env.NOTIFY_SOCKET ? send(env, state) : Promise.resolve(false);
  return {
    /** Sends one state, such as `READY=1`. Resolves to whether it was received; no need to wait for that. */
    notify,
    ready: (status: string) => notify('READY=1', `STATUS=${oneLine(status)}`),
    status: (text: string) => notify(`STATUS=${oneLine(text)}`),
    /** That settings are being read again; `ready` says that it is over. */
    reloading: () =>
      notify(
        'RELOADING=1',
        `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`,
        'STATUS=reading the settings again',
      ),
    stopping: () => notify('STOPPING=1'),
    /** Says WATCHDOG=1 at half of the watchdog's time, as long as `alive` says yes. Returns how to stop it. */
    watch(alive: () => boolean) {
      const half = watchdogHalf(env, pid);
      if (half === null) return () => undefined;
      const ping = () => {
        if (alive()) void notify('WATCHDOG=1');
      };
      ping();
      const timer = setInterval(ping, half);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

/**
 * Without `--no-block`: systemd looks up the sender's unit by its process, so the sender must live until it was heard.
 * systemd-notify waits for that (5 s at most, where a manager does not answer); we go on meanwhile.
 */
function send(env: Readonly<Record<string, string | undefined>>, state: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    // Of our variables it needs two; the rest is none of its business.
    const { PATH, NOTIFY_SOCKET } = env;
    const child = spawn('systemd-notify', [...state], { env: { PATH, NOTIFY_SOCKET }, stdio: 'ignore' });
    child.unref();
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Half of the watchdog's time in milliseconds; null where there is none, or it watches another process. */
function watchdogHalf(env: Readonly<Record<string, string | undefined>>, pid: number): number | null {
  const microseconds = Number(env.WATCHDOG_USEC);
  const other = env.WATCHDOG_PID !== undefined && env.WATCHDOG_PID !== String(pid);
  if (!Number.isSafeInteger(microseconds) || microseconds <= 0 || other) return null;
  return Math.min(Math.max(1, Math.floor(microseconds / 2000)), 2 ** 31 - 1);
}

const oneLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ');

/**
 * Without a listener a signal would end the daemon without a log line; Node.js itself ignores SIGPIPE, and SIGUSR1 as it is started
 * here.
 */
const MEANINGLESS = 'goes on at a signal: it asks for nothing that this daemon does';

/**
 * Goes on at signals that ask for something else than the end; to be called before anything else is begun. SIGHUP asks to read the
 * settings again: `serve` says how, one reading after another, and one that was asked for before counts.
 */
export function outliveSignals(
  log: Pick<Log, 'warn'>,
  { isOnTerminal }: { readonly isOnTerminal: boolean },
): { serve(reload: () => Promise<unknown>): void } {
  let reload: (() => Promise<unknown>) | null = null;
  let isWanted = false;
  const reloading = singleFlight(async () => {
    while (isWanted && reload !== null) {
      isWanted = false;
      await reload();
    }
  });
  process.on('SIGUSR2', (signal) => log.warn({ signal }, MEANINGLESS));
  // A terminal that hangs up takes its programs with it.
  if (!isOnTerminal) {
    process.on('SIGHUP', () => {
      isWanted = true;
      void reloading.run();
    });
  }
  return {
    serve: (how) => {
      reload = how;
      void reloading.run();
    },
  };
}

/** npm, shells and terminals send one wish of a person twice: within this time, in ms, it counts as one. */
const SAME_WISH_MS = 1_000;

/** The first signal that asks the daemon to end. One that comes later, while it ends, ends it at once, as the system does. */
export function stopAsked(
  log: Pick<Log, 'warn'>,
  { isOnTerminal }: { readonly isOnTerminal: boolean },
): Promise<NodeJS.Signals> {
  const signals: readonly NodeJS.Signals[] = [
    'SIGTERM',
    'SIGINT',
    ...(isOnTerminal ? (['SIGHUP'] as const) : []),
  ];
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = (signal: NodeJS.Signals) => {
      if (firstAt === null) {
        firstAt = performance.now();
        resolve(signal);
        return;
      }
      if (performance.now() - firstAt < SAME_WISH_MS) return;
      for (const one of signals) process.off(one, onSignal);
      log.warn({ signal }, 'ended at once by a second signal');
      process.kill(process.pid, signal);
    };
    for (const one of signals) process.on(one, onSignal);
  });
}
