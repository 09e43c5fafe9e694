// Reads everything stored about a login or a SIRET.
import type { Kysely } from 'kysely';
import type {
  Environment,
  RegisteredStructure,
  TechnicalUser,
} from '../../../domain/account/technical-user.ts';
import type { Subject } from '../../../domain/registry/registration.ts';
import type { Dossier, HistoryEntry, LetterRecord, Mandate } from '../../../domain/registry/registry.ts';
import { inChunks } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { loadTechnicalUsers } from '../technical-users.ts';

type Db = Kysely<Schema>;

/** The dossier of a login (`environment` null: in both) or of all technical users of a SIRET; null when unknown. */
export async function readDossier(
  db: Db,
  subject: string,
  environment: Environment | null,
): Promise<Dossier | null> {
  const structure = /^\d{14}$/.test(subject)
    ? await db.selectFrom('structures').selectAll().where('siret', '=', subject).executeTakeFirst()
    : undefined;
  const rows = await usersOf(db, subject, structure?.id ?? null, environment);
  if (rows.length === 0 && structure === undefined) return null;
  const userIds = rows.map((row) => row.id);
  const homes = rows.map((row) => row.structure_id);
  const structureIds = [...new Set([...homes, ...(structure === undefined ? [] : [structure.id])])];
  const { mandates, personIds } = await mandatesOf(db, structureIds);
  const users = userIds.length === 0 ? [] : await loadTechnicalUsers(db, { ids: userIds });
  return {
    users: users.toSorted(byLogin),
    structure: structure === undefined ? null : registered(structure),
    mandates,
    letters: await lettersOf(db, userIds),
    history: await historyOf(db, { 'technical-user': userIds, structure: structureIds, person: personIds }),
  };
}

const registered = ({ siret, name, phone }: RegisteredStructure) => ({ siret, name, phone });

/** The technical users of a structure, home or further; without one, those of the login. */
function usersOf(db: Db, login: string, structureId: number | null, environment: Environment | null) {
  const users = db
    .selectFrom('technical_users')
    .select(['id', 'structure_id'])
    .$if(environment !== null, (q) => q.where('environment', '=', environment ?? 'production'))
    .orderBy('id');
  if (structureId === null) return users.where('login_key', '=', login.toLowerCase()).execute();
  const serving = db
    .selectFrom('user_structures')
    .select('technical_user_id')
    .where('structure_id', '=', structureId);
  return users
    .where((eb) => eb.or([eb('structure_id', '=', structureId), eb('id', 'in', serving)]))
    .execute();
}

function byLogin(a: TechnicalUser, b: TechnicalUser): number {
  const place = (user: TechnicalUser) => `${user.login.toLowerCase()} ${user.environment}`;
  return place(a) < place(b) ? -1 : 1;
}

async function mandatesOf(db: Db, structureIds: readonly number[]) {
  const rows = await inChunks(structureIds, (ids) =>
    db
      .selectFrom('mandates as m')
      .innerJoin('people as p', 'p.id', 'm.person_id')
      .innerJoin('structures as s', 's.id', 'm.structure_id')
      .select(['m.role', 'm.since', 'm.until', 's.siret', 'p.id', 'p.name', 'p.email', 'p.language'])
      .select(['p.phone', 'p.dead_since', 'p.dead_reason'])
      .where('m.structure_id', 'in', ids)
      .orderBy('m.since')
      .orderBy('m.id')
      .execute(),
  );
  const mandates: Mandate[] = rows.map(({ id: _, dead_since, dead_reason, ...mandate }) => ({
    ...mandate,
    dead: dead_since === null ? null : { since: dead_since, reason: dead_reason ?? '' },
  }));
  return { mandates, personIds: [...new Set(rows.map((row) => row.id))] };
}

async function lettersOf(db: Db, userIds: readonly number[]): Promise<LetterRecord[]> {
  const rows = await inChunks(userIds, (ids) =>
    db
      .selectFrom('letter_items as i')
      .innerJoin('letters as l', 'l.id', 'i.letter_id')
      .innerJoin('deliveries as d', 'd.letter_id', 'l.id')
      .select(['i.id', 'i.technical_user_id', 'i.step_offset', 'i.deadline', 'l.on_day', 'l.kind'])
      .select(['d.address', 'd.state', 'd.settled_at', 'd.reply'])
      .where('i.technical_user_id', 'in', ids)
      .orderBy('l.written_at')
      .orderBy('i.place')
      .orderBy('d.id')
      .execute(),
  );
  return [...Map.groupBy(rows, (row) => row.id).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const deliveries = group.map(({ address, state, settled_at: at, reply }) => ({
      address,
      state,
      at,
      reply,
    }));
    const { technical_user_id: userId, on_day: on, kind, step_offset: step, deadline } = first;
    return [{ userId, on, kind, step, deadline, deliveries }];
  });
}

/** The ids of what a history is about. */
type Subjects = Readonly<Record<Subject, readonly number[]>>;

async function historyOf(db: Db, subjects: Subjects): Promise<HistoryEntry[]> {
  const names = await namesOf(db, subjects);
  const found = [];
  for (const [subject, ids] of Object.entries(subjects)) {
    const rows = await inChunks(ids, (chunk) =>
      db
        .selectFrom('events')
        .selectAll()
        .where('subject', '=', subject as Subject)
        .where('subject_id', 'in', chunk)
        .execute(),
    );
    found.push(...rows);
  }
  return found
    .sort((a, b) => a.at - b.at || a.id - b.id)
    .map(({ at, who, why, subject, subject_id, field, old_value, new_value }) => {
      const of = names.get(`${subject} ${subject_id}`) ?? '';
      return { at, who, why, subject, of, field, old: old_value, new: new_value };
    });
}

async function namesOf(db: Db, subjects: Subjects): Promise<Map<string, string>> {
  const users = await inChunks(subjects['technical-user'], (ids) =>
    db.selectFrom('technical_users').select(['id', 'login']).where('id', 'in', ids).execute(),
  );
  const structures = await inChunks(subjects.structure, (ids) =>
    db.selectFrom('structures').selectAll().where('id', 'in', ids).execute(),
  );
  const people = await inChunks(subjects.person, (ids) =>
    db.selectFrom('people').select(['id', 'name']).where('id', 'in', ids).execute(),
  );
  return new Map<string, string>([
    ...users.map(({ id, login }) => [`technical-user ${id}`, login] as const),
    ...structures.map(({ id, siret, name }) => [`structure ${id}`, `${siret} ${name}`] as const),
    ...people.map(({ id, name }) => [`person ${id}`, name] as const),
  ]);
}
