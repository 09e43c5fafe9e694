// Shows a secret on a terminal for a while, and leaves nothing of it there: neither on the screen nor above it.
import { CommandError, EXIT } from '../../system/terminal.ts';

/** A terminal, to read from and to write to. */
interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** How the showing ended: the reader pressed Enter, the time was over, or what is shown is so no more. */
export type ShownEnd = 'read' | 'late' | 'over';

/** A second screen, without lines above it; where a terminal has none, the lines are erased all the same. */
const SECOND_SCREEN = { on: '\u001b[?1049h\u001b[2J\u001b[H', off: '\u001b[?1049l' };

/** It ends by itself after so long, and is compared with what is stored so often, in ms. */
const SHOWN_FOR_MS = 120_000;
const LOOK_MS = 1_000;
/** Enter, Ctrl-C, Ctrl-D. */
const ENDS = ['\r', '\n', '\u0003', '\u0004'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Shows the lines until Enter, until time is over or until `isSo` says no. Throws CommandError where they cannot be erased afterwards. */
export async function showSecret(
  lines: readonly string[],
  isSo: () => Promise<boolean>,
  { input, output }: Terminal,
): Promise<ShownEnd> {
  const rows = lines.reduce((sum, line) => sum + Math.ceil((line.length + 1) / output.columns), 1);
  if (process.env.TERM === 'dumb' || !(rows < output.rows))
    throw new CommandError(
      EXIT.failed,
      'this terminal is too small, or cannot be cleared; nothing was shown',
    );
  const ended = Promise.withResolvers<ShownEnd>();
  const read = () => ended.resolve('read');
  const typed = (chunk: string) => {
    if (ENDS.some((key) => chunk.includes(key))) read();
  };
  const timer = setTimeout(() => ended.resolve('late'), SHOWN_FOR_MS);
  const look = setInterval(() => {
    isSo().then((so) => so || ended.resolve('over'), ended.reject);
  }, LOOK_MS);
  for (const signal of SIGNALS) process.once(signal, read);
  // Nothing that is typed is shown, and Ctrl-C is read here.
  input.setRawMode(true).setEncoding('utf8').on('data', typed).once('end', read).resume();
  output.write(`${SECOND_SCREEN.on}${lines.join('\r\n')}\r\n`);
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    clearInterval(look);
    for (const signal of SIGNALS) process.off(signal, read);
    input.off('data', typed).off('end', read).setRawMode(false).pause();
    output.write(`${erasing(output.rows)}${SECOND_SCREEN.off}`);
  }
}

/** Line by line: a screen that is cleared at once goes into the lines above it in some terminals. */
function erasing(rows: number): string {
  return `\u001b[H${'\u001b[2K\u001b[1B'.repeat(rows)}\u001b[H`;
}
