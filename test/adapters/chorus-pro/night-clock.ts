// A fake clock that jumps to the next sleeper as soon as all code sleeps: sleepers wake in order, and no real time passes.
import type { Timing } from '../../../src/adapters/chorus-pro/timing.ts';
import { waitingForTurns } from '../../../src/foundation/loop.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Lets all that can go on without the clock go on. */
export async function settled(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (waitingForTurns() > 0);
}

/** Time for a test; `random` is 0.5 unless given. */
export function nightClock(random: () => number = () => 0.5) {
  let now = 1_000_000;
  const sleepers = new Set<Sleeper>();
  const timing: Timing = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { at: now + ms, wake: () => wake() };
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        if (signal?.aborted) return resolve();
        signal?.addEventListener('abort', wake);
        return sleepers.add(sleeper);
      }),
    random,
  };
  /** Advances to this instant, and wakes all that sleep until then. */
  async function goTo(instant: number): Promise<void> {
    for (;;) {
      await settled();
      const [next] = [...sleepers].sort((one, other) => one.at - other.at);
      if (next === undefined || next.at > instant) break;
      now = Math.max(now, next.at);
      next.wake();
    }
    now = Math.max(now, instant);
  }
  return {
    timing,
    sleeping: () => sleepers.size,
    goTo,
    pass: (ms: number) => goTo(now + ms),
    /** As somebody sets a clock. */
    set: (instant: number) => {
      now = instant;
    },
  };
}
