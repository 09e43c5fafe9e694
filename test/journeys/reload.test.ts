// SIGHUP to a real daemon: sinks, procedures, master keys and the webhook are read again; a fault keeps those from before; the rest needs a restart.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { addMasterKey } from '../../src/adapters/vault/key-file.ts';
import { fileSink, writeSinks } from '../rig/installation.ts';
import { waitFor } from '../rig/process.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../rig/webhook-receiver.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const READ = 'master keys, sinks and procedures were read again';
const READ_BUT_KEYS = 'sinks and procedures were read again';
const NOT_READ = 'the settings were not read again, those from before go on';
const RESTART = 'changed, and needs a restart';

let folder: string;
let settingsFile: string;
let world: RotationWorld;
let receiver: WebhookReceiver;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'releve-reload-'));
  settingsFile = join(folder, 'releve.yaml');
  receiver = await startWebhookReceiver();
  writeFileSync(settingsFile, 'itService: { postalAddress: "1 rue du Port" }\n');
  world = await startRotationWorld({ variables: { RELEVE_CONFIG: settingsFile } });
});
afterAll(async () => {
  await world?.stop();
  receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends SIGHUP, and waits for the next line with this message; gives its facts. */
async function reload(message: string): Promise<Record<string, unknown>> {
  const daemon = world.daemon();
  const before = daemon.logged(message).length;
  daemon.signal('SIGHUP');
  return await waitFor(() => daemon.logged(message)[before] ?? null, daemon.said);
}

it('logs the fault of keys that never opened the vault, and opens it once they are mended', async () => {
  const keys = readFileSync(world.keyFile, 'utf8');
  await world.halt();
  writeFileSync(world.keyFile, 'no key\n');
  await world.resume();
  const none = 'no master key: passwords can be neither received nor handed out';
  expect(world.daemon().logged(none)).toEqual([]);
  expect(await reload(none)).toMatchObject({ fault: expect.stringContaining('line 1: not of the form') });
  await waitFor(() => world.daemon().logged(READ_BUT_KEYS)[0] ?? null, world.said);
  writeFileSync(world.keyFile, keys);
  await reload(READ);
});

it('exchanges sinks, procedures and keys, names what needs a restart, and keeps all where something is faulty', async () => {
  const { login = '' } = world.users[0] ?? {};
  const link = await world.linkFor(login);
  const steps = async () => (await world.request(`${link}?vue=etapes`)).text;
  await world.postForm(link, { ready: 'yes' }, { path: '/annonce' });
  expect(await steps()).toContain('Raccordements');
  const password = world.resetAtPortal(login);

  // Another sink, another procedure, a new key, and two things that are read at the start alone.
  const second = { name: 'second', path: join(world.sinks, 'second-{{login}}.json') };
  writeSinks(world, (folders) => [fileSink(folders), fileSink(folders, second)]);
  const signing = join(folder, 'webhook-secret');
  writeFileSync(signing, `whsec_${Buffer.alloc(32, 'k').toString('base64')}\n`, { mode: 0o600 });
  const webhook = `webhook: { url: "${receiver.url}", secretFile: ${signing}, events: [account] }`;
  const changed = `itService: { postalAddress: "2 rue du Port" }\nprocedures: { production: "2017" }\n${webhook}\n`;
  writeFileSync(settingsFile, changed);
  await addMasterKey(world.keyFile, Temporal.PlainDate.from('2027-01-05'));
  const secret = readFileSync(world.env.RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE ?? '', 'utf8');
  writeFileSync(world.env.RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE ?? '', `${secret.trim()}x\n`);
  expect(await reload(READ)).toMatchObject({
    sinks: { added: ['second'], removed: [], changed: [] },
    procedures: 'changed',
  });
  // Both environments of this world name the same file.
  const secrets = ['production', 'qualification'].map(
    (name) => `chorus.${name}.clientSecretFile (its content)`,
  );
  expect(world.daemon().logged(RESTART)).toMatchObject([
    { settings: ['itService.postalAddress', ...secrets] },
  ]);
  expect(world.said()).not.toContain(secret.trim());
  expect(await steps()).toContain('Activités du gestionnaire');

  // A fault anywhere: nothing is exchanged, and what was read before goes on.
  writeSinks(world, () => []);
  writeFileSync(settingsFile, Buffer.from(`# clé\n${changed.replace('2017', 'current')}`, 'latin1'));
  const { faults } = await reload(NOT_READ);
  expect(faults).toEqual([expect.stringMatching(/^RELEVE_CONFIG \(.*releve\.yaml:1:5\): found .*not UTF-8/)]);
  expect(await steps()).toContain('Activités du gestionnaire');
  writeFileSync(settingsFile, changed);
  writeFileSync(world.keyFile, 'no key\n');
  await reload(READ_BUT_KEYS);
  expect(world.daemon().logged('the master keys from before go on')).toMatchObject([
    { fault: expect.stringContaining('line 1: not of the form ID:KEY') },
  ]);

  // Without any sink the password stays here; a sink that comes back gets it at once, and so does a new one.
  expect((await world.postForm(link, { password })).text).toContain('le connecteur');
  expect(existsSync(join(world.sinks, `${login}.json`))).toBe(false);
  writeSinks(world, (folders) => [fileSink(folders), fileSink(folders, second)]);
  expect(await reload(READ_BUT_KEYS)).toMatchObject({ sinks: { added: ['connector', 'second'] } });
  const held = async (name: string) =>
    JSON.parse(
      await waitFor(() => {
        const file = join(world.sinks, name);
        return existsSync(file) ? readFileSync(file, 'utf8') : null;
      }, world.said),
    );
  for (const name of [`${login}.json`, `second-${login}.json`])
    expect(await held(name)).toMatchObject({ login, password });
  await waitFor(() => receiver.types().includes('releve.account.renewed') || null, world.said);
  expect(new Set(receiver.types())).toEqual(new Set(['releve.account.renewed']));
  // The one that is set otherwise is another sink under its name; the one that stays is the same.
  writeSinks(world, (folders) => [fileSink(folders), fileSink(folders, { ...second, mode: '0640' })]);
  expect(await reload(READ_BUT_KEYS)).toMatchObject({
    sinks: { added: [], removed: [], changed: ['second'] },
  });
  expect(await world.halt()).toMatchObject({ code: 0, stderr: '' });
});
