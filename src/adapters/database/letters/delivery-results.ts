// Stores delivery results and what follows from them in one transaction, and keeps those that could not be stored.
import { type Kysely, sql } from 'kysely';
import type { ClaimedDelivery, DeliveryResult } from '../../../domain/ports/outbox.ts';
import { chunks } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { personOf } from '../technical-users.ts';
import { writeAlarms } from './letters.ts';

/** A claim and its result. */
export type FinishedDelivery = { readonly claimed: ClaimedDelivery; readonly result: DeliveryResult };
type Sent = Extract<DeliveryResult, { kind: 'sent' }>;

/** Stores results, sent letters (most of them) in one statement, the others one by one. Returns the ids that were still ours. */
export async function saveResults(
  db: Kysely<Schema>,
  results: readonly FinishedDelivery[],
): Promise<ReadonlySet<number>> {
  const ours = new Set<number>();
  const sent: { claimed: ClaimedDelivery; result: Sent }[] = [];
  for (const { claimed, result } of results) {
    if (result.kind === 'sent') sent.push({ claimed, result });
    else if (await saveOne(db, claimed, result)) ours.add(claimed.deliveryId);
  }
  for (const part of chunks(sent)) for (const id of await saveSent(db, part)) ours.add(id);
  return ours;
}

async function saveSent(
  db: Kysely<Schema>,
  sent: readonly { claimed: ClaimedDelivery; result: Sent }[],
): Promise<number[]> {
  const rows = sent.map(
    ({ claimed, result: { at, reply } }) =>
      sql`(cast(${claimed.deliveryId} as integer), cast(${claimed.lease} as text), cast(${reply} as text), cast(${at} as bigint))`,
  );
  // The ids stand in it twice: by the join alone SQLite would walk the whole table.
  const ids = sent.map(({ claimed }) => claimed.deliveryId);
  const kept = await sql<{ id: number }>`
    with sent (id, lease, reply, settled_at) as (values ${sql.join(rows)})
    update deliveries set state = 'sent', reply = sent.reply, settled_at = sent.settled_at, lease = null, lease_until = null
    from sent where deliveries.id in (${sql.join(ids)}) and deliveries.id = sent.id and deliveries.lease = sent.lease and deliveries.state = 'claimed'
    returning deliveries.id`.execute(db);
  return kept.rows.map(({ id }) => id);
}

/** Ends one claim if it is still ours; the consequences of a refusal are written in the same transaction. */
async function saveOne(
  db: Kysely<Schema>,
  claimed: ClaimedDelivery,
  result: Exclude<DeliveryResult, Sent>,
): Promise<boolean> {
  const updated = await db
    .updateTable('deliveries')
    .set({ ...fieldsOf(claimed, result), lease: null, lease_until: null })
    .where('id', '=', claimed.deliveryId)
    .where('lease', '=', claimed.lease)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return false;
  if ('alarm' in result && result.alarm !== null) await writeAlarms(db, [result.alarm], result.at);
  if (result.kind === 'refused' && result.deadAddress)
    await markAddressDead(db, claimed, result.at, result.reply);
  return true;
}

function fieldsOf(claimed: ClaimedDelivery, result: Exclude<DeliveryResult, Sent>) {
  switch (result.kind) {
    case 'refused':
      return { state: 'refused', reply: result.reply, settled_at: result.at } as const;
    case 'withdrawn':
      return { state: 'withdrawn', reply: result.reason, settled_at: result.at } as const;
    case 'later':
      return {
        state: 'waiting',
        reply: result.reply,
        tries: claimed.tries + 1,
        first_tried_at: claimed.firstTriedAt ?? result.at,
        next_at: result.nextAt,
      } as const;
    case 'released':
      return { state: 'waiting', reply: result.reply, next_at: result.at } as const;
  }
}

/** Marks the address dead until somebody corrects it; the next step that needs it raises an alarm. */
async function markAddressDead(
  db: Kysely<Schema>,
  claimed: ClaimedDelivery,
  at: number,
  reply: string,
): Promise<void> {
  const key = claimed.recipient.address.toLowerCase();
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

/**
 * Delivery results that could not be stored, as on a full disk. They are kept in memory and stored later: without them a
 * letter that arrived would be sent again. `store` writes results in one transaction. It may get the same result twice, and
 * ignores it the second time.
 */
export function openUnsavedResults<R>(store: (results: readonly R[]) => Promise<ReadonlySet<number>>) {
  const unsaved = new Set<R>();
  const save = async (results: readonly R[]) => {
    const all = [...unsaved, ...results];
    try {
      const ours = await store(all);
      for (const result of all) unsaved.delete(result);
      return ours;
    } catch (error) {
      for (const result of results) unsaved.add(result);
      throw error;
    }
  };
  return {
    /** Stores these results and all unsaved ones; when that fails, these are unsaved as well. */
    save,
    /** Stores the unsaved results. Rejects while that is impossible: nothing may be claimed before. */
    retry: async () => {
      if (unsaved.size > 0) await save([]);
    },
  };
}
