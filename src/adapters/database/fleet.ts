// Queries over the whole fleet: for the digest, the metrics, `check`, and the copy that a trial run works on.
import type { Kysely } from 'kysely';
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { SentLetter } from '../../domain/notification/letter-facts.ts';
import type { Fleet } from '../../domain/ports/reminders.ts';
import type { Database } from './database.ts';
import { lettersOf } from './letters/letters.ts';
import { platformOf } from './rotations/rows.ts';
import type { Schema } from './schema/schema.ts';
import { allTechnicalUsers, personOf } from './technical-users.ts';

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
    lettersSent: (since: number, limit: number) => lettersSent(db, since, limit),
    letterCounts: (since: number) => letterCounts(db, since),
    /** Letters not sent yet: how many, and when the oldest was written (instant, ms). */
    outboxState: () => outboxState(db),
    /** Finished deliveries by kind and outcome, since the beginning. */
    lettersByOutcome: () =>
      db
        .selectFrom('deliveries')
        .select((e) => ['kind', 'state as outcome', e.fn.countAll<number>().as('count')])
        .where('state', 'in', ['sent', 'refused', 'withdrawn'])
        .groupBy(['kind', 'state'])
        .orderBy('kind')
        .orderBy('state')
        .execute(),
    rotationsByStage: () =>
      db
        .selectFrom('rotations')
        .select((e) => ['stage', e.fn.countAll<number>().as('count')])
        .groupBy('stage')
        .orderBy('stage')
        .execute(),
    /** Passwords in service by health state, without those of retired technical users. */
    healthByState: () =>
      db
        .selectFrom('health')
        .innerJoin('rotations', 'rotations.id', 'health.rotation_id')
        .innerJoin('technical_users', 'technical_users.id', 'health.technical_user_id')
        .select((e) => ['state', e.fn.countAll<number>().as('count')])
        .where('rotations.standing', '=', 'current')
        .where('technical_users.retired', '=', 0)
        .groupBy('state')
        .orderBy('state')
        .execute(),
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

async function letterCounts(db: Kysely<Schema>, since: number) {
  const rows = await db
    .selectFrom('deliveries')
    .select((e) => ['state', e.fn.countAll<number>().as('count')])
    .where('person_id', 'is not', null)
    .where((e) => e.or([e('settled_at', '>=', since), e('state', 'in', ['waiting', 'claimed'])]))
    .groupBy('state')
    .execute();
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

function outboxState(db: Kysely<Schema>) {
  return db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter_id')
    .select((e) => [e.fn.countAll<number>().as('waiting'), e.fn.min('l.written_at').as('oldestAt')])
    .where('d.state', 'in', ['waiting', 'claimed'])
    .executeTakeFirstOrThrow();
}

/** A copy of the fleet for a trial run, never written back. Claimed letters count as waiting: their claim may fail. */
export async function copyFleet({ db }: Database): Promise<Fleet> {
  const users: TechnicalUser[] = [];
  for await (const page of allTechnicalUsers(db)) users.push(...page);
  const items = await db.selectFrom('letter_items').select('id').execute();
  const open = await db
    .selectFrom('deliveries')
    .select(['letter_id', 'address'])
    .where('state', 'in', ['waiting', 'claimed'])
    .orderBy('place')
    .orderBy('id')
    .execute();
  const recipients = new Set(open.map((row) => `${row.letter_id} ${row.address}`));
  const letters = await lettersOf(db, [...new Set(open.map((row) => row.letter_id))]);
  const waiting = [...letters.values()].map((letter) => ({
    ...letter,
    recipients: letter.recipients.filter((reader) => recipients.has(`${letter.id} ${reader.address}`)),
  }));
  return { users, knownItems: new Set(items.map((item) => item.id)), waiting };
}
