// What an import must know of earlier ones: reads and writes their cells, and reads who wrote last what is on record.
import type { Kysely } from 'kysely';
import {
  HANDOVER,
  handoverAt,
  handoverKey,
  type ImportedCells,
  type ImportMemory,
  lineKey,
  type Origin,
  originKey,
  originOf,
} from '../../../domain/registry/import-memory.ts';
import type { Subject } from '../../../domain/registry/registration.ts';
import type { KnownRegistry, KnownUser, RememberedCells } from '../../../domain/registry/registry.ts';
import { eachChunk, inChunks } from '../database.ts';
import type { Schema } from '../schema/schema.ts';

type Db = Kysely<Schema>;

/** The fields of the history that an import can write. */
const FIELDS: Readonly<Record<Subject, readonly string[]>> = {
  'technical-user': ['version', 'changed', 'date_changement', 'expires', 'date_expiration'],
  structure: ['structure', 'telephone_structure', 'gestionnaire', 'secondaires'],
  person: ['name', 'courriel', 'telephone', 'langue'],
};

/** The memory of everything that an import mentions. */
export async function readMemory(
  db: Db,
  { users, structures, people }: KnownRegistry,
): Promise<ImportMemory> {
  const byId = new Map([...users.values()].map((user) => [user.id, user]));
  const origins = new Map([
    ...(await originsOf(db, 'technical-user', [...byId.keys()])),
    ...(await handoversOf(db, [...byId.keys()])),
    ...(await originsOf(
      db,
      'structure',
      [...structures.values()].map(({ id }) => id),
    )),
    ...(await originsOf(db, 'person', [...people.keys()])),
  ]);
  return { cells: await cellsOf(db, byId), origins, removed: await removedFrom(db, byId) };
}

async function cellsOf(db: Db, users: ReadonlyMap<number, KnownUser>): Promise<Map<string, ImportedCells>> {
  const rows = await inChunks([...users.keys()], (ids) =>
    db.selectFrom('imported_lines').selectAll().where('technical_user_id', 'in', ids).execute(),
  );
  return new Map(
    rows.flatMap(({ technical_user_id, siret, cells }) => {
      const user = users.get(technical_user_id);
      return user === undefined ? [] : [[lineKey({ ...user, siret }), JSON.parse(cells) as ImportedCells]];
    }),
  );
}

/** The last entry of the history about each field. */
async function originsOf(
  db: Db,
  subject: Subject,
  ids: readonly number[],
): Promise<(readonly [string, Origin])[]> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .selectFrom('events')
      .select(['subject_id', 'field', 'at', 'who', 'why', 'old_value', 'new_value'])
      .where('id', 'in', (latest) =>
        latest
          .selectFrom('events')
          .select((eb) => eb.fn.max('id').as('id'))
          .where('subject', '=', subject)
          .where('subject_id', 'in', chunk)
          .where('field', 'in', FIELDS[subject])
          .groupBy(['subject_id', 'field']),
      )
      .execute(),
  );
  return rows.map((row) => [originKey(subject, row.subject_id, row.field), originOf(row)]);
}

/** The last handover of each technical user, also where an import or a correction wrote a version since. */
async function handoversOf(db: Db, ids: readonly number[]): Promise<(readonly [string, Origin])[]> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .selectFrom('events')
      .select(['subject_id', (eb) => eb.fn.max('at').as('at')])
      .where('subject', '=', 'technical-user')
      .where('subject_id', 'in', chunk)
      .where('field', '=', 'version')
      .where('who', '=', HANDOVER)
      .groupBy('subject_id')
      .execute(),
  );
  return rows.map(({ subject_id, at }) => [handoverKey(subject_id), handoverAt(Number(at))]);
}

/** Who took structures from technical users: a correction alone can. */
async function removedFrom(db: Db, users: ReadonlyMap<number, KnownUser>): Promise<Map<string, Origin>> {
  const rows = await inChunks([...users.keys()], (ids) =>
    db
      .selectFrom('events')
      .select(['subject_id', 'at', 'who', 'why', 'old_value', 'new_value'])
      .where('subject', '=', 'technical-user')
      .where('subject_id', 'in', ids)
      .where('field', '=', 'further')
      .where('old_value', 'is not', null)
      .orderBy('id')
      .execute(),
  );
  return new Map(
    rows.flatMap((row) => {
      const user = users.get(row.subject_id);
      const gone = (row.old_value ?? '').split(', ').filter((siret) => !user?.further.includes(siret));
      return user === undefined
        ? []
        : gone
            .filter((siret) => siret !== user.home)
            .map((siret) => [lineKey({ ...user, siret }), originOf(row)]);
    }),
  );
}

/** Remembers the cells of an import; `db` is a transaction. */
export async function writeCells(
  db: Db,
  remembered: readonly RememberedCells[],
  storedId: (userId: number) => number,
): Promise<void> {
  const rows = remembered.map(({ userId, siret, cells }) => ({
    technical_user_id: storedId(userId),
    siret,
    cells: JSON.stringify(cells),
  }));
  await eachChunk(rows, (chunk) =>
    db
      .insertInto('imported_lines')
      .values(chunk)
      .onConflict((c) =>
        c.columns(['technical_user_id', 'siret']).doUpdateSet((eb) => ({ cells: eb.ref('excluded.cells') })),
      )
      .execute(),
  );
}
