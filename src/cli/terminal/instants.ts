// Instants as people and programs read them.
import { ZONE } from '../../domain/shared/calendar.ts';

/** An instant (ms) in Paris, to the second: `2027-03-01 10:00:05`; empty for null. */
export function parisTime(at: number | null): string {
  if (at === null) return '';
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return here.toString({ smallestUnit: 'second' }).replace('T', ' ');
}

/** An instant (ms) as an ISO text in UTC; null for null. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : Temporal.Instant.fromEpochMilliseconds(at).toString();
}
