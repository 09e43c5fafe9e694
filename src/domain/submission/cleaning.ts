// Cleans a pasted password and names what it found; the person decides, nothing is changed silently.
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
import { passwordInRow, undoubled, undressed } from './disguises.ts';
import type { FindingCode } from './submission.ts';

/** A cleaned text, and why it differs from what was typed; no codes when it does not. */
export interface Cleaning {
  readonly text: string;
  readonly codes: readonly FindingCode[];
}

/** Cleans one kind of accident; null when the text has none. Each makes the text shorter or straighter. */
type Rule = (text: string, login: string) => Cleaning | null;

/** A paste has a handful of accidents; one that takes more steps than this was made to exhaust us. */
const MOST_STEPS = 32;
/** Cleans until nothing is left to clean: cleaning a cleaned text changes nothing. Null when that takes too many steps. */
export function clean(typed: string, login: string): Cleaning | null {
  const codes = new Set<FindingCode>();
  let text = typed;
  for (let count = 0; count < MOST_STEPS; count++) {
    // A text with the portal's shape stays as it is, whatever characters it has.
    if (hasPortalShape(text)) return { text, codes: [...codes] };
    const steps = RULES.values().map((rule) => rule(text, login));
    const step = steps.find((one) => one !== null);
    if (step == null) return { text, codes: [...codes] };
    for (const code of step.codes) codes.add(code);
    text = step.text;
  }
  return null;
}

const RULES: readonly Rule[] = [
  dropInvisible,
  dropOuterBlanks,
  dropQuotes,
  extract,
  straightenQuotes,
  dropInnerBlanks,
  (text) => withCode(undoubled(text), 'doubled'),
  (text) => withCode(undressed(text), 'markup'),
];

function withCode(text: string | null, code: FindingCode): Cleaning | null {
  return text === null ? null : { text, codes: [code] };
}

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

/** Drops quotes around the whole text: curly ones, or straight ones around what is exactly a password of the portal. */
function dropQuotes(text: string): Cleaning | null {
  const straight = insideStraightPair(text);
  const inside = straight !== null && hasPortalShape(straight) ? straight : insideCurlyPair(text);
  return inside === null ? null : { text: inside, codes: ['curly-quotes'] };
}

function extract(text: string, login: string): Cleaning | null {
  const found = extractPassword(text, login);
  return found === null ? null : { text: found.text, codes: [found.code] };
}

function straightenQuotes(text: string): Cleaning | null {
  const straight = straightened(text);
  return straight === text ? null : { text: straight, codes: ['curly-quotes'] };
}

function dropInnerBlanks(text: string): Cleaning | null {
  const runs = blankRuns(text);
  return runs.length === 0 ? null : { text: withoutBlanks(text), codes: blankCodes(runs, 'inner-blanks') };
}

/** The kinds of blanks; ordinary ones beside a line break belong to the break. */
function blankCodes(runs: readonly string[], ordinary: FindingCode): FindingCode[] {
  const codes: FindingCode[] = [];
  if (runs.some(breaksLine)) codes.push('line-breaks');
  if (runs.some((run) => /[^\P{Zs} ]/u.test(run))) codes.push('no-break-spaces');
  if (runs.some((run) => /[ \t]/.test(run) && !breaksLine(run))) codes.push(ordinary);
  return codes;
}

/** An extracted password; empty when the text held only the login or a label. */
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

/** A shorter local part of a login is a word that could occur anywhere. */
const SHORTEST_LOCAL_PART = 8;

/** A wrapped password of the portal has no more lines than characters. */
const MOST_LINES = 14;

/** What surrounds a password: its label, the login (with its label), the label of another fact. */
type MarkKind = 'login' | 'password' | 'other';

interface Mark {
  readonly kind: MarkKind;
  readonly start: number;
  readonly end: number;
}

/** The text between two marks, and the mark before it; null for the first. */
interface Piece {
  readonly text: string;
  readonly follows: MarkKind | null;
}

/** The password in a text that contains more; null when nothing shows that it does. `login` is the one we know. */
function extractPassword(text: string, login: string): Extract | null {
  const marks = marksIn(text, login);
  if (marks.every(({ kind }) => kind === 'other')) {
    const found = passwordAmongWords(text);
    return found === text ? null : { code: 'labelled', text: found };
  }
  const code = marks.some(({ kind }) => kind === 'login') ? 'login-and-password-block' : 'labelled';
  const piece = likeliest(piecesOf(text, marks));
  return { code, text: unquoted(firstParagraph(passwordAmongWords(unquoted(piece)))) };
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
    // The label's mark includes the sign behind it: another one belongs to the password.
    const begun = mark === null || mark.kind === 'password' ? raw : raw.replace(SIGN_BEFORE, '');
    const ended = next ? begun.replace(SIGN_BEHIND, '') : begun;
    return { text: withoutOuterBlanks(ended), follows: mark?.kind ?? null };
  });
}

/**
 * What follows the password's label; without a label, what looks most like a password of the portal, or else the last
 * piece.
 */
function likeliest(pieces: readonly Piece[]): string {
  const label = pieces.findIndex(({ follows }) => follows === 'password');
  const isUsable = ({ text, follows }: Piece) => text !== '' && follows !== 'other';
  const usable = pieces.filter(isUsable);
  const behind = label < 0 ? undefined : pieces.slice(label).find(isUsable);
  const looks = (test: (word: string) => boolean) => usable.findLast(({ text }) => test(withoutBlanks(text)));
  return (behind ?? looks(looksGenerated) ?? looks(hasPortalShape) ?? usable.at(-1))?.text ?? '';
}

/** The part of a text that looks like a password when the rest is prose; the text itself when none stands out. */
function passwordAmongWords(text: string): string {
  if (hasPortalShape(withoutBlanks(text)) || undressed(text) !== null) return text;
  const lines = blankRuns(text).length === 0 ? [] : linesOf(text);
  for (let count = 1; count <= Math.min(lines.length, MOST_LINES); count++) {
    const head = lines.slice(0, count).join('\n');
    if (looksGenerated(withoutBlanks(head)))
      return withoutOuterBlanks(withWrappedSigns(head, lines.slice(count)));
  }
  const [word, ...more] = text.split(/[\s\x85]+/).filter(looksGenerated);
  if (word !== undefined) return more.length === 0 ? word : text;
  return passwordInRow(text) ?? text;
}

/** A password, with the signs at its end that a mail client put on lines of their own; two alike of these are a rule or a signature's mark. */
function withWrappedSigns(head: string, lines: readonly string[]): string {
  let whole = head;
  for (const line of lines) {
    const longer = `${whole}\n${line}`;
    const signs = line.trim();
    const isRule = /^([-_=*~])\1$/.test(signs);
    if (isRule || !/^[!-/:-@[-`{-~]{1,2}$/.test(signs) || !looksGenerated(withoutBlanks(longer))) break;
    whole = longer;
  }
  return whole;
}

/** The text before the first empty line, unless the lines together make a password. */
function firstParagraph(text: string): string {
  if (hasPortalShape(withoutBlanks(text))) return text;
  return text.split(/\r?\n[^\S\n]*\r?\n/, 1)[0] ?? text;
}

/** Behind a label or beside a login, quotes around the password are not part of it. */
function unquoted(text: string): string {
  return insideStraightPair(text) ?? insideCurlyPair(text) ?? text;
}
