// The API for IT tools: the answer to each request, by status and word; nothing of what was sent is repeated.
import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/adapters/web/rate-limits.ts';
import type { SubmissionResult } from '../../../../src/domain/ports/manager-api.ts';
import { READY, RECEIVED, TOOL_TOKEN } from '../../../fakes/manager-actions.ts';
import { NOW, openTestServer, type TestServer } from '../test-server.ts';

const OTHER = { login: 'TECH_2_1@cpro.fr', environment: 'production', structure: 'CCAS' } as const;

let server: TestServer;
afterEach(() => server?.app.close());

const CANARY = 'K4n4ri(Zx_[9q';
const LOGIN = 'TECH_1_25900096600020@cpro.fr';
const whole = { login: LOGIN, password: CANARY };

async function post(path: string, payload: unknown, more: InjectOptions = {}) {
  const { headers = { authorization: `Bearer ${TOOL_TOKEN}` } } = more;
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const json = { 'content-type': 'application/json', ...headers };
  const answer = await server.app.inject({ method: 'POST', url: path, headers: json, payload: text });
  expect(answer.body).not.toContain(CANARY);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  return answer;
}

describe('POST /v1/submissions', () => {
  it('passes on what was sent, in the name of the tool', async () => {
    server = openTestServer();
    const answer = await post('/v1/submissions', {
      ...whole,
      environment: 'qualification',
      expiresOn: '2028-03-12',
      reading: 'as-is',
    });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ rotationId: '0199f3c2', state: 'proving', proven: false });
    const [change] = server.actions.changes;
    if (change?.kind !== 'tool-submit') throw new Error('nothing was submitted');
    const { typed, ...rest } = change.submission;
    expect([change.tool, rest]).toEqual([
      'gestion-technique',
      { login: LOGIN, environment: 'qualification', choice: 'as-is' },
    ]);
    expect([typed.password.reveal(), typed.login, typed.expiry]).toEqual([CANARY, '', '2028-03-12']);
    expect(server.counted).toEqual(['submission proving']);
  });

  it.each<[string, SubmissionResult | 'unknown-login', number, object]>([
    ['proving', RECEIVED, 202, { state: 'proving', nextTryAt: null }],
    [
      'proving, with the next try',
      { kind: 'received', rotationId: 'r', progress: { ...READY, phase: 'proving', nextTryAt: NOW } },
      202,
      { nextTryAt: '2027-03-12T09:32:00.000Z' },
    ],
    [
      'proven',
      {
        kind: 'received',
        rotationId: 'r',
        progress: { ...READY, phase: 'proven', proven: true, published: true },
      },
      200,
      { state: 'proven', proven: true, published: true, readBack: true },
    ],
    [
      'proven, with an odd date',
      {
        kind: 'received',
        rotationId: 'r',
        progress: { ...READY, phase: 'proven', proven: true, oddDate: 'expiry-past' },
      },
      200,
      { state: 'proven', findings: [{ field: 'expiry', code: 'expiry-past' }] },
    ],
    [
      'refused to the end',
      { kind: 'received', rotationId: 'r', progress: { ...READY, phase: 'refused', refusals: 4 } },
      422,
      { error: 'refused', refusals: 4 },
    ],
    [
      'unclear',
      {
        kind: 'unclear',
        findings: [{ field: 'password', code: 'line-breaks' }],
        canClean: true,
        lengths: { typed: 13, cleaned: 12 },
        kept: false,
      },
      422,
      {
        error: 'unclear',
        canClean: true,
        lengths: { typed: 13, cleaned: 12 },
        readings: ['clean', 'as-is'],
        findings: [{ field: 'password', code: 'line-breaks' }],
      },
    ],
    [
      'unclear, nothing to clean',
      {
        kind: 'unclear',
        findings: [{ field: 'password', code: 'too-short', count: 7 }],
        canClean: false,
        lengths: { typed: 7, cleaned: null },
        kept: false,
      },
      422,
      {
        error: 'unclear',
        canClean: false,
        readings: ['as-is'],
        findings: [{ field: 'password', code: 'too-short', count: 7 }],
      },
    ],
    [
      'wrong',
      { kind: 'wrong', findings: [{ field: 'password', code: 'is-login' }] },
      422,
      { error: 'wrong', findings: [{ field: 'password', code: 'is-login' }] },
    ],
    [
      'another account’s',
      { kind: 'wrong', findings: [{ field: 'password', code: 'other-account', account: OTHER }] },
      422,
      { error: 'wrong', findings: [{ field: 'password', code: 'other-account', account: OTHER }] },
    ],
    ['known', { kind: 'known', as: 'refused' }, 409, { error: 'known-password', as: 'refused' }],
    ['shut', { kind: 'shut' }, 503, { error: 'shut' }],
    ['ended', { kind: 'ended', why: 'retired' }, 410, { error: 'ended' }],
    ['an unknown login', 'unknown-login', 404, { error: 'unknown-login' }],
  ])('%s', async (_name, handed, status, body) => {
    server = openTestServer();
    server.actions.answers(handed);
    const answer = await post('/v1/submissions', whole);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(body);
  });

  it.each([
    ['no login', { password: CANARY }, ['login']],
    ['no password', { login: LOGIN }, ['password']],
    ['a number', { ...whole, password: 7 }, ['password']],
    [
      'half of a character',
      { ...whole, login: `${LOGIN}\ud83d`, expiresOn: '\udc00' },
      ['login', 'expiresOn'],
    ],
    ['another environment', { ...whole, environment: CANARY }, ['environment']],
    ['another reading', { ...whole, reading: CANARY }, ['reading']],
    ['a field we do not know', { ...whole, [CANARY]: CANARY }, ['an unknown field']],
    ['a list', [whole], ['an unknown field']],
    ['no JSON', `{"password": "${CANARY}`, undefined],
    ['nothing', '', undefined],
  ])('400: %s', async (_name, payload, fields) => {
    server = openTestServer();
    const answer = await post('/v1/submissions', payload);
    expect([answer.statusCode, answer.json().error, answer.json().fields]).toEqual([
      400,
      'malformed',
      fields,
    ]);
    expect(server.actions.changes).toEqual([]);
  });

  it('413 and 415 in JSON', async () => {
    server = openTestServer();
    const large = await post('/v1/submissions', { ...whole, filler: 'x'.repeat(20_000) });
    expect([large.statusCode, large.json().error]).toEqual([413, 'too-large']);
    const headers = { authorization: `Bearer ${TOOL_TOKEN}`, 'content-type': 'text/plain' };
    const wrong = await post('/v1/submissions', whole, { headers });
    expect([wrong.statusCode, wrong.json().error]).toEqual([415, 'wrong-type']);
    expect(server.actions.changes).toEqual([]);
  });

  it('500 reveals nothing', async () => {
    server = openTestServer();
    server.actions.answers(new Error(CANARY));
    const answer = await post('/v1/submissions', whole);
    expect([answer.statusCode, answer.json().error]).toEqual([500, 'broken']);
    expect(server.failures).toHaveLength(1);
  });
});

describe('the token', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer other' }],
    ['another scheme', { authorization: `Basic ${TOOL_TOKEN}` }],
    ['with something behind it', { authorization: `Bearer ${TOOL_TOKEN} x` }],
    ['empty', { authorization: 'Bearer ' }],
  ])('401: %s', async (_name, headers) => {
    for (const path of ['/v1/submissions', '/v1/adoptions', '/v1/refusals']) {
      server = openTestServer();
      const answer = await post(path, whole, { headers });
      expect([answer.statusCode, answer.json().error]).toEqual([401, 'no-token']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(server.actions.changes).toEqual([]);
      await server.app.close();
    }
  });

  it('guessing is limited by address, and blocks no tool that shares it', async () => {
    server = openTestServer({ limits: { ...DEFAULT_LIMITS, perAddress: { count: 3, perMs: 60_000 } } });
    const headers = { authorization: 'Bearer other' };
    for (let n = 0; n < 3; n++) expect((await post('/v1/adoptions', {}, { headers })).statusCode).toBe(401);
    const refused = await post('/v1/adoptions', {}, { headers });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60']);
    expect((await post('/v1/submissions', whole)).statusCode).toBe(202);
    // What it sends wrongly is told to it as it is: it counts by its name.
    expect((await post('/v1/submissions', { login: 7 })).statusCode).toBe(400);
  });

  it('limits its tool by name', async () => {
    server = openTestServer({ limits: { ...DEFAULT_LIMITS, perTool: { count: 3, perMs: 60_000 } } });
    for (let n = 0; n < 3; n++) expect((await post('/v1/adoptions', {})).statusCode).toBe(400);
    const refused = await post('/v1/adoptions', {});
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60']);
  });
});

describe('POST /v1/adoptions', () => {
  it.each([
    ['adopted', 200, { state: 'adopted' }],
    ['unknown-login', 404, { error: 'unknown-login' }],
    ['unknown-connector', 404, { error: 'unknown-connector' }],
    ['other-version', 409, { error: 'other-version' }],
  ] as const)('%s', async (outcome, status, body) => {
    server = openTestServer();
    server.actions.adopts(outcome);
    const answer = await post('/v1/adoptions', { login: LOGIN, version: 7 });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(body);
    const adopted = { kind: 'adopt', login: LOGIN, environment: null, version: 7 };
    expect(server.actions.changes).toEqual([{ ...adopted, connector: null }]);
    await post('/v1/adoptions', { login: LOGIN, version: 7, connector: 'e-magnus' });
    expect(server.actions.changes[1]).toEqual({ ...adopted, connector: 'e-magnus' });
  });

  it.each([0, -1, 1.5, '7', null])('400: version %j', async (version) => {
    server = openTestServer();
    const answer = await post('/v1/adoptions', { login: LOGIN, version });
    expect([answer.statusCode, answer.json().fields]).toEqual([400, ['version']]);
    expect(server.actions.changes).toEqual([]);
  });
});

describe('POST /v1/refusals', () => {
  it.each([
    [
      { kind: 'asking', state: 'working', askedAt: NOW },
      202,
      { state: 'asking', lastSeen: 'working', askedAt: '2027-03-12T09:32:00.000Z' },
    ],
    [
      { kind: 'known', state: 'stopped', askedAt: null },
      200,
      { state: 'known', lastSeen: 'stopped', askedAt: null },
    ],
    [{ kind: 'none' }, 409, { error: 'not-in-service' }],
    [{ kind: 'unknown-login' }, 404, { error: 'unknown-login' }],
  ] as const)('%j is told as %s', async (reported, status, body) => {
    server = openTestServer();
    server.actions.reports(reported);
    const answer = await post('/v1/refusals', { login: LOGIN });
    expect([answer.statusCode, answer.json()]).toEqual([status, expect.objectContaining(body)]);
    expect(server.actions.changes).toEqual([
      { kind: 'refused', tool: 'gestion-technique', login: LOGIN, environment: null },
    ]);
    expect(server.counted).toEqual([`refusal ${reported.kind}`]);
  });

  it('takes no password, by mistake or not', async () => {
    server = openTestServer();
    const answer = await post('/v1/refusals', whole);
    expect([answer.statusCode, answer.json().fields]).toEqual([400, ['an unknown field']]);
    expect(server.counted).toEqual(['refusal malformed']);
  });
});
