// Prints the demo on the terminal: one line for each letter as it leaves, for each event, and the summary of the year.
import type { Parts } from '../composition/parts.ts';
import { printable, table } from '../content/terminal/formats.ts';
import { ROTATION_LETTERS } from '../domain/notification/letter.ts';
import { parseLetterId, reminderStepName } from '../domain/notification/letter-id.ts';
import type { OutgoingMail, SendOutcome } from '../domain/ports/mail-transport.ts';
import { accountStatusOf, type ListEntry, listEntry } from '../domain/reminder/account-status.ts';
import { parisDay } from '../domain/shared/calendar.ts';
import type { ProgressLine, TextStream } from '../system/terminal.ts';

/** A letter given to the mail server, and the result. */
export interface DeliveryAttempt {
  readonly mail: OutgoingMail;
  readonly step: string;
  readonly outcome: SendOutcome;
}

/** What a letter was written for: its kind, or `J-30` or `question`; the letter's id names its most urgent step. */
export function stepOf({ id }: Pick<OutgoingMail, 'id'>): string {
  const known = parseLetterId(id);
  if (known === null || known.kind !== 'reminder') return known?.kind ?? 'question';
  return known.deadline === null ? 'question' : reminderStepName(known);
}

export type Printer = ReturnType<typeof openPrinter>;

const STEP_WIDTH = 13;
/** The longest address of the demo fits; a narrow terminal shows less of it, so that some of the subject is seen. */
const RECIPIENT_WIDTH = 42;
const SUBJECT_WIDTH = 40;

const fitted = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);

/** Prints on `out`; `progress` is wiped before each line. On a terminal lines are cut to its width. */
export function openPrinter(out: TextStream, progress: ProgressLine) {
  const width = () => (out.isTTY ? (out.columns ?? 80) : Number.POSITIVE_INFINITY);
  const line = (words: string) => {
    progress.end();
    const plain = printable(words);
    out.write(`${plain.length > width() ? fitted(plain, width()) : plain}\n`);
  };
  const recipientWidth = () =>
    Math.max(20, Math.min(RECIPIENT_WIDTH, width() - STEP_WIDTH - SUBJECT_WIDTH - 15));
  return {
    letter: ({ mail, step, outcome }: DeliveryAttempt) => {
      const day = parisDay(mail.date);
      const what =
        outcome.kind === 'sent' ? mail.letter.subject : `NOT DELIVERED (${outcome.kind}): ${outcome.reply}`;
      line(`${day}  ${step.padEnd(STEP_WIDTH)} ${fitted(mail.envelopeTo, recipientWidth())}  ${what}`);
    },
    event: (day: Temporal.PlainDate, words: string) => line(`${day}  ${'·'.padEnd(STEP_WIDTH)} ${words}`),
    /** An event with its time of day. */
    moment: (at: Temporal.ZonedDateTime, words: string) => {
      const time = at.toPlainTime().toString({ smallestUnit: 'second' });
      line(`${at.toPlainDate()}  ${time.padEnd(STEP_WIDTH)} ${words}`);
    },
    /** A line without a simulated date. */
    say: (words: string) => {
      progress.end();
      out.write(`${words}\n`);
    },
    /** Shows the day of the clock as progress, on a terminal. */
    showDay: (day: Temporal.PlainDate) => progress.show(`${day} …`),
  };
}

/** All technical users with their state on a day, the earliest expiry first. */
export async function entriesOn(parts: Parts, day: Temporal.PlainDate): Promise<ListEntry[]> {
  const entries: ListEntry[] = [];
  for await (const users of parts.registry.everyone()) {
    for (const user of users) entries.push(listEntry(user, accountStatusOf(user, day, parts.rules)));
  }
  return entries.sort((a, b) => (a.expiresOn ?? '9999').localeCompare(b.expiresOn ?? '9999'));
}

/** The year on one page: the letters of each technical user by delivery state, then all letters by kind. */
export async function summary(
  parts: Parts,
  day: Temporal.PlainDate,
  attempts: readonly DeliveryAttempt[],
): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const entry of await entriesOn(parts, day)) {
    const dossier = await parts.registry.dossier(entry.login, entry.environment);
    const letters = dossier?.letters ?? [];
    const deliveries = letters.flatMap((letter) => letter.deliveries);
    const count = (state: string) => deliveries.filter((delivery) => delivery.state === state).length;
    const { structure, login, expiresOn, state } = entry;
    const counts = [letters.length, count('sent'), count('refused')];
    rows.push([structure, login, ...counts, expiresOn ?? 'unknown', state]);
  }
  const head = ['structure', 'login', 'letters', 'delivered', 'refused', 'expires', 'state'];
  return `${table(head, rows)}\n\n${tally(attempts)}`;
}

/** « 312 letters delivered: 240 reminders, … ». */
export function tally(attempts: readonly DeliveryAttempt[]): string {
  const sent = attempts.filter(({ outcome }) => outcome.kind === 'sent');
  const of = (isIt: (step: string) => boolean) => sent.filter(({ step }) => isIt(step)).length;
  const kinds = [
    [of((step) => step.startsWith('J')), 'reminder'],
    [of((step) => step === 'question'), 'question about an unknown date', 'questions about unknown dates'],
    [of((step) => step === 'alarm'), 'alarm to the IT service', 'alarms to the IT service'],
    [of((step) => step === 'tasks'), 'list of tasks', 'lists of tasks'],
    [of((step) => step === 'digest'), 'weekly digest'],
    [of((step) => step === 'confirmation'), 'confirmation'],
    [
      of((step) => step !== 'confirmation' && ROTATION_LETTERS.some((kind) => kind === step)),
      'letter about a handover',
      'letters about handovers',
    ],
    [attempts.length - sent.length, 'not delivered', 'not delivered'],
  ] as const;
  const parts = kinds
    .filter(([count]) => count > 0)
    .map(([count, one, many = `${one}s`]) => `${count} ${count === 1 ? one : many}`);
  return `${attempts.length} letter${attempts.length === 1 ? '' : 's'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}
