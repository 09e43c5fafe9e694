// The conformance suite is careful: no account is put at risk, nothing is sent but what its page says, and no secret shows.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACTS } from './all-facts.ts';
import * as paths from './paths.ts';
import { reportOf } from './report.ts';
import { refusedHeader, strangerLogin } from './requests.ts';
import {
  CLIENT_SECRET,
  done,
  json,
  LOGIN,
  openPlatform,
  PASSWORD,
  REFUSAL,
  refused,
  rowsOf,
  withTokens,
} from './scripted-platform.ts';

const REAL_FACTS = FACTS.filter(({ needs }) => needs !== 'spare account');
const isTheirs = ({ account }: { account: { login: string } | null }) => account?.login === LOGIN;
describe('the account', () => {
  it('is never the one that is refused: only a login that is plainly made up may be', async () => {
    const { target } = await openPlatform(done);
    const others = [
      LOGIN,
      ` ${LOGIN.toLowerCase()} `,
      'TECH_1_25900096600020@cpro.fr',
      'TECH_1_00000000000000@cpro.fr',
      '',
    ];
    for (const login of others) expect(() => refusedHeader(target, login)).toThrow(/made-up login/);
    const madeUp = strangerLogin();
    expect(Buffer.from(refusedHeader(target, madeUp), 'base64').toString()).toMatch(`${madeUp}:`);
    const own = { ...target, account: { ...target.account, login: madeUp } };
    expect(() => refusedHeader(own, madeUp)).toThrow(/made-up login/);
  });

  it('is shown no more once it was refused; what needs no account goes on', async () => {
    const { caller, told } = await openPlatform(withTokens((call) => (isTheirs(call) ? REFUSAL : done())));
    const rows = await rowsOf(REAL_FACTS, caller);
    expect(told.filter(isTheirs)).toHaveLength(1);
    expect(rows.filter(({ seen }) => seen.includes('was refused once')).length).toBeGreaterThan(10);
    expect(told.filter(({ account }) => account !== null && account.login !== LOGIN)).toHaveLength(3);
  });

  it('is shown no more even by calls that were already waiting', async () => {
    const { caller, told } = await openPlatform(withTokens(() => refused('')));
    const asked = ['a', 'b', 'c'].map((key) => caller.asAccount(key, { path: paths.RATES }));
    const ends = await Promise.allSettled(asked);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(told.filter(isTheirs)).toHaveLength(1);
  });

  it.each([
    ['by another status with the code in its body', json(400, { codeRetour: 401, libelle: 'LDAP' })],
    ['without a word', { status: 401 }],
    ['with a code that is a text', json(200, { codeRetour: '401', libelle: 'LDAP' })],
    ['by another status with the usual header', { ...REFUSAL, status: 400 }],
    [
      'by the realm of the gateway, not for its token',
      refused('Bearer realm="DefaultRealm", error="access_denied"'),
    ],
  ])('is shown no more when it was refused %s', async (_, reply) => {
    const { caller, told } = await openPlatform(withTokens(() => reply));
    await caller.asAccount('a', { path: paths.RATES });
    await expect(caller.asAccount('b', { path: paths.RATES })).rejects.toThrow(/refused once/);
    expect(told.filter(isTheirs)).toHaveLength(1);
  });

  it('is not given up for a dead token', async () => {
    const stale = refused('Bearer realm="DefaultRealm", error="invalid_token"');
    const { caller, told } = await openPlatform(withTokens(() => stale));
    for (const key of ['a', 'b']) await caller.asAccount(key, { path: paths.RATES });
    expect(told.filter(isTheirs)).toHaveLength(2);
  });

  it('is not shown in an odd form unless it is spare', async () => {
    const { caller, told } = await openPlatform(withTokens(done));
    for (const form of ['prefixed', 'unpadded'] as const) {
      await expect(caller.asAccount(form, { path: paths.RATES }, form)).rejects.toThrow(/as it should be/);
    }
    expect(told.filter(({ account }) => account !== null)).toEqual([]);
  });
});

describe('a run', () => {
  it('sends what the page names and nothing else: reads only, one refusal for each fact, the right password', async () => {
    const { caller, told } = await openPlatform(withTokens(done));
    await rowsOf(REAL_FACTS, caller);
    const known = Object.values(paths).map((path) => `/cpro/${path}`);
    const asked = new Set(told.map(({ path }) => path.replace('/other', '')));
    expect([...asked].toSorted()).toEqual(['/token', ...known].toSorted());
    const shown = told.flatMap(({ account }) => (account === null ? [] : [account]));
    expect(new Set(shown.filter(isOwn).map(({ password }) => password))).toEqual(new Set([PASSWORD]));
    const strangers = shown.filter((account) => !isOwn(account)).map(({ login }) => login);
    expect(new Set(strangers).size).toBe(3);
    expect(strangers).toHaveLength(3);
    expect(told.filter(({ path }) => path.startsWith('/other')).map(({ account }) => account)).toEqual([
      null,
    ]);
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/CONFORMANCE.md'), 'utf8');
    expect(told).toHaveLength(Number(/(\d+) calls/.exec(page)?.[1]));
  });

  it('asks each thing once, however often it is looked at', async () => {
    const { caller, told } = await openPlatform(withTokens(done));
    await rowsOf(REAL_FACTS, caller);
    const before = told.length;
    await rowsOf(REAL_FACTS, caller);
    expect(told).toHaveLength(before);
  });

  it('makes one call at a time, and no more in a second than it is told', async () => {
    const { caller, told } = await openPlatform(withTokens(done), { callsPerSecond: 20 });
    const keys = Array.from({ length: 6 }, (_, at) => `call ${at}`);
    await Promise.all(keys.map((key) => caller.asAccount(key, { path: paths.RATES })));
    expect(told.map(({ together }) => together)).toEqual(Array(7).fill(1));
    const apart = told.slice(1).map(({ at }, place) => at - (told[place]?.at ?? 0));
    // What the first call takes to arrive is not of its own making: the mean counts.
    const mean = apart.reduce((sum, ms) => sum + ms, 0) / apart.length;
    expect(mean).toBeGreaterThan(25);
  });

  it('says nothing of anybody, even where the platform says everything back', async () => {
    const { caller, target } = await openPlatform((told) => {
      const all = [told.body, JSON.stringify(told.headers), PASSWORD, `${LOGIN}:${PASSWORD}`].join(' ');
      const echo = `${all} ${target.account.siret}`;
      if (told.path === '/token') {
        const access_token = 'canary-token-1234567890-1234567890-1234567890';
        return json(200, {
          access_token,
          token_type: 'Bearer',
          expires_in: 3600,
          scope: CLIENT_SECRET,
          echo,
        });
      }
      const challenge = `Bearer realm="DefaultRealm", error="${echo.replaceAll(/[^\x20-\x7e]/g, '?')}"`;
      const body = {
        [PASSWORD]: echo,
        codeRetour: 1,
        libelle: echo,
        listeFactures: [{ dateDepot: PASSWORD }],
      };
      return { ...json(401, body), headers: { 'www-authenticate': challenge, 'content-type': PASSWORD } };
    });
    const rows = await rowsOf(REAL_FACTS, caller);
    const report = reportOf(rows, []);
    expect(report).toContain('[struck out]');
    expect(caller.secrets()).toHaveLength(8);
    for (const secret of [...caller.secrets(), 'Canary', 'anary-client'])
      expect(report).not.toContain(secret);
    expect(report).not.toMatch(/\d{9}/);
  });
});

const isOwn = ({ login }: { login: string }) => login === LOGIN;
