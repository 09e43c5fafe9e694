// Computes civil days in Europe/Paris: which day it is, which are working days, and when letters may leave.

/** The zone of every deadline and every letter's day. */
export const ZONE = 'Europe/Paris';

/** Which public holidays apply: the national eleven, or with the two of Alsace-Moselle. */
export interface HolidayRules {
  readonly alsaceMoselle: boolean;
}

/** The hours of a working day in which letters leave; `from` included, `to` excluded. */
export interface SendingWindow {
  readonly from: Temporal.PlainTime;
  readonly to: Temporal.PlainTime;
}

function inParis(now: Temporal.Instant): Temporal.ZonedDateTime {
  return now.toZonedDateTimeISO(ZONE);
}

/** The civil day in Paris at an instant. */
export function parisDay(now: Temporal.Instant): Temporal.PlainDate {
  return inParis(now).toPlainDate();
}

/** Whole civil days from `from` to `to`; negative when `to` is earlier. Never hours divided by 24. */
export function daysBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): number {
  return from.until(to, { largestUnit: 'day' }).days;
}

/** Easter Sunday of a Gregorian year (the anonymous computus, Meeus/Jones/Butcher). */
export function easter(year: number): Temporal.PlainDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return new Temporal.PlainDate(year, Math.floor(n / 31), (n % 31) + 1);
}

const FIXED_DAYS = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
/** Days after Easter Sunday: Easter Monday, Ascension, Whit Monday. */
const AFTER_EASTER = [1, 39, 50];

/** The public holidays of a year, as ISO dates (Code du travail, art. L3133-1; Alsace-Moselle: art. L3134-13). */
export function publicHolidays(year: number, rules: HolidayRules): ReadonlySet<string> {
  const sunday = easter(year);
  const days = FIXED_DAYS.map((day) => `${String(year).padStart(4, '0')}-${day}`);
  for (const shift of AFTER_EASTER) days.push(sunday.add({ days: shift }).toString());
  if (rules.alsaceMoselle) {
    days.push(sunday.subtract({ days: 2 }).toString(), `${String(year).padStart(4, '0')}-12-26`);
  }
  return new Set(days);
}

export interface Calendar {
  isWorkingDay(day: Temporal.PlainDate): boolean;
  /** The day itself if it is a working day, else the last working day before it. */
  onOrBefore(day: Temporal.PlainDate): Temporal.PlainDate;
  /** The day itself if it is a working day, else the first working day after it. */
  onOrAfter(day: Temporal.PlainDate): Temporal.PlainDate;
}

/** Holidays are computed once per year asked for. */
export function frenchCalendar(rules: HolidayRules): Calendar {
  const years = new Map<number, ReadonlySet<string>>();
  const holidays = (year: number) => {
    let known = years.get(year);
    if (known === undefined) {
      known = publicHolidays(year, rules);
      years.set(year, known);
    }
    return known;
  };
  const isWorkingDay = (day: Temporal.PlainDate) =>
    day.dayOfWeek <= 5 && !holidays(day.year).has(day.toString());
  const shift = (day: Temporal.PlainDate, days: 1 | -1) => {
    let at = day;
    while (!isWorkingDay(at)) at = at.add({ days });
    return at;
  };
  return { isWorkingDay, onOrBefore: (day) => shift(day, -1), onOrAfter: (day) => shift(day, 1) };
}

/** How many working days have begun after `from`, up to `to`. */
export function workingDaysSince(
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
  { isWorkingDay }: Pick<Calendar, 'isWorkingDay'>,
): number {
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, days) =>
    isWorkingDay(from.add({ days: days + 1 })),
  ).filter(Boolean).length;
}

/** Whether letters to people may leave at this instant: on a working day, within the window. */
export function isOpen(now: Temporal.Instant, window: SendingWindow, calendar: Calendar): boolean {
  const at = inParis(now);
  const time = at.toPlainTime();
  return (
    calendar.isWorkingDay(at.toPlainDate()) &&
    Temporal.PlainTime.compare(time, window.from) >= 0 &&
    Temporal.PlainTime.compare(time, window.to) < 0
  );
}

/** The instant at which the window was open for so many ms, counted from `start`. */
export function afterOpenTime(
  start: Temporal.Instant,
  ms: number,
  window: SendingWindow,
  calendar: Calendar,
): Temporal.Instant {
  let [at, left] = [nextOpening(start, window, calendar), ms];
  for (;;) {
    const closes = parisDay(at).toZonedDateTime({ timeZone: ZONE, plainTime: window.to }).toInstant();
    const open = at.until(closes).total('millisecond');
    if (left < open) return at.add({ milliseconds: left });
    left -= open;
    at = nextOpening(closes, window, calendar);
  }
}

/** The day of the last opening of the window at or before `now`. */
export function lastOpeningDay(
  now: Temporal.Instant,
  window: SendingWindow,
  calendar: Calendar,
): Temporal.PlainDate {
  const at = inParis(now);
  const isEarly = Temporal.PlainTime.compare(at.toPlainTime(), window.from) < 0;
  return calendar.onOrBefore(isEarly ? at.toPlainDate().subtract({ days: 1 }) : at.toPlainDate());
}

/** The first instant at or after `now` at which letters may leave. */
export function nextOpening(
  now: Temporal.Instant,
  window: SendingWindow,
  calendar: Calendar,
): Temporal.Instant {
  if (isOpen(now, window, calendar)) return now;
  const at = inParis(now);
  const today = at.toPlainDate();
  const stillToday = Temporal.PlainTime.compare(at.toPlainTime(), window.from) < 0;
  const day = calendar.onOrAfter(stillToday ? today : today.add({ days: 1 }));
  return day.toZonedDateTime({ timeZone: ZONE, plainTime: window.from }).toInstant();
}

/** An all-day entry for a calendar. */
export interface CalendarEntry {
  /** Stable from letter to letter, so that a corrected date replaces the former one. */
  readonly uid: string;
  /** ISO date. */
  readonly on: string;
  readonly summary: string;
  readonly description: string;
}
