// Limits the calls of one application per second: who waits, in which order, and when the next call may leave.
import type { Timing } from './timing.ts';

/** Who wants a turn. */
export interface Claim {
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

interface Waiting extends Claim {
  settle(turn: Admission): void;
}

const isBefore = (one: Claim, other: Claim) =>
  one.background === other.background ? one.ticket < other.ticket : other.background;

/** A queue; `emptied` hears when the last one has left it. */
class WaitingQueue {
  readonly #waiting: Waiting[] = [];
  readonly #emptied: () => void;

  constructor(emptied: () => void) {
    this.#emptied = emptied;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** How many would be served before this one. */
  before(claim: Claim): number {
    return this.#waiting.findLastIndex((other) => !isBefore(claim, other)) + 1;
  }

  /** Waits; whoever goes away leaves the queue at once. */
  join(claim: Claim): Promise<Admission> {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const leave = () => one.settle(GONE);
    const one: Waiting = {
      ...claim,
      settle: (turn) => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        claim.signal?.removeEventListener('abort', leave);
        resolve(turn);
        if (this.#waiting.length === 0) this.#emptied();
      },
    };
    claim.signal?.addEventListener('abort', leave);
    this.#waiting.splice(this.before(claim), 0, one);
    return promise;
  }

  /** Tells the first one. */
  first(turn: Admission): void {
    this.#waiting[0]?.settle(turn);
  }

  /** Tells all those for whom there is something to tell; `place` is how many stand before them. */
  tell(turnOf: (claim: Claim, place: number) => Admission | null): void {
    for (const [place, one] of [...this.#waiting].entries()) {
      const turn = turnOf(one, place);
      if (turn !== null) one.settle(turn);
    }
  }
}
