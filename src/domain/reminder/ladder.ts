// Finds the step of the ladder that a technical user has reached, and who receives its letter.
import type { Expiry } from '../account/technical-user.ts';
import type { Step } from '../notification/letter.ts';
import { type Calendar, daysBetween } from '../shared/calendar.ts';

/** The ladder's settings; days are civil days, counted from the date the password expires. */
export interface Ladder {
  /** Steps before the date, in days before it: 60, 30, … 0. */
  readonly before: readonly number[];
  /** Steps after the date, in days after it: 1, 3, 7, 14. With the last of them the ladder is over: somebody must call. */
  readonly after: readonly number[];
  /** Days between the short letters that follow the last step after the date; null to stop there. */
  readonly thenEvery: number | null;
  /** Secondary managers receive steps at most this many days before the date. */
  readonly secondariesFrom: number;
  /** The IT service receives copies of steps at most this many days before the date; null for none. */
  readonly itFrom: number | null;
  /** How long to wait before asking again for an unknown date. */
  readonly unknownEvery: Temporal.Duration;
}

/** The step reached (null before the first), and the day on which the next one is reached. */
export interface LadderPosition {
  readonly step: Step | null;
  /** The working day from which the next step holds; null when the ladder ends. */
  readonly next: Temporal.PlainDate | null;
}

/** The working day of a step's letter: the last working day until then, for steps up to the date; the next one, for those after it. */
export function stepDay(expiry: Temporal.PlainDate, offset: number, calendar: Calendar): Temporal.PlainDate {
  const nominal = expiry.add({ days: offset });
  return offset <= 0 ? calendar.onOrBefore(nominal) : calendar.onOrAfter(nominal);
}

/** Longest run of days across which a step may be moved, generously (Easter and Christmas bridges are under a week). */
const LONGEST_PAUSE = 14;

/** The last step before the short letters, in days from the date. */
export function lastStep({ after }: Pick<Ladder, 'after'>): number {
  return Math.max(0, ...after);
}

/** The ladder's offsets that matter `since` days from the date, in rising order; at least one lies beyond reach. */
function offsetsAround(since: number, latest: number, ladder: Ladder): number[] {
  const all = new Set<number>([...ladder.before.map((days) => 0 - days), ...ladder.after]);
  const last = lastStep(ladder);
  if (latest > 0 && latest <= last) all.add(latest);
  if (ladder.thenEvery !== null) {
    const far = Math.floor((since - LONGEST_PAUSE - last) / ladder.thenEvery) - 1;
    for (let k = Math.max(1, far); ; k++) {
      const offset = last + k * ladder.thenEvery;
      all.add(offset);
      if (offset > since + LONGEST_PAUSE) break;
    }
  }
  return [...all].sort((a, b) => a - b);
}

/**
 * The position of `today` on the ladder of a known date. Steps do not overlap: of all that are reached, the most urgent
 * holds, so that after a pause of any length there is one letter to write. Two steps on one day are one, the more urgent.
 */
export function ladderPosition(
  expiry: Exclude<Expiry, { source: 'unknown' }>,
  today: Temporal.PlainDate,
  ladder: Ladder,
  calendar: Calendar,
): LadderPosition {
  const latest = daysBetween(expiry.on, expiry.latest);
  const since = daysBetween(expiry.on, today);
  let reached: number | null = null;
  let next: Temporal.PlainDate | null = null;
  for (const offset of offsetsAround(since, latest, ladder)) {
    // Far from today the working day cannot change the answer, so it is not computed.
    const day = offset < since - LONGEST_PAUSE ? null : stepDay(expiry.on, offset, calendar);
    if (day !== null && Temporal.PlainDate.compare(day, today) > 0) {
      next = day;
      break;
    }
    reached = offset;
  }
  const step = reached === null ? null : { offset: reached, pastLatest: reached > 0 && reached >= latest };
  return { step, next };
}

/**
 * The working day on which to ask (again) for an unknown date: now, or the configured time after the last letter that
 * asked.
 */
export function askOn(
  lastAskedOn: Temporal.PlainDate | null,
  today: Temporal.PlainDate,
  ladder: Ladder,
  calendar: Calendar,
): Temporal.PlainDate {
  if (lastAskedOn === null) return calendar.onOrAfter(today);
  return calendar.onOrAfter(lastAskedOn.add(ladder.unknownEvery));
}

/** Who receives a step beside the principal manager; only the principal manager is asked for an unknown date. */
export function audience(step: Step | null, ladder: Ladder): { secondaries: boolean; itService: boolean } {
  if (step === null) return { secondaries: false, itService: false };
  const { secondariesFrom, itFrom } = ladder;
  return {
    secondaries: step.offset >= -secondariesFrom,
    itService: itFrom !== null && step.offset >= -itFrom,
  };
}
