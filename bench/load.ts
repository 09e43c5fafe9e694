// What holds under load. For how long the daemon's event loop is held at most: the first tick with everybody due, scrapes of its
// metrics, an import of the whole list beside it, and a foreign lock on its file; less what an idle process sees in the same run.
// And how the first tick grows with those who are due.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../src/adapters/database/database.ts';
import { openReminderRepository } from '../src/adapters/database/letters/reminders.ts';
import { remind } from '../src/use-cases/reminders/remind.ts';
import { rulesWith } from '../test/fakes/rules.ts';
import { makeFleet, NOW, withFolder } from './fleet.ts';
import { ms, report } from './measure.ts';
import { RELEVE, startDaemon, startServer, variables } from './processes.ts';

/** Ten in the morning in Paris, on the Monday of the measurements. */
const MONDAY = '2027-03-01 09:00:00';
const LOCK_MS = 40_000;
/** How long we look on once the lock is gone, in ms: what waited for it goes on. */
const AFTER_MS = 5_000;
const RUNS = 3;
const PRELOAD = ['--import', fileURLToPath(new URL('hold.ts', import.meta.url))];
/** By how many accounts: for how long the loop may be held, in ms. */
const BOUNDS = new Map([
  [1_000, 100],
  [10_000, 100],
  [100_000, 250],
]);

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A process that does nothing but be measured. */
function startIdle(): ChildProcess {
  return spawn(process.execPath, [...PRELOAD, '-e', 'setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The longest hold since `begin`, in ms. */
async function heldBy(child: ChildProcess): Promise<number> {
  child.send('tell');
  const [{ heldMs }] = (await once(child, 'message')) as [{ heldMs: number }];
  return heldMs;
}

const LOCK = `const raw = new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 60_000 });
raw.exec('begin immediate');
setTimeout(() => { raw.exec('commit'); raw.close(); }, Number(process.argv[2]));`;

/** Holds the writer's lock of a file in a process of its own, for so long, in ms. */
async function lockFor(file: string, lockMs: number): Promise<void> {
  const child = spawn(process.execPath, ['-e', LOCK, file, String(lockMs)], { stdio: 'inherit' });
  await once(child, 'exit');
}

/** The list of all, as an agent has it; it changes the names of all structures. */
function listOf(users: number): string {
  const lines = ['login;siret;structure;gestionnaire;courriel;date_expiration'];
  for (let id = 1; id <= users; id++) {
    const number = String(id).padStart(14, '0');
    lines.push(
      `TECH_1_${number}@cpro.fr;${number};Ville ${id};Manager ${id};manager${id}@example.test;2027-03-16`,
    );
  }
  return lines.join('\n');
}

async function importBeside(file: string, env: Record<string, string>): Promise<void> {
  const child = spawn(RELEVE, ['import', file], {
    env: { ...env, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the import ended with ${code}`);
}

/** What one run has seen, in ms. */
interface Held {
  readonly held: number;
  readonly idle: number;
  /** The slowest answer about health. */
  readonly health: number;
}

/** Asks the daemon again and again until it is told to stop; resolves to the slowest answer, in ms. */
async function askOn(url: string, pauseMs: number, stop: AbortSignal): Promise<number> {
  let slowest = 0;
  while (!stop.aborted) {
    const start = performance.now();
    await (await fetch(url)).text();
    slowest = Math.max(slowest, performance.now() - start);
    await wait(pauseMs);
  }
  return slowest;
}

async function measure(users: number, port: number): Promise<Held> {
  return withFolder(async (file, folder) => {
    await makeFleet(file, users, users);
    const list = join(folder, 'list.csv');
    writeFileSync(list, listOf(users));
    const env = variables(folder, port);
    const idle = startIdle();
    const daemon = startDaemon(env, { at: MONDAY, preload: PRELOAD });
    const { text } = await daemon.line(/"msg":"ready"/);
    const { address } = JSON.parse(text) as { address: string };
    for (const child of [idle, daemon.child]) child.send('begin');
    const enough = new AbortController();
    const health = askOn(`${address}/readyz`, 100, enough.signal);
    const scrapes = askOn(`${address}/metrics`, 5_000, enough.signal);
    await importBeside(list, env);
    await lockFor(file, LOCK_MS);
    await wait(AFTER_MS);
    const seen = { held: await heldBy(daemon.child), idle: await heldBy(idle) };
    enough.abort();
    await scrapes;
    const figures = { ...seen, health: await health };
    await daemon.stop();
    idle.kill();
    return figures;
  });
}

/** The seconds of a first tick: the rules are new, all are looked at, and a letter is due to each. */
async function firstTick(users: number): Promise<number> {
  return withFolder(async (file) => {
    await makeFleet(file, users, users);
    const database = await openDatabase({ engine: 'sqlite', file });
    const ports = { reminders: openReminderRepository(database), clock: { now: () => NOW } };
    const start = performance.now();
    const reviewed = await remind(ports, rulesWith());
    const seconds = (performance.now() - start) / 1_000;
    await database.close();
    if (reviewed !== users) throw new Error(`${reviewed} reviewed`);
    return seconds;
  });
}

async function benchHold(): Promise<void> {
  const sink = await startServer('sink.ts');
  for (const [users, bound] of BOUNDS) {
    const seen: Held[] = [];
    for (let run = 0; run < RUNS; run++) seen.push(await measure(users, sink.port));
    const [best] = seen.toSorted((a, b) => a.held - a.idle - (b.held - b.idle));
    const { held, idle, health } = best ?? { held: Number.NaN, idle: Number.NaN, health: Number.NaN };
    report(
      `the event loop held at most, ${users.toLocaleString('en')} users all due`,
      `${ms(held - idle)} (an idle process ${ms(idle)}, health ${ms(health)})`,
      `${bound} ms`,
      held - idle <= bound,
    );
  }
  sink.stop();
}

async function benchGrowth(): Promise<void> {
  const many = await firstTick(100_000);
  const most = await firstTick(1_000_000);
  report(
    'first tick, 1,000,000 users all due / 100,000 users all due',
    `${most.toFixed(1)} s / ${many.toFixed(1)} s = ${(most / many).toFixed(2)}`,
    '12',
    most / many <= 12,
  );
}

export async function benchLoad(): Promise<void> {
  await benchHold();
  await benchGrowth();
}
