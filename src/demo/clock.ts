// The demo's clock, which runs by itself and can be moved, and the keys of the terminal that move it.
import type { Clock } from '../domain/ports/clock.ts';
import { ZONE } from '../domain/shared/calendar.ts';
import type { Span } from './pages/dashboard-view.ts';

/** A clock that can be set, and runs from there. */
export interface HandClock extends Clock {
  /** The time in Paris. */
  parisTime(): Temporal.ZonedDateTime;
  set(at: Temporal.ZonedDateTime): void;
  /** The instant it was last set to, in ms: a form filled in before that is out of date. */
  readonly setTo: number;
}

/** `elapsed` counts real ms from any origin and never goes back. */
export function handClock(
  start: Temporal.ZonedDateTime,
  elapsed: () => number = () => performance.now(),
): HandClock {
  let at = start;
  let since = elapsed();
  const here = () => at.add({ milliseconds: Math.floor(elapsed() - since) });
  return {
    now: () => here().toInstant(),
    parisTime: here,
    set: (to) => {
      at = to;
      since = elapsed();
    },
    get setTo() {
      return at.epochMilliseconds;
    },
  };
}

/** The daemon's second tick of a day, before letters stop leaving; the first is when they begin to leave. */
const SECOND_TICK = Temporal.PlainTime.from('16:00');

const QUARTER = { minutes: 15 };

/** How far a move goes; to a letter it may be a year, for there may be nobody left to write to. */
const LENGTHS: Readonly<Record<Exclude<Span, 'year'>, Temporal.DurationLike>> = {
  quarter: QUARTER,
  hour: { hours: 1 },
  letter: { years: 1 },
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
};

/** The latest end of a move of the clock. */
export function endOfSpan(span: Span, from: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  if (span !== 'year') return from.add(LENGTHS[span]);
  const last = (year: number) => at(Temporal.PlainDate.from({ year, month: 12, day: 31 }), SECOND_TICK);
  return Temporal.ZonedDateTime.compare(last(from.year), from) > 0 ? last(from.year) : last(from.year + 1);
}

function at(day: Temporal.PlainDate, plainTime: Temporal.PlainTime): Temporal.ZonedDateTime {
  return day.toZonedDateTime({ timeZone: ZONE, plainTime });
}

/** The moments after `from`, up to and including `to`, at which the daemon has a tick; `opening` is when letters begin to leave. */
export function* moments(
  from: Temporal.ZonedDateTime,
  to: Temporal.ZonedDateTime,
  opening: Temporal.PlainTime,
): Generator<Temporal.ZonedDateTime> {
  for (let day = from.toPlainDate(); ; day = day.add({ days: 1 })) {
    for (const moment of [at(day, opening), at(day, SECOND_TICK)]) {
      if (Temporal.ZonedDateTime.compare(moment, to) > 0) return;
      if (Temporal.ZonedDateTime.compare(moment, from) > 0) yield moment;
    }
  }
}

/** The moments at which a move stops on its way: each quarter of an hour in a short one, each tick of the daemon in a longer one. */
export function* stops(
  span: Span,
  from: Temporal.ZonedDateTime,
  to: Temporal.ZonedDateTime,
  opening: Temporal.PlainTime,
): Generator<Temporal.ZonedDateTime> {
  if (span !== 'quarter' && span !== 'hour') return yield* moments(from, to, opening);
  for (let at = from.add(QUARTER); Temporal.ZonedDateTime.compare(at, to) <= 0; at = at.add(QUARTER))
    yield at;
}

const SPAN_KEYS: Readonly<Record<string, readonly [Span, words: string]>> = {
  n: ['letter', 'to the next letter'],
  f: ['quarter', '+ 15 minutes'],
  o: ['hour', '+ 1 hour'],
  d: ['day', '+ 1 day'],
  w: ['week', '+ 1 week'],
  m: ['month', '+ 1 month'],
  y: ['year', 'to the end of the year'],
};

export const KEYS = [
  ...Object.entries(SPAN_KEYS).map(([key, [, words]]) => `${key}: ${words}`),
  ...['t: today', 'l: list', 'q: quit'],
].join('   ');

interface KeyActions {
  move(span: Span): void;
  list(): void;
  today(): void;
  help(): void;
  quit(): void;
}

const CTRL_C = '\u0003';

const CTRL_D = '\u0004';

/** Listens to single keys when standard input is a terminal; returns the function that stops listening. */
export function listenToKeys(input: NodeJS.ReadStream, actions: KeyActions): () => void {
  if (!input.isTTY) return () => undefined;
  const onData = (chunk: Buffer) => {
    for (const key of chunk.toString().toLowerCase()) {
      const [span] = SPAN_KEYS[key] ?? [];
      if (span !== undefined) actions.move(span);
      else if (key === 't') actions.today();
      else if (key === 'l') actions.list();
      else if (key === 'q' || key === CTRL_C || key === CTRL_D) actions.quit();
      else if (key === 'h' || key === '?') actions.help();
    }
  };
  input.setRawMode(true);
  input.on('data', onData);
  return () => {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
}
