// Queries over the whole fleet: for the digest, the metrics, `check`, and what a trial run reads.
import type { Kysely } from 'kysely';
import type { StoredLetter } from '../../domain/notification/letter.ts';
import type { SentLetter } from '../../domain/notification/letter-facts.ts';
import type { Fleet } from '../../domain/ports/reminders.ts';
import { type Database, inChunks, pages } from './database.ts';
import { lettersOf, OPEN } from './letters/letters.ts';
import { typedPasswords } from './rotations/by-hand.ts';
import { platformOf } from './rotations/rows.ts';
import type { Schema } from './schema/schema.ts';
import { allTechnicalUsers, loadTechnicalUsers, personOf, usersWithPrincipal } from './technical-users.ts';

/** All that is asked about the fleet; the port `Overview` is a part of it. */
export function openFleetQueries(database: Database) {
  const { db } = database;
  return {
    activeUsers: () => unretired(db),
    deadAddresses: async () => {
      // Of those in office: nobody writes to the others any more.
      const inOffice = db.selectFrom('mandates').select('person_id').where('until', 'is', null);
      const dead = db
        .selectFrom('people')
        .selectAll()
        .where('dead_since', 'is not', null)
        .where('id', 'in', inOffice)
        .orderBy('id');
      return (await dead.execute()).map(personOf);
    },
    typedPasswords: () => typedPasswords(db),
    lettersSent: (since: number, limit: number) => lettersSent(db, since, limit),
    letterCounts: (since: number) => letterCounts(db, since),
    /** Letters not sent yet: how many, and when the oldest was written (instant, ms). */
    outboxState: () => outboxState(db),
    /** Finished deliveries by kind and outcome, since the beginning. */
    lettersByOutcome: () =>
      countInPortions(db, 'deliveries', (from, to) =>
        db
          .selectFrom('deliveries')
          .select((e) => ['kind', 'state as outcome', e.fn.countAll<number>().as('count')])
          .where('state', 'in', ['sent', 'refused', 'withdrawn'])
          .where('id', '>', from)
          .where('id', '<=', to)
          .groupBy(['kind', 'state'])
          .execute(),
      ),
    rotationsByStage: () =>
      countInPortions(db, 'technical_users', (from, to) =>
        db
          .selectFrom('rotations')
          .select((e) => ['stage', e.fn.countAll<number>().as('count')])
          .where('technical_user_id', '>', from)
          .where('technical_user_id', '<=', to)
          .groupBy('stage')
          .execute(),
      ),
    /** Passwords in service by health state, without those of retired technical users. */
    healthByState: () =>
      countInPortions(db, 'technical_users', (from, to) =>
        db
          .selectFrom('health')
          .innerJoin('rotations', 'rotations.id', 'health.rotation_id')
          .innerJoin('technical_users', 'technical_users.id', 'health.technical_user_id')
          .select((e) => ['state', e.fn.countAll<number>().as('count')])
          .where('rotations.standing', '=', 'current')
          .where('technical_users.retired', '=', 0)
          .where('health.technical_user_id', '>', from)
          .where('health.technical_user_id', '<=', to)
          .groupBy('state')
          .execute(),
      ),
    /** The platforms that were asked at least once. */
    platforms: async () => (await db.selectFrom('platforms').selectAll().execute()).map(platformOf),
    /** Proves that the database can be written to, without changing anything. Throws when it cannot. */
    proveWritable: () =>
      database.change(async (trx) => {
        await trx.updateTable('meta').set({ key: 'version' }).where('key', '=', 'version').execute();
      }),
  };
}

async function* unretired(db: Kysely<Schema>) {
  for await (const page of allTechnicalUsers(db)) yield page.filter((user) => !user.retired);
}

/** Keys in one portion of a count: one count of all would hold the event loop the longer, the more there are. */
const COUNTED = 10_000;

/** Counts by labels: asks for one portion after the other of the keys of a table, and adds up; in the order of the labels. */
async function countInPortions<R extends { readonly count: number }>(
  db: Kysely<Schema>,
  table: 'deliveries' | 'technical_users',
  ask: (from: number, to: number) => Promise<readonly R[]>,
): Promise<R[]> {
  const sums = new Map<string, R>();
  const { last } = await db
    .selectFrom(table)
    .select((e) => e.fn.max<number | null>('id').as('last'))
    .executeTakeFirstOrThrow();
  for (let from = 0; from < (last ?? 0); from += COUNTED) {
    for (const row of await ask(from, from + COUNTED)) {
      const labels = JSON.stringify({ ...row, count: 0 });
      sums.set(labels, { ...row, count: row.count + (sums.get(labels)?.count ?? 0) });
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

async function letterCounts(db: Kysely<Schema>, since: number) {
  const rows = await countInPortions(db, 'deliveries', (from, to) =>
    db
      .selectFrom('deliveries')
      .select((e) => ['state', e.fn.countAll<number>().as('count')])
      .where('person_id', 'is not', null)
      .where((e) => e.or([e('settled_at', '>=', since), OPEN]))
      .where('id', '>', from)
      .where('id', '<=', to)
      .groupBy('state')
      .execute(),
  );
  const of = (...states: string[]) =>
    rows.filter((r) => states.includes(r.state)).reduce((n, r) => n + r.count, 0);
  return { sent: of('sent'), waiting: of('waiting', 'claimed'), refused: of('refused') };
}

async function lettersSent(db: Kysely<Schema>, since: number, limit: number): Promise<readonly SentLetter[]> {
  const rows = await db
    .selectFrom('deliveries as d')
    .innerJoin('letter_items as i', (join) =>
      join.onRef('i.letter_id', '=', 'd.letter_id').on('i.place', '=', 0),
    )
    .innerJoin('technical_users as u', 'u.id', 'i.technical_user_id')
    .innerJoin('structures as s', 's.id', 'u.structure_id')
    .select(['d.settled_at as at', 'd.kind', 'i.step_offset as step', 's.name as structure', 'd.name'])
    .where('d.settled_at', '>=', since)
    .where('d.state', '=', 'sent')
    .where('d.person_id', 'is not', null)
    .orderBy('d.settled_at')
    .orderBy('d.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, at: row.at ?? since, kind: row.kind as SentLetter['kind'] }));
}

async function outboxState(db: Kysely<Schema>) {
  // The index of open deliveries has both, so that no letter is read but the oldest.
  const { waiting, oldest } = await db
    .selectFrom('deliveries')
    .select((e) => [e.fn.countAll<number>().as('waiting'), e.fn.min<number | null>('id').as('oldest')])
    .where(OPEN)
    .executeTakeFirstOrThrow();
  const letter = await db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter_id')
    .select('l.written_at')
    .where('d.id', '=', oldest)
    .executeTakeFirst();
  return { waiting, oldestAt: letter?.written_at ?? null };
}

/** Keys in one page: rows of two numbers. */
const KEY_PAGE = 5_000;

/** What a trial run reads of the fleet. Claimed letters count as waiting: their claim may fail. */
export function openFleet({ db }: Database): Fleet {
  return {
    keys: () =>
      pages(
        (after) =>
          usersWithPrincipal(db)
            .select(['u.id', 'm.person_id as principalId'])
            .where('u.retired', '=', 0)
            .where('u.id', '>', after)
            .orderBy('u.id')
            .limit(KEY_PAGE)
            .execute(),
        ({ id }) => id,
      ),
    users: (ids) => loadTechnicalUsers(db, { ids }),
    written: async (ids) => {
      const found = await inChunks(ids, (some) =>
        db.selectFrom('letter_items').select('id').where('id', 'in', some).execute(),
      );
      return new Set(found.map(({ id }) => id));
    },
    waiting: () => waitingLetters(db),
  };
}

async function waitingLetters(db: Kysely<Schema>): Promise<readonly StoredLetter[]> {
  const open = await db
    .selectFrom('deliveries')
    .select(['letter_id', 'address'])
    .where(OPEN)
    .orderBy('place')
    .orderBy('id')
    .execute();
  const recipients = new Set(open.map((row) => `${row.letter_id} ${row.address}`));
  const letters = await lettersOf(db, [...new Set(open.map((row) => row.letter_id))]);
  return [...letters.values()].map((letter) => ({
    ...letter,
    recipients: letter.recipients.filter((reader) => recipients.has(`${letter.id} ${reader.address}`)),
  }));
}
