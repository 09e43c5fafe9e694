// Counts unforeseen errors for each technical user and kind of work: the work rests for a while, then an alarm is raised.
import type { Kysely, Selectable } from 'kysely';
import type { AlarmFacts } from '../../../domain/notification/letter.ts';
import type { ItemWork, Rotations } from '../../../domain/ports/rotations.ts';
import { type RotationRules, TRIES_BEFORE_ALARM } from '../../../domain/rotation/rotation-rules.ts';
import { waitAfter } from '../../../domain/shared/retry.ts';
import type { Database } from '../database.ts';
import { writeAlarms } from '../letters/letters.ts';
import type { ItemFaultsTable } from '../schema/rotations.ts';
import type { Schema } from '../schema/schema.ts';
import { upsert } from '../statements.ts';
import { loadTechnicalUsers } from '../technical-users.ts';

type Db = Kysely<Schema>;

const DAY_MS = 86_400_000;
const keyOf = (work: ItemWork, userId: number) => `${work} ${userId}`;

/** Counts faults and deletes them; without a counted fault, `forgive` makes no query. */
export function openItemFaults(
  { db, change }: Pick<Database, 'db' | 'change'>,
  { publishWaits }: Pick<RotationRules, 'publishWaits'>,
): Pick<Rotations, 'countFault' | 'forgive'> {
  let known: Promise<Set<string>> | null = null;
  const counted = () => {
    known ??= db
      .selectFrom('item_faults')
      .select(['work', 'technical_user_id'])
      .execute()
      .then((rows) => new Set(rows.map((row) => keyOf(row.work, row.technical_user_id))));
    return known;
  };
  return {
    countFault: async (work, userId, fault, now) => {
      (await counted()).add(keyOf(work, userId));
      await change(async (trx) => {
        const before = await rowOf(trx, work, userId);
        // Only recent faults count as a row: an old one, whose work was never due again, says nothing about this one.
        const isRecent = before !== undefined && before.next_at > now - DAY_MS;
        const tries = (isRecent ? before.tries : 0) + 1;
        const wait = waitAfter(publishWaits, tries) ?? 60_000;
        const row = { work, technical_user_id: userId, tries, next_at: now + wait, fault };
        await upsert(trx, 'item_faults', ['work', 'technical_user_id'], row);
        if (tries !== TRIES_BEFORE_ALARM) return;
        const facts = await factsOf(trx, userId);
        const id = `item-failed/${work}/${userId}/${now}`;
        const alarm = { id, kind: 'item-failed', facts: { ...facts, detail: `${work}: ${fault}` } } as const;
        await writeAlarms(trx, [alarm], now);
      });
    },
    forgive: async (work, userId) => {
      const all = await counted();
      if (!all.has(keyOf(work, userId))) return;
      await change((trx) =>
        trx
          .deleteFrom('item_faults')
          .where('work', '=', work)
          .where('technical_user_id', '=', userId)
          .execute(),
      );
      all.delete(keyOf(work, userId));
    },
  };
}

function rowOf(db: Db, work: ItemWork, userId: number): Promise<Selectable<ItemFaultsTable> | undefined> {
  return db
    .selectFrom('item_faults')
    .selectAll()
    .where('work', '=', work)
    .where('technical_user_id', '=', userId)
    .executeTakeFirst();
}

/** The facts about the account; all null where even these cannot be read. */
async function factsOf(db: Db, userId: number): Promise<AlarmFacts> {
  const nobody = { login: null, structure: null, siret: null, deadline: null, person: null, address: null };
  const [user] = await loadTechnicalUsers(db, { ids: [userId] });
  if (user === undefined) return { ...nobody, reply: null };
  const { login, environment, home } = user;
  return { ...nobody, reply: null, login, environment, structure: home.name, siret: home.siret };
}

/** Technical users (ids) that rest at an instant (ms); a rest absurdly far ahead was written by a wrong clock. */
export function resting(db: Db, work: ItemWork, now: number) {
  return db
    .selectFrom('item_faults')
    .select('item_faults.technical_user_id')
    .where('item_faults.work', '=', work)
    .where('item_faults.next_at', '>', now)
    .where('item_faults.next_at', '<=', now + DAY_MS);
}
