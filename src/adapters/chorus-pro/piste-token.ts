// PISTE's token: one for each application, shared by all who wait for it, and given up before PISTE gives it up.
import { z } from 'zod';
import { Secret } from '../../domain/shared/secret.ts';
import type { Answer } from '../../domain/verification/answer.ts';
import { singleFlight } from '../../foundation/loop.ts';
import type { Reply } from './call.ts';
import type { UndeterminedCause } from './circuit-breaker.ts';
import { jsonObject } from './read-answer.ts';

/** A token for a while, in ms from the moment it was asked for. */
export interface Grant {
  readonly token: Secret;
  readonly lifeMs: number;
}

/** An answer that holds no token; `instead` is the cause where PISTE was not even asked. */
export interface NoGrant {
  readonly answer: Answer;
  readonly cause: UndeterminedCause | null;
}

/** A token, or why there is none. */
export type TokenResult =
  | { readonly kind: 'token'; readonly token: Secret }
  | ({ readonly kind: 'none' } & NoGrant);

/** The tokens of one application. */
export interface Tokens {
  /** The token in use, or a new one; all who ask meanwhile share one request and its outcome. */
  get(): Promise<TokenResult>;
  /** Gives up this token, unless another has taken its place already. */
  drop(token: Secret): void;
}

/** We give up a token so long before its end, or after three quarters of its life where that is later. */
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

/** The grant in an answer of PISTE; null where it holds no usable token, even with success (it happens). */
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

/** Keeps the token of one application; `ask` asks PISTE once and never throws. */
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
      // Before `from` our clock was set back: how old the token is cannot be known.
      if (cached !== null && at >= cached.from && at < cached.until)
        return { kind: 'token', token: cached.token };
      return asking.run();
    },
    drop(token) {
      if (cached?.token === token) cached = null;
    },
  };
}
