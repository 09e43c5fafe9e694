// The check as Chorus Pro's production hosts would see and answer it: what is sent, and the verdict on each recorded answer.
import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Chorus, openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import type { Verdict } from '../../../src/domain/verification/verdict.ts';
import * as say from './settings.ts';

const PISTE = 'https://oauth.piste.test';
const API = 'https://api.piste.test';
const NOW = Date.parse('2026-11-21T10:00:00Z');

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const open = (): Chorus =>
  openChorus({ production: say.application(PISTE, API), qualification: null }, () => NOW);
const check = (chorus = open()): Promise<Verdict> =>
  chorus.verify('production', say.LOGIN, new Secret(say.PASSWORD));

const grants = (token = say.TOKEN) => nock(PISTE).post(say.TOKEN_PATH).reply(200, say.granted(token));
const tva = () => nock(API).post(say.TVA_PATH);
const rights = () => nock(API).post(say.RIGHTS_PATH);

describe('a password that Chorus Pro believes', () => {
  it('is accepted with the structures of the account, after one call with what the API asks for', async () => {
    const form = { grant_type: 'client_credentials', scope: 'openid' };
    nock(PISTE)
      .post(say.TOKEN_PATH, { ...form, client_id: 'client-id', client_secret: say.CLIENT_SECRET })
      .matchHeader('content-type', 'application/x-www-form-urlencoded')
      .reply(200, say.granted(say.TOKEN));
    const sent = { Authorization: `Bearer ${say.TOKEN}`, 'cpro-account': say.ACCOUNT };
    const typed = {
      'content-type': 'application/json;charset=utf-8',
      accept: 'application/json;charset=utf-8',
    };
    const api = nock(API, { reqheaders: { ...sent, ...typed } });
    api.post(say.RIGHTS_PATH, '{}').reply(200, say.RIGHTS);
    expect(await check()).toEqual({
      kind: 'accepted',
      entitled: true,
      structures: [
        { siret: '25900096600020', name: 'SIAGEP' },
        { siret: '21900010000018', name: 'Commune de Belfort' },
      ],
      evidence: {
        call: say.RIGHTS_CALL,
        status: 200,
        authenticate: null,
        returned: { code: 0, label: 'TRA_MSG_00.000' },
        excerpt: JSON.stringify(say.RIGHTS).slice(0, 200),
      },
    });
  });

  it('is accepted with a business code other than success', async () => {
    grants();
    rights().reply(200, { codeRetour: 20001, libelle: 'GDP_MSG_11.005' });
    expect(await check()).toMatchObject({ kind: 'accepted', entitled: false, structures: null });
  });

  it.each<[string, () => unknown, object]>([
    [
      'one structure without a list',
      () =>
        rights().reply(200, {
          codeRetour: 0,
          listeStructures: { identifiant: 2590009660002, designationStructure: 'X' },
        }),
      { entitled: true, structures: [{ siret: '02590009660002', name: 'X' }] },
    ],
    [
      'an empty list',
      () => rights().reply(200, { codeRetour: 0, listeStructures: [] }),
      { entitled: false, structures: [] },
    ],
    ['no list at all', () => rights().reply(200, { codeRetour: 0 }), { entitled: false, structures: [] }],
    [
      'nothing found',
      () => rights().reply(200, { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }),
      { entitled: false, structures: [] },
    ],
    [
      'a list of something else',
      () => rights().reply(200, { codeRetour: 0, listeStructures: ['?'] }),
      { entitled: null, structures: null },
    ],
  ])('is accepted when the account is answered with %s', async (_, answer, seen) => {
    grants();
    answer();
    expect(await check()).toMatchObject({ kind: 'accepted', evidence: { call: say.RIGHTS_CALL }, ...seen });
  });

  it.each<[string, number, object | string, object]>([
    ['403 without a word', 403, '', { entitled: null }],
    ['JSON without a code', 200, { status: 'ok' }, { entitled: null }],
    ['a page', 200, '<!DOCTYPE html>', { entitled: null }],
    [
      'a number of no right without its message',
      200,
      { codeRetour: 20001, libelle: 'KO' },
      { entitled: false },
    ],
  ])(
    'is accepted by the call that needs no right, where the other one is answered with %s',
    async (...row) => {
      const [, status, body, seen] = row;
      grants();
      rights().reply(status, body);
      tva().reply(200, say.TVA);
      const evidence = { call: 'recuperer/tauxtva' };
      expect(await check()).toMatchObject({ kind: 'accepted', structures: null, evidence, ...seen });
    },
  );
});

describe('a password that Chorus Pro refuses', () => {
  it.each<[string, number, string, Record<string, string>]>([
    ['the header and no body', 401, '', { 'WWW-Authenticate': say.BLAMED }],
    [
      'the LDAP text',
      401,
      JSON.stringify({ codeRetour: 401, libelle: "Impossible d'authentifier l'utilisateur dans le LDAP." }),
      {},
    ],
    [
      'the LDAP text with 200',
      200,
      JSON.stringify({ codeRetour: 401, libelle: "Impossible d'authentifier l'utilisateur dans le LDAP." }),
      {},
    ],
    ['ErrorCode 401', 401, JSON.stringify({ ErrorCode: '401', Description: '[invalid field]' }), {}],
  ])('is refused after one try by %s', async (_, status, body, headers) => {
    grants();
    rights().reply(status, body, headers);
    expect(await check()).toMatchObject({ kind: 'refused', evidence: { status, failedLogins: 1 } });
  });

  it('is refused by a 401 without a cause only when a new token meets the same', async () => {
    grants();
    grants('token-2');
    rights().reply(401);
    rights().matchHeader('authorization', 'Bearer token-2').reply(401);
    expect(await check()).toMatchObject({ kind: 'refused', evidence: { status: 401, failedLogins: 2 } });
  });
});

describe('a token that is not taken', () => {
  it('is replaced once, and the password is judged by the second answer', async () => {
    grants();
    grants('token-2');
    rights().reply(401, '', { 'WWW-Authenticate': say.STALE });
    rights().matchHeader('authorization', 'Bearer token-2').reply(200, say.RIGHTS);
    expect(await check()).toMatchObject({ kind: 'accepted' });
  });

  it.each<[string, string | undefined, string]>([
    ['our application is blamed', undefined, 'token-refused'],
    ['our clock is blamed where theirs is far from it', new Date(NOW - 3_600_000).toUTCString(), 'our-clock'],
  ])('twice: %s, and the next proof begins with another token', async (_, date, cause) => {
    const chorus = open();
    for (const token of ['token-1', 'token-2']) {
      grants(token);
      const headers = { 'WWW-Authenticate': say.STALE, ...(date === undefined ? {} : { Date: date }) };
      rights().reply(401, '', headers);
    }
    expect(await check(chorus)).toMatchObject({ kind: 'undetermined', cause });
    grants('token-3');
    rights()
      .matchHeader('authorization', 'Bearer token-3')
      .reply(401, '', { 'WWW-Authenticate': say.BLAMED });
    expect(await check(chorus)).toMatchObject({ kind: 'refused' });
  });
});

describe('an answer that says nothing of the password', () => {
  it.each<[string, string, (call: typeof rights) => unknown, asksOn?: 'asks on']>([
    [
      'no token found',
      'token-refused',
      (call) =>
        call().reply(400, '', { 'WWW-Authenticate': 'Bearer realm="DefaultRealm", error="invalid_request"' }),
    ],
    ['403 without a word', 'application-not-allowed', (call) => call().reply(403), 'asks on'],
    [
      'a bad scope',
      'application-not-allowed',
      (call) =>
        call().reply(403, '', {
          'WWW-Authenticate': 'Bearer realm="DefaultRealm",error="insufficient_scope"',
        }),
      'asks on',
    ],
    [
      'a page with 503',
      'chorus-pro-down',
      (call) => call().reply(503, '<html><body>maintenance</body></html>', { 'Content-Type': 'text/html' }),
    ],
    ['200 without a word', 'chorus-pro-down', (call) => call().reply(200, ''), 'asks on'],
    [
      'a page with 200',
      'chorus-pro-down',
      (call) => call().reply(200, '<!DOCTYPE html><p>bientôt</p>'),
      'asks on',
    ],
    [
      'a redirect, which is not followed',
      'unreadable',
      (call) => call().reply(302, '', { Location: `${API}/elsewhere` }),
    ],
    ['JSON without a code', 'unreadable', (call) => call().reply(200, { status: 'ok' }), 'asks on'],
    [
      'a code as a text',
      'unreadable',
      (call) => call().reply(200, { codeRetour: '0', libelle: 'ok' }),
      'asks on',
    ],
    [
      'a code with a fraction',
      'unreadable',
      (call) => call().reply(200, { codeRetour: 0.5, libelle: 'ok' }),
      'asks on',
    ],
    ['success with 202', 'unreadable', (call) => call().reply(202, say.TVA)],
    [
      '400 with a business code',
      'unreadable',
      (call) => call().reply(400, { codeRetour: 20001, libelle: 'KO' }),
    ],
    [
      'no such name',
      'network',
      (call) => call().replyWithError(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
    ],
    [
      'a certificate of tomorrow',
      'our-clock',
      (call) => call().replyWithError(Object.assign(new Error('x'), { code: 'CERT_NOT_YET_VALID' })),
    ],
  ])('is undetermined: %s (%s)', async (_, cause, answer, asksOn) => {
    grants();
    answer(rights);
    if (asksOn) answer(tva);
    const call = asksOn ? 'recuperer/tauxtva' : say.RIGHTS_CALL;
    expect(await check()).toMatchObject({ kind: 'undetermined', cause, evidence: { call } });
  });

  it.each<[string, string, () => nock.Scope]>([
    [
      'wrong client',
      'token-refused',
      () => nock(PISTE).post(say.TOKEN_PATH).reply(400, { error: 'invalid_client' }),
    ],
    ['an empty token', 'piste-down', () => nock(PISTE).post(say.TOKEN_PATH).reply(200, say.granted(''))],
    ['an empty body', 'piste-down', () => nock(PISTE).post(say.TOKEN_PATH).reply(200, '')],
    ['a page with 502', 'piste-down', () => nock(PISTE).post(say.TOKEN_PATH).reply(502, '<html>')],
    ['a quota', 'quota', () => nock(PISTE).post(say.TOKEN_PATH).reply(429, '')],
    [
      'no connection',
      'network',
      () =>
        nock(PISTE)
          .post(say.TOKEN_PATH)
          .replyWithError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })),
    ],
  ])('is undetermined where PISTE gives no token: %s (%s)', async (_, cause, answer) => {
    answer();
    expect(await check()).toMatchObject({ kind: 'undetermined', cause, evidence: { call: 'token' } });
  });

  it.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'Retry-After': '120' }, 120_000],
    [
      'a date by their clock',
      { 'Retry-After': 'Sat, 21 Nov 2026 12:01:30 GMT', Date: 'Sat, 21 Nov 2026 12:00:00 GMT' },
      90_000,
    ],
    ['a date by ours', { 'Retry-After': 'Sat, 21 Nov 2026 10:00:30 GMT' }, 30_000],
    ['a date gone by', { 'Retry-After': 'Sat, 21 Nov 2020 10:00:00 GMT' }, 0],
    ['a century', { 'Retry-After': '3153600000' }, 86_400_000],
    ['no sense', { 'Retry-After': 'soon' }, null],
    ['nothing', {}, null],
  ])('tells how long to wait after 429 with %s', async (_, headers, retryAfterMs) => {
    grants();
    rights().reply(429, '', headers);
    expect(await check()).toMatchObject({ kind: 'undetermined', cause: 'quota', retryAfterMs });
  });
});

describe('the client', () => {
  it('is not set up where the environment has no application, and makes no call', async () => {
    const verdict = await open().verify('qualification', say.LOGIN, new Secret(say.PASSWORD));
    expect(verdict).toMatchObject({ kind: 'undetermined', cause: 'not-configured' });
  });

  it.each<[Partial<Parameters<typeof say.application>[2]>, string]>([
    [{ apiUrl: 'http://api.piste.gouv.fr' }, 'apiUrl: a password is never sent without TLS'],
    [{ tokenUrl: 'oauth.piste.gouv.fr' }, 'tokenUrl is not an address'],
    [{ apiUrl: 'ftp://api.piste.gouv.fr' }, 'apiUrl is not an address'],
    [{ apiUrl: 'https://a:b@api.piste.gouv.fr' }, 'apiUrl must hold no password'],
  ])('refuses settings such as %j', (change, fault) => {
    const production = say.application(PISTE, API, change);
    expect(() => openChorus({ production, qualification: null }, () => NOW)).toThrow(fault);
  });

  it('keeps the headers of an answer that it cannot read, except cookies and what has a field of its own', async () => {
    grants();
    const given = { Server: 'WAF', 'X-Correlation-Id': 'c-17', 'Content-Type': 'text/html' };
    const rest = { 'Set-Cookie': 'session=1', 'WWW-Authenticate': 'Bearer realm="x"' };
    rights().reply(418, '<html>', { ...given, ...rest });
    const { evidence } = await check();
    const headers = { server: 'WAF', 'x-correlation-id': 'c-17', 'content-type': 'text/html' };
    expect(evidence).toMatchObject({ status: 418, authenticate: 'Bearer realm="x"', excerpt: '<html>' });
    expect(evidence.headers).toEqual(headers);
  });

  it('keeps twenty headers of at most two hundred bytes', async () => {
    grants();
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, nth) => [`x-${nth}`, 'y'.repeat(300)]));
    rights().reply(418, '', many);
    const { headers = {} } = (await check()).evidence;
    expect(Object.values(headers)).toEqual(Array.from({ length: 20 }, () => 'y'.repeat(200)));
  });

  it('shows no secret that a server echoes', async () => {
    grants();
    const echo = `${say.LOGIN} ${say.PASSWORD} ${say.ACCOUNT} ${say.TOKEN} ${say.CLIENT_SECRET}`;
    const challenge = `Bearer realm="x", error_description="${say.ACCOUNT}"`;
    const headers = { 'WWW-Authenticate': challenge, 'X-Echo': echo };
    rights().reply(401, JSON.stringify({ codeRetour: 7, libelle: echo }), headers);
    const shown = JSON.stringify(await check());
    for (const secret of ['canary', say.ACCOUNT, say.TOKEN, say.CLIENT_SECRET, say.LOGIN]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain('••••••');
  });

  it('shows nothing of a token that it cannot use', async () => {
    const odd = { access_token: 'tok-abcdef', token_type: 'MAC', expires_in: 3600, id_token: 'tok-ghi' };
    nock(PISTE).post(say.TOKEN_PATH).reply(200, odd);
    const verdict = await check();
    expect(verdict).toMatchObject({ cause: 'piste-down' });
    expect(verdict.evidence.excerpt).toContain('MAC');
    expect(JSON.stringify(verdict)).not.toContain('tok-');
  });
});
