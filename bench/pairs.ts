// `npm run bench:pairs -- --old FOLDER`: runs each bench of another checkout and of this one by turns, and compares the figures.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, type Pair, passes, tableOf } from './comparison.ts';
import { type BenchName, benchesNamed, type Figures, figuresOf } from './figures.ts';

const USAGE = 'usage: npm run bench:pairs -- --old FOLDER [--pairs 5] [--only NAME]…';
const HERE = fileURLToPath(new URL('..', import.meta.url));
const ONE = fileURLToPath(new URL('one.ts', import.meta.url));

interface Options {
  readonly old: string;
  readonly pairs: number;
  readonly names: readonly BenchName[];
}

/** Reads the options; what is wrong with them is an error with a text for people. */
function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      old: { type: 'string' },
      pairs: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.old === undefined) throw new Error('--old is missing');
  const old = resolve(values.old);
  for (const needed of ['bench', 'node_modules']) {
    if (!existsSync(join(old, needed))) throw new Error(`${old} has no folder ${needed}`);
  }
  const pairs = Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error('--pairs is a whole number from 1');
  // The longest hold is one event of a run: that two differ says nothing about the versions.
  return {
    old,
    pairs,
    names: benchesNamed(values.only).filter((name) => name !== 'load' && name !== 'lists'),
  };
}

/** Runs a bench of a checkout in a process of its own, so that neither checkout finds the other's warm code. */
async function run(folder: string, name: BenchName): Promise<Figures> {
  const child = spawn(process.execPath, [ONE, folder, name], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`the bench ${name} of ${folder} ended with ${String(code)}`);
  return figuresOf(printed.split('\n'));
}

async function pairsOf(name: BenchName, { old, pairs }: Options): Promise<readonly Pair[]> {
  const done: Pair[] = [];
  for (let nth = 1; nth <= pairs; nth++) {
    const start = performance.now();
    done.push({ old: await run(old, name), new: await run(HERE, name) });
    const seconds = (performance.now() - start) / 1_000;
    console.error(`${name}: pair ${nth} of ${pairs} took ${seconds.toFixed(0)} s`);
  }
  return done;
}

let options: Options;
try {
  options = optionsOf(process.argv.slice(2));
} catch (fault) {
  console.error(`${fault instanceof Error ? fault.message : String(fault)}\n${USAGE}`);
  process.exit(2);
}
const failed: BenchName[] = [];
for (const name of options.names) {
  const comparisons = compare(await pairsOf(name, options));
  if (!passes(comparisons)) failed.push(name);
  console.log(`${tableOf(comparisons).join('\n')}\n`);
}
if (failed.length > 0) {
  console.log(`beyond 10 %, or missing: see ${failed.join(', ')}`);
  process.exitCode = 1;
}
