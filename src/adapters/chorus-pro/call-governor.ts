// Decides before each call to PISTE or Chorus Pro whether it is made now, later, or answered here with what is known already.
import type { Answer, Call } from '../../domain/verification/answer.ts';
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

/** A question in hand: its calls go before those of later ones, and after those of questions that somebody waits for. */
export type CallPriority = Omit<SlotRequest, 'patienceMs'>;

/** A call that may be made. */
interface PlannedCall<T> {
  readonly call: Call;
  readonly priority: CallPriority;
  /** How long a pause, or the call of another that tries, is worth waiting for, in ms. Our own pace is always waited for. */
  readonly patienceMs: number;
  /** Never throws for what the outer world can do. */
  make(): Promise<T>;
  /** What is to be heeded in what came of it; null where all is well without looking. */
  answerOf(made: T): Answer | null;
}

/** An answer of our own, and its cause, which no table of answers knows. */
export interface SkippedCall {
  readonly answer: Answer;
  readonly cause: UndeterminedCause;
}

/** The gate of one application. */
export interface CallGovernor {
  priority(options: Omit<CallPriority, 'ticket'>): CallPriority;
  /** Makes the call when its turn has come, or tells why it was not made. */
  run<T>(planned: PlannedCall<T>): Promise<T | SkippedCall>;
  close(): void;
}

interface Parts {
  readonly clock: () => number;
  readonly sleep: Timing['sleep'];
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly backOff: BackOff;
}

/** The causes that say nothing but that nobody is there. */
const OUTAGE_CAUSES: ReadonlySet<UndeterminedCause> = new Set<UndeterminedCause>([
  'network',
  'piste-down',
  'chorus-pro-down',
]);

/** An errand that all others wait for. */
export const TOP_PRIORITY: CallPriority = { ticket: 0, background: false, signal: undefined };

/** Opens the gate of an application that may make so many calls a second. */
export function openCallGovernor(perSecond: number, { now, sleep, random }: Timing): CallGovernor {
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
    priority: (options) => ({ ticket: ++tickets, ...options }),
    run: (planned) => runCall(parts, planned),
    close: () => rateLimiter.close(),
  };
}

async function runCall<T>(parts: Parts, planned: PlannedCall<T>): Promise<T | SkippedCall> {
  const { call, priority: errand, patienceMs } = planned;
  const request: SlotRequest = { ...errand, patienceMs };
  for (let hasWaited = false; ; ) {
    if (request.signal?.aborted) return goneAway(call);
    const passage = parts.breaker.state();
    if (passage.kind === 'tried' && !hasWaited) {
      hasWaited = !(await trialEnded(parts, passage.outcome, request));
    } else if (passage.kind === 'tried' || passage.kind === 'open') {
      return skippedByBreaker(parts, call, passage);
    } else {
      const passed = await makeCall(parts, planned, request, passage.kind === 'trial');
      if (passed !== null) return passed;
    }
  }
}

/** Waits until the call that tries has ended, or for as long as the claim may. Returns whether it has ended. */
async function trialEnded({ sleep }: Parts, outcome: Promise<void>, request: SlotRequest): Promise<boolean> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  const over = outcome.then(() => true);
  const isOver = await Promise.race([over, sleep(request.patienceMs, signal).then(() => false)]);
  enough.abort();
  return isOver;
}

/** What came of the call in its turn; null where all that wait are to look again. */
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
    if (admitted.kind === 'gone') return goneAway(call);
    if (admitted.kind === 'late') return skippedInPause(parts, call, admitted.inMs);
    const startedAt = parts.clock();
    const made = await make();
    recordAnswer(parts, answerOf(made), startedAt, isTrial);
    return made;
  } finally {
    if (isTrial) parts.breaker.endTrial();
  }
}

/** The usual answer; all others are looked up in the table. */
const isSuccess = ({ status, code }: Answer) => status === 200 && code === 0;

/** Why an answer leaves us none the wiser; null where it says something. */
function causeOf(answer: Answer): UndeterminedCause | null {
  const judged = classifyAnswer(answer, null);
  return judged.kind === 'settled' && judged.verdict.kind === 'undetermined' ? judged.verdict.cause : null;
}

/** Learns from an answer when the next calls may be made. */
function recordAnswer(
  { rateLimiter, breaker, backOff }: Parts,
  answer: Answer | null,
  startedAt: number,
  isTrial: boolean,
): void {
  // We hung up ourselves: that tells nothing of the other side.
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

/** The other side is paused for too long. */
function skippedInPause({ backOff }: Parts, call: Call, inMs: number): SkippedCall {
  const pause = backOff.current();
  return skippedCall(
    call,
    pause?.cause ?? 'quota',
    `not asked: a pause, last ${pause?.seen ?? 'unknown'}`,
    inMs,
  );
}

/** Nobody is asked for a while. */
function skippedByBreaker(
  { clock, backOff }: Parts,
  call: Call,
  passage: Extract<BreakerState, { kind: 'open' | 'tried' }>,
): SkippedCall {
  const paused = (backOff.current()?.until ?? 0) - clock();
  const inMs = passage.kind === 'open' ? Math.max(passage.inMs, paused) : null;
  return skippedCall(call, passage.last.cause, `not asked: circuit open, last ${passage.last.seen}`, inMs);
}

const NOTHING = { challenges: [], code: null, label: null, oauthError: null, errorCode: null, skewMs: null };

/** What there is to tell of a call that was not made; `waitMs` is when it is worth asking again, in ms from now. */
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
    answer: { ...NOTHING, call, status: null, failure, body: 'none', retryAfterMs, evidence },
    cause: instead,
  };
}

/** The one who asked went away, or we are closing. */
export const goneAway = (call: Call): SkippedCall => skippedCall(call, 'network', 'ERR_CANCELED', null);
