// The list of commands says of each what the command itself says, and a command loads only what it runs.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Help } from 'commander';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/program.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');

test('the list of commands says of each how it is called and what it does', async () => {
  const help = new Help();
  const lines = async (isWhole: boolean) =>
    (await commands(() => isWhole)).map((one) => [help.subcommandTerm(one), help.subcommandDescription(one)]);
  const listed = await lines(false);
  expect(listed.length).toBeGreaterThan(20);
  expect(await lines(true)).toEqual(listed);
});

/** Prints on standard error, at the end, every module that a process has loaded. */
const LISTING = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({ load: (url, context, next) => (loaded.add(url), next(url, context)) });
process.on('exit', () => process.stderr.write(JSON.stringify([...loaded])));`)}`;

/** Starts a command from its sources, and says which packages and how many of our own files it loads. */
function loadedBy(...args: string[]) {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', LISTING, join(CHECKOUT, 'src/main.ts'), ...args],
    { encoding: 'utf8', env: { RELEVE_DATA: '/nowhere' } },
  );
  const urls = JSON.parse(stderr.slice(stderr.lastIndexOf('["'))) as string[];
  const packages = urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  const own = urls.filter((url) => url.includes('/src/')).length;
  return { status, packages: [...new Set(packages)].toSorted(), own };
}

test('help loads the reader of command lines alone', () => {
  const { status, packages, own } = loadedBy('--help');
  expect({ status, packages }).toEqual({ status: 0, packages: ['commander'] });
  expect(own).toBeLessThan(12);
});

test('the list loads settings and database, and nothing that writes letters or talks to anybody', () => {
  const { packages, own } = loadedBy('list');
  expect(packages).toEqual(['commander', 'dotenv', 'kysely', 'yaml', 'zod']);
  expect(own).toBeLessThan(117);
});
