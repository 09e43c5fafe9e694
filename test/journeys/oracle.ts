// What the ladder promises, reckoned a second time and in another way: day by day, with holidays from another source.
import Holidays from 'date-holidays';

const source = new Holidays('FR');
const years = new Map<number, Set<string>>();

/** Whether a day is worked, by the second source. */
export function isWorked(day: Temporal.PlainDate): boolean {
  let holidays = years.get(day.year);
  if (holidays === undefined) {
    holidays = new Set(
      source.getHolidays(day.year).flatMap((h) => (h.type === 'public' ? [h.date.slice(0, 10)] : [])),
    );
    years.set(day.year, holidays);
  }
  return day.dayOfWeek < 6 && !holidays.has(day.toString());
}

/** The working day on which the step `offset` of a deadline is told. */
function toldOn(deadline: Temporal.PlainDate, offset: number): string {
  let day = deadline.add({ days: offset });
  while (!isWorked(day)) day = day.add({ days: offset <= 0 ? -1 : 1 });
  return day.toString();
}

/** Steps of the default ladder up to two years late. */
function steps(): number[] {
  const all = [-60, -30, -15, -7, -3, -1, 0, 1, 3, 7, 14];
  for (let late = 44; late <= 800; late += 30) all.push(late);
  return all;
}

/**
 * The days on which a letter about one deadline must arrive, and its step: on each day on which all works, the most urgent
 * step whose day has come, if it was not told. `from` and `until` bound the life of the password (until excluded).
 */
export function expectedLetters(
  deadline: Temporal.PlainDate,
  from: Temporal.PlainDate,
  until: Temporal.PlainDate,
  works: (day: Temporal.PlainDate) => boolean,
): { on: string; step: number }[] {
  const days = steps().map((offset) => ({ offset, on: toldOn(deadline, offset) }));
  const letters: { on: string; step: number }[] = [];
  let told = Number.NEGATIVE_INFINITY;
  for (let day = from; Temporal.PlainDate.compare(day, until) < 0; day = day.add({ days: 1 })) {
    if (!isWorked(day) || !works(day)) continue;
    const reached = Math.max(...days.filter(({ on }) => on <= day.toString()).map(({ offset }) => offset));
    if (reached > told) {
      letters.push({ on: day.toString(), step: reached });
      told = reached;
    }
  }
  return letters;
}
