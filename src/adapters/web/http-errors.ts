// Why the server refuses a request before any action is called, and the status of that answer.
import type { RefusalReason } from '../../content/page/page-state.ts';

const STATUS = {
  malformed: 400,
  'no-token': 401,
  elsewhere: 403,
  'not-here': 404,
  'too-large': 413,
  'wrong-type': 415,
  'too-many': 429,
  broken: 500,
  shut: 503,
} as const satisfies Record<RefusalReason, number>;

/** A refused request; it holds nothing of what was sent. `retryAfterMs` says after how long it is worth another try. */
export class HttpError extends Error {
  readonly reason: RefusalReason;
  readonly retryAfterMs: number | null;

  constructor(reason: RefusalReason, retryAfterMs: number | null = null) {
    super(`request refused: ${reason}`);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  get status(): number {
    return STATUS[this.reason];
  }
}

/** The HTTP error for anything that was thrown; an unforeseen error is `broken`. */
export function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  // Fastify's messages quote paths and types as they were sent, so only its status is used.
  if (status === 413) return new HttpError('too-large');
  if (status === 415) return new HttpError('wrong-type');
  // 414: longer than any address we have.
  if (status === 404 || status === 414) return new HttpError('not-here');
  return new HttpError(typeof status === 'number' && status >= 400 && status < 500 ? 'malformed' : 'broken');
}

/** Seconds for the Retry-After header: whole, at least one. */
export function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
