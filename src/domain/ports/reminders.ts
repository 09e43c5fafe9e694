// The technical users whose day has come, and what letters to them need.
import type { Language, TechnicalUser } from '../account/technical-user.ts';
import type { Recipient, StoredLetter } from '../notification/letter.ts';
import type { ReminderDecision } from '../reminder/reminder-decision.ts';
import type { RotationAggregate } from '../rotation/rotation.ts';

/** The technical users to look at, and what was decided about them. */
export interface ReminderRepository {
  /**
   * Looks at technical users whose day has come, in one transaction: reads them, asks `decide`, writes the letters
   * that do not exist yet, the alarms, what was told and the day to look again. All users due of one manager come together.
   * Returns how many were looked at; 0 when none was due.
   */
  processDue(
    today: string,
    now: number,
    decide: (users: readonly TechnicalUser[]) => ReminderDecision,
  ): Promise<number>;
  /**
   * Tells by which rules (any text that changes when they do) and on which day we look. Other rules, or an earlier day,
   * make every technical user due for a look. Returns whether that was so.
   */
  resetIfRulesChanged(rules: string, today: string): Promise<boolean>;
}

/** What letters need of handovers when their words are found. */
export interface LetterContext {
  /** A fresh link for one reader to hand in the next password of a technical user; null when none can be offered. */
  linkFor(
    user: TechnicalUser,
    letterId: string,
    reader: Recipient,
    language: Language,
  ): Promise<string | null>;
  aggregate(userId: number): Promise<RotationAggregate | null>;
}

/** A copy of all that the watch looks at, for a trial: the fleet, the lines ever written, and what waits in the outbox. */
export interface Fleet {
  readonly users: readonly TechnicalUser[];
  readonly knownItems: ReadonlySet<string>;
  /** Letters with readers that still wait; `recipients` of each are only those. */
  readonly waiting: readonly StoredLetter[];
}
