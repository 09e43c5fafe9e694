// The back-off of an application: pauses that a server asks for, pauses of its own, and a short one after a single failure.
import { describe, expect, it } from 'vitest';
import { openBackOff } from '../../../src/adapters/chorus-pro/circuit-breaker.ts';
import { readAnswer } from '../../../src/adapters/chorus-pro/read-answer.ts';

const WHY = { cause: 'chorus-pro-down', seen: 'recuperer/tauxtva 500' } as const;

function scene(chance = 1) {
  const time = { now: 1_000 };
  const backOff = openBackOff(
    () => time.now,
    () => chance,
  );
  const meet = (status: number, retryAfter: string | null = null, begunAt = time.now) => {
    const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': retryAfter };
    const reply = { status, failure: null, headers, body: '' };
    const answer = readAnswer('recuperer/tauxtva', reply, (text) => text, time.now);
    const pause = backOff.recordAnswer(answer, WHY, begunAt);
    return pause === null ? null : pause.until - time.now;
  };
  return { time, backOff, meet };
}

describe('a pause', () => {
  it('doubles from a second to a minute while nothing good comes', () => {
    const { time, meet } = scene();
    const spans = Array.from({ length: 8 }, (_, nth) => {
      time.now += 60_001;
      return meet(nth % 2 === 0 ? 429 : 500);
    });
    expect(spans).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('is between half and whole, by chance', () => {
    expect(scene(0).meet(500)).toBe(500);
    expect(scene(0.5).meet(500)).toBe(750);
  });

  it('is the first again after a good answer', () => {
    const { time, backOff, meet } = scene();
    meet(500);
    time.now += 5_000;
    backOff.succeeded();
    expect(meet(502)).toBe(1_000);
  });

  it('is one for all calls that were under way together', () => {
    const { time, backOff, meet } = scene();
    const begunAt = time.now;
    time.now += 50;
    expect(meet(503, null, begunAt)).toBe(1_000);
    time.now += 10;
    expect(meet(503, null, begunAt)).toBeNull();
    expect(backOff.current()).toMatchObject({ until: time.now + 990 });
    time.now += 990;
    expect(backOff.current()).toBeNull();
    expect(meet(503)).toBe(2_000);
  });

  it.each([
    [429, '90', 90_000],
    [503, '3600', 3_600_000],
    // Told nothing that helps, or by an answer that has no word in it: our own.
    [503, '0', 1_000],
    [500, '3600', 1_000],
    [429, 'soon', 1_000],
  ])('is as long as %d with Retry-After %s says', (status, retryAfter, ms) => {
    const { backOff, meet, time } = scene();
    expect(meet(status, retryAfter)).toBe(ms);
    expect(backOff.current()).toEqual({ until: time.now + ms, ...WHY });
  });

  it('is not made shorter by a shorter one', () => {
    const { time, backOff, meet } = scene();
    const begunAt = time.now;
    meet(429, '120');
    expect(meet(429, '5', begunAt)).toBeNull();
    expect(backOff.current()).toMatchObject({ until: time.now + 120_000 });
  });
});
