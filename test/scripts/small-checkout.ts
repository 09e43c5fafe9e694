// Small checkouts for the tests of the structure check, in a temporary folder that goes with the test file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { type Measure, measures } from '../../scripts/check-structure.ts';

export type Tree = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'releve-structure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A checkout with these files, in a folder of its own. */
export function checkout(tree: Tree): string {
  const root = mkdtempSync(join(folder, 'tree-'));
  const all = {
    'package.json': '{ "dependencies": { "zod": "4" }, "devDependencies": { "vitest": "5" } }',
    'src/main.ts': 'export const main = 1;\n',
    ...tree,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export function measureOf(name: string, tree: Tree): Measure {
  const found = measures(checkout(tree)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no measure is called ${name}`);
  return found;
}

export const ONE = 'export const one = 1;\n';

/** So many files, each at its place. */
export const many = (count: number, place: (nth: number) => string): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, nth) => [place(nth), ONE]));

/** So many files of which the first `byOne` are imported by one other, and the rest by nobody. */
export const readByOne = (count: number, byOne: number): Tree => ({
  ...many(count - 1, (nth) => `src/system/f${nth}.ts`),
  'src/main.ts': Array.from({ length: byOne }, (_, nth) => `import './system/f${nth}.ts';\n`).join(''),
});
