// The fleet as a whole, for the digest and the metrics.
import type { Person, TechnicalUser } from '../account/technical-user.ts';

export interface Overview {
  /** Every technical user that is not retired. */
  activeUsers(): AsyncIterable<readonly TechnicalUser[]>;
  deadAddresses(): Promise<readonly Person[]>;
  /** Deliveries to managers by outcome, ended since an instant (ms) or still waiting. */
  letterCounts(since: number): Promise<{ sent: number; waiting: number; refused: number }>;
}
