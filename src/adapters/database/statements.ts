// What statements on several tables share: portions that fit into one statement, upserts, and due instants.
import { type Insertable, type Kysely, sql } from 'kysely';
import type { Schema } from './schema/schema.ts';

/** Rows in one statement: the widest table has 20 columns, and an engine takes 32,766 parameters. */
const ROWS = 500;
/** Keys in one `in (…)`; both engines take more. */
export const KEYS = 1_000;

/** The rows in portions that fit into one statement. */
export function chunks<T>(rows: readonly T[], size = ROWS): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < rows.length; at += size) parts.push(rows.slice(at, at + size));
  return parts;
}

/** Writes rows, one portion after the other. */
export async function eachChunk<R>(
  rows: readonly R[],
  write: (chunk: R[]) => Promise<unknown>,
): Promise<void> {
  for (const chunk of chunks(rows)) await write(chunk);
}

/** The rows of a query that is asked for one portion of its keys after the other. */
export async function inChunks<K, R>(
  keys: readonly K[],
  ask: (chunk: readonly K[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const rows: R[] = [];
  for (const chunk of chunks(keys, KEYS)) rows.push(...(await ask(chunk)));
  return rows;
}

/** Inserts a row, or overwrites the one that has the same key. */
export async function upsert<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  key: readonly (keyof Schema[T] & string)[],
  row: Insertable<Schema[T]>,
): Promise<void> {
  await db
    .insertInto(table)
    .values(row)
    .onConflict((c) => c.columns(key as never).doUpdateSet(row as never))
    .execute();
}

/** Whether the instant of a column has come (ms), or lies more than `far` ahead: a wrong clock wrote such a value. */
export const hasCome = (column: string, now: number, far: number) =>
  sql<boolean>`(${sql.ref(column)} <= ${now} or ${sql.ref(column)} > ${now + far})`;

/** Whether nobody has a lease (the column is null), or it is over. */
export const isFree = (column: string, now: number, far: number) =>
  sql<boolean>`(${sql.ref(column)} is null or ${hasCome(column, now, far)})`;
