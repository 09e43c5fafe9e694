// The edit distance of two words, to recognise typing errors.

/**
 * How many letters must be inserted, deleted, replaced or swapped to turn one word into the other (Damerau–Levenshtein);
 * without `swaps`, a swap counts as two replacements.
 */
export function distance(a: string, b: string, { swaps = true } = {}): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The most letters that may differ between the typed and the meant word. */
const MAX_ERRORS = 3;

/** The distance of a candidate from the typed text: 0 when it contains all of it, null when they are not similar. */
export function farness(typed: string, candidate: string): number | null {
  const [a, b] = [typed.toLowerCase(), candidate.toLowerCase()];
  if (a.length >= 3 && b.includes(a)) return 0;
  if (b.length >= 3 && a.includes(b)) return MAX_ERRORS;
  if (Math.abs(a.length - b.length) > MAX_ERRORS) return null;
  const far = distance(a, b);
  return far <= Math.min(MAX_ERRORS, Math.floor(a.length / 3)) ? far : null;
}
