// Background work: at most one run at a time, run after run, and a stop that takes no longer than it may.

/** Work of which at most one run is under way. */
export interface SingleFlight<T> {
  /** Starts a run, or joins the one that is under way. */
  run(): Promise<T>;
  /** When the run that is under way began, by `performance.now()`; null between runs. */
  readonly startedAt: number | null;
  /** Waits until the run that is under way has ended, well or not, at most `limitMs`. False when it still runs then. */
  settled(limitMs: number): Promise<boolean>;
}

export function singleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let running: Promise<T> | null = null;
  let startedAt: number | null = null;
  return {
    run: () => {
      if (running === null) {
        startedAt = performance.now();
        running = Promise.try(work).finally(() => {
          running = null;
          startedAt = null;
        });
      }
      return running;
    },
    get startedAt() {
      return startedAt;
    },
    settled: (limitMs) => endsWithin(running, limitMs),
  };
}

/** Work that is repeated in the background. */
export interface Loop {
  /** Starts no further run, and waits for the one that is under way, at most `limitMs`. False when it still runs then. */
  stop(limitMs: number): Promise<boolean>;
}

/**
 * Repeats `work` until it is stopped. The pause is measured from the end of a run to the start of the next, so that slow work
 * never piles up. An error ends its run, not the loop.
 */
export function startLoop(
  work: () => Promise<unknown>,
  { pauseMs, failed }: { readonly pauseMs: number; readonly failed: (error: unknown) => void },
): Loop {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const flight = singleFlight(async () => {
    await work().catch(failed);
    if (!stopped) timer = setTimeout(() => void flight.run(), pauseMs);
  });
  void flight.run();
  return {
    stop: (limitMs) => {
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
