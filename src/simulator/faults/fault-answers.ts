// The answers of a gateway and a service in trouble that stand by themselves: status, headers and body of each.
import type { GatewayFault, LoginFault, Outage, Ready, ServiceFault } from './fault-kinds.ts';

/** The content type of every JSON answer. */
export const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';

/** What `WWW-Authenticate` says of a login, of a token, of a missing one, and of a scope. */
export const WRONG_LOGIN =
  'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"';
export const TOKEN_DEAD = 'Bearer realm="DefaultRealm", error="invalid_token"';
export const TOKEN_MISSING =
  'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token in the message"';
const SCOPE_SHORT = 'Bearer realm="DefaultRealm", error="insufficient_scope"';

/** The body of a 400, and what a search answers that finds nothing, and an invoice that is not the caller's. */
export const MALFORMED = { codeRetour: 400, libelle: 'Requête mal formée.' } as const;
export const NOTHING_FOUND = { codeRetour: 20000, libelle: 'TRA_MSG_00.015 Aucun résultat.' } as const;
const NO_WORKS_FOUND = { codeRetour: 20007, libelle: 'GFT_MSG_01.075 Aucun résultat.' } as const;
export const NO_RIGHT = {
  codeRetour: 20001,
  libelle: 'GDP_MSG_11.005 Vous ne disposez pas des droits sur cette facture.',
} as const;

/** A page, where a program expected JSON. */
const MAINTENANCE =
  '<!DOCTYPE html><html lang="fr"><head><title>Service indisponible</title></head><body><h1>Service momentanément indisponible</h1></body></html>';
const CAPTIVE = '<!DOCTYPE html><html><head><title>Connexion</title></head><body>Bienvenue</body></html>';

/** An answer whole; header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer of each fault that stands by itself; `now` in ms. */
export function answerOf(fault: Ready, now: number): Answer {
  switch (fault.kind) {
    case 'refused-login':
    case 'refused-ldap':
    case 'refused-field':
    case 'refused-bare':
    case 'unsettled':
      return loginAnswer(fault);
    case 'token-dead':
    case 'token-revoked':
    case 'application-disabled':
    case 'token-missing':
    case 'scope-short':
    case 'forbidden':
    case 'unlinked':
    case 'invalid-client':
      return gatewayAnswer(fault.kind);
    case 'no-right':
    case 'no-result':
    case 'business':
    case 'malformed':
    case 'malformed-bare':
    case 'too-large':
      return serviceAnswer(fault);
    default:
      return outageAnswer(fault, now);
  }
}

/** Quotas, outages, and what stands in the way. */
function outageAnswer(fault: Outage, now: number): Answer {
  switch (fault.kind) {
    case 'quota':
      return bare(429, fault.after === null ? {} : { 'retry-after': fault.after });
    case 'quota-date':
      return bare(429, { 'retry-after': new Date(now + fault.inMs).toUTCString() });
    case 'broken':
      return bare(500);
    case 'maintenance':
      return { status: 503, headers: { 'content-type': HTML_TYPE }, body: MAINTENANCE };
    case 'empty':
      return bare(200);
    case 'html':
      return { status: 200, headers: { 'content-type': HTML_TYPE }, body: CAPTIVE };
    case 'answer':
      return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
  }
}

/** The shapes that a refused login has been seen in. */
function loginAnswer(fault: LoginFault): Answer {
  switch (fault.kind) {
    case 'refused-login':
      return bare(401, { 'www-authenticate': WRONG_LOGIN });
    case 'refused-ldap':
      return json(401, { codeRetour: 401, libelle: "Impossible d'authentifier l'utilisateur dans le LDAP." });
    case 'refused-field':
      return json(401, { ErrorCode: '401', Description: '[invalid field]' });
    case 'refused-bare':
      return bare(401);
    case 'unsettled':
      return fault.status === 403 ? bare(403) : bare(401, { 'www-authenticate': WRONG_LOGIN });
  }
}

/** What PISTE says about tokens, scopes and routes. */
function gatewayAnswer(kind: GatewayFault['kind']): Answer {
  switch (kind) {
    case 'token-dead':
    case 'token-revoked':
    case 'application-disabled':
      return bare(401, { 'www-authenticate': TOKEN_DEAD });
    case 'token-missing':
      return bare(400, { 'www-authenticate': TOKEN_MISSING });
    case 'scope-short':
      return bare(403, { 'www-authenticate': SCOPE_SHORT });
    case 'forbidden':
    case 'unlinked':
      return bare(403);
    case 'invalid-client':
      return json(400, { error: 'invalid_client' });
  }
}

/** What Chorus Pro behind it says. */
function serviceAnswer(fault: ServiceFault): Answer {
  switch (fault.kind) {
    case 'no-right':
      return json(fault.status ?? 200, NO_RIGHT);
    case 'no-result':
      return json(200, fault.code === 20007 ? NO_WORKS_FOUND : NOTHING_FOUND);
    case 'business':
      return json(200, { codeRetour: fault.code, libelle: fault.label });
    case 'malformed':
      return json(400, MALFORMED);
    case 'malformed-bare':
      return bare(400);
    case 'too-large':
      return bare(413);
  }
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(body) };
}

function bare(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: '' };
}
