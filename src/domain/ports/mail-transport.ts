// The mail server, and the results of sending.
import type { Recipient, WordedLetter } from '../notification/letter.ts';

export type SendOutcome =
  | { readonly kind: 'sent'; readonly reply: string }
  /** This message may be accepted later. */
  | { readonly kind: 'later'; readonly reply: string }
  /** Never: the address does not exist, or the message itself was refused. */
  | { readonly kind: 'never'; readonly fault: 'address' | 'letter'; readonly reply: string }
  /**
   * Nothing can be sent now: no server, no login (`connection`), or the server refuses us in the middle of a letter
   * (`letter`): probably our set-up, but perhaps only this recipient's domain.
   */
  | { readonly kind: 'stopped'; readonly at: 'connection' | 'letter'; readonly reply: string };

/** A worded letter with its headers, for one recipient's envelope. */
export interface OutgoingMail {
  /** Stable: the same letter has the same Message-ID at every try and for every recipient. */
  readonly id: string;
  readonly letter: WordedLetter;
  readonly recipients: readonly Recipient[];
  readonly envelopeTo: string;
  /** Instant of the Date header. */
  readonly date: Temporal.Instant;
}

/** Never throws for what a server can answer. */
export interface MailTransport {
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Connects and logs in, and sends nothing; a transport without a server has none. */
  verify?(): Promise<{ readonly kind: 'ready' | 'stopped' }>;
}
