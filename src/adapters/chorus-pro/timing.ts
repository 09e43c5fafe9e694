// What the client knows of time and chance, so that a test can let a whole night pass in a moment.
import { setTimeout as pause } from 'node:timers/promises';

/** Time and chance. */
export interface Timing {
  /** Our clock, in ms. */
  now(): number;
  /** Resolves after so many ms, or as soon as the signal tells; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

/** Time as it passes, and chance as it falls, by this clock. */
export function realTiming(now: () => number): Timing {
  return {
    now,
    sleep: (ms, signal) =>
      pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
    random: Math.random,
  };
}

/** A clock that stands still while ours is set back: no wait grows by it. */
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

/** Between half of a wait and all of it, so that many who wait do not come back in the same moment. */
export function jittered(ms: number, random: () => number): number {
  return ms * (0.5 + random() / 2);
}
