// The facts of the day's screen, as the use case gathers them and the words are made of them.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import type { LetterKind } from '../../domain/notification/letter.ts';
import type { Maintenance, Platform } from '../../domain/platform/platform.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import type { WebhookState } from '../../domain/ports/webhook.ts';
import type { AccountStatus } from '../../domain/reminder/account-status.ts';
import type { RotationAggregate } from '../../domain/rotation/rotation.ts';
import type { VaultState } from '../../domain/rotation/sealed.ts';

/** The first of a kind, and how many there are. */
export interface Shown<L> {
  readonly count: number;
  readonly lines: readonly L[];
}

/** The last letter about an account that a manager got; `at` in ms. */
export interface LastLetter {
  readonly kind: LetterKind;
  readonly name: string;
  readonly at: number;
}

/** An account about which something is open, with all that is stored of its passwords. */
export interface MatterLine {
  readonly aggregate: RotationAggregate;
  /** The next check of the new password, or of the one in service where none is in hand. */
  readonly next: NextCheck;
  /** Failures at Chorus Pro that count at present. */
  readonly failures: number;
  readonly letter: LastLetter | null;
}

export interface DateLine {
  readonly user: TechnicalUser;
  readonly status: AccountStatus;
  readonly letter: LastLetter | null;
}

/** What the daemon wrote down as it started (ms), and whether one runs on this machine. */
export interface DaemonFacts {
  readonly runs: boolean;
  readonly startedAt: number | null;
  readonly version: string | null;
}

/** What waits for the webhook, and how many events were given up in the time for which they are kept. */
export interface WebhookFacts extends WebhookState {
  readonly givenUp: number;
}

export interface ServiceFacts {
  readonly version: string;
  readonly daemon: DaemonFacts;
  readonly platforms: readonly Platform[];
  readonly closures: readonly Maintenance[];
  readonly outbox: { readonly waiting: number; readonly oldestAt: number | null };
  /** Null where there is no webhook. */
  readonly webhook: WebhookFacts | null;
  /** Letters to managers that left today, and that were refused for good. */
  readonly letters: { readonly sent: number; readonly refused: number };
  readonly keys: VaultState;
  /** Sealed secrets that no known key opens. */
  readonly unopened: number;
}

/** All of it at one instant (ms). */
export interface TodayFacts {
  readonly now: number;
  readonly accounts: number;
  /** Failures that an account may collect before it is left alone for a while. */
  readonly failuresAllowed: number;
  readonly stopped: Shown<MatterLine>;
  readonly inHand: Shown<MatterLine>;
  readonly week: Shown<DateLine>;
  readonly noAnswer: Shown<DateLine>;
  readonly unknownDates: number;
  readonly unreachable: number;
  readonly tasks: Shown<TaskWithUser>;
  readonly service: ServiceFacts;
}
