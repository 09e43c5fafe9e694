// The circuit breaker of one environment: where nothing answers any more, nobody asks but one from time to time.
import type { Verdict } from '../../domain/verification/verdict.ts';
import { jittered, type Timing } from './timing.ts';

/** Why nothing is known, in the words of a verdict. */
export type Reason = Extract<Verdict, { kind: 'undetermined' }>['cause'];

/** A call that failed as if nobody were there. */
export interface Failure {
  readonly cause: Reason;
  /** The call and what came of it, such as `token 503`. */
  readonly seen: string;
}

/** What a caller finds. */
export type Passage =
  | { readonly kind: 'closed' }
  /** It is the caller who tries; he says how it ended by `endTrial`, whatever happens. */
  | { readonly kind: 'trial' }
  /** Another tries. */
  | { readonly kind: 'tried'; readonly outcome: Promise<void>; readonly last: Failure }
  | { readonly kind: 'open'; readonly inMs: number; readonly last: Failure };

/** The breaker of one environment; its two hosts together. */
export interface Breaker {
  look(): Passage;
  /** Somebody answered, whatever it was. */
  alive(): void;
  /** Nobody did; true where this opened the circuit. */
  failed(failure: Failure, isTrial: boolean): boolean;
  endTrial(): void;
}

/** So many failures in a row open the circuit. */
const ROW = 5;

/** It stays open for so long at first, then twice as long after each trial that fails. */
const FIRST_MS = 5_000;
const LONGEST_MS = 300_000;

const CLOSED: Passage = { kind: 'closed' };

/** Opens a breaker, closed; `clock` never goes back. */
export function openBreaker(clock: () => number, random: Timing['random']): Breaker {
  let row = 0;
  let spanMs = FIRST_MS;
  let open: { readonly until: number; readonly last: Failure } | null = null;
  let trial: PromiseWithResolvers<void> | null = null;
  return {
    look() {
      if (open === null) return CLOSED;
      const { until, last } = open;
      if (trial !== null) return { kind: 'tried', outcome: trial.promise, last };
      const inMs = until - clock();
      if (inMs > 0) return { kind: 'open', inMs, last };
      trial = Promise.withResolvers();
      return { kind: 'trial' };
    },
    alive() {
      row = 0;
      spanMs = FIRST_MS;
      open = null;
    },
    failed(last, isTrial) {
      // Calls that were under way when it opened add nothing to it.
      if (open !== null && !isTrial) return false;
      row += 1;
      if (row < ROW) return false;
      open = { until: clock() + jittered(spanMs, random), last };
      spanMs = Math.min(2 * spanMs, LONGEST_MS);
      return true;
    },
    endTrial() {
      trial?.resolve();
      trial = null;
    },
  };
}
