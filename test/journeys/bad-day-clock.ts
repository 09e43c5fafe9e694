// One clock for a world, its client and a simulator that talk over real connections: no time passes while anybody works.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timing } from '../../src/adapters/chorus-pro/timing.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import { waitingForTurns } from '../../src/foundation/loop.ts';
import type { Sleep } from '../../src/simulator/faults/apply-fault.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** So many turns of the event loop without anything under way are a rest. */
const TURNS = 4;
/** A rest without anybody to wake, for so long in real ms, is a deadlock. */
const STUCK_MS = 20_000;

/** A clock that stands while anybody works, and leaps to the next sleeper once all are at rest. Instants in ms. */
export interface DayClock extends Clock {
  ms(): number;
  /** The client's sleep. */
  readonly sleep: Timing['sleep'];
  /** The simulator's, while a caller waits for its answer. */
  readonly hold: Sleep;
  /** Lets time pass for as long as the work takes. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Goes on to an instant. */
  goTo(at: number): Promise<void>;
  close(): void;
}

/** Requests of this process that have not ended. */
function requestsUnderWay() {
  const underWay = new Set<ClientRequest>();
  const begun = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    underWay.add(request);
    request.once('close', () => underWay.delete(request));
  };
  subscribe('http.client.request.created', begun);
  return { count: () => underWay.size, close: () => unsubscribe('http.client.request.created', begun) };
}

/** The instant (ms) of a civil time in Paris. */
export function paris(text: string): number {
  return Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;
}

export function dayClock(start: string): DayClock {
  const requests = requestsUnderWay();
  const sleepers = new Set<Sleeper>();
  let now = paris(start);
  // Calls that wait on this very clock for their answer are at rest.
  let held = 0;

  const sleep: Timing['sleep'] = (ms, signal) =>
    new Promise((resolve) => {
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      // Whole ms, as of any clock.
      const sleeper = { at: now + Math.max(1, Math.ceil(ms)), wake };
      if (signal?.aborted === true) return resolve();
      signal?.addEventListener('abort', wake);
      sleepers.add(sleeper);
    });

  async function rest(isOver: () => boolean): Promise<void> {
    for (let turns = 0; turns < TURNS && !isOver(); ) {
      await nextTurn();
      turns = requests.count() <= held && waitingForTurns() === 0 ? turns + 1 : 0;
    }
  }

  /** Wakes the next one who sleeps until then at the latest; false where there is none. */
  function wakeNext(until: number): boolean {
    let next: Sleeper | null = null;
    for (const one of sleepers) if (one.at <= until && one.at < (next?.at ?? Infinity)) next = one;
    if (next === null) return false;
    now = Math.max(now, next.at);
    next.wake();
    return true;
  }

  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(now),
    ms: () => now,
    sleep,
    hold: async (ms, signal) => {
      held += 1;
      await sleep(ms, signal);
      held -= 1;
      signal.throwIfAborted();
    },
    during: async (work) => {
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      work.then(end, end);
      let movedAt = performance.now();
      while (!isOver) {
        await rest(() => isOver);
        if (isOver || wakeNext(Infinity)) movedAt = performance.now();
        else if (performance.now() - movedAt > STUCK_MS) throw new Error('nobody works, and nobody sleeps');
      }
      return work;
    },
    goTo: async (at) => {
      do await rest(() => false);
      while (wakeNext(at));
      now = Math.max(now, at);
    },
    close: requests.close,
  };
}
