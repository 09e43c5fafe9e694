// How a fault looks on the wire: the answers, or the silence, of a gateway and a service in trouble.
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Fault, Struck } from './chorus-faults.ts';

const JSON_TYPE = 'application/json;charset=utf-8';

/** A page, where a program expected JSON. */
const MAINTENANCE =
  '<!DOCTYPE html><html lang="fr"><head><title>Service indisponible</title></head><body><h1>Service momentanément indisponible</h1></body></html>';
const CAPTIVE = '<!DOCTYPE html><html><head><title>Connexion</title></head><body>Bienvenue</body></html>';

interface Answer {
  readonly status: number;
  readonly authenticate?: string;
  readonly after?: string | null;
  readonly type?: string;
  readonly body?: string;
}

/** The answer of each fault that answers at all. */
function answerOf(fault: Exclude<Fault, { kind: 'delay' | 'hang' | 'reset' }>): Answer {
  switch (fault.kind) {
    case 'refused-ldap':
      return json(401, { codeRetour: 401, libelle: "Impossible d'authentifier l'utilisateur dans le LDAP." });
    case 'refused-field':
      return json(401, { ErrorCode: '401', Description: '[invalid field]' });
    case 'refused-bare':
      return { status: 401 };
    case 'token-dead':
      return { status: 401, authenticate: 'Bearer realm="DefaultRealm", error="invalid_token"' };
    case 'scope-short':
      return { status: 403, authenticate: 'Bearer realm="DefaultRealm", error="insufficient_scope"' };
    case 'forbidden':
      return { status: 403 };
    case 'quota':
      return { status: 429, after: fault.after };
    case 'broken':
      return { status: 500 };
    case 'maintenance':
      return { status: 503, type: 'text/html; charset=utf-8', body: MAINTENANCE };
    case 'empty':
      return { status: 200 };
    case 'html':
      return { status: 200, type: 'text/html; charset=utf-8', body: CAPTIVE };
    case 'empty-token':
      return json(200, { access_token: '', token_type: 'Bearer', expires_in: 3600, scope: 'openid' });
    case 'business':
      return json(200, { codeRetour: fault.code, libelle: fault.label });
  }
}

function json(status: number, body: object): Answer {
  return { status, type: JSON_TYPE, body: JSON.stringify(body) };
}

/** Whether a fault comes from behind the gateway, once login and password were believed. */
export function strikesLate({ fault }: Struck): boolean {
  return fault !== null && ['business', 'empty'].includes(fault.kind);
}

/** Waits as long as the plan wants; throws an AbortError when the house closes meanwhile. */
export async function delay({ delayMs }: Struck, closing: AbortSignal): Promise<void> {
  if (delayMs > 0) await wait(delayMs, undefined, { signal: closing });
}

/** Answers with the fault, says nothing, or hangs up. After it nothing else may be sent. */
export function answerWith(fault: NonNullable<Struck['fault']>, reply: FastifyReply): FastifyReply {
  if (fault.kind === 'hang' || fault.kind === 'reset') {
    reply.hijack();
    // A reset, not an orderly end: the caller sees ECONNRESET.
    if (fault.kind === 'reset') reply.raw.socket?.resetAndDestroy();
    return reply;
  }
  const { status, authenticate, after, type, body } = answerOf(fault);
  reply.code(status);
  if (authenticate !== undefined) reply.header('www-authenticate', authenticate);
  if (after != null) reply.header('retry-after', after);
  return type === undefined ? reply.send() : reply.type(type).send(body);
}
