// Runs a program that settings name: no shell, few variables, a time limit, and its output kept without the secret.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { PasswordFacts } from '../../domain/rotation/sink-content.ts';
import { type Redactor, redactorOf } from '../../foundation/redact.ts';
import { errorCode, unsafeWords } from '../../foundation/trusted-file.ts';
import { findProgram, programDistrust, SEARCH_PATH } from '../../foundation/trusted-program.ts';
import { accountValues, type ProgramSettings, type SinkSettings, type Variables } from './settings.ts';

/** How a program ended; `output` is the beginning of its standard output and error, printable, the secret redacted. */
export interface ProgramRun {
  readonly ending:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'killed'; readonly signal: string }
    | { readonly kind: 'too-long' }
    | { readonly kind: 'not-started'; readonly reason: string };
  readonly output: string;
}

/** How much of the output is kept, in characters. */
const KEPT = 2_048;
/** How much of each stream is collected, in bytes: redaction may make it shorter. */
const COLLECTED = 16 * 1_024;
/** From SIGTERM to SIGKILL, in ms. */
const GRACE_MS = 2_000;
/** How long to wait for the end of the output, in ms: a program that ended may have left a child that keeps it open. */
const LAST_WORDS_MS = 200;
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR'];

/** The environment of a program of a sink: a small safe set, and the facts of the account; never the secret. */
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

/**
 * One line of JSON for a program: all facts, field by field, so that nothing else is ever added by mistake; with the password where it
 * is given, and with the values of the account where the settings have any.
 */
export function factsLine(
  settings: Pick<SinkSettings, 'accounts'>,
  { login, version, environment, siret, structure, changedOn, expiresOn }: PasswordFacts,
  password?: string,
): string {
  const facts = { version, environment, siret, structure, changedOn, expiresOn };
  const account = accountValues(settings, login);
  const more = Object.keys(account).length === 0 ? {} : { account };
  return `${JSON.stringify({ login, password, ...facts, ...more })}\n`;
}

/** Runs a program until it ends or its time is over. Never throws for a failure of the program. */
export async function runProgram(
  program: ProgramSettings,
  given: {
    readonly variables: Record<string, string>;
    /** Redacted in its output; null where it gets none. */
    readonly secret: string | null;
    readonly input: string | null;
  },
): Promise<ProgramRun> {
  const [, ...args] = program.run;
  // Checked before the start: a program could print a lone surrogate in a form that redaction does not know.
  if (given.secret?.isWellFormed() === false) throw new Error('the password has half of a character');
  const redactor = redactorOf(given.secret === null ? [] : [given.secret]);
  const found = safeProgram(program, given.variables.PATH);
  if ('reason' in found) return { ending: { kind: 'not-started', ...found }, output: '' };
  let child: ChildProcess;
  try {
    // A process group of its own, so that its children end with it.
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
    // A program may ignore its input.
    child.stdin?.on('error', () => undefined).end(given.input ?? '');
    ending = await endOf(child, program.timeoutMs);
    return { ending, output: printableOutput(captured, redactor) };
  } finally {
    // After an error of ours the program must not go on unattended.
    if (ending === null) signalGroup(child, 'SIGKILL');
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  }
}

/** The path of the program, or why it is not run. Checked at each run: a safe program may have become unsafe. */
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
        // A process that even SIGKILL does not end hangs in the kernel: it is abandoned.
        later(GRACE_MS, () => finish({ kind: 'too-long' }));
      });
    });
    child.once('error', (error) => finish(ending ?? notStarted(error)));
    child.once('exit', (code, signal) => {
      // After a timeout its children are killed too, even those that ignored SIGTERM.
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

function collect(stream: Readable | null) {
  const pieces: Buffer[] = [];
  let room = COLLECTED;
  let isCut = false;
  // All output is read, so that the program never blocks; only the beginning is kept.
  stream
    ?.on('error', () => undefined)
    .on('data', (piece: Buffer) => {
      if (piece.length > room) isCut = true;
      if (room > 0) pieces.push(piece.subarray(0, room));
      room = Math.max(0, room - piece.length);
    });
  return { text: () => Buffer.concat(pieces).toString('utf8'), isCut: () => isCut };
}

function printableOutput(captured: readonly ReturnType<typeof collect>[], redactor: Redactor): string {
  const printable = captured.map((output) =>
    redactor
      .redact(output.text(), { isCut: output.isCut() })
      .replaceAll(/[^\P{C}\n]/gu, ' ')
      .trim(),
  );
  const words = printable.filter((text) => text !== '').join('\n');
  return words.length > KEPT ? `${words.slice(0, KEPT - 1)}…` : words;
}

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
