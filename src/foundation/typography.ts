// Typography in French and English: no-break spaces, grouped numbers, days and times in words, values filled into steps.

type Language = 'fr' | 'en';

const NO_BREAK = '\u00A0';
const NARROW_NO_BREAK = '\u202F';

/**
 * Turns the ordinary space before `:` and inside « » into U+00A0, and the one before `;`, `!` and `?` into U+202F.
 * No sign is added, taken away or moved, only spaces change: so an address, a time or a login stays intact.
 */
export function frenchSpacing(text: string): string {
  return text
    .replace(/(?<=«) | (?=»)/g, NO_BREAK)
    .replace(/ (?=:(?:\s|$))/g, NO_BREAK)
    .replace(/ (?=[;!?](?:[\s!?»"')\]]|$))/g, NARROW_NO_BREAK);
}

/** French spacing, and ' after a letter becomes ’. A word with @ or / is an address, and stays as it is. */
export function frenchSigns(text: string): string {
  return frenchSpacing(text).replace(/\S+/g, (word) =>
    /[@/]/.test(word) ? word : word.replace(/(?<=\p{L})'(?=[\p{L}«])/gu, '’'),
  );
}

/** A sentence of a page in French; what is filled in stays as it is. */
export function fr(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.map((part, index) => frenchSigns(part) + (values[index] ?? '')).join('');
}

/** A step of a page in the language of its reader, before values are filled in. */
export function pageStep(step: string, language: Language): string {
  return language === 'fr' ? frenchSigns(step) : step;
}

/** A SIRET in the groups people read, with no-break spaces: 259 000 966 00020. */
export function groupedSiret(siret: string): string {
  return siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1\u00A0$2\u00A0$3\u00A0$4');
}

/** A phone number that no line end divides; between two of them, with a comma, one may. */
export function unbroken(phone: string): string {
  return phone.replaceAll(/(?<!,) /g, NO_BREAK);
}

/** What the steps of a procedure name: `{structure}`, `{siret}` and `{login}`. */
interface StepValues {
  readonly structure: string;
  readonly siret: string;
  readonly login: string;
}

/** A step with its values filled in, in one pass: braces in a value stay what they are. */
export function filledStep(step: string, values: StepValues): string {
  return step.replace(/\{(structure|siret|login)\}/g, (_hole, name: keyof StepValues) => values[name]);
}

/** Names of days (Monday first) and of months, as `toLocaleString` gives them, but computed once. */
function calendarNames(locale: string) {
  const names = (
    count: number,
    part: Intl.DateTimeFormatOptions,
    dateOf: (n: number) => Temporal.PlainDate,
  ) => {
    const format = new Intl.DateTimeFormat(locale, part);
    return Array.from({ length: count }, (_, n) => format.format(dateOf(n)));
  };
  return {
    // The first of March 2027 is a Monday.
    days: names(7, { weekday: 'long' }, (n) => new Temporal.PlainDate(2027, 3, n + 1)),
    months: names(12, { month: 'long' }, (n) => new Temporal.PlainDate(2027, n + 1, 1)),
  };
}

const NAMES = { fr: calendarNames('fr-FR'), en: calendarNames('en-GB') };

/** The day of a month, which French counts as « 1er » when it is the first. */
function dayNumber({ day }: Temporal.PlainDate, language: Language): string {
  return language === 'fr' && day === 1 ? '1er' : String(day);
}

/** A date in words: « vendredi 12 mars 2027 », « lundi 1er mars 2027 »; "Friday 12 March 2027". */
export function dayInWords(date: Temporal.PlainDate, language: Language): string {
  const { days, months } = NAMES[language];
  return `${days[date.dayOfWeek - 1]} ${dayNumber(date, language)} ${months[date.month - 1]} ${date.year}`;
}

/** A time of day on a French clock: « 9 h 05 ». */
function frenchTime({ hour, minute }: Temporal.PlainDateTime): string {
  return `${hour}${NO_BREAK}h${NO_BREAK}${String(minute).padStart(2, '0')}`;
}

/** A moment in words: « vendredi 12 mars 2027 à 9 h 05 »; "Friday 12 March 2027 at 09:05". */
export function momentInWords(moment: Temporal.PlainDateTime, language: Language): string {
  const day = dayInWords(moment.toPlainDate(), language);
  const time = moment.toString({ smallestUnit: 'minute' }).slice(-5);
  return language === 'fr' ? `${day} à ${frenchTime(moment)}` : `${day} at ${time}`;
}

/** A moment as a person says it on the day `today`: « à 10 h 32 », « le 12 mars à 10 h 32 »; "at 10:32", "on 12 March at 10:32". */
export function momentInSpeech(
  moment: Temporal.PlainDateTime,
  today: Temporal.PlainDate,
  language: Language,
): string {
  const day = moment.toPlainDate();
  const minute = String(moment.minute).padStart(2, '0');
  const time = language === 'fr' ? `à ${frenchTime(moment)}` : `at ${moment.hour}:${minute}`;
  if (day.equals(today)) return time;
  const month = NAMES[language].months[day.month - 1];
  return language === 'fr'
    ? `le ${dayNumber(day, language)}${NO_BREAK}${month} ${time}`
    : `on ${day.day} ${month} ${time}`;
}
