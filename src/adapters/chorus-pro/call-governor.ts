// Decides before each call to PISTE or Chorus Pro whether it is made now, later, or answered here with what is known already.
import type { Call, CallAnswer } from '../../domain/verification/answer.ts';
import { classifyAnswer } from '../../domain/verification/classify-answer.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';
import {
  type BackOff,
  type BreakerState,
  type CircuitBreaker,
  isTrouble,
  openBackOff,
  openCircuitBreaker,
  type UndeterminedCause,
} from './circuit-breaker.ts';
import { openRateLimiter, type RateLimiter, type SlotRequest } from './rate-limiter.ts';
import { monotonic, type Timing } from './timing.ts';

/** The priority of one credential check: its calls go before those of later checks, and after those that a person waits for. */
export type CallPriority = Omit<SlotRequest, 'patienceMs'>;

/** A call that may be made. */
interface PlannedCall<T> {
  readonly call: Call;
  readonly priority: CallPriority;
  /** The longest wait for a pause, or for another caller's trial call, in ms. A call always waits for our own rate limit. */
  readonly patienceMs: number;
  /** Never throws for a failure of the network or the server. */
  make(): Promise<T>;
  /** The answer that the governor learns from; null for a success that needs no look. */
  answerOf(made: T): CallAnswer | null;
}

/** The answer that stands in for a call that was not made, and its cause, which the answer table does not know. */
export interface SkippedCall {
  readonly answer: CallAnswer;
  readonly cause: UndeterminedCause;
}

interface Parts {
  readonly clock: () => number;
  readonly sleep: Timing['sleep'];
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly backOff: BackOff;
}

/** The causes that mean that nobody answered. */
const OUTAGE_CAUSES: ReadonlySet<UndeterminedCause> = new Set<UndeterminedCause>([
  'network',
  'piste-down',
  'chorus-pro-down',
]);

/** The priority before all others. */
export const TOP_PRIORITY: CallPriority = { ticket: 0, background: false };

/** Governs the calls of one application: rate limit, circuit breaker, back-off. */
export type CallGovernor = ReturnType<typeof openCallGovernor>;

/** Opens the governor of an application that may make `perSecond` calls a second. */
export function openCallGovernor(perSecond: number, { now, sleep, random }: Timing) {
  const clock = monotonic(now);
  const rateLimiter = openRateLimiter(perSecond, clock, sleep);
  const parts = {
    clock,
    sleep,
    rateLimiter,
    breaker: openCircuitBreaker(clock, random),
    backOff: openBackOff(clock, random),
  };
  let tickets = 0;
  return {
    priority: (options: Omit<CallPriority, 'ticket'>): CallPriority => ({ ticket: ++tickets, ...options }),
    /** Makes the call when a slot is free, or returns why it was not made. */
    run: <T>(planned: PlannedCall<T>) => runCall(parts, planned),
    close: () => rateLimiter.close(),
  };
}

async function runCall<T>(parts: Parts, planned: PlannedCall<T>): Promise<T | SkippedCall> {
  const { call, priority, patienceMs } = planned;
  const request: SlotRequest = { ...priority, patienceMs };
  for (let hasWaited = false; ; ) {
    const state = parts.breaker.state();
    if (state.kind === 'tried' && !hasWaited) {
      hasWaited = !(await trialEnded(parts, state.outcome, request));
    } else if (state.kind === 'tried' || state.kind === 'open') {
      return skippedByBreaker(parts, call, state);
    } else {
      const outcome = await makeCall(parts, planned, request, state.kind === 'trial');
      if (outcome !== null) return outcome;
    }
  }
}

/** Waits until the trial call has ended, or for as long as the request may. Returns whether it has ended. */
async function trialEnded({ sleep }: Parts, outcome: Promise<void>, request: SlotRequest): Promise<boolean> {
  const stop = new AbortController();
  const ended = outcome.then(() => true);
  const hasEnded = await Promise.race([ended, sleep(request.patienceMs, stop.signal).then(() => false)]);
  stop.abort();
  return hasEnded;
}

/** Waits for a slot and makes the call; null when the circuit breaker must be checked again first. */
async function makeCall<T>(
  parts: Parts,
  { call, make, answerOf }: PlannedCall<T>,
  request: SlotRequest,
  isTrial: boolean,
): Promise<T | SkippedCall | null> {
  try {
    const admission = parts.rateLimiter.admit(request);
    const admitted = 'kind' in admission ? admission : await admission;
    if (admitted.kind === 'again') return null;
    if (admitted.kind === 'gone') return abortedCall(call);
    if (admitted.kind === 'late') return skippedInPause(parts, call, admitted.inMs);
    const startedAt = parts.clock();
    const made = await make();
    recordAnswer(parts, answerOf(made), startedAt, isTrial);
    return made;
  } finally {
    if (isTrial) parts.breaker.endTrial();
  }
}

/** The usual answer; all others are classified by the answer table. */
const isSuccess = ({ status, code }: CallAnswer) => status === 200 && code === 0;

/** Why an answer tells nothing about the password; null where it does. */
function causeOf(answer: CallAnswer): UndeterminedCause | null {
  const classified = classifyAnswer(answer, null);
  return classified.kind === 'settled' && classified.verdict.kind === 'undetermined'
    ? classified.verdict.cause
    : null;
}

/** Updates circuit breaker, back-off and rate limiter by an answer. */
function recordAnswer(
  { rateLimiter, breaker, backOff }: Parts,
  answer: CallAnswer | null,
  startedAt: number,
  isTrial: boolean,
): void {
  // We aborted the call ourselves: that tells nothing about the other side.
  if (answer?.failure === 'ERR_CANCELED') return;
  const cause = answer === null || isSuccess(answer) ? null : causeOf(answer);
  if (answer === null || cause === null) {
    breaker.answered();
    backOff.succeeded();
    return;
  }
  const { call, status, failure } = answer;
  const why = { cause, seen: [call, status, failure].filter((part) => part !== null).join(' ') };
  const isDown = OUTAGE_CAUSES.has(cause);
  if (!isDown) breaker.answered();
  else if (breaker.failed(why, { isTrial })) rateLimiter.wakeAll();
  const pause = isTrouble(answer) ? backOff.recordAnswer(answer, why, startedAt) : null;
  if (pause !== null) rateLimiter.pauseUntil(pause.until);
  else if (!isDown && !isTrouble(answer)) backOff.succeeded();
}

/** For a call that may not wait for the end of a pause. */
function skippedInPause({ backOff }: Parts, call: Call, inMs: number): SkippedCall {
  const pause = backOff.current();
  return skippedCall(
    call,
    pause?.cause ?? 'quota',
    `not asked: a pause, last ${pause?.seen ?? 'unknown'}`,
    inMs,
  );
}

/** For a call that meets an open circuit. */
function skippedByBreaker(
  { clock, backOff }: Parts,
  call: Call,
  state: Extract<BreakerState, { kind: 'open' | 'tried' }>,
): SkippedCall {
  const paused = (backOff.current()?.until ?? 0) - clock();
  const inMs = state.kind === 'open' ? Math.max(state.inMs, paused) : null;
  return skippedCall(call, state.last.cause, `not asked: circuit open, last ${state.last.seen}`, inMs);
}

const NO_ANSWER = {
  challenges: [],
  code: null,
  label: null,
  oauthError: null,
  errorCode: null,
  skewMs: null,
};

/** The answer for a call that was not made; `waitMs` is when a new try makes sense, in ms from now. */
function skippedCall(
  call: Call,
  instead: UndeterminedCause,
  excerpt: string,
  waitMs: number | null,
): SkippedCall {
  const evidence: Evidence = { call: 'none', status: null, authenticate: null, returned: null, excerpt };
  const retryAfterMs = waitMs === null ? null : Math.max(1, Math.ceil(waitMs));
  const failure = 'NOT_ASKED';
  return {
    answer: { ...NO_ANSWER, call, status: null, failure, body: 'none', retryAfterMs, evidence },
    cause: instead,
  };
}

/** For an application that is closing. */
const abortedCall = (call: Call): SkippedCall => skippedCall(call, 'network', 'ERR_CANCELED', null);
