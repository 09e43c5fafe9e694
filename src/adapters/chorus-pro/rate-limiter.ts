// Limits the calls of one application per second: who waits, in which order, and when the next call may leave.
import type { Timing } from './timing.ts';

/** A call that asks for a slot. */
export interface SlotRequest {
  /** Nobody waits for the answer; calls that a person waits for are served first. */
  readonly background: boolean;
  /** Among equals the smaller number is served first: first come, first served. */
  readonly ticket: number;
  /** The longest pause imposed by the other side that the call may wait for, in ms. It always waits for our own rate limit. */
  readonly patienceMs: number;
}

/** The answer to a request for a slot. */
export type Admission =
  /** Make the call now. */
  | { readonly kind: 'go' }
  /** The other side is paused for too long; a slot may be free in `inMs`. */
  | { readonly kind: 'late'; readonly inMs: number }
  /** The application is closing. */
  | { readonly kind: 'gone' }
  /** The circuit breaker changed: check it again before asking for a slot. */
  | { readonly kind: 'again' };

/** A second, plus the resolution of a clock that counts whole ms. */
const SECOND_MS = 1_001;

const GO: Admission = { kind: 'go' };

const GONE: Admission = { kind: 'gone' };

/** The slots taken in the last second, and when the next one is free. */
function openWindow(perSecond: number) {
  /** When each slot was taken, the oldest first. */
  const taken: number[] = [];
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    /** The earliest instant at which a request with `ahead` others before it can get a slot: now, or later. */
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

/** The rate limiter of one application. */
export type RateLimiter = ReturnType<typeof openRateLimiter>;

/** Opens the rate limiter of an application; `clock` never goes back. */
export function openRateLimiter(perSecond: number, clock: () => number, sleep: Timing['sleep']) {
  const window = openWindow(perSecond);
  let asleep: AbortController | null = null;
  let closed = false;
  const queue = new WaitingQueue(() => asleep?.abort());

  const late = (now: number, ahead: number): Admission => ({
    kind: 'late',
    inMs: window.freeAt(now, ahead) - now,
  });

  async function serve(): Promise<void> {
    while (queue.length > 0) {
      const now = clock();
      const at = window.freeAt(now);
      if (at <= now) {
        window.take(now);
        queue.settleFirst(GO);
      } else {
        asleep = new AbortController();
        await sleep(at - now, asleep.signal);
      }
    }
    asleep = null;
  }

  return {
    /** Answers at once when a slot is free, or when the limiter is closed. */
    admit(request: SlotRequest): Admission | Promise<Admission> {
      if (closed) return GONE;
      const now = clock();
      if (window.pausedFor(now) > request.patienceMs) return late(now, queue.before(request));
      if (queue.length === 0 && window.freeAt(now) <= now) {
        window.take(now);
        return GO;
      }
      const admission = queue.join(request);
      if (asleep === null) void serve();
      return admission;
    },
    /** Gives no slot before this instant; requests that may not wait so long are answered `late` at once. */
    pauseUntil(at: number) {
      window.pauseUntil(at);
      const now = clock();
      const pausedFor = window.pausedFor(now);
      queue.settleWhere(({ patienceMs }, ahead) => (pausedFor > patienceMs ? late(now, ahead) : null));
    },
    /** Answers all waiting requests with `again`. */
    wakeAll: () => queue.settleWhere(() => ({ kind: 'again' })),
    /** Gives no slot any more. */
    close() {
      closed = true;
      queue.settleWhere(() => GONE);
    },
  };
}

interface QueuedRequest extends SlotRequest {
  settle(admission: Admission): void;
}

const isBefore = (one: SlotRequest, other: SlotRequest) =>
  one.background === other.background ? one.ticket < other.ticket : other.background;

/** The waiting requests, in the order in which they are served; calls `onEmpty` when the last one has left. */
class WaitingQueue {
  readonly #waiting: QueuedRequest[] = [];
  readonly #emptied: () => void;

  constructor(onEmpty: () => void) {
    this.#emptied = onEmpty;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** How many waiting requests would be served before this one. */
  before(request: SlotRequest): number {
    return this.#waiting.findLastIndex((other) => !isBefore(request, other)) + 1;
  }

  /** Waits for an admission. */
  join(request: SlotRequest): Promise<Admission> {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const one: QueuedRequest = {
      ...request,
      settle: (admission) => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        resolve(admission);
        if (this.#waiting.length === 0) this.#emptied();
      },
    };
    this.#waiting.splice(this.before(request), 0, one);
    return promise;
  }

  /** Answers the first request. */
  settleFirst(admission: Admission): void {
    this.#waiting[0]?.settle(admission);
  }

  /** Answers each request for which `admissionOf` gives an answer; `ahead` is how many requests stand before it. */
  settleWhere(admissionOf: (request: SlotRequest, ahead: number) => Admission | null): void {
    for (const [ahead, one] of [...this.#waiting].entries()) {
      const admission = admissionOf(one, ahead);
      if (admission !== null) one.settle(admission);
    }
  }
}
