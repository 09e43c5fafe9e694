import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// The launcher runs in an installation of its own, whose main.ts says which Node runs it and with which arguments.
const MAIN = `process.stdout.write(JSON.stringify({ major: process.versions.node.split('.')[0], args: process.argv.slice(2) }));
process.exitCode = Number(process.argv[3] ?? 0);`;
const NEW_NODE = process.execPath;

let base: string;
let root: string;
let bin: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'releve launcher-'));
  root = join(base, 'the installation');
  bin = join(base, 'path');
  for (const folder of [join(root, 'bin'), join(root, 'src'), bin]) mkdirSync(folder, { recursive: true });
  copyFileSync(resolve(import.meta.dirname, '../bin/releve'), join(root, 'bin/releve'));
  chmodSync(join(root, 'bin/releve'), 0o755);
  writeFileSync(join(root, 'src/main.ts'), MAIN);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  // A PATH with nothing but what a shell script may take for granted.
  for (const tool of ['dirname', 'readlink']) symlinkSync(join('/usr/bin', tool), join(bin, tool));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Puts a Node of the given major version, that can do nothing but say so, somewhere. */
function fakeNode(folder: string, major: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'node'),
    `#!/bin/sh\n[ "$1" = -p ] && echo ${major} || echo 'fake node ${major}'\n`,
  );
  chmodSync(join(folder, 'node'), 0o755);
}

function installPackages(node: string | null): void {
  mkdirSync(join(root, 'node_modules/commander'), { recursive: true });
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  if (node !== null) symlinkSync(node, join(root, 'node_modules/.bin/node'));
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
    expect(stderr).toMatch(/Node\.js 26 or later is needed.*npm ci/);
  });

  test("takes the lockfile's Node before an old one or another new one", () => {
    fakeNode(bin, 99);
    installPackages(NEW_NODE);
    const { status, stdout } = launch();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      major: process.versions.node.split('.')[0],
      args: ['list', '0', 'two words'],
    });
  });

  test("takes the system's Node where the lockfile's is left out or does not run here", () => {
    symlinkSync(NEW_NODE, join(bin, 'node'));
    installPackages(null);
    expect(launch().status).toBe(0);
    writeFileSync(join(root, 'node_modules/.bin/node'), 'not a program for this machine');
    chmodSync(join(root, 'node_modules/.bin/node'), 0o755);
    expect(JSON.parse(launch().stdout).args).toEqual(['list', '0', 'two words']);
  });

  test('works through a symlink, and passes the exit code on', () => {
    installPackages(NEW_NODE);
    symlinkSync(join(root, 'bin/releve'), join(bin, 'releve'));
    const { status, stdout } = launch('releve', ['list', '3']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout).args).toEqual(['list', '3']);
  });
});
