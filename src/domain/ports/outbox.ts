// The outbox: the letters to send, their claims, and the results of their deliveries.
import type { TechnicalUser } from '../account/technical-user.ts';
import type { LetterItem, NewAlarm, NewLetter, Recipient, StoredLetter } from '../notification/letter.ts';

/** A letter to one recipient, claimed for sending. `lease` names the claim: a later claim of the same letter has another. */
export interface ClaimedDelivery {
  readonly deliveryId: number;
  readonly lease: string;
  readonly letter: StoredLetter;
  readonly recipient: Recipient;
  /** Failed tries so far, and the instant of the first (ms). */
  readonly tries: number;
  readonly firstTriedAt: number | null;
}

/** How a claim ends. Instants in ms. */
export type DeliveryResult =
  | { readonly kind: 'sent'; readonly at: number; readonly reply: string }
  | {
      readonly kind: 'later';
      readonly at: number;
      readonly nextAt: number;
      readonly reply: string;
      /** What the IT service must know although the letter is tried again. */
      readonly alarm: NewAlarm | null;
    }
  /** Returned unchanged: the server could not be reached, which is no fault of this letter. */
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

/** Which letters to claim, and for how long. Times in ms. */
export interface ClaimRequest {
  readonly now: number;
  readonly leaseMs: number;
  /** Most letters to claim. */
  readonly count: number;
  /** Whether letters that wait for the sending window may be sent too, or only those that leave at any hour. */
  readonly includeScheduled: boolean;
}

export interface Outbox {
  /** Claims letters that may leave now. */
  claim(request: ClaimRequest): Promise<readonly ClaimedDelivery[]>;
  /** The technical users named by letters, with their ids or their logins (in any environment), as they are now, by id. */
  usersOf(ids: readonly number[], logins: readonly string[]): Promise<ReadonlyMap<number, TechnicalUser>>;
  /** How many letters about the password and the date of a line were sent to an address. */
  sentAbout(item: LetterItem, address: string): Promise<number>;
  /** Whether an address was told that the password of a line is refused. */
  toldRefused(item: LetterItem, address: string): Promise<boolean>;
  /**
   * Ends claims, all in one transaction; a claim whose lease was taken over by another is left alone. Returns the
   * deliveryIds of those that were still ours.
   */
  saveResults(
    results: readonly { readonly claimed: ClaimedDelivery; readonly result: DeliveryResult }[],
  ): Promise<ReadonlySet<number>>;
  /** Whether a letter that leaves at any hour waits for its first try, or a person is to be asked to type a password in. */
  hasPrompt(): Promise<boolean>;
  /**
   * Remembers since when no letter has left although some should: the mail server takes none (`down`), or puts off all (`put-off`); the
   * webhook is told once that has lasted, and when it is over (`up`; or, after `down`, it `lets-us-in`).
   */
  noteMail(now: number, mail: 'up' | 'lets-us-in' | 'down' | 'put-off'): Promise<void>;
  /** Whether no letter could leave the last time, and none waits that could show that it is over. */
  mailIsUnproven(): Promise<boolean>;
  /** Raises an alarm, once: the same id is the same alarm. */
  raise(alarm: NewAlarm, now: number): Promise<void>;
  /** Puts all alarms that no letter carries yet into one letter to the IT service. Returns how many. */
  gatherAlarms(letter: Omit<NewLetter, 'id' | 'items' | 'kind'>, now: number): Promise<number>;
  /** Writes a letter, unless it exists. Returns whether it is new. */
  write(letter: NewLetter, now: number): Promise<boolean>;
}
