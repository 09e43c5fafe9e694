// A line that tells how far a long task is, on a terminal only; it leaves nothing behind.

/** Where it is written: standard error, so that what is piped on stays clean. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  show(text: string): void;
  /** Wipes the line. */
  end(): void;
}

const WIPE = '\r\u001b[K';

/** A progress line on a terminal; elsewhere it says nothing. */
export function progressOn(stream: Stream): Progress {
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
