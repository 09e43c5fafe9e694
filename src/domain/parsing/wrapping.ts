// Reads what stands for one thing (a number, a login, an address, a day) out of what programs put around it: a spreadsheet's marks
// of a text, quotes, the links and brackets of mail clients.
import {
  good,
  type ParsedEntry,
  quoted,
  readText,
  textInFormula,
  withoutBlanks,
  withoutInvisible,
} from './characters.ts';

/** Signs that people and programs put before and behind a value; no value begins or ends with one. */
const BEFORE = ' \'’‘"“«';
const BEHIND = ' \'’‘"”»';
/** And what follows a value in a sentence or a list. */
const SENTENCE = `${BEHIND};,.:`;

/** Nothing is around such a value: most are so, and lists are long. */
const PLAIN = /^\w[\w@./-]{0,200}$/;

/** What was made of a typed value, in words. */
export function readAs(raw: string, value: string): string {
  return `${quoted(raw.trim())} was read as ${value}`;
}

/** Several warnings as one; null when there is none. */
export function joined(...warnings: readonly (string | null)[]): string | null {
  const said = warnings.filter((warning) => warning !== null);
  return said.length === 0 ? null : said.join('; ');
}

/**
 * The text of one value. Blanks of any kind are blanks; what shows nothing, quotes at its ends and the apostrophe by which a
 * spreadsheet marks a text are no part of it, and a warning says that they were there.
 */
export function readValue(raw: string): ParsedEntry<string> {
  if (PLAIN.test(raw)) return good(raw);
  const typed = withoutInvisible(raw).replaceAll(/[\s\x85]+/g, ' ');
  const text = readText(within(textInFormula(typed.trim()) ?? typed, BEFORE, BEHIND));
  if (!text.ok || withoutBlanks(raw) === withoutBlanks(text.value)) return text;
  return { ...text, warning: readAs(raw, text.value) };
}

/** The text without any of these signs at its ends. By hand: a pattern for the end would try every run of signs before it. */
function within(text: string, before: string, behind: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && before.includes(text.charAt(start))) start++;
  while (end > start && behind.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The address or login that a link shows: `x<mailto:x>`, `Nom <x>`, `[x](mailto:x)`; a text that holds two stays as it is. */
export function linked(text: string): string {
  const whole = within(text, BEFORE, SENTENCE);
  const [, shown, target] = /^\[([^[\]]*)\]\(([^()]*)\)$/.exec(whole) ?? [];
  if (shown !== undefined && target !== undefined) return one(shown, target) ?? text;
  const open = whole.lastIndexOf('<');
  if (open < 0 || !whole.endsWith('>')) return bareTarget(whole);
  return one(whole.slice(0, open), whole.slice(open + 1, -1)) ?? text;
}

/** The target of a link, unless what it shows is another address. */
function one(shown: string, target: string): string | null {
  const [first, second] = [bareTarget(shown), bareTarget(target)];
  return first.includes('@') && first.toLowerCase() !== second.toLowerCase() ? null : second;
}

/** A target without its scheme and what a mail client would fill in (`?subject=…`). */
function bareTarget(text: string): string {
  const target = within(text, `${BEFORE}<`, SENTENCE);
  const address = target.replace(/^mailto:/i, '');
  return address === target
    ? target
    : within(address.replace(/\?.*$/s, '').replace('%40', '@'), BEFORE, SENTENCE);
}
