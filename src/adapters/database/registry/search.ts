// Finds what a typed text may mean in the registry: the technical users that it names, or else what looks like it.
import type { Kysely } from 'kysely';
import {
  type MatchRank,
  type NamedUser,
  RANKS,
  subjectMatcher,
} from '../../../domain/registry/subject-match.ts';
import { farness } from '../../../foundation/edit-distance.ts';
import { inChunks, pages } from '../database.ts';
import type { Schema } from '../schema/schema.ts';

type Db = Kysely<Schema>;

const keyOf = ({ id }: { readonly id: number }) => id;

function structuresOf(db: Db) {
  const structures = db.selectFrom('structures').selectAll().orderBy('id').limit(PAGE);
  return pages((after) => structures.where('id', '>', after).execute(), keyOf);
}

function peopleOf(db: Db) {
  const people = db.selectFrom('people').select(['id', 'name', 'email']).orderBy('id').limit(PAGE);
  return pages((after) => people.where('id', '>', after).execute(), keyOf);
}

function loginsOf(db: Db) {
  const users = db
    .selectFrom('technical_users')
    .select(['id', 'login', 'environment', 'retired', 'structure_id'])
    .orderBy('id')
    .limit(PAGE);
  return pages((after) => users.where('id', '>', after).execute(), keyOf);
}

/** The best ranks of rows, by id. */
class Ranks extends Map<number, MatchRank> {
  add(id: number, rank: MatchRank | null): void {
    if (rank !== null) this.set(id, better(this.get(id), rank) ?? rank);
  }
}

function better(...ranks: readonly (MatchRank | null | undefined)[]): MatchRank | null {
  return ranks.reduce<MatchRank | null>(
    (best, rank) => (rank == null || (best ?? rank) < rank ? best : rank),
    null,
  );
}

/** The technical users that a text names by something else than their whole login. Names are compared here: no engine folds accents. */
export async function readNamed(db: Db, typed: string): Promise<readonly NamedUser[]> {
  const match = subjectMatcher(typed);
  if (match === null) return [];
  const structures = new Ranks();
  for await (const page of structuresOf(db))
    for (const row of page) structures.add(row.id, match.structure(row));
  const served = await servedOf(db, structures);
  const people = new Ranks();
  for await (const page of peopleOf(db)) for (const row of page) people.add(row.id, match.person(row));
  const mandates = await inChunks([...people.keys()], (ids) =>
    db
      .selectFrom('mandates')
      .select(['structure_id', 'person_id'])
      .where('person_id', 'in', ids)
      .where('until', 'is', null)
      .execute(),
  );
  for (const { structure_id, person_id } of mandates)
    structures.add(structure_id, people.get(person_id) ?? null);
  const named: NamedUser[] = [];
  for await (const page of loginsOf(db)) {
    for (const { id, login, environment, retired, structure_id: structureId } of page) {
      const rank = better(match.login(login), structures.get(structureId), served.get(id));
      if (rank !== null) named.push({ id, environment, retired: retired === 1, structureId, rank });
    }
  }
  return named;
}

/** Technical users that serve some structures beside their own. */
async function servedOf(db: Db, structures: Ranks): Promise<Ranks> {
  const rows = await inChunks([...structures.keys()], (ids) =>
    db.selectFrom('user_structures').selectAll().where('structure_id', 'in', ids).execute(),
  );
  const served = new Ranks();
  for (const { technical_user_id: id, structure_id } of rows) {
    served.add(id, structures.get(structure_id) === RANKS.whole ? RANKS.served : RANKS.part);
  }
  return served;
}

/** Most suggestions, and rows read at a time to find them. */
const SUGGESTIONS = 5;
const PAGE = 2_000;

/** Logins, structures and addresses similar to the subject, the most similar first. */
export async function readNear(db: Db, subject: string): Promise<readonly string[]> {
  const best: { shown: string; far: number }[] = [];
  const consider = (shown: string, ...words: readonly string[]) => {
    const distances = words.map((word) => farness(subject, word)).filter((far) => far !== null);
    if (distances.length === 0) return;
    best.push({ shown, far: Math.min(...distances) });
    best.sort((a, b) => a.far - b.far);
    best.length = Math.min(best.length, SUGGESTIONS);
  };
  for await (const page of structuresOf(db))
    for (const { siret, name } of page) consider(`${siret} (${name})`, siret, name);
  for await (const page of loginsOf(db)) for (const { login } of page) consider(login, login);
  for await (const page of peopleOf(db)) {
    for (const { name, email } of page) if (email !== null) consider(`${email} (${name})`, email, name);
  }
  return [...new Set(best.map(({ shown }) => shown))];
}
