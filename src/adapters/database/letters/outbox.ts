// The outbox: claims letters for sending, and stores the result of each delivery with the mail server's reply.
import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import {
  type AlarmKind,
  type LetterItem,
  type NewLetter,
  PROMPT,
} from '../../../domain/notification/letter.ts';
import { formatLetterId } from '../../../domain/notification/letter-id.ts';
import type { ClaimedDelivery, ClaimRequest, Outbox } from '../../../domain/ports/outbox.ts';
import { type Database, eachChunk, inChunks } from '../database.ts';
import { hasUntoldAsk } from '../rotations/by-hand.ts';
import type { DeliveriesTable } from '../schema/letters.ts';
import type { Schema } from '../schema/schema.ts';
import { loadTechnicalUsers } from '../technical-users.ts';
import { type FinishedDelivery, openUnsavedResults, saveResults } from './delivery-results.ts';
import { lettersOf, OPEN, PROMPT_PLACE, writeAlarms, writeLetter } from './letters.ts';
import { openMailState } from './mail-state.ts';

/** No wait is longer, in ms: a next try later than this was written by a wrong clock; treat it as due. */
export const LONGEST_WAIT_MS = 24 * 3_600_000;
/**
 * How far another process's clock may be ahead, in ms: clocks of two machines differ, and on one machine a claim may wait
 * for another that read the clock later. A lease that exceeds ours by less than this is valid.
 */
const CLOCKS_APART_MS = 3_600_000;

export function openOutbox(database: Database): Outbox {
  const { db } = database;
  const unsaved = openUnsavedResults((results: readonly FinishedDelivery[]) =>
    database.change((trx) => saveResults(trx, results)),
  );
  return {
    claim: async (request) => {
      await unsaved.retry();
      return claim(database, request);
    },
    usersOf: async (ids, logins) => {
      const all = new Set([...ids, ...(await idsOfLogins(db, logins))]);
      const users = all.size === 0 ? [] : await loadTechnicalUsers(db, { ids: [...all] });
      return new Map(users.map((user) => [user.id, user]));
    },
    sentAbout: (item, address) => sentAbout(db, item, address),
    toldRefused: (item, address) => toldRefused(db, item, address),
    saveResults: unsaved.save,
    hasPrompt: async () => {
      const row = await db
        .selectFrom('deliveries')
        .select('id')
        .where(OPEN)
        .where('place', '<=', PROMPT_PLACE)
        .where('state', '=', 'waiting')
        .where('kind', 'in', PROMPT)
        .where('reply', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined || (await hasUntoldAsk(db));
    },
    ...openMailState(database),
    raise: async (alarm, now) => {
      // Without a lock first: what lasts is raised again at each tick.
      const known = database.db.selectFrom('alarms').select('id').where('id', '=', alarm.id);
      if ((await known.executeTakeFirst()) !== undefined) return;
      await database.change((trx) => writeAlarms(trx, [alarm], now));
    },
    gatherAlarms: (letter, now) => gatherAlarms(database, letter, now),
    write: (letter, now) =>
      database.change(async (trx) => {
        const known = await trx
          .selectFrom('letters')
          .select('id')
          .where('id', '=', letter.id)
          .executeTakeFirst();
        if (known !== undefined) return false;
        await writeLetter(trx, letter, now);
        return true;
      }),
  };
}

async function sentAbout(db: Kysely<Schema>, item: LetterItem, address: string): Promise<number> {
  const { count } = await db
    .selectFrom('letter_items as i')
    .innerJoin('deliveries as d', 'd.letter_id', 'i.letter_id')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('i.technical_user_id', '=', item.userId)
    .where('i.version', '=', item.version)
    .where('i.deadline', '=', item.deadline)
    .where('d.kind', '=', 'reminder')
    .where('d.address', '=', address)
    .where('d.state', '=', 'sent')
    .executeTakeFirstOrThrow();
  return count;
}

async function toldRefused(db: Kysely<Schema>, item: LetterItem, address: string): Promise<boolean> {
  const told = await db
    .selectFrom('letter_items as i')
    .innerJoin('deliveries as d', 'd.letter_id', 'i.letter_id')
    .select('d.id')
    .where('i.technical_user_id', '=', item.userId)
    .where('i.version', '=', item.version)
    .where('d.kind', 'in', ['stopped', 'refusal'])
    .where('d.address', '=', address)
    .where('d.state', '=', 'sent')
    .limit(1)
    .executeTakeFirst();
  return told !== undefined;
}

async function idsOfLogins(db: Kysely<Schema>, logins: readonly string[]): Promise<number[]> {
  const keys = [...new Set(logins.map((login) => login.toLowerCase()))];
  const rows = await inChunks(keys, (part) =>
    db.selectFrom('technical_users').select('id').where('login_key', 'in', part).execute(),
  );
  return rows.map(({ id }) => id);
}

/** Whether the claim of a delivery or an event is over. Times absurdly far ahead count as over. */
export function isClaimOver({ now, leaseMs }: Pick<ClaimRequest, 'now' | 'leaseMs'>) {
  return sql<boolean>`(state = 'claimed' and (lease_until <= ${now} or lease_until > ${now + leaseMs + CLOCKS_APART_MS}))`;
}

/** Whether a delivery may be claimed: it waits and is due, or its lease is over. */
function claimable(request: Pick<ClaimRequest, 'now' | 'leaseMs'>) {
  const { now } = request;
  return sql<boolean>`(
    (state = 'waiting' and (next_at <= ${now} or next_at > ${now + LONGEST_WAIT_MS})) or ${isClaimOver(request)})`;
}

async function claim(database: Database, request: ClaimRequest): Promise<readonly ClaimedDelivery[]> {
  const { now, leaseMs, count, includeScheduled } = request;
  const open = database.db
    .selectFrom('deliveries')
    .select('id')
    .where(OPEN)
    .where(claimable(request))
    .$if(!includeScheduled, (q) => q.where('place', '<=', PROMPT_PLACE).where('kind', 'in', PROMPT))
    .orderBy('place')
    .orderBy('id')
    .limit(count);
  // Query without a lock first: most ticks find nothing.
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

/** Good news waits for more of it so long, in ms, unless something else leaves. */
const NEWS_WAITS_MS = 15 * 60_000;

/** Whether nothing needs a letter yet. An alarm from the future was raised by a wrong clock. */
function mayWait(
  unsent: readonly { readonly kind: AlarmKind; readonly raised_at: number }[],
  now: number,
): boolean {
  return unsent.every(
    ({ kind, raised_at: at }) => kind === 'rotated' && at <= now && now - at < NEWS_WAITS_MS,
  );
}

async function gatherAlarms(
  database: Database,
  letter: Omit<NewLetter, 'id' | 'items' | 'kind'>,
  now: number,
): Promise<number> {
  const unsent = (db: Kysely<Schema>) =>
    db.selectFrom('alarms').select(['id', 'kind', 'raised_at']).where('letter_id', 'is', null).orderBy('id');
  if (mayWait(await unsent(database.db).execute(), now)) return 0;
  return database.change(async (trx) => {
    const alarms = await unsent(trx).execute();
    const [lead] = alarms;
    if (lead === undefined) return 0;
    const id = formatLetterId({ kind: 'alarm', first: lead.id });
    await writeLetter(trx, { ...letter, id, kind: 'alarm', items: [] }, now);
    const ids = alarms.map((alarm) => alarm.id);
    await eachChunk(ids, (part) =>
      trx.updateTable('alarms').set({ letter_id: id }).where('id', 'in', part).execute(),
    );
    return alarms.length;
  });
}
