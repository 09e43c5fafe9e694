// Decides one round of reminders: from the technical users due for review to the letters that must exist.
import {
  accountFacts,
  expiryOfUser,
  type Language,
  type LastReminder,
  type TechnicalUser,
  usableAddress,
  type ValidityRules,
} from '../account/technical-user.ts';
import type { LetterItem, NewAlarm, NewLetter, Recipient, Step } from '../notification/letter.ts';
import { type NewTask, taskFactsOf } from '../notification/task.ts';
import type { Calendar, HolidayRules, SendingWindow } from '../shared/calendar.ts';
import { askOn, audience, type Ladder, ladderPosition, lastStep } from './ladder.ts';
import { restsUntil } from './quiet.ts';
import { isOwed, itemId, itemIds, lastAbout, reminderToday } from './told.ts';

/** The settings of reminders, and the calendar made of them. */
export interface Rules {
  readonly ladder: Ladder;
  readonly validity: ValidityRules;
  readonly calendar: Calendar;
  readonly holidays: HolidayRules;
  /** The address and name of the IT service, and the language it reads. */
  readonly itService: { readonly name: string; readonly email: string; readonly language: Language };
  /** When letters to people may leave. */
  readonly window: SendingWindow;
  /** ISO weekday (1 = Monday) of the weekly digest. */
  readonly digestWeekday: number;
}

/** The result of one technical user's review: its last reminder, and the day of the next review. */
export interface ReviewResult {
  readonly userId: number;
  readonly lastReminder: LastReminder | null;
  /** ISO day on which the next letter may be due; null when none can ever be. */
  readonly wakeOn: string | null;
}

/** Everything one round writes, in one transaction. */
export interface ReminderDecision {
  readonly letters: readonly NewLetter[];
  readonly alarms: readonly NewAlarm[];
  readonly tasks: readonly NewTask[];
  readonly reviews: readonly ReviewResult[];
}

/**
 * Who is written to: all whom a step concerns; while reminders rest, the others than the principal manager; after that, the
 * manager alone, with the step that the others had meanwhile.
 */
type Readers = 'everyone' | 'others' | 'principal';

/** A technical user on a step, with those who are written to: by default everyone. */
interface Line {
  readonly user: TechnicalUser;
  readonly step: Step | null;
  readonly readers?: Readers;
}

/** What is due to one technical user today, before letters are put together. */
interface Due extends Required<Line> {
  readonly deadline: string | null;
  readonly lastReminder: LastReminder;
  readonly first: boolean;
}

interface UserReview {
  readonly due: Due | null;
  readonly review: ReviewResult;
}

function nothingDue(user: TechnicalUser, wakeOn: string | null): UserReview {
  return { due: null, review: { userId: user.id, lastReminder: user.lastReminder, wakeOn } };
}

/**
 * Reviews one technical user: is a letter due, and when is the next review. Nothing is due when the step reached was sent
 * already, or when a more urgent one was (the clock may have been set back).
 */
function reviewUser(user: TechnicalUser, today: Temporal.PlainDate, rules: Rules): UserReview {
  if (user.retired) return nothingDue(user, null);
  // Chorus Pro refuses it: the letter about that speaks, and a reminder would say the contrary.
  if (isStopped(user)) return nothingDue(user, today.add({ days: 1 }).toString());
  const expiry = expiryOfUser(user, rules.validity);
  if (expiry.source === 'unknown') return reviewUnknown(user, today, rules);
  const deadline = expiry.on.toString();
  const last = lastAbout(user, deadline);
  const { step, next } = ladderPosition(expiry, today, rules.ladder, rules.calendar);
  const rest = restsUntil(user, today, rules);
  const days = [next, rest].flatMap((day) => day?.toString() ?? []);
  const wakeOn = days.sort()[0] ?? null;
  const readers = step === null ? null : addresseesOf(last, step, { resting: rest !== null });
  if (step === null || readers === null) return nothingDue(user, wakeOn);
  if (readers === 'others' && !reachesPeople([{ user, step, readers }], rules))
    return nothingDue(user, wakeOn);
  const lastReminder = reminderToday(user, { deadline, step: step.offset }, today, rules);
  return {
    due: { user, step, readers, deadline, lastReminder, first: last === null },
    review: { userId: user.id, lastReminder, wakeOn },
  };
}

/** Who must be written to about a step that is reached; null when nobody must. */
function addresseesOf(
  last: LastReminder | null,
  { offset }: Step,
  { resting }: { readonly resting: boolean },
): Readers | null {
  if (last === null || last.step < offset) return resting ? 'others' : 'everyone';
  return last.step === offset && isOwed(last) && !resting ? 'principal' : null;
}

/** Whether Chorus Pro refuses the password in service. */
export function isStopped({ service }: Pick<TechnicalUser, 'service'>): boolean {
  return service?.state === 'stopped';
}

/** Whether it is time to ask (again) for an unknown date. */
function reviewUnknown(user: TechnicalUser, today: Temporal.PlainDate, rules: Rules): UserReview {
  const last = lastAbout(user, null);
  const lastAsked = last === null || isOwed(last) ? null : Temporal.PlainDate.from(last.on);
  // Only the principal manager is asked.
  const rest = restsUntil(user, today, rules);
  const day = rest ?? askOn(lastAsked, today, rules.ladder, rules.calendar);
  if (Temporal.PlainDate.compare(day, today) > 0) return nothingDue(user, day.toString());
  const lastReminder = reminderToday(user, { deadline: null, step: (last?.step ?? 0) + 1 }, today, rules);
  const wakeOn = askOn(today, today, rules.ladder, rules.calendar).toString();
  return {
    due: { user, step: null, readers: 'everyone', deadline: null, lastReminder, first: false },
    review: { userId: user.id, lastReminder, wakeOn },
  };
}

function itemOf(due: Due): LetterItem {
  const { user, step, deadline, first } = due;
  return {
    id: itemId(user, due.lastReminder),
    userId: user.id,
    login: user.login,
    version: user.version,
    deadline,
    step,
    first: first && step !== null,
  };
}

/** The most urgent first; unknown dates last. */
function byUrgency(a: Due, b: Due): number {
  const place = (due: Due) => due.step?.offset ?? Number.NEGATIVE_INFINITY;
  return place(b) - place(a) || (a.user.login < b.user.login ? -1 : 1);
}

/** The recipients: the principal manager, then the deputies and the IT service as the steps demand, each once. */
export function recipientsOf(lines: readonly Line[], rules: Rules): readonly Recipient[] {
  const recipients = new Map<string, Recipient>();
  const add = (address: string | null, name: string, personId: number | null, field: 'to' | 'cc') => {
    if (address === null || recipients.has(address.toLowerCase())) return;
    recipients.set(address.toLowerCase(), { address, name, field, personId });
  };
  for (const { user, readers } of lines) {
    if (user.principal && readers !== 'others')
      add(usableAddress(user.principal), user.principal.name, user.principal.id, 'to');
  }
  // While reminders rest, the manager has got an e-mail before.
  const reached = recipients.size > 0 || lines.some(({ readers }) => readers === 'others');
  const concerned = lines.filter(({ readers }) => readers !== 'principal');
  for (const { user, step } of concerned) {
    if (!audience(step, rules.ladder).secondaries) continue;
    for (const deputy of user.secondaries)
      add(usableAddress(deputy), deputy.name, deputy.id, reached ? 'cc' : 'to');
  }
  if (concerned.some(({ step }) => audience(step, rules.ladder).itService)) {
    add(rules.itService.email, rules.itService.name, null, recipients.size > 0 ? 'cc' : 'to');
  }
  return [...recipients.values()];
}

/** Whether a letter about these lines has a reader beside the IT service. */
function reachesPeople(lines: readonly Line[], rules: Rules): boolean {
  return recipientsOf(lines, rules).some(({ personId }) => personId !== null);
}

/** The principal's address is missing or dead: the IT service is notified the same day. */
function alarmOf(due: Due): NewAlarm {
  const { user, deadline } = due;
  return {
    id: `no-address/${itemId(user, due.lastReminder)}`,
    kind: 'no-address',
    facts: { ...accountFacts(user), deadline, reply: user.principal?.dead?.reason ?? null },
  };
}

/** The ladder ends without an answer: somebody must call. One task for each password, date and manager. */
function callOf({ user, step, readers, lastReminder }: Due, { ladder, validity }: Rules): readonly NewTask[] {
  const last = lastStep(ladder);
  // A manager who has answered has a task already.
  if (readers === 'others' || step === null || step.offset < Math.max(1, last)) return [];
  const [first] = itemIds(user, { ...lastReminder, step: last });
  const id = `call/${first}`;
  return [{ id, kind: 'call', userId: user.id, facts: taskFactsOf(user, validity), forWhom: 'it-service' }];
}

/**
 * What one round must write for the given technical users, on a day on which letters may leave. All that is due to one
 * principal manager comes in one letter. Pure: the same input gives the same letters, with the same ids.
 */
export function decideReminders(
  users: readonly TechnicalUser[],
  today: Temporal.PlainDate,
  rules: Rules,
): ReminderDecision {
  const reviews: ReviewResult[] = [];
  const alarms: NewAlarm[] = [];
  const tasks: NewTask[] = [];
  const groups = new Map<string, Due[]>();
  for (const user of users) {
    const seen = reviewUser(user, today, rules);
    reviews.push(seen.review);
    if (seen.due === null) continue;
    tasks.push(...callOf(seen.due, rules));
    const address = usableAddress(user.principal);
    if (address === null) alarms.push(alarmOf(seen.due));
    // What the manager must not get now is another letter.
    const rests = seen.due.readers === 'others' ? 'resting ' : '';
    const group = address === null ? `user ${user.id}` : `${rests}address ${address.toLowerCase()}`;
    groups.set(group, [...(groups.get(group) ?? []), seen.due]);
  }
  const letters: NewLetter[] = [];
  for (const dues of groups.values()) {
    const letter = letterOf(dues.sort(byUrgency), today, rules);
    if (letter !== null) letters.push(letter);
  }
  return { letters, alarms, tasks, reviews };
}

/** One letter for all that is due to one manager; null when nobody can read it (the alarm says so). */
function letterOf(dues: readonly Due[], today: Temporal.PlainDate, rules: Rules): NewLetter | null {
  const recipients = recipientsOf(dues, rules);
  const items = dues.map(itemOf);
  const [lead] = items;
  if (lead === undefined || !reachesPeople(dues, rules)) return null;
  const kind = items.some((item) => item.step !== null) ? 'reminder' : 'unknown';
  const language = dues[0]?.user.principal?.language ?? dues[0]?.user.secondaries[0]?.language ?? 'fr';
  return { id: lead.id, kind, language, on: today.toString(), items, recipients };
}
