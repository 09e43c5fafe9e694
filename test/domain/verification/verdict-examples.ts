// Answers by hand for the tests of the table: at least one example of each of its rows, and how to make more.

import type { Call, CallAnswer, Challenge } from '../../../src/domain/verification/answer.ts';
import type { Meaning } from '../../../src/domain/verification/answer-table.ts';
import type { Evidence } from '../../../src/domain/verification/verdict.ts';

export const EVIDENCE: Evidence = {
  call: 'c',
  status: 1,
  authenticate: null,
  returned: null,
  excerpt: 'seen',
};

/** An answer without a word; `change` is what the test is about. */
function answer(call: Call, change: Partial<CallAnswer>): CallAnswer {
  const silent = { challenges: [], code: null, label: null, oauthError: null, errorCode: null };
  const bare = { status: null, failure: null, skewMs: null, retryAfterMs: null, evidence: EVIDENCE };
  return { call, ...bare, ...silent, body: change.status === undefined ? 'none' : 'empty', ...change };
}

export const says = (
  realm: string | null,
  error: string | null = null,
  description: string | null = null,
) => ({
  challenges: [{ realm, error, description }] satisfies Challenge[],
});
export const returned = (code: number, label: string | null = null) => ({
  body: 'json' as const,
  code,
  label,
});

export const tva = (change: Partial<CallAnswer>) => answer('recuperer/tauxtva', change);
export const token = (change: Partial<CallAnswer>) => answer('token', change);
export const rights = (change: Partial<CallAnswer>) =>
  answer('recuperer/structures/actives/destinataire', change);

export const BLAMED = says('PISTE', 'Unauthorized', 'login or password incorrects');
const LDAP = "Impossible d'authentifier l'utilisateur dans le LDAP.";

/** At least one example of each row: its case, the answer, what it means. */
export const EXAMPLES: readonly (readonly [row: string, answer: CallAnswer, means: Meaning])[] = [
  ['certificate not valid yet', tva({ failure: 'CERT_NOT_YET_VALID' }), 'our-clock'],
  ['certificate not valid yet', token({ failure: 'CERT_NOT_YET_VALID' }), 'our-clock'],
  ['what answered is not HTTP', tva({ failure: 'HPE_INVALID_CONSTANT' }), 'unreadable'],
  ['no answer', tva({ failure: 'ECONNREFUSED' }), 'network'],
  ['no answer', token({ failure: 'ENOTFOUND' }), 'network'],
  ['no answer', tva({ failure: 'CERT_HAS_EXPIRED' }), 'network'],
  ['token unknown or expired', tva({ status: 401, ...says('DefaultRealm', 'invalid_token') }), 'stale-token'],
  ['token unknown or expired', tva({ status: 401, ...says('DefaultRealm') }), 'stale-token'],
  ['token unknown or expired', tva({ status: 401, ...says(null, 'invalid_token') }), 'stale-token'],
  [
    'token unknown or expired',
    tva({ status: 401, body: 'json', oauthError: 'invalid_token' }),
    'stale-token',
  ],
  [
    'token unknown or expired',
    tva({ status: 401, ...says('DefaultRealm'), ...returned(401, LDAP) }),
    'stale-token',
  ],
  ['login or password incorrects', tva({ status: 401, ...BLAMED }), 'refused'],
  ['login or password incorrects', tva({ status: 401, ...BLAMED, body: 'html' }), 'refused'],
  [
    'login or password incorrects',
    tva({ status: 401, ...BLAMED, body: 'broken', failure: 'ECONNRESET' }),
    'refused',
  ],
  ['no token found', tva({ status: 400, ...says('DefaultRealm', 'invalid_request') }), 'token-refused'],
  [
    'scope of the token',
    tva({ status: 403, ...says('DefaultRealm', 'insufficient_scope') }),
    'application-not-allowed',
  ],
  ['a proxy asks who we are', tva({ status: 407 }), 'network'],
  ['quota', tva({ status: 429 }), 'quota'],
  ['quota', token({ status: 429, body: 'html' }), 'quota'],
  ['server error', tva({ status: 500, ...returned(401, LDAP) }), 'down'],
  ['server error', tva({ status: 503, body: 'html' }), 'down'],
  ['server error', token({ status: 502 }), 'down'],
  ['401 in the name of something else', tva({ status: 401, ...says('Corporate proxy') }), 'unreadable'],
  ['not authenticated in the LDAP', tva({ status: 401, ...returned(401, LDAP) }), 'refused'],
  ['not authenticated in the LDAP', tva({ status: 200, ...returned(401, LDAP) }), 'refused'],
  ['ErrorCode 401', tva({ status: 401, body: 'json', errorCode: '401' }), 'refused'],
  ['401 of PISTE without a known reason', tva({ status: 401, ...says('PISTE', 'Unauthorized') }), 'no-cause'],
  [
    'too large, or wrongly compressed',
    tva({ status: 200, body: 'broken', failure: 'TOO_LARGE' }),
    'unreadable',
  ],
  [
    'too large, or wrongly compressed',
    tva({ status: 200, body: 'broken', failure: 'Z_DATA_ERROR' }),
    'unreadable',
  ],
  ['connection lost in the body', tva({ status: 200, body: 'broken', failure: 'ECONNRESET' }), 'network'],
  ['connection lost in the body', tva({ status: 401, body: 'broken', failure: 'ETIMEDOUT' }), 'network'],
  ['success without a word', tva({ status: 200 }), 'down'],
  ['success without a word', token({ status: 204 }), 'down'],
  ['a page instead of an answer', tva({ status: 200, body: 'html' }), 'down'],
  ['a page instead of an answer', tva({ status: 401, body: 'html' }), 'down'],
  ['a page instead of an answer', token({ status: 200, body: 'html' }), 'down'],
  ['success without a usable token', token({ status: 200, body: 'json' }), 'down'],
  ['PISTE says it is out of order', token({ status: 400, body: 'json', oauthError: 'server_error' }), 'down'],
  [
    'client id or secret refused',
    token({ status: 400, body: 'json', oauthError: 'invalid_client' }),
    'token-refused',
  ],
  ['client refused without a word', token({ status: 401 }), 'token-refused'],
  [
    'API not selected, CGU not accepted, structure not linked, no such route',
    tva({ status: 403 }),
    'application-not-allowed',
  ],
  [
    'API not selected, CGU not accepted, structure not linked, no such route',
    token({ status: 403, body: 'json' }),
    'application-not-allowed',
  ],
  ['code 401 without a known reason', tva({ status: 200, ...returned(401) }), 'no-cause'],
  ['401 without any reason', tva({ status: 401 }), 'no-cause'],
  ['401 without any reason', tva({ status: 401, ...returned(401, 'KO') }), 'no-cause'],
  ['success', tva({ status: 200, ...returned(0, 'TRA_MSG_00.000') }), 'accepted'],
  ['success', tva({ status: 200, ...returned(0) }), 'accepted'],
  ['a code of technical trouble', tva({ status: 200, ...returned(503) }), 'down'],
  ['a code of technical trouble', tva({ status: 200, ...returned(99, 'Erreur technique') }), 'down'],
  ['a code that may speak of the login', tva({ status: 200, ...returned(403) }), 'unreadable'],
  ['a code that may speak of the login', tva({ status: 200, ...returned(20003, LDAP) }), 'unreadable'],
  [
    'a code that may speak of the login',
    tva({ status: 200, ...returned(20003, 'GCU_MSG_01_013 Compte technique verrouillé') }),
    'unreadable',
  ],
  [
    'a business code with its message',
    tva({ status: 200, ...returned(20001, 'GDP_MSG_11.005') }),
    'accepted',
  ],
  [
    'a business code with its message',
    tva({ status: 200, ...returned(7, 'Non. TRA_MSG_00_015.') }),
    'accepted',
  ],
  [
    'a business code on record, with its message, in a 400',
    rights({ status: 400, ...returned(20001, 'GDP_MSG_11.005') }),
    'accepted',
  ],
];
