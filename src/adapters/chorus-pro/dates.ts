// The dates of Chorus Pro, which come in three shapes: a day, an instant with its zone, a day and time in Paris.

/** The zone of dates that name none; nothing public says so, but all of Chorus Pro lives in it. */
const ZONE = 'Europe/Paris';

/** A civil day, or an instant. */
export type ChorusDate =
  | { readonly kind: 'day'; readonly day: Temporal.PlainDate }
  | { readonly kind: 'instant'; readonly at: Temporal.Instant };

const DAY = /^\d{4}-\d\d-\d\d$/;
const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;
const IN_PARIS = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(:\d\d(\.\d{1,9})?)?)$/;

/**
 * Reads `YYYY-MM-DD`, ISO 8601 with a zone, or `YYYY-MM-DD HH:MM` (seconds allowed). An hour that the clock shows twice is
 * the first, one that it skips the one after. Null for anything else: a date that is not understood is not known.
 */
export function readDate(text: string): ChorusDate | null {
  const found = text.trim();
  try {
    if (DAY.test(found)) return { kind: 'day', day: Temporal.PlainDate.from(found) };
    if (ZONED.test(found)) return { kind: 'instant', at: Temporal.Instant.from(found) };
    const [, day, time] = IN_PARIS.exec(found) ?? [];
    if (day === undefined || time === undefined) return null;
    const at = Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(ZONE);
    return { kind: 'instant', at: at.toInstant() };
  } catch (error) {
    // The 30th of February, the 25th hour.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
