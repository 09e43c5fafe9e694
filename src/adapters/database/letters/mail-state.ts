// Remembers since when no letter can leave, and tells the webhook: mail itself cannot say it.
import type { Kysely } from 'kysely';
import type { Outbox } from '../../../domain/ports/outbox.ts';
import { type Database, metaOf, setMeta } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { writeEvents } from '../webhook/write-events.ts';
import { OPEN } from './letters.ts';

export function openMailState(database: Database): Pick<Outbox, 'noteMail' | 'mailIsUnproven'> {
  return {
    noteMail: (now, how) =>
      how === 'up' || how === 'lets-us-in' ? noteBack(database, now, how) : noteDown(database, now, how),
    mailIsUnproven: async () => {
      const { db } = database;
      const down = await readDown(db);
      if (down === null || needsLetter(down)) return false;
      return (await db.selectFrom('deliveries').select('id').where(OPEN).limit(1).execute()).length === 0;
    },
  };
}

/** The row of `meta` that says since when no letter can leave, and whether the webhook was told. */
const MAIL_DOWN = 'mail-down';
/** A mail server that starts again is no news, in ms; nor is one that puts off what it does not know for some minutes. */
const TOLD_AFTER_MS = { down: 5 * 60_000, 'put-off': 60 * 60_000 };

interface MailDown {
  readonly since: number;
  readonly told: boolean;
  /** What the last tick showed. */
  readonly how: 'down' | 'put-off';
}

async function readDown(db: Kysely<Schema>): Promise<MailDown | null> {
  return JSON.parse((await metaOf(db, MAIL_DOWN)) ?? 'null');
}

/** A server that lets us in may still put off all letters: one that did so is back when it takes one. */
const needsLetter = ({ told, how }: MailDown) => told && how === 'put-off';

async function noteDown(database: Database, now: number, how: 'down' | 'put-off'): Promise<void> {
  const isNews = (down: MailDown | null) =>
    down === null || (!down.told && now - down.since >= TOLD_AFTER_MS[how]);
  const before = await readDown(database.db);
  if (!isNews(before)) return;
  if (before !== null && how === 'put-off' && !(await putsOffSeveral(database.db))) return;
  await database.change(async (trx) => {
    const down = await readDown(trx);
    if (!isNews(down)) return;
    if (down !== null) await tellMail(trx, 'mail.down', now);
    const state = { since: down?.since ?? now, told: down !== null, how } satisfies MailDown;
    await setMeta(trx, MAIL_DOWN, JSON.stringify(state));
  });
}

/** Whether more than one mailbox is meant, or the IT service's own: a full one of a manager is no fault of the server. */
async function putsOffSeveral(db: Kysely<Schema>): Promise<boolean> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['address', 'person_id'])
    .distinct()
    .where(OPEN)
    .where('first_tried_at', 'is not', null)
    .limit(2)
    .execute();
  return rows.length > 1 || rows.some(({ person_id: person }) => person === null);
}

async function noteBack(database: Database, now: number, how: 'up' | 'lets-us-in'): Promise<void> {
  const isOver = (down: MailDown | null) => down !== null && (how === 'up' || !needsLetter(down));
  if (!isOver(await readDown(database.db))) return;
  await database.change(async (trx) => {
    const down = await readDown(trx);
    if (!isOver(down)) return;
    await trx.deleteFrom('meta').where('key', '=', MAIL_DOWN).execute();
    if (down?.told === true) await tellMail(trx, 'mail.back', now);
  });
}

function tellMail(trx: Kysely<Schema>, type: 'mail.down' | 'mail.back', now: number): Promise<void> {
  return writeEvents(trx, 'mail', () => [{ type, environment: null, login: null, siret: null }], now);
}
