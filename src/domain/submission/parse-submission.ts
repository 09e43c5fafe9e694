// Parses what a person submitted: every field is checked, and every finding is reported at once.
import type { Structure } from '../account/technical-user.ts';
import { hasControlCharacters } from '../parsing/characters.ts';
import { readExpiry } from '../parsing/expiry-date.ts';
import { checkLogin, folded, isAnyLogin, isLogin, namesOtherLogin, siretInLogin } from '../parsing/login.ts';
import { Secret } from '../shared/secret.ts';
import { type Cleaning, clean } from './cleaning.ts';
import { openedBlock, otherThingIn } from './disguises.ts';
import type { FindingCode, ParsedSubmission, SubmissionFinding, TypedSubmission } from './submission.ts';

/** What is known of the technical user whose password was submitted. */
export interface SubmissionContext {
  readonly login: string;
  /** The civil day in Europe/Paris. */
  readonly today: Temporal.PlainDate;
  readonly structure?: Structure;
}

/** No password is longer, in characters. */
const LONGEST = 200;
/** A longer paste is not searched for a password. */
const LONGEST_PASTE = 5_000;
/** The lengths of the portal's passwords: another one is a question, for it may be half of one, or more than one. */
const PORTAL_SHORTEST = 12;
const PORTAL_LONGEST = 14;

/** Nothing can be stored: it is no password, or not this account's. The other findings leave the choice to a person. */
const FATAL: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'empty',
  'label-alone',
  'is-login',
  'is-other-field',
  'is-date',
  'is-address',
  'is-link',
  'is-number',
  'is-mask',
  'too-long',
  'control-characters',
  'other-login',
]);

/**
 * Parses a submission: `wrong` when the password or its account cannot be right, `unclear` when a person must choose (the
 * cleaned text, or exactly what was typed), else `clear` with the very characters that were typed. An odd expiry date is
 * left out (`portalOn` null) and reported; it never costs the password.
 */
export function parseSubmission(typed: TypedSubmission, known: SubmissionContext): ParsedSubmission {
  const raw = typed.password.reveal();
  const { text, codes } = checkPassword(raw, typed, known);
  const login = checkLogin(typed.login, known.login);
  const { on: portalOn, code: odd } = readExpiry(typed.expiry, known.today);
  const doubts: SubmissionFinding[] = codes.map((code) => findingOf(code, text));
  if (login !== null) doubts.push({ field: 'login', code: login });
  const dated: SubmissionFinding[] = odd === null ? [] : [{ field: 'expiry', code: odd }];
  const findings = [...doubts, ...dated];
  if (findings.some(({ code }) => FATAL.has(code))) return { kind: 'wrong', findings };
  if (doubts.length === 0) return { kind: 'clear', password: typed.password, portalOn, findings: dated };
  return { kind: 'unclear', findings, cleaned: text === raw ? null : new Secret(text), portalOn };
}

function findingOf(code: FindingCode, text: string): SubmissionFinding {
  const isCounted = code === 'too-short' || code === 'longer';
  return { field: 'password', code, ...(isCounted ? { count: charactersIn(text) } : {}) };
}

/** How many characters people see in a text. */
export function charactersIn(text: string): number {
  return [...text].length;
}

/** The cleaned password and its findings; only the fatal one, if there is one. */
function checkPassword(raw: string, typed: TypedSubmission, known: SubmissionContext): Cleaning {
  if (raw.length > LONGEST_PASTE) return { text: raw, codes: ['too-long'] };
  if (hasControlCharacters(raw)) return { text: raw, codes: ['control-characters'] };
  const cleaning = cleanOrOpen(raw, known);
  if (cleaning === null) return { text: raw, codes: ['too-long'] };
  const fault = faultOf(raw, cleaning, typed, known);
  if (fault !== null) return { text: raw, codes: [fault] };
  const codes = [...cleaning.codes];
  const count = charactersIn(cleaning.text);
  if (count < PORTAL_SHORTEST) codes.push('too-short');
  if (count > PORTAL_LONGEST) codes.push('longer');
  if (/[^!-~]/.test(cleaning.text)) codes.push('unusual-characters');
  return { text: cleaning.text, codes };
}

/** Cleans a text, or the password in it where it is a login and a password in Base64. */
function cleanOrOpen(raw: string, { login }: SubmissionContext): Cleaning | null {
  const block = openedBlock(raw);
  const account = block === null ? 'login-malformed' : checkLogin(block.login, login);
  if (block === null || account === 'login-malformed') return clean(raw, login);
  if (account === 'other-login') return { text: raw, codes: ['other-login'] };
  const inside = hasControlCharacters(block.password) ? null : clean(block.password, login);
  return inside === null
    ? clean(raw, login)
    : { text: inside.text, codes: ['login-and-password-block', ...inside.codes] };
}

/** Why a text cannot be the password; null when it may be. */
function faultOf(
  raw: string,
  { text, codes }: Cleaning,
  typed: TypedSubmission,
  known: SubmissionContext,
): FindingCode | null {
  const candidates = [raw, text];
  if (candidates.some((one) => isLogin(one, known.login) || isAnyLogin(one))) return 'is-login';
  if (codes.includes('other-login') || namesOtherLogin(raw, known.login)) return 'other-login';
  if (text === '') return nothingIn(codes);
  if (candidates.some((one) => isOtherField(one, typed, known))) return 'is-other-field';
  for (const one of candidates) {
    const other = otherThingIn(one, known.today);
    if (other !== null) return other;
  }
  return text.length > LONGEST ? 'too-long' : null;
}

/** What was pasted where cleaning left nothing: the login, a label, or blanks. */
function nothingIn(codes: readonly FindingCode[]): FindingCode {
  if (codes.includes('login-and-password-block')) return 'is-login';
  return codes.includes('labelled') ? 'label-alone' : 'empty';
}

/** Whether a text is the content of another field, or what is known of the structure. */
function isOtherField(text: string, typed: TypedSubmission, known: SubmissionContext): boolean {
  const { structure } = known;
  const others = [typed.login, typed.expiry, structure?.name, structure?.siret, siretInLogin(known.login)];
  const own = folded(text);
  return others.some((other) => typeof other === 'string' && folded(other) === own);
}
