// The demo's keys on a terminal: one key, one move of the clock.
import type { Span } from './pages/dashboard-view.ts';

export const KEYS = [
  'n: to the next letter',
  'f: + 15 minutes',
  'o: + 1 hour',
  'd: + 1 day',
  'w: + 1 week',
  'm: + 1 month',
  'y: to the end of the year',
  'l: list',
  'q: quit',
].join('   ');

const SPAN_OF: Readonly<Record<string, Span>> = {
  n: 'letter',
  f: 'quarter',
  o: 'hour',
  d: 'day',
  w: 'week',
  m: 'month',
  y: 'year',
};

/** What a key asks for. */
export interface KeyBoard {
  move(span: Span): void;
  list(): void;
  help(): void;
  quit(): void;
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** Listens to single keys when standard input is a terminal; answers how to stop listening. */
export function listenToKeys(input: NodeJS.ReadStream, board: KeyBoard): () => void {
  if (!input.isTTY) return () => undefined;
  const hear = (chunk: Buffer) => {
    for (const key of chunk.toString().toLowerCase()) {
      const span = SPAN_OF[key];
      if (span !== undefined) board.move(span);
      else if (key === 'l') board.list();
      else if (key === 'q' || key === CTRL_C || key === CTRL_D) board.quit();
      else if (key === 'h' || key === '?') board.help();
    }
  };
  input.setRawMode(true);
  input.on('data', hear);
  return () => {
    input.off('data', hear);
    input.setRawMode(false);
    input.pause();
  };
}
