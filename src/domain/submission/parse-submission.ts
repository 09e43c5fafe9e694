// Reads what a person handed in: every field is judged, and everything noticed is told at once.
import type { Structure } from '../account/technical-user.ts';
import { hasControlCharacters } from '../parsing/characters.ts';
import { readExpiry } from '../parsing/expiry-date.ts';
import { folded, isAnyLogin, isLogin, judgeLogin, namesOtherLogin, siretInLogin } from '../parsing/login.ts';
import { Secret } from '../shared/secret.ts';
import { type Cleaning, clean } from './cleaning.ts';
import type { Finding, FindingCode, ParsedSubmission, Typed } from './submission.ts';

/** What we know of the technical user that a password was handed in for. */
export interface Known {
  readonly login: string;
  /** The civil day in Europe/Paris. */
  readonly today: Temporal.PlainDate;
  readonly structure?: Structure;
}

/** Beyond this many characters nothing is a password any more. */
const LONGEST = 200;
/** Beyond this many, nobody looks for a password in it. */
const LONGEST_PASTE = 5_000;
/** Fewer than this are half of a password. */
const SHORTEST = 8;

/** Nothing can be kept: it is no password, or not this account's. The other findings leave the choice to a person. */
const FATAL: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'empty',
  'is-login',
  'is-other-field',
  'too-long',
  'control-characters',
  'other-login',
]);

/**
 * Reads a submission: `wrong` when the password or its account cannot be right, `unclear` when a person must choose
 * (what cleaning makes of it, or exactly what was typed), else `clear` with the very characters that were typed.
 * A date that is odd in any way is left out (`portalOn` null) and told; it never costs the password.
 */
export function parseSubmission(typed: Typed, known: Known): ParsedSubmission {
  const raw = typed.password.reveal();
  const { text, codes } = judgePassword(raw, typed, known);
  const login = judgeLogin(typed.login, known.login);
  const expiry = readExpiry(typed.expiry, known.today);
  const findings: Finding[] = codes.map((code) => ({ field: 'password', code }));
  if (login !== null) findings.push({ field: 'login', code: login });
  if (expiry.code !== null) findings.push({ field: 'expiry', code: expiry.code });
  if (findings.some(({ code }) => FATAL.has(code))) return { kind: 'wrong', findings };
  if (findings.length === 0) return { kind: 'clear', password: typed.password, portalOn: expiry.on };
  return { kind: 'unclear', findings, cleaned: text === raw ? null : new Secret(text), portalOn: expiry.on };
}

/** The password cleaned, and all that was noticed; only what is fatal, when something is. */
function judgePassword(raw: string, typed: Typed, known: Known): Cleaning {
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
function faultOf(raw: string, { text, codes }: Cleaning, typed: Typed, known: Known): FindingCode | null {
  const readings = [raw, text];
  if (readings.some((one) => isLogin(one, known.login) || isAnyLogin(one))) return 'is-login';
  if (namesOtherLogin(raw, known.login)) return 'other-login';
  if (text === '') return codes.includes('login-and-password-block') ? 'is-login' : 'empty';
  if (readings.some((one) => isOtherField(one, typed, known))) return 'is-other-field';
  return text.length > LONGEST ? 'too-long' : null;
}

/** Whether a text is what stands in another field, or what is known of the structure. */
function isOtherField(text: string, typed: Typed, known: Known): boolean {
  const { structure } = known;
  const others = [typed.login, typed.expiry, structure?.name, structure?.siret, siretInLogin(known.login)];
  const own = folded(text);
  return others.some((other) => typeof other === 'string' && folded(other) === own);
}
