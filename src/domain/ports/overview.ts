// The fleet as a whole, for the digest and the metrics.
import type { Person, TechnicalUser } from '../account/technical-user.ts';
import type { PasswordState } from '../rotation/health.ts';

/** The state of a password in service, for lists and metrics. Instants in ms. */
interface ServiceState {
  readonly state: PasswordState;
  readonly workedAt: number | null;
  readonly refusedAt: number | null;
  /** ISO day. */
  readonly workedPast: string | null;
}

export interface Overview {
  /** Every technical user that is not retired. */
  activeUsers(): AsyncIterable<readonly TechnicalUser[]>;
  /** The passwords in service of those technical users (ids) that have one with us, by id; others may be among them. */
  inService(ids: readonly number[]): Promise<ReadonlyMap<number, ServiceState>>;
  deadAddresses(): Promise<readonly Person[]>;
  /** Deliveries to managers by outcome, ended since an instant (ms) or still waiting. */
  letterCounts(since: number): Promise<{ sent: number; waiting: number; refused: number }>;
}
