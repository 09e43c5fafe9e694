// The life of a token: cached, shared, renewed in time; never cached where the answer holds none.
import { describe, expect, it } from 'vitest';
import { type Grant, grantOf, openTokens } from '../../../src/adapters/chorus-pro/application.ts';
import type { Reply } from '../../../src/adapters/chorus-pro/call.ts';
import { readAnswer } from '../../../src/adapters/chorus-pro/read-answer.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { granted } from './settings.ts';

const HOUR = 3_600_000;

/** PISTE that grants `token-1`, `token-2`, … for so long, or fails; each request waits for a turn of the loop. */
function piste(lifeMs = HOUR) {
  const asked = { times: 0, failing: false, now: 1_000_000 };
  const failure: Reply = { status: 503, failure: null, headers: {}, body: '' };
  const tokens = openTokens(
    async () => {
      asked.times += 1;
      const token = new Secret(`token-${asked.times}`);
      await new Promise((resolve) => setImmediate(resolve));
      const answer = readAnswer('token', failure, (text) => text, 0);
      return asked.failing ? { answer, cause: null } : { token, lifeMs };
    },
    () => asked.now,
  );
  const get = async () => {
    const got = await tokens.get();
    return got.kind === 'token' ? got.token.reveal() : got.answer.status;
  };
  return { asked, tokens, get };
}

describe('a token', () => {
  it.each([
    ['an hour, less four minutes', HOUR, HOUR - 240_000],
    ['a minute, less a quarter', 60_000, 45_000],
  ])('is kept for %s', async (_, life, kept) => {
    const { asked, get } = piste(life);
    expect(await get()).toBe('token-1');
    asked.now += kept - 1;
    expect(await get()).toBe('token-1');
    asked.now += 1;
    expect(await get()).toBe('token-2');
  });

  it('is not kept when our clock goes back: its age is unknown then', async () => {
    const { asked, get } = piste();
    await get();
    asked.now -= 1;
    expect(await get()).toBe('token-2');
  });

  it('is asked for once, however many wait', async () => {
    const { asked, get } = piste();
    const got = await Promise.all(Array.from({ length: 1_000 }, get));
    expect(new Set(got)).toEqual(new Set(['token-1']));
    expect(asked.times).toBe(1);
  });

  it('is asked for again after a failure, which all who waited share', async () => {
    const { asked, get } = piste();
    asked.failing = true;
    expect(await Promise.all([get(), get()])).toEqual([503, 503]);
    expect(asked.times).toBe(1);
    asked.failing = false;
    expect(await get()).toBe('token-2');
  });

  it('is dropped on demand, but not in place of the one that followed it', async () => {
    const { tokens, get } = piste();
    const first = await tokens.get();
    if (first.kind !== 'token') throw new Error('no token');
    tokens.drop(first.token);
    expect(await get()).toBe('token-2');
    tokens.drop(first.token);
    expect(await get()).toBe('token-2');
  });
});

describe('an answer of PISTE', () => {
  const reply = (body: unknown, change: Partial<Reply> = {}): Reply => ({
    status: 200,
    failure: null,
    headers: {},
    body: JSON.stringify(body),
    ...change,
  });
  const read = (grant: Grant | null) => grant && [grant.token.reveal(), grant.lifeMs];

  it.each([
    ['as PISTE writes it', granted('abc'), ['abc', HOUR]],
    ['with its life as a text', { ...granted('abc'), expires_in: '60' }, ['abc', 60_000]],
    ['of type bearer', { ...granted('abc'), token_type: 'bearer' }, ['abc', HOUR]],
    ['with an empty token', granted(''), null],
    ['with a token that breaks a header', granted('a\r\nb'), null],
    ['without a token', { token_type: 'Bearer', expires_in: 3600 }, null],
    ['without a life, for a short while', { access_token: 'abc', token_type: 'Bearer' }, ['abc', 60_000]],
    ['with null for its life', { ...granted('abc'), expires_in: null }, ['abc', 60_000]],
    ['with a life in words', { ...granted('abc'), expires_in: 'one hour' }, null],
    ['with no life left', { ...granted('abc'), expires_in: 0 }, null],
    ['of another type', { ...granted('abc'), token_type: 'MAC' }, null],
    ['without a type', { access_token: 'abc', expires_in: 3600 }, null],
    ['that is a list', [granted('abc')], null],
  ])('%s is a grant or none', (_, body, grant) => {
    expect(read(grantOf(reply(body)))).toEqual(grant);
  });

  it('is no grant with another status, or when it is not whole', () => {
    expect(grantOf(reply(granted('abc'), { status: 201 }))).toBeNull();
    expect(grantOf(reply(granted('abc'), { failure: 'ECONNRESET' }))).toBeNull();
  });
});
