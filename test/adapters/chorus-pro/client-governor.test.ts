// Rate limit, back-off and circuit breaker of the client over the wire: what Chorus Pro receives, and what callers learn.
import { afterEach, describe, expect, it } from 'vitest';
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import type { CheckOptions } from '../../../src/domain/ports/credential-verifier.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { json, type Reply, type Script, startChorus } from './scripted-chorus.ts';
import * as say from './settings.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A client before a scripted server, with a clock that the test moves on by `clock.ahead`, and no chance. */
async function scene(script: Script, change: Parameters<typeof say.application>[2] = {}) {
  const server = await startChorus(script);
  const clock = { ahead: 0 };
  const production = say.application(server.url, server.url, change);
  const chorus = openChorus({ production, qualification: null }, () => Date.now() + clock.ahead, {
    random: () => 1,
  });
  closing.push(server.close, () => chorus.close());
  const check = (options?: CheckOptions) =>
    chorus.verify('production', say.LOGIN, new Secret(say.PASSWORD), options);
  return { server, clock, check, close: () => chorus.close() };
}

const made = ({ calls }: Awaited<ReturnType<typeof startChorus>>) => calls.token + calls.tva + calls.rights;
const once =
  (first: Reply, then: Reply): Reply =>
  (response, nth) =>
    (nth === 1 ? first : then)(response, nth);

describe('Retry-After', () => {
  const inTwoMinutes = () => new Date(Date.now() + 120_000).toUTCString();
  it.each<[string, keyof Script, number, () => Record<string, string>, string]>([
    ['seconds on 429', 'rights', 429, () => ({ 'Retry-After': '120' }), 'quota'],
    ['a date on 429', 'rights', 429, () => ({ 'Retry-After': inTwoMinutes() }), 'quota'],
    ['seconds on 503', 'rights', 503, () => ({ 'Retry-After': '120' }), 'chorus-pro-down'],
    ['a date on 503 of PISTE', 'token', 503, () => ({ 'Retry-After': inTwoMinutes() }), 'piste-down'],
  ])('as %s: no call until then, and callers learn why', async (_, call, status, headers, cause) => {
    const happy = { token: json(say.granted(say.TOKEN)), tva: json(say.TVA), rights: json(say.RIGHTS) };
    const { server, clock, check } = await scene({
      [call]: once((response, nth) => json({}, status, headers())(response, nth), happy[call]),
    });
    await check();
    const before = made(server);
    for (const options of [{}, { background: true }]) {
      const verdict = await check(options);
      expect(verdict).toMatchObject({
        kind: 'undetermined',
        cause,
        evidence: { call: 'none', status: null },
      });
      const wait = verdict.kind === 'undetermined' ? (verdict.retryAfterMs ?? 0) : 0;
      expect(wait).toBeGreaterThan(110_000);
      expect(wait).toBeLessThanOrEqual(121_000);
    }
    expect(made(server)).toBe(before);
    clock.ahead += 121_000;
    expect(await check()).toMatchObject({ kind: 'accepted', entitled: true });
  });

  it('of a second is waited for', async () => {
    const { check } = await scene({ rights: once(json({}, 429, { 'Retry-After': '1' }), json(say.RIGHTS)) });
    expect(await check()).toMatchObject({ cause: 'quota', retryAfterMs: 1_000 });
    const before = performance.now();
    expect(await check()).toMatchObject({ kind: 'accepted' });
    expect(performance.now() - before).toBeGreaterThan(900);
  });
});

describe('an environment that is out', () => {
  it('is asked by one at a time, over both hosts together, and its answers are given here meanwhile', async () => {
    const down: Script = { token: json({}, 502), rights: json({}, 502) };
    const { server, clock, check } = await scene({ rights: json({}, 502) });
    for (let nth = 0; nth < 2; nth++) {
      expect(await check()).toMatchObject({ cause: 'chorus-pro-down', evidence: { status: 502 } });
      clock.ahead += 61_000;
    }
    // The token dies on the way: from here on it is PISTE that fails.
    server.script = down;
    clock.ahead += 3_600_000;
    for (let nth = 0; nth < 3; nth++) {
      expect(await check()).toMatchObject({ cause: 'piste-down', evidence: { status: 502 } });
      if (nth < 2) clock.ahead += 61_000;
    }
    const before = made(server);
    const skipped = await Promise.all(Array.from({ length: 20 }, () => check()));
    for (const verdict of skipped) {
      expect(verdict).toMatchObject({
        cause: 'piste-down',
        evidence: { call: 'none', excerpt: 'not asked: circuit open, last token 502' },
      });
    }
    expect(made(server)).toBe(before);
    server.script = {};
    clock.ahead += 61_000;
    const well = await Promise.all(Array.from({ length: 20 }, () => check()));
    expect(well.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(server.calls.token).toBe(1 + 3 + 1);
  });

  it('is not what a wrong password is, however often', async () => {
    const { server, check } = await scene({ rights: json({}, 401, { 'WWW-Authenticate': say.BLAMED }) });
    for (let nth = 0; nth < 8; nth++) expect(await check()).toMatchObject({ kind: 'refused' });
    expect(server.calls.rights).toBe(8);
  });

  it('leaves standing what the look before it cost', async () => {
    const { server, check } = await scene({
      rights: json({}, 401),
      token: once(json(say.granted('token-1')), json({}, 429, { 'Retry-After': '600' })),
    });
    // The first 401 makes the client take a new token, which it does not get.
    expect(await check()).toMatchObject({ cause: 'quota', evidence: { call: 'token', failedLogins: 1 } });
    expect(await check()).toMatchObject({ cause: 'quota', evidence: { call: 'none' } });
    expect((await check()).evidence.failedLogins).toBeUndefined();
    expect(server.calls).toEqual({ token: 2, tva: 0, rights: 1 });
  });

  it('leaves it standing too where the second look never got its turn', async () => {
    let end = () => {};
    const token: Reply = (response, nth) => {
      json(say.granted(`token-${nth}`))(response, nth);
      // By then the second look waits for its turn.
      if (nth === 2) setTimeout(() => end(), 100);
    };
    const { server, check, close } = await scene({ rights: json({}, 401), token }, { callsPerSecond: 3 });
    end = close;
    const verdict = await check();
    expect(verdict).toMatchObject({ cause: 'network', evidence: { call: 'none', failedLogins: 1 } });
    expect(server.calls).toEqual({ token: 2, tva: 0, rights: 1 });
  });
});

describe('the pace', () => {
  it('holds in every second that Chorus Pro sees, tokens among the calls', async () => {
    const seen: number[] = [];
    const noting =
      (reply: Reply): Reply =>
      (response, nth) => {
        seen.push(performance.now());
        reply(response, nth);
      };
    const { check } = await scene(
      {
        token: noting(json(say.granted(say.TOKEN))),
        rights: noting(json(say.RIGHTS)),
      },
      { callsPerSecond: 4, timeoutMs: 10_000 },
    );
    const verdicts = await Promise.all(Array.from({ length: 5 }, () => check()));
    expect(verdicts.every((verdict) => verdict.kind === 'accepted' && verdict.entitled)).toBe(true);
    expect(seen).toHaveLength(6);
    // A call may be late on its way, on a machine that is busy.
    const spans = seen.slice(4).map((at, nth) => at - (seen[nth] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThan(900);
  });

  it('is waited for however long', async () => {
    const { server, check } = await scene({}, { callsPerSecond: 4, timeoutMs: 400 });
    const crowd = await Promise.all(Array.from({ length: 12 }, () => check()));
    expect(crowd.map(({ kind }) => kind)).toEqual(Array(12).fill('accepted'));
    // One call for each, and one for the token.
    expect(server.calls).toMatchObject({ token: 1, tva: 0 });
  });

  it.each([0, 0.5, Number.NaN])('cannot be %d calls a second', async (callsPerSecond) => {
    await expect(scene({}, { callsPerSecond })).rejects.toThrow('callsPerSecond must be a whole number');
  });
});
