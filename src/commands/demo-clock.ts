// The demo's clock: it stands still until it is moved, and then stops at every moment at which the daemon is to look.
import { ZONE } from '../domain/calendar.ts';
import type { Clock } from '../domain/world.ts';
import type { Span } from '../simulator/demo-desk.ts';

/** A clock moved by hand. */
export interface HandClock extends Clock {
  /** The time in Paris. */
  here(): Temporal.ZonedDateTime;
  set(at: Temporal.ZonedDateTime): void;
}

export function handClock(start: Temporal.ZonedDateTime): HandClock {
  let at = start;
  return {
    now: () => at.toInstant(),
    here: () => at,
    set: (to) => {
      at = to;
    },
  };
}

/** When the daemon looks, each day: as letters begin to leave, and once more before they end. */
const AGAIN = Temporal.PlainTime.from('16:00');

/** Longest wait for a next letter: at some point nobody is left to write to. */
const LONGEST_WAIT = { years: 1 };

/** Where a move ends at the latest. */
export function endOfSpan(span: Span, from: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  switch (span) {
    case 'letter':
      return from.add(LONGEST_WAIT);
    case 'day':
      return from.add({ days: 1 });
    case 'week':
      return from.add({ weeks: 1 });
    case 'month':
      return from.add({ months: 1 });
    case 'year': {
      const last = (year: number) => at(Temporal.PlainDate.from({ year, month: 12, day: 31 }), AGAIN);
      return Temporal.ZonedDateTime.compare(last(from.year), from) > 0
        ? last(from.year)
        : last(from.year + 1);
    }
  }
}

function at(day: Temporal.PlainDate, plainTime: Temporal.PlainTime): Temporal.ZonedDateTime {
  return day.toZonedDateTime({ timeZone: ZONE, plainTime });
}

/** The moments after `from`, up to and with `to`, at which the daemon looks; `opening` is when letters begin to leave. */
export function* moments(
  from: Temporal.ZonedDateTime,
  to: Temporal.ZonedDateTime,
  opening: Temporal.PlainTime,
): Generator<Temporal.ZonedDateTime> {
  for (let day = from.toPlainDate(); ; day = day.add({ days: 1 })) {
    for (const moment of [at(day, opening), at(day, AGAIN)]) {
      if (Temporal.ZonedDateTime.compare(moment, to) > 0) return;
      if (Temporal.ZonedDateTime.compare(moment, from) > 0) yield moment;
    }
  }
}
