// Each measure of the structure check can fail: a small tree that breaks it, and a neighbour that does not.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measures, report } from '../../scripts/check-structure.ts';
import { checkout, many, measureOf, ONE, readByOne, type Tree } from './small-checkout.ts';

interface Case {
  readonly measure: string;
  readonly breaks: Tree;
  readonly keeps: Tree;
  /** How the only fault begins, and what it ends in: the place, and what would be right. */
  readonly fault: RegExp;
}

const CASES: readonly Case[] = [
  {
    measure: 'import circles',
    breaks: {
      'src/system/a.ts': "import { b } from './b.ts';\nexport type A = typeof b;\n",
      'src/system/b.ts': "import type { A } from './a.ts';\nexport const b = null as unknown as A;\n",
    },
    keeps: {
      'src/system/a.ts': "import { b } from './b.ts';\nexport type A = typeof b;\n",
      'src/system/b.ts': 'export const b = 1;\n',
    },
    fault: /^src\/system\/a\.ts -> src\/system\/b\.ts -> src\/system\/a\.ts: let one of them/,
  },
  {
    measure: 'import circles',
    breaks: { 'test/a.ts': "export const a = () => import('./a.ts');\n" },
    keeps: { 'test/a.ts': "// import('./a.ts')\nexport const a = \"import('./a.ts')\";\n" },
    fault: /^test\/a\.ts -> test\/a\.ts: /,
  },
  {
    measure: 'arrows up',
    breaks: {
      'src/system/a.ts': "import { b } from '../domain/shared/b.ts';\n",
      'src/domain/shared/b.ts': ONE,
    },
    keeps: {
      'src/system/a.ts': "import type { b } from '../domain/shared/b.ts';\n",
      'src/domain/shared/b.ts': ONE,
    },
    fault:
      /^src\/system\/a\.ts:1 imports src\/domain\/shared\/b\.ts: system may import foundation, types of domain, /,
  },
  {
    measure: 'folders that the import table does not know',
    breaks: { 'src/domain/shed/a.ts': ONE },
    keeps: { 'src/domain/shared/a.ts': ONE },
    fault: /^src\/domain\/shed\/ \(a\.ts\): move to a folder of scripts\/structure\/import-rules\.ts/,
  },
  {
    measure: 'imports that resolve to nothing',
    breaks: { 'src/system/a.ts': "import './gone.ts';\n" },
    keeps: { 'src/system/a.ts': "import './there.ts';\n", 'src/system/there.ts': ONE },
    fault: /^src\/system\/a\.ts:1 imports src\/system\/gone\.ts: there is no such file/,
  },
  {
    measure: 'imports of src/ that are not shipped',
    breaks: { 'src/system/a.ts': "import 'vitest/config';\n" },
    keeps: { 'src/system/a.ts': "import 'zod/v4';\nimport 'node:fs';\n", 'test/a.ts': "import 'vitest';\n" },
    fault: /^src\/system\/a\.ts:1 imports vitest: it is no dependency in package\.json/,
  },
  ...['test', 'bench', 'scripts'].map((place) => ({
    measure: 'imports of src/ that are not shipped',
    breaks: { 'src/system/a.ts': `import '../../${place}/b.ts';\n`, [`${place}/b.ts`]: ONE },
    keeps: { 'src/system/a.ts': ONE, [`${place}/b.ts`]: "import '../src/system/a.ts';\n" },
    fault: new RegExp(`^src/system/a\\.ts:1 imports ${place}/b\\.ts: src/ stands without it`),
  })),
  {
    measure: 'files directly in a folder',
    breaks: many(21, (nth) => `src/system/f${nth}.ts`),
    keeps: { ...many(20, (nth) => `src/system/f${nth}.ts`), 'src/system/below/a.ts': ONE },
    fault: /^src\/system\/: 21 files; make folders/,
  },
  {
    measure: 'names at the top of src/',
    breaks: many(14, (nth) => `src/f${nth}/a.ts`),
    keeps: many(13, (nth) => `src/f${nth}/a.ts`),
    fault: /^src\/: 15 names; move files/,
  },
  {
    measure: 'exported type names declared twice',
    breaks: {
      'src/system/a.ts': 'export interface Thing {\n  readonly a: string;\n}\n',
      'src/config/b.ts': 'type Thing = string;\nexport type { Thing };\n',
    },
    keeps: {
      'src/system/a.ts': 'export interface Thing {\n  readonly a: string;\n}\n',
      'src/config/b.ts': 'type Thing = string;\nexport const thing: Thing = "";\n',
    },
    fault: /^Thing: src\/config\/b\.ts:1, src\/system\/a\.ts:1; give each its own name/,
  },
  {
    measure: 'files imported by one other',
    breaks: { ...readByOne(3, 1), 'src/content/free.ts': ONE },
    keeps: { ...readByOne(4, 1), 'src/content/free.ts': ONE, 'src/content/c.ts': "import './free.ts';\n" },
    fault: /^src\/system\/f0\.ts \(1 lines\): merge it into src\/main\.ts\?/,
  },
  {
    measure: 'lines of the longest file',
    breaks: { 'src/system/a.ts': '//\n'.repeat(251) },
    keeps: { 'src/system/a.ts': '//\n'.repeat(250) },
    fault: /^src\/system\/a\.ts: 251 lines; divide it/,
  },
  {
    measure: 'exported functions of over 4 parameters',
    breaks: { 'src/system/a.ts': 'export function f(a = 1, b = 2, c = 3, d = 4, e = 5) {}\n' },
    keeps: {
      'src/system/a.ts': 'export function f(a = 1, b = 2, c = 3, d = 4) {}\nfunction g(a, b, c, d, e) {}\n',
    },
    fault: /^src\/system\/a\.ts:1 f\(a, b, c, d, e\): gather them in one object/,
  },
  {
    measure: 'exported functions of over 4 parameters',
    breaks: { 'src/system/a.ts': 'export class C {\n  m(a: 1, b: 1, c: 1, d: 1, e: 1) {}\n}\n' },
    keeps: { 'src/system/a.ts': 'export class C {\n  #m(a: 1, b: 1, c: 1, d: 1, e: 1) {}\n}\n' },
    fault: /^src\/system\/a\.ts:2 C\.m\(a, b, c, d, e\): /,
  },
  ...['on: boolean', 'on?: boolean', 'on = false', 'on: boolean | undefined'].map((parameter) => ({
    measure: 'exported functions with a positional boolean',
    breaks: { 'src/system/a.ts': `export const f = (${parameter}) => on;\n` },
    keeps: { 'src/system/a.ts': 'export const f = ({ on }: { on: boolean }) => on;\n' },
    fault: /^src\/system\/a\.ts:1 f: on; an option \{ on \}, or two functions/,
  })),
  {
    measure: 'methods of interfaces of over 4 parameters',
    breaks: { 'src/system/a.ts': 'export interface I {\n  m(a: 1, b: 1, c: 1, d: 1, e: 1): void;\n}\n' },
    keeps: { 'src/system/a.ts': 'interface I {\n  m(a: 1, b: 1, c: 1, d: 1, e: 1): void;\n}\n' },
    fault: /^src\/system\/a\.ts:2 I\.m\(a, b, c, d, e\): /,
  },
  {
    measure: 'methods of interfaces with a positional boolean',
    breaks: { 'src/system/a.ts': 'export interface I {\n  readonly m: (on: boolean) => void;\n}\n' },
    keeps: {
      'src/system/a.ts': 'export interface I {\n  readonly m: (then: (on: boolean) => void) => void;\n}\n',
    },
    fault: /^src\/system\/a\.ts:2 I\.m: on; /,
  },
  {
    measure: 'forbidden identifiers',
    breaks: { 'src/system/a.ts': 'export interface Book {\n  readonly id: string;\n}\n' },
    keeps: {
      'src/system/a.ts':
        "export const Bookshelf = { book: 'Book', 'house': 1 };\nexport interface C {\n  'house': 1;\n}\n",
    },
    fault: /^src\/system\/a\.ts:1 Book: say RotationAggregate/,
  },
  {
    measure: 'forbidden identifiers',
    breaks: { 'src/system/a.ts': 'export const f = ({ aggregate: book }) => book;\n' },
    keeps: { 'src/system/a.ts': 'export const f = ({ book: aggregate }) => aggregate;\n' },
    fault: /^src\/system\/a\.ts:1 book: say aggregate/,
  },
  {
    measure: 'forbidden identifiers',
    breaks: { 'src/system/a.ts': 'export interface Rotation {\n  readonly asked: number;\n}\n' },
    keeps: {
      'src/system/a.ts': 'export interface Other {\n  readonly asked: number;\n}\n',
      'src/adapters/database/schema/t.ts': 'export interface Rotation {\n  readonly asked: number;\n}\n',
    },
    fault: /^src\/system\/a\.ts:2 asked: say unansweredTries/,
  },
  {
    measure: 'forbidden identifiers',
    breaks: { 'src/domain/shared/a.ts': 'export function both() {}\n' },
    keeps: {
      'src/domain/shared/a.ts': 'export const both = 1;\n',
      'src/content/a.ts': 'export function both() {}\n',
    },
    fault: /^src\/domain\/shared\/a\.ts:1 both: say andThen/,
  },
  {
    measure: 'forbidden file names',
    breaks: { 'src/system/utils.ts': ONE },
    keeps: { 'src/system/utilities-of-the-town.ts': ONE },
    fault: /^src\/system\/utils\.ts: say the name of what it holds/,
  },
  {
    measure: 'forbidden words in comments and documents',
    breaks: { 'src/system/a.ts': `export const a = \`\${1}//\${/"/}\`; // Starts\n/* it\n * anew. */\n` },
    keeps: {
      'src/system/a.ts': `export const a = '// anew';\nexport const b = \`// anew \${a} /* anew */\`;\nexport const c = /[/]/ ; // \`anew\`, renew, won't\n`,
      'CHANGELOG.md': 'anew\n',
      'docs/decisions/1.md': 'anew\n',
    },
    fault: /^src\/system\/a\.ts:3 anew: say again/,
  },
  ...['README.md', 'docs/A.md'].map((path) => ({
    measure: 'forbidden words in comments and documents',
    breaks: { [path]: '```\nanew\n```\n\nWhoever reads `anew` here.\n' },
    keeps: { [path]: '```\nanew\n```\n\nWho reads `anew` here.\n' },
    fault: new RegExp(`^${path}:5 Whoever: say who, `),
  })),
  ...['test', 'bench', 'scripts'].map((place) => ({
    measure: 'forbidden words in comments and documents',
    breaks: { [`${place}/a.ts`]: '// Heeds it.\n' },
    keeps: { [`${place}/a.ts`]: '// Needs it.\n' },
    fault: new RegExp(`^${place}/a\\.ts:1 Heeds: say `),
  })),
];

describe('each measure', () => {
  it.each(CASES)('fails: $measure, $fault', ({ measure, breaks, fault }) => {
    const found = measureOf(measure, breaks);
    expect(found.faults).toEqual([expect.stringMatching(fault)]);
    expect(found.figure).toBeGreaterThan(found.bound);
  });

  it.each(CASES)('passes beside it: $measure, $fault', ({ measure, keeps }) => {
    const found = measureOf(measure, keeps);
    expect(found.faults).toEqual([]);
    expect(found.figure).toBeLessThanOrEqual(found.bound);
  });

  it('has a case here', () => {
    const names = measures(checkout({})).map(({ name }) => name);
    expect(new Set(CASES.map(({ measure }) => measure))).toEqual(new Set(names));
  });
});

describe('the program', () => {
  const PROGRAM = resolve(import.meta.dirname, '../../scripts/check-structure.ts');
  const run = (tree: Tree) => spawnSync(process.execPath, [PROGRAM, checkout(tree)], { encoding: 'utf8' });

  it('prints every fault and every measure, and exits 1', () => {
    const { status, stdout } = run({ 'src/system/utils.ts': '// Heeds it.\nexport type Book = 1;\n' });
    expect(stdout).toContain('  src/system/utils.ts: say the name of what it holds\n');
    expect(stdout).toContain('  src/system/utils.ts:1 Heeds: say ');
    expect(stdout).toContain('  src/system/utils.ts:2 Book: say RotationAggregate\n');
    expect(stdout.match(/^FAULT /gm)).toHaveLength(3);
    expect(status).toBe(1);
  });

  it('exits 0 where nothing is wrong', () => {
    const { status, stdout } = run({});
    expect(stdout).not.toContain('FAULT');
    expect(status).toBe(0);
  });

  it('needs no more than 80 columns for its table', () => {
    for (const line of report(measures(checkout({}))).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});
