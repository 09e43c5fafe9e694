// Reads back over IMAP what really arrived in the mailboxes of the tests' mail server.
import { ImapFlow } from 'imapflow';
import {
  type AddressObject,
  type Attachment,
  type HeaderValue,
  type StructuredHeader,
  simpleParser,
} from 'mailparser';
import type { MailServer } from './mail-server.ts';

/** A name and an address, as they stand in a head. */
interface Named {
  readonly name: string;
  readonly address: string;
}

/** A message as its reader's mailbox holds it. */
export interface ReceivedMail {
  /** The mailbox it was delivered to (Delivered-To). */
  readonly envelopeTo: string;
  /** The sender of the envelope (Return-Path). */
  readonly envelopeFrom: string;
  readonly from: readonly Named[];
  readonly to: readonly Named[];
  readonly cc: readonly Named[];
  readonly replyTo: readonly Named[];
  readonly subject: string;
  /** With its angle brackets. */
  readonly messageId: string;
  /** The Date header; null when there is none. */
  readonly date: Temporal.Instant | null;
  /** When it arrived, by the server's clock (INTERNALDATE). */
  readonly arrived: Temporal.Instant;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly ReceivedFile[];
  /** Values of a header by its name, unfolded, in order; empty when there is none. */
  header(name: string): readonly string[];
  readonly raw: Buffer;
}

/** A file that came with a message. */
interface ReceivedFile {
  readonly name: string;
  readonly disposition: string;
  /** `text/calendar`, without its parameters. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly content: string;
}

function people(found: AddressObject | AddressObject[] | undefined): Named[] {
  const groups = found === undefined ? [] : Array.isArray(found) ? found : [found];
  return groups.flatMap((group) =>
    group.value.map(({ name, address }) => ({ name, address: address ?? '' })),
  );
}

/** The values of the headers with this name; `lines` are header lines as they came. */
function valuesOf(lines: readonly { readonly key: string; readonly line: string }[], name: string): string[] {
  return lines
    .filter(({ key }) => key === name.toLowerCase())
    .map(({ line }) =>
      line
        .slice(line.indexOf(':') + 1)
        .replace(/\r?\n/g, '')
        .trim(),
    );
}

function fileOf(file: Attachment): ReceivedFile {
  return {
    name: file.filename ?? '',
    disposition: file.contentDisposition ?? '',
    type: file.contentType,
    parameters: parametersOf(file.headers.get('content-type')),
    content: file.content.toString('utf8'),
  };
}

const isStructured = (value: HeaderValue | undefined): value is StructuredHeader =>
  typeof value === 'object' && 'params' in value && typeof value.value === 'string';

function parametersOf(value: HeaderValue | undefined): Readonly<Record<string, string>> {
  return isStructured(value) ? value.params : {};
}

async function parse(raw: Buffer, arrived: Date): Promise<ReceivedMail> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true });
  const header = (name: string) => valuesOf(mail.headerLines, name);
  const bare = (name: string) => (header(name)[0] ?? '').replace(/^<|>$/g, '');
  return {
    envelopeTo: bare('delivered-to'),
    envelopeFrom: bare('return-path'),
    from: people(mail.from),
    to: people(mail.to),
    cc: people(mail.cc),
    replyTo: people(mail.replyTo),
    subject: mail.subject ?? '',
    messageId: header('message-id')[0] ?? '',
    date: mail.date === undefined ? null : Temporal.Instant.fromEpochMilliseconds(mail.date.getTime()),
    arrived: Temporal.Instant.fromEpochMilliseconds(arrived.getTime()),
    text: mail.text ?? '',
    html: mail.html || '',
    attachments: mail.attachments.map(fileOf),
    header,
    raw,
  };
}

/** All mail in the inbox of an address, in order of arrival. An address that never got any has an empty one. */
export async function readMailbox(
  server: Pick<MailServer, 'imap'>,
  address: string,
): Promise<ReceivedMail[]> {
  const client = new ImapFlow({
    ...server.imap,
    secure: false,
    doSTARTTLS: false,
    // The server opens any mailbox to any password.
    auth: { user: address, pass: 'any' },
    logger: false,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
  });
  await client.connect();
  try {
    const box = await client.mailboxOpen('INBOX', { readOnly: true });
    if (box.exists === 0) return [];
    const mails: ReceivedMail[] = [];
    for await (const found of client.fetch('1:*', { source: true, internalDate: true })) {
      if (found.source === undefined || found.internalDate === undefined) throw new Error('no source');
      mails.push(await parse(found.source, new Date(found.internalDate)));
    }
    return mails;
  } finally {
    await client.logout();
  }
}

/** All mail of all mailboxes, by address; first waits until nothing is under way. */
export async function readAllMailboxes(
  server: Pick<MailServer, 'imap' | 'settled' | 'addresses'>,
): Promise<ReadonlyMap<string, readonly ReceivedMail[]>> {
  await server.settled();
  const boxes = new Map<string, readonly ReceivedMail[]>();
  for (const address of await server.addresses()) boxes.set(address, await readMailbox(server, address));
  return boxes;
}
