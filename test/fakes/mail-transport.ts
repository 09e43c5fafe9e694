// A mail server of memory: keeps what it is given, and answers as it is told.
import type { MailTransport, OutgoingMail, SendOutcome } from '../../src/domain/ports/mail-transport.ts';

/** What the fake answers to a letter; undefined: it takes it. */
export type Answer = (mail: OutgoingMail) => SendOutcome | undefined;

/** A mailbox server without a network. */
export interface FakeMailTransport extends MailTransport {
  /** Every letter taken, in order. */
  readonly taken: readonly OutgoingMail[];
  /** Every letter handed over, taken or not. */
  readonly tried: readonly OutgoingMail[];
  /** The letters taken for an address (of the envelope). */
  inboxOf(address: string): readonly OutgoingMail[];
  /** Changes what is answered from now on. */
  answerWith(answer: Answer): void;
}

/** A fake mail server; `answer` decides about each letter until another one is given. */
export function fakeMailTransport(answer: Answer = () => undefined): FakeMailTransport {
  const taken: OutgoingMail[] = [];
  const tried: OutgoingMail[] = [];
  let decide = answer;
  return {
    taken,
    tried,
    inboxOf: (address) => taken.filter(({ envelopeTo }) => envelopeTo === address),
    answerWith: (next) => {
      decide = next;
    },
    send: async (mail) => {
      tried.push(mail);
      const outcome = decide(mail) ?? { kind: 'sent', reply: `250 2.0.0 kept as ${taken.length + 1}` };
      if (outcome.kind === 'sent') taken.push(mail);
      return outcome;
    },
    // A server that nobody can reach answers so whatever the letter.
    verify: async () => ({ kind: decide({} as OutgoingMail)?.kind === 'stopped' ? 'stopped' : 'ready' }),
  };
}
