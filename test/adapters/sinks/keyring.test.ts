// The keyring sink against a real gnome-keyring, read back by the real keytar and by secret-tool.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import { startProcess, waitFor } from '../../rig/process.ts';
import { type KeyringRig, startBus } from './keyring-rig.ts';
import { content, keyringSettings, LOGIN, PASSWORD, passwords } from './samples.ts';

let rig: KeyringRig;
beforeAll(async () => {
  rig = await startBus();
  await rig.unlock();
});
afterAll(() => rig.stop());

const open = (address: string | null = rig.address, changes = {}) =>
  openSink(keyringSettings(address, changes), {});

/** Stores an item as secret-tool does; on a busy machine the keyring may not answer it the first time. */
async function store(args: readonly string[], password: string): Promise<void> {
  await waitFor(
    async () => ((await rig.ask('secret-tool', ['store', ...args], password)).code === 0 ? true : null),
    () => 'secret-tool could not store',
  );
}

describe('an unlocked keyring', () => {
  it('is written so that the real keytar and secret-tool read the password', async () => {
    const sink = open();
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(await rig.keytar('chorus-pro', LOGIN)).toBe(PASSWORD);
    const looked = await rig.ask('secret-tool', ['lookup', 'service', 'chorus-pro', 'account', LOGIN]);
    expect(looked.stdout).toBe(PASSWORD);
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    expect(await sink.compare(content({ password: `${PASSWORD}!` }))).toEqual({
      ok: true,
      state: 'different',
      version: null,
    });
  });

  it('is given the label that keytar gives', async () => {
    await open().write(content());
    const found = await rig.ask('sh', ['-c', `secret-tool search service chorus-pro account ${LOGIN} 2>&1`]);
    expect(found.stdout).toContain(`label = chorus-pro/${LOGIN}`);
    expect(found.stdout).toContain('schema = org.freedesktop.Secret.Generic');
  });

  it('holds one item for an account however often and by whomever it was written', async () => {
    await store(['--label=x', 'service', 'once', 'account', LOGIN], 'without schema');
    await rig.keytarSets('once', LOGIN, 'by keytar');
    const wide = [
      'service',
      'once',
      'account',
      LOGIN,
      'xdg:schema',
      'org.freedesktop.Secret.Generic',
      'extra',
      '1',
    ];
    await store(['--label=y', ...wide], 'with more');
    // Three, or two: now and then gnome-keyring takes the one without a schema for keytar's, and replaces it.
    expect(await rig.count('service', 'once', 'account', LOGIN)).toBeGreaterThanOrEqual(2);
    const sink = open(undefined, { service: 'once' });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'different', version: null });
    for (const password of ['one', 'two', 'two']) {
      expect(await sink.write(content({ password }))).toEqual({ ok: true });
      expect(await rig.keytar('once', LOGIN)).toBe(password);
      expect(await rig.count('service', 'once', 'account', LOGIN)).toBe(1);
    }
  });

  it("is written so that Python's own keyring reads it, in place of what a person set there with it", async () => {
    const sink = open(undefined, { service: 'snake', reader: 'python' });
    const items = ['service', 'snake', 'username', LOGIN] as const;
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
    // An item of keytar's for the same account is not read by it, and none of ours.
    await rig.keytarSets('snake', LOGIN, 'of keytar');
    await rig.python('snake', LOGIN, 'set by hand');
    expect(await sink.compare(content({ password: 'set by hand' }))).toEqual({ ok: true, state: 'same' });
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(await rig.python('snake', LOGIN)).toBe(PASSWORD);
    expect(await rig.count(...items)).toBe(1);
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    expect(await rig.keytar('snake', LOGIN)).toBe('of keytar');
    // A person sets it again: whichever item stays, the next write leaves one.
    await rig.python('snake', LOGIN, 'set once more');
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'different', version: null });
    expect(await sink.write(content({ password: 'é € "ours"' }))).toEqual({ ok: true });
    expect(await rig.python('snake', LOGIN)).toBe('é € "ours"');
    expect(await rig.count(...items)).toBe(1);
  });

  it('leaves the items of other accounts and services alone', async () => {
    await rig.keytarSets('shared', 'somebody else', 'theirs');
    await rig.keytarSets('another', LOGIN, 'theirs too');
    await open(undefined, { service: 'shared' }).write(content());
    expect(await rig.keytar('shared', 'somebody else')).toBe('theirs');
    expect(await rig.keytar('another', LOGIN)).toBe('theirs too');
    expect(await rig.keytar('shared', LOGIN)).toBe(PASSWORD);
  });

  it('takes any password, session after session, many at once', async () => {
    const turns = await Promise.all(
      fc.sample(passwords, 24).map(async (password, turn) => {
        const account = content({ login: `many-${turn}`, password });
        const sink = open(undefined, { service: 'many' });
        return [await sink.write(account), await sink.compare(account)];
      }),
    );
    for (const turn of turns) expect(turn).toEqual([{ ok: true }, { ok: true, state: 'same' }]);
    expect(await rig.count('service', 'many')).toBe(24);
  });

  it('finds the bus in the environment when the settings name none', async () => {
    const sink = openSink(keyringSettings(null), { DBUS_SESSION_BUS_ADDRESS: rig.address });
    expect(await sink.write(content())).toEqual({ ok: true });
  });

  it('tells a collection that does not exist', async () => {
    const { fault } = (await open(undefined, { collection: 'nowhere' }).write(content())) as {
      fault: string;
    };
    expect(fault).toMatch(/^sink sample: there is no keyring nowhere: start gnome-keyring-daemon/);
  });
});

describe('a keyring that cannot be used says which of its states it is in', () => {
  const faultsOf = async (address: string | null) => {
    const sink = open(address);
    const both = [await sink.compare(content()), await sink.write(content())];
    return both.map((answer) => ('fault' in answer ? answer.fault : 'no fault'));
  };

  it('no bus: none known, none there', async () => {
    for (const fault of await faultsOf(null))
      expect(fault).toMatch(/no session bus is known: start a session bus/);
    for (const fault of await faultsOf('unix:path=/nowhere/bus'))
      expect(fault).toMatch(/ENOENT.*: start a session bus/);
    for (const fault of await faultsOf('gibberish'))
      expect(fault).toMatch(/invalid bus address.*: start a session bus/);
  });

  it('no keyring on the bus, or one without a collection', async () => {
    const bare = await startBus();
    try {
      for (const fault of await faultsOf(bare.address))
        expect(fault).toMatch(/default keyring|keeps secrets/);
      for (const fault of await faultsOf(bare.address))
        expect(fault).toMatch(/start gnome-keyring-daemon on that bus/);
    } finally {
      await bare.stop();
    }
  });

  it('locked; and once it is unlocked the write goes through', async () => {
    const other = await startBus();
    try {
      await other.unlock('right');
      expect(await open(other.address).write(content())).toEqual({ ok: true });
      await other.stopKeyring();
      await other.unlock('wrong');
      for (const fault of await faultsOf(other.address)) {
        expect(fault).toMatch(
          /the keyring default is locked: unlock the keyring: gnome-keyring-daemon --unlock/,
        );
      }
      await other.stopKeyring();
      await other.unlock('right');
      expect(await open(other.address).compare(content())).toEqual({ ok: true, state: 'same' });
    } finally {
      await other.stop();
    }
  });
});

describe('the connection', () => {
  const WORK = `
    import { openSink } from '${new URL('../../../src/adapters/sinks/sink.ts', import.meta.url).pathname}';
    import { Secret } from '${new URL('../../../src/domain/shared/secret.ts', import.meta.url).pathname}';
    const settings = { name: 's', kind: 'keyring', environment: 'production', logins: null, holdFile: null, hook: null,
      service: 'ends', account: '{{login}}', reader: 'keytar', collection: 'default', busAddress: process.env.BUS };
    const content = { login: 'a', environment: 'production', siret: '1', structure: 'b', version: 1, changedOn: null,
      expiresOn: null, password: new Secret('canary') };
    console.log(JSON.stringify(await openSink(settings, {}).write(content)));`;
  const writeElsewhere = (address: string, through: readonly string[] = []) =>
    startProcess([...through, process.execPath, '--input-type=module', '-e', WORK], { env: { BUS: address } })
      .ended;

  it('lets the process end by itself', async () => {
    const before = performance.now();
    const ended = await writeElsewhere(rig.address);
    expect(ended).toMatchObject({ code: 0, stdout: '{"ok":true}\n' });
    // A deadline left running would hold it for ten seconds.
    expect(performance.now() - before).toBeLessThan(9_000);
  });

  it('does not wait for ever for a bus that never answers, and lets the process end then too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'releve-bus-'));
    const mute = createServer(() => undefined).listen(join(folder, 'bus'));
    try {
      const ended = await writeElsewhere(`unix:path=${folder}/bus`);
      expect(ended.code).toBe(0);
      expect(ended.stdout).toMatch(/does not answer: start a session bus/);
    } finally {
      mute.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('to the bus of another user is refused at once, in words', async () => {
    chmodSync(dirname(rig.address.slice('unix:path='.length)), 0o755);
    const before = performance.now();
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const ended = await writeElsewhere(rig.address, asNobody);
    expect(ended.stdout).toMatch(/the session bus .*: start a session bus for the user of the daemon/);
    expect(performance.now() - before).toBeLessThan(9_000);
  });

  it('leaves no socket open behind', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length;
    const before = sockets();
    for (let turn = 0; turn < 20; turn++) await open().compare(content());
    // The test's own programs come and go; a leak would be twenty.
    expect(sockets() - before).toBeLessThan(10);
  });

  it('never carries the password in the clear', async () => {
    const wire = startProcess(['dbus-monitor', '--address', rig.address, '--pcap']);
    try {
      await waitFor(
        async () => {
          await open(undefined, { service: 'wire' }).write(content({ password: 'canary-in-the-clear' }));
          return /CreateItem/.test(wire.said()) ? true : null;
        },
        () => 'the wire was not heard',
      );
      expect(wire.said()).toContain('text/plain');
      expect(wire.said()).not.toContain('canary-in-the-clear');
    } finally {
      wire.signal('SIGKILL');
      await wire.ended;
    }
  });
});
