// The answers of faults that do not depend on the call: status, headers and body of each.
import type { StandaloneFault } from './fault-kinds.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';

/** The values of `WWW-Authenticate` for a login, a token, a missing token, and a scope. */
export const WRONG_LOGIN =
  'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"';
export const TOKEN_DEAD = 'Bearer realm="DefaultRealm", error="invalid_token"';
export const TOKEN_MISSING =
  'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token in the message"';
const SCOPE_SHORT = 'Bearer realm="DefaultRealm", error="insufficient_scope"';

/** The bodies of a 400, of a search without results, and of an invoice that is not the caller's. */
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

/** A whole answer; header names in lower case. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answers that are the same each time. */
const FIXED = {
  'refused-login': empty(401, { 'www-authenticate': WRONG_LOGIN }),
  'refused-ldap': json(401, {
    codeRetour: 401,
    libelle: "Impossible d'authentifier l'utilisateur dans le LDAP.",
  }),
  'refused-field': json(401, { ErrorCode: '401', Description: '[invalid field]' }),
  'refused-bare': empty(401),
  'token-dead': empty(401, { 'www-authenticate': TOKEN_DEAD }),
  'token-revoked': empty(401, { 'www-authenticate': TOKEN_DEAD }),
  'application-disabled': empty(401, { 'www-authenticate': TOKEN_DEAD }),
  'token-missing': empty(400, { 'www-authenticate': TOKEN_MISSING }),
  'scope-short': empty(403, { 'www-authenticate': SCOPE_SHORT }),
  forbidden: empty(403),
  unlinked: empty(403),
  'invalid-client': json(400, { error: 'invalid_client' }),
  malformed: json(400, MALFORMED),
  'malformed-bare': empty(400),
  'too-large': empty(413),
  broken: empty(500),
  maintenance: { status: 503, headers: { 'content-type': HTML_TYPE }, body: MAINTENANCE },
  empty: empty(200),
  html: { status: 200, headers: { 'content-type': HTML_TYPE }, body: CAPTIVE },
} as const satisfies Readonly<Record<string, FaultAnswer>>;

/** The answer of a fault that does not depend on the call; `now` in ms. */
export function answerOf(fault: StandaloneFault, now: number): FaultAnswer {
  switch (fault.kind) {
    case 'unsettled':
      return fault.status === 403 ? empty(403) : FIXED['refused-login'];
    case 'no-right':
      return json(fault.status ?? 200, NO_RIGHT);
    case 'no-result':
      return json(200, fault.code === 20007 ? NO_WORKS_FOUND : NOTHING_FOUND);
    case 'business':
      return json(200, { codeRetour: fault.code, libelle: fault.label });
    case 'quota':
      return empty(429, fault.after === null ? {} : { 'retry-after': fault.after });
    case 'quota-date':
      return empty(429, { 'retry-after': new Date(now + fault.inMs).toUTCString() });
    case 'answer':
      return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
    default:
      return FIXED[fault.kind];
  }
}

function json(status: number, body: object): FaultAnswer {
  return { status, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(body) };
}

function empty(status: number, headers: Readonly<Record<string, string>> = {}): FaultAnswer {
  return { status, headers, body: '' };
}
