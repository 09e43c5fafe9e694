// A password's way into a Pastell that imports each minute: held before the reset, proven, resumed; over the double of its API and the
// simulated Chorus Pro, under one clock.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import type { Sink } from '../../src/domain/ports/sink.ts';
import { acceptUnproven } from '../../src/domain/rotation/apply-verdict.ts';
import { recentFailures } from '../../src/domain/rotation/call-budget.ts';
import { announce, withdraw } from '../../src/domain/rotation/receive.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openChorusSimulator } from '../../src/simulator/simulator.ts';
import { pastellSettings } from '../adapters/sinks/samples.ts';
import { handClock, MINUTE } from '../fakes/clock.ts';
import { plant } from '../fakes/fleet.ts';
import { rotationRules } from '../fakes/rules.ts';
import { PISTE, silent } from '../rig/installation.ts';
import { openPastell } from '../rig/pastell.ts';
import { keyLine, LOGIN, worldOver } from '../rig/world-store.ts';

const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const ID = 34;
const ACCOUNT = { login: LOGIN, environment: 'production' } as const;

const folder = mkdtempSync(join(tmpdir(), 'releve-pastell-'));
writeFileSync(join(folder, 'token'), 'jeton\n', { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let scene: Awaited<ReturnType<typeof open>>;
afterEach(() => scene.close());

/** The world; `wrap` stands between Relève and the sink, `before` is what the site has set. */
async function open(wrap: (sink: Sink) => Sink = (sink) => sink, before = '') {
  const clock = handClock('2027-03-01T10:00');
  const now = () => clock.now().epochMilliseconds;
  const home = { siret: '21900001200015', name: 'Commune 0' };
  const simulator = await openChorusSimulator({
    ...{ ...PISTE, now },
    accounts: [{ ...ACCOUNT, home, further: [], entitled: true, expiresOn: '2027-12-31' }],
  });
  simulator.accounts.replace(ACCOUNT, FIRST);
  const urls = simulator.urls.production;
  const pastell = await openPastell({
    users: [{ secret: 'jeton', entities: [3] }],
    connectors: [
      {
        ...{ id_e: 3, id_ce: ID, libelle: 'Chorus' },
        data: { user_login: LOGIN, user_password: FIRST, no_recup_facture: before },
      },
    ],
    chorus: { ...urls, ...PISTE },
  });
  const accounts = { [LOGIN]: { id_e: 3, id_ce: ID } };
  const settings = pastellSettings(
    pastell.url,
    { file: join(folder, 'token') },
    { accounts, logins: [LOGIN] },
  );
  const sinks = [wrap(openSink({ ...settings, name: 'pastell' }, {}))];
  const database = await openDatabase({ engine: 'sqlite', file: ':memory:' });
  await plant(database, [{ login: LOGIN, changedOn: '2026-03-01', manager: 'maire@example.test' }]);
  const application = {
    ...{ ...urls, clientId: PISTE.clientId, clientSecret: new Secret(PISTE.clientSecret) },
    ...{ caPem: null, timeoutMs: 10_000, callsPerSecond: 1000 },
  };
  const verifier = openChorus({ production: application, qualification: null }, now);
  const world = worldOver({
    ...{ database, clock, verifier, sinks, logger: silent, keys: () => keyLine('first') },
    rules: rotationRules(sinks, { callsPerSecond: 1000 }),
  });
  const user = await world.userOf(LOGIN);
  const actor = { channel: 'command', by: 'agent' } as const;
  const { rotations } = world.ports;
  return {
    ...{ ...world, simulator, pastell, id: user.id },
    handIn: async (password: string) => {
      await world.submitFor(user, password);
      await world.advanceOf(user.id);
    },
    announce: async () => {
      await rotations.update(user.id, (aggregate) =>
        announce(aggregate, { actor, id: 'told' }, world.ports.rules, now()),
      );
      await world.advanceAll();
    },
    withdraw: async () => {
      await rotations.update(user.id, (aggregate) => withdraw(aggregate, actor, 'a mistake', now()));
      await world.advanceAll();
    },
    /** So many minutes, in each of which the jobs of Pastell and the rounds of Relève run once. */
    minutes: async (count: number) => {
      for (let minute = 0; minute < count; minute += 1) {
        clock.set(clock.now().add({ milliseconds: MINUTE }));
        await pastell.tick();
        await world.advanceAll();
      }
    },
    /** What arrived at Chorus Pro with the login since the last look: the call, and whether it was refused. */
    arrived: async () => {
      await simulator.log.settled();
      const all = simulator.log.list().filter(({ login }) => login === LOGIN);
      simulator.log.forget();
      return all.map(({ call, refusal }) => `${call}${refusal === null ? '' : ', refused'}`);
    },
    close: async () => {
      await world.close();
      verifier.close();
      await Promise.all([pastell.close(), simulator.close()]);
    },
  };
}

const IMPORT = 'rechercher/recipiendaire';
const data = () => scene.pastell.find(ID).data;
const failures = async () =>
  recentFailures((await scene.aggregateOf(scene.id)).attempts, scene.ports.rules, scene.now()).length;
const publication = async () => (await scene.aggregateOf(scene.id)).publications.at(-1);

describe('an announced reset', () => {
  test('is held before: no call with the dead password, and it goes on with the new one', async () => {
    scene = await open();
    await scene.handIn(FIRST);
    await scene.minutes(2);
    expect((await scene.arrived()).filter((call) => call === IMPORT)).toHaveLength(2);

    await scene.announce();
    expect(data().no_recup_facture).toBe('on');
    scene.simulator.accounts.replace(ACCOUNT, SECOND);
    await scene.minutes(15);
    expect(await scene.arrived()).toEqual([]);

    await scene.handIn(SECOND);
    await scene.minutes(2);
    expect(data()).toMatchObject({ user_password: SECOND, no_recup_facture: '' });
    const arrived = await scene.arrived();
    expect(arrived.filter((call) => call.endsWith('refused'))).toEqual([]);
    expect(arrived.filter((call) => call === IMPORT)).toHaveLength(2);
    expect(await failures()).toBe(0);
    // Proven with what is stored: that counts as read back.
    expect(await publication()).toMatchObject({ stage: 'done', readBack: true });
    expect(scene.pastell.find(ID).locked).toBe(false);
  });

  test('leaves the import off where the site has it off for good, through a crash at each step of the hold', async () => {
    const deaths: string[] = ['asked', 'told', 'resumed'];
    const dies = (at: string) => {
      if (deaths[0] === at) throw new Error(`dies ${deaths.shift()}`);
    };
    scene = await open(
      (sink) => ({
        ...sink,
        hold: async (facts, wanted) => {
          if (wanted.on) dies('asked');
          const done = await sink.hold(facts, wanted);
          dies(wanted.on ? 'told' : 'resumed');
          return done;
        },
      }),
      'on',
    );
    await scene.handIn(FIRST);
    await scene.announce();
    const kept = async () => (await scene.aggregateOf(scene.id)).holds.map(({ before: value }) => value);
    // Kept before anything is set; what is read later is our own.
    expect(await kept()).toEqual(['on']);
    await scene.minutes(2);
    expect(await kept()).toEqual(['on']);
    await scene.withdraw();
    await scene.minutes(2);
    expect([deaths, data().no_recup_facture, await kept()]).toEqual([[], 'on', [null]]);
    expect(await scene.arrived()).not.toContain(IMPORT);
  });
});

describe('a reset that nobody announced', () => {
  test('costs failures and locks the job: the alarm says that a person must unlock it', async () => {
    scene = await open();
    await scene.handIn(FIRST);
    scene.simulator.accounts.replace(ACCOUNT, SECOND);
    await scene.minutes(5);
    expect((await scene.arrived()).filter((call) => call === `${IMPORT}, refused`)).toHaveLength(3);
    await scene.handIn('wRong(123[ab');
    const alarms = await scene.database.db.selectFrom('alarms').select(['kind', 'facts']).execute();
    const bothRefused = alarms.find(({ kind }) => kind === 'both-refused');
    expect(JSON.parse(bothRefused?.facts ?? '')).toMatchObject({ locking: 'pastell' });
    // Its turn comes when the lock, which all these failures have made likely, is over.
    await scene.handIn(SECOND);
    await scene.minutes(75);
    expect(data().user_password).toBe(SECOND);
    // A good password alone does not start it.
    expect(scene.pastell.find(ID).locked).toBe(true);
    expect((await scene.arrived()).filter((call) => call.startsWith(IMPORT))).toEqual([]);
  });
});

describe('its own proof', () => {
  const tests = () => scene.pastell.requests.filter(({ path }) => path.endsWith('/test-cpp')).length;

  test('that fails keeps the hold and is a fault; it is asked again after an hour, and then believed', async () => {
    scene = await open();
    await scene.announce();
    const refused = { status: 201, body: { result: false, last_message: `Erreur : ${FIRST} refusé` } };
    // What goes before it is answered as usual: the comparison, and what the write reads and sets.
    scene.pastell.failNext(null, null, null, null, refused);
    await scene.handIn(FIRST);
    const fault = 'sink pastell: the password is written there, but its own test of Chorus Pro failed';
    expect(await publication()).toMatchObject({ stage: 'due', fault: `${fault}: Erreur : •••••• refusé` });
    expect([await failures(), data().no_recup_facture]).toEqual([1, 'on']);
    await scene.minutes(50);
    expect([tests(), (await publication())?.fault]).toEqual([1, expect.stringContaining(fault)]);
    await scene.minutes(30);
    expect(await publication()).toMatchObject({ stage: 'done', readBack: true });
    expect([tests(), await failures(), data().no_recup_facture]).toEqual([2, 0, '']);
  });

  test('is counted before it is made: one that died in between may have been a failure', async () => {
    let counted = -1;
    scene = await open((sink) => ({
      ...sink,
      proof: async () => {
        counted = await failures();
        throw new Error('dies');
      },
    }));
    await scene.handIn(FIRST);
    expect([counted, await failures()]).toEqual([1, 1]);
    await scene.minutes(30);
    // Two of three for the daemon; then it is published without: the last one is a person's.
    expect(await failures()).toBe(2);
    expect(await publication()).toMatchObject({ stage: 'done', readBack: false });
  });

  test('is not asked for about a password that Chorus Pro has not accepted from us', async () => {
    scene = await open();
    scene.simulator.accounts.replace(ACCOUNT, SECOND);
    await scene.handIn(FIRST);
    const writes = () => scene.pastell.requests.filter(({ method }) => method === 'PATCH').length;
    expect([tests(), writes()]).toEqual([0, 0]);
    // A person vouches for it: it is written, and its first call must not be one of ours.
    await scene.ports.rotations.update(scene.id, (aggregate) =>
      acceptUnproven(aggregate, 'agent', scene.ports.rules, scene.now()),
    );
    await scene.minutes(1);
    expect(tests()).toBe(0);
    expect(writes()).toBeGreaterThan(0);
    expect(await publication()).toMatchObject({ stage: 'done', readBack: false });
  });
});
