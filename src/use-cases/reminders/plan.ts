// Plans the letters to come: runs the reminders ahead of time over a copy of the fleet.
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
import type { Fleet, ReminderRepository } from '../../domain/ports/reminders.ts';
import type { ReminderDecision, ReviewResult, Rules } from '../../domain/reminder/reminder-decision.ts';
import { lineOf, revalidate, type Today } from '../../domain/reminder/revalidation.ts';
import { isOpen, nextOpening, parisDay, ZONE } from '../../domain/shared/calendar.ts';
import { remind } from './remind.ts';

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

/** The reminder port over a copy in memory: the same decisions, nothing stored. */
function trialReminders(fleet: Fleet): ReminderRepository & {
  readonly users: ReadonlyMap<number, TechnicalUser>;
  /** The decisions since the last call. */
  take(): { letters: NewLetter[]; alarms: NewAlarm[] };
  /** The earliest day on which a technical user may be due; null when none ever is. */
  nextWake(): string | null;
} {
  const users = new Map(fleet.users.map((user) => [user.id, user]));
  const wake = new Map<number, string | null>(fleet.users.map((user) => [user.id, user.retired ? null : '']));
  const known = new Set(fleet.knownItems);
  let letters: NewLetter[] = [];
  let alarms: NewAlarm[] = [];
  const keep = (decision: ReminderDecision) => {
    for (const letter of decision.letters) {
      const items = letter.items.filter((item) => !known.has(item.id));
      for (const item of items) known.add(item.id);
      if (items[0] !== undefined) letters.push({ ...letter, id: items[0].id, items });
    }
    alarms.push(...decision.alarms);
    for (const review of decision.reviews) note(review);
  };
  const note = ({ userId, lastReminder, wakeOn }: ReviewResult) => {
    const user = users.get(userId);
    if (user !== undefined) users.set(userId, { ...user, lastReminder });
    wake.set(userId, wakeOn);
  };
  return {
    users,
    processDue: (today, _now, decide) => {
      const due = [...users.values()].filter((user) => {
        const on = wake.get(user.id) ?? null;
        return on !== null && on <= today;
      });
      if (due.length > 0) keep(decide(due));
      return Promise.resolve(due.length);
    },
    resetIfRulesChanged: () => Promise.resolve(false),
    take: () => {
      const taken = { letters, alarms };
      letters = [];
      alarms = [];
      return taken;
    },
    nextWake: () => {
      const days = [...wake.values()].filter((on) => on !== null).sort();
      return days[0] ?? null;
    },
  };
}

/**
 * Every letter that will leave from `now` until the end of the day `until`, in order of time, if nothing changes and the
 * mail server accepts them: first those that wait in the outbox, then those to be written. Digests and lists of tasks are left out.
 */
export async function plan(
  fleet: Fleet,
  rules: Rules,
  span: {
    readonly now: Temporal.Instant;
    readonly until: Temporal.PlainDate;
    readonly sender?: SenderProfile | null;
  },
): Promise<readonly PlannedLetter[]> {
  const { now, until, sender = null } = span;
  const trial = trialReminders(fleet);
  const subjects = (
    letter: Pick<StoredLetter, 'language' | 'recipients'>,
    items: readonly LetterItem[],
    today: Temporal.PlainDate,
  ) => (sender === null ? null : subjectOf(letter, items, trial.users, rules, today, sender));
  const planned: PlannedLetter[] = [];
  let at = nextOpening(now, rules.window, rules.calendar);
  let waiting = fleet.waiting;
  while (Temporal.PlainDate.compare(parisDay(at), until) <= 0) {
    const opening = at;
    await remind({ reminders: trial, clock: { now: () => opening } }, rules);
    const today = parisDay(at);
    const on = today.toString();
    for (const { letter, recipients, items } of stillWaiting(waiting, trial.users, { rules, today })) {
      planned.push({
        ...plannedOf(letter, recipients, items, on),
        written: true,
        subject: subjects(letter, items, today),
      });
    }
    waiting = [];
    const { letters, alarms } = trial.take();
    if (alarms.length > 0) planned.push(alarmLetter(alarms, rules, on));
    for (const letter of letters) {
      const { recipients, items } = letter;
      planned.push({ ...plannedOf(letter, recipients, items, on), subject: subjects(letter, items, today) });
    }
    const next = trial.nextWake();
    if (next === null) break;
    at = openingOn(next > on ? next : parisDay(at).add({ days: 1 }).toString(), rules);
  }
  return planned;
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
