// Monitoring of passwords in service and of platforms: who has no check scheduled, who is due, who can serve as control.
import { isOut, newPlatform } from '../../../domain/platform/platform.ts';
import type { Platforms, Probes } from '../../../domain/ports/monitoring.ts';
import { AHEAD_MS, FAR_MS, MOST_REFUSALS } from '../../../domain/rotation/health.ts';
import { type Database, hasCome, isFree, upsert, userIdsOf } from '../database.ts';
import { writeAlarms } from '../letters/letters.ts';
import { writeEvents } from '../webhook/write-events.ts';
import { openMatters } from './open-matters.ts';
import { resting } from './rotations.ts';
import { maintenanceOf, platformOf, platformRow } from './rows.ts';

const HOUR_MS = 3_600_000;

export function openProbes({ db }: Pick<Database, 'db'>): Probes {
  const current = () =>
    db
      .selectFrom('health')
      .innerJoin('rotations', 'rotations.id', 'health.rotation_id')
      .innerJoin('technical_users', 'technical_users.id', 'health.technical_user_id')
      .where('rotations.standing', '=', 'current')
      .where('rotations.credential', 'is not', null)
      .where('technical_users.retired', '=', 0);
  const listed = () =>
    current()
      .select([
        'health.technical_user_id as userId',
        'health.next_at as at',
        'health.state',
        'technical_users.environment',
        'technical_users.login',
      ])
      .orderBy('health.next_at')
      .orderBy('health.technical_user_id');
  return {
    unplanned: (after, now, limit) =>
      userIdsOf(
        db
          .selectFrom('rotations')
          .leftJoin('health', 'health.rotation_id', 'rotations.id')
          .select('rotations.technical_user_id')
          .where('rotations.standing', '=', 'current')
          .where('rotations.credential', 'is not', null)
          .where((e) =>
            e.or([e('health.rotation_id', 'is', null), e('health.refused_at', '>', now + AHEAD_MS)]),
          )
          .where('rotations.technical_user_id', '>', after)
          .orderBy('rotations.technical_user_id')
          .limit(limit),
      ),
    due: (environment, now, limit) =>
      userIdsOf(
        db
          .selectFrom('health')
          // SQLite keeps the order of a cross join and so starts with the few that are due; otherwise it walks all users.
          .crossJoin('technical_users')
          .select('health.technical_user_id')
          .whereRef('technical_users.id', '=', 'health.technical_user_id')
          .where('technical_users.environment', '=', environment)
          .where('health.technical_user_id', 'not in', resting(db, 'probe', now))
          .where(hasCome('health.next_at', now, FAR_MS))
          .where(isFree('health.lease_until', now, HOUR_MS))
          .orderBy('health.wanted', 'desc')
          .orderBy('health.next_at')
          .limit(limit),
      ),
    planned: (before) =>
      listed()
        .where('health.next_at', '<', before)
        .where((e) =>
          e.or([
            e('health.state', '<>', 'stopped'),
            e('health.refusals', '<', MOST_REFUSALS),
            e('health.wanted', '=', 1),
          ]),
        )
        .execute(),
    inService: (ids) =>
      listed()
        .$if(ids !== undefined, (q) => q.where('health.technical_user_id', 'in', ids ?? []))
        .execute(),
    openMatters: (ids) => openMatters(db, ids),
    controls: async (environment, except, limit) => {
      const others = current()
        .where('technical_users.environment', '=', environment)
        .where('health.technical_user_id', '<>', except);
      const { count } = await others
        .select((e) => e.fn.countAll<number | string>().as('count'))
        .where('health.state', '<>', 'stopped')
        .executeTakeFirstOrThrow();
      const askable = others
        .select('health.technical_user_id')
        .where('health.state', 'in', ['working', 'unasked'])
        .orderBy((e) => e.fn.coalesce('health.worked_at', e.lit(0)), 'desc')
        .orderBy('health.technical_user_id')
        .limit(limit);
      return { askable: await userIdsOf(askable), others: Number(count) };
    },
  };
}

export function openPlatforms({ db, change }: Pick<Database, 'db' | 'change'>): Platforms {
  const read = async (from: typeof db, environment: Parameters<Platforms['of']>[0]) => {
    const row = await from
      .selectFrom('platforms')
      .selectAll()
      .where('environment', '=', environment)
      .executeTakeFirst();
    return row === undefined ? newPlatform(environment) : platformOf(row);
  };
  return {
    of: (environment) => read(db, environment),
    update: (environment, decide, now) =>
      change(async (trx) => {
        const before = await read(trx, environment);
        const updated = decide(before);
        if (updated === null) return;
        const row = platformRow(updated.platform);
        await upsert(trx, 'platforms', ['environment'], row);
        await writeAlarms(trx, updated.alarms, now);
        const isNowOut = isOut(updated.platform);
        if (isNowOut === isOut(before)) return;
        const type = isNowOut ? 'platform.out' : 'platform.back';
        await writeEvents(trx, 'platform', () => [{ type, environment, login: null, siret: null }], now);
      }),
    maintenances: async (now) => {
      const rows = await db
        .selectFrom('maintenances')
        .selectAll()
        .where('to_at', '>', now)
        .orderBy('from_at')
        .orderBy('id')
        .execute();
      return rows.map(maintenanceOf);
    },
    enterMaintenance: async ({ id, environment, from, to, why, by, enteredAt }) => {
      await change((trx) =>
        trx
          .insertInto('maintenances')
          .values({ id, environment, from_at: from, to_at: to, why, entered_by: by, entered_at: enteredAt })
          .execute(),
      );
    },
    endMaintenance: (id, at) =>
      change(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('maintenances')
          .set({ to_at: at })
          .where('id', '=', id)
          .where('to_at', '>', at)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
  };
}
