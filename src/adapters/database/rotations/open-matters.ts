// What is open about accounts: refusals, new passwords on their way, connectors that hold; and which of it asks for a person.
import { type Kysely, sql } from 'kysely';
import { type OpenMatter, standOf } from '../../../domain/monitoring/account-stand.ts';
import type { StateMatter } from '../../../domain/notification/task.ts';
import { areBothRefused } from '../../../domain/rotation/rotation.ts';
import { TRIES_BEFORE_ALARM } from '../../../domain/rotation/rotation-rules.ts';
import { inChunks } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { ASKED, byHandMatters } from './by-hand.ts';

/** Conditions in the words of the partial indexes, by which the few rows that they mean are found without a look at the others. */
const OPEN_STAGE = sql<boolean>`r.stage in ('announced', 'unclear', 'candidate', 'verifying')`;
const TO_WRITE = sql<boolean>`p.stage in ('due', 'claimed')`;
const HOLDING = sql<boolean>`d.applied = 1`;
const OF_NOTE = sql<boolean>`h.state in ('doubtful', 'stopped')`;

/** The rotations of technical users in use. */
const rotationsOf = (db: Kysely<Schema>) =>
  db
    .selectFrom('rotations as r')
    .innerJoin('technical_users as u', 'u.id', 'r.technical_user_id')
    .where('u.retired', '=', 0);

/**
 * Those of rows that are about a technical user in use. Asked afterwards, by their keys: joined, every technical user would be looked at to
 * find the few about whom something is open.
 */
async function inUse<R extends { readonly userId: number }>(
  db: Kysely<Schema>,
  rows: readonly R[],
): Promise<R[]> {
  const found = await inChunks([...new Set(rows.map(({ userId }) => userId))], (ids) =>
    db.selectFrom('technical_users').select('id').where('id', 'in', ids).where('retired', '=', 0).execute(),
  );
  const used = new Set(found.map(({ id }) => id));
  return rows.filter(({ userId }) => used.has(userId));
}

/**
 * Technical users in use (of these ids) about whom something is open; where two new passwords are on their way, the one that is not in
 * service yet counts.
 */
export async function openMatters(
  db: Kysely<Schema>,
  ids?: readonly number[],
): Promise<readonly OpenMatter[]> {
  const rotations = db
    .selectFrom('rotations as r')
    .select([
      'r.technical_user_id as userId',
      'r.stage',
      'r.refusals',
      'r.former_works',
      'r.both_refused_since',
    ])
    .$if(ids !== undefined, (q) => q.where('r.technical_user_id', 'in', ids ?? []));
  const open = await inUse(db, await rotations.where(OPEN_STAGE).execute());
  const publishing = rotations
    .innerJoin('publications as p', 'p.rotation_id', 'r.id')
    .where('r.stage', '=', 'publishing');
  const written = await inUse(db, await publishing.where(TO_WRITE).execute());
  const asked = await inUse(db, await publishing.where(ASKED).execute());
  const refused = await inUse(
    db,
    await db
      .selectFrom('health as h')
      .innerJoin('rotations as r', 'r.id', 'h.rotation_id')
      .select(['h.technical_user_id as userId', 'h.state'])
      .$if(ids !== undefined, (q) => q.where('h.technical_user_id', 'in', ids ?? []))
      .where(OF_NOTE)
      .where('r.standing', '=', 'current')
      .where('r.credential', 'is not', null)
      .execute(),
  );
  const holding = await inUse(
    db,
    await db
      .selectFrom('holds as d')
      .select(['d.technical_user_id as userId', 'd.wanted'])
      .$if(ids !== undefined, (q) => q.where('d.technical_user_id', 'in', ids ?? []))
      .where(HOLDING)
      .where((e) => e.or([e('d.wanted', '=', 1), e('d.tries', '>=', TRIES_BEFORE_ALARM)]))
      .execute(),
  );
  const matters = new Map<number, OpenMatter>();
  const add = (userId: number, part: Partial<OpenMatter>) => {
    const before = matters.get(userId) ?? {
      userId,
      health: null,
      handover: null,
      holds: null,
      isLate: false,
    };
    matters.set(userId, { ...before, ...part });
  };
  for (const { userId, stage, refusals, former_works: works, both_refused_since: since } of [
    ...written,
    ...asked,
    ...open,
  ]) {
    const currentStillWorks = works === null ? null : works === 1;
    const bothRefused = areBothRefused({ bothRefusedSince: since, currentStillWorks });
    add(userId, { handover: { stage, refusals, currentStillWorks, bothRefused } });
  }
  for (const { userId, state } of refused) add(userId, { health: state });
  for (const { userId, wanted } of holding)
    if (wanted === 1 || matters.get(userId)?.holds !== 'asked')
      add(userId, { holds: wanted === 1 ? 'asked' : 'release-stuck' });
  for (const userId of await lateUsers(db, ids)) add(userId, { isLate: true });
  return [...matters.values()];
}

/** Technical users in use (of these ids) whose connector has not said in time that it uses the password in service. */
async function lateUsers(db: Kysely<Schema>, ids: readonly number[] | undefined): Promise<readonly number[]> {
  const late = await db
    .selectFrom('publications as p')
    .select(['p.technical_user_id as userId', 'p.rotation_id as rotation'])
    .$if(ids !== undefined, (q) => q.where('p.technical_user_id', 'in', ids ?? []))
    .where(sql<boolean>`p.adoption_late = 1`)
    .execute();
  const current = await inChunks(
    late.map(({ rotation }) => rotation),
    (some) =>
      db
        .selectFrom('rotations')
        .select('id')
        .where('id', 'in', some)
        .where('standing', '=', 'current')
        .execute(),
  );
  const inService = new Set(current.map(({ id }) => id));
  const mine = late.filter(({ rotation }) => inService.has(rotation));
  return (await inUse(db, mine)).map(({ userId }) => userId);
}

/** What is stored about passwords that asks for a person now. The id names the occasion: the same one is never a task twice. */
export async function stateMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const unclear = db
    .selectFrom('rotations as r')
    .select(['r.id', 'r.technical_user_id as userId'])
    .where(OPEN_STAGE)
    .where('r.stage', '=', 'unclear');
  const unproven = rotationsOf(db)
    .innerJoin('platforms as p', 'p.environment', 'u.environment')
    // By its key first: for the rotation alone all of the table would be indexed at each look.
    .leftJoin('health as h', (join) =>
      join.onRef('h.technical_user_id', '=', 'u.id').onRef('h.rotation_id', '=', 'r.id'),
    )
    .select(['r.id', 'u.id as userId'])
    .where(sql<boolean>`r.proven = 'unverified'`)
    .where('r.standing', '=', 'current')
    .where('h.worked_at', 'is', null)
    .where('p.good_at', 'is not', null);
  const asTasks = (kind: 'choose' | 'unproven', rows: readonly { id: string; userId: number }[]) =>
    rows.map(({ id, userId }): StateMatter => ({ id: `${kind}/${id}`, kind, userId, text: null }));
  return [
    ...(await stoppedMatters(db)),
    ...(await byHandMatters(db)),
    ...asTasks('choose', await inUse(db, await unclear.execute())),
    ...asTasks('unproven', await unproven.execute()),
    ...(await holdMatters(db)),
    ...(await sinkMatters(db)),
  ];
}

/** Once for each time that a password worked, and then no more; a connector that could not be told to go on is a matter of its own. */
async function stoppedMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const stopped = (await openMatters(db)).filter(
    ({ holds, ...one }) => standOf({ ...one, holds: holds === 'asked' ? holds : null }) === 'stopped',
  );
  const rows = await inChunks(
    stopped.map(({ userId }) => userId),
    (ids) =>
      db
        .selectFrom('technical_users as u')
        .leftJoin('health as h', 'h.technical_user_id', 'u.id')
        .select(['u.id as userId', 'u.version', 'h.worked_at as workedAt'])
        .where('u.id', 'in', ids)
        .execute(),
  );
  return rows.map(({ userId, version, workedAt }) => {
    const id = `stopped/${userId}/${version}/${workedAt ?? 0}`;
    return { id, kind: 'stopped', userId, text: null };
  });
}

async function holdMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const stuck = await db
    .selectFrom('holds as d')
    .select(['d.technical_user_id as userId', 'd.sink', 'd.wanted'])
    .where(sql<boolean>`d.wanted <> d.applied`)
    .where('d.tries', '>=', TRIES_BEFORE_ALARM)
    .where('d.by_hand', 'is', null)
    .execute();
  const occasions = await inChunks([...new Set(stuck.map(({ userId }) => userId))], (ids) =>
    db
      .selectFrom('technical_users as u')
      .leftJoin('rotations as r', (join) => join.onRef('r.technical_user_id', '=', 'u.id').on(OPEN_STAGE))
      .select(['u.id', 'u.version', 'r.id as rotation'])
      .where('u.id', 'in', ids)
      .where('u.retired', '=', 0)
      .execute(),
  );
  const occasionOf = new Map(occasions.map(({ id, version, rotation }) => [id, rotation ?? version]));
  return stuck.flatMap(({ userId, sink, wanted }): StateMatter[] => {
    const occasion = occasionOf.get(userId);
    const kind = wanted === 1 ? 'hold-stuck' : 'release-stuck';
    return occasion === undefined
      ? []
      : [{ id: `${kind}/${userId}/${sink}/${occasion}`, kind, userId, text: sink }];
  });
}

/** Sinks that hold something else and are left as they are: an alarm says so, or it was found as a password was enrolled. */
async function sinkMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const publications = () =>
    rotationsOf(db)
      .innerJoin('publications as p', 'p.rotation_id', 'r.id')
      .select(['p.rotation_id as rotation', 'p.sink', 'p.stage', 'u.id as userId', 'r.standing']);
  const failing = await publications().where(TO_WRITE).where('p.fault', 'is not', null).execute();
  const left = await publications().where(sql<boolean>`p.stage = 'left'`).execute();
  // Not in the query: SQLite would then walk the index of all passwords in service instead.
  const rows = [...failing, ...left].filter(({ standing }) => standing === 'current');
  const alarmsOf = ({ rotation, sink }: (typeof rows)[number]) =>
    ['sink-newer', 'sink-kept'].map((kind) => `${kind}/${rotation}/${sink}`);
  const raised = await inChunks(rows.flatMap(alarmsOf), (ids) =>
    db.selectFrom('alarms').select('id').where('id', 'in', ids).execute(),
  );
  const isRaised = new Set(raised.map(({ id }) => id));
  return rows
    .filter((row) => row.stage === 'left' || alarmsOf(row).some((id) => isRaised.has(id)))
    .map(({ rotation, sink, userId }) => {
      return { id: `sink-left/${rotation}/${sink}`, kind: 'sink-left', userId, text: sink };
    });
}
