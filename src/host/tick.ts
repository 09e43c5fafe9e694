// The pulse: one call a minute, one at a time; what fails is told, and the next minute comes.
import { schedule } from 'node-cron';
import type { Log } from './log.ts';

/** A running pulse. */
export interface Ticks {
  /** Ticks at once, or joins the tick that runs. Never rejects. */
  now(): Promise<void>;
  /** No more ticks; waits for the running one, at most `limitMs`. False when it was still running then. */
  stop(limitMs: number): Promise<boolean>;
}

/** Every minute, in UTC: local schedules skip and repeat hours when the clocks change. */
const EVERY_MINUTE = '* * * * *';

/** Calls `tick` every minute, unless the one before still runs. A thrown error ends that tick, not the pulse. */
export function startTicks(
  tick: () => Promise<void>,
  log: Pick<Log, 'error'>,
  pattern = EVERY_MINUTE,
): Ticks {
  let running: Promise<void> | null = null;
  let stopped = false;
  const now = (): Promise<void> => {
    if (stopped) return running ?? Promise.resolve();
    running ??= Promise.resolve()
      .then(tick)
      .catch((err: unknown) => log.error({ err }, 'tick failed'))
      .finally(() => {
        running = null;
      });
    return running;
  };
  const task = schedule(pattern, now, { timezone: 'UTC', noOverlap: true, logger: quiet });
  return {
    now,
    async stop(limitMs) {
      stopped = true;
      await task.destroy();
      if (running === null) return true;
      return Promise.race([running.then(() => true), after(limitMs)]);
    },
  };
}

function after(limitMs: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), limitMs).unref();
  });
}

/** node-cron would write its own lines about missed minutes to the console; a missed tick does no harm here. */
const quiet = { info() {}, warn() {}, error() {}, debug() {} };
