// Reads telephone numbers as people type them: French ones with any signs between their digits, others with their country.
import { bad, good, type ParsedEntry, quoted, readText, withoutInvisible } from './characters.ts';

/** The most that one person or structure has: a desk and a mobile. */
const MOST = 2;
/** No number in the world has more digits (E.164), so a longer run holds several. */
const MOST_DIGITS = 15;

const EXPECTED = 'one such as 03 53 01 00 90, or +41 32 420 00 00, is expected';

/** Excel's own mark of a text. */
const TEXT_MARK = /^'(?=[+\d(])/;
/** A plus before digits, which is no formula. */
const PLUS = /^ *\+(?= ?[\d(])/;
/** What a spreadsheet makes of a number that it takes for one: `3,84E+08`, `384576585,0`. */
const ROUNDED = /^\d([.,]\d+)?E\+?\d+$/i;
const DECIMALS = /^(\d{9,12})[.,]0{1,2}$/;

const LABEL = /^(?:t[ée]l(?:[ée]phone)?|portable|mobile|fixe|standard|phone)\b\.? ?:? ?/i;
const EXTENSION = /^(.*\d)\)? ?\(?(?:poste|ext(?:ension)?|[px#])\.? ?:? ?(\d{1,6})\)?$/i;
const ABROAD = /^\(?(?:\+|00)\)? ?/;
/** Digits, and the signs that people put between them. */
const NUMBER = /^[+\d ()./\u2010-\u2015\u2212-]+$/;
const SIGNS = /[ ./\u2010-\u2015\u2212-]/g;

/**
 * One number or two, as people in France write them: `03 84 57 65 85 poste 12, +41 32 421 00 00`. A leading zero that a
 * spreadsheet dropped is put back, with a warning; the empty text stays empty.
 */
export function readPhones(raw: string): ParsedEntry<string> {
  const text = readPhoneText(raw);
  if (!text.ok) return text;
  if (ROUNDED.test(text.value)) {
    return bad(
      `${quoted(text.value)} is a telephone number that the spreadsheet has rounded: its last digits are lost; ` +
        'format the column as text, type the number again and save again',
    );
  }
  const numbers = new Set<string>();
  const warnings: string[] = [];
  for (const piece of piecesOf(text.value.replace(DECIMALS, '$1'))) {
    const number = readNumber(piece);
    if (!number.ok) return number;
    numbers.add(number.value);
    if (number.warning !== null) warnings.push(number.warning);
  }
  if (numbers.size > MOST) {
    return bad(`${quoted(text.value)} holds ${numbers.size} telephone numbers; at most ${MOST} are kept`);
  }
  return good([...numbers].join(', '), warnings.length === 0 ? null : warnings.join('; '));
}

/**
 * The text of a cell or an option that holds telephone numbers: it may begin with a plus, and have the invisible marks that
 * lists of contacts put around a number.
 */
export function readPhoneText(raw: string): ParsedEntry<string> {
  const typed = withoutInvisible(raw).replace(TEXT_MARK, '');
  const text = readText(typed.replace(PLUS, ''));
  return text.ok && PLUS.test(typed) ? good(`+${text.value}`) : text;
}

/** The numbers of a text, one by one; a run too long for one number is cut at its dashes and strokes. */
function piecesOf(text: string): string[] {
  return text
    .replaceAll(/, ?(?=poste|ext)/gi, ' ')
    .split(/[,;|]| ou | et | or | and /i)
    .flatMap((piece) => (piece.replaceAll(/\D/g, '').length > MOST_DIGITS ? piece.split(/ - |\//) : [piece]))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

function readNumber(piece: string): ParsedEntry<string> {
  const [, main = piece, extension] = EXTENSION.exec(piece) ?? [];
  const bare = main.replace(LABEL, '').trim();
  if (!NUMBER.test(bare)) return bad(`${quoted(piece)} is not a telephone number: ${EXPECTED}`);
  const number = ABROAD.test(bare) ? readAbroad(bare, piece) : readFrench(bare, piece);
  if (!number.ok || extension === undefined) return number;
  return good(`${number.value} poste ${extension}`, number.warning);
}

/** A number that names its country; one of France is written as at home. */
function readAbroad(bare: string, piece: string): ParsedEntry<string> {
  const rest = bare.replace(ABROAD, '').replace('(0)', ' ');
  const digits = rest.replaceAll(/[()]/g, '').replaceAll(SIGNS, '');
  if (/^330?[1-9]\d{8}$/.test(digits)) return good(inPairs(`0${digits.slice(-9)}`));
  // Ten digits that begin with 00 are a French number with a slip.
  const isShort = digits.length === 8 && !bare.includes('+');
  if (isShort || digits.startsWith('33') || !/^[1-9]\d{6,14}$/.test(digits)) {
    return bad(`${quoted(piece)} is not a telephone number: ${EXPECTED}`);
  }
  const groups = rest.replaceAll(/[()]/g, ' ').replaceAll(SIGNS, ' ').split(' ');
  return good(`+${groups.filter((group) => group !== '').join(' ')}`);
}

function readFrench(bare: string, piece: string): ParsedEntry<string> {
  const digits = bare.replaceAll(/[()]/g, '').replaceAll(SIGNS, '');
  if (/^0[1-9]\d{8}$/.test(digits)) return good(inPairs(digits));
  if (/^(?:33)?[1-9]\d{8}$/.test(digits)) {
    const number = inPairs(`0${digits.slice(-9)}`);
    return good(
      number,
      `${quoted(piece)} was read as ${number}: spreadsheets drop a leading zero or +; format the column as text`,
    );
  }
  if (!/^\d+$/.test(digits)) return bad(`${quoted(piece)} is not a telephone number: ${EXPECTED}`);
  if (digits.length > MOST_DIGITS) {
    return bad(`${quoted(piece)} has ${digits.length} digits; write a comma between two telephone numbers`);
  }
  return bad(`${quoted(piece)} has ${digits.length} digits, a French telephone number has 10: ${EXPECTED}`);
}

/** `0384576585` as `03 84 57 65 85`. */
function inPairs(digits: string): string {
  return digits.replaceAll(/\d\d(?=\d)/g, '$& ');
}
