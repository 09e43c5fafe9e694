// Background work: at most one run at a time, run after run, and a stop that takes no longer than it may. Workers do pieces of work
// side by side, so that a slow one holds up only its own place; a queue is filled again before it runs dry, so that its takers need
// not wait.

/** How long one turn of the event loop is used before what else is due gets its own, in ms. */
const TURN_MS = 10;

/** When the first `giveWay` of this turn was called, by `performance.now()`; null in a turn without one. */
let turnBegan: number | null = null;
const nextTurns: (() => void)[] = [];

function beginTurn(): void {
  turnBegan = performance.now();
  setImmediate(() => {
    turnBegan = null;
    const next = nextTurns.shift();
    if (next === undefined) return;
    // One for each turn, in the order in which they came: each gets the whole of its turn.
    beginTurn();
    next();
  });
}

/** To be awaited between pieces of long work: once this turn of the event loop has been used long enough, waits for another. */
export async function giveWay(): Promise<void> {
  if (turnBegan === null) beginTurn();
  else if (performance.now() - turnBegan >= TURN_MS)
    await new Promise<void>((resolve) => nextTurns.push(resolve));
}

let pauses = 0;

/** Waits for so long, in ms, to let others have what we would take again at once. */
export async function standAside(ms: number): Promise<void> {
  pauses += 1;
  await new Promise((resolve) => setTimeout(resolve, ms));
  pauses -= 1;
}

/** Stands aside for `pauseMs` after each `workMs` of work; to be awaited before each piece of it. */
export function openPauses(workMs: number, pauseMs: number): () => Promise<void> {
  let lastAt = Number.NEGATIVE_INFINITY;
  let pausedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    const goesOn = now - lastAt < workMs;
    lastAt = now;
    if (now - pausedAt < workMs) return;
    if (goesOn) await standAside(pauseMs);
    pausedAt = performance.now();
  };
}

/** How many wait for a turn of theirs, or stand aside: who moves a clock by hand must let them go on first. */
export const waitingForTurns = (): number => nextTurns.length + pauses;

/** Work of which at most one run is under way. */
export function singleFlight<T>(work: () => Promise<T>) {
  let running: Promise<T> | null = null;
  let startedAt: number | null = null;
  return {
    /** Starts a run, or joins the one that is under way. */
    run: (): Promise<T> => {
      if (running === null) {
        startedAt = performance.now();
        running = Promise.try(work).finally(() => {
          running = null;
          startedAt = null;
        });
      }
      return running;
    },
    /** When the run that is under way began, by `performance.now()`; null between runs. */
    get startedAt() {
      return startedAt;
    },
    /** Waits until the run that is under way has ended, well or not, at most `limitMs`. False when it still runs then. */
    settled: (limitMs: number) => endsWithin(running, limitMs),
  };
}

/**
 * Repeats `work` in the background until it is stopped. The pause is measured from the end of a run to the start of the next, so that slow work
 * never piles up. An error ends its run, not the loop.
 */
export function startLoop(
  work: () => Promise<unknown>,
  { pauseMs, failed }: { readonly pauseMs: number; readonly failed: (error: unknown) => void },
) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const flight = singleFlight(async () => {
    await work().catch(failed);
    if (!stopped) timer = setTimeout(() => void flight.run(), pauseMs);
  });
  void flight.run();
  return {
    /** Starts no further run, and waits for the one that is under way, at most `limitMs`. False when it still runs then. */
    stop: (limitMs: number) => {
      stopped = true;
      clearTimeout(timer);
      return flight.settled(limitMs);
    },
  };
}

/** Waits until work has ended, well or not, at most `limitMs`; nothing to wait for is null. Whether it has ended. */
export async function endsWithin(work: Promise<unknown> | null, limitMs: number): Promise<boolean> {
  if (work === null) return true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  return await Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

/** How often, and how many times, `poll` looks: for a minute. */
const POLL_MS = 250;
const POLLS = 240;

/** Looks again and again, for a minute, until `look` finds something; null when it never does. `pause` waits so many ms. */
export async function poll<T>(
  look: (isFirst: boolean) => Promise<T | null>,
  pause: (ms: number) => Promise<unknown>,
): Promise<T | null> {
  for (let looks = 1; ; looks += 1) {
    const found = await look(looks === 1);
    if (found !== null || looks === POLLS) return found;
    await pause(POLL_MS);
  }
}

/** So many lanes, and a line that waits for one of them. */
export type WorkerPool<T> = ReturnType<typeof openWorkerPool<T>>;

/**
 * Opens lanes, so many as `width`. `work` never throws. `goOn` is asked before each piece of work: once it says no, nothing
 * begins any more.
 */
export function openWorkerPool<T>(width: number, work: (thing: T) => Promise<void>, goOn: () => boolean) {
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
    /** How many pieces of work are under way. */
    get busy() {
      return underWay.size;
    },
    /** This is the line from now on, without what is under way already; what waited before and is not in it waits no more. */
    line(things: readonly T[]) {
      waiting = things.filter((thing) => !underWay.has(thing));
      begin();
    },
    /** Resolves once nothing waits or is under way. */
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
        // The awaiting caller handles this rejection; catch it here only to avoid an unhandledRejection.
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
    for (let thing = await take(); thing !== null; thing = await take()) {
      await giveWay();
      await work(thing);
    }
  };
  // Every lane comes to its end before a fault of one is told: nothing goes on behind the back of the caller.
  const ends = await Promise.allSettled(Array.from({ length: width }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** What `produce` puts, one by one; it waits until each was taken. Who stops taking ends it at its next one. */
export async function* pushed<T>(
  produce: (put: (item: T) => Promise<void>) => Promise<void>,
): AsyncGenerator<T> {
  const { readable, writable } = new TransformStream<T, T>();
  const writer = writable.getWriter();
  produce((item) => writer.write(item))
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    )
    // An error of `produce` comes out where its items are taken; after the last one was taken there is nobody to tell.
    .catch(() => undefined);
  yield* readable;
}
