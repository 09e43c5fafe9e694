// A mail server that keeps letters in memory and sends nothing on; it can also write each of them into a folder.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type AddressObject, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A letter as it arrived for one recipient. */
export interface CaughtLetter extends Readonly<Awaited<ReturnType<typeof read>>> {
  /** Counts the letters caught, from 1. */
  readonly number: number;
  /** The address on the envelope, which names the mailbox. */
  readonly recipient: string;
}

export type MailCatcher = Awaited<ReturnType<typeof openMailCatcher>>;

/** Larger than any letter of Relève, in bytes. */
const LARGEST = 10 * 1024 * 1024;

/**
 * Starts a mail server on 127.0.0.1, on a free port unless one is given. `refusal` gives the text of a 550 reply (`5.1.1 …`)
 * for an address it does not take, else null. `onLetter` hears of each letter as it arrives.
 */
export async function openMailCatcher(
  refusal: (address: string) => string | null,
  { port: wished = 0, onLetter = (_: CaughtLetter): void => undefined } = {},
) {
  // In the order of arrival.
  const letters: CaughtLetter[] = [];
  const server = new SMTPServer({
    name: 'courrier.demo.example',
    logger: false,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST,
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) => {
      const reply = refusal(address);
      done(reply === null ? null : Object.assign(new Error(reply), { responseCode: 550 }));
    },
    onData: (stream, session, done) => {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      read(stream).then(
        (letter) => {
          for (const recipient of recipients) {
            const caught = { ...letter, recipient, number: letters.length + 1 };
            letters.push(caught);
            onLetter(caught);
          }
          done(null);
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that hangs up is no error of the server; the client reports it.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wished, '127.0.0.1', () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return { port, letters, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** Reads a message as a mail program would. */
async function read(stream: Readable) {
  const raw = Buffer.concat(await stream.toArray());
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const calendar = mail.attachments.find(({ contentType }) => contentType === 'text/calendar');
  return {
    /** Instant of the Date header, ms. */
    at: mail.date?.getTime() ?? 0,
    /** Headers, each as `Nom <adresse>, …`; empty when missing. */
    from: headOf(mail.from),
    to: headOf(mail.to),
    cc: headOf(mail.cc),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || null,
    calendar:
      calendar === undefined ? null : { name: calendar.filename ?? 'agenda.ics', content: calendar.content },
    /** The message as it came over the wire. */
    raw,
  };
}

/** « Nom <adresse>, … »; a group of addresses counts as none. */
function headOf(head: AddressObject | AddressObject[] | undefined): string {
  return [head ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(({ name, address = '' }) => (name === '' ? address : `${name} <${address}>`))
    .join(', ');
}

/** Writes a letter into a folder as `NAME.eml`, `NAME.txt` and what else it has; files of that name are replaced. */
export function writeLetter(folder: string, name: string, letter: CaughtLetter): void {
  const write = (ending: string, content: string | Buffer) =>
    writeFileSync(join(folder, `${name}.${ending}`), content);
  write('eml', letter.raw);
  write('txt', letter.text);
  if (letter.html !== null) write('html', letter.html);
  if (letter.calendar !== null) write('ics', letter.calendar.content);
}

/** An address as a part of a file's name. */
export const addressInName = (address: string) => address.replaceAll(/[^\w.@+-]/g, '_');

/** A mail server whose letters go into a folder, made where it is missing; those of earlier runs stay. `onLetter` hears each file's name. */
export function openMailFolder(
  folder: string,
  port: number,
  onLetter: (file: string, letter: CaughtLetter) => void,
): Promise<MailCatcher> {
  const path = resolve(folder);
  // A letter has a link with which a password can be handed in.
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const earlier = readdirSync(path).filter((name) => name.endsWith('.eml')).length;
  return openMailCatcher(() => null, {
    port,
    onLetter: (letter) => {
      const number = String(earlier + letter.number).padStart(3, '0');
      const name = `${number}-${addressInName(letter.recipient)}`;
      writeLetter(path, name, letter);
      onLetter(join(path, `${name}.txt`), letter);
    },
  });
}
