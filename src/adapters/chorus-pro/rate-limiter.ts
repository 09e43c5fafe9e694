// Turns for calls: so many in any second, who is waited for goes first, and nobody loses his place to our own pace.

import type { Timing } from './timing.ts';
import { type Admission, type Claim, GONE, WaitingQueue } from './waiting-queue.ts';

/** The turns of one application. */
export interface RateLimiter {
  /** At once where the way is free, or closed for good. */
  admit(claim: Claim): Admission | Promise<Admission>;
  /** No turn before this instant; those who may not wait for so long a pause hear of it at once. */
  pauseUntil(at: number): void;
  /** All who wait look again at what has happened. */
  rouse(): void;
  /** Nobody has a turn any more. */
  close(): void;
}

/** A second, and the grain of a clock that counts whole ms. */
const SECOND_MS = 1_001;

const GO: Admission = { kind: 'go' };

/** The turns of the last second, and when there is room for another. */
function openWindow(perSecond: number) {
  /** The oldest first. */
  const taken: number[] = [];
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    /** When somebody's turn may come at the earliest who has so many before him: now, or later. */
    freeAt(now: number, ahead = 0): number {
      while (taken[0] !== undefined && taken[0] + SECOND_MS <= now) taken.shift();
      const [oldest = now] = taken;
      const window = taken.length < perSecond ? now : oldest + SECOND_MS;
      return Math.max(window, pausedUntil) + Math.floor(ahead / perSecond) * SECOND_MS;
    },
    take: (now: number) => taken.push(now),
    /** How much longer the other side is paused, in ms. */
    pausedFor: (now: number) => Math.max(0, pausedUntil - now),
    pauseUntil(at: number) {
      pausedUntil = Math.max(pausedUntil, at);
    },
  };
}

/** Opens the turns of an application; `clock` never goes back. */
export function openRateLimiter(perSecond: number, clock: () => number, sleep: Timing['sleep']): RateLimiter {
  const window = openWindow(perSecond);
  let asleep: AbortController | null = null;
  let closed = false;
  const queue = new WaitingQueue(() => asleep?.abort());

  const late = (now: number, ahead: number): Admission => ({
    kind: 'late',
    inMs: window.freeAt(now, ahead) - now,
  });

  function dismissLate(now: number): void {
    const pausedFor = window.pausedFor(now);
    queue.tell(({ patienceMs }, place) => (pausedFor > patienceMs ? late(now, place) : null));
  }

  async function serve(): Promise<void> {
    while (queue.length > 0) {
      const now = clock();
      const at = window.freeAt(now);
      if (at <= now) {
        window.take(now);
        queue.first(GO);
      } else {
        asleep = new AbortController();
        await sleep(at - now, asleep.signal);
      }
    }
    asleep = null;
  }

  return {
    admit(claim) {
      if (closed || claim.signal?.aborted) return GONE;
      const now = clock();
      if (window.pausedFor(now) > claim.patienceMs) return late(now, queue.before(claim));
      if (queue.length === 0 && window.freeAt(now) <= now) {
        window.take(now);
        return GO;
      }
      const turn = queue.join(claim);
      if (asleep === null) void serve();
      return turn;
    },
    pauseUntil(at) {
      window.pauseUntil(at);
      dismissLate(clock());
    },
    rouse: () => queue.tell(() => ({ kind: 'again' })),
    close() {
      closed = true;
      queue.tell(() => GONE);
    },
  };
}
