// Reads a SIRET as people type it and spreadsheets write it: fourteen digits with their check digit.
import { bad, good, type ParsedEntry, quoted } from './characters.ts';
import { joined, readAs, readValue } from './wrapping.ts';

/** The label that is copied with the number. */
const LABEL = /^(?:n(?:°|o|um[ée]ro) ?(?:de )?)?siret ?:? ?/i;
/** A spreadsheet that takes the digits for a number writes them so; no digit is lost. */
const DECIMALS = /^(.*\d)[.,]0{1,2}$/;
/** Signs that people put between groups of digits. */
const SIGN = /[ .,'’/_\u2010-\u2015\u2212-]/;

/**
 * Signs between the groups of digits, decimals without value and a label are no part of it. A wrong check digit is a warning:
 * test data has them.
 */
export function readSiret(raw: string): ParsedEntry<string> {
  const text = readValue(raw);
  if (!text.ok) return text;
  const digits = digitsIn(text.value);
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
  if (digits.length !== 14) {
    const siren = digits.length === 9 ? ': this is a SIREN; the SIRET has five digits more' : '';
    return bad(`${quoted(text.value)} has ${digits.length} digits, a SIRET has 14${siren}`);
  }
  const read = raw.replaceAll(/\s/g, '') === digits ? null : readAs(raw, digits);
  if (passesLuhn(digits)) return good(digits, read);
  return good(
    digits,
    joined(read, `SIRET ${digits} has a wrong check digit; look whether two digits were swapped`),
  );
}

/** The digits of a SIRET without what stands before, between and behind them; any other text without its blanks alone. */
function digitsIn(text: string): string {
  const number = text.replace(LABEL, '');
  const [, whole = number] = DECIMALS.exec(number) ?? [];
  const kept = whole.replaceAll(/\D/g, '').length >= 13 ? whole : number;
  // A single sign may be a decimal point, unless it stands before the five digits of the establishment.
  const groups = kept.split(SIGN);
  const isGrouped = groups.length > 2 || (groups[0]?.length === 9 && groups[1]?.length === 5);
  const digits = groups.join('');
  return isGrouped && /^\d{14}$/.test(digits) ? digits : kept.replaceAll(' ', '');
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
