// The outer world on one page: every port that a flow may ask for.

import type { Language, Person, TechnicalUser } from '../account/technical-user.ts';
import type {
  AlarmFacts,
  AlarmKind,
  LetterItem,
  LetterKind,
  NewAlarm,
  NewLetter,
  Recipient,
  WordedLetter,
} from '../notification/letter.ts';
import type { ReminderDecision } from '../reminder/reminder-decision.ts';
import type { HealthState } from '../rotation/health.ts';
import type { RotationAggregate } from '../rotation/rotation.ts';

/** The time. Flows never look at a clock of their own. */
export interface Clock {
  now(): Temporal.Instant;
}

/** What is worth telling the people who run the daemon; never a secret. */
export interface Logger {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

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

/** A letter to one reader, claimed for sending. `lease` names the claim: a later claim of the same letter has another. */
export interface Claimed {
  readonly deliveryId: number;
  readonly lease: string;
  readonly letter: StoredLetter;
  readonly reader: Recipient;
  /** Failed tries so far, and the instant of the first (ms). */
  readonly tries: number;
  readonly firstTriedAt: number | null;
}

/** A letter as the outbox keeps it. */
export interface StoredLetter {
  readonly id: string;
  readonly kind: LetterKind;
  readonly language: Language;
  /** ISO day it belongs to. */
  readonly on: string;
  readonly items: readonly LetterItem[];
  readonly readers: readonly Recipient[];
  readonly alarms: readonly { readonly kind: AlarmKind; readonly facts: AlarmFacts }[];
}

/** How a claim ends. Instants in ms. */
export type DeliveryResult =
  | { readonly kind: 'sent'; readonly at: number; readonly reply: string }
  | { readonly kind: 'later'; readonly at: number; readonly nextAt: number; readonly reply: string }
  /** Given back as it was: the server could not be reached at all, no fault of this letter. */
  | { readonly kind: 'released'; readonly at: number; readonly reply: string | null }
  | { readonly kind: 'withdrawn'; readonly at: number; readonly reason: string }
  | {
      readonly kind: 'refused';
      readonly at: number;
      readonly reply: string;
      /** Whether the address is dead, or only this letter was refused. */
      readonly deadAddress: boolean;
      readonly alarm: NewAlarm | null;
    };

/** The memory of what is to be sent and what was. */
export interface Outbox {
  /** Claims up to `count` letters that may leave now, for `leaseMs`; `everyone` includes letters to managers. */
  claim(now: number, leaseMs: number, count: number, everyone: boolean): Promise<readonly Claimed[]>;
  /** The technical users named by letters, as they are now, by id. */
  usersOf(ids: readonly number[]): Promise<ReadonlyMap<number, TechnicalUser>>;
  /**
   * Ends claims, all in one transaction; a claim whose lease was taken over by another is left alone. Returns the
   * deliveryIds of those that were still ours.
   */
  settle(
    endings: readonly { readonly claimed: Claimed; readonly settlement: DeliveryResult }[],
  ): Promise<ReadonlySet<number>>;
  /** Whether a letter that leaves at any hour waits for its first try. */
  hasPrompt(): Promise<boolean>;
  /** Raises an alarm, once: the same id again is the same alarm. */
  raise(alarm: NewAlarm, now: number): Promise<void>;
  /** Puts all alarms that no letter carries yet into one letter to the IT service. Returns how many. */
  gatherAlarms(letter: Omit<NewLetter, 'id' | 'items' | 'kind'>, now: number): Promise<number>;
  /** Writes a letter that stands for itself (the digest), unless it exists. Returns whether it is new. */
  write(letter: NewLetter, now: number): Promise<boolean>;
}

/** What is known of a password in service, for lists and figures. Instants in ms. */
interface ServiceState {
  readonly state: HealthState;
  readonly workedAt: number | null;
  readonly refusedAt: number | null;
  /** ISO day. */
  readonly workedPast: string | null;
}

/** What the weekly digest looks at. */
export interface Overview {
  /** Every technical user that is not retired. */
  watched(): AsyncIterable<readonly TechnicalUser[]>;
  /** Of those technical users (ids) that have a password in service with us, by id; others may be among them. */
  inService(ids: readonly number[]): Promise<ReadonlyMap<number, ServiceState>>;
  deadAddresses(): Promise<readonly Person[]>;
  /** Deliveries to managers by outcome, settled since an instant (ms) or still waiting. */
  letterCounts(since: number): Promise<{ sent: number; waiting: number; refused: number }>;
}

/** What became of a message handed to the mail server. */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly reply: string }
  /** This message may be accepted later. */
  | { readonly kind: 'later'; readonly reply: string }
  /** Never: the address does not exist, or the message itself was refused. */
  | { readonly kind: 'never'; readonly fault: 'address' | 'letter'; readonly reply: string }
  /**
   * Nothing can leave at present: no server, no login (`connection`), or the server refuses us in the midst of a letter
   * (`letter`): our own set-up in all likelihood, but perhaps this one reader's domain alone.
   */
  | { readonly kind: 'stopped'; readonly at: 'connection' | 'letter'; readonly reply: string };

/** A worded letter with its head, for one reader's envelope. */
export interface OutgoingMail {
  /** Stable: the same letter has the same Message-ID at every try and for every reader. */
  readonly id: string;
  readonly letter: WordedLetter;
  readonly readers: readonly Recipient[];
  readonly envelopeTo: string;
  /** Instant of the Date header. */
  readonly date: Temporal.Instant;
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

/** The mail server. Never throws for what a server can say. */
export interface MailTransport {
  send(mail: OutgoingMail): Promise<SendOutcome>;
}

/** A copy of all that the watch looks at, for a trial: the fleet, the lines ever written, and what waits in the outbox. */
export interface Fleet {
  readonly users: readonly TechnicalUser[];
  readonly knownItems: ReadonlySet<string>;
  /** Letters with readers that still wait; `readers` of each are only those. */
  readonly waiting: readonly StoredLetter[];
}
