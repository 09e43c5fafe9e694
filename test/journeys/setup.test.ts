// `releve setup` at a real terminal: root answers for the user who runs the daemon; who gives up leaves nothing.
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openMailCatcher } from '../../src/simulator/mail-catcher.ts';
import { temporaryFolder } from '../rig/installation.ts';
import { LAUNCHER, releve } from '../rig/process.ts';
import { onTerminal } from '../rig/terminal.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Root alone installs for another user, and is asked for whom. */
const isRoot = process.getuid?.() === 0;

/** Made up; opens nothing. */
const SECRET = 'Relais-(Secret)-77';

let folder: { path: string; remove(): Promise<void> };
beforeEach(async () => {
  folder = await temporaryFolder();
  // The daemon's user must be able to come to its settings.
  chmodSync(folder.path, 0o755);
});
afterEach(() => folder.remove());

const atTerminal = (...lines: readonly (readonly [after: string, type: string])[]) =>
  onTerminal(
    [LAUNCHER, 'setup'],
    lines.map(([after, type]) => ({ after, type })),
    { cwd: folder.path },
  );

it.runIf(isRoot)(
  'asks, writes for the daemon alone, makes the key, and ends with what check finds',
  async () => {
    await using opened = new AsyncDisposableStack();
    const mail = await openMailCatcher(() => null);
    opened.defer(() => mail.close());
    const file = join(folder.path, 'etc', 'releve.yaml');
    const { code, stdout } = await atTerminal(
      ['Settings file [', `${file}\r`],
      ['User who runs the daemon [', 'nobody\r'],
      ['Data folder [', `${join(folder.path, 'data')}\r`],
      ['the name that signs', 'Mairie d’Éloyeval\r'],
      ['alarms and answers [', 'nope\r'],
      ['allowed: an e-mail address', ''],
      ['alarms and answers [', 'it@releve.test\r'],
      ['telephone in letters [later', '03 84 00 00 00\r'],
      ['fr or en [fr', '\r'],
      ['Mail server [later', '127.0.0.1\r'],
      ['port [587', `${mail.port}\r`],
      ['none [starttls', 'none\r'],
      ['user [none', 'relay\r'],
      ["managers' page", 'http://127.0.0.1:1\r'],
      ['client id', '\r'],
      ['sinks, docs/SINKS.md [later', '\r'],
      ['password of relay', `${SECRET}\r`],
      ['Type yes to go on', 'yes\r'],
    );
    const keys = join(folder.path, 'etc', 'keys');
    const { uid, gid } = statSync(keys);
    expect(uid).toBeGreaterThan(0);
    const modeOf = (path: string) => {
      const of = statSync(path);
      return [of.uid, of.gid, (of.mode & 0o777).toString(8)];
    };
    expect(modeOf(file)).toEqual([0, gid, '640']);
    expect(modeOf(keys)).toEqual([uid, gid, '700']);
    expect(modeOf(join(keys, 'smtp-password'))).toEqual([uid, gid, '600']);
    expect(modeOf(join(keys, 'master-keys'))).toEqual([uid, gid, '600']);
    expect(modeOf(join(folder.path, 'data', 'releve.sqlite'))).toEqual([uid, gid, '600']);
    expect(readFileSync(join(keys, 'smtp-password'), 'utf8')).toBe(`${SECRET}\n`);
    expect(readdirSync(join(folder.path, 'etc')).sort()).toEqual(['keys', 'releve.yaml']);
    expect(readFileSync(file, 'utf8')).toContain('name: Mairie d’Éloyeval');

    expect(stdout).not.toContain(SECRET);
    expect(stdout).toMatch(/Master key \S+ was added to .*\/keys\/master-keys/);
    // This server lets nobody log in.
    expect(stdout).toMatch(/^mail server +fault /m);
    expect(stdout).toMatch(/^master keys +ok +1 known/m);
    expect(stdout).toMatch(/^data folder +ok /m);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^releve: 1 fault\(s\)\r$/m);
  },
);

it.each([
  ['a question', 'the name that signs', '\u0003'],
  ['a question, by Ctrl-D', 'the name that signs', '\u0004'],
])('given up at %s, it leaves nothing', async (_where, after, key) => {
  const file = join(folder.path, 'etc', 'releve.yaml');
  const { code, stdout } = await atTerminal(
    ['Settings file [', `${file}\r`],
    ...(isRoot ? ([['User who runs the daemon [', 'nobody\r']] as const) : []),
    ['Data folder [', `${join(folder.path, 'data')}\r`],
    [after, key],
  );
  expect([code, stdout]).toEqual([1, expect.stringContaining('releve: given up; nothing was written')]);
  expect(readdirSync(folder.path)).toEqual([]);
});

it('without a terminal it says what to do', async () => {
  expect(await releve(['setup'], { cwd: folder.path })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^releve: setup asks at a terminal, .* releve check\n$/),
  });
  expect(existsSync(join(folder.path, 'releve.yaml'))).toBe(false);
});
