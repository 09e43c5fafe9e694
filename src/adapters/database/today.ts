// Queries for the day's screen that nobody else asks: last letters, who cannot be reached, since when the daemon runs.
import type { LetterKind } from '../../domain/notification/letter.ts';
import { type Database, inChunks, setMeta } from './database.ts';

/** The key in `meta` of the start of the daemon. */
const STARTED = 'daemon-start';

/** Its version, and the instant (ms). */
export interface DaemonStart {
  readonly version: string;
  readonly at: number;
}

export function openTodayQueries({ db, change }: Pick<Database, 'db' | 'change'>) {
  return {
    /** The last letter about each of these technical users (ids) that a manager got; `at` in ms. */
    lastLetters: async (ids: readonly number[]) => {
      const rows = await inChunks(ids, (some) =>
        db
          .selectFrom('letter_items as i')
          .innerJoin('deliveries as d', 'd.letter_id', 'i.letter_id')
          .select(['i.technical_user_id as userId', 'd.kind', 'd.name', 'd.settled_at as at'])
          .where('i.technical_user_id', 'in', some)
          .where('d.state', '=', 'sent')
          .where('d.field', '=', 'to')
          .where('d.person_id', 'is not', null)
          .orderBy('d.settled_at')
          .orderBy('d.id')
          .execute(),
      );
      // The last of each stays.
      return new Map(
        rows.map(({ userId, kind, name, at }) => [userId, { kind: kind as LetterKind, name, at: at ?? 0 }]),
      );
    },
    /** Those of these technical users (ids) that may not be without an answer: somebody said something, or the password worked lately. */
    answeredOrWorking: async (ids: readonly number[]) => {
      const rows = await inChunks(ids, (some) =>
        db
          .selectFrom('technical_users as u')
          .leftJoin('health as h', 'h.technical_user_id', 'u.id')
          .select('u.id')
          .where('u.id', 'in', some)
          .where((e) =>
            e.or([
              e('u.answered', 'is not', null),
              e.and([e('h.worked_at', 'is not', null), e('h.state', 'in', ['working', 'unasked'])]),
            ]),
          )
          .execute(),
      );
      return rows.map(({ id }) => id);
    },
    /** How many technical users in use have no principal manager with an address that works. */
    unreachable: async () => {
      const { count } = await db
        .selectFrom('technical_users as u')
        .leftJoin('mandates as m', (join) =>
          join
            .onRef('m.structure_id', '=', 'u.structure_id')
            .on('m.role', '=', 'principal')
            .on('m.until', 'is', null),
        )
        .leftJoin('people as p', 'p.id', 'm.person_id')
        .select((e) => e.fn.countAll<number | string>().as('count'))
        .where('u.retired', '=', 0)
        .where((e) => e.or([e('p.email', 'is', null), e('p.dead_since', 'is not', null)]))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    /** The last start of a daemon; null before the first. */
    daemonStart: async () => {
      const row = await db.selectFrom('meta').select('value').where('key', '=', STARTED).executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.value) as DaemonStart);
    },
    noteDaemonStart: (start: DaemonStart) => change((trx) => setMeta(trx, STARTED, JSON.stringify(start))),
  };
}
