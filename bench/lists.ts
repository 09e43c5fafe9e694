// The lists of large fleets from outside: the most memory that they take, and how soon the first line is there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { makeFleet, withFolder } from './fleet.ts';
import { middle, report } from './measure.ts';
import { RELEVE, variables } from './processes.ts';

const LARGEST_MIB = 250 / 1.048576;
const FIRST_S = 5;

/** Runs a command to its end, reading its output as it comes. */
async function watch(args: readonly string[], env: Record<string, string>) {
  const start = performance.now();
  const child = spawn(RELEVE, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const seen = { first: Number.NaN, characters: 0, mib: 0 };
  for await (const piece of child.stdout) {
    if (seen.characters === 0) seen.first = (performance.now() - start) / 1_000;
    seen.characters += (piece as Buffer).length;
    // Of the whole life of the process so far.
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN;
    seen.mib = Math.max(seen.mib, Number(kib) / 1024);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`releve ${args.join(' ')} ended with ${String(code)}`);
  return { ...seen, all: (performance.now() - start) / 1_000 };
}

async function streamed(name: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const { first, characters, mib, all } = await watch(args, env);
  const whole = `${(characters / 1e6).toFixed(0)} MB in ${all.toFixed(0)} s`;
  report(`${name}, most memory`, `${mib.toFixed(0)} MiB (${whole})`, '250 MB', mib <= LARGEST_MIB);
  report(`${name}, the first line`, `${first.toFixed(2)} s`, `${FIRST_S} s`, first <= FIRST_S);
}

const PAIRS = 9;
const DAY_BOUND = 1.5;

/** The day's screen of ten thousand, five hundred of them with a date this week, beside the list of a hundred, in turn. */
async function todayBesideList(): Promise<void> {
  await withFolder((large, day) =>
    withFolder(async (small, list) => {
      await makeFleet(large, 10_000, 500);
      await makeFleet(small, 100, 10);
      for (const folder of [day, list]) chmodSync(folder, 0o700);
      const now = ['--now', '2027-03-10T10:00:00+01:00'];
      const screen = () => watch(['today', ...now], variables(day, 1));
      const listed = () => watch(['list', ...now], variables(list, 1));
      await screen();
      await listed();
      const pairs: { readonly day: number; readonly ratio: number }[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) {
        const { all } = await screen();
        pairs.push({ day: all, ratio: all / (await listed()).all });
      }
      const ratio = middle(pairs.map((pair) => pair.ratio));
      const seconds = middle(pairs.map((pair) => pair.day)).toFixed(2);
      const bound = `${DAY_BOUND} × list`;
      report(
        'today, 10,000 users / list, 100',
        `${seconds} s, ratio ${ratio.toFixed(2)}`,
        bound,
        ratio <= DAY_BOUND,
      );
    }),
  );
}

/** The list of a million, and the plan of a hundred thousand until all of them have had letters; and the day's screen. */
export async function benchLists(): Promise<void> {
  await todayBesideList();
  await withFolder(async (file, folder) => {
    await makeFleet(file, 1_000_000, 500);
    chmodSync(folder, 0o700);
    const env = variables(folder, 1);
    await streamed('list --json, 1,000,000 users', ['list', '--json'], env);
    await streamed('list, 1,000,000 users', ['list'], env);
  });
  await withFolder(async (file, folder) => {
    await makeFleet(file, 100_000, 500);
    chmodSync(folder, 0o700);
    const args = ['plan', '--until', '2027-11-30', '--now', '2027-03-01T10:00:00+01:00'];
    await streamed('plan --json, 100,000 users', [...args, '--json'], variables(folder, 1));
    await streamed('plan, 100,000 users', args, variables(folder, 1));
  });
}
