// Reads the login of a technical user as people type it, and tells the expected login from others in a text.
import {
  bad,
  composed,
  good,
  LONGEST_NAME,
  type ParsedEntry,
  quoted,
  readText,
  withoutBlanks,
  withoutInvisible,
} from './characters.ts';

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

/** The login alone: no label, no link, no quotes, small letters. */
function bare(text: string): string {
  return folded(text)
    .replace(/^(?:login|identifiant|compte|utilisateur|user|username)[:=]/, '')
    .replace(/^[<«“"']?(?:mailto:)?/, '')
    .replace(/[>»”"']$/, '');
}

/** The SIRET inside a login such as `TECH_1_25900096600020@cpro.fr`; null when it has none. */
export function siretInLogin(login: string): string | null {
  return /^TECH_\d+_(\d{14})@/i.exec(login)?.[1] ?? null;
}

/** The login of a technical user: no blanks; one of another form than Chorus Pro's is a warning. */
export function readLogin(raw: string): ParsedEntry<string> {
  const text = readText(raw);
  if (!text.ok) return text;
  const login = text.value;
  if (/[\s<>"';,|]/.test(login)) {
    return bad(`${quoted(login)} is not a login: one word such as TECH_1_25900096600020@cpro.fr is expected`);
  }
  if (login.length > LONGEST_NAME) return bad(`the login has ${login.length} characters`);
  if (/^TECH_\d+_\d{14}@cpro\.fr$/i.test(login)) return good(login);
  return good(login, `login ${login} is not like those of Chorus Pro (TECH_1_25900096600020@cpro.fr)`);
}
