// The pairs of `npm run bench:pairs`: printed lines read as figures, and old and new figures judged.
import { describe, expect, test } from 'vitest';
import { compare, type Pair, passes, tableOf } from '../../bench/comparison.ts';
import { benchesNamed, figuresOf, linesOf } from '../../bench/figures.ts';
import { ms, report } from '../../bench/measure.ts';

/** The lines of a bench that reports these figures. */
const printed = (...lines: [name: string, figure: string][]) =>
  linesOf(async () => {
    for (const [name, figure] of lines) report(name, figure, '10', true);
  });

/** Runs by turns of a bench with one figure: old, new, old, new … */
const byTurns = (...runs: [old: number, fresh: number][]): Pair[] =>
  runs.map(([old, fresh]) => ({ old: { figure: old }, new: { figure: fresh } }));

const verdict = (...runs: [old: number, fresh: number][]) => compare(byTurns(...runs))[0];

describe('the figures of printed lines', () => {
  test('a line with one number has one, without what stands in brackets', async () => {
    const lines = await printed(
      ['start to ready, 1,000 users', '0.54 s'],
      ['from POST to the sink read back, p50', '12 ms (with the proof 14 ms, bare 0.61 ms, ratio 20)'],
      ['1,000 rotations in a minute, published', '1000'],
    );
    expect(figuresOf(lines)).toEqual({
      'start to ready, 1,000 users': 0.54,
      'from POST to the sink read back, p50': 12,
      '1,000 rotations in a minute, published': 1000,
    });
  });

  test('a line with a ratio has two: the ratio, and its first term', async () => {
    const lines = await printed(
      ['tick, 100,000 users, 500 due / bare SQL', '38 ms / 19 ms = 2.04'],
      ['verdicts, one by one / bare axios', '1513/s / 1574/s, time × 1.04'],
      ['300 in a minute, two calls a second: proven / the pace alone', '150.2 s / 150 s = 1.00'],
    );
    expect(figuresOf(lines)).toEqual({
      'tick, 100,000 users, 500 due / bare SQL': 2.04,
      'tick, 100,000 users, 500 due': 38,
      'verdicts, one by one / bare axios': 1.04,
      'verdicts, one by one': 1513,
      '300 in a minute, two calls a second: proven / the pace alone': 1,
      '300 in a minute, two calls a second: proven': 150.2,
    });
  });

  test('a miss counts as well, a figure longer than its column too, and no other line', async () => {
    const lines = [
      '2 × AMD EPYC, 24 GiB, Node.js v26.10.0',
      '',
      `MISS ${'resident memory, 100,000 users'.padEnd(62)} 145 MiB (after 500 letters and 16 MB of metrics) bound: 150 MB`,
    ];
    expect(figuresOf(lines)).toEqual({ 'resident memory, 100,000 users': 145 });
  });

  test('what is no number reads as none', async () => {
    expect(figuresOf(await printed(['demo', 'NaN s'], ['late', 'Infinity ms'], ['other', 'never']))).toEqual({
      demo: Number.NaN,
      late: Number.POSITIVE_INFINITY,
      other: Number.NaN,
    });
  });

  test('they have more digits than people read, and only while a bench runs', async () => {
    const lines = await linesOf(async () => report('p50', `${ms(11.6251)} (${ms(9.5)})`, '15 ms', true));
    expect(figuresOf(lines)).toEqual({ p50: 11.625 });
    expect(ms(11.6251)).toBe('12 ms');
  });

  test('benches run in their own order; an unknown one is told', () => {
    expect(benchesNamed(['proof', 'tick'])).toEqual(['tick', 'proof']);
    expect(benchesNamed([])).toHaveLength(8);
    expect(() => benchesNamed(['tock'])).toThrow('no bench tock');
  });
});

describe('five pairs', () => {
  test('the median of the ratios counts, not the ratio of the medians, and no single pair', () => {
    const one = verdict([100, 105], [102, 300], [98, 101], [100, 20], [100, 104]);
    expect(one).toMatchObject({ ratio: 1.04, outcome: 'within' });
    expect(one?.spread).toBeCloseTo(0.039, 3);
  });

  test('beyond 10 % either way does not pass; 10 % does', () => {
    const [slower, faster] = [verdict([100, 111], [100, 112]), verdict([100, 89], [100, 88])];
    expect([slower?.outcome, faster?.outcome]).toEqual(['beyond', 'beyond']);
    expect(passes(compare(byTurns([100, 111], [100, 112])))).toBe(false);
    expect(verdict([1.0, 1.1], [1.0, 1.1])?.outcome).toBe('within');
    expect(passes(compare(byTurns([1.0, 1.1], [1.0, 1.1])))).toBe(true);
  });

  test('a figure whose old runs in a row differ by more is printed, not judged', () => {
    const noisy = byTurns([100, 150], [112, 150], [100, 150]);
    const [one] = compare(noisy);
    expect(one).toMatchObject({ outcome: 'unjudged', ratio: 1.5 });
    expect(passes(compare(noisy))).toBe(true);
    expect(tableOf(compare(noisy)).join('\n')).toContain('yet BEYOND that');
    expect(tableOf(compare(byTurns([100, 108], [112, 115]))).join('\n')).not.toContain('BEYOND');
  });

  test('a single pair judges nothing', () => {
    expect(verdict([100, 200])?.outcome).toBe('unjudged');
  });

  test('a figure that a run lacks, or that is no number, does not pass', () => {
    const lacking: Pair[] = [
      { old: { gone: 1 }, new: {} },
      { old: { gone: 1 }, new: { added: 1 } },
    ];
    expect(compare(lacking).map(({ outcome }) => outcome)).toEqual(['missing', 'missing']);
    expect(passes(compare(lacking))).toBe(false);
    expect(passes(compare(byTurns([1, Number.NaN], [1, 1])))).toBe(false);
    expect(passes(compare([]))).toBe(false);
  });

  test('nothing stays nothing', () => {
    expect(verdict([0, 0], [0, 0])).toMatchObject({ ratio: 1, spread: 0, outcome: 'within' });
  });

  test('the table has a line for each figure, with every ratio', () => {
    expect(tableOf(compare(byTurns([100, 105], [102, 103])))).toEqual([
      expect.stringMatching(/^figure +old +new +new\/old +old\/old$/),
      expect.stringMatching(/^figure +102 +105 +1\.050 +±2\.0 % {2}ok \(1\.05 1\.01\)$/),
    ]);
  });
});
