// The simulated PISTE: gives tokens to one application, and knows the tokens it gave.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  applyDelay,
  earlyFault,
  type FaultContext,
  needsAnswer,
  type Sleep,
  sendChangedAnswer,
  sendFaultAnswer,
} from '../faults/apply-fault.ts';
import { TOKEN_DEAD, TOKEN_MISSING } from '../faults/fault-answers.ts';
import type { ChorusFaults, FaultEffect } from '../faults/fault-plan.ts';
import { logRequests, type RequestLog } from '../request-log.ts';
import type { ChorusEnvironment, EmitEvent } from './events.ts';

export interface PisteSettings extends FaultContext {
  readonly application: Readonly<Record<'clientId' | 'clientSecret', string>>;
  readonly environment: ChorusEnvironment;
  readonly faults: ChorusFaults;
  readonly emit: EmitEvent;
  readonly sleep: Sleep;
  readonly log: RequestLog;
}

/** A token's lifetime, in seconds, as the real PISTE says it. */
const LIFE_S = 3600;

/** The tokens given and not yet expired. */
export class PisteTokens {
  readonly lifeS: number;
  readonly #ends = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number, lifeS = LIFE_S) {
    this.#now = now;
    this.lifeS = lifeS;
  }

  /** A new opaque token of 54 characters; it lives for the usual time, or for so many seconds. */
  give(lifeS = this.lifeS): string {
    const now = this.#now();
    for (const [old, end] of this.#ends) if (end <= now) this.#ends.delete(old);
    const token = randomBytes(40).toString('base64url');
    this.#ends.set(token, now + lifeS * 1000);
    return token;
  }

  holds(token: string): boolean {
    return this.#now() < (this.#ends.get(token) ?? Number.NEGATIVE_INFINITY);
  }

  drop(token: string): void {
    this.#ends.delete(token);
  }

  /** Forgets all tokens, as PISTE does when an application is disabled. */
  revoke(): void {
    this.#ends.clear();
  }

  /** The valid tokens, for redaction. */
  list(): readonly string[] {
    return [...this.#ends.keys()];
  }
}

/** Adds `POST /api/oauth/token`: the client credentials of OAuth 2. */
export function tokenRoutes(app: FastifyInstance, settings: PisteSettings, tokens: PisteTokens): void {
  const { environment, faults, sleep, closing, log } = settings;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.addHook('onRequest', logRequests(log, environment, 'token'));
  app.post('/api/oauth/token', async (request, reply) => {
    const effect = faults.apply({ call: 'token', login: null, environment });
    log.note(request, { faults: effect.names });
    await applyDelay(effect, sleep, closing);
    const early = earlyFault(effect);
    if (early?.kind === 'application-disabled') {
      tokens.revoke();
      return sendFaultAnswer({ kind: 'invalid-client' }, reply, settings);
    }
    if (early !== null) return sendFaultAnswer(early, reply, settings);
    return tokenAnswer(request.body, effect, reply, settings, tokens);
  });
}

function tokenAnswer(
  form: unknown,
  { fault }: FaultEffect,
  reply: FastifyReply,
  settings: PisteSettings,
  tokens: PisteTokens,
): FastifyReply {
  const { application, environment, emit } = settings;
  reply.header('cache-control', 'no-store');
  if (!(form instanceof URLSearchParams)) return reply.code(400).send({ error: 'invalid_request' });
  // A wrong id and a wrong secret give the same bytes.
  if (
    form.get('client_id') !== application.clientId ||
    form.get('client_secret') !== application.clientSecret
  ) {
    emit({ kind: 'token-refused', environment });
    return reply.code(400).send({ error: 'invalid_client' });
  }
  if (form.get('grant_type') !== 'client_credentials')
    return reply.code(400).send({ error: 'unsupported_grant_type' });
  if (fault !== null && !needsAnswer(fault)) return sendFaultAnswer(fault, reply, settings);
  emit({ kind: 'token-given', environment });
  const lifeS = fault?.kind === 'short-life' ? fault.seconds : tokens.lifeS;
  const token = { access_token: tokens.give(lifeS), token_type: 'Bearer' };
  const answer = { ...token, expires_in: lifeS, scope: 'openid' };
  return fault === null ? reply.send(answer) : sendChangedAnswer(fault, answer, reply, settings);
}

/** The token of an `Authorization` header; null when there is none. */
export function bearerOf(header: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? null;
}

/** What is wrong with an `Authorization` header: the status and the `WWW-Authenticate` to send; null when it is valid. */
export function tokenFault(
  header: string | undefined,
  tokens: PisteTokens,
): { readonly status: 400 | 401; readonly authenticate: string } | null {
  const token = bearerOf(header);
  if (token === null) return { status: 400, authenticate: TOKEN_MISSING };
  if (!tokens.holds(token)) return { status: 401, authenticate: TOKEN_DEAD };
  return null;
}
