// Reads a civil day as people type it, `JJ/MM/AAAA` or ISO.
import { bad, good, type ParsedEntry, quoted, readText } from './characters.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
/** Chorus Pro opened in 2012; a year outside this range is a typing error. */
const FIRST_YEAR = 2012;
const LAST_YEAR = 2100;
const EXPECTED = 'JJ/MM/AAAA (12/03/2027) or ISO (2027-03-12) is expected';

/** Reads a civil day. A time of midnight, which spreadsheets add, is ignored. */
export function readDay(raw: string): ParsedEntry<Temporal.PlainDate> {
  const entry = readText(raw);
  if (!entry.ok) return entry;
  const text = entry.value.replace(/[ T]00:00(:00)?$/, '');
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (french) return dayOf(text, Number(french[3]), Number(french[2]), Number(french[1]));
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return dayOf(text, Number(iso[1]), Number(iso[2]), Number(iso[3]));
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$/.test(text)) {
    return bad(`${quoted(text)} has a year of two digits; ${EXPECTED}`);
  }
  if (/^\d{5}$/.test(text)) {
    return bad(
      `${quoted(text)} is a spreadsheet's inner number for a day; format the column as a date: ${EXPECTED}`,
    );
  }
  return bad(`${quoted(text)} is not a date; ${EXPECTED}`);
}

function dayOf(text: string, year: number, month: number, day: number): ParsedEntry<Temporal.PlainDate> {
  if (month < 1 || month > 12) {
    const swapped = day >= 1 && day <= 12 ? '; the day comes first, then the month' : '';
    return bad(`${quoted(text)} does not exist: there is no month ${month}${swapped}`);
  }
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return bad(
      `${quoted(text)}: the year ${year} cannot be right; a year from ${FIRST_YEAR} to ${LAST_YEAR} is expected`,
    );
  }
  const { daysInMonth } = Temporal.PlainYearMonth.from({ year, month });
  if (day < 1 || day > daysInMonth) {
    return bad(`${quoted(text)} does not exist: ${MONTHS[month - 1]} ${year} has ${daysInMonth} days`);
  }
  return good(new Temporal.PlainDate(year, month, day));
}
