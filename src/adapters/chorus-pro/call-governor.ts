// Decides before each call to PISTE or Chorus Pro whether it is made now, later, or answered here with what is known already.
import type { Answer, Call } from '../../domain/verification/answer.ts';
import { classifyAnswer } from '../../domain/verification/classify-answer.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';
import {
  type BackOff,
  type Breaker,
  isTrouble,
  openBackOff,
  openBreaker,
  type Passage,
  type Reason,
} from './circuit-breaker.ts';
import { type Claim, openRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { steady, type Timing } from './timing.ts';

/** A question in hand: its calls go before those of later ones, and after those of questions that somebody waits for. */
export type CallPriority = Omit<Claim, 'patienceMs'>;

/** A call that may be made. */
interface Intent<T> {
  readonly call: Call;
  readonly errand: CallPriority;
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
  readonly instead: Reason;
}

/** The gate of one application. */
export interface CallGovernor {
  errand(background: boolean, signal: AbortSignal | undefined): CallPriority;
  /** Makes the call when its turn has come, or tells why it was not made. */
  pass<T>(intent: Intent<T>): Promise<T | SkippedCall>;
  close(): void;
}

interface Parts {
  readonly clock: () => number;
  readonly sleep: Timing['sleep'];
  readonly pace: RateLimiter;
  readonly breaker: Breaker;
  readonly backOff: BackOff;
}

/** The causes that say nothing but that nobody is there. */
const PLATFORM: ReadonlySet<Reason> = new Set<Reason>(['network', 'piste-down', 'chorus-pro-down']);

/** An errand that all others wait for. */
export const FOR_ALL: CallPriority = { ticket: 0, background: false, signal: undefined };

/** Opens the gate of an application that may make so many calls a second. */
export function openCallGovernor(perSecond: number, { now, sleep, random }: Timing): CallGovernor {
  const clock = steady(now);
  const pace = openRateLimiter(perSecond, clock, sleep);
  const parts = {
    clock,
    sleep,
    pace,
    breaker: openBreaker(clock, random),
    backOff: openBackOff(clock, random),
  };
  let tickets = 0;
  return {
    errand: (background, signal) => ({ ticket: ++tickets, background, signal }),
    pass: (intent) => pass(parts, intent),
    close: () => pace.close(),
  };
}

async function pass<T>(parts: Parts, intent: Intent<T>): Promise<T | SkippedCall> {
  const { call, errand, patienceMs } = intent;
  const claim: Claim = { ...errand, patienceMs };
  for (let isTired = false; ; ) {
    if (claim.signal?.aborted) return goneAway(call);
    const passage = parts.breaker.look();
    if (passage.kind === 'tried' && !isTired) {
      isTired = !(await trialOver(parts, passage.outcome, claim));
    } else if (passage.kind === 'tried' || passage.kind === 'open') {
      return shut(parts, call, passage);
    } else {
      const passed = await takeTurn(parts, intent, claim, passage.kind === 'trial');
      if (passed !== null) return passed;
    }
  }
}

/** Waits until the call that tries has ended, or for as long as the claim may. Returns whether it has ended. */
async function trialOver({ sleep }: Parts, outcome: Promise<void>, claim: Claim): Promise<boolean> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, ...(claim.signal === undefined ? [] : [claim.signal])]);
  const over = outcome.then(() => true);
  const isOver = await Promise.race([over, sleep(claim.patienceMs, signal).then(() => false)]);
  enough.abort();
  return isOver;
}

/** What came of the call in its turn; null where all that wait are to look again. */
async function takeTurn<T>(
  parts: Parts,
  { call, make, answerOf }: Intent<T>,
  claim: Claim,
  isTrial: boolean,
): Promise<T | SkippedCall | null> {
  try {
    const taken = parts.pace.admit(claim);
    const turn = 'kind' in taken ? taken : await taken;
    if (turn.kind === 'again') return null;
    if (turn.kind === 'gone') return goneAway(call);
    if (turn.kind === 'late') return late(parts, call, turn.inMs);
    const begunAt = parts.clock();
    const made = await make();
    recordAnswer(parts, answerOf(made), begunAt, isTrial);
    return made;
  } finally {
    if (isTrial) parts.breaker.endTrial();
  }
}

/** The usual answer; all others are looked up in the table. */
const isSuccess = ({ status, code }: Answer) => status === 200 && code === 0;

/** Why an answer leaves us none the wiser; null where it says something. */
function causeOf(answer: Answer): Reason | null {
  const judged = classifyAnswer(answer, null);
  return judged.kind === 'settled' && judged.verdict.kind === 'undetermined' ? judged.verdict.cause : null;
}

/** Learns from an answer when the next calls may be made. */
function recordAnswer(
  { pace, breaker, backOff }: Parts,
  answer: Answer | null,
  begunAt: number,
  isTrial: boolean,
): void {
  // We hung up ourselves: that tells nothing of the other side.
  if (answer?.failure === 'ERR_CANCELED') return;
  const cause = answer === null || isSuccess(answer) ? null : causeOf(answer);
  if (answer === null || cause === null) {
    breaker.alive();
    backOff.good();
    return;
  }
  const { call, status, failure } = answer;
  const why = { cause, seen: [call, status, failure].filter((part) => part !== null).join(' ') };
  const isDown = PLATFORM.has(cause);
  if (!isDown) breaker.alive();
  else if (breaker.failed(why, isTrial)) pace.rouse();
  const pause = isTrouble(answer) ? backOff.recordAnswer(answer, why, begunAt) : null;
  if (pause !== null) pace.pauseUntil(pause.until);
  else if (!isDown && !isTrouble(answer)) backOff.good();
}

/** The other side is paused for too long. */
function late({ backOff }: Parts, call: Call, inMs: number): SkippedCall {
  const pause = backOff.current();
  return skippedCall(
    call,
    pause?.cause ?? 'quota',
    `not asked: a pause, last ${pause?.seen ?? 'unknown'}`,
    inMs,
  );
}

/** Nobody is asked for a while. */
function shut(
  { clock, backOff }: Parts,
  call: Call,
  passage: Extract<Passage, { kind: 'open' | 'tried' }>,
): SkippedCall {
  const paused = (backOff.current()?.until ?? 0) - clock();
  const inMs = passage.kind === 'open' ? Math.max(passage.inMs, paused) : null;
  return skippedCall(call, passage.last.cause, `not asked: circuit open, last ${passage.last.seen}`, inMs);
}

const NOTHING = { challenges: [], code: null, label: null, oauthError: null, errorCode: null, skewMs: null };

/** What there is to tell of a call that was not made; `waitMs` is when it is worth asking again, in ms from now. */
function skippedCall(call: Call, instead: Reason, excerpt: string, waitMs: number | null): SkippedCall {
  const evidence: Evidence = { call: 'none', status: null, authenticate: null, returned: null, excerpt };
  const retryAfterMs = waitMs === null ? null : Math.max(1, Math.ceil(waitMs));
  const failure = 'NOT_ASKED';
  return {
    answer: { ...NOTHING, call, status: null, failure, body: 'none', retryAfterMs, evidence },
    instead,
  };
}

/** The one who asked went away, or we are closing. */
export const goneAway = (call: Call): SkippedCall => skippedCall(call, 'network', 'ERR_CANCELED', null);
