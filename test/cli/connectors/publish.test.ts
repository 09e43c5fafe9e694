// What an agent is told who has every sink looked at, who announces a reset, or who takes something back.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openConnectorReads } from '../../../src/adapters/database/rotations/connectors.ts';
import { runConnectors } from '../../../src/cli/connectors/connectors.ts';
import { runDiscoverConnector } from '../../../src/cli/connectors/discover.ts';
import { type PublishOptions, runPublish } from '../../../src/cli/connectors/publish.ts';
import { runShow } from '../../../src/cli/registry/show.ts';
import { runAnnounce } from '../../../src/cli/rotation/announce.ts';
import { runVerify } from '../../../src/cli/rotation/verify.ts';
import { runWithdraw, type WithdrawOptions } from '../../../src/cli/rotation/withdraw.ts';
import { openAggregateReader } from '../../../src/composition/command-parts.ts';
import { shortLogin, widthOf } from '../../../src/content/terminal/formats.ts';
import { listConnectors } from '../../../src/use-cases/connectors/list.ts';
import { HOUR } from '../../fakes/clock.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { type FakeSink, fakeSink } from '../../fakes/sink.ts';
import { installationVariables, temporaryFolder, testConfig } from '../../rig/installation.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { aggregatesOf, type OperatorWorld, openOperatorWorld } from '../operator.ts';

const GOOD = 'aB3(dE5_gH7[';

let world: OperatorWorld;
let file: FakeSink;
beforeEach(async () => {
  file = fakeSink('file');
  world = await openOperatorWorld({
    sinks: [file, fakeSink('keyring', { hasHook: false, canHold: false })],
    daemonRuns: false,
  });
});
afterEach(() => world.database.close());

const inService = async () => {
  world.chorus.alive.set(LOGIN, GOOD);
  await world.submit(GOOD);
  await world.advance();
};

describe('connectors', () => {
  test('each with its accounts: the version held, holds, the last fault; and who is in none', async () => {
    await inService();
    file.product = 'NOVA';
    const connectors = () => listConnectors(openConnectorReads(world.database), world.sinks);
    const run = (name?: string, json = false) =>
      world.run(() => runConnectors(name, { json }, { connectors }, world.io));
    const { length } = LOGIN.replace('@cpro.fr', '');
    const row = (words: string) => `${LOGIN.slice(0, length)}  Commune 0  ${words}\n`;
    expect(await run()).toMatchObject({
      exit: 0,
      out: `file (NOVA, fake)\n${row('version 2')}\nkeyring (fake, cannot be told to hold)\n${row('version 2')}`,
    });
    // The next one does not arrive there, and its connector is held.
    const [user] = await world.usersOf(LOGIN);
    if (user !== undefined) await world.context.operatorActions.announce(user);
    file.fault = 'sink file: no folder';
    world.chorus.alive.set(LOGIN, 'nEw3(dE5_gH7[');
    await world.submit('nEw3(dE5_gH7[');
    await world.advance();
    const { out } = await run('file', true);
    expect(JSON.parse(out).connectors).toMatchObject([
      {
        ...{ name: 'file', product: 'NOVA', canHold: true, readsBack: true },
        accounts: [
          {
            ...{ login: LOGIN, version: 3, held: 2 },
            state: { state: 'failed', fault: 'sink file: no folder' },
            hold: { wanted: true, applied: true },
          },
        ],
      },
    ]);
    expect((await run('file')).out).toMatch(
      /version 2; failed; sink file: no\s+folder; holds\s+its calls since/,
    );
    expect(await run('fil')).toMatchObject({
      exit: 1,
      said: 'no connector is called fil; there are: file, keyring',
    });
    file.serves = () => false;
    world.sinks[1]?.held.clear();
    (world.sinks[1] as FakeSink).serves = () => false;
    expect((await run()).out).toMatch(
      /no account of the registry\n[\s\S]*In no connector: their passwords stay here\nTECH_/,
    );
  });
});

describe('connectors discover', () => {
  const connectors = () => listConnectors(openConnectorReads(world.database), world.sinks);
  const run = (name: string, json = false) =>
    world.run(() => runDiscoverConnector(name, { json }, { connectors }, world.io));
  const discovered = (login: string, id_ce: number, label = 'Chorus') => ({
    ...{ login, label, values: { id_e: 3, id_ce } },
  });

  test('proposes lines for the accounts of the registry, and names what has no match', async () => {
    const found = [
      discovered(LOGIN.toUpperCase(), 34, 'Chorus\u001b[2J # Valdoie'),
      discovered(LOGIN, 35),
      discovered('TECH_9@cpro.fr', 36),
      discovered('', 37, 'vide'),
    ];
    file.discover = async () => ({ ok: true, environment: 'production', accounts: found });
    const { exit, out } = await run('file');
    expect([exit, out]).toEqual([
      0,
      expect.stringContaining(`  ${LOGIN}: { id_e: 3, id_ce: 34 } # Commune 0`),
    ]);
    expect(out).not.toContain('\u001b');
    expect(out).toMatch(/There once more[^\n]*\n.*id_ce: 35/);
    expect(out).toMatch(
      /not in the registry\nTECH_9@cpro.fr +\{ id_e: 3, id_ce: 36 \} +Chorus\nno login +.* vide/,
    );
    const [lines = ''] = out.split('\n\n');
    expect(parse(lines)).toEqual({ accounts: { [LOGIN]: { id_e: 3, id_ce: 34 } } });
    expect(JSON.parse((await run('file', true)).out)).toMatchObject({
      connector: 'file',
      accounts: [{ login: LOGIN, structure: 'Commune 0', values: { id_e: 3, id_ce: 34 } }],
      repeated: [{ values: { id_ce: 35 } }],
      unregistered: [{ login: 'TECH_9@cpro.fr' }, { login: '', label: 'vide' }],
      lacking: [],
    });
  });

  test('in the other environment none is a match; what cannot tell, or does not, says so: exit 1', async () => {
    file.discover = async () => ({
      ok: true,
      environment: 'qualification',
      accounts: [discovered(LOGIN, 34)],
    });
    expect((await run('file')).out).toContain('No account there is one of the registry.');
    file.discover = async () => ({ ok: true, environment: 'production', accounts: [] });
    expect((await run('file')).out).toMatch(/In the registry, and not there\nTECH_/);
    file.discover = async () => ({ ok: false, fault: 'sink file: 403' });
    expect(await run('file')).toMatchObject({ exit: 1, said: 'sink file: 403' });
    expect(await run('keyring')).toMatchObject({
      exit: 1,
      said: expect.stringContaining('cannot tell its accounts'),
    });
    expect(await run('fil')).toMatchObject({
      exit: 1,
      said: expect.stringContaining('no connector is called'),
    });
  });
});

describe('publish', () => {
  const publish = (login: string | undefined, options: PublishOptions = {}) =>
    world.run(() => runPublish(login, options, world.context, world.io));

  test('writes where a sink differs, and only there; a table tells which', async () => {
    await inService();
    file.held.set(LOGIN, 'something else');
    const writes = world.sinks.map((sink) => sink.writes.length);
    expect(await publish(LOGIN)).toEqual({
      exit: 0,
      said: '',
      out:
        'login                  version  sink     state\n' +
        `${shortLogin(LOGIN)}  2        file     written and read back\n` +
        `${shortLogin(LOGIN)}  2        keyring  holds it\n`,
    });
    expect(file.held.get(LOGIN)).toBe(GOOD);
    expect(world.sinks.map((sink) => sink.writes.length)).toEqual([(writes[0] ?? 0) + 1, writes[1]]);
  });

  test('--all looks at everybody with a password in service, for programs too', async () => {
    await inService();
    const { exit, out } = await publish(undefined, { all: true, json: true });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual(
      ['file', 'keyring'].map((sink) => ({
        login: LOGIN,
        environment: 'production',
        version: 2,
        sink,
        state: 'holds it',
        wrote: false,
        fault: null,
        nextTryAt: null,
      })),
    );
  });

  test('a sink that fails is told with its fault, and does not keep the others from it: exit 1', async () => {
    await inService();
    file.fault = 'sink file: no folder';
    world.sinks[1]?.held.delete(LOGIN);
    const ended = await publish(LOGIN);
    expect(ended).toMatchObject({ exit: 1, said: 'not every sink holds the password in service' });
    expect(ended.out).toMatch(/file +failed\n +sink file: no folder; next try 2027-03-01 10:00:05$/m);
    expect(ended.out).toMatch(/keyring +written and read back$/m);
    // The fault is mended: an agent need not wait for the next try.
    file.fault = null;
    expect(await publish(LOGIN)).toMatchObject({ exit: 0 });
  });

  test('a command without a check is said to be handed it, by publish, show and for programs', async () => {
    await world.database.close();
    world = await openOperatorWorld({ sinks: [fakeSink('push', { readsBack: false, hasHook: false })] });
    await inService();
    const words = 'handed over, not read back';
    world.sinks[0]?.held.delete(LOGIN);
    expect((await publish(LOGIN)).out).toMatch(new RegExp(`push +${words}$`, 'm'));
    const json = JSON.parse((await publish(LOGIN, { json: true })).out);
    expect(json).toMatchObject([{ sink: 'push', state: words }]);
    const { registry, findAccount } = world;
    const shown = { registry, findAccount, rules: rulesWith(), aggregates: aggregatesOf(world.ports) };
    const show = (json: boolean) => world.run(() => runShow(LOGIN, { json }, shown, world.io));
    expect((await show(false)).out).toMatch(new RegExp(`push +${words}`));
    expect(JSON.parse((await show(true)).out).users[0].handovers.sinks).toMatchObject([
      { sink: 'push', state: words },
    ]);
    // Noted by no version before 0.7.0: `show` asks the sinks of the settings, and a faulty file of them keeps it from nothing.
    await world.database.db.updateTable('publications').set({ read_back: null }).execute();
    const folder = await temporaryFolder();
    const file = join(folder.path, 'sinks.yaml');
    const config = testConfig(installationVariables(folder.path, 25, { RELEVE_SINKS_FILE: file }));
    const { database, clock } = world;
    const [user] = await world.usersOf(LOGIN);
    const earlier = async (sinks: string) => {
      writeFileSync(file, sinks);
      const read = await openAggregateReader({ config, database }).read(user?.id ?? 0, clock);
      return read?.aggregate.publications.map(({ readBack }) => readBack);
    };
    expect(
      await earlier('sinks: [{ name: push, kind: command, environment: production, run: [push] }]'),
    ).toEqual([false]);
    expect(await earlier('sinks: 1')).toEqual([null]);
    await folder.remove();
    const verified = await world.run(() => runVerify(LOGIN, {}, world.context, world.io));
    expect(verified.out).toContain(
      'Every sink was given it; what was handed over without a check was not read back.',
    );
  });

  test('no row is wider than the terminal, and no word is broken, whatever the names and faults', async () => {
    const name = 'a-sink-whose-name-is-as-long-as-possible';
    await world.database.close();
    world = await openOperatorWorld({ sinks: [fakeSink(name)] });
    await inService();
    const [sink] = world.sinks;
    if (sink === undefined) throw new Error('the world has no sink');
    sink.fault = `sink ${name}: ${'the folder cannot be written to, '.repeat(6)}so there`;
    for (const environment of ['production', 'qualification'] as const) {
      await world.database.db.updateTable('technical_users').set({ environment }).execute();
      for (const width of [80, 200]) {
        const { out } = await world.run(() => runPublish(LOGIN, {}, world.context, { ...world.io, width }));
        for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
        // Sealed for production, it is not opened for another environment.
        const fault = environment === 'production' ? sink.fault : 'the sealed password cannot be opened';
        expect(out.replaceAll(/\s+/g, ' ')).toContain(`failed ${fault}`);
      }
    }
  });

  test('where no password is in service: exit 1; without a login or with too much: exit 2', async () => {
    expect(await publish(LOGIN)).toMatchObject({ exit: 1, said: expect.stringContaining('releve submit') });
    expect(await publish(undefined, { all: true })).toMatchObject({ exit: 1 });
    expect(await publish(undefined)).toMatchObject({ exit: 2, said: 'publish takes a login, or --all' });
    expect(await publish(LOGIN, { all: true })).toMatchObject({ exit: 2 });
  });
});

describe('announce', () => {
  const announce = (json = false) => world.run(() => runAnnounce(LOGIN, { json }, world.context, world.io));

  test('tells the connectors to hold, until when, and who lets them go on', async () => {
    expect(await announce()).toEqual({
      exit: 0,
      said: '',
      out:
        'Announced until 2027-03-01 11:00:00. No daemon runs here: nobody lets them go on at that time, unless releve run ' +
        'is started.\n\nsink  its connector    fault\nfile  holds its calls\n',
    });
    expect(file.holding).toEqual(new Set([LOGIN]));
    world.later(HOUR / 2);
    expect(JSON.parse((await announce(true)).out)).toEqual({
      login: LOGIN,
      environment: 'production',
      until: '2027-03-01T10:30:00Z',
      connectors: [{ sink: 'file', state: 'holds its calls', fault: null }],
    });
  });

  test('says what a hold leaves out', async () => {
    Object.assign(file, { holdLimit: 'imports alone' });
    expect((await announce()).out).toMatch(/^file +holds imports alone$/m);
    expect(JSON.parse((await announce(true)).out)).toMatchObject({
      connectors: [{ limit: 'imports alone' }],
    });
    const connectors = () => listConnectors(openConnectorReads(world.database), world.sinks);
    const listed = await world.run(() => runConnectors('file', {}, { connectors }, world.io));
    expect(listed.out).toContain('file (fake, holds imports alone)');
  });

  test('a connector that cannot be told: exit 1, with the fault', async () => {
    file.hold = async () => ({ ok: false, fault: 'sink file: the folder is read-only' });
    const ended = await announce();
    expect(ended).toMatchObject({ exit: 1, said: 'not every connector could be told' });
    expect(ended.out).toMatch(/^file +not told +sink file: the folder is read-only$/m);
  });

  test('while a password is in hand: exit 1', async () => {
    world.chorus.down = 'network';
    await world.submit(GOOD);
    await world.advance();
    expect(await announce()).toMatchObject({ exit: 1, said: expect.stringContaining('in hand already') });
  });
});

describe('withdraw', () => {
  const withdraw = (options: WithdrawOptions = {}) =>
    world.run(() => runWithdraw(LOGIN, options, world.context, world.io));

  test('takes back an announcement, and connectors go on', async () => {
    await world.context.operatorActions.announce(await world.user());
    expect(await withdraw()).toEqual({
      exit: 0,
      said: '',
      out: 'Taken back; nothing of it is kept.\n\nsink  its connector  fault\nfile  goes on\n',
    });
    expect(file.holding).toEqual(new Set());
  });

  test('takes back a password that waits for its proof, and destroys it; the reason stands in the trail', async () => {
    world.chorus.down = 'network';
    await world.submit(GOOD);
    await world.advance();
    expect(await withdraw({ why: 'reset by mistake', json: true })).toMatchObject({ exit: 0 });
    const rows = await world.database.db.selectFrom('credentials').selectAll().execute();
    expect(rows.map((row) => [row.destroyed_at !== null, row.data_key.length])).toEqual([[true, 0]]);
    const lines = [];
    for await (const { who, what, detail } of world.audit.lines()) lines.push([who, what, detail].join('; '));
    expect(lines).toContain('agent; withdrawn; reset by mistake');
  });

  test('where nothing is open: exit 0, and told so', async () => {
    await inService();
    expect(await withdraw()).toMatchObject({ exit: 0, out: expect.stringContaining('nothing to take back') });
    expect(file.held.get(LOGIN)).toBe(GOOD);
  });
});
