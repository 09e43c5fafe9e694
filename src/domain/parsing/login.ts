// Whether what was handed in speaks of the technical user we expect, or of another one.

import type { FindingCode } from '../submission/submission.ts';
import { withoutBlanks, withoutInvisible } from './characters.ts';
import { composed } from './entry.ts';

/** A login as Chorus Pro makes them, anywhere in a text. */
const CHORUS_PRO_LOGIN = /TECH_\d+_\d{14}(?:@cpro\.fr)?/gi;

/** A text made comparable: nothing invisible, no blanks, small letters, composed accents. */
export function folded(text: string): string {
  return composed(withoutBlanks(withoutInvisible(text))).toLowerCase();
}

/** What is odd about the login that was typed; null when it is the known one, or when the field was left empty. */
export function judgeLogin(typed: string, known: string): FindingCode | null {
  const login = bare(typed);
  if (login === '' || isLogin(typed, known)) return null;
  // Somebody's own mail address is a slip; a technical user's login means that its password may be pasted too.
  const domain = known.toLowerCase().split('@')[1];
  const [, , place] = /^([^@:/;,]+)(?:@([^@:/;,]+))?$/.exec(login) ?? [];
  const technical = /^tech_[^@:/;,]+(@[^@:/;,]+)?$/.test(login);
  const sameHouse = place !== undefined && ['cpro.fr', 'cpp2017.fr', domain].includes(place);
  return technical || sameHouse ? 'other-login' : 'login-malformed';
}

/** Whether a text is the known login, with or without what stands behind its @. */
export function isLogin(text: string, known: string): boolean {
  const login = bare(text);
  const whole = known.toLowerCase();
  return login === whole || login === whole.split('@', 1)[0];
}

/** Whether a text is some login of Chorus Pro and nothing else. */
export function isAnyLogin(text: string): boolean {
  return /^tech_\d+_\d{14}(@cpro\.fr)?$/.test(bare(text));
}

/** Whether a login of Chorus Pro other than the known one stands in a text: that password is another account's. */
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
