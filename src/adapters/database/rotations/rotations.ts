// The rotations of one technical user, read, decided on and written in one transaction; and queries for due work.
import type { Kysely } from 'kysely';
import type { Rotations, Work } from '../../../domain/ports/rotations.ts';
import type { RotationAggregate, RotationDecision } from '../../../domain/rotation/rotation.ts';
import type { RotationRules } from '../../../domain/rotation/rotation-rules.ts';
import type { Sealed } from '../../../domain/rotation/sealed.ts';
import type { Doubts } from '../../../domain/submission/submission.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { hasCome, isFree } from '../statements.ts';
import { loadTechnicalUsers } from '../technical-users.ts';
import { openItemFaults, resting } from './item-faults.ts';
import { writeChanges } from './rotation-write.ts';
import { healthOf, holdOf, publicationOf, rotationOf } from './rows.ts';

type Db = Kysely<Schema>;

/** Most calls of one technical user that are read: far more than any budget of failures. */
const ATTEMPTS = 50;

export function openRotations(database: Database, rules: RotationRules): Rotations {
  const { db } = database;
  return {
    ...openItemFaults(database, rules),
    update: (userId, decide) =>
      database.change(async (trx) => {
        const { changes, answer } = await updateAggregate(trx, userId, decide, rules);
        if (changes !== null && changes.destroyed.length > 0) await database.noteDestroyed(trx);
        return answer;
      }),
    aggregate: (userId) => readAggregate(db, userId),
    due: (work, now, limit, sink) => due(db, work, now, { limit, sink }),
    credential: (id) => credential(db, id),
    inService: async () => {
      const rows = await db
        .selectFrom('rotations')
        .select('technical_user_id')
        .where('standing', '=', 'current')
        .orderBy('technical_user_id')
        .execute();
      return rows.map((row) => row.technical_user_id);
    },
    holding: async () => {
      const rows = await db
        .selectFrom('holds')
        .select('technical_user_id')
        .distinct()
        .where('wanted', '=', 1)
        .where('applied', '=', 1)
        .execute();
      return rows.map((row) => row.technical_user_id);
    },
  };
}

async function updateAggregate<T>(
  trx: Db,
  userId: number,
  decide: (aggregate: RotationAggregate) => RotationDecision<T>,
  rules: RotationRules,
): Promise<RotationDecision<T>> {
  const aggregate = await readAggregate(trx, userId);
  if (aggregate === null) throw new Error(`there is no technical user ${userId}`);
  const decided = decide(aggregate);
  if (decided.changes !== null) await writeChanges(trx, aggregate, decided.changes, rules);
  return decided;
}

async function readAggregate(db: Db, userId: number): Promise<RotationAggregate | null> {
  const [user] = await loadTechnicalUsers(db, { ids: [userId] });
  if (user === undefined) return null;
  const rotations = await db
    .selectFrom('rotations')
    .selectAll()
    .where('technical_user_id', '=', userId)
    .execute();
  if (rotations.length === 0) {
    return { user, rotations: [], publications: [], holds: [], attempts: [], health: null };
  }
  const publications = await db
    .selectFrom('publications')
    .selectAll()
    .where('technical_user_id', '=', userId)
    .execute();
  const holds = await db.selectFrom('holds').selectAll().where('technical_user_id', '=', userId).execute();
  const health = await db
    .selectFrom('health')
    .selectAll()
    .where('technical_user_id', '=', userId)
    .executeTakeFirst();
  const attempts = await db
    .selectFrom('attempts')
    .selectAll()
    .where('technical_user_id', '=', userId)
    .orderBy('at', 'desc')
    .limit(ATTEMPTS)
    .execute();
  return {
    user,
    rotations: rotations.map(rotationOf),
    publications: publications.map(publicationOf),
    holds: holds.map(holdOf),
    health: health === undefined ? null : healthOf(health),
    attempts: attempts.map(({ id, at, refused }) => ({
      id,
      at,
      refused: refused === null ? null : refused === 1,
    })),
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Technical users with work of a kind; instants absurdly far ahead were set by a clock that was wrong. */
async function due(db: Db, work: Work, now: number, which: Which): Promise<readonly number[]> {
  const rows = await dueRows(db, work, now, which);
  return [...new Set(rows.map((row) => row.technical_user_id))];
}

/** At most how many, and of which sink; undefined for all sinks. */
interface Which {
  readonly limit: number;
  readonly sink: string | undefined;
}

function dueRows(db: Db, work: Work, now: number, { limit, sink }: Which) {
  switch (work) {
    case 'proof':
      return db
        .selectFrom('rotations')
        .select('technical_user_id')
        .where('stage', 'in', ['candidate', 'verifying'])
        .where('technical_user_id', 'not in', resting(db, 'proof', now))
        .where(hasCome('next_try_at', now, DAY_MS))
        .where(isFree('lease_until', now, HOUR_MS))
        .orderBy('next_try_at')
        .limit(limit)
        .execute();
    case 'publication':
      return db
        .selectFrom('publications')
        .select('technical_user_id')
        .where('stage', 'in', ['due', 'claimed'])
        .$if(sink !== undefined, (query) => query.where('sink', '=', sink ?? ''))
        .where('technical_user_id', 'not in', resting(db, 'publication', now))
        .where(hasCome('next_at', now, DAY_MS))
        .where(isFree('lease_until', now, HOUR_MS))
        .orderBy('next_at')
        .limit(limit)
        .execute();
    case 'hold':
      return db
        .selectFrom('holds')
        .select('technical_user_id')
        .whereRef('wanted', '<>', 'applied')
        .$if(sink !== undefined, (query) => query.where('sink', '=', sink ?? ''))
        .where('technical_user_id', 'not in', resting(db, 'hold', now))
        .where(hasCome('next_at', now, DAY_MS))
        .orderBy('next_at')
        .limit(limit)
        .execute();
    case 'time':
      return db
        .selectFrom('rotations')
        .select('technical_user_id')
        .where('wake_at', '<=', now)
        .where('technical_user_id', 'not in', resting(db, 'time', now))
        .orderBy('wake_at')
        .limit(limit)
        .execute();
  }
}

async function credential(db: Db, id: string): ReturnType<Rotations['credential']> {
  const row = await db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.destroyed_at !== null) return null;
  const sealed: Sealed = { keyId: row.key_id, dataKey: row.data_key, box: row.box };
  const name = { environment: row.environment, login: row.login, credential: row.id };
  return { name, sealed, doubts: row.doubts === null ? null : (JSON.parse(row.doubts) as Doubts) };
}
