// Lanes for work that goes on side by side: what takes long holds up its own lane, and nothing that comes after it.
import { singleFlight } from './loop.ts';

/** So many lanes, and a line that waits for one of them. */
export interface WorkerPool<T> {
  /** How many pieces of work are under way. */
  readonly busy: number;
  /** This is the line from now on, without what is under way already; what waited before and is not in it waits no more. */
  line(things: readonly T[]): void;
  /** Resolves once nothing waits or is under way. */
  idle(): Promise<void>;
}

/**
 * Opens lanes, so many as `width`. `work` never throws. `goOn` is asked before each piece of work: once it says no, nothing
 * begins any more.
 */
export function openWorkerPool<T>(
  width: number,
  work: (thing: T) => Promise<void>,
  goOn: () => boolean,
): WorkerPool<T> {
  const underWay = new Map<T, Promise<void>>();
  let waiting: T[] = [];
  function begin(): void {
    while (underWay.size < width && goOn()) {
      const thing = waiting.shift();
      if (thing === undefined) return;
      const end = () => {
        underWay.delete(thing);
        begin();
      };
      underWay.set(thing, work(thing).then(end));
    }
  }
  return {
    get busy() {
      return underWay.size;
    },
    line(things) {
      waiting = things.filter((thing) => !underWay.has(thing));
      begin();
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}

/** Takes the next thing; null when there is nothing left. */
export type TakeNext<T> = () => Promise<T | null>;

/** Fills by `fill`, one call at a time, whenever fewer than `low` are left; a fill that brings nothing is the last. */
export function openRefilledQueue<T>(low: number, fill: () => Promise<readonly T[]>): TakeNext<T> {
  const queue: T[] = [];
  let dry = false;
  const refill = singleFlight(async () => {
    const more = await fill();
    queue.push(...more);
    dry = more.length === 0;
  });
  return async () => {
    while (!dry && queue.length < low) {
      const filling = refill.run();
      if (queue.length > 0) {
        // Told to whoever waits for it; here it only must not count as unheard.
        filling.catch(() => undefined);
        break;
      }
      await filling;
    }
    return queue.shift() ?? null;
  };
}

/** Works through the queue, so many at a time. */
export async function workThrough<T>(
  take: TakeNext<T>,
  width: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const lane = async () => {
    for (let thing = await take(); thing !== null; thing = await take()) await work(thing);
  };
  // Every lane comes to its end before a fault of one is told: nothing goes on behind the back of the caller.
  const ends = await Promise.allSettled(Array.from({ length: width }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
