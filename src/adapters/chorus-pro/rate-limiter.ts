// Limits the calls of one application per second: who waits, in which order, and when the next call may leave.
import type { Timing } from './timing.ts';

/** Who wants a turn. */
export interface SlotRequest {
  /** Nobody waits for the answer: those for whom somebody waits go first. */
  readonly background: boolean;
  /** First come, first served: the smaller number goes first. */
  readonly ticket: number;
  /** The longest pause of the other side's that is worth waiting for, in ms. Our own pace is always waited for. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What came of a claim. */
export type Admission =
  /** The call is to be made now. */
  | { readonly kind: 'go' }
  /** The other side is paused for too long; a turn may come in so many ms. */
  | { readonly kind: 'late'; readonly inMs: number }
  /** The one who asked went away, or we are closing. */
  | { readonly kind: 'gone' }
  /** Something has happened that all who wait should look at. */
  | { readonly kind: 'again' };

/** The turns of one application. */
export interface RateLimiter {
  /** At once where the way is free, or closed for good. */
  admit(request: SlotRequest): Admission | Promise<Admission>;
  /** No turn before this instant; those who may not wait for so long a pause hear of it at once. */
  pauseUntil(at: number): void;
  /** All who wait look again at what has happened. */
  wakeAll(): void;
  /** Nobody has a turn any more. */
  close(): void;
}

/** A second, and the grain of a clock that counts whole ms. */
const SECOND_MS = 1_001;

const GO: Admission = { kind: 'go' };

const GONE: Admission = { kind: 'gone' };

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
    queue.settleWhere(({ patienceMs }, ahead) => (pausedFor > patienceMs ? late(now, ahead) : null));
  }

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
    admit(request) {
      if (closed || request.signal?.aborted) return GONE;
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
    pauseUntil(at) {
      window.pauseUntil(at);
      dismissLate(clock());
    },
    wakeAll: () => queue.settleWhere(() => ({ kind: 'again' })),
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

/** A queue; `onEmpty` hears when the last one has left it. */
class WaitingQueue {
  readonly #waiting: QueuedRequest[] = [];
  readonly #emptied: () => void;

  constructor(onEmpty: () => void) {
    this.#emptied = onEmpty;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** How many would be served before this one. */
  before(request: SlotRequest): number {
    return this.#waiting.findLastIndex((other) => !isBefore(request, other)) + 1;
  }

  /** Waits; whoever goes away leaves the queue at once. */
  join(request: SlotRequest): Promise<Admission> {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const leave = () => one.settle(GONE);
    const one: QueuedRequest = {
      ...request,
      settle: (admission) => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        request.signal?.removeEventListener('abort', leave);
        resolve(admission);
        if (this.#waiting.length === 0) this.#emptied();
      },
    };
    request.signal?.addEventListener('abort', leave);
    this.#waiting.splice(this.before(request), 0, one);
    return promise;
  }

  /** Tells the first one. */
  settleFirst(admission: Admission): void {
    this.#waiting[0]?.settle(admission);
  }

  /** Tells all those for whom there is something to tell; `ahead` is how many stand before them. */
  settleWhere(admissionOf: (request: SlotRequest, ahead: number) => Admission | null): void {
    for (const [ahead, one] of [...this.#waiting].entries()) {
      const admission = admissionOf(one, ahead);
      if (admission !== null) one.settle(admission);
    }
  }
}
