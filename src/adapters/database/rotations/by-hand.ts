// Passwords that a person types into a product: what is to be typed in or stopped, and what somebody said to have typed in.
import { type Kysely, sql } from 'kysely';
import type { TypedPassword } from '../../../domain/monitoring/by-hand.ts';
import { type ByHandPlace, byHandTaskId, type StateMatter } from '../../../domain/notification/task.ts';
import { inChunks } from '../database.ts';
import type { Schema } from '../schema/schema.ts';

/** In the words of the partial index. */
export const ASKED = sql<boolean>`p.stage = 'asked'`;

/** What is to be typed in: passwords in service of accounts in use. */
const askedOf = (db: Kysely<Schema>) =>
  db
    .selectFrom('rotations as r')
    .innerJoin('technical_users as u', 'u.id', 'r.technical_user_id')
    .innerJoin('publications as p', 'p.rotation_id', 'r.id')
    .select(['p.rotation_id as rotationId', 'p.sink', 'p.next_at as askedAt', 'p.by_hand', 'u.id as userId'])
    .where(ASKED)
    .where('r.standing', '=', 'current')
    .where('u.retired', '=', 0);

/** Whether a person is to be asked who was not yet: there is no task of it. */
export async function hasUntoldAsk(db: Kysely<Schema>): Promise<boolean> {
  const ids = (await askedOf(db).execute()).map(byHandTaskId);
  const known = await inChunks(ids, (some) =>
    db.selectFrom('tasks').select('id').where('id', 'in', some).execute(),
  );
  return known.length < ids.length;
}

/** What a person is asked to type in, and the programs that a person is to stop. */
export async function byHandMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const asked = await askedOf(db).execute();
  const held = await db
    .selectFrom('holds as d')
    .innerJoin('technical_users as u', 'u.id', 'd.technical_user_id')
    .select(['u.id as userId', 'd.sink', 'd.next_at as since', 'd.by_hand'])
    .where('u.retired', '=', 0)
    .where(sql<boolean>`d.wanted <> d.applied`)
    .where('d.wanted', '=', 1)
    .where('d.by_hand', 'is not', null)
    .execute();
  const placed = (userId: number, id: string, kind: 'by-hand' | 'stop-by-hand', where: string | null) => {
    const { product, place } = JSON.parse(where ?? '{}') as Partial<ByHandPlace>;
    return { id, kind, userId, text: place ?? null, ...(product === undefined ? {} : { product }) };
  };
  return [
    ...asked.map((one) => placed(one.userId, byHandTaskId(one), 'by-hand', one.by_hand)),
    ...held.map(({ userId, sink, since, by_hand: where }) =>
      placed(userId, `stop-by-hand/${userId}/${sink}/${since}`, 'stop-by-hand', where),
    ),
  ];
}

/** What persons said that they typed in, of the passwords in service of accounts in use. */
export async function typedPasswords(db: Kysely<Schema>): Promise<readonly TypedPassword[]> {
  const rows = await db
    .selectFrom('publications as p')
    .innerJoin('rotations as r', 'r.id', 'p.rotation_id')
    .innerJoin('technical_users as u', 'u.id', 'r.technical_user_id')
    .leftJoin('health as h', (join) =>
      join.onRef('h.technical_user_id', '=', 'u.id').onRef('h.rotation_id', '=', 'r.id'),
    )
    .select(['u.id as userId', 'r.id as rotation', 'p.sink', 'p.by_hand', 'p.claimed_at as claimedAt'])
    .select(['h.state', 'h.worked_at as workedAt', 'p.adopted_at as adoptedAt'])
    .where('p.claimed_at', 'is not', null)
    .where('r.standing', '=', 'current')
    .where('u.retired', '=', 0)
    .execute();
  const reports = await inChunks([...new Set(rows.map(({ rotation }) => rotation))], (ids) =>
    db
      .selectFrom('audit')
      .select('rotation_id')
      .where('what', '=', 'adopted')
      // One that names no connector may be of this one.
      .where('sink', 'is', null)
      .where('rotation_id', 'in', ids)
      .execute(),
  );
  const reported = new Set(reports.map(({ rotation_id: id }) => id));
  return rows.map(({ rotation, by_hand, claimedAt, adoptedAt, ...one }) => ({
    ...one,
    place: (JSON.parse(by_hand ?? '{}') as Partial<ByHandPlace>).place ?? '',
    claimedAt: claimedAt ?? 0,
    isReported: adoptedAt !== null || reported.has(rotation),
  }));
}
