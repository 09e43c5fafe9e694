// The registry with its history: edits it in one transaction, and reads what an edit mentions in a few statements.
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Registry, SortKey } from '../../../domain/ports/registry.ts';
import { userKey } from '../../../domain/registry/registration.ts';
import type {
  EditScope,
  KnownPerson,
  KnownRegistry,
  KnownStructure,
  KnownUser,
} from '../../../domain/registry/registry.ts';
import { type Database, inChunks } from '../database.ts';
import type { PeopleTable } from '../schema/registry.ts';
import type { Schema } from '../schema/schema.ts';
import { allTechnicalUsers, datesOf, loadTechnicalUsers, pauseIn } from '../technical-users.ts';
import { readDossier } from './dossier.ts';
import { readMemory } from './memory.ts';
import { readNamed, readNear } from './search.ts';
import { writeEdits } from './write.ts';

/** The registry in a database; the same on either engine. */
export function openRegistry(database: Database): Registry {
  return {
    edit: (mentioned, stamp, decide) =>
      database.change(async (trx) => {
        const known = await readKnown(trx, mentioned);
        const { edits, answer } = decide(known, await readMemory(trx, known));
        if (edits !== null) await writeEdits(trx, edits, stamp);
        return answer;
      }),
    everyone: () => allTechnicalUsers(database.db),
    keys: ({ structures }) => accountKeys(database.db, structures),
    structures: (sirets) => readStructures(database.db, sirets),
    unserved: async () => {
      const { count } = await database.db
        .selectFrom('structures as s')
        .select((e) => e.fn.countAll<number | string>().as('count'))
        .where('s.id', 'not in', (q) => q.selectFrom('technical_users').select('structure_id'))
        .where('s.id', 'not in', (q) => q.selectFrom('user_structures').select('structure_id'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    users: (ids) => loadTechnicalUsers(database.db, { ids }),
    dossier: (subject, environment) => readDossier(database.db, subject, environment),
    named: (text) => readNamed(database.db, text),
    near: (subject) => readNear(database.db, subject),
  };
}

/** Reads the mentioned technical users, their structures and the mentioned ones, and the people of all these. */
async function readKnown(db: Kysely<Schema>, mentioned: EditScope): Promise<KnownRegistry> {
  const users = await readUsers(db, mentioned.logins);
  const theirs = [...users.values()].flatMap((user) => [user.home, ...user.further]);
  const { structures, people } = await readStructures(db, [...new Set([...mentioned.sirets, ...theirs])]);
  const addressed = await inChunks(mentioned.addresses, (keys) =>
    db.selectFrom('people').selectAll().where('email_key', 'in', keys).execute(),
  );
  for (const row of addressed) people.set(row.id, personOf(row));
  return { structures, people, users };
}

async function readUsers(db: Kysely<Schema>, logins: readonly string[]): Promise<Map<string, KnownUser>> {
  const rows = await inChunks(logins, (chunk) =>
    db
      .selectFrom('technical_users as u')
      .innerJoin('structures as s', 's.id', 'u.structure_id')
      .selectAll('u')
      .select('s.siret')
      .where('u.login_key', 'in', chunk)
      .execute(),
  );
  const ids = rows.map((row) => row.id);
  const further = await readFurther(db, ids);
  return new Map(
    rows.map((row): [string, KnownUser] => [
      userKey(row.login, row.environment),
      {
        id: row.id,
        login: row.login,
        environment: row.environment,
        home: row.siret,
        further: (further.get(row.id) ?? []).map(({ siret }) => siret),
        version: row.version,
        changedOn: row.changed_on,
        portalOn: row.portal_on,
        validity: row.validity,
        latest: row.latest,
        retired: row.retired === 1,
        paused: pauseIn(row),
      },
    ]),
  );
}

async function readFurther(db: Kysely<Schema>, userIds: readonly number[]) {
  const rows = await inChunks(userIds, (ids) =>
    db
      .selectFrom('user_structures as f')
      .innerJoin('structures as s', 's.id', 'f.structure_id')
      .select(['f.technical_user_id', 's.siret'])
      .where('f.technical_user_id', 'in', ids)
      .orderBy('s.siret')
      .execute(),
  );
  return Map.groupBy(rows, (row) => row.technical_user_id);
}

type PersonRow = Selectable<PeopleTable>;

function personOf({ id, name, email, language, phone, dead_since }: PersonRow): KnownPerson {
  return { id, name, email, language, phone, dead: dead_since !== null };
}

/** Structures with their current managers. */
async function readStructures(
  db: Kysely<Schema>,
  sirets: readonly string[],
): Promise<{ structures: Map<string, KnownStructure>; people: Map<number, KnownPerson> }> {
  const rows = await inChunks(sirets, (chunk) =>
    db.selectFrom('structures').selectAll().where('siret', 'in', chunk).execute(),
  );
  const managers = await inChunks(
    rows.map((row) => row.id),
    (ids) =>
      db
        .selectFrom('mandates as m')
        .innerJoin('people as p', 'p.id', 'm.person_id')
        .selectAll('p')
        .select(['m.structure_id', 'm.role'])
        .where('m.structure_id', 'in', ids)
        .where('m.until', 'is', null)
        .orderBy('m.id')
        .execute(),
  );
  const people = new Map<number, KnownPerson>();
  const principals = new Map<number, number>();
  const deputies = new Map<number, number[]>();
  for (const row of managers) {
    people.set(row.id, personOf(row));
    if (row.role === 'principal') principals.set(row.structure_id, row.id);
    else deputies.set(row.structure_id, [...(deputies.get(row.structure_id) ?? []), row.id]);
  }
  const structures = rows.map(({ id, siret, name, phone }): [string, KnownStructure] => [
    siret,
    { id, siret, name, phone, principal: principals.get(id) ?? null, deputies: deputies.get(id) ?? [] },
  ]);
  return { structures: new Map(structures), people };
}

/** Keys in one page: rows of a few words. */
const KEY_PAGE = 5_000;

/** What a list of all is put in order by, in the order of logins. A fleet shares few dates: each is parsed once. */
async function* accountKeys(db: Kysely<Schema>, hasStructures: boolean): AsyncGenerator<readonly SortKey[]> {
  const known = new Map<string, SortKey['dates']>();
  const dates = (row: Parameters<typeof datesOf>[0]) => {
    const key = `${row.changed_on} ${row.portal_on} ${row.validity} ${row.latest}`;
    const found = known.get(key) ?? datesOf(row);
    known.set(key, found);
    return found;
  };
  const ask = (after: { readonly key: string; readonly environment: string } | null) =>
    db
      .selectFrom('technical_users as u')
      .select([
        'u.id',
        'login_key as key',
        'environment',
        'changed_on',
        'portal_on',
        'validity',
        'latest',
        'retired',
      ])
      .$if(hasStructures, (q) =>
        q.innerJoin('structures as s', 's.id', 'u.structure_id').select('s.name as structure'),
      )
      .$if(after !== null, (q) =>
        q.where(sql<boolean>`(login_key, environment) > (${after?.key}, ${after?.environment})`),
      )
      .orderBy('login_key')
      .orderBy('environment')
      .limit(KEY_PAGE)
      .execute();
  for (let rows = await ask(null); rows.length > 0; rows = await ask(rows.at(-1) ?? null)) {
    yield rows.map((row) => {
      const { id, environment, retired, structure = '' } = row;
      return { id, environment, retired: retired === 1, structure, dates: dates(row) };
    });
  }
}
