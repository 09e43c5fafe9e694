// Limits the sending of letters: so many at the same time, so many a minute.

/** A limiter of concurrency and rate. */
export interface SendRate {
  /** Runs `work` as soon as the limits allow; null when the limiter was closed before. */
  run<T>(work: () => Promise<T>): Promise<T | null>;
  /** Cancels all waiting work; work under way continues. */
  close(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface QueuedSend {
  start(): void;
  cancel(): void;
}

/** Opens a limiter for `atOnce` concurrent works; `perMinute` starts are spread evenly (null: no limit). */
export function openSendRate(atOnce: number, perMinute: number | null): SendRate {
  // Spread, not in bursts: in whichever minute a server counts, it never sees more than allowed (plus the first).
  const gap = perMinute === null ? 0 : 60_000 / perMinute;
  const waiting: QueuedSend[] = [];
  const onIdle: (() => void)[] = [];
  let busy = 0;
  let nextAt = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const advance = () => {
    while (busy < atOnce && waiting.length > 0) {
      // Monotonic: a clock set back must not delay letters.
      const now = performance.now();
      if (now < nextAt) {
        timer ??= setTimeout(wake, Math.ceil(nextAt - now));
        return;
      }
      nextAt = now + gap;
      busy++;
      waiting.shift()?.start();
    }
    if (busy === 0) for (const tell of onIdle.splice(0)) tell();
  };
  const wake = () => {
    timer = undefined;
    advance();
  };
  const leave = () => {
    busy--;
    advance();
  };

  return {
    run: <T>(work: () => Promise<T>) =>
      new Promise<T | null>((resolve, reject) => {
        if (closed) return resolve(null);
        const go = () => void work().finally(leave).then(resolve, reject);
        waiting.push({ start: go, cancel: () => resolve(null) });
        advance();
      }),
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const one of waiting.splice(0)) one.cancel();
      advance();
    },
    idle: () =>
      busy === 0 && waiting.length === 0 ? Promise.resolve() : new Promise((tell) => onIdle.push(tell)),
  };
}
