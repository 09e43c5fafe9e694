// PISTE's access token: one for each application, shared by all that wait for it, and renewed before it expires.
import { z } from 'zod';
import { Secret } from '../../domain/shared/secret.ts';
import type { CallAnswer } from '../../domain/verification/answer.ts';
import { singleFlight } from '../../foundation/loop.ts';
import type { Reply } from './call.ts';
import type { UndeterminedCause } from './circuit-breaker.ts';
import { jsonObject } from './read-answer.ts';

/** A token and its lifetime, in ms from the request. */
export interface Grant {
  readonly token: Secret;
  readonly lifeMs: number;
}

/** An answer that holds no token; `cause` says why where PISTE was not even asked. */
export interface NoGrant {
  readonly answer: CallAnswer;
  readonly cause: UndeterminedCause | null;
}

/** A token, or why there is none. */
export type TokenResult =
  | { readonly kind: 'token'; readonly token: Secret }
  | ({ readonly kind: 'none' } & NoGrant);

/** The tokens of one application. */
export interface Tokens {
  /** The token in use, or a new one; concurrent callers share one request and its outcome. */
  get(): Promise<TokenResult>;
  /** Drops this token, unless another has replaced it already. */
  drop(token: Secret): void;
}

/** A token is renewed so long before its end, or after three quarters of its life where that is later. */
const MARGIN_MS = 240_000;

const GRANT = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.number().positive()),
});

/** The grant in an answer of PISTE; null where it holds no usable token, which happens even with status 200. */
export function grantOf(reply: Reply): Grant | null {
  if (reply.status !== 200 || reply.failure !== null) return null;
  const read = GRANT.safeParse(jsonObject(reply.body));
  if (!read.success) return null;
  return { token: new Secret(read.data.access_token), lifeMs: read.data.expires_in * 1_000 };
}

/** The body of the request for a token. */
export function tokenForm(clientId: string, clientSecret: Secret): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
    scope: 'openid',
  }).toString();
}

/** Caches the token of one application; `ask` asks PISTE once and never throws. */
export function openTokens(ask: () => Promise<Grant | NoGrant>, now: () => number): Tokens {
  let cached: { readonly token: Secret; readonly from: number; readonly until: number } | null = null;

  const asking = singleFlight(async (): Promise<TokenResult> => {
    const from = now();
    const got = await ask();
    if (!('token' in got)) return { kind: 'none', ...got };
    cached = { token: got.token, from, until: from + got.lifeMs - Math.min(MARGIN_MS, got.lifeMs / 4) };
    return { kind: 'token', token: got.token };
  });

  return {
    async get() {
      const at = now();
      // A time before `from` means that our clock was set back: the age of the token is unknown.
      if (cached !== null && at >= cached.from && at < cached.until)
        return { kind: 'token', token: cached.token };
      return asking.run();
    },
    drop(token) {
      if (cached?.token === token) cached = null;
    },
  };
}
