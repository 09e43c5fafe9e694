// The call governor of an application, with calls that fail and succeed on demand, and hours that pass in a moment.
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../src/adapters/chorus-pro/call.ts';
import { openCallGovernor } from '../../../src/adapters/chorus-pro/call-governor.ts';
import { readAnswer } from '../../../src/adapters/chorus-pro/read-answer.ts';
import { nightClock } from './night-clock.ts';

const GOOD: Partial<Reply> = { body: JSON.stringify({ codeRetour: 0, libelle: 'TRA_MSG_00.000' }) };
const DOWN: Partial<Reply> = { status: 503 };
const DEAD: Partial<Reply> = { status: null, failure: 'ECONNREFUSED' };
const REFUSED: Partial<Reply> = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer realm="PISTE",error_description="login or password incorrects"' },
};

/** An application whose calls are answered like this, after so many ms each. */
function scene(perSecond = 1_000, answer: Partial<Reply> = GOOD, tookMs = 0) {
  const clock = nightClock();
  const governor = openCallGovernor(perSecond, clock.timing);
  const start = clock.timing.now();
  const ports = { answer, tookMs, calls: [] as { who: string; at: number }[] };
  const ask = async (who: string, background = false, patienceMs = 30_000) => {
    const passed = await governor.run({
      call: 'recuperer/tauxtva',
      priority: governor.priority({ background }),
      patienceMs,
      async make() {
        ports.calls.push({ who, at: clock.timing.now() - start });
        if (ports.tookMs > 0) await clock.timing.sleep(ports.tookMs);
        const reply = { status: 200, failure: null, headers: {}, body: '', ...ports.answer };
        return readAnswer('recuperer/tauxtva', reply, (text) => text, clock.timing.now());
      },
      answerOf: (made) => made,
    });
    return 'cause' in passed
      ? { instead: passed.cause, ...passed.answer.evidence, inMs: passed.answer.retryAfterMs }
      : passed.status;
  };
  const many = (count: number, background = false) =>
    Promise.all(
      Array.from({ length: count }, (_, nth) => ask(`${nth}`, background, background ? 60_000 : 30_000)),
    );
  return { ...clock, governor, ports, ask, many };
}

describe('a platform that does not answer', () => {
  it('gets five calls, then none, and callers learn why and until when', async () => {
    const { ports, ask } = scene(1_000, DEAD);
    for (let nth = 0; nth < 5; nth++) expect(await ask('first')).toBeNull();
    expect(await ask('next')).toMatchObject({
      instead: 'network',
      call: 'none',
      status: null,
      excerpt: 'not asked: circuit open, last recuperer/tauxtva ECONNREFUSED',
      inMs: 3_750,
    });
    expect(ports.calls).toHaveLength(5);
  });

  it('is tried by one alone, and the others go on when that one is answered', async () => {
    const { ports, ask, many, pass } = scene(1_000, DEAD);
    for (let nth = 0; nth < 5; nth++) await ask('first');
    await pass(3_750);
    ports.calls.length = 0;
    Object.assign(ports, { answer: GOOD, tookMs: 2_000 });
    const all = many(50);
    await pass(1_999);
    expect(ports.calls).toHaveLength(1);
    await pass(2_001);
    expect(new Set(await all)).toEqual(new Set([200]));
    expect(ports.calls).toHaveLength(50);
  });

  it('is tried by one alone, and the others are answered by that one failing', async () => {
    const { ports, ask, many, pass } = scene(1_000, DEAD);
    for (let nth = 0; nth < 5; nth++) await ask('first');
    await pass(3_750);
    ports.calls.length = 0;
    ports.tookMs = 2_000;
    const all = many(50);
    await pass(2_000);
    const [trial, ...others] = await all;
    expect(trial).toBeNull();
    for (const other of others)
      expect(other).toMatchObject({ instead: 'network', call: 'none', inMs: 7_500 });
    expect(ports.calls).toHaveLength(1);
  });

  it('makes no caller wait for a trial longer than its patience', async () => {
    const { ports, ask, pass } = scene(1_000, DEAD);
    for (let nth = 0; nth < 5; nth++) await ask('first');
    await pass(3_750);
    ports.tookMs = 60_000;
    const trial = ask('trial');
    const short = ask('short', false, 1_000);
    await pass(1_000);
    expect(await short).toMatchObject({ instead: 'network', call: 'none', inMs: null });
    await pass(60_000);
    expect(await trial).toBeNull();
  });

  it('answers those at once who waited for their turn when it became known', async () => {
    const { ports, many, pass } = scene(5, DEAD);
    const all = many(40);
    await pass(0);
    expect(await all).toHaveLength(40);
    expect(ports.calls).toHaveLength(5);
  });

  it('is not what a refusal, a quota or a page without sense is', async () => {
    for (const answer of [
      REFUSED,
      { status: 302 },
      { body: '{}' },
      { status: null, failure: 'ERR_CANCELED' },
    ]) {
      const { ports, ask } = scene(1_000, answer);
      for (let nth = 0; nth < 12; nth++) await ask('anybody');
      expect(ports.calls).toHaveLength(12);
    }
  });

  it('is found well again within five minutes of a night of three hours out', async () => {
    const { ports, ask, pass, timing } = scene(2, DOWN);
    const from = timing.now();
    while (timing.now() < from + 3 * 3_600_000) {
      const asked = ask('probe', true, 60_000);
      await pass(60_000);
      await asked;
    }
    expect(ports.calls.length).toBeLessThan(80);
    ports.answer = GOOD;
    const well = timing.now();
    for (;;) {
      const asked = ask('probe', true, 60_000);
      await pass(10_000);
      if ((await Promise.race([asked, null])) === 200) break;
    }
    expect(timing.now() - well).toBeLessThan(310_000);
  });
});

describe('a platform that is in trouble or has had enough', () => {
  const replyWith = (status: number, seconds: number): Partial<Reply> => ({
    status,
    headers: { 'retry-after': String(seconds) },
  });

  it.each([
    [429, 'quota'],
    [503, 'chorus-pro-down'],
  ])('is left alone after %d for as long as it says', async (status, instead) => {
    const { ports, ask, pass } = scene(1_000, replyWith(status, 120));
    await ask('first');
    ports.answer = GOOD;
    for (const background of [false, true]) {
      expect(await ask('next', background, background ? 60_000 : 30_000)).toMatchObject({
        instead,
        call: 'none',
        excerpt: `not asked: a pause, last recuperer/tauxtva ${status}`,
        inMs: 120_000,
      });
    }
    await pass(119_999);
    const waits = ask('last');
    await pass(1);
    expect(await waits).toBe(200);
    expect(ports.calls.map(({ at }) => at)).toEqual([0, 120_000]);
  });

  it('is waited for where that is soon enough', async () => {
    const { ports, ask, pass } = scene(1_000, replyWith(429, 45));
    await ask('first');
    ports.answer = GOOD;
    const [impatient, background] = [ask('next'), ask('probe', true, 60_000)];
    expect(await impatient).toMatchObject({ instead: 'quota' });
    await pass(45_000);
    expect(await background).toBe(200);
  });

  it('is not asked before its pause is over, though the circuit closes sooner', async () => {
    const { ask, many } = scene(1_000, replyWith(503, 600));
    await many(5);
    expect(await ask('next')).toMatchObject({
      ...{ excerpt: 'not asked: circuit open, last recuperer/tauxtva 503', inMs: 600_000 },
    });
  });

  it('has its first pause again after an answer of any other kind', async () => {
    const { ports, ask, pass, timing } = scene(1_000, { status: 500 });
    for (const answer of [{ status: 500 }, { status: 302 }, { status: 500 }]) {
      ports.answer = answer;
      await ask('first');
      await pass(1_000);
    }
    const from = timing.now();
    ports.answer = GOOD;
    expect(await ask('next')).toBe(200);
    expect(timing.now()).toBe(from);
  });

  it('costs a fleet little where it stumbles now and then', async () => {
    const { ports, ask, pass, timing } = scene(2);
    const from = timing.now();
    for (let nth = 0; nth < 300; nth++) {
      ports.answer = nth % 33 === 7 ? { status: 500 } : GOOD;
      let answered: unknown = null;
      void ask('probe', true, 60_000).then((answer) => {
        answered = answer;
      });
      for (let waited = 0; waited < 60_000 && answered === null; waited += 100) await pass(100);
      expect(answered).toBe(ports.answer.status ?? 200);
    }
    expect(ports.calls).toHaveLength(300);
    // Two a second, and no more than a second for each stumble.
    expect(timing.now() - from).toBeLessThan(150_000 + 10 * 1_000 + 10_000);
  });
});

describe('a crowd', () => {
  it('is served at the rate limit, foreground calls first, and no call is refused', async () => {
    const { ports, many, pass } = scene(2);
    const background = many(200, true);
    const impatient = many(100);
    // The first two find free slots; from then on foreground calls go first, however long it takes.
    await pass(55_000);
    expect(new Set(await impatient)).toEqual(new Set([200]));
    await pass(100_000);
    expect(new Set(await background)).toEqual(new Set([200]));
    expect(ports.calls.map(({ who }) => who)).toEqual(
      [
        ...[0, 1],
        ...Array.from({ length: 100 }, (_, nth) => nth),
        ...Array.from({ length: 198 }, (_, nth) => nth + 2),
      ].map(String),
    );
    const gaps = ports.calls.slice(2).map(({ at }, nth) => at - (ports.calls[nth]?.at ?? 0));
    expect(new Set(gaps)).toEqual(new Set([1_001]));
  });

  it('keeps its order over a pause of the other side that it has the patience for', async () => {
    const { ports, governor, many, pass, ask } = scene(2);
    const all = many(6);
    ports.answer = { status: 429, headers: { 'retry-after': '20' } };
    await pass(500);
    ports.answer = GOOD;
    const last = ask('last');
    await pass(30_000);
    expect((await all).slice(2)).toEqual([200, 200, 200, 200]);
    expect(await last).toBe(200);
    expect(ports.calls.map(({ who }) => who)).toEqual(['0', '1', '2', '3', '4', '5', 'last']);
    governor.close();
  });
});
