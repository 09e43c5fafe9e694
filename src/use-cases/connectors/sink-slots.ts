// How many pieces of work are under way in one sink at the same time: a slow one must not fill the machine with programs.
import type { Sink } from '../../domain/ports/sink.ts';

/** At the usual two proofs a second a sink may take 16 s for each, and nobody waits for another. */
export const SINK_WIDTH = 32;

interface Slots {
  busy: number;
  /** The first come is the first served. */
  readonly waiting: (() => void)[];
}

const slotsOf = new WeakMap<Sink, Slots>();

/** Does a piece of work on a sink as soon as fewer than its width are under way there. */
export async function inSlot<T>(sink: Sink, work: () => Promise<T>): Promise<T> {
  const slots = slotsOf.get(sink) ?? { busy: 0, waiting: [] };
  slotsOf.set(sink, slots);
  if (slots.busy < SINK_WIDTH) slots.busy += 1;
  else await new Promise<void>((resolve) => slots.waiting.push(resolve));
  try {
    return await work();
  } finally {
    // A slot is handed on, not given back, to whoever waits.
    const next = slots.waiting.shift();
    if (next === undefined) slots.busy -= 1;
    else next();
  }
}
