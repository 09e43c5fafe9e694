// How often something may be done: exact sliding windows over keys, in memory that cannot grow without end.

/** At most `count` times in any `perMs` milliseconds. */
export interface Limit {
  readonly count: number;
  readonly perMs: number;
}

/** Whether there was room; if not, after how many ms there will be. */
type Attempt = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Counts by key. `now` is an instant in ms. */
export interface SlidingWindow {
  /** After how many ms there is room; 0 when there is now. Takes nothing. */
  waitFor(key: string, now: number): number;
  /** Takes one, when there is room. What is refused is not counted: a client that keeps trying does not wait longer. */
  take(key: string, now: number): Attempt;
  /** The number of keys that are remembered now. */
  size(): number;
}

/**
 * A sliding window for each key. At most `mostKeys` are remembered: beyond that the key that was used longest ago
 * is forgotten, so a flood of invented keys costs no memory, and only ever gives room back.
 */
export function slidingWindow({ count, perMs }: Limit, mostKeys = 10_000): SlidingWindow {
  // In the order of the last visit, the oldest first; each value holds the instants of what was taken, ascending.
  const taken = new Map<string, number[]>();
  const recentOf = (key: string, now: number) =>
    // Instants of the future come from a clock that was set back; they must not lock anybody out.
    (taken.get(key) ?? []).filter((at) => at > now - perMs && at <= now);
  const roomAfter = (recent: readonly number[], now: number) =>
    recent.length < count ? 0 : (recent[recent.length - count] ?? now) + perMs - now;
  return {
    waitFor: (key, now) => roomAfter(recentOf(key, now), now),
    take: (key, now) => {
      const recent = recentOf(key, now);
      const retryAfterMs = roomAfter(recent, now);
      taken.delete(key);
      if (retryAfterMs === 0) recent.push(now);
      if (recent.length > 0) taken.set(key, recent);
      forgetOldest(taken, mostKeys);
      return retryAfterMs === 0 ? { ok: true } : { ok: false, retryAfterMs };
    },
    size: () => taken.size,
  };
}

/** One queue for all, served at a given rate. `now` is an instant in ms. */
export interface WaitingLine {
  /** After how many ms there is a place; more than the longest wait when the line is full. Takes none. */
  waitFor(now: number): number;
  /** Takes the next place; how long to wait for it, in ms. To be called where `waitFor` allows it. */
  take(now: number): number;
}

/**
 * At most `count` in any `perMs`, each at the first instant that allows it and in order of arrival, for a wait of at most
 * `longestMs`: that bounds the length of the queue, too.
 */
export function waitingLine({ count, perMs }: Limit, longestMs: number): WaitingLine {
  // The instants of the last places, ascending; no more than can matter to the next one.
  let places: number[] = [];
  const next = (now: number) => {
    // Places further ahead than any wait come from a clock that was set back.
    places = places.filter((at) => at <= now + longestMs);
    const before = places[places.length - count];
    return before === undefined ? now : Math.max(now, before + perMs);
  };
  return {
    waitFor: (now) => next(now) - now,
    take: (now) => {
      const at = next(now);
      places = [...places.slice(1 - count), at];
      return at - now;
    },
  };
}

function forgetOldest(taken: Map<string, unknown>, mostKeys: number): void {
  for (const oldest of taken.keys()) {
    if (taken.size <= mostKeys) return;
    taken.delete(oldest);
  }
}
