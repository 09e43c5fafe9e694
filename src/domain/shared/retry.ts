// Computes when letters are tried again: every wait is in a table, every retry has a bound.

/** Waits between tries, and the age at which we stop; the last wait repeats until then. */
export interface RetryTable {
  readonly waits: readonly Temporal.Duration[];
  readonly giveUpAfter: Temporal.Duration;
}

/** Settings of the outbox, in ms and counts. */
export interface DeliveryRules {
  readonly leaseMs: number;
  /** Connections to the mail server: letters sent at the same time. */
  readonly connections: number;
  /** Letters claimed at once; they must be sent well within half of the lease. */
  readonly batch: number;
  readonly retry: RetryTable;
}

/** The wait after this many failed tries, from a table whose last wait repeats; undefined if the table is empty. */
export function waitAfter<T>(waits: readonly T[], tries: number): T | undefined {
  return waits[Math.min(tries, waits.length) - 1];
}

/** When the next try after `tries` failed ones is made; null when the bound is reached. `since`: the first try. */
export function nextTry(
  tries: number,
  since: Temporal.Instant,
  now: Temporal.Instant,
  table: RetryTable,
): Temporal.Instant | null {
  const wait = waitAfter(table.waits, tries);
  if (wait === undefined) return null;
  const at = now.add({ milliseconds: wait.total({ unit: 'millisecond' }) });
  const end = since.add({ milliseconds: table.giveUpAfter.total({ unit: 'millisecond' }) });
  return Temporal.Instant.compare(at, end) > 0 ? null : at;
}
