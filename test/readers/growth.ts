// Measures how the CPU time of reading a text grows with its length: linear readers cost twice as much at twice the length.

/** Something that reads foreign text. */
export interface Reader {
  readonly name: string;
  /** The longest text that is read whole, in characters; or one long enough to measure growth. */
  readonly limit: number;
  /** What the reader's own grammar knows: its words, signs, blanks. */
  readonly atoms: readonly string[];
  readonly read: (text: string) => unknown;
}

/** How a text of the reader's atoms goes on as far as it is asked to. */
interface Shape {
  readonly name: string;
  readonly text: (length: number) => string;
}

/** Random words of several atoms that are tried, beside every atom and every pair. */
const RANDOM_WORDS = 120;
/** So many of the dearest shapes are measured with care. */
const MEASURED = 4;
/** What costs more than this at a quarter of the limit, in ms, is measured at once, and no further than it stays bearable. */
const ABSURD_MS = 100;
/** Less CPU than this tells nothing, in ms: one collection of garbage, or caches that others emptied, would be much of it. */
const LEAST_MS = 25;
/** A linear reader has a growth of 2; what is above this is none. */
const MOST_GROWTH = 2.6;
const TRIES = 3;

/** The CPU time that this thread spends on a work, in ms: neither other processes nor the collector's threads count. */
function cpuOf(work: () => void): number {
  const from = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1_000;
}

/** The mulberry32 generator: the same words at each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const repeated = (word: string, length: number) =>
  word.repeat(Math.ceil(length / word.length)).slice(0, length);

/** Every atom again and again, every pair by turns, one between two others, and words drawn from all. */
function shapesOf(atoms: readonly string[]): Shape[] {
  const shapes: Shape[] = [];
  const shape = (name: string, text: Shape['text']) => shapes.push({ name, text });
  for (const one of atoms) {
    shape(JSON.stringify(one), (length) => repeated(one, length));
    for (const other of atoms) {
      if (other === one) continue;
      shape(JSON.stringify([one, other]), (length) => repeated(one + other, length));
      shape(`${JSON.stringify(one)} between ${JSON.stringify(other)}`, (length) => {
        return `${other}${repeated(one, length - 2 * other.length)}${other}`;
      });
    }
  }
  const draw = seeded(9);
  for (let count = 0; count < RANDOM_WORDS; count++) {
    const size = 3 + Math.floor(draw() * 4);
    const word = Array.from({ length: size }, () => atoms[Math.floor(draw() * atoms.length)]).join('');
    shape(JSON.stringify(word), (length) => repeated(word, length));
  }
  return shapes;
}

/** The dearest shapes at a quarter of the limit: what grows too fast is among them. One that is absurdly dear is enough. */
function dearest({ limit, atoms, read }: Reader): Shape[] {
  const costs: { readonly shape: Shape; readonly cost: number }[] = [];
  for (const shape of shapesOf(atoms)) {
    const text = shape.text(Math.floor(limit / 4));
    const cost = () => cpuOf(() => void read(text));
    const first = cost();
    if (first > ABSURD_MS) return [shape];
    costs.push({ shape, cost: Math.min(first, cost()) });
  }
  costs.sort((one, other) => other.cost - one.cost);
  return costs.slice(0, MEASURED).map(({ shape }) => shape);
}

/** The longest text that is measured: the limit, or less where so much costs too much already. */
function lengthOf({ limit, read }: Reader, { text }: Shape): number {
  let length = Math.ceil(limit / 64);
  while (length < limit && cpuOf(() => void read(text(length))) < ABSURD_MS) length *= 2;
  return Math.min(length, limit);
}

/** CPU time at a length over that at half of it. */
function growthOf({ read }: Reader, { text }: Shape, length: number): number {
  const [half, whole] = [text(Math.floor(length / 2)), text(length)];
  const reads = (one: string, times: number) => () => {
    for (let time = 0; time < times; time++) read(one);
  };
  let times = 1;
  while (cpuOf(reads(half, times)) < LEAST_MS) times *= 2;
  // The half on both sides of the whole: what slows the machine down meanwhile slows both.
  const before = cpuOf(reads(half, times));
  const doubled = cpuOf(reads(whole, times));
  return doubled / Math.max(before, cpuOf(reads(half, times)));
}

/** The shapes that a reader reads in more than linear time, each with its growth (best of three); empty when there is none. */
export function superlinear(reader: Reader): string[] {
  const faults: string[] = [];
  for (const shape of dearest(reader)) {
    const length = lengthOf(reader, shape);
    let best = Number.POSITIVE_INFINITY;
    for (let count = 0; count < TRIES && best > MOST_GROWTH; count++) {
      best = Math.min(best, growthOf(reader, shape, length));
    }
    if (best > MOST_GROWTH) faults.push(`${shape.name}: × ${best.toFixed(1)}`);
  }
  return faults;
}
