// The import rule really bites: each forbidden road, built in a small tree, is found.
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../rig/house.ts';

const HERE = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** From which file to which; and the rule that must forbid it. */
const ROADS: readonly (readonly [from: string, to: string, rule: string])[] = [
  ['src/domain/a.ts', 'node:fs', 'domain-alone'],
  ['src/domain/a.ts', 'zod', 'domain-alone'],
  ['src/domain/a.ts', '../system/h.ts', 'domain-alone'],
  ['src/system/h.ts', '../composition/daemon.ts', 'system-low'],
  ['src/domain/a.ts', '../foundation/g.ts', 'domain-alone'],
  ['src/foundation/g.ts', '../system/h.ts', 'foundation-low'],
  ['src/foundation/g.ts', 'zod', 'foundation-low'],
  ['src/content/l.ts', '../adapters/smtp/m.ts', 'content'],
  ['src/adapters/database/s.ts', '../smtp/m.ts', 'adapter-database'],
  ['src/adapters/smtp/m.ts', '../../config/config.ts', 'adapter-smtp'],
  ['src/use-cases/f.ts', '../adapters/database/s.ts', 'use-cases'],
  ['src/use-cases/f.ts', 'node:crypto', 'use-cases'],
  ['src/adapters/web/w.ts', '../database/s.ts', 'adapter-web'],
  ['src/simulator/x.ts', '../domain/d.ts', 'simulator'],
  ['src/use-cases/f.ts', '../composition/daemon.ts', 'composition-is-a-root'],
  ['src/adapters/database/s.ts', 'vitest', 'no-dev-in-product'],
  ['src/domain/a.ts', '../../test/t.ts', 'product-knows-no-test'],
];
/** Roads that go down. */
const OPEN_ROADS: readonly (readonly [from: string, to: string])[] = [
  ['src/adapters/database/s.ts', '../../domain/d.ts'],
  ['src/use-cases/f.ts', '../domain/d.ts'],
  ['src/adapters/smtp/m.ts', 'nodemailer'],
];
const FILES = [
  'domain/d',
  'foundation/g',
  'system/h',
  'adapters/smtp/m',
  'adapters/database/s',
  'use-cases/f',
  'adapters/web/w',
  'config/config',
  'composition/daemon',
];

/** A file of its own for each road: two of them may begin in one place. */
const beginning = (from: string, nth: number) => from.replace(/\.ts$/, `${nth}.ts`);

/** The rules that each road breaks, by the file in which it begins; all of them stand in one tree. */
async function brokenIn(roads: readonly (readonly [from: string, to: string, ...rest: string[]])[]) {
  const folder = await temporaryFolder();
  const put = async (file: string, text: string) => {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), text);
  };
  for (const file of FILES) await put(`src/${file}.ts`, 'export const x = 1;\n');
  await put('test/t.ts', 'export const x = 1;\n');
  for (const [nth, [from, to]] of roads.entries()) {
    await put(beginning(from, nth), `import * as it from '${to}';\nexport const x = it;\n`);
  }
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
  const found = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return Map.groupBy(found.summary.violations, ({ from }) => from);
}

const ALL = [...ROADS, ...OPEN_ROADS];
let broken: Awaited<ReturnType<typeof brokenIn>>;
beforeAll(async () => {
  broken = await brokenIn(ALL);
});
const rulesOf = (nth: number) =>
  (broken.get(beginning(ALL[nth]?.[0] ?? '', nth)) ?? []).map(({ rule }) => rule.name);

it.each(ROADS.map((road, nth) => [...road, nth] as const))(
  '%s may not import %s',
  (_from, _to, rule, nth) => {
    expect(rulesOf(nth)).toContain(rule);
  },
);

it.each(OPEN_ROADS.map((road, nth) => [...road, nth] as const))('%s may import %s', (_from, _to, nth) => {
  expect(rulesOf(ROADS.length + nth)).toEqual([]);
});
