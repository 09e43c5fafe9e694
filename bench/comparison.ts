// Compares the figures of an old and a new checkout that ran by turns, and says which differences count.
import type { Figures } from './figures.ts';
import { middle } from './measure.ts';

/** A median beyond this counts, where two runs of the old checkout differ by no more than this. */
const TOLERANCE = 0.1;
/** 1.1 s / 1.0 s is within 10 %, whatever the last bit of the quotient says. */
const ROUNDING = 1e-9;

/** One run of a bench in each checkout, one right after the other. */
export interface Pair {
  readonly old: Figures;
  readonly new: Figures;
}

/** `unjudged`: the old checkout differs from itself by more than the tolerance. `missing`: a run has no such number. */
type Outcome = 'within' | 'beyond' | 'unjudged' | 'missing';

export interface Comparison {
  readonly name: string;
  /** Medians of the figure itself. */
  readonly old: number;
  readonly new: number;
  /** new/old of each pair, and their median. */
  readonly ratios: readonly number[];
  readonly ratio: number;
  /** The largest difference between two old runs in a row, as a share; Infinity where there is only one. */
  readonly spread: number;
  readonly outcome: Outcome;
}

const quotient = (one: number, other: number) => (one === other ? 1 : one / other);
const isClose = (difference: number) => difference <= TOLERANCE + ROUNDING;
const differenceOf = (ratio: number) => Math.abs(ratio - 1);

function outcomeOf(complete: boolean, ratio: number, spread: number): Outcome {
  if (!complete) return 'missing';
  if (!isClose(spread)) return 'unjudged';
  return isClose(differenceOf(ratio)) ? 'within' : 'beyond';
}

function compareFigure(name: string, pairs: readonly Pair[]): Comparison {
  const old = pairs.map((pair) => pair.old[name] ?? Number.NaN);
  const fresh = pairs.map((pair) => pair.new[name] ?? Number.NaN);
  const ratios = fresh.map((figure, nth) => quotient(figure, old[nth] ?? Number.NaN));
  const ratio = middle(ratios);
  // The runs go old, new, old, new …: each old run and the next one are the old/old pairs, with one other run between them.
  const again = old.slice(1).map((figure, nth) => differenceOf(quotient(figure, old[nth] ?? Number.NaN)));
  const spread = again.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...again);
  const complete = [...old, ...fresh].every(Number.isFinite);
  const outcome = outcomeOf(complete, ratio, spread);
  return { name, old: middle(old), new: middle(fresh), ratios, ratio, spread, outcome };
}

/** One comparison for each figure that any of the runs has. */
export function compare(pairs: readonly Pair[]): readonly Comparison[] {
  const names = new Set(pairs.flatMap((pair) => [...Object.keys(pair.old), ...Object.keys(pair.new)]));
  return [...names].map((name) => compareFigure(name, pairs));
}

/** Whether the new checkout passes: every figure is there, and no judged one is beyond the tolerance. */
export const passes = (comparisons: readonly Comparison[]) =>
  comparisons.length > 0 &&
  comparisons.every(({ outcome }) => outcome === 'within' || outcome === 'unjudged');

const shown = (figure: number) => (Number.isFinite(figure) ? String(Number(figure.toPrecision(4))) : '-');

function verdictOf({ outcome, ratio, spread }: Comparison): string {
  if (outcome === 'missing') return 'MISSING in a run';
  if (outcome === 'within') return 'ok';
  if (outcome === 'beyond') return 'BEYOND 10 %';
  if (!Number.isFinite(spread)) return 'not judged: no old/old pair';
  return `not judged: old/old differ${differenceOf(ratio) > spread ? '; yet BEYOND that' : ''}`;
}

const row = ([name = '', ...cells]: readonly string[], verdict: string) =>
  `${name.padEnd(62)}${cells.map((cell) => cell.padStart(10)).join('')}  ${verdict}`;

/** The comparisons as lines for people. */
export function tableOf(comparisons: readonly Comparison[]): readonly string[] {
  return [
    row(['figure', 'old', 'new', 'new/old', 'old/old'], ''),
    ...comparisons.map((one) => {
      const spread = Number.isFinite(one.spread) ? `±${(one.spread * 100).toFixed(1)} %` : '-';
      const cells = [one.name, shown(one.old), shown(one.new), one.ratio.toFixed(3), spread];
      const each = one.ratios.map((ratio) => ratio.toFixed(2)).join(' ');
      return row(cells, `${verdictOf(one)} (${each})`);
    }),
  ].map((line) => line.trimEnd());
}
