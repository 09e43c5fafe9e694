// A clock that moves only by hand.
import type { Clock } from '../../src/domain/ports/clock.ts';

/** In ms. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface HandClock extends Clock {
  /** Sets the time; an ISO instant or a `2027-03-01T10:00` in Paris. */
  set(at: Temporal.Instant | string): void;
}

export function handClock(at: Temporal.Instant | string): HandClock {
  const read = (time: Temporal.Instant | string) =>
    typeof time !== 'string'
      ? time
      : Temporal.PlainDateTime.from(time).toZonedDateTime('Europe/Paris').toInstant();
  let now = read(at);
  return {
    now: () => now,
    set: (time) => {
      now = read(time);
    },
  };
}
