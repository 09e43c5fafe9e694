// A queue that is filled again before it runs dry, so that whoever takes from it need not wait.
import { singleFlight } from './loop.ts';

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
