// A world with several passwords in service, for the tests of the probe: what time does to them, night after night.
import { planAll } from '../../src/use-cases/monitoring/probe-rounds.ts';
import { MINUTE } from '../fakes/clock.ts';
import { plant } from '../fakes/fleet.ts';
import { probeRound } from './rounds.ts';
import { openWorld, type WorldSettings } from './world.ts';

/** The login of the nth account. */
export const loginOf = (nth: number): string =>
  `TECH_1_${String(2_190_000_120_000 + nth).padStart(14, '0')}@cpro.fr`;
export const passwordOf = (nth: number): string => `aB3(xyz${String(nth).padStart(4, '0')}_`;

/** What a test says of one account more. */
export interface Extra {
  readonly environment?: 'production' | 'qualification';
  readonly changedOn?: string;
  readonly manager?: string | null;
}

/** Opens a world in which so many passwords are in service, each proven and handed out; at 10 in the morning. */
export async function openFleetWorld(
  count: number,
  settings: WorldSettings = {},
  extra: readonly Extra[] = [],
) {
  const fleet = Array.from({ length: count }, (_, nth) => ({
    login: loginOf(nth),
    siret: String(21_900_012_000_000 + nth),
    changedOn: '2027-01-01',
    manager: `maire${nth}@example.test`,
    ...extra[nth],
  }));
  // LOGIN is there as well, retired: an account without a password in service.
  const world = await openWorld(settings);
  const { ports, chorus, clock, database } = world;
  await database.db.updateTable('technical_users').set({ retired: 1 }).execute();
  await plant(database, fleet);
  const users = await Promise.all(fleet.map(({ login }) => world.userOf(login)));
  for (const [nth, user] of users.entries()) {
    chorus.alive.set(user.login, passwordOf(nth));
    await world.submitFor(user, passwordOf(nth), { changedOn: fleet[nth]?.changedOn ?? null });
    await world.advanceOf(user.id);
  }
  chorus.answers.length = 0;
  const userOf = (nth: number) => {
    const found = users[nth];
    if (found === undefined) throw new Error(`there is no account ${nth}`);
    return found;
  };
  const rowsOf = (table: 'letters' | 'alarms') =>
    database.db.selectFrom(table).select(['id', 'kind']).orderBy('id').execute();
  const openLedger = async (table: 'letters' | 'alarms') => {
    const known = new Set((await rowsOf(table)).map(({ id }) => id));
    return async () => (await rowsOf(table)).filter(({ id }) => !known.has(id)).map(({ kind }) => kind);
  };
  const drain = async () => {
    for (let asked = 1; asked > 0; ) asked = await probeRound(ports);
  };
  return {
    ...world,
    users,
    userAt: userOf,
    aggregateAt: (nth: number) => world.aggregateOf(userOf(nth).id),
    healthAt: async (nth: number) => (await ports.rotations.aggregate(userOf(nth).id))?.health ?? null,
    /** Kinds of the letters written since the world was opened, and of the alarms raised. */
    lettersWritten: await openLedger('letters'),
    alarmsRaised: await openLedger('alarms'),
    alarmFacts: async (kind: string) =>
      (await database.db.selectFrom('alarms').select(['kind', 'facts']).execute())
        .filter((row) => row.kind === kind)
        .map(({ facts }) => JSON.parse(facts) as Record<string, unknown>),
    planAll: () => planAll(ports),
    round: () => probeRound(ports),
    /** Lets time go by until an instant in Paris, five minutes at a time, as the daemon does: probes, rotations. */
    until: async (text: string, step = 5 * MINUTE) => {
      const end = Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;
      while (world.now() < end) {
        const left = end - world.now();
        clock.set(clock.now().add({ milliseconds: Math.min(step, left) }));
        await drain();
        await world.advanceAll();
      }
    },
  };
}

export type FleetWorld = Awaited<ReturnType<typeof openFleetWorld>>;
