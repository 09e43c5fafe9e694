// Lanes for work that goes on side by side: what takes long holds up its own lane, and nothing that comes after it.

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
