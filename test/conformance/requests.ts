// What the conformance suite sends: the forms of the token call and of calls below /cpro/, and the two kinds of accounts they bear.
import { randomBytes } from 'node:crypto';
import type { Sent } from './bare-http.ts';
import type { Target } from './target.ts';

/** A call below `/cpro/`. */
export interface Call {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  /** `{}` where none is given. */
  readonly body?: string;
  readonly type?: string;
}

/** Headers, or fields of a form, by name; null leaves one out. */
export type Headers = Readonly<Record<string, string | null>>;

/** How the account is presented: as it should be, or in another form of the same whole password. */
export type Form = 'plain' | 'prefixed' | 'unpadded' | 'wrong password';

const JSON_TYPE = 'application/json;charset=utf-8';
const STRANGER = 'TECH_1_00000000000000@cpro.fr';

/** A login that belongs to nobody: a SIRET of zeros, and an end that no address has. */
export const strangerLogin = (): string => `${STRANGER}.${randomBytes(6).toString('hex')}`;

/** The value of `cpro-account`. */
const accountHeader = (login: string, password: string): string =>
  Buffer.from(`${login}:${password}`, 'utf8').toString('base64');

/**
 * The value of `cpro-account` that is meant to be refused. Throws for the target's own login, and for any other that is
 * not plainly made up: a refusal may count against an account, and five may lock it.
 */
export function refusedHeader(target: Target, login: string): string {
  const isTheirs = login.trim().toLowerCase() === target.account.login.trim().toLowerCase();
  if (isTheirs || !login.startsWith(`${STRANGER}.`)) {
    throw new Error('A refused call may only bear a made-up login');
  }
  return accountHeader(login, randomBytes(9).toString('base64'));
}

/** The real account as `cpro-account` bears it. */
export function formed(target: Target, form: Form): string {
  if (form === 'wrong password') return accountHeader(target.account.login, 'made up and wrong');
  const plain = accountHeader(target.account.login, target.account.password.reveal());
  if (form === 'prefixed') return `Basic ${plain}`;
  return form === 'unpadded' ? plain.replace(/=+$/, '') : plain;
}

/** The token call with these fields in place of the right ones; null leaves one out. */
export function tokenCall(target: Target, change: Headers): Sent {
  const right = {
    grant_type: 'client_credentials',
    client_id: target.clientId,
    client_secret: target.clientSecret.reveal(),
    scope: 'openid',
  };
  return {
    method: 'POST',
    url: target.tokenUrl,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
    body: new URLSearchParams(kept({ ...right, ...change })).toString(),
  };
}

/** A call below `root`; headers that are null stay out. */
export function apiCall(
  root: string,
  { path, method = 'POST', body = '{}', type = JSON_TYPE }: Call,
  headers: Headers,
): Sent {
  const about = method === 'POST' ? { 'Content-Type': type } : {};
  const url = `${root}/cpro/${path}`;
  return { method, url, headers: kept({ ...about, Accept: JSON_TYPE, ...headers }), body };
}

const kept = (fields: Headers) =>
  Object.fromEntries(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null));
