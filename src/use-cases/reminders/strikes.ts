// Counts the refusals in a row, without a letter sent between, that show that the mail server refuses us, and not our letters.
import type { MailTransport } from '../../domain/ports/mail-transport.ts';

/** The refusals of one run. */
export interface Strikes {
  /** A letter was sent: the row is over. */
  sent(): void;
  /** Counts a refusal, by what the server's answer blames. Returns whether nothing can leave, so that the letter is kept. */
  refused(fault: 'us' | 'letter' | 'address'): boolean;
}

/** This many in a row end the run. */
const MOST_STRIKES = 3;
/** A dead address is seldom our fault, but words about us may be read as words about it: this many in a row make a strike. */
const ADDRESSES_A_STRIKE = 3;
/** From this many in a row on none is taken for dead, in whichever run, until a letter is sent. */
const MOST_ADDRESSES = MOST_STRIKES * ADDRESSES_A_STRIKE;

/** Refused addresses in a row, over all runs of this process. */
const ADDRESSES = new WeakMap<MailTransport, number>();

/** Opens the count of a run; refused addresses are counted on from the run before. */
export function openStrikes(transport: MailTransport): Strikes {
  let inARow = 0;
  return {
    sent: () => {
      inARow = 0;
      ADDRESSES.delete(transport);
    },
    refused: (fault) => {
      const addresses = (ADDRESSES.get(transport) ?? 0) + (fault === 'address' ? 1 : 0);
      ADDRESSES.set(transport, addresses);
      if (fault !== 'address' || addresses % ADDRESSES_A_STRIKE === 0) inARow += 1;
      return inARow >= MOST_STRIKES || (fault === 'address' && addresses >= MOST_ADDRESSES);
    },
  };
}
