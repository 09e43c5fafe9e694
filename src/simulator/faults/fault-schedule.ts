// When a fault may apply: between two instants, or each day between two times of Paris.
const ZONE = 'Europe/Paris';
const DAY_MIN = 24 * 60;

/** A window, open on a side that is left out; `daily` and the instants both have to match. */
export interface FaultWindow {
  /** The first instant, in ms. */
  readonly from?: number;
  /** The first instant after it, in ms. */
  readonly until?: number;
  /** Minutes after midnight in Paris; a window may pass midnight. */
  readonly daily?: { readonly from: number; readonly until: number };
}

/** Whether an instant, in ms, lies in a window. */
export function isWithin({ from, until, daily }: FaultWindow, at: number): boolean {
  if (from !== undefined && at < from) return false;
  if (until !== undefined && at >= until) return false;
  if (daily === undefined) return true;
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
  const now = hour * 60 + minute;
  const isOverMidnight = daily.until <= daily.from;
  return isOverMidnight ? now >= daily.from || now < daily.until : now >= daily.from && now < daily.until;
}

/** A point in time as people write it. */
export type Point =
  | { readonly kind: 'instant'; readonly at: number }
  /** In ms after the start; before it when negative. */
  | { readonly kind: 'since'; readonly ms: number }
  /** In minutes after midnight, each day. */
  | { readonly kind: 'daily'; readonly minutes: number };

/** What `readPoint` accepts, for error messages. */
export const POINT_EXAMPLES = 'an instant (2027-03-12T10:00:00+01:00) or a duration since the start (PT5M)';

/** Reads `2027-03-12T10:00:00+01:00`, `PT5M` or `22:30`; null for anything else. */
export function readPoint(text: string): Point | null {
  const clock = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock !== null) return { kind: 'daily', minutes: Number(clock[1]) * 60 + Number(clock[2]) };
  const ms = readDuration(text);
  if (ms !== null) return { kind: 'since', ms };
  try {
    return { kind: 'instant', at: Temporal.Instant.from(text).epochMilliseconds };
  } catch {
    return null;
  }
}

/** Reads an ISO duration of days or less, in ms; null for anything else. */
export function readDuration(text: string): number | null {
  try {
    const duration = Temporal.Duration.from(text);
    if (duration.years !== 0 || duration.months !== 0) return null;
    // A week and a day have no fixed length without this.
    return duration.total({ unit: 'milliseconds', relativeTo: Temporal.PlainDate.from('2027-01-04') });
  } catch {
    return null;
  }
}

/** The window between two points; null when one of them is a time of day and the other is not. */
export function windowOf(from: Point | null, until: Point | null, start: number): FaultWindow | null {
  if (from?.kind === 'daily' || until?.kind === 'daily') {
    if (from?.kind !== 'daily' || until?.kind !== 'daily') return null;
    return { daily: { from: from.minutes % DAY_MIN, until: until.minutes % DAY_MIN } };
  }
  return {
    ...(from === null ? {} : { from: instantOf(from, start) }),
    ...(until === null ? {} : { until: instantOf(until, start) }),
  };
}

/** The instant of a point that is no time of day, in ms. */
export function instantOf(point: Exclude<Point, { kind: 'daily' }>, start: number): number {
  return point.kind === 'instant' ? point.at : start + point.ms;
}
