// How letters are sent and tried again: every wait stands in a table, every retry has a bound.

/** Waits between tries, and the age at which we stop; the last wait repeats until then. */
export interface RetryTable {
  readonly waits: readonly Temporal.Duration[];
  readonly giveUpAfter: Temporal.Duration;
}

/** How letters are sent: settings of the outbox, in ms and counts. */
export interface DeliveryRules {
  readonly leaseMs: number;
  /** Connections to the mail server: letters under way at the same time. */
  readonly connections: number;
  /** Letters claimed at once; they must be sent well within half of the lease. */
  readonly batch: number;
  readonly retry: RetryTable;
}

/** The wait after so many failed tries, from a table whose last wait repeats; undefined where the table is empty. */
export function waitAfter<T>(waits: readonly T[], tries: number): T | undefined {
  return waits[Math.min(tries, waits.length) - 1];
}

/**
 * The instant of the next try after `tries` failed ones, or null when the bound is reached.
 * `since` is the instant of the first try.
 */
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
