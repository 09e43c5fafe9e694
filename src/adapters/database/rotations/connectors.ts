// Reads what is stored about the sinks of all accounts, for the list of connectors.

import type { ConnectorReads, ConnectorRecord } from '../../../domain/ports/connectors.ts';
import type { Database } from '../database.ts';

export function openConnectorReads({ db }: Pick<Database, 'db'>): ConnectorReads {
  return {
    accounts: () =>
      db
        .selectFrom('technical_users as u')
        .innerJoin('structures as s', 's.id', 'u.structure_id')
        .leftJoin('rotations as r', (join) =>
          join.onRef('r.technical_user_id', '=', 'u.id').on('r.standing', '=', 'current'),
        )
        .select(['u.id', 'u.login', 'u.environment', 's.name as structure', 'r.version'])
        .where('u.retired', '=', 0)
        .orderBy('u.login')
        .orderBy('u.environment')
        .execute(),
    records: async () => {
      const all = new Map<string, ConnectorRecord>();
      const add = (userId: number, sink: string, part: Partial<ConnectorRecord>) => {
        const key = `${userId}/${sink}`;
        all.set(key, { held: null, publication: null, hold: null, ...all.get(key), userId, sink, ...part });
      };
      const held = await db
        .selectFrom('publications as p')
        .innerJoin('rotations as r', 'r.id', 'p.rotation_id')
        .select(['p.technical_user_id as userId', 'p.sink'])
        .select((e) => e.fn.max('r.version').as('held'))
        .where('p.stage', '=', 'done')
        .groupBy(['p.technical_user_id', 'p.sink'])
        .execute();
      for (const one of held) add(one.userId, one.sink, { held: one.held });
      const current = await db
        .selectFrom('publications as p')
        .innerJoin('rotations as r', 'r.id', 'p.rotation_id')
        .select(['p.technical_user_id as userId', 'p.sink', 'p.stage', 'p.fault'])
        .select(['p.next_at as nextAt', 'p.read_back as readBack', 'p.adoption_late as late'])
        .select('p.claimed_at as claimedAt')
        .select(['p.adopted_at as adoptedAt', 'p.adopted_by as adoptedBy'])
        .where('r.standing', '=', 'current')
        .where('p.stage', '<>', 'superseded')
        .execute();
      for (const { userId, readBack, late, ...one } of current) {
        const publication = {
          ...one,
          readBack: readBack === null ? null : readBack === 1,
          isLate: late === 1,
        };
        add(userId, one.sink, { publication });
      }
      for (const one of await db.selectFrom('holds').selectAll().execute()) {
        const { wanted, applied, applied_at: appliedAt, tries, by_hand } = one;
        const hold = {
          wanted: wanted === 1,
          applied: applied === 1,
          appliedAt,
          tries,
          isByHand: by_hand !== null,
        };
        add(one.technical_user_id, one.sink, { hold });
      }
      return [...all.values()];
    },
  };
}
