// Judges a night by what the platform saw of it and by what the books say: the pace, the spread, nobody twice, nobody left out.
import { expect } from 'vitest';
import type { Database } from '../../src/adapters/database/database.ts';
import type { Arrived } from './night-chorus.ts';

/** The most calls that arrived within any one second. */
export function mostInASecond(arrived: readonly Arrived[]): number {
  const at = arrived.map((one) => one.at).toSorted((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < at.length; last += 1) {
    while ((at[last] ?? 0) - (at[first] ?? 0) >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The fullest and the emptiest stretch of so many ms, as shares of what would be fair. */
export function spread(instants: readonly number[], begin: number, end: number, stretch: number) {
  const counts = Array<number>(Math.floor((end - begin) / stretch)).fill(0);
  for (const at of instants) {
    const place = Math.floor((at - begin) / stretch);
    if (place < counts.length) counts[place] = (counts[place] ?? 0) + 1;
  }
  const fair = (instants.length * stretch) / (end - begin);
  return { fullest: Math.max(...counts) / fair, emptiest: Math.min(...counts) / fair };
}

/** How much the order of one list tells of the order of another: 1 all, 0 nothing (Spearman). */
export function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  const ranksOf = (values: readonly number[]) => {
    const ranks = Array<number>(values.length);
    const order = values.map((_, place) => place).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    for (const [rank, place] of order.entries()) ranks[place] = rank;
    return ranks;
  };
  const [first, second] = [ranksOf(one), ranksOf(other)];
  const apart = first.reduce((sum, rank, place) => sum + (rank - (second[place] ?? 0)) ** 2, 0);
  return 1 - (6 * apart) / (first.length * (first.length ** 2 - 1));
}

/** When each account is asked next (ms), in the order of the accounts. */
export async function plannedNext(db: Database['db']): Promise<number[]> {
  const rows = await db.selectFrom('health').select('next_at').orderBy('technical_user_id').execute();
  return rows.map((row) => row.next_at);
}

/** All were heard of since an instant (ms) and all is well; nobody was written to, nothing is left over. */
export async function expectAllWell(db: Database['db'], count: number, since: number): Promise<void> {
  const rows = await db.selectFrom('health').select(['state', 'worked_at', 'lease', 'wanted']).execute();
  expect(rows).toHaveLength(count);
  const unwell = rows.filter(
    ({ state, worked_at: at, lease, wanted }) =>
      state !== 'working' || (at ?? 0) < since || lease !== null || wanted !== 0,
  );
  expect(unwell).toEqual([]);
  for (const table of ['alarms', 'letters'] as const) {
    expect(await db.selectFrom(table).select('kind').execute()).toEqual([]);
  }
}
