// Master keys as an agent makes, lists, changes and tries them, over real files and the real vault.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openApiTokens } from '../../../src/adapters/database/secrets.ts';
import { addMasterKey } from '../../../src/adapters/vault/key-file.ts';
import { openVault } from '../../../src/adapters/vault/vault.ts';
import { keyFindings } from '../../../src/cli/admin/check-rotation.ts';
import { runKeyCheck, runKeyList, runKeyNew, runKeyRotate } from '../../../src/cli/admin/key.ts';
import type { CommandContext } from '../../../src/cli/command-context.ts';
import type { Config } from '../../../src/config/config.ts';
import { openSecurityAdmin } from '../../../src/use-cases/security/security-admin.ts';
import { temporaryFolder } from '../../rig/installation.ts';
import { auditWith, keyLine, LOGIN } from '../../rig/world-store.ts';
import { type OperatorWorld, openOperatorWorld } from '../operator.ts';

type SecurityContext = Pick<CommandContext, 'keys' | 'keyFile' | 'hasKeyCommand' | 'daemonState'>;

const GOOD = 'aB3(dE5_gH7[';

let world: OperatorWorld;
let keeper: SecurityContext;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let keyFile: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  keyFile = join(folder.path, 'master-keys');
  world = await openOperatorWorld({
    keys: () => (existsSync(keyFile) ? readFileSync(keyFile, 'utf8') : null),
  });
  keeper = keeperOver(world.vault);
});
/** What the commands work with. */
function keeperOver(vault: OperatorWorld['vault']): SecurityContext {
  const { audit, clock, ports, database } = world;
  const tools = openApiTokens(database);
  return {
    ...openSecurityAdmin({ vault, audit, clock, seals: ports.seals, tools, addMasterKey }, 'agent'),
    keyFile,
    hasKeyCommand: false,
    daemonState: () => 'none',
  };
}
/** As a command that starts now: a vault goes on with the keys that it has read. */
const reopened = () => keeperOver(openVault({ read: () => readFileSync(keyFile, 'utf8') }));
afterEach(async () => {
  await world.database.close();
  await folder.remove();
});

const ended = (command: (world: SecurityContext, io: OperatorWorld['io']) => Promise<void>) =>
  world.run(() => command(keeper, world.io));
const trail = async () => {
  const lines = [];
  for await (const { who, what, channel } of world.audit.lines()) lines.push(`${who}: ${what} (${channel})`);
  return lines;
};
/** Puts these lines into the file of the keys, and has them read. */
const keysAre = (...lines: string[]) => {
  writeFileSync(keyFile, lines.join(''), { mode: 0o600 });
  world.vault.refresh();
};

describe('key new', () => {
  test('makes the first key: its id, where it lies, and that a copy must be kept apart', async () => {
    const { exit, out } = await ended((at, io) => runKeyNew({}, at, io));
    expect(exit).toBe(0);
    const [, id = ''] = /^Master key (\S+) was added to/.exec(out) ?? [];
    expect(id).toMatch(/^2027-03-01-/);
    expect(out).toContain(`was added to ${keyFile}.\nIt seals from now on`);
    expect(out).toContain('Keep a copy of this file apart from the backups of the database');
    const [, key = 'no key'] = readFileSync(keyFile, 'utf8').trim().split(':');
    expect(out).not.toContain(key);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(world.vault.state()).toEqual({ kind: 'open', sealing: id, known: [id] });
    expect(await trail()).toEqual(['agent: master key made (command)']);
  });

  test('in another file than that of the settings: says that it is not read from there', async () => {
    const file = join(folder.path, 'elsewhere');
    const { exit, out } = await ended((at, io) => runKeyNew({ file, json: true }, at, io));
    expect({ exit, ...JSON.parse(out) }).toMatchObject({ exit: 0, file, used: false });
    expect((await ended((at, io) => runKeyNew({ file }, at, io))).out).toContain(
      'does not read its keys from there',
    );
  });

  test('where an older key is missing, what it sealed is not said to be sealed again', async () => {
    keysAre(keyLine('first'));
    await world.submit(GOOD);
    keysAre(keyLine('second'));
    const { out } = await ended((at, io) => runKeyNew({}, at, io));
    expect(out).toContain('What first sealed stays shut: put the line of that key back');
    expect(out).not.toContain('key rotate');
  });

  test('with no file named anywhere: exit 2, and what to set', async () => {
    const at = { ...keeper, keyFile: null };
    expect(await world.run(() => runKeyNew({}, at, world.io))).toMatchObject({
      exit: 2,
      said: expect.stringContaining(
        'set vault.keyFile (RELEVE_VAULT_KEY_FILE), or name a file with --file PATH',
      ),
    });
    expect(await world.run(() => runKeyNew({}, { ...at, hasKeyCommand: true }, world.io))).toMatchObject({
      exit: 2,
      said: expect.stringContaining('vault.keyCommand'),
    });
  });
});

describe('key list', () => {
  const list = (json = false) => ended((at, io) => runKeyList({ json }, at, io));

  test('tells which key seals, and how many secrets each holds', async () => {
    keysAre(keyLine('first'));
    await world.submit(GOOD);
    keysAre(keyLine('first'), keyLine('second'));
    await world.ports.seals.noteKnown(['first'], world.now());
    expect(await list()).toEqual({
      exit: 0,
      said: '',
      // A password, and the key of fingerprints.
      out: 'key     state  secrets  known to the daemon\nfirst   opens  2        yes\nsecond  seals  0        no\n',
    });
  });

  test('a key that is missing but holds something is shown loudly: exit 1', async () => {
    keysAre(keyLine('first'));
    await world.submit(GOOD);
    keysAre(keyLine('second'));
    const { exit, out, said } = await list();
    expect(exit).toBe(1);
    expect(out).toMatch(/^first +NOT KNOWN: what it seals cannot be opened +2 +not said yet$/m);
    expect(said).toMatch(
      /^first: not known, but something is sealed by it; put the line of that key back .*, from the copy .*; only if/,
    );
    expect(said).not.toContain('key new');
    expect(JSON.parse((await list(true)).out).keys).toContainEqual({
      id: 'first',
      known: false,
      seals: false,
      secrets: 2,
      knownToDaemon: null,
    });
  });

  test('without any key: exit 1, and how to make one', async () => {
    expect(await list()).toMatchObject({ exit: 1, out: '', said: expect.stringContaining('releve key new') });
  });
});

describe('key rotate', () => {
  const rotate = (json = false) => ended((at, io) => runKeyRotate({ json }, at, io));
  beforeEach(async () => {
    keysAre(keyLine('first'));
    await world.submit(GOOD);
    keysAre(keyLine('first'), keyLine('second'));
  });

  test('seals everything again under the newest key, and says which lines are of no more use', async () => {
    const { exit, out } = await rotate();
    expect(exit).toBe(0);
    expect(out).toContain('2 secret(s) sealed again, under second.');
    expect(out).toContain('Nothing is sealed by first any more.');
    expect(await world.ports.seals.counts()).toEqual(new Map([['second', 2]]));
    keysAre(keyLine('second'));
    world.chorus.alive.set(LOGIN, GOOD);
    await world.advance();
    expect(world.sinks[0]?.held.get(LOGIN)).toBe(GOOD);
    expect(await trail()).toContain('agent: sealed anew (command)');
    // The key of the trail outlives the one that sealed it.
    const verdict = await auditWith(world.database, keyLine('second')).verify();
    expect(verdict).toMatchObject({ ok: true, gaps: [] });
    expect(await auditWith(world.database, keyLine('first')).verify()).toMatchObject({ ok: false });
  });

  test('done again finds nothing left', async () => {
    await rotate();
    expect(JSON.parse((await rotate(true)).out)).toMatchObject({ kind: 'done', resealed: 0, failed: [] });
  });

  test('is refused while a running daemon does not know the new key yet: nothing changes', async () => {
    keeper = { ...keeper, daemonState: () => 'runs' };
    for (const ids of [null, ['first']]) {
      if (ids !== null) await world.ports.seals.noteKnown(ids, world.now());
      const refused = await rotate();
      expect(refused).toMatchObject({
        exit: 1,
        said: expect.stringContaining('does not know the master key second yet'),
      });
      expect(await world.ports.seals.counts()).toEqual(new Map([['first', 2]]));
    }
    await world.ports.seals.noteKnown(['first', 'second'], world.now());
    expect(await rotate()).toMatchObject({ exit: 0 });
  });

  test('where a daemon may run elsewhere, only its own word holds it back', async () => {
    keeper = { ...keeper, daemonState: () => 'may-run' };
    await world.ports.seals.noteKnown(['first'], world.now());
    expect(await rotate()).toMatchObject({ exit: 1 });
    await world.database.db.deleteFrom('meta').where('key', '=', 'known-keys').execute();
    expect(await rotate()).toMatchObject({ exit: 0 });
  });

  test('what cannot be opened is told, the rest is sealed again: exit 1', async () => {
    await world.database.db
      .updateTable('credentials')
      .set({ data_key: Buffer.from('no key') })
      .execute();
    const { exit, out, said } = await rotate();
    expect({ exit, said }).toEqual({
      exit: 1,
      said: '1 secret(s) could not be opened; see: releve key check',
    });
    expect(out).toContain(
      `1 secret(s) sealed again, under second.\n1 could not be opened:\n  production ${LOGIN}`,
    );
  });

  test('where the former key is gone: exit 1, and what could not be opened', async () => {
    keysAre(keyLine('third'));
    expect(await rotate()).toMatchObject({
      exit: 1,
      out: expect.stringContaining('the key of fingerprints'),
      said: expect.stringContaining('see: releve key check'),
    });
  });
});

describe('key check', () => {
  const check = (json = false) => ended((at, io) => runKeyCheck({ json }, at, io));
  beforeEach(async () => {
    keysAre(keyLine('first'));
    await world.submit(GOOD);
  });

  test('opens every living secret', async () => {
    expect(await check()).toEqual({ exit: 0, said: '', out: '2 secret(s) opened.\n' });
  });

  test('tells what is broken, by whose key, and what to do: exit 1', async () => {
    await world.database.db
      .updateTable('credentials')
      .set({ box: Buffer.from('not a box') })
      .execute();
    const { exit, out, said } = await check();
    expect({ exit, said }).toEqual({ exit: 1, said: '1 secret(s) cannot be opened' });
    expect(out).toMatch(/^1 secret\(s\) opened\.\n\n/);
    expect(out).toContain(`${LOGIN} (production)  1        first      it was changed, cut short or moved\n`);
    expect(out).toContain('restore it from a backup');
  });

  test('a lost key is told once: a line for each account, and first that the copy is put back', async () => {
    world.chorus.alive.set(LOGIN, GOOD);
    await world.advance();
    await world.submit('zY9(wV8_uT7[');
    writeFileSync(keyFile, '');
    keeper = reopened();
    const { exit, out, said } = await check();
    expect({ exit, said }).toEqual({ exit: 1, said: '3 secret(s) cannot be opened' });
    expect(out.match(new RegExp(LOGIN, 'g'))).toHaveLength(1);
    expect(out).toMatch(/\(production\) +2 +first +there is no master key\n/);
    expect(out.match(/To do: /g)).toHaveLength(1);
    expect(out).toMatch(
      /To do: put the line of that key back .*; only if it is lost for good, .*“A master key is lost”\.\n$/,
    );
    expect(out).not.toContain('key new');
    // `check` says the same, in one line.
    const config = { door: { url: 'https://x.test' }, sinks: { file: null } } as Config;
    const found = keyFindings(config, keeper.keys.state(), await keeper.keys.list());
    expect(found).toMatchObject([
      { what: 'master keys', state: 'fault', todo: expect.stringMatching(/^put the/) },
    ]);
    expect(found[0]?.found).toContain('3 secret(s) sealed by first');
    keysAre(keyLine('second'));
    const beside = keyFindings(config, world.vault.state(), await keeper.keys.list());
    expect(JSON.stringify(beside)).not.toContain('key new');
  });

  test('where nothing is sealed yet, a first key is to be made', async () => {
    await world.database.db.deleteFrom('credentials').execute();
    await world.database.db.deleteFrom('meta').where('key', '=', 'fingerprint-key').execute();
    writeFileSync(keyFile, '');
    keeper = reopened();
    expect(await check()).toMatchObject({
      exit: 1,
      said: expect.stringMatching(/Make the first one: releve key new\.$/),
    });
  });

  test('tells what a missing key holds: exit 1', async () => {
    keysAre(keyLine('second'));
    const { exit, out } = await check(true);
    expect({ exit, ...JSON.parse(out) }).toEqual({
      exit: 1,
      opened: 0,
      failed: [
        { what: 'the key of fingerprints', of: null, keyId: 'first', why: 'unknown-key' },
        {
          what: `a password of ${LOGIN} (production)`,
          of: { login: LOGIN, environment: 'production' },
          keyId: 'first',
          why: 'unknown-key',
        },
      ],
    });
  });
});
