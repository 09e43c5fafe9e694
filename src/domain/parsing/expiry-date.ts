// Reads the expiry date that a person found on the portal, in any shape people write a date.
import { withoutInvisible, withoutOuterBlanks } from './characters.ts';
import { readDay } from './date.ts';

/** What is odd about an expiry date that was typed. */
export type ExpiryFindingCode = 'expiry-malformed' | 'expiry-past' | 'expiry-too-far';

/** Whether a finding is about the date. */
export function isExpiryCode(code: string): code is ExpiryFindingCode {
  return code.startsWith('expiry-');
}

/** A day, ISO; null without a code when the field was left empty. */
interface ExpiryReading {
  readonly on: string | null;
  readonly code: ExpiryFindingCode | null;
}

/** French names first, then English; the position in a row is the month. */
const MONTHS = [
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(' '),
  'january february march april may june july august september october november december'.split(' '),
];
/** No date is longer, with any words before it; in characters. */
const LONGEST = 200;
/** No validity we know of reaches 15 months; a later date is a typing error. */
const FURTHEST = { years: 3 };

/** Reads the date; `today` is the day on which it was typed. */
export function readExpiry(typed: string, today: Temporal.PlainDate): ExpiryReading {
  const text = withoutOuterBlanks(withoutInvisible(typed));
  if (text === '') return { on: null, code: null };
  const day = readTypedDay(text);
  if (day === null) return { on: null, code: 'expiry-malformed' };
  if (Temporal.PlainDate.compare(day, today) <= 0) return { on: null, code: 'expiry-past' };
  if (Temporal.PlainDate.compare(day, today.add(FURTHEST)) > 0) return { on: null, code: 'expiry-too-far' };
  return { on: day.toString(), code: null };
}

/** A day as people write it; null when it is none, or none that can be. */
export function readTypedDay(typed: string): Temporal.PlainDate | null {
  const text = withoutOuterBlanks(withoutInvisible(typed)).replaceAll(/\s+/g, ' ');
  return text.length > LONGEST ? null : (readInstant(text) ?? readCivilDay(text));
}

/** An ISO instant with its zone, as data contains it: the day in France. */
function readInstant(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return null;
  try {
    return Temporal.Instant.from(text).toZonedDateTimeISO('Europe/Paris').toPlainDate();
  } catch {
    return null;
  }
}

/** A day without a zone; words before it and a time after it are ignored. */
function readCivilDay(text: string): Temporal.PlainDate | null {
  const plain = text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/^(?:(?:date|d['’]|expiration|expires?|on|until|valable|valide|jusqu['’]au|le|au)\s*:?\s*)+/, '')
    .replace(/^(?:lun|mar|mercre|jeu|vendre|same)di,? |^dimanche,? /, '')
    .replace(/(?:,? |t)(?:a )?\d{1,2}(?: ?h(?: ?\d{2})?|:\d{2}(?::\d{2}(?:\.\d+)?)?)$/, '');
  const entry = readDay(inDigits(plain) ?? plain);
  return entry.ok ? entry.value : null;
}

/** `JJ/MM/AAAA` for a day written with other signs, a year of two digits or a month's name; null for other shapes. */
function inDigits(text: string): string | null {
  const digits = /^(\d{1,2}) ?[/. -] ?(\d{1,2}) ?[/. -] ?(?:20)?(\d{2})$/.exec(text);
  if (digits) return `${digits[1]}/${digits[2]}/20${digits[3]}`;
  const named = /^(\d{1,2})(?:er|st|nd|rd|th)?[ -]?([a-z]+)\.?[ -]?(\d{4})$/.exec(text);
  if (named) return withMonth(named[1], named[2], named[3]);
  const english = /^([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/.exec(text);
  return english ? withMonth(english[2], english[1], english[3]) : null;
}

/** A month's name may be cut short (« janv. », « sept. »), as long as one month only begins so. */
function withMonth(day = '', name = '', year = ''): string | null {
  const fitting = new Set(
    MONTHS.flatMap((names) =>
      names.flatMap((full, place) => (name.length >= 3 && full.startsWith(name) ? [place + 1] : [])),
    ),
  );
  return fitting.size === 1 ? `${day}/${[...fitting][0]}/${year}` : null;
}
