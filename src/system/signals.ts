// What signals ask of the daemon: its end, in order; or what it does not do, which it says and outlives.
import type { Log } from './log.ts';

/**
 * Signals by which people ask daemons for other things. Unheard, each would end this one without a word; Node.js itself
 * ignores SIGPIPE, and SIGUSR1 as it is started here.
 */
const OTHERS = {
  SIGHUP: 'settings are read at the start: restart the daemon to have changed ones',
  SIGUSR2: 'it asks for nothing that this daemon does',
} as const;

/** Goes on at signals that ask for something else than the end; to be called before anything else is begun. */
export function outliveSignals(log: Pick<Log, 'warn'>, isOnTerminal: boolean): void {
  for (const [signal, meaning] of Object.entries(OTHERS)) {
    // A terminal that hangs up takes its programs with it.
    if (signal === 'SIGHUP' && isOnTerminal) continue;
    process.on(signal, () => log.warn({ signal }, `goes on at a signal: ${meaning}`));
  }
}

/** npm, shells and terminals hand one wish on twice: within this time, in ms, it is the same one. */
const SAME_WISH_MS = 1_000;

/** The first signal that asks the daemon to end. One that comes later, while it ends, ends it at once, as the system does. */
export function stopAsked(log: Pick<Log, 'warn'>, isOnTerminal: boolean): Promise<NodeJS.Signals> {
  const signals: readonly NodeJS.Signals[] = [
    'SIGTERM',
    'SIGINT',
    ...(isOnTerminal ? (['SIGHUP'] as const) : []),
  ];
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const heard = (signal: NodeJS.Signals) => {
      if (firstAt === null) {
        firstAt = performance.now();
        resolve(signal);
        return;
      }
      if (performance.now() - firstAt < SAME_WISH_MS) return;
      for (const one of signals) process.off(one, heard);
      log.warn({ signal }, 'ended at once by a second signal');
      process.kill(process.pid, signal);
    };
    for (const one of signals) process.on(one, heard);
  });
}
