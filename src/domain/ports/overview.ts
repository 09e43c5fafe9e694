// The fleet as a whole, for the digest and the metrics.

import type { Person, TechnicalUser } from '../account/technical-user.ts';
import type { TypedPassword } from '../monitoring/by-hand.ts';
import type { SentLetter } from '../notification/letter-facts.ts';

export interface Overview {
  /** Every technical user that is not retired. */
  activeUsers(): AsyncIterable<readonly TechnicalUser[]>;
  /** The people in office whose address the mail server refuses for good. */
  deadAddresses(): Promise<readonly Person[]>;
  /** The letters to people that the mail server took since an instant (ms), the earliest first, at most `limit`. */
  lettersSent(since: number, limit: number): Promise<readonly SentLetter[]>;
  /** What persons said that they typed in, of the passwords in service. */
  typedPasswords(): Promise<readonly TypedPassword[]>;
  /** Deliveries to managers by outcome, ended since an instant (ms) or still waiting. */
  letterCounts(since: number): Promise<{ sent: number; waiting: number; refused: number }>;
}
