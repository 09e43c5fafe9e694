// Values made fit to read on the page: French spaces, grouped SIRETs, times of day, the steps with names filled in.

import type { Language, Structure } from '../../domain/account/technical-user.ts';
import { ZONE } from '../../domain/shared/calendar.ts';

const NO_BREAK = '\u00A0';
const NARROW_NO_BREAK = '\u202F';

/** Ordinary spaces become the no-break ones that French puts around `: ; ! ?` and inside « »; ' becomes ’. */
function frenchSpacing(text: string): string {
  return text
    .replace(/(?<=«) | (?=»)/g, NO_BREAK)
    .replace(/ (?=:(?:\s|$))/g, NO_BREAK)
    .replace(/ (?=[;!?](?:[\s!?»"')\]]|$))/g, NARROW_NO_BREAK)
    .replace(/(?<=\p{L})'(?=\p{L})/gu, '’');
}

/** A sentence in French; what is filled in stays as it is. */
export function fr(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.map((part, index) => frenchSpacing(part) + (values[index] ?? '')).join('');
}

/** A SIRET in the groups people read, with no-break spaces. */
export function groupedSiret(siret: string): string {
  return siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1\u00A0$2\u00A0$3\u00A0$4');
}

/** A phone number that no line end tears apart. */
export function unbroken(phone: string): string {
  return phone.replaceAll(' ', NO_BREAK);
}

/** The number behind a `tel:` address. */
export function dialled(phone: string): string {
  return phone.replace(/[^\d+]/g, '');
}

/** A procedure's steps with `{structure}`, `{siret}` and `{login}` filled in, in one pass: braces in a name stay. */
export function filledSteps(
  steps: readonly string[],
  account: { readonly login: string; readonly home: Structure },
  language: Language,
): readonly string[] {
  const values: Record<string, string> = {
    structure: account.home.name,
    siret: groupedSiret(account.home.siret),
    login: account.login,
  };
  return steps
    .map((step) => (language === 'fr' ? frenchSpacing(step) : step))
    .map((step) =>
      step.replace(/\{(structure|siret|login)\}/g, (hole, name: string) => values[name] ?? hole),
    );
}

/**
 * A moment as a person says it on the day `now`: « à 10 h 32 », « le 12 mars à 10 h 32 »; "at 10:32", "on 12 March at
 * 10:32". Instants in ms; the clock is that of Europe/Paris.
 */
export function momentInWords(at: number, now: number, language: Language): string {
  const [moment, today] = [at, now].map((ms) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  const minutes = String(moment.minute).padStart(2, '0');
  const time =
    language === 'fr' ? `à ${moment.hour}${NO_BREAK}h${NO_BREAK}${minutes}` : `at ${moment.hour}:${minutes}`;
  if (moment.toPlainDate().equals(today.toPlainDate())) return time;
  const month = moment.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB', { month: 'long' });
  if (language === 'en') return `on ${moment.day} ${month} ${time}`;
  return `le ${moment.day === 1 ? '1er' : moment.day}${NO_BREAK}${month} ${time}`;
}
