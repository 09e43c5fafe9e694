// What cleaning would make of a pasted password, and what it met on the way; the person decides, nothing is changed silently.
import {
  blankRuns,
  breaksLine,
  hasPortalShape,
  insideCurlyPair,
  insideStraightPair,
  straightened,
  withoutBlanks,
  withoutInvisible,
  withoutOuterBlanks,
} from '../parsing/characters.ts';
import { extractPassword } from './extract-password.ts';
import type { FindingCode } from './submission.ts';

/** A cleaned text, and why it differs from what was typed; no codes when it does not. */
export interface Cleaning {
  readonly text: string;
  readonly codes: readonly FindingCode[];
}

/** One kind of accident: what it makes of the text, or null where there is none of it. Each makes the text shorter or straighter. */
type Rule = (text: string, login: string) => Cleaning | null;

/** A paste has a handful of accidents. One that takes more steps than these was made to keep us busy. */
const MOST_STEPS = 32;

/** Cleans until nothing is left to clean: cleaning a cleaned text changes nothing. Null where that takes too many steps. */
export function clean(typed: string, login: string): Cleaning | null {
  const codes = new Set<FindingCode>();
  let text = typed;
  for (let count = 0; count < MOST_STEPS; count++) {
    // What has the portal's shape is left alone, whatever odd signs it has.
    if (hasPortalShape(text)) return { text, codes: [...codes] };
    const step = firstStep(text, login);
    if (step === null) return { text, codes: [...codes] };
    for (const code of step.codes) codes.add(code);
    text = step.text;
  }
  return null;
}

function firstStep(text: string, login: string): Cleaning | null {
  for (const rule of RULES) {
    const step = rule(text, login);
    if (step !== null) return step;
  }
  return null;
}

const RULES: readonly Rule[] = [
  dropInvisible,
  dropOuterBlanks,
  dropPair,
  takeOut,
  straightenQuotes,
  dropInnerBlanks,
];

function dropInvisible(text: string): Cleaning | null {
  const seen = withoutInvisible(text);
  return seen === text ? null : { text: seen, codes: ['invisible-characters'] };
}

function dropOuterBlanks(text: string): Cleaning | null {
  const inside = withoutOuterBlanks(text);
  if (inside === text) return null;
  const start = text.search(/[^\s\x85]/);
  const ends = inside === '' ? [text] : [text.slice(0, start), text.slice(start + inside.length)];
  return { text: inside, codes: blankCodes(ends, 'surrounding-blanks') };
}

/** Quotes that hold the whole text: curly ones, or straight ones around what is exactly a password of the portal. */
function dropPair(text: string): Cleaning | null {
  const straight = insideStraightPair(text);
  const inside = straight !== null && hasPortalShape(straight) ? straight : insideCurlyPair(text);
  return inside === null ? null : { text: inside, codes: ['curly-quotes'] };
}

function takeOut(text: string, login: string): Cleaning | null {
  const extract = extractPassword(text, login);
  return extract === null ? null : { text: extract.text, codes: [extract.code] };
}

function straightenQuotes(text: string): Cleaning | null {
  const straight = straightened(text);
  return straight === text ? null : { text: straight, codes: ['curly-quotes'] };
}

function dropInnerBlanks(text: string): Cleaning | null {
  const runs = blankRuns(text);
  return runs.length === 0 ? null : { text: withoutBlanks(text), codes: blankCodes(runs, 'inner-blanks') };
}

/** What kinds of blanks there were; ordinary ones beside a line break belong to the break. */
function blankCodes(runs: readonly string[], ordinary: FindingCode): FindingCode[] {
  const codes: FindingCode[] = [];
  if (runs.some(breaksLine)) codes.push('line-breaks');
  if (runs.some((run) => /[^\P{Zs} ]/u.test(run))) codes.push('no-break-spaces');
  if (runs.some((run) => /[ \t]/.test(run) && !breaksLine(run))) codes.push(ordinary);
  return codes;
}
