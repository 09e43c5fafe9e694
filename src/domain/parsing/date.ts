// Reads a civil day in any shape in which people and spreadsheets write one; the day comes before the month.
import { bad, good, type ParsedEntry, quoted } from './characters.ts';
import { readAs, readValue } from './wrapping.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
/** French names first, then English, without accents; the position in a row is the month. */
const NAMES = [
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(' '),
  MONTHS.map((name) => name.toLowerCase()),
];
/** Chorus Pro opened in 2012; a year outside this range is a typing error. */
const FIRST_YEAR = 2012;
const LAST_YEAR = 2100;
const EXPECTED = 'JJ/MM/AAAA (12/03/2027) or ISO (2027-03-12) is expected';
/** No password is as old as a day before this year. */
const OLDEST_YEAR = 2025;
/** No date is longer, with any words before it; in characters. */
const LONGEST = 200;

/** A day as it is written, before anybody looks whether it exists; `isGuessed` when a part of it was left to the reader. */
interface WrittenDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly isGuessed: boolean;
}

/**
 * Reads a civil day. A time is ignored, and so are words before the day. A year of two digits is of this century, with a warning;
 * a warning also says what else was dropped. Where such a year may stand first (27-11-29), nothing is guessed.
 */
export function readDay(raw: string): ParsedEntry<Temporal.PlainDate> {
  const entry = readValue(raw);
  if (!entry.ok) return entry;
  const text = entry.value.replace(/[ T]00:00(:00)?$/, '');
  if (text.length > LONGEST) return bad(`${quoted(text)} is not a date; ${EXPECTED}`);
  const instant = instantIn(text);
  if (instant !== null) return good(instant);
  const written = inDigits(text) ?? inWords(text);
  if (written !== null) {
    const day = dayOf(text, written);
    const other = yearFirst(text);
    if (day.ok && other !== null && other !== day.value.toString()) {
      return bad(
        `${quoted(text)} may be ${day.value} or ${other}: write the year with four digits; ${EXPECTED}`,
      );
    }
    if (!day.ok || (!written.isGuessed && entry.warning === null)) return day;
    return good(day.value, readAs(raw, day.value.toString()));
  }
  if (/^\d{5}$/.test(text)) {
    return bad(
      `${quoted(text)} is a spreadsheet's inner number for a day; format the column as a date: ${EXPECTED}`,
    );
  }
  return bad(`${quoted(text)} is not a date; ${EXPECTED}`);
}

/** An ISO instant with its zone, as data contains it: the day in France; null for other texts. */
function instantIn(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return null;
  try {
    return Temporal.Instant.from(text).toZonedDateTimeISO('Europe/Paris').toPlainDate();
  } catch {
    return null;
  }
}

function inDigits(text: string): WrittenDay | null {
  const iso = /^(\d{4})([/.-])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (iso) return written(iso[4], iso[3], iso[1]);
  const french = /^(\d{1,2}) ?[/. -] ?(\d{1,2}) ?[/. -] ?(\d{4}|\d{2})$/.exec(text);
  return french ? written(french[1], french[2], french[3]) : null;
}

/** The day that two digits three times are where the year stands first, as in an ISO date that was cut short; null when none is. */
function yearFirst(text: string): string | null {
  const [, year, month, day] = /(?<![\d-])(\d\d)-(\d\d)-(\d\d)(?![\d-])/.exec(text) ?? [];
  const read = year === undefined ? null : dayOf(text, written(day, month, year));
  return read?.ok && read.value.year >= OLDEST_YEAR ? read.value.toString() : null;
}

/** A day with words before it, a time after it, or a month's name. */
function inWords(text: string): WrittenDay | null {
  const plain = text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
  const bare = plain
    .replace(/^(?:(?:date|d['’]|expiration|expires?|on|until|valable|valide|jusqu['’]au|le|au)\s*:?\s*)+/, '')
    .replace(/^(?:lun|mar|mercre|jeu|vendre|same)di,? |^dimanche,? /, '')
    .replace(/(?:,? |t)(?:a )?\d{1,2}(?: ?h(?: ?\d{2})?|:\d{2}(?::\d{2}(?:\.\d+)?)?)$/, '');
  const day = inDigits(bare) ?? named(bare);
  return day === null ? null : { ...day, isGuessed: day.isGuessed || bare !== plain };
}

function named(text: string): WrittenDay | null {
  const french = /^(\d{1,2})(?:er|st|nd|rd|th)?[ /-]?([a-z]+)\.?[ /-]?(\d{4}|\d{2})$/.exec(text);
  const english = /^([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/.exec(text);
  const [day, name, year] = french?.slice(1) ?? [english?.[2], english?.[1], english?.[3]];
  const month = monthOf(name ?? '');
  return month === null ? null : written(day, String(month), year);
}

/** A month's name may be cut short (« janv. », « sept. »), as long as one month only begins so. */
function monthOf(name: string): number | null {
  const fitting = new Set(
    NAMES.flatMap((names) =>
      names.flatMap((full, place) => (name.length >= 3 && full.startsWith(name) ? [place + 1] : [])),
    ),
  );
  const [month, ...others] = fitting;
  return month === undefined || others.length > 0 ? null : month;
}

function written(day = '', month = '', year = ''): WrittenDay {
  const isShort = year.length === 2;
  return {
    year: Number(year) + (isShort ? 2000 : 0),
    month: Number(month),
    day: Number(day),
    isGuessed: isShort,
  };
}

function dayOf(text: string, { year, month, day }: WrittenDay): ParsedEntry<Temporal.PlainDate> {
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
