// Plans the letters to come: runs the reminders ahead of time over a fleet that is only read.
import { wordReminder } from '../../content/letters/reminder/reminder.ts';
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import {
  type LetterItem,
  type LetterKind,
  type NewAlarm,
  type NewLetter,
  type Recipient,
  type SenderProfile,
  type StoredLetter,
  stepName,
} from '../../domain/notification/letter.ts';
import type { Fleet } from '../../domain/ports/reminders.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { lineOf, revalidate, type Today } from '../../domain/reminder/revalidation.ts';
import { isOpen, nextOpening, parisDay, ZONE } from '../../domain/shared/calendar.ts';
import { pushed } from '../../foundation/loop.ts';
import { remind } from './remind.ts';
import { openTrial } from './trial.ts';

/** A letter to come. `step`: that of its most urgent line (`J-30`, `unknown`); null for an alarm. */
export interface PlannedLetter {
  /** ISO day on which it leaves. */
  readonly on: string;
  readonly kind: LetterKind;
  readonly step: string | null;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly logins: readonly string[];
  /** Whether it is in the outbox already. */
  readonly written: boolean;
  /** Why it leaves: each technical user's step and date. */
  readonly items: readonly PlannedItem[];
  /** Its subject, if `sender` was given. */
  readonly subject: string | null;
}

/** One technical user in a letter to come; `expiresOn` is an ISO date, null when it is unknown. */
interface PlannedItem {
  readonly login: string;
  readonly step: string;
  readonly expiresOn: string | null;
}

/** The span that is looked at; with `sender`, letters have their subjects. */
interface PlanSpan {
  readonly now: Temporal.Instant;
  readonly until: Temporal.PlainDate;
  readonly sender?: SenderProfile | null;
}

/**
 * Every letter that will leave from `now` until the end of the day `until`, day by day, if nothing changes and the mail server
 * accepts them: those to be written, those that wait in the outbox, the alarms. Digests and lists of tasks are left out. They come
 * as they are found: of a large fleet neither the letters nor the users are ever all in memory.
 */
export function plan(fleet: Fleet, rules: Rules, span: PlanSpan): AsyncGenerator<readonly PlannedLetter[]> {
  return pushed((put) => planInto(put, fleet, rules, span));
}

async function planInto(
  put: (letters: readonly PlannedLetter[]) => Promise<void>,
  fleet: Fleet,
  rules: Rules,
  { now, until, sender = null }: PlanSpan,
): Promise<void> {
  let at = nextOpening(now, rules.window, rules.calendar);
  const alarms: NewAlarm[] = [];
  const onPaper = (
    letter: Pick<StoredLetter, 'kind' | 'language' | 'recipients'>,
    items: readonly LetterItem[],
    users: ReadonlyMap<number, TechnicalUser>,
  ): PlannedLetter => {
    const today = parisDay(at);
    const subject = sender === null ? null : subjectOf(letter, items, users, rules, today, sender);
    return { ...plannedOf(letter, letter.recipients, items, today.toString()), subject };
  };
  const trial = await openTrial(fleet, async (round) => {
    alarms.push(...round.alarms);
    const letters = round.letters.map((letter) => onPaper(letter, letter.items, round.users));
    if (letters.length > 0) await put(letters);
  });
  let waiting = await fleet.waiting();
  while (Temporal.PlainDate.compare(parisDay(at), until) <= 0) {
    const opening = at;
    await remind({ reminders: trial.reminders, clock: { now: () => opening } }, rules);
    const today = parisDay(at);
    const on = today.toString();
    if (waiting.length > 0) {
      const users = await trial.read(waiting.flatMap(({ items }) => items.map(({ userId }) => userId)));
      const left = stillWaiting(waiting, users, { rules, today });
      await put(
        left.map(({ letter, recipients, items }) => ({
          ...onPaper({ ...letter, recipients }, items, users),
          written: true,
        })),
      );
      waiting = [];
    }
    if (alarms.length > 0) await put([alarmLetter(alarms.splice(0), rules, on)]);
    const next = trial.nextWake();
    if (next === null) break;
    at = openingOn(next > on ? next : today.add({ days: 1 }).toString(), rules);
  }
}

function openingOn(day: string, rules: Rules): Temporal.Instant {
  const start = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: ZONE }).toInstant();
  return nextOpening(start, rules.window, rules.calendar);
}

/** A letter of the outbox with the recipients and lines that are left. */
interface Waiting {
  readonly letter: StoredLetter;
  readonly recipients: readonly Recipient[];
  readonly items: readonly LetterItem[];
}

/** What of the outbox will still be true when it leaves: the recipients and lines that are still valid. */
function stillWaiting(
  waiting: readonly StoredLetter[],
  users: ReadonlyMap<number, TechnicalUser>,
  at: Today,
): Waiting[] {
  return waiting.flatMap((letter): Waiting[] => {
    if (letter.kind === 'digest') return [];
    if (letter.kind === 'alarm') return [{ letter, recipients: letter.recipients, items: [] }];
    const valid = letter.recipients.flatMap((recipient) => {
      const result = revalidate(letter, recipient, users, at);
      return result.kind === 'true' ? [{ recipient, lines: result.lines }] : [];
    });
    const lines = valid[0]?.lines;
    if (lines === undefined) return [];
    const items = letter.items.filter((item) => lines.some((line) => line.login === item.login));
    return [{ letter, recipients: valid.map(({ recipient }) => recipient), items }];
  });
}

const nameOf = (step: LetterItem['step']) => (step === null ? 'unknown' : stepName(step));

function plannedOf(
  letter: Pick<NewLetter, 'kind'>,
  recipients: readonly Recipient[],
  items: readonly LetterItem[],
  on: string,
): PlannedLetter {
  const [lead] = items;
  const addresses = (field: 'to' | 'cc') => recipients.filter((r) => r.field === field).map((r) => r.address);
  return {
    on,
    kind: letter.kind,
    step: lead === undefined ? null : nameOf(lead.step),
    to: addresses('to'),
    cc: addresses('cc'),
    logins: items.map((item) => item.login),
    written: false,
    items: items.map(({ login, step, deadline }) => ({ login, step: nameOf(step), expiresOn: deadline })),
    subject: null,
  };
}

/** The letter's subject; it is worded for that alone. */
function subjectOf(
  letter: Pick<StoredLetter, 'language' | 'recipients'>,
  items: readonly LetterItem[],
  users: ReadonlyMap<number, TechnicalUser>,
  rules: Rules,
  today: Temporal.PlainDate,
  sender: SenderProfile,
): string {
  const { language } = letter;
  const lines = items.flatMap(({ userId, step, first }) => {
    const user = users.get(userId);
    return user === undefined ? [] : [lineOf(user, step, { first }, rules)];
  });
  if (lines.length === 0) return '';
  const principal = letter.recipients.find((recipient) => recipient.field === 'to')?.name ?? null;
  return wordReminder({ language, today, principal, copy: null, lines }, sender).subject;
}

function alarmLetter(alarms: readonly NewAlarm[], rules: Rules, on: string): PlannedLetter {
  const logins = [...new Set(alarms.flatMap(({ facts }) => (facts.login === null ? [] : [facts.login])))];
  return { ...plannedOf({ kind: 'alarm' }, [], [], on), to: [rules.itService.email], logins };
}

/** Why letters may not leave now, for people; null when they may. */
export function shutReason(now: Temporal.Instant, rules: Rules): string | null {
  if (isOpen(now, rules.window, rules.calendar)) return null;
  const opening = nextOpening(now, rules.window, rules.calendar).toZonedDateTimeISO(ZONE);
  const day = opening.toPlainDate().toString();
  const time = opening.toPlainTime().toString({ smallestUnit: 'minute' });
  return `letters leave on working days between ${timeOf(rules.window.from)} and ${timeOf(rules.window.to)} (${ZONE}); the next opening is ${day} ${time}`;
}

const timeOf = (time: Temporal.PlainTime) => time.toString({ smallestUnit: 'minute' });
