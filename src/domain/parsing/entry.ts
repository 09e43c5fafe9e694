// What a person typed into a cell or an option, made into a value that can be trusted, or a fault that says what is right.
import type { Environment } from '../account/expiry.ts';
import type { Language } from '../account/technical-user.ts';

/** A value read from what was typed (with a remark, if something is odd), or what is wrong with it. */
export type Entry<T> =
  | { readonly ok: true; readonly value: T; readonly warning: string | null }
  | { readonly ok: false; readonly fault: string };

/** An entry that can be used. */
export function good<T>(value: T, warning: string | null = null): Entry<T> {
  return { ok: true, value, warning };
}

/** An entry that cannot be used; `fault` says what would be right. */
export function bad(fault: string): { readonly ok: false; readonly fault: string } {
  return { ok: false, fault };
}

/** Longest text accepted in one cell, in characters. */
const LONGEST_CELL = 4_000;
export const LONGEST_NAME = 200;

/** Line ends, control and format characters: none belongs in a cell, and some could forge the head of a letter. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\uFFFD]/u;

/** Shows a cell in a message: cut short, without what cannot be printed. */
export function quoted(text: string): string {
  const plain = text.replaceAll(new RegExp(INVISIBLE, 'gu'), '·');
  return `“${plain.length > 60 ? `${plain.slice(0, 57)}…` : plain}”`;
}

/** No writing has more marks on one letter (UAX #15, stream-safe text): to sort them takes their number squared. */
const MANY_MARKS = /\p{M}{31}/u;

/** A text with its accents composed; one that heaps marks on a letter is left as it is. */
export function composed(text: string): string {
  return MANY_MARKS.test(text) ? text : text.normalize('NFC');
}

/**
 * A text fit to be kept: trimmed, blanks of every kind made into single spaces, accents composed. Faults: a formula,
 * a control or invisible character, a character lost to a wrong encoding, too long a text.
 */
export function readText(raw: string): Entry<string> {
  const odd = INVISIBLE.exec(raw.replace(/^\uFEFF/, ''))?.[0];
  if (odd !== undefined) return bad(oddCharacter(odd));
  const text = composed(raw.replaceAll(/\s+/g, ' ').trim());
  if (text.length > LONGEST_CELL) {
    return bad(`the cell has ${text.length} characters; at most ${LONGEST_CELL} are accepted`);
  }
  if (/^[=+@-]/.test(text)) {
    return bad(
      `${quoted(text)} begins with “${text.charAt(0)}”, which spreadsheets run as a formula; write the value itself, or leave the cell empty`,
    );
  }
  return good(text);
}

function oddCharacter(odd: string): string {
  const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (odd === '\n' || odd === '\r' || odd === '\u2028' || odd === '\u2029') {
    return `the cell contains a line break (${code}); write it on one line`;
  }
  if (odd === '\uFFFD') {
    return `a character was lost when the file was saved (${code}); save it again as “CSV UTF-8” and type the cell again`;
  }
  return `the cell contains a character that cannot be seen (${code}); type the cell again without it`;
}

/** A name of a person or a structure: text without angle brackets, at most 200 characters. */
export function readName(raw: string): Entry<string> {
  const text = readText(raw);
  if (!text.ok) return text;
  if (/[<>]/.test(text.value)) {
    return bad(`${quoted(text.value)} contains < or >; write the name alone, without an address`);
  }
  if (text.value.length > LONGEST_NAME) {
    return bad(`the name has ${text.value.length} characters; at most ${LONGEST_NAME} are accepted`);
  }
  return text;
}

/** `production` or `qualification`, in any case. */
export function readEnvironment(raw: string): Entry<Environment> {
  const word = raw.trim().toLowerCase();
  if (word === 'production' || word === 'qualification') return good(word);
  return bad(`${quoted(raw.trim())} is not an environment: production or qualification is expected`);
}

/** `fr` or `en`, in any case. */
export function readLanguage(raw: string): Entry<Language> {
  const word = raw.trim().toLowerCase();
  if (word === 'fr' || word === 'en') return good(word);
  return bad(`${quoted(raw.trim())} is not a language of the letters: fr or en is expected`);
}
