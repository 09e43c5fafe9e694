// Reads the login of a technical user as people type it, and tells the expected login from others in a text.
import {
  bad,
  composed,
  good,
  LONGEST_NAME,
  type ParsedEntry,
  quoted,
  textInFormula,
  withoutBlanks,
  withoutInvisible,
} from './characters.ts';
import { joined, linked, readAs, readValue } from './wrapping.ts';

/** What is odd about a login that was typed beside a password. */
export type LoginFindingCode = 'other-login' | 'login-malformed';

/** The form of Chorus Pro's logins, anywhere in a text. */
const CHORUS_PRO_LOGIN = /TECH_\d+_\d{14}(?:@cpro\.fr)?/gi;

/** The text in comparable form: nothing invisible, no blanks, small letters, composed accents. */
export function folded(text: string): string {
  return composed(withoutBlanks(withoutInvisible(text))).toLowerCase();
}

/** What is odd about the login that was typed; null when it is the known one, or when the field was left empty. */
export function checkLogin(typed: string, known: string): LoginFindingCode | null {
  const login = bare(typed);
  if (login === '' || isLogin(typed, known)) return null;
  // A person's own mail address is a slip; another technical user's login means that its password may be pasted too.
  const domain = known.toLowerCase().split('@')[1];
  const [, , place] = /^([^@:/;,]+)(?:@([^@:/;,]+))?$/.exec(login) ?? [];
  const technical = /^tech_[^@:/;,]+(@[^@:/;,]+)?$/.test(login);
  const isChorusDomain = place !== undefined && ['cpro.fr', 'cpp2017.fr', domain].includes(place);
  return technical || isChorusDomain ? 'other-login' : 'login-malformed';
}

/** Whether a text is the known login, with or without the part after its @. */
export function isLogin(text: string, known: string): boolean {
  const login = bare(text);
  const whole = known.toLowerCase();
  return login === whole || login === whole.split('@', 1)[0];
}

/** Whether a text is some login of Chorus Pro and nothing else. */
export function isAnyLogin(text: string): boolean {
  return /^tech_\d+_\d{14}(@cpro\.fr)?$/.test(bare(text));
}

/** Whether a text contains a login of Chorus Pro other than the known one: that password is another account's. */
export function namesOtherLogin(text: string, known: string): boolean {
  return [...withoutInvisible(text).matchAll(CHORUS_PRO_LOGIN)].some(([login]) => !isLogin(login, known));
}

/** The login alone in comparable form. */
function bare(text: string): string {
  const typed = folded(text);
  return withoutBlanks(loginIn(textInFormula(typed) ?? typed));
}

const LABEL =
  /^(?:login|identifiant|compte(?: ?technique)?|utilisateur(?: ?technique)?|user|username) ?[:=] ?/i;

/** The login in what people and mail clients make of it: no label, no link, no quotes, no escapes of a wiki. */
function loginIn(text: string): string {
  return linked(text.replace(LABEL, '')).replaceAll('\\_', '_');
}

/** A login of Chorus Pro without the blanks that a mail has put into it, and with the part after its @; others as they are. */
function completed(login: string): string {
  const [, account, domain] = /^(TECH_\d+_[a-z\d]+)(@cpro\.fr)?$/i.exec(withoutBlanks(login)) ?? [];
  return account === undefined ? login : `${account}${domain ?? '@cpro.fr'}`;
}

/** The SIRET inside a login such as `TECH_1_25900096600020@cpro.fr`; null when it has none. */
export function siretInLogin(login: string): string | null {
  return /^TECH_\d+_(\d{14})@/i.exec(login)?.[1] ?? null;
}

/**
 * The login of a technical user: one word, without what programs put around it and with the part after its @; one of another
 * form than Chorus Pro's is a warning.
 */
export function readLogin(raw: string): ParsedEntry<string> {
  const text = readValue(raw);
  if (!text.ok) return text;
  const login = completed(loginIn(text.value));
  if (/[\s<>"';,|]/.test(login)) {
    return bad(`${quoted(login)} is not a login: one word such as TECH_1_25900096600020@cpro.fr is expected`);
  }
  if (login.length > LONGEST_NAME) return bad(`the login has ${login.length} characters`);
  const read = login === raw.trim() ? null : readAs(raw, login);
  if (/^TECH_\d+_\d{14}@cpro\.fr$/i.test(login)) return good(login, read);
  const odd = `login ${login} is not like those of Chorus Pro (TECH_1_25900096600020@cpro.fr)`;
  return good(login, joined(read, odd));
}

/**
 * The forms in which a typed login may be registered, in small letters: as it was typed, and as it is read. The first comes first:
 * earlier versions kept a login without the part after its @ as one of its own.
 */
export function loginKeys(typed: string): readonly string[] {
  const read = readLogin(typed);
  return [...new Set([typed.trim(), ...(read.ok ? [read.value] : [])])].map((login) => login.toLowerCase());
}

/** Other spellings of a login under which earlier versions may have stored it: they stored it as the list had it. */
export function formerSpellings(login: string): readonly string[] {
  const [, account] = /^(TECH_\d+_[a-z\d]+)@cpro\.fr$/i.exec(login) ?? [];
  return account === undefined ? [] : [account, `mailto:${login}`];
}
