// A day on which hundreds hand in their passwords: Chorus Pro's pace alone says how long that takes, in the order of coming.
import { afterEach, expect, test } from 'vitest';
import { loadTechnicalUsers } from '../../../src/adapters/database/technical-users.ts';
import type { TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import type { Sink } from '../../../src/domain/ports/sink.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { advanceRotation, openRotationRounds } from '../../../src/use-cases/rotation/advance-rotation.ts';
import type { RotationPorts } from '../../../src/use-cases/rotation/rotation-ports.ts';
import { submit } from '../../../src/use-cases/rotation/submit.ts';
import { nightClock } from '../../adapters/chorus-pro/night-clock.ts';
import { HOUR } from '../../fakes/clock.ts';
import { plant } from '../../fakes/fleet.ts';
import { type FakeSink, fakeSink } from '../../fakes/sink.ts';
import { openNightChorus, openNightProof } from '../../journeys/night-chorus.ts';
import { openWorld } from '../../rig/world.ts';
import { loginOf, passwordOf } from '../../rig/world-fleet.ts';

const PER_SECOND = 2;
const ROUND_MS = 2_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A sink of memory that takes so long, and when it was written for each login. */
function timedSink(name: string, tookMs: number, timing: ReturnType<typeof nightClock>['timing']) {
  const fake: FakeSink = fakeSink(name, { hasHook: false });
  const writtenAt = new Map<string, number>();
  const sink: Sink = {
    ...fake,
    write: async (content) => {
      await timing.sleep(tookMs);
      writtenAt.set(content.login, timing.now());
      return fake.write(content);
    },
  };
  return { sink, writtenAt };
}

/** So many accounts, the client's own gate before a Chorus Pro of memory, and sinks that take so many ms each. */
async function scene(count: number, tookMs: Readonly<Record<string, number>>) {
  const clock = nightClock();
  const { timing } = clock;
  clock.set(Temporal.Instant.from('2027-03-01T09:00:00Z').epochMilliseconds);
  const sinks = Object.entries(tookMs).map(([name, ms]) => timedSink(name, ms, timing));
  const places = sinks.map(({ sink }) => sink);
  // Leases are renewed by the machine's own clock, which stands still here.
  const leases = { proofLease: HOUR, publishLease: HOUR };
  const world = await openWorld({ rules: { ...leases, sinksOf: () => places } });
  closing.push(world.close);
  const logins = Array.from({ length: count }, (_, nth) => loginOf(nth));
  await plant(
    world.database,
    logins.map((login, nth) => ({ login, siret: String(21_900_012_000_000 + nth) })),
  );
  const users = new Map((await loadTechnicalUsers(world.database.db, {})).map((user) => [user.login, user]));
  const chorus = openNightChorus(
    new Map(logins.map((login, nth) => [login, passwordOf(nth)])),
    new Map(logins.map((login) => [login, users.get(login)?.home.siret ?? ''])),
  );
  const ports: RotationPorts = {
    ...world.ports,
    sinks: places,
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(timing.now()) },
    verifier: openNightProof(chorus, 0, timing, PER_SECOND),
  };
  const take = async (nth: number, asks: boolean) => {
    const user = users.get(loginOf(nth)) as TechnicalUser;
    const typed = { password: new Secret(passwordOf(nth)), login: '', expiry: '' };
    const how = {
      channel: 'form',
      by: 'manager',
      changedOn: null,
      choice: null,
      keepUnclear: false,
    } as const;
    const taken = await submit(ports, user, { ...how, typed, claimsCheck: asks });
    if (taken.kind !== 'taken') throw new Error(taken.kind);
    if (asks) void advanceRotation(ports, user.id, world.validity, taken.claimed);
  };
  const rounds = openRotationRounds(ports, world.validity, () => true);
  const published = async () =>
    (await world.database.db.selectFrom('rotations').select('id').where('stage', '=', 'published').execute())
      .length;
  /** Lives as the daemon does until all is published. */
  const untilPublished = async (most: number) => {
    const from = timing.now();
    while ((await published()) < count && timing.now() < from + most) {
      void rounds.look();
      await clock.pass(ROUND_MS);
    }
    expect(await published()).toBe(count);
  };
  const asked = () => chorus.arrived.filter(({ call }) => call !== 'token');
  return { clock, timing, chorus, logins, take, asked, untilPublished, sinks };
}

test('300 that come in within a minute are proven by 300 calls, in their order, in hardly more than the pace alone', async () => {
  const { clock, timing, logins, take, asked, untilPublished } = await scene(300, { file: 0 });
  const start = timing.now();
  for (const nth of logins.keys()) {
    await clock.goTo(start + nth * 200);
    await take(nth, true);
  }
  await untilPublished(10 * 60_000);
  expect(asked().map(({ login }) => login)).toEqual(logins);
  const last = (asked().at(-1)?.at ?? 0) - start;
  expect(last).toBeLessThan((1.1 * 300 * 1_000) / PER_SECOND);
});

test('a sink that takes fifteen seconds holds up no proof, nor another sink', async () => {
  const { timing, logins, take, asked, untilPublished, sinks } = await scene(100, { slow: 15_000, quick: 0 });
  for (const nth of logins.keys()) await take(nth, false);
  const start = timing.now();
  await untilPublished(10 * 60_000);
  const pace = (100 * 1_000) / PER_SECOND;
  const proofs = asked().map(({ at }) => at - start);
  expect(proofs).toHaveLength(100);
  expect(Math.max(...proofs)).toBeLessThan(1.1 * pace);
  const [slow, quick] = sinks.map(({ writtenAt }) => Math.max(...writtenAt.values()) - start);
  expect(quick).toBeLessThan(1.1 * pace + 1_000);
  expect(slow).toBeLessThan(1.1 * pace + 15_000 + 1_000);
});
