// Starts `releve` as a process of its own, with a clock that a test can set, and listens to what it says.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

/** Starts the run's bundle of the product. */
export const LAUNCHER = join(inject('bundle'), 'releve');
/** Starts the product as it is installed: the real launcher, and the sources. */
export const INSTALLED = fileURLToPath(new URL('../../bin/releve', import.meta.url));
/** Debian's faketime, the build for programs with threads; the dynamic linker fills in `$LIB`. */
const FAKETIME = '/usr/$LIB/faketime/libfaketimeMT.so.1';
/** Longest wait for a word or for the end, in ms: machines of the tests may be busy. */
const PATIENCE_MS = 30_000;

/** How a process is started. */
export interface Start {
  /** Its variables beside PATH: nothing of the tester's own settings comes in. */
  readonly env?: Readonly<Record<string, string>>;
  /** The instant (ISO) its clock shows at the start, or a clock that is set while it runs. Timers keep real time. */
  readonly clock?: string | MovableClock;
  /** Standard input for it to read; closed at once where none is given. */
  readonly input?: string;
  readonly cwd?: string;
  /** What starts it, where it is not the run's bundle. */
  readonly launcher?: string;
  /** A program that starts it, with its arguments: `nsenter …`, `setpriv …`. */
  readonly through?: readonly string[];
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process. */
export interface Running {
  readonly pid: number;
  /** What it said so far, on both ways. */
  said(): string;
  /** Waits for words among what it said; throws, quoting it, when they do not come or it ends before. */
  hear(words: RegExp, patienceMs?: number): Promise<RegExpExecArray>;
  /** The facts of the log's lines with this message, so far. */
  logged(message: string): readonly Record<string, unknown>[];
  signal(name: NodeJS.Signals): void;
  /** Closes our end of its standard output, as `head` does. */
  stopListening(): void;
  readonly ended: Promise<Ended>;
}

const running = new Set<ChildProcess>();

/** Starts `releve` with these arguments. It dies with the process of the test, however that ends. */
export function startReleve(args: readonly string[], start: Start = {}): Running {
  const command = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    ...(start.through ?? []),
    start.launcher ?? LAUNCHER,
    ...args,
  ];
  return startProcess(command, start);
}

/** Starts any command in the same way: its own variables, its own clock. */
export function startProcess(command: readonly string[], start: Start = {}): Running {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    cwd: start.cwd ?? tmpdir(),
    // In production the .env of the installation, the tester's own, is not read.
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      ...start.env,
      ...clockVariables(start.clock),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const heard = { stdout: '', stderr: '' };
  for (const way of ['stdout', 'stderr'] as const) {
    child[way].setEncoding('utf8').on('data', (piece: string) => {
      heard[way] += piece;
    });
  }
  child.stdin.on('error', () => undefined).end(start.input ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, ...heard });
    });
  });
  const said = () => heard.stdout + heard.stderr;
  return {
    pid: child.pid ?? 0,
    said,
    hear: (words, patienceMs = PATIENCE_MS) =>
      waitFor(
        () => words.exec(said()),
        () => `${words} was not heard; ${command.join(' ')} said:\n${said()}`,
        patienceMs,
        () => !running.has(child),
      ),
    logged: (message) => logLines(heard.stdout).filter((line) => line.msg === message),
    signal: (name) => {
      child.kill(name);
    },
    stopListening: () => child.stdout.destroy(),
    ended,
  };
}

/** Runs `releve` to its end. */
export function releve(args: readonly string[], start: Start = {}): Promise<Ended> {
  return startReleve(args, start).ended;
}

/** Starts the daemon and waits until it is ready; `address` is where its health is asked. */
export async function startDaemonProcess(start: Start): Promise<{ daemon: Running; address: string }> {
  const daemon = startReleve(['run'], start);
  await daemon.hear(/"msg":"ready"/);
  return { daemon, address: String(daemon.logged('ready')[0]?.address) };
}

/** Asks a process to end; how it ended, and after how long (ms). */
export async function stop(
  process_: Running,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Ended & { ms: number }> {
  const before = performance.now();
  process_.signal(signal);
  const ended = await process_.ended;
  return { ...ended, ms: performance.now() - before };
}

/** Ends what a test left running; for `afterEach`. */
export async function endAll(): Promise<void> {
  const left = [...running];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map((child) => new Promise((resolve) => child.once('close', resolve))));
}

/** Asks again and again until there is an answer; throws what `fault` says when none comes, or `over` it is. */
export async function waitFor<T>(
  ask: () => T | null | Promise<T | null>,
  fault: () => string,
  patienceMs = PATIENCE_MS,
  over: () => boolean = () => false,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  while (true) {
    // Asked once more after the end: the last words count.
    const last = over() || performance.now() > deadline;
    const answer = await ask();
    if (answer !== null) return answer;
    if (last) throw new Error(fault());
    await pause(25);
  }
}

/** The lines of a log; what is no JSON is left out. */
function logLines(text: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line)] : [];
    } catch {
      return [];
    }
  });
}

/** A clock that runs on from wherever a test sets it; all processes that look at it see the same time. */
export interface MovableClock {
  readonly file: string;
  set(instant: string): void;
  now(): Temporal.Instant;
  remove(): void;
}

/** A clock in a file of its own, set to an instant (ISO). */
export function movableClock(instant: string): MovableClock {
  const folder = mkdtempSync(join(tmpdir(), 'releve-clock-'));
  const file = join(folder, 'ahead');
  let ahead = 0;
  const set = (next: string) => {
    ahead = aheadOf(next);
    // Replaced in one step: nobody reads half a number.
    writeFileSync(`${file}.new`, `${written(ahead)}\n`);
    renameSync(`${file}.new`, file);
  };
  set(instant);
  return {
    file,
    set,
    now: () => Temporal.Now.instant().add({ milliseconds: ahead }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** How far an instant is ahead of the real time, in ms. */
const aheadOf = (instant: string) =>
  Temporal.Instant.from(instant).epochMilliseconds - Temporal.Now.instant().epochMilliseconds;

/** Seconds to add to the real time, with their sign: so that processes started one after the other agree. */
const written = (ms: number) => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(3)}`;

/** The variables by which a process has such a clock; none for the machine's own. */
export function clockVariables(clock: Start['clock']): Record<string, string> {
  if (clock === undefined) return {};
  const time: Record<string, string> =
    typeof clock === 'string'
      ? { FAKETIME: written(aheadOf(clock)) }
      : { FAKETIME_TIMESTAMP_FILE: clock.file, FAKETIME_NO_CACHE: '1' };
  return { ...time, LD_PRELOAD: FAKETIME, DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' };
}
