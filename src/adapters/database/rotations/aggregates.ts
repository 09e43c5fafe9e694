// Reads rotation aggregates, and keeps the last ones: a handover decides several times about one account, one step after the
// other, and reads its state once.
//
// Invariant: what is kept is what the database holds while its stamp is the same. The stamp is read again before each use, in the
// transaction of a decision, and changes with every write by anybody; a decision's own changes are applied to what is kept.
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { applyChanges } from '../../../domain/rotation/change-set.ts';
import type { Changes, RotationAggregate, RotationDecision } from '../../../domain/rotation/rotation.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { loadTechnicalUsers } from '../technical-users.ts';
import { healthOf, holdOf, publicationOf, rotationOf } from './rows.ts';

type Db = Kysely<Schema>;

export interface Aggregates {
  /** The aggregate as it is now; null when the technical user is not known. */
  readonly read: (userId: number) => Promise<RotationAggregate | null>;
  /** Runs a decision about one technical user, and the writing of its changes, in a transaction that no other writer overlaps. */
  change<T>(
    userId: number,
    work: (aggregate: RotationAggregate | null, trx: Transaction<Schema>) => Promise<RotationDecision<T>>,
  ): Promise<T>;
}

/** So many aggregates are kept: handovers that are under way at one time. */
const MOST_KEPT = 256;

/** One memory for each open database, for all who work with it. */
const OPEN = new WeakMap<Db, Memory>();

/** The aggregates that were read, or decided on, while the database had a stamp; without a stamp nothing is known. */
class Memory {
  #stamp: string | null = null;
  readonly #kept = new Map<number, RotationAggregate>();

  /** What is kept of a technical user; nothing where the database has changed since. */
  find(userId: number, stamp: string | null): RotationAggregate | null {
    if (stamp === null) return null;
    if (stamp !== this.#stamp) this.#kept.clear();
    this.#stamp = stamp;
    return this.#kept.get(userId) ?? null;
  }

  /** Keeps an aggregate that is true of `stamp`. */
  keep(aggregate: RotationAggregate, stamp: string | null): void {
    if (stamp === null || stamp !== this.#stamp) return;
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= MOST_KEPT && !oldest.done) this.#kept.delete(oldest.value);
    this.#kept.set(aggregate.user.id, aggregate);
  }

  /** One technical user was changed, and nobody else: what was kept of it is over, the rest is true of `to` as well. */
  moveOn(userId: number, from: string | null, to: string | null): void {
    if (this.#stamp !== from || from === to) return;
    this.#kept.delete(userId);
    if (to === null) this.#kept.clear();
    this.#stamp = to;
  }
}

export function aggregatesOf({ db, change, stamps }: Database): Aggregates {
  const memory = OPEN.get(db) ?? new Memory();
  OPEN.set(db, memory);
  return {
    read: async (userId) => {
      const stamp = await stamps.now();
      const kept = memory.find(userId, stamp);
      if (kept !== null) return kept;
      const read = await readAggregate(db, userId);
      // Another may have written between two of these statements.
      if (read !== null && (await stamps.now()) === stamp) memory.keep(read, stamp);
      return read;
    },
    change: async (userId, work) => {
      const { answer, after, from, to } = await change(async (trx) => {
        const stamp = await stamps.within(trx);
        const aggregate = memory.find(userId, stamp) ?? (await readAggregate(trx, userId));
        const { changes, answer } = await work(aggregate, trx);
        const isSame = aggregate === null || changes === null;
        return {
          answer,
          after: isSame ? aggregate : afterChanges(aggregate, changes),
          from: stamp,
          to: isSame ? stamp : await stamps.after(trx, stamp),
        };
      });
      // Only what is committed is kept.
      memory.moveOn(userId, from, to);
      if (after !== null) memory.keep(after, to);
      return answer;
    },
  };
}

/** What would be read once the changes are committed; null where only the database knows it. */
function afterChanges(before: RotationAggregate, changes: Changes): RotationAggregate | null {
  // Whether a reminder is owed after a rest was found in the outbox.
  if (changes.answered !== null) return null;
  const after = applyChanges(before, changes);
  const { health, rotations } = after;
  const isInService = rotations.some(
    ({ id, standing }) => id === health?.rotationId && standing === 'current',
  );
  const service =
    health === null || !isInService
      ? null
      : { state: health.state, workedAt: health.workedAt, refusedAt: health.refusedAt };
  const attempts = after.attempts.toSorted((a, b) => b.at - a.at).slice(0, ATTEMPTS);
  return { ...after, user: { ...after.user, service }, attempts };
}

/** Most calls of one technical user that are read: far more than any budget of failures. */
const ATTEMPTS = 50;

/** The aggregate as the database holds it. */
export async function readAggregate(db: Db, userId: number): Promise<RotationAggregate | null> {
  const [user] = await loadTechnicalUsers(db, { ids: [userId] });
  if (user === undefined) return null;
  const all = async <T extends 'rotations' | 'publications' | 'holds' | 'health'>(table: T) => {
    const of = sql<
      Selectable<Schema[T]>
    >`select * from ${sql.table(table)} where technical_user_id = ${userId}`;
    return (await of.execute(db)).rows;
  };
  const rotations = await all('rotations');
  if (rotations.length === 0) {
    return { user, rotations: [], publications: [], holds: [], attempts: [], health: null };
  }
  const publications = await all('publications');
  const holds = await all('holds');
  const [health] = await all('health');
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
