// Commands typed in a folder of another user's: what he laid there is neither run nor read, and nothing is sent to him.
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keys } from '../../src/config/schema.ts';
import { csvOf } from '../rig/installation.ts';
import { endAll, releve } from '../rig/process.ts';
import { openRotationWorld } from '../rig/world-process-rotation.ts';

/** A user who is neither root nor ourselves. */
const MALLORY = 65_534;

let building: AsyncDisposableStack;
beforeEach(() => {
  building = new AsyncDisposableStack();
});
afterEach(async () => {
  await endAll();
  await building.disposeAsync();
});

/** A server of his own, and what it was asked. */
async function hisServer(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  building.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** His folder, with settings that make our commands work for him. */
function hisFolder(url: string, keyFile: string): { folder: string; stolen: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mallory-'));
  building.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [program, stolen] = [join(folder, 'print-keys'), join(folder, 'stolen')];
  writeFileSync(program, `#!/bin/sh\ntee ${stolen} <${keyFile}\n`);
  chmodSync(program, 0o755);
  const lines = [
    `RELEVE_VAULT_KEY_FILE=\nRELEVE_VAULT_KEY_COMMAND=${program}`,
    `RELEVE_CHORUS_PRODUCTION_TOKEN_URL=${url}/token\nRELEVE_CHORUS_PRODUCTION_API_URL=${url}`,
  ];
  writeFileSync(join(folder, '.env'), `${lines.join('\n')}\n`);
  for (const path of [folder, program, join(folder, '.env')]) chownSync(path, MALLORY, MALLORY);
  return { folder, stolen };
}

/** The variables of settings as the text of the file that RELEVE_CONFIG names. */
function asFile(variables: Readonly<Record<string, string>>): string {
  const tree = {};
  for (const { path, variable, format: reading } of keys.values()) {
    const text = variables[variable];
    if (text === undefined) continue;
    let group: Record<string, unknown> = tree;
    for (const name of path.slice(0, -1)) {
      const inner = (group[name] ?? {}) as Record<string, unknown>;
      group[name] = inner;
      group = inner;
    }
    const value = reading === 'texts' ? text.split(',') : reading === 'number' ? Number(text) : text;
    group[path.at(-1) ?? ''] = value;
  }
  // YAML takes JSON.
  return JSON.stringify(tree);
}

test.runIf(process.getuid?.() === 0)(
  'his .env makes no command run his program or ask his server',
  async () => {
    const world = await openRotationWorld({ registered: 0, mail: 1 });
    building.defer(world.stop);
    const [{ login } = { login: '' }] = world.users;
    const settings = join(world.path, 'releve.yaml');
    writeFileSync(settings, asFile(world.env));
    const { url, asked } = await hisServer();
    const { folder, stolen } = hisFolder(url, world.keyFile);
    const { HOME = '', TMPDIR = '' } = world.env;
    const env = { HOME, TMPDIR, RELEVE_CONFIG: settings, NODE_ENV: 'development' };
    const run = (args: readonly string[], cwd: string, input = '') =>
      releve(args, { env, clock: world.clock, cwd, input });
    const csv = join(world.path, 'fleet.csv');
    writeFileSync(csv, csvOf(world.users));
    expect(await run(['import', csv], HOME)).toMatchObject({ code: 0 });
    const password = world.resetAtPortal(login);
    expect(await run(['submit', login], HOME, `${password}\n`)).toMatchObject({ code: 0 });
    const inHisFolder = [await run(['key', 'list'], folder), await run(['probe', '--all'], folder)];
    expect({ stolen: existsSync(stolen), asked }).toEqual({ stolen: false, asked: [] });
    expect(inHisFolder).toMatchObject([{ code: 0, stderr: '' }, { code: 0 }]);
  },
);
