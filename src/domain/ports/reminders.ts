// The technical users due for review, and what letters to them need.
import type { TechnicalUser } from '../account/technical-user.ts';
import type { NewLetter, Recipient, StoredLetter } from '../notification/letter.ts';
import type { ReminderDecision } from '../reminder/reminder-decision.ts';
import type { RotationAggregate } from '../rotation/rotation.ts';

export interface ReminderRepository {
  /**
   * Reviews technical users that are due, in one transaction: reads them, asks `decide`, writes the letters that do not
   * exist yet, the alarms, the last reminders and the days of the next reviews. All due users of one manager come together.
   * Returns how many were reviewed; 0 when none was due.
   */
  processDue(
    today: string,
    now: number,
    decide: (users: readonly TechnicalUser[]) => ReminderDecision,
  ): Promise<number>;
  /**
   * Stores the rules version and today's date. If the rules changed or the date went back, marks every technical user due
   * for review. Returns true if it did.
   */
  resetIfRulesChanged(rules: string, today: string): Promise<boolean>;
}

/** What the wording of a letter needs about rotations. */
export interface LetterContext {
  /** A new link for one recipient to submit the next password of a technical user; null when none can be offered. */
  linkFor(
    user: TechnicalUser,
    recipient: Recipient,
    letter: Pick<NewLetter, 'id' | 'kind' | 'language' | 'items'>,
  ): Promise<string | null>;
  /** Whether the first password of a technical user is asked for: nothing else can be asked of its manager then. */
  asksFirst(userId: number): Promise<boolean>;
  aggregate(userId: number): Promise<RotationAggregate | null>;
  /** Whether a link can be offered now. */
  canLink(): Promise<boolean>;
}

/** Who may be due in a trial; `principalId` null where nobody is the principal manager. */
export interface TrialKey {
  readonly id: number;
  readonly principalId: number | null;
}

/** All that reminders read, for a trial; nothing is ever written back. */
export interface Fleet {
  /** Every technical user in use, in pages. */
  keys(): AsyncIterable<readonly TrialKey[]>;
  /** Those of these ids who are known. */
  users(ids: readonly number[]): Promise<readonly TechnicalUser[]>;
  /** Which of these lines of letters were ever written. */
  written(itemIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Letters with recipients that still wait; `recipients` of each are only those. */
  waiting(): Promise<readonly StoredLetter[]>;
}
