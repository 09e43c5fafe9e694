// The events that wait for the webhook: claimed one by one, the oldest first, sent or given up. The receiver's wait is one for all.
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { NO_FACTS } from '../../../domain/notification/letter.ts';
import type {
  ClaimedEvent,
  EventResult,
  ReceiverFailure,
  WebhookOutbox,
} from '../../../domain/ports/webhook.ts';
import { type Database, metaOf, setMeta } from '../database.ts';
import { openUnsavedResults } from '../letters/delivery-results.ts';
import { OPEN, writeAlarms } from '../letters/letters.ts';
import { isClaimOver, LONGEST_WAIT_MS } from '../letters/outbox.ts';
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

/** Which receiver the waits below are of. */
const RECEIVER = 'webhook-receiver';

export function openWebhookOutbox({ db, change }: Database): WebhookOutbox {
  const unsaved = openUnsavedResults((results: readonly Finished[]) =>
    change(async (trx) => {
      const ours = new Set<number>();
      for (const one of results) if (await saveOne(trx, one)) ours.add(one.claimed.number);
      return ours;
    }),
  );
  return {
    subscribe: async (groups, receiver = '') => {
      const asked = groups === null ? undefined : JSON.stringify(groups);
      const isOther = groups !== null && receiver !== (await metaOf(db, RECEIVER));
      if (asked === (await metaOf(db, SUBSCRIBED)) && !isOther) return;
      await change(async (trx) => {
        if (isOther) await welcome(trx, receiver);
        if (asked !== undefined) return setMeta(trx, SUBSCRIBED, asked);
        await trx.deleteFrom('meta').where('key', 'in', [SUBSCRIBED, FAILING]).execute();
        await trx.deleteFrom('webhook_events').where(OPEN).execute();
      });
    },
    claim: async (now, leaseMs, behind) => {
      await unsaved.retry();
      const oldest = db.selectFrom('webhook_events').select('number').where(OPEN).orderBy('number').limit(1);
      // Query without a lock first: most rounds find nothing.
      if ((await oldest.executeTakeFirst()) === undefined) return null;
      const failure = await failing(db);
      if (behind === undefined && failure !== null && isAhead(failure.nextAt, now)) return null;
      const next =
        behind === undefined
          ? oldest
          : oldest.clearOrderBy().where('number', '<>', behind).orderBy('tries').orderBy('number');
      const request = { now, leaseMs };
      const lease = randomUUID();
      const row = await change(async (trx) => {
        // One at a time: what another process is sending comes first.
        const away = trx
          .selectFrom('webhook_events')
          .select('number')
          .where('state', '=', 'claimed')
          .where((e) => e.not(isClaimOver(request)));
        if ((await away.limit(1).execute()).length > 0) return undefined;
        return trx
          .updateTable('webhook_events')
          .set({ state: 'claimed', lease, lease_until: now + leaseMs })
          .where('number', 'in', next)
          .returningAll()
          .executeTakeFirst();
      });
      if (row === undefined) return null;
      const { number, id, type, environment, login, siret, about, at } = row;
      const event = { id, type, environment, login, siret, about, at };
      return { number, lease, event, isTrial: behind !== undefined, failing: failure };
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

/** Since when no try succeeds, after how many calls the receiver waits, until when (ms), and whether the IT service was told. */
type Failing = ReceiverFailure & { readonly nextAt: number; readonly told: boolean };

async function failing(db: Db): Promise<Failing | null> {
  return JSON.parse((await metaOf(db, FAILING)) ?? 'null');
}

/** A wait that is longer than any was written by a wrong clock; it is over. */
const isAhead = (at: number, now: number) => at > now && at <= now + LONGEST_WAIT_MS;

/** Another receiver has refused nothing yet, and need not wait. */
async function welcome(db: Db, receiver: string): Promise<void> {
  await setMeta(db, RECEIVER, receiver);
  await db.deleteFrom('meta').where('key', '=', FAILING).execute();
  await db.updateTable('webhook_events').set({ tries: 0 }).where(OPEN).where('tries', '>', 0).execute();
}

/** Ends one claim if it is still ours, with what follows for the others. */
async function saveOne(db: Db, { claimed, result, alarmAfterMs }: Finished): Promise<boolean> {
  const { at, reply } = result;
  const ended = { lease: null, lease_until: null, reply };
  const ours = db
    .updateTable('webhook_events')
    .where('number', '=', claimed.number)
    .where('lease', '=', claimed.lease)
    .where('state', '=', 'claimed');
  const others = db.updateTable('webhook_events').where('state', '=', 'waiting');
  const givenUp = { state: 'refused' as const, settled_at: at };
  if (result.kind === 'sent') {
    const { numUpdatedRows } = await ours.set({ ...ended, state: 'sent', settled_at: at }).executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await others.set(givenUp).where('number', '<', claimed.number).where('tries', '>', 0).execute();
    await db.deleteFrom('meta').where('key', '=', FAILING).execute();
    return true;
  }
  const { isDown, giveUpBefore } = result;
  const { numUpdatedRows } = await ours
    .set((e) => ({ ...ended, state: 'waiting', tries: e('tries', '+', isDown ? 0 : 1) }))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const lost =
    giveUpBefore === null
      ? []
      : await others.set(givenUp).where('at', '<', giveUpBefore).returning('number').execute();
  await noteFailing(db, claimed, result, { givesUp: lost.length > 0, alarmAfterMs });
  return true;
}

/** Remembers since when no try succeeds, and until when nothing leaves; once in such a time the IT service is told, by mail alone. */
async function noteFailing(
  db: Db,
  { isTrial }: ClaimedEvent,
  { at, nextAt }: Extract<EventResult, { kind: 'failed' }>,
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
  const tries = (before?.tries ?? 0) + (isTrial ? 0 : 1);
  await setMeta(
    db,
    FAILING,
    JSON.stringify({ since, tries, nextAt, told: isTold || tells } satisfies Failing),
  );
}
