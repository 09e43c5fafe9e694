// Starts a process of a checkout, and asks it over Chrome's DevTools protocol of which files a named function ran meanwhile.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A process that was started. */
export interface Started {
  readonly child: ChildProcess;
  /** How it ended; null by a signal. */
  readonly code: Promise<number | null>;
  /** What it said so far, on both ways. */
  said(): string;
  /** Waits for words among what it said. */
  hear(words: RegExp): Promise<RegExpExecArray>;
  end(): Promise<void>;
}

/** Starts a command with nothing but these variables. */
export function startProcess(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Started {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let heard = '';
  for (const way of [child.stdout, child.stderr]) {
    way.setEncoding('utf8').on('data', (piece: string) => {
      heard += piece;
    });
  }
  const code = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    ...{ child, code },
    said: () => heard,
    hear: (words) =>
      until(
        () => words.exec(heard),
        () => `${words} was not heard of ${program} ${args.join(' ')}; it said:\n${heard}`,
      ),
    end: async () => {
      child.kill('SIGKILL');
      await code;
    },
  };
}

/** Asks again and again until there is an answer; throws what `fault` says when none comes. */
export async function until<T>(ask: () => T | null, fault: () => string): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (true) {
    const answer = ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(fault());
    await pause(2);
  }
}

/** What V8 says of a script: each function that ran, or that it knows of, with how often since it was last asked. */
interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly { readonly count: number }[];
  }[];
}

/** A journey, as it is seen from outside. */
interface Journey {
  /** Sets it off, once counting has begun; left out where it comes by itself. */
  readonly start?: () => void;
  begun(): boolean;
  done(): boolean;
  /** Whether one of the rounds of the background is the journey. */
  readonly isRound: boolean;
}

/** The files of which a named function ran during a journey, from the root. */
export interface Passed {
  readonly files: readonly string[];
  /** Whether it is certain that no round of the background came in between. */
  readonly isAlone: boolean;
}

/** A counter of the files that run in another process. */
export interface Coverage {
  /** Counts from the last quiet moment before a journey has begun to the first one after it was done. */
  during(journey: Journey): Promise<Passed>;
  /** Resolves when the rounds of the background have just been done: for a second there will be none. */
  afterRounds(): Promise<void>;
  /** Sees to it that the rounds of the background do not run side by side. */
  partRounds(): Promise<void>;
  close(): void;
}

/** Nothing of `src/` runs in a quiet moment (ms). A machine that is busy lets a process wait in the midst of its work. */
const QUIET_MS = 100;
/** A round of the background comes again so long after it was done (ms), never earlier. */
const ROUND_MS = 2_000;
/** A round is more than a look at the clock: it runs so many files at least. */
const ROUND_FILES = 4;
/** A round is over when nothing ran for so long (ms); another one may follow soon. */
const ROUND_OVER_MS = 2;
/** All rounds lie within this time (ms). */
const ROUNDS_MS = 700;
/** Two rounds are parted by so much (ms). */
const PARTED_MS = 500;
/** Tries to part them: that a round is over may be seen too late to hold up the next one. */
const PARTINGS = 10;
/** Looked at so often (ms); each look takes time of the process, too. */
const GLANCE_MS = 4;
const PATIENCE_MS = 60_000;

/** Begins to count in a process that was started with a debugger; `root` is the checkout that it runs. */
export async function openCoverage({ child, said }: Started, root: string): Promise<Coverage> {
  // The launcher tries its Node.js first, and that one has a debugger, too.
  const debuggers = [...said().matchAll(/Debugger listening on (ws:\S+)/g)];
  const { send, close } = await openDevTools(debuggers.at(-1)?.[1] ?? '');
  await send('Profiler.enable');
  await send('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const folder = realpathSync(root);
  const source = `${pathToFileURL(folder).href}/src/`;
  const take = async () => {
    const { result } = (await send('Profiler.takePreciseCoverage')) as { result: readonly ScriptCoverage[] };
    return result
      .filter(({ url, functions }) => url.startsWith(source) && functions.some(isNamedAndRan))
      .map(({ url }) => relative(folder, fileURLToPath(url)));
  };
  const watch = { take, rounds: [] };
  return {
    during: (journey) => during(watch, journey),
    afterRounds: async () => void (await afterRound(watch, ROUNDS_MS)),
    partRounds: () => partRounds(watch, child),
    close,
  };
}

interface Watch {
  /** Gives the files that ran since it was last called. */
  readonly take: () => Promise<readonly string[]>;
  /** When rounds of the background began, the latest last. */
  readonly rounds: number[];
}

async function during(watch: Watch, { start, begun, done, isRound }: Journey): Promise<Passed> {
  const ran = new Set<string>();
  let since = performance.now();
  const ask = () => ({ begun: begun(), done: done() });
  for await (const { at, files, quietMs, before } of glances(watch, ask, start)) {
    if (quietMs >= QUIET_MS && before.done) break;
    if (quietMs >= QUIET_MS && !before.begun) {
      ran.clear();
      since = at;
    }
    for (const file of files) ran.add(file);
  }
  // Of the rounds before, the first one comes again first.
  const first = watch.rounds.find((at) => at < since && since - at < ROUND_MS - QUIET_MS) ?? -ROUND_MS;
  const areDone = since - first > PARTED_MS && since - first < ROUND_MS - ROUNDS_MS;
  return { files: [...ran].sort(), isAlone: (isRound || areDone) && performance.now() < first + ROUND_MS };
}

/** Waits for rounds of the background, and then for so long (ms) without any; gives the time (ms) from the first to the last. */
async function afterRound(watch: Watch, least: number): Promise<number> {
  const from = performance.now();
  const seen = () => watch.rounds.filter((at) => at >= from);
  for await (const { quietMs } of glances(watch, () => null)) {
    if (seen().length > 0 && quietMs >= least) break;
  }
  return (seen().at(-1) ?? 0) - (seen()[0] ?? 0);
}

/**
 * Each round comes again so long after it was done: one that is held up once stays behind the one before it. Where there
 * is but one round, nothing is parted.
 */
async function partRounds(watch: Watch, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < PARTINGS; tries += 1) {
    if ((await afterRound(watch, ROUNDS_MS)) > PARTED_MS / 2) return;
    await afterRound(watch, ROUND_OVER_MS);
    child.kill('SIGSTOP');
    await pause(PARTED_MS);
    child.kill('SIGCONT');
  }
}

/**
 * Looks again and again what ran, after `start`; `ask` is asked before each look, so that its answer is older than the
 * look's.
 */
async function* glances<T>({ take, rounds }: Watch, ask: () => T, start?: () => void) {
  await take();
  start?.();
  let [ranAt, lookedAt] = [performance.now(), performance.now()];
  for (const deadline = lookedAt + PATIENCE_MS; lookedAt < deadline; await pause(GLANCE_MS)) {
    const before = ask();
    const files = await take();
    const now = performance.now();
    if (files.length >= ROUND_FILES && lookedAt > ranAt + ROUND_OVER_MS) rounds.push(lookedAt);
    if (files.length > 0) ranAt = now;
    yield { at: now, files, quietMs: now - ranAt, before };
    lookedAt = now;
  }
  throw new Error(`what was waited for did not happen within ${PATIENCE_MS / 1000} s`);
}

/** A file that is loaded runs as a function without a name, and so does a callback. */
function isNamedAndRan({ functionName, ranges }: ScriptCoverage['functions'][number]): boolean {
  return functionName !== '' && (ranges[0]?.count ?? 0) > 0;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

async function openDevTools(address: string) {
  const socket = new WebSocket(address);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const end = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result, error } = JSON.parse(String(data)) as Answer;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  });
  socket.addEventListener('close', () => end('the process closed its debugger'));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`no debugger at ${address}`)));
  });
  let last = 0;
  return {
    send: (method: string, params: object = {}): Promise<unknown> => {
      last += 1;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(last, asked);
      socket.send(JSON.stringify({ id: last, method, params }));
      return asked.promise;
    },
    close: () => socket.close(),
  };
}
