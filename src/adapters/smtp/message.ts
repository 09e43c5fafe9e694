// Builds the mail message of a worded letter: its headers, its two parts, and a calendar file with the deadline.
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { SendMailOptions } from 'nodemailer/lib/mailer';
import type { Recipient } from '../../domain/notification/letter.ts';
import type { OutgoingMail } from '../../domain/ports/mail-transport.ts';
import type { CalendarEntry } from '../../domain/shared/calendar.ts';
import { renderLetter } from './render.ts';

/** The sender: the address that people see and answer to. */
export interface Sender {
  readonly from: { readonly name: string; readonly address: string };
  /** Null: answers go to `from`. */
  readonly replyTo: string | null;
}

const CALENDAR_NAMES = { fr: 'echeance.ics', en: 'deadline.ics' } as const;

/** Names and subjects are data: a line break in them must not start a header line. */
function oneLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

/** The same for every try and every recipient of a letter; reveals nothing of the letter's facts. */
function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 40);
}

/** The Message-ID of the letter with this id, sent from this address. */
export function messageId(id: string, fromAddress: string): string {
  const domain = domainToASCII(fromAddress.slice(fromAddress.lastIndexOf('@') + 1));
  return `<${hashOf(id)}@${domain === '' ? 'localhost' : domain}>`;
}

function named(recipients: readonly Recipient[], field: Recipient['field']) {
  return recipients
    .filter((recipient) => recipient.field === field)
    .map(({ name, address }) => ({ name: oneLine(name), address: oneLine(address) }));
}

function calendarOf(mail: OutgoingMail): SendMailOptions['attachments'] {
  const { calendar, language } = mail.letter;
  if (calendar.length === 0) return [];
  return [
    {
      filename: CALENDAR_NAMES[language],
      contentType: 'text/calendar; method=PUBLISH; charset=utf-8',
      contentDisposition: 'attachment',
      content: calendarFile(calendar, mail.date),
    },
  ];
}

/** The message in the form that nodemailer takes; the envelope names one recipient, even where the header names more. */
export function messageOf(mail: OutgoingMail, sender: Sender): SendMailOptions {
  const { text, html } = renderLetter(mail.letter);
  const replyTo = sender.replyTo === null ? {} : { replyTo: sender.replyTo };
  return {
    from: { name: oneLine(sender.from.name), address: sender.from.address },
    ...replyTo,
    to: named(mail.recipients, 'to'),
    cc: named(mail.recipients, 'cc'),
    subject: oneLine(mail.letter.subject),
    date: new Date(mail.date.epochMilliseconds),
    messageId: messageId(mail.id, sender.from.address),
    // RFC 3834: no out-of-office replies, no mail loops.
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.letter.language },
    // As an object and not as text, which would be parsed as a list: whatever it contains, it is one recipient.
    envelope: { from: sender.from.address, to: [{ name: '', address: mail.envelopeTo }] },
    text,
    html,
    textEncoding: 'quoted-printable',
    attachments: calendarOf(mail) ?? [],
    baseBoundary: hashOf(`boundary ${mail.id}`),
    // A letter carries all its text: nothing in it may make us read a file or fetch a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The message as it would be sent (without a DKIM signature), with CRLF line ends: the content of an .eml file. */
export async function composeRaw(mail: OutgoingMail, sender: Sender): Promise<Buffer> {
  const message = new MailComposer({ ...messageOf(mail, sender), newline: 'windows' }).compile();
  return await message.build();
}

const WEEK_IN_SECONDS = 7 * 24 * 60 * 60;

/**
 * An iCalendar file (METHOD:PUBLISH, CRLF) with one all-day event for each entry. The day is written as a plain date,
 * without a zone, so it is the same day everywhere; `now` becomes DTSTAMP, by which a later file replaces this one.
 */
export function calendarFile(entries: readonly CalendarEntry[], now: Temporal.Instant): string {
  const stamp = new Date(now.epochMilliseconds);
  const calendar = ical({
    prodId: { company: 'SIAGEP', product: 'Releve', language: 'FR' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const entry of entries) {
    const event = calendar.createEvent({
      // The package escapes texts, but writes a UID as it is.
      id: entry.uid.replace(/\p{Cc}+/gu, ' '),
      // The package writes an all-day Date by its UTC day, whatever the machine's zone.
      start: new Date(`${entry.on}T00:00:00Z`),
      allDay: true,
      stamp,
      summary: entry.summary,
      description: entry.description,
      // A deadline does not make anybody busy.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
    event.createAlarm({
      type: ICalAlarmType.display,
      trigger: WEEK_IN_SECONDS,
      description: entry.summary,
    });
  }
  return `${calendar.toString()}\r\n`;
}
