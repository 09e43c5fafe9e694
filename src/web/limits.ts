// How often something may be done: exact sliding windows over keys, in memory that cannot grow without end.

/** At most `count` times in any `perMs` milliseconds. */
export interface Limit {
  readonly count: number;
  readonly perMs: number;
}

/** Whether there was room; if not, after how many ms there will be. */
type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Counts by key. `now` is an instant in ms. */
export interface SlidingWindow {
  /** Takes one, when there is room. What is refused is not counted: who keeps knocking does not wait longer for it. */
  take(key: string, now: number): Taken;
  /** Keys that are remembered at present. */
  size(): number;
}

/**
 * A sliding window for each key. At most `mostKeys` are remembered: beyond that the key that was longest without a visit
 * is forgotten, so a flood of made-up keys costs no memory and can only ever give room back, never take it away.
 */
export function slidingWindow({ count, perMs }: Limit, mostKeys = 10_000): SlidingWindow {
  // In the order of the last visit, the oldest first; each value holds the instants of what was taken, ascending.
  const taken = new Map<string, number[]>();
  return {
    take: (key, now) => {
      // Instants of the future come from a clock that was set back; they must not shut anybody out.
      const recent = (taken.get(key) ?? []).filter((at) => at > now - perMs && at <= now);
      taken.delete(key);
      const hasRoom = recent.length < count;
      if (hasRoom) recent.push(now);
      if (recent.length > 0) taken.set(key, recent);
      forgetOldest(taken, mostKeys);
      if (hasRoom) return { ok: true };
      return { ok: false, retryAfterMs: (recent[recent.length - count] ?? now) + perMs - now };
    },
    size: () => taken.size,
  };
}

function forgetOldest(taken: Map<string, unknown>, mostKeys: number): void {
  for (const oldest of taken.keys()) {
    if (taken.size <= mostKeys) return;
    taken.delete(oldest);
  }
}
