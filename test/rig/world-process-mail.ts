// The mail of worlds with real processes: caught in memory, or by a real server and read over IMAP; links, boxes and the outbox.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openMailCatcher } from '../../src/simulator/mail-catcher.ts';
import { readMailbox } from './imap-box.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { waitFor } from './process.ts';

/** A letter in a mailbox. */
interface MailboxLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** As it came over the wire. */
  readonly raw: Buffer;
}

/** Where the daemon of a world sends its mail. */
export interface WorldMail {
  /** Of SMTP, on 127.0.0.1. */
  readonly port: number;
  /** What lies in the mailbox of an address, in order of arrival. */
  letters(address: string): Promise<readonly MailboxLetter[]>;
  /** The newest link for a login in the mailbox of an address; waits until there is one. */
  linkFor(address: string, login: string, doorUrl: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens the mail of a world; a number is a port on which nobody takes mail. */
export async function openWorldMail(kind: 'catcher' | 'server' | number): Promise<WorldMail> {
  const box = kind === 'catcher' ? await catcherBox() : kind === 'server' ? await serverBox() : noBox(kind);
  return {
    ...box,
    linkFor: (address, login, doorUrl) =>
      waitFor(
        async () => linkIn(await box.letters(address), login, doorUrl),
        () => `no letter to ${address} has a link for ${login}`,
      ),
  };
}

const noBox = (port: number) => ({ port, letters: async () => [], close: async () => undefined });

async function catcherBox(): Promise<Omit<WorldMail, 'linkFor'>> {
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

async function serverBox(): Promise<Omit<WorldMail, 'linkFor'>> {
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
function linkIn(letters: readonly MailboxLetter[], login: string, doorUrl: string): string | null {
  for (const { text } of letters.toReversed()) {
    for (const [link] of text.matchAll(/https?:\/\/\S+\/m\/[\w-]{43}/g)) {
      const before = text.slice(0, text.indexOf(link));
      if (link.startsWith(`${doorUrl}/`) && before.match(/[\w.-]+@[\w-]+(?:\.[\w-]+)+/g)?.at(-1) === login)
        return link;
    }
  }
  return null;
}

/** The Message-IDs in the mailboxes of some people, when all mail that was taken lies there. */
export async function inboxesOf(
  mail: Pick<MailServer, 'imap' | 'settled'>,
  addresses: readonly string[],
): Promise<string[][]> {
  await mail.settled();
  const boxes: string[][] = [];
  for (const address of addresses) {
    boxes.push((await readMailbox(mail, address)).map(({ messageId }) => messageId));
  }
  return boxes;
}

/** How many letters each of them got; throws when somebody got one twice. */
export async function receivedBy(
  mail: Pick<MailServer, 'imap' | 'settled'>,
  addresses: readonly string[],
): Promise<number[]> {
  const boxes = await inboxesOf(mail, addresses);
  boxes.forEach((ids, place) => {
    if (new Set(ids).size < ids.length) throw new Error(`${addresses[place]} got a letter twice: ${ids}`);
  });
  return boxes.map((ids) => ids.length);
}

/** Whether nothing is left to send. */
export function isSettled(data: string): boolean {
  const { waiting = 0, claimed = 0 } = outboxOf(data);
  return waiting + claimed === 0;
}

/** How many deliveries stand in each state, by the outbox itself. */
export function outboxOf(data: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(join(data, 'releve.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('select state, count(*) as number from deliveries group by state').all();
    return Object.fromEntries(rows.map((row) => [String(row.state), Number(row.number)]));
  } finally {
    database.close();
  }
}
