// Writes edits of the registry, many rows in one statement, with their history, and marks who is due for review.
import type { Kysely } from 'kysely';
import type { Subject } from '../../../domain/registry/registration.ts';
import type { Edits, KnownPerson, KnownUser, MandateEdit, Stamp } from '../../../domain/registry/registry.ts';
import { eachChunk, inChunks } from '../database.ts';
import { beginPauses, markDue } from '../letters/reminders.ts';
import type { Schema } from '../schema/schema.ts';
import { endLinks } from '../secrets.ts';
import { writeCells } from './memory.ts';

type Db = Kysely<Schema>;
type Ids = ReadonlyMap<number, number>;

/** Writes all edits; `db` is a transaction. */
export async function writeEdits(db: Db, edits: Edits, stamp: Stamp): Promise<void> {
  if (edits.changes.length === 0) return writeCells(db, edits.cells, (id) => id);
  const structureIds = await writeStructures(db, edits);
  const personIds = await writePeople(db, edits.people);
  const siretIds = await idsOfSirets(db, edits);
  await writeMandates(db, edits, stamp, siretIds, personIds);
  const userIds = await writeUsers(db, edits.users, stamp, siretIds);
  await writeFurther(db, edits.users, userIds, siretIds);
  await writeHistory(db, edits, stamp, {
    structure: structureIds,
    person: personIds,
    'technical-user': userIds,
  });
  await endLinks(db, edits, stamp.at);
  await markDue(db, edits);
  await beginPauses(db, edits);
  await writeCells(db, edits.cells, (id) => (id > 0 ? id : idOf(userIds, id)));
}

async function writeHistory(
  db: Db,
  { changes }: Edits,
  { at, who, why }: Stamp,
  ids: Readonly<Record<Subject, Ids>>,
): Promise<void> {
  const events = changes.flatMap(({ subject, id, fields }) =>
    fields.map((field) => ({
      at,
      who,
      why,
      subject,
      subject_id: ids[subject].get(id) ?? id,
      field: field.field,
      old_value: field.old,
      new_value: field.new,
    })),
  );
  await eachChunk(events, (chunk) => db.insertInto('events').values(chunk).execute());
}

/** Returns the stored ids of new structures, by their temporary ids, which are below 0. */
async function writeStructures(db: Db, { structures }: Edits): Promise<Ids> {
  const ids = new Map<number, number>();
  const drafts = new Map(structures.map(({ siret, id }) => [siret, id]));
  await eachChunk(structures, async (chunk) => {
    const rows = await db
      .insertInto('structures')
      .values(chunk.map(({ siret, name, phone }) => ({ siret, name, phone })))
      .onConflict((c) =>
        c
          .column('siret')
          .doUpdateSet((eb) => ({ name: eb.ref('excluded.name'), phone: eb.ref('excluded.phone') })),
      )
      .returning(['id', 'siret'])
      .execute();
    for (const row of rows) ids.set(drafts.get(row.siret) ?? row.id, row.id);
  });
  return ids;
}

async function writePeople(db: Db, people: readonly KnownPerson[]): Promise<Ids> {
  const ids = new Map<number, number>();
  for (const { id, dead, ...person } of people.filter((one) => one.id > 0)) {
    await db
      .updateTable('people')
      .set({ ...person, email_key: person.email?.toLowerCase() ?? null })
      .$if(!dead, (q) =>
        q.set((e) => ({
          dead_since: null,
          dead_reason: null,
          revived: e
            .case()
            .when('dead_since', 'is', null)
            .then(e.ref('revived'))
            .else(e('revived', '+', 1))
            .end(),
        })),
      )
      .where('id', '=', id)
      .execute();
  }
  await eachChunk(
    people.filter((one) => one.id < 0),
    async (chunk) => {
      const rows = await db
        .insertInto('people')
        .values(
          chunk.map(({ name, email, language, phone }) => ({
            name,
            email,
            language,
            phone,
            email_key: email?.toLowerCase() ?? null,
            dead_since: null,
            dead_reason: null,
          })),
        )
        .returning(['id', 'name', 'email', 'language', 'phone'])
        .execute();
      // No engine guarantees the order of returned rows. Two new rows with the same content are interchangeable.
      const sign = ({ name, email, language, phone }: Omit<KnownPerson, 'id' | 'dead'>) =>
        JSON.stringify([name, email, language, phone]);
      const made = Map.groupBy(rows, sign);
      for (const person of chunk) {
        const row = made.get(sign(person))?.pop();
        if (row !== undefined) ids.set(person.id, row.id);
      }
    },
  );
  return ids;
}

/** The ids of all structures that the edits name. */
async function idsOfSirets(db: Db, edits: Edits): Promise<ReadonlyMap<string, number>> {
  const sirets = [
    ...edits.users.flatMap((user) => [user.home, ...user.further]),
    ...edits.structures.map(({ siret }) => siret),
  ];
  const rows = await inChunks([...new Set(sirets)], (chunk) =>
    db.selectFrom('structures').select(['id', 'siret']).where('siret', 'in', chunk).execute(),
  );
  return new Map(rows.map((row) => [row.siret, row.id]));
}

function idOf<K>(ids: ReadonlyMap<K, number>, key: K): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`an edit names ${String(key)}, which was not written`);
  return id;
}

async function writeMandates(
  db: Db,
  { ended, begun }: Edits,
  { at }: Stamp,
  sirets: ReadonlyMap<string, number>,
  people: Ids,
): Promise<void> {
  // The former manager leaves before the new one comes: there is only one at a time.
  const { principal = [], secondary = [] } = Object.groupBy(ended, (mandate) => mandate.role);
  const leave = db.updateTable('mandates').set({ until: at }).where('until', 'is', null);
  await eachChunk(principal, (chunk) => {
    const ids = chunk.map(({ siret }) => idOf(sirets, siret));
    return leave.where('role', '=', 'principal').where('structure_id', 'in', ids).execute();
  });
  for (const [siret, ofStructure] of Map.groupBy(secondary, (mandate) => mandate.siret)) {
    const ids = ofStructure.map(({ personId }) => personId);
    const deputies = leave.where('role', '=', 'secondary').where('structure_id', '=', idOf(sirets, siret));
    await deputies.where('person_id', 'in', ids).execute();
  }
  const row = ({ siret, personId, role }: MandateEdit) => ({
    structure_id: idOf(sirets, siret),
    person_id: personId > 0 ? personId : idOf(people, personId),
    role,
    since: at,
    until: null,
  });
  await eachChunk(begun, (chunk) => db.insertInto('mandates').values(chunk.map(row)).execute());
}

function userRow(user: KnownUser, at: number, sirets: ReadonlyMap<string, number>) {
  return {
    login: user.login,
    login_key: user.login.toLowerCase(),
    environment: user.environment,
    structure_id: idOf(sirets, user.home),
    version: user.version,
    changed_on: user.changedOn,
    portal_on: user.portalOn,
    validity: user.validity,
    latest: user.latest,
    retired: user.retired ? (1 as const) : (0 as const),
    paused: user.paused === null ? null : JSON.stringify(user.paused),
    wake_on: '',
    registered_at: at,
  };
}

async function writeUsers(
  db: Db,
  users: readonly KnownUser[],
  { at }: Stamp,
  sirets: ReadonlyMap<string, number>,
): Promise<Ids> {
  const ids = new Map<number, number>();
  const key = (login: string, environment: string) => `${environment} ${login}`;
  const drafts = new Map(users.map((user) => [key(user.login, user.environment), user.id]));
  await eachChunk(users, async (chunk) => {
    const rows = await db
      .insertInto('technical_users')
      .values(chunk.map((user) => userRow(user, at, sirets)))
      .onConflict((c) =>
        c.columns(['login_key', 'environment']).doUpdateSet((eb) => ({
          structure_id: eb.ref('excluded.structure_id'),
          version: eb.ref('excluded.version'),
          changed_on: eb.ref('excluded.changed_on'),
          portal_on: eb.ref('excluded.portal_on'),
          validity: eb.ref('excluded.validity'),
          latest: eb.ref('excluded.latest'),
          retired: eb.ref('excluded.retired'),
          paused: eb.ref('excluded.paused'),
          wake_on: eb.ref('excluded.wake_on'),
        })),
      )
      .returning(['id', 'login', 'environment'])
      .execute();
    for (const { id, login, environment } of rows) ids.set(drafts.get(key(login, environment)) ?? id, id);
  });
  return ids;
}

/** Replaces the further structures of these technical users. */
async function writeFurther(
  db: Db,
  users: readonly KnownUser[],
  userIds: Ids,
  sirets: ReadonlyMap<string, number>,
): Promise<void> {
  const known = users.filter((user) => user.id > 0).map((user) => user.id);
  await eachChunk(known, (ids) =>
    db.deleteFrom('user_structures').where('technical_user_id', 'in', ids).execute(),
  );
  const rows = users.flatMap((user) =>
    user.further.map((siret) => ({
      technical_user_id: idOf(userIds, user.id),
      structure_id: idOf(sirets, siret),
    })),
  );
  await eachChunk(rows, (chunk) => db.insertInto('user_structures').values(chunk).execute());
}
