// Parses what a person submitted: every field is checked, and every finding is reported at once.
import type { Structure } from '../account/technical-user.ts';
import { hasControlCharacters } from '../parsing/characters.ts';
import { readExpiry } from '../parsing/expiry-date.ts';
import { checkLogin, folded, isAnyLogin, isLogin, namesOtherLogin, siretInLogin } from '../parsing/login.ts';
import { Secret } from '../shared/secret.ts';
import { type Cleaning, clean } from './cleaning.ts';
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
/** A shorter text is half of a password. */
const SHORTEST = 8;

/** Nothing can be stored: it is no password, or not this account's. The other findings leave the choice to a person. */
const FATAL: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'empty',
  'is-login',
  'is-other-field',
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
  const expiry = readExpiry(typed.expiry, known.today);
  const findings: SubmissionFinding[] = codes.map((code) => ({ field: 'password', code }));
  if (login !== null) findings.push({ field: 'login', code: login });
  if (expiry.code !== null) findings.push({ field: 'expiry', code: expiry.code });
  if (findings.some(({ code }) => FATAL.has(code))) return { kind: 'wrong', findings };
  if (findings.length === 0) return { kind: 'clear', password: typed.password, portalOn: expiry.on };
  return { kind: 'unclear', findings, cleaned: text === raw ? null : new Secret(text), portalOn: expiry.on };
}

/** The cleaned password and its findings; only the fatal one, if there is one. */
function checkPassword(raw: string, typed: TypedSubmission, known: SubmissionContext): Cleaning {
  if (raw.length > LONGEST_PASTE) return { text: raw, codes: ['too-long'] };
  if (hasControlCharacters(raw)) return { text: raw, codes: ['control-characters'] };
  const cleaning = clean(raw, known.login);
  if (cleaning === null) return { text: raw, codes: ['too-long'] };
  const fault = faultOf(raw, cleaning, typed, known);
  if (fault !== null) return { text: raw, codes: [fault] };
  const codes = [...cleaning.codes];
  if (cleaning.text.length < SHORTEST) codes.push('too-short');
  if (/[^!-~]/.test(cleaning.text)) codes.push('unusual-characters');
  return { text: cleaning.text, codes };
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
  if (namesOtherLogin(raw, known.login)) return 'other-login';
  if (text === '') return codes.includes('login-and-password-block') ? 'is-login' : 'empty';
  if (candidates.some((one) => isOtherField(one, typed, known))) return 'is-other-field';
  return text.length > LONGEST ? 'too-long' : null;
}

/** Whether a text is the content of another field, or what is known of the structure. */
function isOtherField(text: string, typed: TypedSubmission, known: SubmissionContext): boolean {
  const { structure } = known;
  const others = [typed.login, typed.expiry, structure?.name, structure?.siret, siretInLogin(known.login)];
  const own = folded(text);
  return others.some((other) => typeof other === 'string' && folded(other) === own);
}
