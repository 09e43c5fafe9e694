// The platforms as a whole: what is known of each, and when they are known to be closed.
import { newPlatform } from '../../../domain/platform/platform.ts';
import type { Platforms } from '../../../domain/ports/monitoring.ts';
import type { Database } from '../database.ts';
import { writeAlarms } from '../letters/reminders.ts';
import { maintenanceOf, platformOf, platformRow } from './health-rows.ts';

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
        const heard = decide(await read(trx, environment));
        if (heard === null) return;
        const row = platformRow(heard.platform);
        await trx
          .insertInto('platforms')
          .values(row)
          .onConflict((c) => c.column('environment').doUpdateSet(row))
          .execute();
        await writeAlarms(trx, heard.alarms, now);
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
