// The rotations of one technical user, read, decided on and written in one transaction; and queries for due work. Unforeseen
// errors are counted for each technical user and kind of work: the work rests for a while, then an alarm is raised.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { accountFacts, type TechnicalUser } from '../../../domain/account/technical-user.ts';
import { type AlarmFacts, NO_FACTS } from '../../../domain/notification/letter.ts';
import type { AuditKey } from '../../../domain/ports/audit-trail.ts';
import type { ItemWork, Rotations, Work } from '../../../domain/ports/rotations.ts';
import type { Publication, RotationAggregate, RotationDecision } from '../../../domain/rotation/rotation.ts';
import { type RotationRules, TRIES_BEFORE_ALARM } from '../../../domain/rotation/rotation-rules.ts';
import type { Sealed } from '../../../domain/rotation/sealed.ts';
import { waitAfter } from '../../../domain/shared/retry.ts';
import type { Doubts } from '../../../domain/submission/submission.ts';
import { type Database, hasCome, isFree, upsert, userIdsOf } from '../database.ts';
import { writeAlarms } from '../letters/letters.ts';
import type { Schema } from '../schema/schema.ts';
import { openTasksOf } from '../tasks.ts';
import { loadTechnicalUsers } from '../technical-users.ts';
import { aggregatesOf } from './aggregates.ts';
import { writeChanges } from './rotation-write.ts';

type Db = Kysely<Schema>;

export function openRotations(database: Database, rules: RotationRules, auditKey?: AuditKey): Rotations {
  const { db } = database;
  const aggregates = aggregatesOf(database);
  const decideOn = <T>(
    userId: number,
    decide: (aggregate: RotationAggregate, trx: Db) => Promise<RotationDecision<T>>,
  ) =>
    aggregates.change(userId, async (aggregate, trx) => {
      if (aggregate === null) throw new Error(`there is no technical user ${userId}`);
      const { changes, answer } = await decide(withReadBack(aggregate, rules), trx);
      if (changes === null) return { changes, answer };
      await writeChanges(trx, aggregate, changes, { rules, auditKey });
      if (changes.destroyed.length > 0) await database.noteDestroyed(trx);
      return { changes, answer };
    });
  return {
    ...openItemFaults(database, rules),
    update: (userId, decide) => decideOn(userId, (aggregate) => Promise.resolve(decide(aggregate))),
    updateWithTasks: (userId, decide) =>
      decideOn(userId, async (aggregate, trx) => decide(aggregate, await openTasksOf(trx, userId))),
    aggregate: async (userId) => {
      const aggregate = await aggregates.read(userId);
      return aggregate && withReadBack(aggregate, rules);
    },
    due: (work, now, limit, sink) => due(db, work, now, { limit, sink }),
    credential: (id) => credential(db, id),
    provenElsewhere: (user, limit) => provenElsewhere(db, user, limit),
    inService: () => {
      const rotations = db.selectFrom('rotations').select('technical_user_id').orderBy('technical_user_id');
      return userIdsOf(rotations.where('standing', '=', 'current'));
    },
    holding: () => {
      const holds = db.selectFrom('holds').select('technical_user_id').distinct();
      return userIdsOf(holds.where('wanted', '=', 1).where('applied', '=', 1));
    },
  };
}

/** Earlier versions did not note whether a publication was read back: what its sink does now is the best that is known. */
function withReadBack(aggregate: RotationAggregate, { sinksOf }: RotationRules): RotationAggregate {
  const isNotNoted = ({ stage, readBack }: Publication) => stage === 'done' && readBack === null;
  if (!aggregate.publications.some(isNotNoted)) return aggregate;
  const ability = new Map(sinksOf(aggregate.user).map(({ name, readsBack }) => [name, readsBack]));
  const publications = aggregate.publications.map((one) =>
    isNotNoted(one) ? { ...one, readBack: ability.get(one.sink) ?? null } : one,
  );
  return { ...aggregate, publications };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The work of each kind: its table, the order in which it is done, and which rows may be due at an instant (ms). */
const DUE: Readonly<Record<Work, DueWork>> = {
  proof: {
    table: 'rotations',
    order: 'next_try_at',
    where: (now) =>
      sql`stage in ('candidate', 'verifying') and ${hasCome('next_try_at', now, DAY_MS)} and ${isFree('lease_until', now, HOUR_MS)}`,
  },
  publication: {
    table: 'publications',
    order: 'next_at',
    where: (now, sink) =>
      sql`stage in ('due', 'claimed') and ${hasCome('next_at', now, DAY_MS)} and ${isFree('lease_until', now, HOUR_MS)} ${sink}`,
  },
  hold: {
    table: 'holds',
    order: 'next_at',
    where: (now, sink) =>
      sql`wanted <> applied and by_hand is null and ${hasCome('next_at', now, DAY_MS)} ${sink}`,
  },
  adoption: {
    table: 'publications',
    order: 'adopt_until',
    where: (now) => sql`adopt_until <= ${now}`,
  },
  time: { table: 'rotations', order: 'wake_at', where: (now) => sql`wake_at <= ${now}` },
};

interface DueWork {
  readonly table: keyof Schema;
  readonly order: string;
  readonly where: (now: number, ofSink: RawBuilder<unknown>) => RawBuilder<unknown>;
}

/** Technical users with work of a kind; instants absurdly far ahead were set by a clock that was wrong. */
async function due(
  db: Db,
  work: Work,
  now: number,
  { limit, sink }: { limit: number; sink?: string | undefined },
) {
  const { table, order, where } = DUE[work];
  const { rows } = await sql<{ technical_user_id: number }>`
    select technical_user_id from ${sql.table(table)}
    where ${where(now, sink === undefined ? sql`` : sql`and sink = ${sink}`)}
      and technical_user_id not in ${resting(db, work, now)}
    order by ${sql.ref(order)} limit ${limit}`.execute(db);
  return [...new Set(rows.map((row) => row.technical_user_id))];
}

async function credential(db: Db, id: string): ReturnType<Rotations['credential']> {
  const row = await db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.destroyed_at !== null) return null;
  const sealed: Sealed = { keyId: row.key_id, dataKey: row.data_key, box: row.box };
  const name = { environment: row.environment, login: row.login, credential: row.id };
  return { name, sealed, doubts: row.doubts === null ? null : (JSON.parse(row.doubts) as Doubts) };
}

async function provenElsewhere(
  db: Db,
  { id, principal }: TechnicalUser,
  limit: number,
): ReturnType<Rotations['provenElsewhere']> {
  if (principal === null) return [];
  const rows = await db
    .selectFrom('mandates as m')
    .innerJoin('technical_users as u', 'u.structure_id', 'm.structure_id')
    .innerJoin('structures as s', 's.id', 'u.structure_id')
    .innerJoin('rotations as r', 'r.technical_user_id', 'u.id')
    .select(['u.login', 'u.environment', 's.name', 'r.fingerprint'])
    .where('m.person_id', '=', principal.id)
    .where('m.role', '=', 'principal')
    .where('m.until', 'is', null)
    .where('u.retired', '=', 0)
    .where('u.id', '<>', id)
    .where('r.standing', '=', 'current')
    .where('r.proven', 'in', ['chorus-pro', 'connector'])
    .orderBy('u.id')
    .limit(limit)
    .execute();
  return rows.flatMap(({ login, environment, name, fingerprint }) =>
    fingerprint === null ? [] : [{ account: { login, environment, structure: name }, fingerprint }],
  );
}

const keyOf = (work: ItemWork, userId: number) => `${work} ${userId}`;

/** Counts faults and deletes them; without a counted fault, `forgive` makes no query. */
function openItemFaults(
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
    // What could not be read is read again the next time.
    known.catch(() => {
      known = null;
    });
    return known;
  };
  return {
    countFault: async (work, userId, fault, now) => {
      (await counted()).add(keyOf(work, userId));
      await change(async (trx) => {
        const before = await trx
          .selectFrom('item_faults')
          .selectAll()
          .where('work', '=', work)
          .where('technical_user_id', '=', userId)
          .executeTakeFirst();
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

/** The facts about the account; all null where even these cannot be read. */
async function factsOf(db: Db, userId: number): Promise<AlarmFacts> {
  const [user] = await loadTechnicalUsers(db, { ids: [userId] });
  if (user === undefined) return NO_FACTS;
  return { ...NO_FACTS, ...accountFacts(user), person: null, address: null };
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
