// Tells systemd how we are: ready, alive, stopping; silence where no systemd listens.
import { spawn } from 'node:child_process';

/** A process's way to speak to the service manager; nothing here ever throws or holds up the end of the process. */
export interface Systemd {
  /** Sends one state, such as `READY=1`. Resolves to whether it was heard; no need to wait for that. */
  notify(...state: readonly string[]): Promise<boolean>;
  ready(status: string): Promise<boolean>;
  status(text: string): Promise<boolean>;
  stopping(): Promise<boolean>;
  /** Says WATCHDOG=1 at half of the watchdog's time, as long as `alive` says yes. Returns how to stop it. */
  watch(alive: () => boolean): () => void;
}

/** Speaks through `systemd-notify`, as Node has no datagram sockets for Unix paths. `env` is the process's own. */
export function systemd(env: Readonly<Record<string, string | undefined>>, pid: number): Systemd {
  const notify = (...state: readonly string[]) =>
    env.NOTIFY_SOCKET ? send(env, state) : Promise.resolve(false);
  return {
    notify,
    ready: (status) => notify('READY=1', `STATUS=${oneLine(status)}`),
    status: (text) => notify(`STATUS=${oneLine(text)}`),
    stopping: () => notify('STOPPING=1'),
    watch(alive) {
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
