// The outbox: claims letters for sending, keeps how each ended, and what the mail server said.
import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { AlarmFacts, LetterItem, NewLetter } from '../domain/letter.ts';
import type { Claimed, Outbox, Settlement, StoredLetter } from '../domain/world.ts';
import type { Database } from './database.ts';
import { owedNotes } from './owed-notes.ts';
import type { DeliveriesTable, LetterItemsTable, Schema } from './schema.ts';
import { chunks, deliveryRows, letterRow, writeAlarms } from './watch.ts';
import { loadWatched, personOf } from './watched.ts';

/** No wait is longer, in ms: a try set further ahead was set by a clock that has since been put right. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
/**
 * So far ahead of us another process may be, in ms: clocks of two machines differ, and on one machine a claim may wait for
 * another that looked at the clock later. A lease longer than ours by less than this is a living one.
 */
const CLOCKS_APART_MS = 3_600_000;

export function openOutbox(database: Database): Outbox {
  const { db } = database;
  const notes = owedNotes((endings: readonly Ending[]) => database.change((trx) => settle(trx, endings)));
  return {
    claim: async (now, leaseMs, count, everyone) => {
      await notes.pay();
      return claim(database, { now, leaseMs, count, everyone });
    },
    usersOf: async (ids) => {
      const users = ids.length === 0 ? [] : await loadWatched(db, { ids: [...new Set(ids)] });
      return new Map(users.map((user) => [user.id, user]));
    },
    settle: notes.keep,
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

interface Claim {
  readonly now: number;
  readonly leaseMs: number;
  readonly count: number;
  readonly everyone: boolean;
}

/** Free to claim: waiting and due, or claimed by somebody whose lease is over; times absurdly far ahead count as over. */
function claimable({ now, leaseMs }: Claim) {
  return sql<boolean>`(
    (state = 'waiting' and (next_at <= ${now} or next_at > ${now + LONGEST_WAIT_MS}))
    or (state = 'claimed' and (lease_until <= ${now} or lease_until > ${now + leaseMs + CLOCKS_APART_MS})))`;
}

async function claim(database: Database, claim: Claim): Promise<readonly Claimed[]> {
  const { now, leaseMs, count, everyone } = claim;
  const open = database.db
    .selectFrom('deliveries')
    .select('id')
    .where('state', 'in', ['waiting', 'claimed'])
    .where(claimable(claim))
    .$if(!everyone, (q) => q.where('kind', '=', 'alarm'))
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
      .where(claimable(claim))
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
): Promise<Claimed[]> {
  const letters = await lettersOf(db, [...new Set(rows.map((row) => row.letter_id))]);
  return rows.flatMap((row) => {
    const letter = letters.get(row.letter_id);
    const reader = letter?.readers.find((one) => one.address === row.address);
    if (letter === undefined || reader === undefined) return [];
    return [
      { deliveryId: row.id, lease, letter, reader, tries: row.tries, firstTriedAt: row.first_tried_at },
    ];
  });
}

function itemOf(row: Selectable<LetterItemsTable>): LetterItem {
  return {
    id: row.id,
    userId: row.technical_user_id,
    login: row.login,
    version: row.version,
    deadline: row.deadline,
    step: row.step_offset === null ? null : { offset: row.step_offset, pastLatest: row.past_latest === 1 },
    first: row.first === 1,
  };
}

/** Letters by id, with their lines, their readers and the alarms they tell. */
export async function lettersOf(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredLetter>> {
  if (ids.length === 0) return new Map();
  const letters = await db
    .selectFrom('letters')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  const items = await db
    .selectFrom('letter_items')
    .selectAll()
    .where('letter_id', 'in', [...ids])
    .orderBy('place')
    .execute();
  const readers = await db
    .selectFrom('deliveries')
    .select(['letter_id', 'address', 'name', 'field', 'person_id'])
    .where('letter_id', 'in', [...ids])
    .orderBy('id')
    .execute();
  const alarms = await db
    .selectFrom('alarms')
    .selectAll()
    .where('letter_id', 'in', [...ids])
    .orderBy('id')
    .execute();
  return new Map(
    letters.map((letter) => [
      letter.id,
      {
        id: letter.id,
        kind: letter.kind,
        language: letter.language,
        on: letter.on_day,
        items: items.filter((item) => item.letter_id === letter.id).map(itemOf),
        readers: readers
          .filter((reader) => reader.letter_id === letter.id)
          .map(({ address, name, field, person_id }) => ({ address, name, field, personId: person_id })),
        alarms: alarms
          .filter((alarm) => alarm.letter_id === letter.id)
          .map((alarm) => ({ kind: alarm.kind, facts: JSON.parse(alarm.facts) as AlarmFacts })),
      },
    ]),
  );
}

type Ending = { readonly claimed: Claimed; readonly settlement: Settlement };
type Sent = Extract<Settlement, { kind: 'sent' }>;

/** Most letters are simply sent: all of those in one statement, the others one by one. */
async function settle(db: Kysely<Schema>, endings: readonly Ending[]): Promise<ReadonlySet<number>> {
  const ours = new Set<number>();
  const sent: { claimed: Claimed; settlement: Sent }[] = [];
  for (const { claimed, settlement } of endings) {
    if (settlement.kind === 'sent') sent.push({ claimed, settlement });
    else if (await settleOne(db, claimed, settlement)) ours.add(claimed.deliveryId);
  }
  for (const part of chunks(sent)) for (const id of await settleSent(db, part)) ours.add(id);
  return ours;
}

async function settleSent(
  db: Kysely<Schema>,
  sent: readonly { claimed: Claimed; settlement: Sent }[],
): Promise<number[]> {
  const rows = sent.map(
    ({ claimed, settlement: { at, reply } }) =>
      sql`(cast(${claimed.deliveryId} as integer), cast(${claimed.lease} as text), cast(${reply} as text), cast(${at} as bigint))`,
  );
  // The ids are said twice: by the join alone SQLite would walk the whole table.
  const ids = sent.map(({ claimed }) => claimed.deliveryId);
  const kept = await sql<{ id: number }>`
    with sent (id, lease, reply, settled_at) as (values ${sql.join(rows)})
    update deliveries set state = 'sent', reply = sent.reply, settled_at = sent.settled_at, lease = null, lease_until = null
    from sent where deliveries.id in (${sql.join(ids)}) and deliveries.id = sent.id and deliveries.lease = sent.lease and deliveries.state = 'claimed'
    returning deliveries.id`.execute(db);
  return kept.rows.map(({ id }) => id);
}

/** Ends one claim if it is still ours; what follows from a refusal is kept in the same transaction. */
async function settleOne(
  db: Kysely<Schema>,
  claimed: Claimed,
  settlement: Exclude<Settlement, Sent>,
): Promise<boolean> {
  const result = await db
    .updateTable('deliveries')
    .set({ ...fieldsOf(claimed, settlement), lease: null, lease_until: null })
    .where('id', '=', claimed.deliveryId)
    .where('lease', '=', claimed.lease)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) return false;
  if (settlement.kind === 'refused') {
    if (settlement.alarm !== null) await writeAlarms(db, [settlement.alarm], settlement.at);
    if (settlement.deadAddress) await buryAddress(db, claimed, settlement.at, settlement.reply);
  }
  return true;
}

function fieldsOf(claimed: Claimed, settlement: Exclude<Settlement, Sent>) {
  switch (settlement.kind) {
    case 'refused':
      return { state: 'refused', reply: settlement.reply, settled_at: settlement.at } as const;
    case 'withdrawn':
      return { state: 'withdrawn', reply: settlement.reason, settled_at: settlement.at } as const;
    case 'later':
      return {
        state: 'waiting',
        reply: settlement.reply,
        tries: claimed.tries + 1,
        first_tried_at: claimed.firstTriedAt ?? settlement.at,
        next_at: settlement.nextAt,
      } as const;
    case 'released':
      return { state: 'waiting', reply: settlement.reply, next_at: settlement.at } as const;
  }
}

/** The address is out of use until somebody corrects it; the next step that needs it raises an alarm. */
async function buryAddress(db: Kysely<Schema>, claimed: Claimed, at: number, reply: string): Promise<void> {
  const key = claimed.reader.address.toLowerCase();
  const person = await db.selectFrom('people').selectAll().where('email_key', '=', key).executeTakeFirst();
  if (person === undefined || personOf(person).dead !== null) return;
  await db
    .updateTable('people')
    .set({ dead_since: at, dead_reason: reply })
    .where('id', '=', person.id)
    .execute();
  await db
    .insertInto('events')
    .values({
      at,
      who: 'mail server',
      subject: 'person',
      subject_id: person.id,
      field: 'address',
      old_value: person.email,
      new_value: 'refused',
      why: reply,
    })
    .execute();
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
    const whole: NewLetter = { ...letter, id: `alarm/${lead.id}`, kind: 'alarm', items: [] };
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
