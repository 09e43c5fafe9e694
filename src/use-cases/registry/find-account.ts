// Finds the technical user that an operator means: by its login, or by whatever names it and no other.
//
// Invariant: a text that is the login of anybody means that one, in whichever environment.
import type { Environment, TechnicalUser } from '../../domain/account/technical-user.ts';
import type { Registry } from '../../domain/ports/registry.ts';
import { bestNamed, RANKS } from '../../domain/registry/subject-match.ts';

type NamedSource = Pick<Registry, 'named' | 'near' | 'users'>;

export interface AccountSource {
  /** Technical users of a login, in either environment. */
  usersOf(login: string): Promise<readonly TechnicalUser[]>;
  readonly registry: NamedSource;
}

export type FoundAccount =
  /** `by`: its login, all of another field (SIRET, name, address of its own structure or people), or a part, which may mean another one. */
  | { readonly kind: 'found'; readonly user: TechnicalUser; readonly by: 'login' | 'whole' | 'part' }
  | { readonly kind: 'unknown'; readonly near: readonly string[] }
  /** One in each environment, and none was named. */
  | { readonly kind: 'both' }
  | SeveralAccounts;

/** The first of those that may be meant, how many there are, and the SIRET where one structure has them all. */
export interface SeveralAccounts {
  readonly kind: 'several';
  readonly users: readonly TechnicalUser[];
  readonly count: number;
  readonly siret: string | null;
}

/** The most that are listed where several are meant. */
const LISTED = 10;

/** By its login alone, as a list of passwords names it. */
export async function findLogin(
  { usersOf }: Pick<AccountSource, 'usersOf'>,
  login: string,
  environment: Environment | null,
): Promise<Exclude<FoundAccount, SeveralAccounts>> {
  const [user, ...others] = (await usersOf(login)).filter(
    (one) => environment === null || one.environment === environment,
  );
  if (user === undefined) return { kind: 'unknown', near: [] };
  return others.length > 0 ? { kind: 'both' } : { kind: 'found', user, by: 'login' };
}

export async function findAccount(
  source: AccountSource,
  typed: string,
  environment: Environment | null,
): Promise<FoundAccount> {
  const byLogin = await findLogin(source, typed, environment);
  if (byLogin.kind !== 'unknown') return byLogin;
  // A login of the other environment only.
  if ((await source.usersOf(typed)).length > 0)
    return { kind: 'unknown', near: await source.registry.near(typed) };
  return findNamed(source.registry, typed, environment);
}

/** By a name, a SIRET, an address or a part of them, where the text is no login. */
async function findNamed(
  registry: NamedSource,
  typed: string,
  environment: Environment | null,
): Promise<FoundAccount> {
  const named = bestNamed(await registry.named(typed), environment);
  const listed = named.slice(0, LISTED).map(({ id }) => id);
  const users = (await registry.users(listed)).toSorted(byStructure);
  const [user] = users;
  if (user === undefined) return { kind: 'unknown', near: await registry.near(typed) };
  if (named.length === 1)
    return { kind: 'found', user, by: named[0]?.rank === RANKS.whole ? 'whole' : 'part' };
  const isOne = new Set(named.map(({ structureId }) => structureId)).size === 1;
  return { kind: 'several', users, count: named.length, siret: isOne ? user.home.siret : null };
}

const { compare } = new Intl.Collator('fr');

function byStructure(a: TechnicalUser, b: TechnicalUser): number {
  return (
    compare(a.home.name, b.home.name) || compare(a.login, b.login) || compare(a.environment, b.environment)
  );
}
