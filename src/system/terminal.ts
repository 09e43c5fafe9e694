// What commands and the demo print with, and the error and the exit codes that they end with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CHECKOUT } from '../foundation/trusted-file.ts';

/** The version of the program, as its package.json has it. */
export function versionOf(): string {
  const text = readFileSync(join(CHECKOUT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Exit codes, the same for every command. */
export const EXIT = { ok: 0, failed: 1, wrongUse: 2, partlyRefused: 3, notVerified: 4 } as const;

/** Ends a command with a message for people and an exit code. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

let outputWatched = false;

/** A reader who has seen enough (`| head`) is no fault; an output that takes no more (a full disk) is reported, exit 1. */
export function watchOutput(): void {
  if (outputWatched) return;
  outputWatched = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`releve: the output cannot be written: ${error.message}\n`);
    process.once('exit', () => {
      process.exitCode ||= EXIT.failed;
    });
  });
}

/** A text on standard output; JSON goes in one piece with a line end. */
export function say(text: string): void {
  watchOutput();
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** Where text is written. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Columns of a terminal; undefined where there is none. In a narrower one than this, tables are not read anyway. */
export function columnsOf({ isTTY, columns }: TextStream): number | undefined {
  return isTTY === true && columns !== undefined && columns > 0 ? Math.max(60, columns) : undefined;
}

export interface ProgressLine {
  show(text: string): void;
  end(): void;
}

const WIPE = '\r\u001b[K';

/** A progress line on a terminal; elsewhere it says nothing. On standard error, so that what is piped on stays clean. */
export function progressOn(stream: TextStream): ProgressLine {
  if (stream.isTTY !== true) return { show: () => undefined, end: () => undefined };
  const width = (stream.columns ?? 80) - 1;
  return {
    show: (text) => {
      stream.write(`${WIPE}${text.slice(0, width)}`);
    },
    end: () => {
      stream.write(WIPE);
    },
  };
}

/** Writes to a stream as fast as it is read. `watchOutput` reports what is wrong with the stream itself. */
export async function writeTo(output: NodeJS.WritableStream, pieces: AsyncIterable<string>): Promise<void> {
  let ofPieces: unknown = null;
  const rows = pieces[Symbol.asyncIterator]();
  const heard: AsyncIterator<string> = {
    // A connection to a server ends with the same words as an output: what is missing then is no fault of the output.
    next: () =>
      rows.next().catch((error: unknown) => {
        ofPieces = error;
        throw error;
      }),
    return: async () => (await rows.return?.()) ?? { done: true, value: undefined },
  };
  try {
    await pipeline(Readable.from({ [Symbol.asyncIterator]: () => heard }), output, { end: false });
  } catch (error) {
    const isOfOutput = error !== ofPieces && error instanceof Error && 'syscall' in error;
    if (!isOfOutput || error.syscall !== 'write') throw error;
  }
}
