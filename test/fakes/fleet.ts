// Makes technical users and people for tests: as values for the domain, as rows for the store.

import type { Database } from '../../src/adapters/database/database.ts';
import type { LastReminder, Person, TechnicalUser } from '../../src/domain/account/technical-user.ts';

/** A person as the domain sees one. */
export function person(id: number, email: string | null, changed: Partial<Person> = {}): Person {
  return { id, name: `Person ${id}`, email, language: 'fr', phone: null, dead: null, revived: 0, ...changed };
}

/** A technical user as the domain sees one; `portalOn` and `changedOn` are ISO dates. */
export function technicalUser(
  id: number,
  facts: { portalOn?: string; changedOn?: string },
  changed: Partial<TechnicalUser> = {},
): TechnicalUser {
  const day = (text?: string) => (text === undefined ? null : Temporal.PlainDate.from(text));
  return {
    id,
    login: `TECH_1_${String(id).padStart(14, '0')}@cpro.fr`,
    environment: 'production',
    version: 1,
    facts: { portalOn: day(facts.portalOn), changedOn: day(facts.changedOn) },
    validity: {},
    home: { siret: String(id).padStart(14, '0'), name: `Commune ${id}`, phone: null },
    further: [],
    principal: person(id, `manager${id}@example.test`),
    secondaries: [],
    lastReminder: null,
    answered: null,
    paused: null,
    service: null,
    retired: false,
    ...changed,
  };
}

/** The same technical user after it was told something. */
export const toldThat = (user: TechnicalUser, told: LastReminder): TechnicalUser => ({
  ...user,
  lastReminder: told,
});

/** One technical user with its structure and its people, for the store. */
export interface Planted {
  readonly login: string;
  readonly siret?: string;
  readonly name?: string;
  readonly environment?: 'production' | 'qualification';
  readonly portalOn?: string | null;
  readonly changedOn?: string | null;
  /** The principal manager's address; null for one without; undefined for nobody at all. */
  readonly manager?: string | null;
  readonly managerName?: string;
  readonly language?: 'fr' | 'en';
  readonly deputies?: readonly string[];
}

/** Puts technical users into the tables, as an import would leave them: to be looked at by the next tick. */
export async function plant(database: Database, users: readonly Planted[]): Promise<void> {
  await database.change(async (db) => {
    const personId = async (email: string | null, name: string, language: 'fr' | 'en') => {
      const key = email?.toLowerCase() ?? null;
      const known =
        key === null
          ? undefined
          : await db.selectFrom('people').select('id').where('email_key', '=', key).executeTakeFirst();
      if (known !== undefined) return known.id;
      const made = await db
        .insertInto('people')
        .values({ name, email, email_key: key, language })
        .returning('id')
        .executeTakeFirstOrThrow();
      return made.id;
    };
    for (const [index, user] of users.entries()) {
      const siret = user.siret ?? String(10_000_000_000_000 + index);
      const known = await db
        .selectFrom('structures')
        .select('id')
        .where('siret', '=', siret)
        .executeTakeFirst();
      let structureId = known?.id;
      if (structureId === undefined) {
        const made = await db
          .insertInto('structures')
          .values({ siret, name: user.name ?? `Commune ${index}` })
          .returning('id')
          .executeTakeFirstOrThrow();
        structureId = made.id;
        const language = user.language ?? 'fr';
        const mandate = async (role: 'principal' | 'secondary', id: number) => {
          await db
            .insertInto('mandates')
            .values({ structure_id: made.id, person_id: id, role, since: 0 })
            .execute();
        };
        if (user.manager !== undefined) {
          await mandate(
            'principal',
            await personId(user.manager, user.managerName ?? 'Madame Maire', language),
          );
        }
        for (const deputy of user.deputies ?? [])
          await mandate('secondary', await personId(deputy, 'Un adjoint', language));
      }
      await db
        .insertInto('technical_users')
        .values({
          login: user.login,
          login_key: user.login.toLowerCase(),
          environment: user.environment ?? 'production',
          structure_id: structureId,
          version: 1,
          retired: 0,
          changed_on: user.changedOn ?? null,
          portal_on: user.portalOn ?? null,
          wake_on: '',
          registered_at: 0,
        })
        .execute();
    }
  });
}
