// The names of the benches, and their printed lines read back as numbers, so that a program can compare them.

/** In the order in which `npm run bench` runs them; bench/NAME.ts exports `benchName`. */
const BENCHES = ['tick', 'letters', 'daemon', 'load', 'commands', 'lists', 'handover', 'proof'] as const;
export type BenchName = (typeof BENCHES)[number];

/** The names given, or all of them where none is; an unknown one is an error. */
export function benchesNamed(given: readonly string[]): readonly BenchName[] {
  const unknown = given.filter((name) => !BENCHES.some((bench) => bench === name));
  if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are: ${BENCHES.join(', ')}`);
  return given.length === 0 ? BENCHES : BENCHES.filter((bench) => given.includes(bench));
}

/** Numbers by the name of the figure, in the order of the lines. */
export type Figures = Readonly<Record<string, number>>;

const NUMBER = String.raw`(\d[\d.]*|NaN|Infinity)`;
const FIRST = new RegExp(NUMBER);
/** `38 ms / 19 ms = 2.04` and `1513/s / 1574/s, time × 1.04`. */
const RATIO = new RegExp(`[=×] ${NUMBER}$`);
/** bench/measure.ts pads the name to 62 characters. */
const LINE = /^(?:ok {2}|MISS) (.{62,}?) (\S.*?) +bound: /;

/**
 * Reads the lines of `report` (bench/measure.ts). A line with one number gives one figure. A line with a ratio, `A / B`, gives
 * two: the ratio under the line's name, and its first term under the part of the name before the ` / `. What stands in
 * brackets is not read.
 */
export function figuresOf(lines: readonly string[]): Figures {
  const figures: Record<string, number> = {};
  for (const line of lines) {
    const [, padded = '', printed = ''] = LINE.exec(line) ?? [];
    const name = padded.trimEnd();
    if (name === '') continue;
    const [value = ''] = printed.split(' (');
    const first = Number(FIRST.exec(value)?.[1] ?? Number.NaN);
    const ratio = RATIO.exec(value)?.[1];
    if (ratio !== undefined) figures[name] = Number(ratio);
    figures[ratio === undefined ? name : (name.split(' / ')[0] ?? name)] = first;
  }
  return figures;
}

/** Digits that a printed number gets beyond those that are meant for people: `12 ms` alone could be 4 % off. */
const MORE_DIGITS = 3;

/** Runs benches and returns the lines that they print, with more digits, instead of printing them. */
export async function linesOf(work: () => Promise<void>): Promise<readonly string[]> {
  const lines: string[] = [];
  const { log } = console;
  const { toFixed } = Number.prototype;
  console.log = (line: string) => void lines.push(line);
  // The benches format their numbers themselves, those of an older checkout too, and all do it with toFixed.
  Number.prototype.toFixed = function (digits = 0) {
    return toFixed.call(this, digits + MORE_DIGITS);
  };
  try {
    await work();
  } finally {
    console.log = log;
    Number.prototype.toFixed = toFixed;
  }
  return lines;
}
