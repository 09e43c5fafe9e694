import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DelayFault } from '../../../src/simulator/faults/fault-kinds.ts';
import { delayOf, seededDraw, seedFor } from '../../../src/simulator/faults/seeded-draw.ts';

const SEED = 20_270_104;
const draws = (wait: DelayFault, count = 20_000, seed = SEED) => {
  const draw = seededDraw(seed);
  return Array.from({ length: count }, () => delayOf(wait, draw)).toSorted((one, other) => one - other);
};
const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(sorted.length * share)] ?? 0;

it('draws the same from the same seed, something else from another, and always from 0 to 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
      const [one, same, other] = [seededDraw(seed), seededDraw(seed), seededDraw(seed ^ 1)];
      const drawn = Array.from({ length: 50 }, () => one.next());
      expect(Array.from({ length: 50 }, () => same.next())).toEqual(drawn);
      expect(Array.from({ length: 50 }, () => other.next())).not.toEqual(drawn);
      for (const value of drawn) expect(value >= 0 && value < 1).toBe(true);
    }),
  );
});

it('draws evenly, and gives the rules of one plan seeds of their own', () => {
  const draw = seededDraw(SEED);
  const bins = new Array<number>(10).fill(0);
  for (let count = 0; count < 100_000; count += 1) {
    const at = Math.floor(draw.next() * 10);
    bins[at] = (bins[at] ?? 0) + 1;
  }
  for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(500);
  const seeds = Array.from({ length: 1000 }, (_, at) => seedFor(SEED, at));
  expect(new Set(seeds).size).toBe(1000);
});

describe('a wait', () => {
  it('is fixed, or uniform between two values', () => {
    expect(new Set(draws({ kind: 'delay', ms: 40 }, 10))).toEqual(new Set([40]));
    const even = draws({ kind: 'latency-uniform', min: 100, max: 300 });
    expect([(even[0] ?? 0) >= 100, (even.at(-1) ?? 0) < 300]).toEqual([true, true]);
    for (const share of [0.1, 0.5, 0.9])
      expect(Math.abs(percentile(even, share) - (100 + 200 * share))).toBeLessThan(5);
  });

  it('has a long tail that goes through both of its percentiles', () => {
    const long = draws({ kind: 'latency-long-tail', p50: 120, p99: 4000 });
    expect(percentile(long, 0.5)).toBeGreaterThan(115);
    expect(percentile(long, 0.5)).toBeLessThan(125);
    expect(percentile(long, 0.99)).toBeGreaterThan(3500);
    expect(percentile(long, 0.99)).toBeLessThan(4500);
    expect(long.at(-1)).toBeGreaterThan(8000);
    expect(long.every((ms) => Number.isFinite(ms) && ms > 0)).toBe(true);
    expect(new Set(draws({ kind: 'latency-long-tail', p50: 50, p99: 50 }, 10))).toEqual(new Set([50]));
  });
});
