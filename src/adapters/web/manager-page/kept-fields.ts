// What of a form may be shown again after a fault: only what cannot be a password pasted into the wrong field.
import type { FormBody } from '../body-parser.ts';
import type { Kept } from './fields.ts';

/** A technical user's login. */
const LOGIN = /^TECH_[\w.-]{1,60}@[\w-]{1,40}(\.[\w-]{1,20})+$/i;
/** A day, a month as a number or a word, a year. */
const DATE = /^\d{1,4}[\s./-]{1,3}(\d{1,2}|\p{Ll}{3,9}\.?)[\s./-]{1,3}\d{2,4}$/u;

/**
 * The login and the date as they were typed, each left empty unless it has the shape of one: a password that was pasted
 * into the wrong field must not come back on a page.
 */
export function keptOf({ login, expiry, password }: FormBody, ownLogin: string): Kept {
  const secret = password.reveal().trim();
  const isOther = (text: string) => secret === '' || (text !== secret && !text.includes(secret));
  const typed = login.trim();
  const isLogin = LOGIN.test(typed) || typed.toLowerCase() === ownLogin.toLowerCase();
  const date = expiry.trim();
  return {
    login: isLogin && (isOther(typed) || typed.toLowerCase() === ownLogin.toLowerCase()) ? typed : '',
    expiry: DATE.test(date) && isOther(date) ? date : '',
  };
}
