// Reads a secret: hidden, from a terminal; else from standard input. Never from an argument, and nothing of it is shown.
import { Secret } from '../../domain/shared/secret.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { HiddenLine, withoutLineEnd } from './hidden-line.ts';

export interface SecretInput {
  readonly input: NodeJS.ReadStream;
  /** The question goes to standard error: what is piped on stays clean. */
  readonly output: { write(text: string): unknown };
}

/** After an end of line so long without more, in ms, the line is over: a paste of several lines comes at once. */
const QUIET_MS = 40;
/** Far more than anybody takes for a password, in bytes. */
const LARGEST = 64 * 1024;
const BRACKETED_PASTE = { on: '\u001b[?2004h', off: '\u001b[?2004l' };

/** Reads it, once. Throws CommandError when the person who types gives up, or when what is piped in is no text. */
export function readSecret(question: string, { input, output }: SecretInput): Promise<Secret> {
  return input.isTTY === true ? typed(question, input, output) : piped(input);
}

async function typed(question: string, input: NodeJS.ReadStream, output: SecretInput['output']) {
  const line = new HiddenLine();
  const ended = Promise.withResolvers<boolean>();
  let received = 0;
  const onData = (chunk: string) => {
    received += 1;
    const state = line.take(chunk);
    if (state === 'given-up') ended.resolve(false);
    if (state === 'ended') setTimeout(endIfQuiet, QUIET_MS, received);
  };
  // On a busy machine more may have come without having been read: that is done before the next step.
  const endIfQuiet = (since: number) => setImmediate(() => received === since && ended.resolve(true));
  const giveUp = () => ended.resolve(false);
  input.setRawMode(true);
  // The terminal then says where a paste begins and ends: a line break in it neither ends the line nor reaches the shell.
  output.write(`${question}${BRACKETED_PASTE.on}`);
  input.setEncoding('utf8').on('data', onData).once('end', giveUp).resume();
  process.once('SIGTERM', giveUp);
  try {
    if (await ended.promise) return new Secret(line.text);
    throw new CommandError(EXIT.failed, 'given up; nothing was handed in');
  } finally {
    process.off('SIGTERM', giveUp);
    input.off('data', onData).off('end', giveUp).setRawMode(false).pause();
    output.write(`${BRACKETED_PASTE.off}\n`);
  }
}

async function piped(input: NodeJS.ReadStream): Promise<Secret> {
  const what = 'hand in the password alone, as text';
  const text = await readText(input, { most: LARGEST, tooMuch: 'far more than a password', what });
  return new Secret(withoutLineEnd(text));
}

/** The largest list of passwords, in bytes: some ten thousand lines. */
const LARGEST_LIST = 8 * 1024 * 1024;

/** Reads a list of passwords from standard input. Throws CommandError when it is a terminal, which would show what is typed. */
export function readList(input: NodeJS.ReadStream): Promise<string> {
  if (input.isTTY === true)
    throw new CommandError(
      EXIT.wrongUse,
      '--stdin: standard input is this terminal; hand in the list by < or |',
    );
  const what = 'save the list as UTF-8';
  return readText(input, { most: LARGEST_LIST, tooMuch: 'more than 8 MB', what });
}

/** What is read of standard input: at most so many bytes; `what` would be right where it is no text. */
interface TextLimit {
  readonly most: number;
  readonly tooMuch: string;
  readonly what: string;
}

async function readText(input: NodeJS.ReadStream, { most, tooMuch, what }: TextLimit): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of input) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size > most) throw new CommandError(EXIT.wrongUse, `standard input holds ${tooMuch}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
  } catch {
    throw new CommandError(EXIT.wrongUse, `standard input is no text in UTF-8; ${what}`);
  }
}

/** Asks a question that only a typed `yes` answers. False where there is no terminal to ask on. */
export async function isConfirmed(question: string, terminal: SecretInput): Promise<boolean> {
  if (terminal.input.isTTY !== true) return false;
  const answer = await shownLine(`${question} Type yes to go on: `, terminal);
  return answer?.trim().toLowerCase() === 'yes';
}

/** Asks for a line that is shown as it is typed. Throws CommandError when the person who types gives up (Ctrl-C, Ctrl-D). */
export async function readLine(question: string, terminal: SecretInput): Promise<string> {
  const line = await shownLine(question, terminal);
  if (line === null) throw new CommandError(EXIT.failed, 'given up; nothing was written');
  return line.trim();
}

/** The terminal edits the line; null when the person who types gave up. */
async function shownLine(question: string, { input, output }: SecretInput): Promise<string | null> {
  const answer = Promise.withResolvers<string | null>();
  const giveUp = () => answer.resolve(null);
  const take = (text: string) => answer.resolve(text);
  // Before the question: the answer may come at once.
  for (const signal of SIGNALS) process.once(signal, giveUp);
  output.write(question);
  // After an earlier question it is paused.
  input.setEncoding('utf8').once('data', take).once('end', giveUp).resume();
  try {
    const line = await answer.promise;
    if (line === null) output.write('\n');
    return line;
  } finally {
    for (const signal of SIGNALS) process.off(signal, giveUp);
    input.off('data', take).off('end', giveUp).pause();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
