// What the token of an IT tool may do, and about which technical users.
import type { Environment } from '../account/technical-user.ts';
import { loginKeys } from '../parsing/login.ts';

/** submit: hand in passwords. report: say which version a connector uses, and that Chorus Pro refused it. read: GET alone. */
export const TOKEN_PURPOSES = ['submit', 'report', 'read'] as const;

export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

/** What a token may do; null for one made before there were purposes, which submits and reports. */
interface TokenGrant {
  readonly purpose: TokenPurpose | null;
  /** The only technical users that it is for, as they are registered; null: all. */
  readonly logins: readonly string[] | null;
  /** The only environment; null: both. */
  readonly environment: Environment | null;
}

/** An IT tool, by the token that it came with. */
export interface ApiTool extends TokenGrant {
  readonly name: string;
}

/** So many logins at most stand in one token: each request compares with them. */
export const MOST_TOKEN_LOGINS = 100;

export function isAllowed({ purpose }: ApiTool, wanted: TokenPurpose): boolean {
  return purpose === null ? wanted !== 'read' : purpose === wanted;
}

/**
 * The technical user that a tool names, as far as its token goes; null where that is another's. By the token alone, so that one who may
 * not know of a technical user cannot tell it from one that does not exist.
 */
export function withinGrant(
  { logins, environment: only }: ApiTool,
  login: string,
  environment: Environment | null,
): { readonly login: string; readonly environment: Environment | null } | null {
  if (only !== null && environment !== null && environment !== only) return null;
  const meant = logins === null ? login : registered(logins, login);
  return meant === undefined ? null : { login: meant, environment: only ?? environment };
}

/** The login that was typed, as the token has it: as it was typed comes first. */
function registered(logins: readonly string[], typed: string): string | undefined {
  const keys = loginKeys(typed);
  for (const key of keys) {
    const found = logins.find((login) => login.toLowerCase() === key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a token is for, in one line for people and for the audit trail: `read, of TECH_1_…@cpro.fr, in production`. */
export function grantWords({ purpose, logins, environment }: TokenGrant): string {
  const accounts = logins === null ? 'all technical users' : logins.join(' ');
  const where = environment === null ? '' : `, in ${environment}`;
  return `${purpose ?? 'submit and report'}, of ${accounts}${where}`;
}
