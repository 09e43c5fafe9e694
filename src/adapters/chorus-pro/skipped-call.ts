// The answer that we give ourselves in place of a call that was not made.

import type { Answer, Call } from '../../domain/verification/answer.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';
import type { Reason } from './circuit-breaker.ts';

/** An answer of our own, and its cause, which no table of answers knows. */
export interface SkippedCall {
  readonly answer: Answer;
  readonly instead: Reason;
}

const NOTHING = { challenges: [], code: null, label: null, oauthError: null, errorCode: null, skewMs: null };

/** What there is to tell of a call that was not made; `waitMs` is when it is worth asking again, in ms from now. */
export function skippedCall(
  call: Call,
  instead: Reason,
  excerpt: string,
  waitMs: number | null,
): SkippedCall {
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
