// When an application makes no call: the circuit breaker (nobody answers) and the back-off (a quota, or a server in trouble).

import type { CallAnswer } from '../../domain/verification/answer.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { randomWait, type Timing } from './timing.ts';

/** Why a check tells nothing, by the cause of an undetermined verdict. */
export type UndeterminedCause = Extract<Verdict, { kind: 'undetermined' }>['cause'];

/** A call that got no usable answer. */
interface Failure {
  readonly cause: UndeterminedCause;
  /** The call and its result, such as `token 503`. */
  readonly seen: string;
}

/** The state that a caller finds. */
export type BreakerState =
  | { readonly kind: 'closed' }
  /** The caller makes the trial call, and must call `endTrial` afterwards, whatever happens. */
  | { readonly kind: 'trial' }
  /** Another caller makes the trial call. */
  | { readonly kind: 'tried'; readonly outcome: Promise<void>; readonly last: Failure }
  | { readonly kind: 'open'; readonly inMs: number; readonly last: Failure };

/** The number of failures in a row that opens the circuit. */
const MAX_FAILURES = 5;

/** How long the circuit stays open at first; twice as long after each failed trial. */
const FIRST_OPEN_MS = 5_000;
const LONGEST_OPEN_MS = 300_000;

const CLOSED: BreakerState = { kind: 'closed' };

/** The circuit breaker of one environment, for its two hosts together. */
export type CircuitBreaker = ReturnType<typeof openCircuitBreaker>;

/** Creates a breaker with a closed circuit; `clock` never goes back. */
export function openCircuitBreaker(clock: () => number, random: Timing['random']) {
  let failures = 0;
  let spanMs = FIRST_OPEN_MS;
  let open: { readonly until: number; readonly last: Failure } | null = null;
  let trial: PromiseWithResolvers<void> | null = null;
  return {
    state(): BreakerState {
      if (open === null) return CLOSED;
      const { until, last } = open;
      if (trial !== null) return { kind: 'tried', outcome: trial.promise, last };
      const inMs = until - clock();
      if (inMs > 0) return { kind: 'open', inMs, last };
      trial = Promise.withResolvers();
      return { kind: 'trial' };
    },
    /** A server answered, whatever it said. */
    answered() {
      failures = 0;
      spanMs = FIRST_OPEN_MS;
      open = null;
    },
    /** No server answered; returns true where this opened the circuit. */
    failed(last: Failure, { isTrial }: { readonly isTrial: boolean }) {
      // Calls that were under way when the circuit opened are not counted.
      if (open !== null && !isTrial) return false;
      failures += 1;
      if (failures < MAX_FAILURES) return false;
      open = { until: clock() + randomWait(spanMs, random), last };
      spanMs = Math.min(2 * spanMs, LONGEST_OPEN_MS);
      return true;
    },
    endTrial() {
      trial?.resolve();
      trial = null;
    },
  };
}

/** No call until then, and the failure that caused the pause. */
interface Pause extends Failure {
  /** An instant in ms. */
  readonly until: number;
}

/** The first pause of our own choice; each further one is twice as long. */
const FIRST_PAUSE_MS = 1_000;

const LONGEST_PAUSE_MS = 60_000;

/** Whether an answer asks us to slow down. */
export function isTrouble({ status }: CallAnswer): boolean {
  return status === 429 || (status !== null && status >= 500 && status <= 599);
}

/** The back-off of one application. */
export type BackOff = ReturnType<typeof openBackOff>;

/** Creates the back-off of an application; `clock` never goes back. */
export function openBackOff(clock: () => number, random: Timing['random']) {
  let spanMs = FIRST_PAUSE_MS;
  let since = Number.NEGATIVE_INFINITY;
  let pause: Pause | null = null;

  function spanOf({ status, retryAfterMs }: CallAnswer, startedAt: number): number {
    if ((status === 429 || status === 503) && retryAfterMs !== null && retryAfterMs > 0) return retryAfterMs;
    // Of concurrent calls, only the first failure makes the pause longer.
    if (startedAt <= since) return 0;
    const span = randomWait(spanMs, random);
    spanMs = Math.min(2 * spanMs, LONGEST_PAUSE_MS);
    return span;
  }

  return {
    /** The current pause; null where there is none. */
    current: () => (pause !== null && pause.until > clock() ? pause : null),
    /** Applies the answer to a call that started at this instant; returns the pause that it causes, if any. */
    recordAnswer(answer: CallAnswer, { cause, seen }: Failure, startedAt: number): Pause | null {
      const now = clock();
      const until = now + spanOf(answer, startedAt);
      if (until <= Math.max(now, pause?.until ?? now)) return null;
      since = now;
      pause = { until, cause, seen };
      return pause;
    },
    /** After a good answer the next pause is as short as the first. */
    succeeded() {
      spanMs = FIRST_PAUSE_MS;
    },
  };
}
