// The real demo command, started for a test in a place of its own; everything it leaves behind would lie there.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { LAUNCHER } from '../rig/process.ts';

/** A running demo; everything it leaves behind would lie in `place`. */
export interface Running {
  readonly place: string;
  readonly child: ChildProcess;
  /** What was written so far. */
  out(): string;
  readonly ended: Promise<number | null>;
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

/** The first address that a demo gives. */
export const READY = /http:\/\/127\.0\.0\.1:\d+\//;

/** Starts demos for the tests of a file, and ends them with it; `launcher` is what starts `releve`. */
export function runningDemos(launcher = LAUNCHER) {
  const places: string[] = [];
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    for (const place of places) rmSync(place, { recursive: true, force: true });
  });
  /** Starts the demo with an environment that would spoil it, if it were read. */
  function start(args: readonly string[]): Running {
    const place = mkdtempSync(join(tmpdir(), 'releve-test-'));
    places.push(place);
    for (const folder of ['tmp', 'work']) mkdirSync(join(place, folder));
    const child = spawn(launcher, ['demo', ...args], {
      cwd: join(place, 'work'),
      env: {
        PATH: process.env.PATH,
        TMPDIR: join(place, 'tmp'),
        RELEVE_DATA: join(place, 'data'),
        RELEVE_CONFIG: join(place, 'nothing.yaml'),
        RELEVE_MAIL_SMTP_HOST: 'mail.invalid',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        text += chunk;
      });
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    const until = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text);
          if (found !== null) resolve(found);
        };
        child.stdout?.on('data', look);
        look();
        void ended.then(() => reject(new Error(`the demo ended without ${pattern}:\n${text}`)));
      });
    return { place, child, out: () => text, ended, until };
  }
  /** Everything that lies in the places that a demo might have written to. */
  const leftovers = ({ place }: Running) => readdirSync(place, { recursive: true }).toSorted();
  return { start, leftovers };
}
