// The table of answers row by row, and the judgement of one answer or two.
import { describe, expect, it } from 'vitest';
import type { CallAnswer } from '../../../src/domain/verification/answer.ts';
import { ROWS, rowOf } from '../../../src/domain/verification/answer-table.ts';
import {
  accepted,
  causeIn,
  classifyAnswer,
  leavesOpen,
  NOT_CONFIGURED,
  rightsOf,
  VAULT_SHUT,
} from '../../../src/domain/verification/classify-answer.ts';
import type { Cause, Verdict } from '../../../src/domain/verification/verdict.ts';
import { BLAMED, EVIDENCE, EXAMPLES, returned, rights, says, token, tva } from './verdict-examples.ts';

/** What no row names. */
const UNNAMED: readonly (readonly [what: string, answer: CallAnswer])[] = [
  ['403 with a page', tva({ status: 403, body: 'html' })],
  ['a redirect', tva({ status: 302 })],
  ['200 without a code', tva({ status: 200, body: 'json' })],
  ['200 of plain text', tva({ status: 200, body: 'other' })],
  ['202 with the code of success', tva({ status: 202, ...returned(0) })],
  ['400 with a business code', tva({ status: 400, ...returned(20001) })],
  ['400 with the number of a code on record', rights({ status: 400, ...returned(20001) })],
  ['400 with a message of no code on record', rights({ status: 400, ...returned(20099, 'GDP_MSG_11.005') })],
  [
    '400 with a code on record that speaks of the account',
    rights({ status: 400, ...returned(20001, 'GDP_MSG_11.005 Compte verrouillé') }),
  ],
  ["400 with a code of another call's", tva({ status: 400, ...returned(20001, 'GDP_MSG_11.005') })],
  ['a code below nought', tva({ status: 200, ...returned(-1) })],
  ['a business code without a message', tva({ status: 200, ...returned(20001, 'CODE PAR DEFAUT') })],
  ['a business code without a label', tva({ status: 200, ...returned(20001) })],
  ['a message within a word', tva({ status: 200, ...returned(20001, 'XGDP_MSG_11.005') })],
  ['404 of JSON', tva({ status: 404, body: 'json' })],
  ['413', tva({ status: 413 })],
  ['400 of PISTE without a word', token({ status: 400 })],
  ['plain text instead of a token', token({ status: 200, body: 'other' })],
];

const verdict = (one: CallAnswer, before: CallAnswer | null = null) => {
  const judged = classifyAnswer(one, before);
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

/** Where each cause comes from: rows of the table, the rights of a believed account, or nobody having been asked. */
const ORIGINS: Readonly<Record<Cause, 'rows' | 'rights' | 'nobody'>> = {
  'password-refused': 'rows',
  'not-entitled': 'rights',
  'application-not-allowed': 'rows',
  'token-refused': 'rows',
  quota: 'rows',
  'chorus-pro-down': 'rows',
  'piste-down': 'rows',
  network: 'rows',
  'our-clock': 'rows',
  unreadable: 'rows',
  'not-configured': 'nobody',
  'vault-shut': 'nobody',
};

describe('causes', () => {
  /** The verdict on an answer that comes again at the second look. */
  const insisting = (one: CallAnswer) => verdict(one, one).replace(/^refused$/, 'password-refused');

  it('come from the rows of the table, each row on each host from one alone', () => {
    const met = new Map<string, Set<string>>();
    for (const [row, one] of EXAMPLES) {
      const key = `${row}, ${one.call}`;
      met.set(key, (met.get(key) ?? new Set()).add(insisting(one)));
    }
    expect([...met].filter(([, causes]) => causes.size !== 1)).toEqual([]);
    const found = new Set([...met.values()].flatMap((causes) => [...causes]));
    found.delete('accepted');
    const expected = Object.entries(ORIGINS).filter(([, origin]) => origin === 'rows');
    expect([...found].toSorted()).toEqual(expected.map(([cause]) => cause).toSorted());
  });

  it('are told of every verdict that is less than it should be', () => {
    const believed = tva({ status: 200, ...returned(0) });
    const withRights = (entitled: boolean | null): Verdict =>
      accepted(believed, null, { entitled, structures: null });
    expect([true, null, false].map((entitled) => causeIn(withRights(entitled)))).toEqual([
      null,
      null,
      'not-entitled',
    ]);
    expect([NOT_CONFIGURED, VAULT_SHUT].map(causeIn)).toEqual(['not-configured', 'vault-shut']);
    const refused = classifyAnswer(tva({ status: 401, ...BLAMED }), null);
    expect(refused.kind === 'settled' && causeIn(refused.verdict)).toBe('password-refused');
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
    expect(classifyAnswer(blamed, null)).toEqual({
      kind: 'settled',
      verdict: { kind: 'refused', cause: 'password-refused', evidence: { ...EVIDENCE, failedLogins: 1 } },
    });
  });

  it.each<[string, CallAnswer, CallAnswer, string]>([
    ['a token refused twice', stale, stale, 'token-refused'],
    ['a new token, then success', tva({ status: 200, ...returned(0) }), stale, 'accepted'],
    ['a new token, then a named refusal', blamed, stale, 'refused'],
    ['a new token, then a causeless 401', causeless, stale, 'unreadable'],
    ['the same causeless 401 twice', causeless, causeless, 'refused'],
    ['two causeless 401 that differ', tva({ status: 401, body: 'other' }), causeless, 'unreadable'],
    ['a causeless 401, then a named refusal', blamed, causeless, 'refused'],
    ['a causeless 401, then success', tva({ status: 200, ...returned(0) }), causeless, 'accepted'],
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
    expect(classifyAnswer(tva({ status: 429, retryAfterMs: 7_000 }), null)).toMatchObject({
      verdict: { cause: 'quota', retryAfterMs: 7_000 },
    });
  });

  it('counts every 401 that may be about the password, and no other answer', () => {
    const cost = (one: CallAnswer, before: CallAnswer | null) => {
      const judged = classifyAnswer(one, before);
      return judged.kind === 'settled' ? judged.verdict.evidence.failedLogins : null;
    };
    expect(cost(causeless, causeless)).toBe(2);
    expect(cost(tva({ status: 503 }), causeless)).toBe(1);
    expect(cost(tva({ failure: 'ECONNRESET' }), causeless)).toBe(2);
    const unsent = { ...EVIDENCE, unsent: true } as const;
    expect(cost(tva({ failure: 'ECONNREFUSED', evidence: unsent }), causeless)).toBe(1);
    const unmade = { ...EVIDENCE, call: 'none' };
    expect(cost(tva({ failure: 'NOT_ASKED', evidence: unmade }), causeless)).toBe(1);
    expect(cost(tva({ failure: 'ECONNRESET' }), null)).toBeUndefined();
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

describe('the call that needs no right', () => {
  const page = { status: 200, body: 'html' } as const;
  it.each<[string, CallAnswer]>([
    ['403 without a word', rights({ status: 403 })],
    ['403 with a page', rights({ status: 403, body: 'html' })],
    ['403 about the scope', rights({ status: 403, ...says('DefaultRealm', 'insufficient_scope') })],
    ['200 without a word', rights({ status: 200 })],
    ['a page with 200', rights(page)],
    ['JSON without a code', rights({ status: 200, body: 'json' })],
    ['more than is read', rights({ status: 200, body: 'broken', failure: 'TOO_LARGE' })],
    ['a number that nothing explains', rights({ status: 200, ...returned(20001, 'CODE PAR DEFAUT') })],
  ])('is made after %s', (_, one) => {
    expect(leavesOpen(one)).toBe(true);
    expect(leavesOpen({ ...one, call: 'recuperer/tauxtva' })).toBe(false);
  });

  it.each<[string, CallAnswer]>([
    ['no answer', rights({ failure: 'ETIMEDOUT' })],
    ['a connection lost in the body', rights({ status: 200, body: 'broken', failure: 'ECONNRESET' })],
    ['an outage', rights({ status: 503, body: 'html' })],
    ['a quota', rights({ status: 429 })],
    ['a 404', rights({ status: 404, body: 'html' })],
    ['a code of trouble', rights({ status: 200, ...returned(500, 'Erreur technique') })],
    [
      'a word about the account',
      rights({ status: 200, ...returned(20005, 'GCU_MSG_01_013 Compte verrouillé') }),
    ],
    ['success', rights({ status: 200, ...returned(0) })],
    ['nothing found', rights({ status: 200, ...returned(20000, 'TRA_MSG_00.015') })],
    ['a refusal', rights({ status: 401, ...BLAMED })],
  ])('is not made after %s', (_, one) => {
    expect(leavesOpen(one)).toBe(false);
  });
});

describe('the rights of a believed account', () => {
  const some = { count: 1, structures: [{ siret: '25900096600020', name: 'SIAGEP' }] };
  const none = { count: 0, structures: [] };
  const UNKNOWN = { entitled: null, structures: null };
  const NO_RIGHT = { entitled: false, structures: null };

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
    ['no right, with 200', { status: 200, ...returned(20001) }, none, NO_RIGHT],
    ['no right, with 400', { status: 400, ...returned(20001) }, none, NO_RIGHT],
    ['a list that cannot be read', { status: 200, ...returned(0) }, null, UNKNOWN],
    ['success with 400', { status: 400, ...returned(0) }, some, UNKNOWN],
    ['no right, by its message', { status: 200, ...returned(20001, 'GDP_MSG_11.005 Non') }, none, NO_RIGHT],
    [
      'the number of no right, another message',
      { status: 200, ...returned(20001, 'GDP_MSG_11.001') },
      none,
      UNKNOWN,
    ],
    [
      'the number of nothing found, another message',
      { status: 200, ...returned(20000, 'GDP_MSG_11.008') },
      none,
      UNKNOWN,
    ],
    ['another code', { status: 200, ...returned(20099, 'GDP_MSG_11.005') }, none, UNKNOWN],
    ['403', { status: 403 }, null, UNKNOWN],
    ['401', { status: 401, ...BLAMED }, null, UNKNOWN],
    ['nothing', { failure: 'ETIMEDOUT' }, null, UNKNOWN],
  ])('are read from %s', (_, change, listed, read) => {
    expect(rightsOf(rights(change), listed)).toEqual(read);
  });

  it('are read by the codes of their own operation only', () => {
    const elsewhere = tva({ status: 200, ...returned(20001, 'GDP_MSG_11.005') });
    expect(rightsOf(elsewhere, none)).toEqual(UNKNOWN);
  });
});
