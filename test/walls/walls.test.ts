// The import rule really bites: each forbidden road, built in a small tree of its own, is found.
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../rig/house.ts';

const HERE = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** From which file to which; and the rule that must forbid it. */
const ROADS: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['src/domain/a.ts', 'node:fs', 'domain-alone'],
  ['src/domain/a.ts', 'zod', 'domain-alone'],
  ['src/domain/a.ts', '../host/h.ts', 'domain-alone'],
  ['src/host/h.ts', '../domain/d.ts', 'host-low'],
  ['src/domain/a.ts', '../foundation/g.ts', 'domain-alone'],
  ['src/foundation/g.ts', '../host/h.ts', 'foundation-low'],
  ['src/foundation/g.ts', 'zod', 'foundation-low'],
  ['src/letters/l.ts', '../mail/m.ts', 'letters'],
  ['src/store/s.ts', '../mail/m.ts', 'adapter-store'],
  ['src/mail/m.ts', '../config.ts', 'adapter-mail'],
  ['src/flows/f.ts', '../store/s.ts', 'flows'],
  ['src/flows/f.ts', 'node:crypto', 'flows'],
  ['src/web/w.ts', '../store/s.ts', 'door-web'],
  ['src/simulator/x.ts', '../domain/d.ts', 'simulator'],
  ['src/commands/c.ts', '../store/s.ts', 'commands'],
  ['src/flows/f.ts', '../daemon.ts', 'daemon-is-a-root'],
  ['src/rules.ts', './store/s.ts', 'rules'],
  ['src/store/s.ts', 'vitest', 'no-dev-in-product'],
  ['src/domain/a.ts', '../../test/t.ts', 'product-knows-no-test'],
];
const FILES = [
  'domain/d',
  'foundation/g',
  'host/h',
  'mail/m',
  'store/s',
  'flows/f',
  'web/w',
  'config',
  'daemon',
  'rules',
];

/** The rules that a tree with this one road in it breaks. */
async function broken(from: string, to: string): Promise<string[]> {
  const folder = await temporaryFolder();
  const put = async (file: string, text: string) => {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), text);
  };
  for (const file of FILES) await put(`src/${file}.ts`, 'export const x = 1;\n');
  await put('test/t.ts', 'export const x = 1;\n');
  await put(from, `import * as it from '${to}';\nexport const x = it;\n`);
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    await cp(join(HERE, file), join(folder.path, file));
  }
  await symlink(join(HERE, 'node_modules'), join(folder.path, 'node_modules'));
  const depcruise = join(HERE, 'node_modules/.bin/depcruise');
  const args = ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const { stdout } = await run(depcruise, args, { cwd: folder.path, maxBuffer: 1e8 }).catch(
    (error: { stdout: string }) => error,
  );
  await folder.remove();
  const found = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return found.summary.violations.map(({ rule }) => rule.name);
}

it.each(ROADS)('%s may not import %s', async (from, to, rule) => {
  expect(await broken(from, to)).toContain(rule);
});

it('lets the roads stand that go down', async () => {
  expect(await broken('src/store/s.ts', '../domain/d.ts')).toEqual([]);
  expect(await broken('src/flows/f.ts', '../domain/d.ts')).toEqual([]);
  expect(await broken('src/mail/m.ts', 'nodemailer')).toEqual([]);
});
