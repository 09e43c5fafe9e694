// When an application makes no call: the circuit breaker (nobody answers) and the back-off (a quota, or a server in trouble).

import type { Answer } from '../../domain/verification/answer.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { jittered, type Timing } from './timing.ts';

/** Why nothing is known, in the words of a verdict. */
export type UndeterminedCause = Extract<Verdict, { kind: 'undetermined' }>['cause'];

/** A call that failed as if nobody were there. */
interface Failure {
  readonly cause: UndeterminedCause;
  /** The call and what came of it, such as `token 503`. */
  readonly seen: string;
}

/** What a caller finds. */
export type BreakerState =
  | { readonly kind: 'closed' }
  /** It is the caller who tries; he says how it ended by `endTrial`, whatever happens. */
  | { readonly kind: 'trial' }
  /** Another tries. */
  | { readonly kind: 'tried'; readonly outcome: Promise<void>; readonly last: Failure }
  | { readonly kind: 'open'; readonly inMs: number; readonly last: Failure };

/** The breaker of one environment; its two hosts together. */
export interface CircuitBreaker {
  state(): BreakerState;
  /** Somebody answered, whatever it was. */
  answered(): void;
  /** Nobody did; true where this opened the circuit. */
  failed(failure: Failure, call: { readonly isTrial: boolean }): boolean;
  endTrial(): void;
}

/** So many failures in a row open the circuit. */
const ROW = 5;

/** It stays open for so long at first, then twice as long after each trial that fails. */
const FIRST_OPEN_MS = 5_000;
const LONGEST_OPEN_MS = 300_000;

const CLOSED: BreakerState = { kind: 'closed' };

/** Opens a breaker, closed; `clock` never goes back. */
export function openCircuitBreaker(clock: () => number, random: Timing['random']): CircuitBreaker {
  let row = 0;
  let spanMs = FIRST_OPEN_MS;
  let open: { readonly until: number; readonly last: Failure } | null = null;
  let trial: PromiseWithResolvers<void> | null = null;
  return {
    state() {
      if (open === null) return CLOSED;
      const { until, last } = open;
      if (trial !== null) return { kind: 'tried', outcome: trial.promise, last };
      const inMs = until - clock();
      if (inMs > 0) return { kind: 'open', inMs, last };
      trial = Promise.withResolvers();
      return { kind: 'trial' };
    },
    answered() {
      row = 0;
      spanMs = FIRST_OPEN_MS;
      open = null;
    },
    failed(last, { isTrial }) {
      // Calls that were under way when it opened add nothing to it.
      if (open !== null && !isTrial) return false;
      row += 1;
      if (row < ROW) return false;
      open = { until: clock() + jittered(spanMs, random), last };
      spanMs = Math.min(2 * spanMs, LONGEST_OPEN_MS);
      return true;
    },
    endTrial() {
      trial?.resolve();
      trial = null;
    },
  };
}

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
  recordAnswer(answer: Answer, why: Failure, startedAt: number): Pause | null;
  /** A good answer: the next trouble is the first again. */
  succeeded(): void;
}

/** Our own first wait; each further one is twice as long. */
const FIRST_PAUSE_MS = 1_000;

const LONGEST_PAUSE_MS = 60_000;

/** Whether an answer asks us to slow down. */
export function isTrouble({ status }: Answer): boolean {
  return status === 429 || (status !== null && status >= 500 && status <= 599);
}

/** Opens the pauses of an application; `clock` never goes back. */
export function openBackOff(clock: () => number, random: Timing['random']): BackOff {
  let spanMs = FIRST_PAUSE_MS;
  let since = Number.NEGATIVE_INFINITY;
  let pause: Pause | null = null;

  function spanOf({ status, retryAfterMs }: Answer, startedAt: number): number {
    if ((status === 429 || status === 503) && retryAfterMs !== null && retryAfterMs > 0) return retryAfterMs;
    // Of calls made together, only the first to fail makes the wait longer.
    if (startedAt <= since) return 0;
    const span = jittered(spanMs, random);
    spanMs = Math.min(2 * spanMs, LONGEST_PAUSE_MS);
    return span;
  }

  return {
    current: () => (pause !== null && pause.until > clock() ? pause : null),
    recordAnswer(answer, { cause, seen }, startedAt) {
      const now = clock();
      const until = now + spanOf(answer, startedAt);
      if (until <= Math.max(now, pause?.until ?? now)) return null;
      since = now;
      pause = { until, cause, seen };
      return pause;
    },
    succeeded() {
      spanMs = FIRST_PAUSE_MS;
    },
  };
}
