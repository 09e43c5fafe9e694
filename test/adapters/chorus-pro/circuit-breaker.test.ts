// The circuit breaker: when it opens, for how long, and that one trial call comes before all others.
import { describe, expect, it } from 'vitest';
import { openCircuitBreaker } from '../../../src/adapters/chorus-pro/circuit-breaker.ts';

const DOWN = { cause: 'piste-down', seen: 'token 503' } as const;

/** A breaker with a clock moved by hand; `chance` is from 0 to 1. */
function scene(chance = 1) {
  const time = { now: 1_000 };
  const breaker = openCircuitBreaker(
    () => time.now,
    () => chance,
  );
  const fail = (times: number) =>
    Array.from({ length: times }, () => breaker.failed(DOWN, { isTrial: false }));
  /** The next trial fails: for how long it is open again. */
  const failTrial = () => {
    const { kind } = breaker.state();
    expect(kind).toBe('trial');
    breaker.failed(DOWN, { isTrial: true });
    breaker.endTrial();
    const state = breaker.state();
    return state.kind === 'open' ? state.inMs : null;
  };
  return { time, breaker, fail, failTrial };
}

describe('the circuit breaker', () => {
  it('opens with the fifth failure in a row, and tells why', () => {
    const { breaker, fail } = scene();
    expect(fail(4)).toEqual([false, false, false, false]);
    expect(breaker.state()).toEqual({ kind: 'closed' });
    expect(fail(1)).toEqual([true]);
    expect(breaker.state()).toEqual({ kind: 'open', inMs: 5_000, last: DOWN });
  });

  it('counts from the beginning when anybody answers', () => {
    const { breaker, fail } = scene();
    fail(4);
    breaker.answered();
    fail(4);
    expect(breaker.state()).toEqual({ kind: 'closed' });
  });

  it.each([
    [0, 2_500],
    [0.5, 3_750],
  ])('stays open for less than its span by chance %d', (chance, inMs) => {
    const { breaker, fail } = scene(chance);
    fail(5);
    expect(breaker.state()).toMatchObject({ kind: 'open', inMs });
  });

  it('lets one try when its time is over, while the others wait for the outcome', async () => {
    const { time, breaker, fail } = scene();
    fail(5);
    time.now += 4_999;
    expect(breaker.state()).toMatchObject({ kind: 'open', inMs: 1 });
    time.now += 1;
    expect(breaker.state()).toEqual({ kind: 'trial' });
    const other = breaker.state();
    expect(other).toMatchObject({ kind: 'tried', last: DOWN });
    breaker.answered();
    breaker.endTrial();
    if (other.kind === 'tried') await other.outcome;
    expect(breaker.state()).toEqual({ kind: 'closed' });
  });

  it('stays open twice as long after each trial that fails, up to five minutes, and starts over when all is well', () => {
    const { time, breaker, fail, failTrial } = scene();
    fail(5);
    const spans: (number | null)[] = [];
    for (let nth = 0; nth < 8; nth++) {
      time.now += 300_000;
      spans.push(failTrial());
    }
    expect(spans).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
    breaker.answered();
    fail(5);
    expect(breaker.state()).toMatchObject({ kind: 'open', inMs: 5_000 });
  });

  it('allows another trial when a trial had no outcome', () => {
    const { time, breaker, fail } = scene();
    fail(5);
    time.now += 5_000;
    breaker.state();
    breaker.endTrial();
    expect(breaker.state()).toEqual({ kind: 'trial' });
  });

  it('is not kept open by calls that were under way when it opened, and closed by one that is answered', () => {
    const { time, breaker, fail } = scene();
    fail(5);
    time.now += 4_000;
    expect(fail(3)).toEqual([false, false, false]);
    expect(breaker.state()).toMatchObject({ kind: 'open', inMs: 1_000 });
    breaker.answered();
    expect(breaker.state()).toEqual({ kind: 'closed' });
  });
});
