// Reads a SIRET as people type it: fourteen digits with their check digit.
import { bad, good, type ParsedEntry, quoted, readText } from './characters.ts';

/** Blanks between the digits are allowed. A wrong check digit is a warning: test data has them. */
export function readSiret(raw: string): ParsedEntry<string> {
  const text = readText(raw);
  if (!text.ok) return text;
  const digits = text.value.replaceAll(' ', '');
  if (/^\d([.,]\d+)?E\+?\d+$/i.test(digits)) {
    return bad(
      `${quoted(text.value)} is a SIRET that the spreadsheet has rounded: its last digits are lost; ` +
        'format the column as text, type the SIRET again (14 digits) and save again',
    );
  }
  if (!/^\d+$/.test(digits)) return bad(`${quoted(text.value)} is not a SIRET: 14 digits are expected`);
  if (digits.length === 13) {
    return bad(
      `${quoted(text.value)} has 13 digits, a SIRET has 14: spreadsheets drop a leading zero; format the column as text`,
    );
  }
  if (digits.length !== 14) return bad(`${quoted(text.value)} has ${digits.length} digits, a SIRET has 14`);
  if (passesLuhn(digits)) return good(digits);
  return good(digits, `SIRET ${digits} has a wrong check digit; look whether two digits were swapped`);
}

/** The check digit of a SIRET (Luhn); La Poste's establishments have their own rule: the digits add up to a multiple of 5. */
function passesLuhn(digits: string): boolean {
  let luhn = 0;
  let plain = 0;
  for (const [place, digit] of [...digits].entries()) {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    luhn += value > 9 ? value - 9 : value;
    plain += Number(digit);
  }
  return luhn % 10 === 0 || (digits.startsWith('356000000') && plain % 5 === 0);
}
