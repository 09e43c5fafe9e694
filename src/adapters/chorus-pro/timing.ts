// Time and chance as the client uses them, so that a test can run a whole night in a moment.
import { setTimeout as pause } from 'node:timers/promises';

/** Time and chance. */
export interface Timing {
  /** Our clock, in ms. */
  now(): number;
  /** Resolves after so many ms, or as soon as the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

/** Real time by this clock, and real chance. */
export function realTiming(now: () => number): Timing {
  return {
    now,
    sleep: (ms, signal) =>
      pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
    random: Math.random,
  };
}

/** A clock that never goes back: it stops where ours is set back, so that no wait grows. */
export function monotonic(now: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  let lost = 0;
  return () => {
    const read = now();
    if (read + lost < last) lost = last - read;
    last = read + lost;
    return last;
  };
}

/** A random wait between half and all of `ms`, so that many waiting callers do not return at the same moment. */
export function randomWait(ms: number, random: () => number): number {
  return ms * (0.5 + random() / 2);
}
