// French typography: the no-break spaces that a careful typist puts around signs of punctuation.

const NO_BREAK = '\u00A0';
const NARROW_NO_BREAK = '\u202F';

/**
 * Turns the ordinary space before `:` and inside « » into U+00A0, and the one before `;`, `!` and `?` into U+202F.
 * No sign is added, taken away or moved, only spaces change: so an address, a time or a login cannot be harmed.
 */
export function frenchSpacing(text: string): string {
  return text
    .replace(/(?<=«) | (?=»)/g, NO_BREAK)
    .replace(/ (?=:(?:\s|$))/g, NO_BREAK)
    .replace(/ (?=[;!?](?:[\s!?»"')\]]|$))/g, NARROW_NO_BREAK);
}
