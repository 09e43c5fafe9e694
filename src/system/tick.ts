// The tick of the daemon: one call a minute, one at a time; what fails is logged, and the next minute comes.
import { schedule } from 'node-cron';
import { singleFlight } from '../foundation/loop.ts';
import type { Log } from './log.ts';

/** Ticks that go on. */
export interface Ticks {
  /** Ticks at once, or joins the tick that runs. Never rejects. */
  now(): Promise<void>;
  /** No more ticks; waits for the running one, at most `limitMs`. False when it was still running then. */
  stop(limitMs: number): Promise<boolean>;
}

/** Every minute, in UTC: local schedules skip and repeat hours when the clocks change. */
const EVERY_MINUTE = '* * * * *';
/** How often the clock is compared with the time that passes, and by how much it must differ, in ms. */
const COMPARE_MS = 5_000;
const LEAP_MS = 2_000;

/** Calls `tick` every minute, unless the one before still runs. A thrown error ends that tick, not those after it. */
export function startTicks(
  tick: () => Promise<void>,
  log: Pick<Log, 'error'>,
  pattern = EVERY_MINUTE,
): Ticks {
  let stopped = false;
  const ticking = singleFlight(() =>
    Promise.try(tick).catch((err: unknown) => log.error({ err }, 'tick failed')),
  );
  const now = async (): Promise<void> => {
    if (!stopped || ticking.startedAt !== null) await ticking.run();
  };
  const start = () => schedule(pattern, now, { timezone: 'UTC', noOverlap: true, logger: quiet });
  let task = start();
  // The schedule waits for an instant of the clock: after one set back by a day it would be silent for a day.
  const clockWatch = onLeap(() => {
    void task.destroy();
    task = start();
    void now();
  });
  return {
    now,
    async stop(limitMs) {
      stopped = true;
      clearInterval(clockWatch);
      await task.destroy();
      return ticking.settled(limitMs);
    },
  };
}

/** Calls `leapt` when the clock was set, back or forward, or the machine slept. */
function onLeap(leapt: () => void): NodeJS.Timeout {
  const difference = () => Date.now() - performance.now();
  let before = difference();
  const timer = setInterval(() => {
    const after = difference();
    if (Math.abs(after - before) > LEAP_MS) leapt();
    before = after;
  }, COMPARE_MS);
  return timer.unref();
}

/** node-cron would write its own lines about missed minutes to the console; a missed tick does no harm here. */
const quiet = { info() {}, warn() {}, error() {}, debug() {} };
