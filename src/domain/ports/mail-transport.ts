// The mail server, and what became of a message that was handed to it.
import type { Recipient, WordedLetter } from '../notification/letter.ts';

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
  readonly recipients: readonly Recipient[];
  readonly envelopeTo: string;
  /** Instant of the Date header. */
  readonly date: Temporal.Instant;
}

/** The mail server. Never throws for what a server can say. */
export interface MailTransport {
  send(mail: OutgoingMail): Promise<SendOutcome>;
}
