// The simulated PISTE: gives tokens to one application, and knows the tokens it gave.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Tell, World } from './chorus-events.ts';
import type { ChorusFaults } from './chorus-faults.ts';
import { answerWith, delay } from './chorus-strike.ts';

/** The one application that PISTE knows here. */
interface PisteApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What PISTE needs; `closing` ends waits when the house closes. */
export interface PisteSettings {
  readonly application: PisteApplication;
  readonly environment: World;
  readonly now: () => number;
  readonly faults: ChorusFaults;
  readonly tell: Tell;
  readonly closing: AbortSignal;
}

/** A token's life, in seconds, as the real one says it. */
const LIFE_S = 3600;

/** The tokens given and not yet expired. */
export class PisteTokens {
  readonly #ends = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new opaque token of 54 characters. */
  give(): string {
    const token = randomBytes(40).toString('base64url');
    this.#ends.set(token, this.#now() + LIFE_S * 1000);
    return token;
  }

  holds(token: string): boolean {
    return this.#now() < (this.#ends.get(token) ?? Number.NEGATIVE_INFINITY);
  }

  /** Forgets all tokens, as PISTE does when an application is disabled. */
  revoke(): void {
    this.#ends.clear();
  }
}

/** Adds `POST /api/oauth/token`: the client credentials of OAuth 2. */
export function pisteDoor(app: FastifyInstance, settings: PisteSettings, tokens: PisteTokens): void {
  const { application, environment, faults, tell, closing } = settings;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.post('/api/oauth/token', async (request, reply) => {
    const struck = faults.strike({ call: 'token', login: null, environment });
    await delay(struck, closing);
    if (struck.fault !== null) return answerWith(struck.fault, reply);
    reply.header('cache-control', 'no-store');
    if (!(request.body instanceof URLSearchParams)) return reply.code(400).send({ error: 'invalid_request' });
    const form = request.body;
    // A wrong id and a wrong secret give the same bytes, and so do the credentials of the other environment.
    if (
      form.get('client_id') !== application.clientId ||
      form.get('client_secret') !== application.clientSecret
    ) {
      tell({ kind: 'token-refused', environment });
      return reply.code(400).send({ error: 'invalid_client' });
    }
    if (form.get('grant_type') !== 'client_credentials')
      return reply.code(400).send({ error: 'unsupported_grant_type' });
    tell({ kind: 'token-given', environment });
    return { access_token: tokens.give(), token_type: 'Bearer', expires_in: LIFE_S, scope: 'openid' };
  });
}

/** What is wrong with an `Authorization` header: the status and the `WWW-Authenticate` to send; null when it holds. */
export function tokenFault(
  header: string | undefined,
  tokens: PisteTokens,
): { readonly status: 400 | 401; readonly authenticate: string } | null {
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined)
    return { status: 400, authenticate: 'Bearer realm="DefaultRealm", error="invalid_request"' };
  if (!tokens.holds(token))
    return { status: 401, authenticate: 'Bearer realm="DefaultRealm", error="invalid_token"' };
  return null;
}
