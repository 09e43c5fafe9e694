// The outbox: claims letters for sending, keeps how each ended, and what the mail server said.

import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import { type NewLetter, PROMPT } from '../../../domain/notification/letter.ts';
import { formatLetterId } from '../../../domain/notification/letter-id.ts';
import type { ClaimedDelivery, ClaimRequest, Outbox } from '../../../domain/ports/outbox.ts';
import type { Database } from '../database.ts';
import type { DeliveriesTable } from '../schema/letters.ts';
import type { Schema } from '../schema/schema.ts';
import { chunks } from '../statements.ts';
import { loadTechnicalUsers } from '../technical-users.ts';
import { type FinishedDelivery, openUnsavedResults, saveResults } from './delivery-results.ts';
import { deliveryRows, letterRow, lettersOf, writeAlarms } from './letters.ts';

/** No wait is longer, in ms: a try set further ahead was set by a clock that has since been put right. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
/**
 * So far ahead of us another process may be, in ms: clocks of two machines differ, and on one machine a claim may wait for
 * another that looked at the clock later. A lease longer than ours by less than this is a living one.
 */
const CLOCKS_APART_MS = 3_600_000;

export function openOutbox(database: Database): Outbox {
  const { db } = database;
  const unsaved = openUnsavedResults((endings: readonly FinishedDelivery[]) =>
    database.change((trx) => saveResults(trx, endings)),
  );
  return {
    claim: async (request) => {
      await unsaved.pay();
      return claim(database, request);
    },
    usersOf: async (ids) => {
      const users = ids.length === 0 ? [] : await loadTechnicalUsers(db, { ids: [...new Set(ids)] });
      return new Map(users.map((user) => [user.id, user]));
    },
    saveResults: unsaved.keep,
    hasPrompt: async () => {
      const row = await db
        .selectFrom('deliveries')
        .select('id')
        .where('state', '=', 'waiting')
        .where('kind', 'in', [...PROMPT])
        .where('reply', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    raise: (alarm, now) => database.change((trx) => writeAlarms(trx, [alarm], now)),
    gatherAlarms: (letter, now) => gatherAlarms(database, letter, now),
    write: (letter, now) =>
      database.change(async (trx) => {
        const known = await trx
          .selectFrom('letters')
          .select('id')
          .where('id', '=', letter.id)
          .executeTakeFirst();
        if (known !== undefined) return false;
        await trx.insertInto('letters').values(letterRow(letter, now)).execute();
        await trx.insertInto('deliveries').values(deliveryRows(letter, now)).execute();
        return true;
      }),
  };
}

/** Free to claim: waiting and due, or claimed by somebody whose lease is over; times absurdly far ahead count as over. */
function claimable({ now, leaseMs }: ClaimRequest) {
  return sql<boolean>`(
    (state = 'waiting' and (next_at <= ${now} or next_at > ${now + LONGEST_WAIT_MS}))
    or (state = 'claimed' and (lease_until <= ${now} or lease_until > ${now + leaseMs + CLOCKS_APART_MS})))`;
}

async function claim(database: Database, request: ClaimRequest): Promise<readonly ClaimedDelivery[]> {
  const { now, leaseMs, count, includeScheduled } = request;
  const open = database.db
    .selectFrom('deliveries')
    .select('id')
    .where('state', 'in', ['waiting', 'claimed'])
    .where(claimable(request))
    .$if(!includeScheduled, (q) => q.where('kind', 'in', [...PROMPT]))
    .orderBy('place')
    .orderBy('id')
    .limit(count);
  // Looked at without a lock first: most ticks find nothing.
  if ((await open.limit(1).execute()).length === 0) return [];
  const lease = randomUUID();
  const rows = await database.change(async (trx) => {
    await trx
      .updateTable('deliveries')
      .set({ state: 'claimed', lease, lease_until: now + leaseMs })
      .where('id', 'in', open)
      .where(claimable(request))
      .execute();
    return trx
      .selectFrom('deliveries')
      .selectAll()
      .where('lease', '=', lease)
      .where('state', '=', 'claimed')
      .orderBy('place')
      .orderBy('id')
      .execute();
  });
  return withLetters(database.db, rows, lease);
}

type DeliveryRow = Selectable<DeliveriesTable>;

async function withLetters(
  db: Kysely<Schema>,
  rows: readonly DeliveryRow[],
  lease: string,
): Promise<ClaimedDelivery[]> {
  const letters = await lettersOf(db, [...new Set(rows.map((row) => row.letter_id))]);
  return rows.flatMap((row) => {
    const letter = letters.get(row.letter_id);
    const recipient = letter?.recipients.find((one) => one.address === row.address);
    if (letter === undefined || recipient === undefined) return [];
    return [
      { deliveryId: row.id, lease, letter, recipient, tries: row.tries, firstTriedAt: row.first_tried_at },
    ];
  });
}

async function gatherAlarms(
  database: Database,
  letter: Omit<NewLetter, 'id' | 'items' | 'kind'>,
  now: number,
): Promise<number> {
  const untold = database.db.selectFrom('alarms').select('id').where('letter_id', 'is', null).orderBy('id');
  if ((await untold.limit(1).execute()).length === 0) return 0;
  return database.change(async (trx) => {
    const alarms = await trx
      .selectFrom('alarms')
      .select('id')
      .where('letter_id', 'is', null)
      .orderBy('id')
      .execute();
    const [lead] = alarms;
    if (lead === undefined) return 0;
    const whole: NewLetter = {
      ...letter,
      id: formatLetterId({ kind: 'alarm', first: lead.id }),
      kind: 'alarm',
      items: [],
    };
    await trx.insertInto('letters').values(letterRow(whole, now)).execute();
    await trx.insertInto('deliveries').values(deliveryRows(whole, now)).execute();
    for (const part of chunks(alarms)) {
      await trx
        .updateTable('alarms')
        .set({ letter_id: whole.id })
        .where(
          'id',
          'in',
          part.map((alarm) => alarm.id),
        )
        .execute();
    }
    return alarms.length;
  });
}
