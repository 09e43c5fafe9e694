// A house with several passwords in service, for the tests of the probe: what time does to them, night after night.

import { loadTechnicalUsers } from '../../../src/adapters/database/technical-users.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { planAll, probeRound } from '../../../src/use-cases/monitoring/probe-rounds.ts';
import { advanceAllRotations, advanceRotation } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { submit } from '../../../src/use-cases/rotation/submit.ts';
import { plant } from '../../fakes/fleet.ts';
import { type HouseSettings, MINUTE, openHandoverHouse } from '../rotation/open-rotations.ts';

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

/** Opens a house in which so many passwords are in service, each proven and handed out; at 10 in the morning. */
export async function openProbeHouse(
  count: number,
  settings: HouseSettings = {},
  extra: readonly Extra[] = [],
) {
  const house = await openHandoverHouse(settings);
  const { ports, chorus, clock, validity, database } = house;
  await database.db.updateTable('technical_users').set({ retired: 1 }).execute();
  const fleet = Array.from({ length: count }, (_, nth) => ({
    login: loginOf(nth),
    siret: String(21_900_012_000_000 + nth),
    changedOn: '2027-01-01',
    manager: `maire${nth}@example.test`,
    ...extra[nth],
  }));
  await plant(database, fleet);
  const users = await Promise.all(
    fleet.map(async ({ login }) => {
      const [user] = await loadTechnicalUsers(database.db, { login });
      if (user === undefined) throw new Error('the technical user has gone');
      return user;
    }),
  );
  for (const [nth, user] of users.entries()) {
    chorus.alive.set(user.login, passwordOf(nth));
    await submit(ports, user, {
      channel: 'command',
      by: 'agent',
      typed: { password: new Secret(passwordOf(nth)), login: '', expiry: '' },
      changedOn: fleet[nth]?.changedOn ?? null,
      choice: null,
      keepUnclear: false,
    });
    await advanceRotation(ports, user.id, validity);
  }
  chorus.answers.length = 0;
  const userOf = (nth: number) => {
    const found = users[nth];
    if (found === undefined) throw new Error(`there is no account ${nth}`);
    return found;
  };
  const told = async (table: 'letters' | 'alarms', known: ReadonlySet<string>) => {
    const rows = await database.db.selectFrom(table).select(['id', 'kind']).orderBy('id').execute();
    return rows.filter(({ id }) => !known.has(id)).map(({ kind }) => kind);
  };
  const before = {
    letters: new Set((await database.db.selectFrom('letters').select('id').execute()).map(({ id }) => id)),
    alarms: new Set((await database.db.selectFrom('alarms').select('id').execute()).map(({ id }) => id)),
  };
  const drain = async () => {
    for (let asked = 1; asked > 0; ) asked = await probeRound(ports);
  };
  return {
    ...house,
    users,
    userOf,
    aggregateOf: async (nth: number) => {
      const aggregate = await ports.rotations.aggregate(userOf(nth).id);
      if (aggregate === null) throw new Error('no book');
      return aggregate;
    },
    healthOf: async (nth: number) => (await ports.rotations.aggregate(userOf(nth).id))?.health ?? null,
    /** Kinds of what was written since the house was opened. */
    letters: () => told('letters', before.letters),
    alarms: () => told('alarms', before.alarms),
    alarmFacts: async (kind: string) =>
      (await database.db.selectFrom('alarms').select(['kind', 'facts']).execute())
        .filter((row) => row.kind === kind)
        .map(({ facts }) => JSON.parse(facts) as Record<string, unknown>),
    planAll: () => planAll(ports),
    round: () => probeRound(ports),
    /** Lets time go by until an instant in Paris, five minutes at a time, as the daemon does: probes, handovers. */
    until: async (text: string, step = 5 * MINUTE) => {
      const end = Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;
      while (clock.now().epochMilliseconds < end) {
        const left = end - clock.now().epochMilliseconds;
        clock.set(clock.now().add({ milliseconds: Math.min(step, left) }));
        await drain();
        await advanceAllRotations(ports, validity);
      }
    },
  };
}

export type ProbeContext = Awaited<ReturnType<typeof openProbeHouse>>;
