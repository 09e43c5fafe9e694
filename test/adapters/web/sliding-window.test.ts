import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slidingWindow, waitingLine } from '../../../src/adapters/web/rate-limits.ts';

describe('a sliding window', () => {
  it('gives room exactly when a plain list of everything taken would', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(60), key: fc.constantFrom('a', 'b') }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (all, count) => {
        const window = slidingWindow({ count, perMs: 100 });
        const taken: Record<string, number[]> = { a: [], b: [] };
        let now = 1_000;
        for (const { wait, key } of all) {
          now += wait;
          const recent = (taken[key] ?? []).filter((at) => at > now - 100);
          const answer = window.take(key, now);
          expect(answer.ok).toBe(recent.length < count);
          if (answer.ok) taken[key]?.push(now);
        }
      }),
    );
  });

  it('says exactly when there is room again, and a refusal does not put it off', () => {
    const window = slidingWindow({ count: 2, perMs: 100 });
    for (const at of [0, 40]) expect(window.take('a', at)).toEqual({ ok: true });
    for (const at of [50, 60, 99])
      expect(window.take('a', at)).toEqual({ ok: false, retryAfterMs: 100 - at });
    expect(window.take('a', 100)).toEqual({ ok: true });
    expect(window.take('a', 101)).toEqual({ ok: false, retryAfterMs: 39 });
  });

  it('remembers a bounded number of keys, forgetting the one longest without a visit', () => {
    const window = slidingWindow({ count: 1, perMs: 1_000_000 });
    for (let key = 0; key < 10_000; key++) window.take(`${key}`, key);
    expect(window.take('0', 10_000).ok).toBe(false);
    for (let key = 10_000; key < 50_000; key++) {
      window.take(`${key}`, key);
      if (key % 50 === 0) expect(window.take('0', key).ok).toBe(false);
    }
    const remembered = Array.from({ length: 50_000 }, (_, key) => window.waitFor(`${key}`, 50_000) > 0);
    expect(remembered.filter(Boolean)).toHaveLength(10_000);
    expect(window.take('1', 50_000).ok).toBe(true);
  });

  it('locks nobody out when the clock is set back', () => {
    const window = slidingWindow({ count: 1, perMs: 1_000 });
    window.take('a', 10_000_000);
    expect(window.take('a', 5_000)).toEqual({ ok: true });
    expect(window.take('a', 5_001)).toEqual({ ok: false, retryAfterMs: 999 });
  });
});

describe('a waiting line', () => {
  it('gives places in the order of coming, never more than so many in any window, and never after the longest wait', () => {
    const comings = fc.array(fc.nat(80), { maxLength: 300 });
    fc.assert(
      fc.property(comings, fc.integer({ min: 1, max: 5 }), (gaps, count) => {
        const line = waitingLine({ count, perMs: 100 }, 500);
        const places: number[] = [];
        let now = 1_000;
        for (const gap of gaps) {
          now += gap;
          const ms = line.waitFor(now);
          if (ms > 500) continue;
          expect(line.take(now)).toBe(ms);
          places.push(now + ms);
        }
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (let n = count; n < places.length; n++)
          expect((places[n] ?? 0) - (places[n - count] ?? 0)).toBeGreaterThanOrEqual(100);
      }),
    );
  });

  it('locks nobody out when the clock is set back', () => {
    const line = waitingLine({ count: 1, perMs: 1_000 }, 5_000);
    line.take(10_000_000);
    expect(line.waitFor(5_000)).toBe(0);
    expect(line.take(5_000)).toBe(0);
    expect(line.take(5_001)).toBe(999);
  });
});
