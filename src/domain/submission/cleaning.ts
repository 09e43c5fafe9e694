// What cleaning would make of a pasted password, and what it met on the way; the person decides, nothing is changed silently. The
// password is found in a paste that holds more: a label before it, the login beside it, a mail around it.
import {
  blankRuns,
  breaksLine,
  hasPortalShape,
  insideCurlyPair,
  insideStraightPair,
  linesOf,
  looksGenerated,
  straightened,
  withoutBlanks,
  withoutInvisible,
  withoutOuterBlanks,
} from '../parsing/characters.ts';
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

/** A password taken out of what stood around it; empty when nothing but the login or a label was there. */
interface Extract {
  readonly code: 'labelled' | 'login-and-password-block';
  readonly text: string;
}

// Blanks inside a line.
const GAP = '[\\p{Zs}\\t]*';

// What may follow « mot de passe » or « compte » before the colon, on the same line; bounded, for each of these words may
// begin a label itself, and would be followed to the end of the text from each.
const MORE =
  '(?:[\\p{Zs}\\t]+(?:technique|temporaire|provisoire|chorus(?:\\s*pro)?|api|du|de|la|le|compte|utilisateur|account|user|for|of|the|est|is|suivant)){0,8}';

const PASSWORD_LABEL = `(?:mots?[\\s-]*de[\\s-]*passe|mdp|password|passwd|pwd|pass)${MORE}`;

const LOGIN_LABEL = `(?:nom\\s+d['’]utilisateur|identifiant|login|utilisateur|username|user|compte|account)${MORE}`;

const OTHER_LABEL = `(?:siret|structure|environnement|date\\s+d['’]expiration|expiration|expire|expires)${MORE}`;

const AFTER_WORD = '(?<=^|[\\s/|;,(«“"\'’-])';

/** One sign between the login and the password. */
const SIGN = '(?:->|=>|[:/|;,=–—→-])';

/** A password never has a sign between it and a blank, so a sign next to the login, or with blanks on both sides, is layout. */
const SIGN_BEFORE = new RegExp(`^(?:${SIGN}|\\s+${SIGN}(?=\\s))`, 'u');

const SIGN_BEHIND = new RegExp(`(?:${SIGN}|(?<=\\s)${SIGN}\\s+)$`, 'u');

/** Shorter local parts of a login are words that could stand anywhere. */
const SHORTEST_LOCAL_PART = 8;

/** A password of the portal that a mail client has wrapped is on no more lines than it has characters. */
const MOST_LINES = 14;

/** What surrounds a password: its label, the login (with its label), the label of some other fact. */
type MarkKind = 'login' | 'password' | 'other';

interface Mark {
  readonly kind: MarkKind;
  readonly start: number;
  readonly end: number;
}

/** What stands between two marks, and which mark it follows; null for the first. */
interface Piece {
  readonly text: string;
  readonly follows: MarkKind | null;
}

/** The password in a text that has more in it; null when there is no sign of more. `login` is the one we know. */
function extractPassword(text: string, login: string): Extract | null {
  const marks = marksIn(text, login);
  if (marks.every(({ kind }) => kind === 'other')) {
    const found = settle(text);
    return found === text ? null : { code: 'labelled', text: found };
  }
  const code = marks.some(({ kind }) => kind === 'login') ? 'login-and-password-block' : 'labelled';
  const piece = likeliest(piecesOf(text, marks));
  return { code, text: unquoted(firstParagraph(settle(unquoted(piece)))) };
}

function marksIn(text: string, login: string): Mark[] {
  return [...text.matchAll(markPattern(login))].map((match) => {
    const { index, groups } = match;
    const found = Object.entries(groups ?? {}).find(([, part]) => part !== undefined)?.[0];
    const kind = found === 'login' || found === 'password' ? found : 'other';
    return { kind, start: index, end: index + match[0].length };
  });
}

/** Outlook writes a login with its link, `login<mailto:login>`; brackets and quotes beside a login are layout. */
function markPattern(login: string): RegExp {
  const [local = '', domain = ''] = login.split('@', 2).map((part) => RegExp.escape(part));
  const name = local.length < SHORTEST_LOCAL_PART ? RegExp.escape(login) : `${local}(?:@${domain})?`;
  const linked = `(?:(?:mailto:)?${name}<mailto:${name}>|<(?:mailto:)?${name}>|(?:mailto:)?${name})`;
  const whole = `(?<![\\p{L}\\p{N}_.])(?:[(«“]${GAP})?${linked}(?![\\p{L}\\p{N}_@])(?:\\)|${GAP}[»”])?`;
  const account = `(?:${AFTER_WORD}${LOGIN_LABEL}(?:${GAP}[:=])?\\s*)?${whole}`;
  const password = `${AFTER_WORD}${PASSWORD_LABEL}(?=[\\s:=»”]|$)${GAP}[»”]?${GAP}(?:[:=]|(?:->|=>|[–—→/-])(?=\\s))?`;
  const label = `(?:${LOGIN_LABEL}|${OTHER_LABEL})`;
  // The label first: to look behind from each blank of a long gap would be to read the gap as often as it is long.
  const other = `(?=${label})(?<=^|[\\n\\r/|;]${GAP})${label}${GAP}[:=]`;
  return new RegExp(`(?<login>${account})|(?<password>${password})|(?<other>${other})`, 'giu');
}

function piecesOf(text: string, marks: readonly Mark[]): Piece[] {
  return [null, ...marks].map((mark, place) => {
    const next = marks[place];
    const raw = text.slice(mark?.end ?? 0, next?.start);
    // The sign behind a label was taken with the label: one more belongs to the password.
    const begun = mark === null || mark.kind === 'password' ? raw : raw.replace(SIGN_BEFORE, '');
    const ended = next ? begun.replace(SIGN_BEHIND, '') : begun;
    return { text: withoutOuterBlanks(ended), follows: mark?.kind ?? null };
  });
}

/** What follows the password's label; without a label, what looks most like a password of the portal, or else what comes last. */
function likeliest(pieces: readonly Piece[]): string {
  const label = pieces.findIndex(({ follows }) => follows === 'password');
  const isUsable = ({ text, follows }: Piece) => text !== '' && follows !== 'other';
  const usable = pieces.filter(isUsable);
  const behind = label < 0 ? undefined : pieces.slice(label).find(isUsable);
  const looks = (test: (word: string) => boolean) => usable.findLast(({ text }) => test(withoutBlanks(text)));
  return (behind ?? looks(looksGenerated) ?? looks(hasPortalShape) ?? usable.at(-1))?.text ?? '';
}

/** The part of a text that looks like a password where the rest is prose; the text itself when none stands out. */
function settle(text: string): string {
  if (blankRuns(text).length === 0 || hasPortalShape(withoutBlanks(text))) return text;
  const lines = linesOf(text);
  for (let count = 1; count <= Math.min(lines.length, MOST_LINES); count++) {
    const head = lines.slice(0, count).join('\n');
    if (looksGenerated(withoutBlanks(head))) return withoutOuterBlanks(head);
  }
  const words = text.split(/[\s\x85]+/).filter(looksGenerated);
  return words.length === 1 ? (words[0] ?? text) : text;
}

/** What stands before the first empty line, unless the lines together make a password. */
function firstParagraph(text: string): string {
  if (hasPortalShape(withoutBlanks(text))) return text;
  return text.split(/\r?\n[^\S\n]*\r?\n/, 1)[0] ?? text;
}

/** Behind a label or beside a login, quotes hold the password; they are not of it. */
function unquoted(text: string): string {
  return insideStraightPair(text) ?? insideCurlyPair(text) ?? text;
}
