// How long an application makes no call because it was told so, or because it met a quota or a server in trouble.
import type { Answer } from '../../domain/verification/answer.ts';
import type { Failure } from './circuit-breaker.ts';
import { jittered, type Timing } from './timing.ts';

/** No call until then, and what it was that bade us wait. */
interface Pause extends Failure {
  /** An instant in ms. */
  readonly until: number;
}

/** The pauses of one application. */
export interface BackOff {
  /** The pause that holds; null where there is none. */
  current(): Pause | null;
  /** Heeds an answer to a call that was begun at this instant; the pause that it brings, if any. */
  recordAnswer(answer: Answer, why: Failure, begunAt: number): Pause | null;
  /** A good answer: the next trouble is the first again. */
  good(): void;
}

/** Our own first wait; each further one is twice as long. */
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Whether an answer asks us to slow down. */
export function isTrouble({ status }: Answer): boolean {
  return status === 429 || (status !== null && status >= 500 && status <= 599);
}

/** Opens the pauses of an application; `clock` never goes back. */
export function openBackOff(clock: () => number, random: Timing['random']): BackOff {
  let spanMs = FIRST_MS;
  let since = Number.NEGATIVE_INFINITY;
  let pause: Pause | null = null;

  function spanOf({ status, retryAfterMs }: Answer, begunAt: number): number {
    if ((status === 429 || status === 503) && retryAfterMs !== null && retryAfterMs > 0) return retryAfterMs;
    // Of calls made together, only the first to fail makes the wait longer.
    if (begunAt <= since) return 0;
    const span = jittered(spanMs, random);
    spanMs = Math.min(2 * spanMs, LONGEST_MS);
    return span;
  }

  return {
    current: () => (pause !== null && pause.until > clock() ? pause : null),
    recordAnswer(answer, { cause, seen }, begunAt) {
      const now = clock();
      const until = now + spanOf(answer, begunAt);
      if (until <= Math.max(now, pause?.until ?? now)) return null;
      since = now;
      pause = { until, cause, seen };
      return pause;
    },
    good() {
      spanMs = FIRST_MS;
    },
  };
}
