// Runs a program of the machine's own: no shell, few variables, a time limit, and its words kept without the secret.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { PasswordFacts } from '../../domain/rotation/sink-content.ts';
import { errorCode } from '../../foundation/error-code.ts';
import { type Redactor, redactorOf } from '../../foundation/redact.ts';
import { unsafeWords } from '../../foundation/trusted-file.ts';
import { findProgram, programDistrust, SEARCH_PATH } from '../../foundation/trusted-program.ts';
import type { ProgramSettings, Variables } from './settings.ts';

/** How a program ended; `output` is the beginning of what it printed on both ways, printable, the secret redacted. */
export interface ProgramRun {
  readonly ending:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'killed'; readonly signal: string }
    | { readonly kind: 'too-long' }
    | { readonly kind: 'not-started'; readonly reason: string };
  readonly output: string;
}

/** Kept of the output, in characters. */
const KEPT = 2_048;
/** Looked at of each way, in bytes: redaction may make it shorter. */
const COLLECTED = 16 * 1_024;
/** From the polite signal to the other, in ms. */
const GRACE_MS = 2_000;
/** A program that ended may have left a child behind that holds its output open; it is not waited for longer, in ms. */
const LAST_WORDS_MS = 200;
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR'];

/** The variables that a program of a sink sees: a small safe set, and what it is about; never the secret. */
export function childVariables(
  variables: Variables,
  sink: string,
  facts: PasswordFacts,
): Record<string, string> {
  const kept: Record<string, string> = { PATH: SEARCH_PATH };
  for (const name of PASSED_ON) {
    const value = variables[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    RELEVE_SINK: sink,
    RELEVE_LOGIN: facts.login,
    RELEVE_ENVIRONMENT: facts.environment,
    RELEVE_VERSION: String(facts.version),
  };
}

/** Runs it to its end, or to the end of its time. Never throws for what a program can do. */
export async function runProgram(
  program: ProgramSettings,
  given: {
    readonly variables: Record<string, string>;
    /** Redacted in what it prints; null where it is given none. */
    readonly secret: string | null;
    readonly input: string | null;
  },
): Promise<ProgramRun> {
  const [, ...args] = program.run;
  // Before anything is started: nobody knows how a program would print what is no text.
  if (given.secret?.isWellFormed() === false) throw new Error('the password has half of a character');
  const redactor = redactorOf(given.secret === null ? [] : [given.secret]);
  const found = safeProgram(program, given.variables.PATH);
  if ('reason' in found) return { ending: { kind: 'not-started', ...found }, output: '' };
  let child: ChildProcess;
  try {
    // A group of its own: what it started ends with it.
    child = spawn(found.path, args, {
      cwd: '/',
      env: given.variables,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return { ending: notStarted(error), output: '' };
  }
  let ending: ProgramRun['ending'] | null = null;
  try {
    const captured = [collect(child.stdout), collect(child.stderr)];
    // A program that does not read what it is given is free to do so.
    child.stdin?.on('error', () => undefined).end(given.input ?? '');
    ending = await endOf(child, program.timeoutMs);
    return { ending, output: printableOutput(captured, redactor) };
  } finally {
    // Whatever went wrong with us: it does not go on without anybody who waits for it.
    if (ending === null) signalGroup(child, 'SIGKILL');
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  }
}

/** Where the program lies, or why it is not run. Looked at each time: what was safe may not be any more. */
function safeProgram(
  { run }: ProgramSettings,
  searchPath: string | undefined,
): { readonly path: string } | { readonly reason: string } {
  const path = findProgram(run[0] ?? '', searchPath);
  if (path === null) return { reason: 'it is not found in PATH' };
  const distrust = programDistrust(run, searchPath);
  return distrust === null ? { path } : { reason: `it ${unsafeWords(distrust)} (${distrust.remedy})` };
}

function endOf(child: ChildProcess, timeoutMs: number): Promise<ProgramRun['ending']> {
  return new Promise((resolve) => {
    let ending: ProgramRun['ending'] | null = null;
    const timers: NodeJS.Timeout[] = [];
    const finish = (last: ProgramRun['ending']) => {
      for (const timer of timers) clearTimeout(timer);
      resolve(last);
    };
    const later = (ms: number, work: () => void) => timers.push(setTimeout(work, ms));
    later(timeoutMs, () => {
      ending = { kind: 'too-long' };
      signalGroup(child, 'SIGTERM');
      later(GRACE_MS, () => {
        signalGroup(child, 'SIGKILL');
        // What cannot even be killed hangs in the kernel: it is left to it.
        later(GRACE_MS, () => finish({ kind: 'too-long' }));
      });
    });
    child.once('error', (error) => finish(ending ?? notStarted(error)));
    child.once('exit', (code, signal) => {
      // Out of time, its children go with it, even those that did not mind the polite signal.
      if (ending !== null) signalGroup(child, 'SIGKILL');
      ending ??= code === null ? { kind: 'killed', signal: signal ?? '' } : { kind: 'exited', code };
      const last = ending;
      child.once('close', () => finish(last));
      later(LAST_WORDS_MS, () => finish(last));
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}

function notStarted(error: unknown): ProgramRun['ending'] {
  const code = errorCode(error) ?? 'unknown error';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be executed by the daemon',
    ENOEXEC: 'it is no program (a script begins with #! and its interpreter)',
  };
  return { kind: 'not-started', reason: reasons[code] ?? code };
}

interface CapturedOutput {
  text(): string;
  readonly isCut: () => boolean;
}

function collect(stream: Readable | null): CapturedOutput {
  const pieces: Buffer[] = [];
  let room = COLLECTED;
  let isCut = false;
  // All is read, so that the program never waits for us; only the beginning is kept.
  stream
    ?.on('error', () => undefined)
    .on('data', (piece: Buffer) => {
      if (piece.length > room) isCut = true;
      if (room > 0) pieces.push(piece.subarray(0, room));
      room = Math.max(0, room - piece.length);
    });
  return { text: () => Buffer.concat(pieces).toString('utf8'), isCut: () => isCut };
}

function printableOutput(captured: readonly CapturedOutput[], redactor: Redactor): string {
  const printable = captured.map((output) =>
    redactor
      .redact(output.text(), { isCut: output.isCut() })
      .replaceAll(/[^\P{C}\n]/gu, ' ')
      .trim(),
  );
  const words = printable.filter((text) => text !== '').join('\n');
  return words.length > KEPT ? `${words.slice(0, KEPT - 1)}…` : words;
}

/** What a program's end means in words, for a fault. */
export function describeEnd(program: ProgramSettings, { ending, output }: ProgramRun): string {
  const [file = ''] = program.run;
  const said = output === '' ? '' : `; it said: ${output.replaceAll(/\s+/g, ' ').slice(0, 300)}`;
  switch (ending.kind) {
    case 'exited':
      return `${file} ended with code ${ending.code}${said}`;
    case 'killed':
      return `${file} was ended by ${ending.signal}${said}`;
    case 'too-long':
      return `${file} did not end within ${program.timeoutMs / 1000} s and was stopped${said}`;
    case 'not-started':
      return `${file} could not be started: ${ending.reason}`;
  }
}
