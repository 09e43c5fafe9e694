// Commands from outside: how long those take that are over at once.
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { middle, report, times } from './measure.ts';
import { variables } from './processes.ts';

/** Of the checkout that is measured: a database of this one may be too new for it. */
const { makeFleet, withFolder } = (await import(
  pathToFileURL(join(process.cwd(), 'bench/fleet.ts')).href
)) as typeof import('./fleet.ts');

/** Of the checkout that is measured, which may be another than this one's: see one.ts. */
const RELEVE = join(process.cwd(), 'bin/releve');
const STARTS = 9;

/** The median of several starts, in seconds; the first one compiles, and does not count. */
async function secondsOf(args: readonly string[], env: Record<string, string>): Promise<number> {
  const run = () => void execFileSync(RELEVE, args, { env, maxBuffer: 1e8 });
  run();
  return middle(await times(STARTS, run)) / 1_000;
}

export async function benchCommands(): Promise<void> {
  await withFolder(async (file, folder) => {
    await makeFleet(file, 1_000, 10);
    chmodSync(folder, 0o700);
    const env = variables(folder, 1);
    const help = await secondsOf(['--help'], env);
    report('releve --help', `${help.toFixed(2)} s`, '0.25 s', help <= 0.25);
    const list = await secondsOf(['list'], env);
    report('releve list, 1,000 users', `${list.toFixed(2)} s`, '0.75 s', list <= 0.75);
  });
}
