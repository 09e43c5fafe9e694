// What is open about accounts: refusals, new passwords on their way, connectors that hold; and which of it asks for a person.
import type { Kysely } from 'kysely';
import { IN_HAND, type OpenMatter, standOf } from '../../../domain/monitoring/account-stand.ts';
import type { StateMatter } from '../../../domain/notification/task.ts';
import { TRIES_BEFORE_ALARM } from '../../../domain/rotation/rotation-rules.ts';
import { inChunks, userIdsOf } from '../database.ts';
import type { Schema } from '../schema/schema.ts';

const inUse = (db: Kysely<Schema>) => db.selectFrom('technical_users').select('id').where('retired', '=', 0);

/**
 * Technical users in use about whom something is open. Of a password that was proven while an older one is still being published, the one that is open
 * counts.
 */
export async function openMatters(db: Kysely<Schema>): Promise<readonly OpenMatter[]> {
  const handovers = await db
    .selectFrom('rotations')
    .select(['technical_user_id as userId', 'stage', 'refusals', 'former_works'])
    .where('stage', 'in', IN_HAND)
    .where('technical_user_id', 'in', inUse(db))
    .execute();
  const refused = await db
    .selectFrom('health')
    .innerJoin('rotations', 'rotations.id', 'health.rotation_id')
    .select(['health.technical_user_id as userId', 'health.state'])
    .where('health.state', 'in', ['doubtful', 'stopped'])
    .where('rotations.standing', '=', 'current')
    .where('rotations.credential', 'is not', null)
    .where('health.technical_user_id', 'in', inUse(db))
    .execute();
  const holding = await userIdsOf(
    db
      .selectFrom('holds')
      .select('technical_user_id')
      .distinct()
      .where('applied', '=', 1)
      .where('technical_user_id', 'in', inUse(db)),
  );
  const matters = new Map<number, OpenMatter>();
  const add = (userId: number, part: Partial<OpenMatter>) => {
    const before = matters.get(userId) ?? { userId, health: null, handover: null, holds: false };
    matters.set(userId, { ...before, ...part });
  };
  for (const { userId, stage, refusals, former_works: works } of handovers) {
    if (stage === 'publishing' && matters.has(userId)) continue;
    add(userId, { handover: { stage, refusals, currentStillWorks: works === null ? null : works === 1 } });
  }
  for (const { userId, state } of refused) add(userId, { health: state });
  for (const userId of holding) add(userId, { holds: true });
  return [...matters.values()];
}

/** What is stored about passwords that asks for a person now. The id names the occasion: the same one is never a task twice. */
export async function stateMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const rotations = await db
    .selectFrom('rotations as r')
    .innerJoin('technical_users as u', 'u.id', 'r.technical_user_id')
    .leftJoin('health as h', 'h.rotation_id', 'r.id')
    .leftJoin('platforms as p', 'p.environment', 'u.environment')
    .select(['r.id', 'r.stage', 'u.id as userId'])
    .where('u.retired', '=', 0)
    .where((e) =>
      e.or([
        e('r.stage', '=', 'unclear'),
        e.and([
          e('r.standing', '=', 'current'),
          e('r.proven', '=', 'unverified'),
          e('h.worked_at', 'is', null),
          e('p.good_at', 'is not', null),
        ]),
      ]),
    )
    .execute();
  return [
    ...(await stoppedMatters(db)),
    ...rotations.map(({ id, stage, userId }): StateMatter => {
      const kind = stage === 'unclear' ? 'choose' : 'unproven';
      return { id: `${kind}/${id}`, kind, userId, text: null };
    }),
    ...(await holdMatters(db)),
    ...(await sinkMatters(db)),
  ];
}

/** Once for each time that a password worked, and then no more. */
async function stoppedMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const stopped = (await openMatters(db)).filter((one) => standOf(one) === 'stopped');
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
  const rows = await db
    .selectFrom('holds as d')
    .innerJoin('technical_users as u', 'u.id', 'd.technical_user_id')
    .leftJoin('rotations as r', (join) =>
      join.onRef('r.technical_user_id', '=', 'u.id').on('r.stage', 'in', IN_HAND),
    )
    .select(['u.id as userId', 'u.version', 'd.sink'])
    .select((e) => e.fn.max('r.id').as('rotation'))
    .where('u.retired', '=', 0)
    .where('d.wanted', '=', 1)
    .where('d.applied', '=', 0)
    .where('d.tries', '>=', TRIES_BEFORE_ALARM)
    .groupBy(['u.id', 'u.version', 'd.sink'])
    .execute();
  return rows.map(({ userId, version, sink, rotation }) => {
    const id = `hold-stuck/${userId}/${sink}/${rotation ?? version}`;
    return { id, kind: 'hold-stuck', userId, text: sink };
  });
}

/** Sinks that hold something else and are left as they are: an alarm says so, or it was found as a password was enrolled. */
async function sinkMatters(db: Kysely<Schema>): Promise<readonly StateMatter[]> {
  const rows = await db
    .selectFrom('publications as p')
    .innerJoin('rotations as r', 'r.id', 'p.rotation_id')
    .innerJoin('technical_users as u', 'u.id', 'p.technical_user_id')
    .select(['p.rotation_id as rotation', 'p.sink', 'p.stage', 'u.id as userId'])
    .where('r.standing', '=', 'current')
    .where('u.retired', '=', 0)
    .where((e) =>
      e.or([
        e('p.stage', '=', 'left'),
        e.and([e('p.stage', 'in', ['due', 'claimed']), e('p.fault', 'is not', null)]),
      ]),
    )
    .execute();
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
