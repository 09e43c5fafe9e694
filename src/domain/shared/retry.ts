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
  const wait = table.waits[Math.min(tries, table.waits.length) - 1];
  if (wait === undefined) return null;
  const at = now.add({ milliseconds: wait.total({ unit: 'millisecond' }) });
  const end = since.add({ milliseconds: table.giveUpAfter.total({ unit: 'millisecond' }) });
  return Temporal.Instant.compare(at, end) > 0 ? null : at;
}
