// What the digest and the figures look at: the fleet as a whole.
import type { Person, TechnicalUser } from '../account/technical-user.ts';
import type { PasswordState } from '../rotation/health.ts';

/** What is known of a password in service, for lists and figures. Instants in ms. */
interface ServiceState {
  readonly state: PasswordState;
  readonly workedAt: number | null;
  readonly refusedAt: number | null;
  /** ISO day. */
  readonly workedPast: string | null;
}

/** What the weekly digest looks at. */
export interface Overview {
  /** Every technical user that is not retired. */
  activeUsers(): AsyncIterable<readonly TechnicalUser[]>;
  /** Of those technical users (ids) that have a password in service with us, by id; others may be among them. */
  inService(ids: readonly number[]): Promise<ReadonlyMap<number, ServiceState>>;
  deadAddresses(): Promise<readonly Person[]>;
  /** Deliveries to managers by outcome, settled since an instant (ms) or still waiting. */
  letterCounts(since: number): Promise<{ sent: number; waiting: number; refused: number }>;
}
