// The rate limit: no second has too many calls, foreground calls go first, and a waiting call keeps its place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Admission, openRateLimiter } from '../../../src/adapters/chorus-pro/rate-limiter.ts';
import { monotonic } from '../../../src/adapters/chorus-pro/timing.ts';
import { nightClock, settled } from './night-clock.ts';

interface Wish {
  readonly afterMs: number;
  readonly background?: boolean;
  /** The longest pause that is worth waiting for. */
  readonly forMs?: number;
}

interface Outcome {
  readonly wish: Wish;
  readonly ticket: number;
  readonly askedAt: number;
  answeredAt: number | null;
  admission: Admission | null;
}

/** Plays wishes as they come, and pauses: after so many ms, for so many. */
async function play(perSecond: number, wishes: readonly Wish[], pauses: readonly [number, number][] = []) {
  const { timing, goTo } = nightClock();
  const start = timing.now();
  const pace = openRateLimiter(perSecond, timing.now, timing.sleep);
  const outcomes: Outcome[] = [];
  const events: { at: number; run(): void }[] = pauses.map(([at, ms]) => ({
    at,
    run: () => pace.pauseUntil(timing.now() + ms),
  }));
  let at = 0;
  for (const [ticket, wish] of wishes.entries()) {
    at += wish.afterMs;
    const { background = false, forMs = 30_000 } = wish;
    const outcome: Outcome = { wish, ticket, askedAt: start + at, answeredAt: null, admission: null };
    outcomes.push(outcome);
    const run = async () => {
      const claim = { background, ticket, patienceMs: forMs };
      outcome.admission = await pace.admit(claim);
      outcome.answeredAt = timing.now();
    };
    events.push({ at, run });
  }
  for (const event of events.sort((one, other) => one.at - other.at)) {
    await goTo(start + event.at);
    event.run();
  }
  await goTo(start + at + 3_600_000);
  const times = outcomes
    .filter(({ admission }) => admission?.kind === 'go')
    .map(({ answeredAt }) => (answeredAt ?? 0) - start);
  return { outcomes, times: times.sort((one, other) => one - other) };
}

/** The most turns in any second. */
const fullest = (times: readonly number[]) =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + 1_000).length));

const wishes = fc.array(
  fc.record({
    afterMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(2_500) }),
    background: fc.boolean(),
    forMs: fc.constantFrom(0, 900, 5_000, 60_000),
  }),
  { maxLength: 60, size: 'max' },
);

describe('the pace of calls', () => {
  it('lets as many leave at once as a second may hold, and the others when there is room', async () => {
    const { times } = await play(
      2,
      Array.from({ length: 5 }, () => ({ afterMs: 0 })),
    );
    expect(times).toEqual([0, 0, 1_001, 1_001, 2_002]);
  });

  it('holds in any window of one second, and serves all patient requests in any order of arrival', async () => {
    let waited = 0;
    const pauses = fc.array(fc.tuple(fc.nat(20_000), fc.nat(4_000)), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), wishes, pauses, async (perSecond, made, held) => {
        const { outcomes, times } = await play(perSecond, made, held);
        expect(fullest(times)).toBeLessThanOrEqual(perSecond);
        for (const [from, ms] of held) {
          expect(times.filter((at) => at > from && at < from + ms)).toEqual([]);
        }
        for (const { wish, askedAt, answeredAt, admission } of outcomes) {
          expect(admission).not.toBeNull();
          const took = (answeredAt ?? Number.NaN) - askedAt;
          // Only a pause that is longer than somebody's patience turns him away.
          if (admission?.kind === 'late') expect(held.some(([, ms]) => ms > (wish.forMs ?? 0))).toBe(true);
          if (took > 0 && admission?.kind === 'go') waited += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(waited).toBeGreaterThan(300);
  });

  it('serves those for whom somebody waits first, and each kind in its order', async () => {
    const crowd = Array.from({ length: 12 }, (_, nth) => ({
      afterMs: 0,
      background: nth < 8,
      forMs: 60_000,
    }));
    const { outcomes } = await play(1, crowd);
    const order = outcomes.toSorted((one, other) => (one.answeredAt ?? 0) - (other.answeredAt ?? 0));
    // The first one found the way free.
    expect(order.map(({ ticket }) => ticket)).toEqual([0, 8, 9, 10, 11, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('makes everybody wait in his place, however long the line is, and leaves no room unused', async () => {
    const crowd = Array.from({ length: 300 }, (_, nth) => ({ afterMs: nth % 5 === 0 ? 1_000 : 0, forMs: 0 }));
    const { outcomes, times } = await play(2, crowd);
    expect(outcomes.map(({ admission }) => admission?.kind)).toEqual(crowd.map(() => 'go'));
    expect(outcomes.map(({ answeredAt }) => answeredAt)).toEqual(
      outcomes.map(({ answeredAt }) => answeredAt).toSorted(),
    );
    expect(times.at(-1)).toBe(1_000 + 149 * 1_001);
  });

  it('tells at once who would wait in vain for the end of a pause, and when to come again', async () => {
    const { outcomes } = await play(
      2,
      [...Array.from({ length: 4 }, () => ({ afterMs: 100 })), { afterMs: 100, forMs: 1_500 }],
      [[50, 2_000]],
    );
    const last = outcomes.at(-1);
    // The pause ends in 1,550 ms, and four requests are before this one.
    expect(last).toMatchObject({ admission: { kind: 'late', inMs: 1_550 + 2 * 1_001 } });
    expect(last?.answeredAt).toBe(last?.askedAt);
  });

  it('tells those who wait when a pause is longer than they may wait', async () => {
    const { outcomes, times } = await play(
      1,
      [{ afterMs: 0 }, { afterMs: 0, forMs: 5_000 }, { afterMs: 0, background: true, forMs: 60_000 }],
      [[500, 30_000]],
    );
    expect(outcomes.map(({ admission }) => admission?.kind)).toEqual(['go', 'late', 'go']);
    expect((outcomes[1]?.answeredAt ?? 0) - (outcomes[1]?.askedAt ?? 0)).toBe(500);
    expect(times).toEqual([0, 30_500]);
  });

  it('wakes no request when none waits any more, and serves later ones', async () => {
    const { timing, pass, sleeping } = nightClock();
    const pace = openRateLimiter(1, timing.now, timing.sleep);
    const claim = { background: false, ticket: 1, patienceMs: 30_000 };
    expect(await pace.admit(claim)).toEqual({ kind: 'go' });
    const left = pace.admit(claim);
    await settled();
    expect(sleeping()).toBe(1);
    pace.wakeAll();
    expect(await left).toEqual({ kind: 'again' });
    expect(sleeping()).toBe(0);
    const next = pace.admit(claim);
    await pass(1_001);
    expect(await next).toEqual({ kind: 'go' });
    pace.close();
    expect(await pace.admit(claim)).toEqual({ kind: 'gone' });
  });

  it('does not stop for an hour when our clock is set back by an hour', async () => {
    const { timing, set, pass } = nightClock();
    const pace = openRateLimiter(1, monotonic(timing.now), timing.sleep);
    const claim = { background: true, ticket: 1, patienceMs: 30_000 };
    await pace.admit(claim);
    set(timing.now() - 3_600_000);
    const next = pace.admit(claim);
    await pass(1_001);
    expect(await next).toEqual({ kind: 'go' });
  });
});
