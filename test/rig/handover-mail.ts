// The mail of a house of the handover: caught in memory, or by a real server and read over IMAP; and the links in it.
import { openMailCatcher } from '../../src/demo/mail-catcher.ts';
import { readMailbox } from './imap-box.ts';
import { startMailServer } from './mail-server.ts';
import { waitFor } from './process.ts';

/** A letter in a mailbox. */
interface HouseLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** As it came over the wire. */
  readonly raw: Buffer;
}

/** Where the daemon of a house sends its mail. */
export interface HouseMail {
  /** Of SMTP, on 127.0.0.1. */
  readonly port: number;
  /** What lies in the mailbox of an address, in order of arrival. */
  letters(address: string): Promise<readonly HouseLetter[]>;
  /** The newest link for a login in the mailbox of an address; waits until there is one. */
  linkFor(address: string, login: string, doorUrl: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens the mail of a house. */
export async function openHouseMail(kind: 'catcher' | 'server'): Promise<HouseMail> {
  const box = kind === 'catcher' ? await catcherBox() : await serverBox();
  return {
    ...box,
    linkFor: (address, login, doorUrl) =>
      waitFor(
        async () => linkIn(await box.letters(address), login, doorUrl),
        () => `no letter to ${address} has a link for ${login}`,
      ),
  };
}

async function catcherBox(): Promise<Omit<HouseMail, 'linkFor'>> {
  const catcher = await openMailCatcher(() => null);
  return {
    port: catcher.port,
    letters: async (address) =>
      catcher.letters
        .filter(({ recipient: reader }) => reader === address)
        .map(({ subject, text, html, raw }) => ({ subject, text, html: html ?? '', raw })),
    close: () => catcher.close(),
  };
}

async function serverBox(): Promise<Omit<HouseMail, 'linkFor'>> {
  const server = await startMailServer();
  return {
    port: server.smtp.port,
    letters: async (address) => {
      await server.settled();
      const mails = await readMailbox(server, address);
      return mails.map(({ subject, text, html, raw }) => ({ subject, text, html, raw: Buffer.from(raw) }));
    },
    close: () => server.stop(),
  };
}

/** A link belongs to the login that stands last before it: its own label names it. */
function linkIn(letters: readonly HouseLetter[], login: string, doorUrl: string): string | null {
  for (const { text } of letters.toReversed()) {
    for (const [link] of text.matchAll(/https?:\/\/\S+\/m\/[\w-]{43}/g)) {
      const before = text.slice(0, text.indexOf(link));
      if (link.startsWith(`${doorUrl}/`) && before.match(/[\w.-]+@[\w.-]+/g)?.at(-1) === login) return link;
    }
  }
  return null;
}
