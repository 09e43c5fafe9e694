// Production and qualification never mix: whatever a table or a setting says, no password crosses from one into the other.
import { afterEach, expect, test } from 'vitest';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { currentRotation } from '../../../src/domain/rotation/rotation.ts';
import { probe, want } from '../../../src/use-cases/monitoring/probe.ts';
import { advanceRotation } from '../../../src/use-cases/rotation/advance-rotation.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { loginOf, openProbeHouse, type ProbeContext, passwordOf } from '../monitoring/probe-house.ts';

let house: ProbeContext;
afterEach(() => house.close());

const BOTH = [{ environment: 'production' }, { environment: 'qualification' }] as const;
const inEnvironment = (environment: string) => ({
  serves: (account: { readonly environment: string }) => account.environment === environment,
});

test('each account is asked about on its own platform, and handed out to sinks of its own', async () => {
  const sinks = [
    fakeSink('real', inEnvironment('production')),
    fakeSink('trial', inEnvironment('qualification')),
  ];
  house = await openProbeHouse(2, { sinks }, BOTH);
  const { ports, chorus } = house;
  const asked: string[] = [];
  const { verify: check } = chorus;
  chorus.verify = (environment, login, password, manner) => {
    asked.push(`${environment} ${login}`);
    return check(environment, login, password, manner);
  };
  for (const { id } of house.users) {
    await want(ports, id);
    await probe(ports, id, { background: true });
  }
  expect(asked).toEqual([`production ${loginOf(0)}`, `qualification ${loginOf(1)}`]);
  expect(sinks.map(({ held }) => [...held])).toEqual([
    [[loginOf(0), passwordOf(0)]],
    [[loginOf(1), passwordOf(1)]],
  ]);
});

test("a sealed password that a table gives to another environment's account is neither asked about nor handed out", async () => {
  house = await openProbeHouse(2, {}, BOTH);
  const { ports, database, chorus, sinks } = house;
  const trial = currentRotation(await house.aggregateOf(1))?.credential ?? null;
  expect(trial).not.toBeNull();
  await database.db
    .updateTable('rotations')
    .set({ credential: trial })
    .where('technical_user_id', '=', house.userOf(0).id)
    .where('standing', '=', 'current')
    .execute();
  for (const sink of sinks) sink.held.clear();
  await want(ports, house.userOf(0).id);
  expect((await probe(ports, house.userOf(0).id, { background: true }))?.verdict).toMatchObject({
    cause: 'vault-shut',
  });
  await ports.rotations.update(house.userOf(0).id, (aggregate) =>
    reconcile(aggregate, { all: true }, ports.rules, house.now()),
  );
  await advanceRotation(ports, house.userOf(0).id, house.validity);
  expect(chorus.answers).toEqual([]);
  expect(sinks.map(({ held }) => held.size)).toEqual([0, 0]);
  expect(await house.alarms()).toEqual([]);
});

test('a sink that is set up anew for the other environment, under its old name, gets nothing that was on its way', async () => {
  const sink = fakeSink('only', inEnvironment('production'));
  house = await openProbeHouse(1, { sinks: [sink] });
  sink.held.clear();
  const id = house.userOf(0).id;
  await house.ports.rotations.update(id, (aggregate) =>
    reconcile(aggregate, { all: true }, house.ports.rules, house.now()),
  );
  const moved = { ...sink, ...inEnvironment('qualification') };
  const ports = { ...house.ports, sinks: [moved] };
  await advanceRotation(ports, id, house.validity);
  expect(sink.held.size).toBe(0);
  const rules = { ...ports.rules, sinksOf: () => [] };
  await ports.rotations.update(id, (aggregate) => reconcile(aggregate, { all: false }, rules, house.now()));
  expect((await house.aggregateOf(0)).publications.map(({ stage }) => stage)).toEqual(['superseded']);
});
