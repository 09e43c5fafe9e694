// The table of answers row by row, and the judgement of one answer or two.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/verdict.ts';
import type { Answer, Call, Challenge } from '../../src/domain/verdict-answer.ts';
import { accepted, judge, rightsOf } from '../../src/domain/verdict-of.ts';
import { type Meaning, ROWS, rowOf } from '../../src/domain/verdict-table.ts';

const EVIDENCE: Evidence = { call: 'c', status: 1, authenticate: null, returned: null, excerpt: 'seen' };

/** An answer without a word; `change` is what the test is about. */
function answer(call: Call, change: Partial<Answer>): Answer {
  const silent = { challenges: [], code: null, label: null, oauthError: null, errorCode: null };
  const bare = { status: null, failure: null, skewMs: null, retryAfterMs: null, evidence: EVIDENCE };
  return { call, ...bare, ...silent, body: change.status === undefined ? 'none' : 'empty', ...change };
}

const says = (realm: string | null, error: string | null = null, description: string | null = null) => ({
  challenges: [{ realm, error, description }] satisfies Challenge[],
});
const returned = (code: number, label: string | null = null) => ({ body: 'json' as const, code, label });

const tva = (change: Partial<Answer>) => answer('recuperer/tauxtva', change);
const token = (change: Partial<Answer>) => answer('token', change);
const rights = (change: Partial<Answer>) => answer('recuperer/structures/actives/destinataire', change);

const BLAMED = says('PISTE', 'Unauthorized', 'login or password incorrects');
const LDAP = "Impossible d'authentifier l'utilisateur dans le LDAP.";

/** At least one example of each row: its case, the answer, what it means. */
const EXAMPLES: readonly (readonly [row: string, answer: Answer, means: Meaning])[] = [
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
  ['API not selected, CGU not accepted', tva({ status: 403 }), 'application-not-allowed'],
  ['API not selected, CGU not accepted', token({ status: 403, body: 'json' }), 'application-not-allowed'],
  ['code 401 without a known reason', tva({ status: 200, ...returned(401) }), 'no-cause'],
  ['401 without any reason', tva({ status: 401 }), 'no-cause'],
  ['401 without any reason', tva({ status: 401, ...returned(401, 'KO') }), 'no-cause'],
  ['success', tva({ status: 200, ...returned(0, 'TRA_MSG_00.000') }), 'believed'],
  ['success', tva({ status: 200, ...returned(0) }), 'believed'],
  ['a code of technical trouble', tva({ status: 200, ...returned(503) }), 'down'],
  ['a code of technical trouble', tva({ status: 200, ...returned(99, 'Erreur technique') }), 'down'],
  ['a code that may speak of the login', tva({ status: 200, ...returned(403) }), 'unreadable'],
  ['a code that may speak of the login', tva({ status: 200, ...returned(20003, LDAP) }), 'unreadable'],
  ['a business code', tva({ status: 200, ...returned(20001, 'GDP_MSG_11.005') }), 'believed'],
];

/** What no row names. */
const UNNAMED: readonly (readonly [what: string, answer: Answer])[] = [
  ['403 with a page', tva({ status: 403, body: 'html' })],
  ['a redirect', tva({ status: 302 })],
  ['200 without a code', tva({ status: 200, body: 'json' })],
  ['200 of plain text', tva({ status: 200, body: 'other' })],
  ['202 with the code of success', tva({ status: 202, ...returned(0) })],
  ['400 with a business code', tva({ status: 400, ...returned(20001) })],
  ['a code below nought', tva({ status: 200, ...returned(-1) })],
  ['404 of JSON', tva({ status: 404, body: 'json' })],
  ['413', tva({ status: 413 })],
  ['400 of PISTE without a word', token({ status: 400 })],
  ['plain text instead of a token', token({ status: 200, body: 'other' })],
];

const verdict = (one: Answer, before: Answer | null = null) => {
  const judged = judge(one, before);
  if (judged.kind !== 'settled') return judged.kind;
  return judged.verdict.kind === 'refused' ? 'refused' : judged.verdict.cause;
};

describe('the table of answers', () => {
  it.each(EXAMPLES)('reads “%s”', (row, one, means) => {
    expect(rowOf(one)).toMatchObject({ case: row, means });
  });

  it.each(UNNAMED)('leaves %s unread, which is undetermined', (_, one) => {
    expect(rowOf(one)).toBeUndefined();
    expect(verdict(one)).toBe('unreadable');
  });

  it('has an example of each row', () => {
    expect(ROWS.map((row) => row.case).filter((name) => !EXAMPLES.some(([row]) => row === name))).toEqual([]);
  });
});

describe('the judgement', () => {
  const stale = tva({ status: 401, ...says('DefaultRealm', 'invalid_token') });
  const causeless = tva({ status: 401 });
  const blamed = tva({ status: 401, ...BLAMED });

  it('names the host that is down', () => {
    expect(verdict(tva({ status: 503 }))).toBe('chorus-pro-down');
    expect(verdict(token({ status: 503 }))).toBe('piste-down');
  });

  it('refuses at once where Chorus Pro names login and password, and counts the failure', () => {
    expect(judge(blamed, null)).toEqual({
      kind: 'settled',
      verdict: { kind: 'refused', cause: 'password-refused', evidence: { ...EVIDENCE, failedLogins: 1 } },
    });
  });

  it.each<[string, Answer, Answer, string]>([
    ['a token refused twice', stale, stale, 'token-refused'],
    ['a new token, then success', tva({ status: 200, ...returned(0) }), stale, 'believed'],
    ['a new token, then a named refusal', blamed, stale, 'refused'],
    ['a new token, then a causeless 401', causeless, stale, 'unreadable'],
    ['the same causeless 401 twice', causeless, causeless, 'refused'],
    ['two causeless 401 that differ', tva({ status: 401, body: 'other' }), causeless, 'unreadable'],
    ['a causeless 401, then a named refusal', blamed, causeless, 'refused'],
    ['a causeless 401, then success', tva({ status: 200, ...returned(0) }), causeless, 'believed'],
    ['a causeless 401, then an outage', tva({ status: 503 }), causeless, 'chorus-pro-down'],
    ['a causeless 401, then a token refused', stale, causeless, 'token-refused'],
    ['a causeless 401, then no token to ask with', token({ status: 503 }), causeless, 'piste-down'],
  ])('judges %s', (_, second, first, means) => {
    expect(verdict(first)).toBe('again');
    expect(verdict(second, first)).toBe(means);
  });

  it('blames our clock for a token refused twice when the two clocks are more than ten minutes apart', () => {
    const later = (skewMs: number) => ({ ...stale, skewMs });
    expect(verdict(later(600_001), stale)).toBe('our-clock');
    expect(verdict(later(-600_001), stale)).toBe('our-clock');
    expect(verdict(later(600_000), stale)).toBe('token-refused');
    expect(verdict(tva({ status: 503, skewMs: 9e9 }))).toBe('chorus-pro-down');
  });

  it('hands on how long we are asked to wait', () => {
    expect(judge(tva({ status: 429, retryAfterMs: 7_000 }), null)).toMatchObject({
      verdict: { cause: 'quota', retryAfterMs: 7_000 },
    });
  });

  it('counts every 401 that may be about the password, and no other answer', () => {
    const cost = (one: Answer, before: Answer | null) => {
      const judged = judge(one, before);
      return judged.kind === 'settled' ? judged.verdict.evidence.failedLogins : null;
    };
    expect(cost(causeless, causeless)).toBe(2);
    expect(cost(tva({ status: 503 }), causeless)).toBe(1);
    expect(cost(blamed, stale)).toBe(1);
    expect(cost(stale, stale)).toBeUndefined();
    const believed = tva({ status: 200, ...returned(0) });
    const right = { entitled: true, structures: [] };
    expect(accepted(believed, causeless, right)).toMatchObject({
      kind: 'accepted',
      evidence: { failedLogins: 1 },
    });
    expect(accepted(believed, null, right)).toEqual({ kind: 'accepted', ...right, evidence: EVIDENCE });
  });
});

describe('the rights of a believed account', () => {
  const some = { count: 1, structures: [{ siret: '25900096600020', name: 'SIAGEP' }] };
  const none = { count: 0, structures: [] };
  const UNKNOWN = { entitled: null, structures: null };

  it.each([
    [
      'structures listed',
      { status: 200, ...returned(0) },
      some,
      { entitled: true, structures: some.structures },
    ],
    ['an empty list', { status: 200, ...returned(0) }, none, { entitled: false, structures: [] }],
    [
      'a list without any SIRET',
      { status: 200, ...returned(0) },
      { count: 2, structures: [] },
      { entitled: true, structures: null },
    ],
    [
      'nothing found',
      { status: 200, ...returned(20000, 'TRA_MSG_00.015') },
      none,
      { entitled: false, structures: [] },
    ],
    ['no right, with 200', { status: 200, ...returned(20001) }, none, { entitled: false, structures: null }],
    ['no right, with 400', { status: 400, ...returned(20001) }, none, { entitled: false, structures: null }],
    ['a list that cannot be read', { status: 200, ...returned(0) }, null, UNKNOWN],
    ['success with 400', { status: 400, ...returned(0) }, some, UNKNOWN],
    ['another code', { status: 200, ...returned(20099) }, none, UNKNOWN],
    ['403', { status: 403 }, null, UNKNOWN],
    ['401', { status: 401, ...BLAMED }, null, UNKNOWN],
    ['nothing', { failure: 'ETIMEDOUT' }, null, UNKNOWN],
  ])('are read from %s', (_, change, listed, read) => {
    expect(rightsOf(rights(change), listed)).toEqual(read);
  });
});
