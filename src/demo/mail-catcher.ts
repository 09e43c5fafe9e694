// A mail server that keeps letters in memory and sends nothing on; it can also write each of them into a folder.

import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type AddressObject, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { parisDay } from '../domain/shared/calendar.ts';

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
 * Starts a mail server on 127.0.0.1, on a free port. `refusal` gives the text of a 550 reply (`5.1.1 …`) for an
 * address it does not take, else null.
 */
export async function openMailCatcher(refusal: (address: string) => string | null) {
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
          for (const recipient of recipients)
            letters.push({ ...letter, recipient, number: letters.length + 1 });
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
    server.listen(0, '127.0.0.1', () => resolve());
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

/** Gives the function that writes a letter into a folder, made where it is missing; files of the same name are replaced, others stay. */
export function lettersInto(folder: string) {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  return (letter: CaughtLetter, step: string) => {
    const day = parisDay(Temporal.Instant.fromEpochMilliseconds(letter.at));
    const recipient = letter.recipient.replaceAll(/[^\w.@+-]/g, '_');
    const name = `${day}_${String(letter.number).padStart(4, '0')}_${step}_${recipient}`;
    const write = (ending: string, content: string | Buffer) =>
      writeFileSync(join(path, `${name}.${ending}`), content);
    write('eml', letter.raw);
    write('txt', letter.text);
    if (letter.html !== null) write('html', letter.html);
    if (letter.calendar !== null) write('ics', letter.calendar.content);
  };
}
