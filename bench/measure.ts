// Small tools of the measurements: repeat, take the median, print a line.

/** Runs `work` so many times and returns the milliseconds of each run. */
export async function times(
  runs: number,
  work: () => Promise<void> | void,
  before?: () => Promise<void>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let run = 0; run < runs; run++) {
    await before?.();
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken;
}

/** The median. */
export function middle(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

export const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** One line of the report: what was measured, the figure, what it is measured against, the bound. */
export function report(name: string, figure: string, bound: string, good: boolean): void {
  console.log(`${good ? 'ok  ' : 'MISS'} ${name.padEnd(62)} ${figure.padEnd(44)} bound: ${bound}`);
}
