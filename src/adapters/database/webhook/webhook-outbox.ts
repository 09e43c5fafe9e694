// The events that wait for the webhook: claimed one by one, the oldest first, sent, put off or given up.
import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { NO_FACTS } from '../../../domain/notification/letter.ts';
import type { ClaimedEvent, EventResult, WebhookOutbox } from '../../../domain/ports/webhook.ts';
import { type Database, metaOf, setMeta } from '../database.ts';
import { openUnsavedResults } from '../letters/delivery-results.ts';
import { OPEN, writeAlarms } from '../letters/letters.ts';
import { claimable } from '../letters/outbox.ts';
import type { Schema } from '../schema/schema.ts';
import { SUBSCRIBED } from './write-events.ts';

type Db = Kysely<Schema>;
type Finished = {
  readonly claimed: ClaimedEvent;
  readonly result: EventResult;
  readonly alarmAfterMs: number;
};

/** The row of `meta` that says since when the receiver fails, and whether that was told. */
const FAILING = 'webhook-failing';

export function openWebhookOutbox({ db, change }: Database): WebhookOutbox {
  const unsaved = openUnsavedResults((results: readonly Finished[]) =>
    change(async (trx) => {
      const ours = new Set<number>();
      for (const one of results) if (await saveOne(trx, one)) ours.add(one.claimed.number);
      return ours;
    }),
  );
  return {
    subscribe: async (groups) => {
      const asked = groups === null ? undefined : JSON.stringify(groups);
      if (asked === (await metaOf(db, SUBSCRIBED))) return;
      await change(async (trx) => {
        if (asked !== undefined) return setMeta(trx, SUBSCRIBED, asked);
        await trx.deleteFrom('meta').where('key', 'in', [SUBSCRIBED, FAILING]).execute();
        await trx.deleteFrom('webhook_events').where(OPEN).execute();
      });
    },
    claim: async (now, leaseMs) => {
      await unsaved.retry();
      const due = { now, leaseMs };
      const next = db
        .selectFrom('webhook_events')
        .select('number')
        .where(OPEN)
        .where(claimable(due))
        .orderBy('number')
        .limit(1);
      // Query without a lock first: most rounds find nothing.
      if ((await next.executeTakeFirst()) === undefined) return null;
      const lease = randomUUID();
      const row = await change((trx) =>
        trx
          .updateTable('webhook_events')
          .set({ state: 'claimed', lease, lease_until: now + leaseMs })
          .where('number', 'in', next)
          .where(claimable(due))
          .returningAll()
          .executeTakeFirst(),
      );
      if (row === undefined) return null;
      const { number, id, type, environment, login, siret, at, tries, first_tried_at: firstTriedAt } = row;
      return { number, lease, tries, firstTriedAt, event: { id, type, environment, login, siret, at } };
    },
    save: async (claimed, result, alarmAfterMs) =>
      (await unsaved.save([{ claimed, result, alarmAfterMs }])).has(claimed.number),
    state: async () => {
      const { waiting, oldest } = await db
        .selectFrom('webhook_events')
        .select((e) => [e.fn.countAll<number>().as('waiting'), e.fn.min<number | null>('at').as('oldest')])
        .where(OPEN)
        .executeTakeFirstOrThrow();
      return { waiting, oldestAt: oldest, failingSince: (await failing(db))?.since ?? null };
    },
    givenUp: async () => {
      const { count } = await db
        .selectFrom('webhook_events')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('settled_at', 'is not', null)
        .where('state', '=', 'refused')
        .executeTakeFirstOrThrow();
      return count;
    },
    deleteDone: async (before) => {
      const old = db.selectFrom('webhook_events').select('number').where('settled_at', '<', before);
      if ((await old.limit(1).execute()).length === 0) return;
      await change((trx) => trx.deleteFrom('webhook_events').where('settled_at', '<', before).execute());
    },
  };
}

async function failing(db: Db): Promise<{ readonly since: number; readonly told: boolean } | null> {
  return JSON.parse((await metaOf(db, FAILING)) ?? 'null');
}

const ENDED = { lease: null, lease_until: null };

/** Ends one claim if it is still ours, with what follows for the others. */
async function saveOne(db: Db, { claimed, result, alarmAfterMs }: Finished): Promise<boolean> {
  const { at, reply } = result;
  const givesUp = result.kind === 'failed' && result.nextAt === null;
  const fields =
    result.kind === 'failed' && result.nextAt !== null
      ? { state: 'waiting' as const, tries: claimed.tries + 1, next_at: result.nextAt }
      : { state: givesUp ? ('refused' as const) : ('sent' as const), settled_at: at };
  const tried = result.kind === 'failed' ? { first_tried_at: claimed.firstTriedAt ?? at } : {};
  const { numUpdatedRows } = await db
    .updateTable('webhook_events')
    .set({ ...fields, ...tried, ...ENDED, reply })
    .where('number', '=', claimed.number)
    .where('lease', '=', claimed.lease)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  if (result.kind === 'sent') await db.deleteFrom('meta').where('key', '=', FAILING).execute();
  else {
    if (result.isDown) await putOthersOff(db, claimed, result);
    await noteFailing(db, at, { givesUp, alarmAfterMs });
  }
  return true;
}

/** What waits behind an event at a receiver that is down shares its wait and its tries, and is given up when it has been tried as long. */
async function putOthersOff(
  db: Db,
  { tries, firstTriedAt }: ClaimedEvent,
  { at, nextAt, reply }: Extract<EventResult, { kind: 'failed' }>,
): Promise<void> {
  const waiting = () => db.updateTable('webhook_events').where('state', '=', 'waiting');
  if (nextAt === null) {
    await waiting()
      .set({ state: 'refused', settled_at: at, reply })
      .where('first_tried_at', '<=', firstTriedAt ?? at)
      .execute();
    return;
  }
  await waiting()
    .set((e) => ({
      next_at: nextAt,
      tries: sql<number>`case when tries > ${tries + 1} then tries else ${tries + 1} end`,
      first_tried_at: e.fn.coalesce('first_tried_at', sql<number>`cast(${at} as bigint)`),
    }))
    .where('next_at', '<', nextAt)
    .execute();
}

/** Remembers since when no try succeeds; once in such a time the IT service is told, by mail alone. */
async function noteFailing(
  db: Db,
  at: number,
  { givesUp, alarmAfterMs }: { readonly givesUp: boolean; readonly alarmAfterMs: number },
): Promise<void> {
  const before = await failing(db);
  const since = Math.min(before?.since ?? at, at);
  const isTold = before?.told === true;
  const tells = !isTold && (givesUp || at - since >= alarmAfterMs);
  if (tells) {
    const alarm = {
      id: `webhook-stuck/${since}`,
      kind: 'webhook-stuck',
      facts: { ...NO_FACTS, since },
    } as const;
    await writeAlarms(db, [alarm], at);
  }
  await setMeta(db, FAILING, JSON.stringify({ since, told: isTold || tells }));
}
