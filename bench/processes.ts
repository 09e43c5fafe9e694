// Child processes of the measurements: the mail sink, and the program itself as it is started for real.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export const RELEVE = here('../bin/releve');

/** Debian's libfaketime, without its wrapper: so the child is the daemon itself. */
const FAKETIME = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0] ?? '';

/** Starts a server of this folder in a process of its own; `port` is where it listens. */
export async function startServer(file: 'sink.ts' | 'chorus.ts'): Promise<{ port: number; stop(): void }> {
  const child = spawn(process.execPath, [here(file)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(line.toString().trim()), stop: () => void child.kill('SIGKILL') };
}

/** The variables of a daemon with its data in a folder and its mail to the sink. */
export function variables(data: string, port: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    RELEVE_DATA: data,
    RELEVE_MAIL_SMTP_HOST: '127.0.0.1',
    RELEVE_MAIL_SMTP_PORT: String(port),
    RELEVE_MAIL_SMTP_SECURITY: 'none',
    RELEVE_MAIL_RATE_PER_MINUTE: '100000',
    RELEVE_IT_SERVICE_EMAIL: 'it@example.test',
    RELEVE_IT_SERVICE_PHONE: '01 99 00 00 00',
    RELEVE_HTTP_PORT: '0',
  };
}

/** A running daemon; its log goes by line by line. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves to the first log line that matches, and the milliseconds since the start. */
  line(pattern: RegExp): Promise<{ text: string; after: number }>;
  /** Resident memory in MiB. */
  memory(): number;
  stop(): Promise<void>;
}

/**
 * Starts `releve run` as a person would; with `at`, at a time of day of its own (Debian's faketime). With `preload`, options of Node.js,
 * messages can be sent to what they load.
 */
export function startDaemon(
  env: Record<string, string>,
  { at, preload }: { readonly at?: string; readonly preload?: readonly string[] } = {},
): Running {
  const start = performance.now();
  const clock = at === undefined ? {} : { LD_PRELOAD: FAKETIME, FAKETIME: `@${at}` };
  const loaded = preload === undefined ? {} : { NODE_OPTIONS: preload.join(' ') };
  const child = spawn(RELEVE, ['run'], {
    env: { ...env, ...clock, ...loaded, TZ: 'UTC', DONT_FAKE_MONOTONIC: '1' },
    stdio: ['ignore', 'pipe', 'inherit', preload === undefined ? 'ignore' : 'ipc'],
  });
  const lines: { text: string; after: number }[] = [];
  let rest = '';
  const waiting = new Set<() => void>();
  child.stdout?.on('data', (piece: Buffer) => {
    const pieces = (rest + piece.toString()).split('\n');
    rest = pieces.pop() ?? '';
    const after = performance.now() - start;
    lines.push(...pieces.map((text) => ({ text, after })));
    for (const wake of waiting) wake();
  });
  return {
    child,
    line: async (pattern) => {
      while (true) {
        const found = lines.find(({ text }) => pattern.test(text));
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`the daemon ended: ${rest}`);
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    memory: () => {
      // The launcher replaces itself by the daemon: the child is the daemon.
      const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return Number(kib) / 1024;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
