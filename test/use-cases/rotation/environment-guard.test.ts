// Production and qualification never mix: whatever a table or a setting says, no password crosses from one into the other.
import { afterEach, expect, test } from 'vitest';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { currentRotation } from '../../../src/domain/rotation/rotation.ts';
import { probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { advanceRotation } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { type FleetWorld, loginOf, openFleetWorld, passwordOf } from '../../rig/world-fleet.ts';

let world: FleetWorld;
afterEach(() => world.close());

const BOTH = [{ environment: 'production' }, { environment: 'qualification' }] as const;
const inEnvironment = (environment: string) => ({
  serves: (account: { readonly environment: string }) => account.environment === environment,
});

test('each account is asked about on its own platform, and handed out to sinks of its own', async () => {
  const sinks = [
    fakeSink('real', inEnvironment('production')),
    fakeSink('trial', inEnvironment('qualification')),
  ];
  world = await openFleetWorld(2, { sinks }, BOTH);
  const { ports, chorus } = world;
  const asked: string[] = [];
  const { verify: check } = chorus;
  chorus.verify = (environment, login, password, options) => {
    asked.push(`${environment} ${login}`);
    return check(environment, login, password, options);
  };
  for (const { id } of world.users) {
    await requestProbeNow(ports, id);
    await probe(ports, id, { background: true });
  }
  expect(asked).toEqual([`production ${loginOf(0)}`, `qualification ${loginOf(1)}`]);
  expect(sinks.map(({ held }) => [...held])).toEqual([
    [[loginOf(0), passwordOf(0)]],
    [[loginOf(1), passwordOf(1)]],
  ]);
});

test("a sealed password that a table gives to another environment's account is neither asked about nor handed out", async () => {
  world = await openFleetWorld(2, {}, BOTH);
  const { ports, database, chorus, sinks } = world;
  const trial = currentRotation(await world.aggregateAt(1))?.credential ?? null;
  expect(trial).not.toBeNull();
  await database.db
    .updateTable('rotations')
    .set({ credential: trial })
    .where('technical_user_id', '=', world.userAt(0).id)
    .where('standing', '=', 'current')
    .execute();
  for (const sink of sinks) sink.held.clear();
  await requestProbeNow(ports, world.userAt(0).id);
  expect((await probe(ports, world.userAt(0).id, { background: true }))?.verdict).toMatchObject({
    cause: 'vault-shut',
  });
  await ports.rotations.update(world.userAt(0).id, (aggregate) =>
    reconcile(aggregate, { all: true }, ports.rules, world.now()),
  );
  await advanceRotation(ports, world.userAt(0).id, world.validity);
  expect(chorus.answers).toEqual([]);
  expect(sinks.map(({ held }) => held.size)).toEqual([0, 0]);
  expect(await world.alarmsRaised()).toEqual([]);
});

test('a sink that is set up anew for the other environment, under its old name, gets nothing that was on its way', async () => {
  const sink = fakeSink('only', inEnvironment('production'));
  world = await openFleetWorld(1, { sinks: [sink] });
  sink.held.clear();
  const id = world.userAt(0).id;
  await world.ports.rotations.update(id, (aggregate) =>
    reconcile(aggregate, { all: true }, world.ports.rules, world.now()),
  );
  const moved = { ...sink, ...inEnvironment('qualification') };
  const ports = { ...world.ports, sinks: [moved] };
  await advanceRotation(ports, id, world.validity);
  expect(sink.held.size).toBe(0);
  const rules = { ...ports.rules, sinksOf: () => [] };
  await ports.rotations.update(id, (aggregate) => reconcile(aggregate, { all: false }, rules, world.now()));
  expect((await world.aggregateAt(0)).publications.map(({ stage }) => stage)).toEqual(['superseded']);
});
