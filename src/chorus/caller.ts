// An account in whose name calls are made: the headers that go out, and what hides them in what comes back.
import type { Secret } from '../domain/secret.ts';
import type { Errand } from './gate.ts';
import { type Hidden, hide, hideAccount, type Strike, strikeOut } from './strike-out.ts';

/** An account that is asked about, with the token of the moment. */
export interface Caller {
  readonly headers: Readonly<Record<string, string>>;
  readonly strike: Strike;
  readonly errand: Errand;
}

/** Makes a caller of a token, a login and a password. */
export type Callers = (token: Secret, login: string, password: Secret, errand: Errand) => Caller;

const JSON_TYPE = 'application/json;charset=utf-8';

/** The callers of one application; `clientSecret` and the token are hidden as well. */
export function openCallers(clientSecret: Secret): Callers {
  const ours = hide(clientSecret.reveal());
  // A token is prepared once for all who use it.
  let latest: { readonly token: Secret; readonly hidden: readonly Hidden[] } | null = null;
  return (token, login, password, errand) => {
    if (latest?.token !== token) latest = { token, hidden: [...ours, ...hide(token.reveal())] };
    const headers = {
      Authorization: `Bearer ${token.reveal()}`,
      // Base64 of the UTF-8 bytes, on one line.
      'cpro-account': Buffer.from(`${login}:${password.reveal()}`, 'utf8').toString('base64'),
      'Content-Type': JSON_TYPE,
      Accept: JSON_TYPE,
    };
    const strike = strikeOut([...hideAccount(login, password.reveal()), ...latest.hidden]);
    return { headers, strike, errand };
  };
}
