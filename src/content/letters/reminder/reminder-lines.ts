// What a reminder to a manager is about: its lines sorted by urgency, before any word is chosen.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ReminderFacts, ReminderLine } from '../../../domain/notification/letter-facts.ts';
import { daysBetween } from '../../../domain/shared/calendar.ts';

/** How near a date is, in civil days from today: over 15, 4 to 15, 1 to 3, today, past, past the latest credible date. */
export type Urgency = 'far' | 'near' | 'close' | 'today' | 'overdue' | 'stopped';

export interface DatedLine {
  readonly line: ReminderLine;
  readonly source: 'portal' | 'computed';
  readonly on: Temporal.PlainDate;
  readonly latest: Temporal.PlainDate;
  readonly urgency: Urgency;
}

/** A letter's lines: the dated ones, the nearest date first, and those whose date is unknown. */
export type SortedLines = Readonly<ReturnType<typeof sortLines>>;

/** Computed from today and not from the step: a step's letter may have been brought forward or delayed. */
function urgencyOf(
  line: ReminderLine,
  on: Temporal.PlainDate,
  latest: Temporal.PlainDate,
  today: Temporal.PlainDate,
): Urgency {
  const left = daysBetween(today, on);
  if (left > 15) return 'far';
  if (left > 3) return 'near';
  if (left > 0) return 'close';
  if (left === 0) return 'today';
  const certain = line.step?.pastLatest === true || Temporal.PlainDate.compare(today, latest) >= 0;
  return certain ? 'stopped' : 'overdue';
}

/** Sorts a letter's lines; the order in which they were given does not matter. */
export function sortLines({ lines, today }: Pick<ReminderFacts, 'lines' | 'today'>) {
  const dated: DatedLine[] = [];
  const asked: ReminderLine[] = [];
  for (const line of lines) {
    const { source, on, latest } = line.expiry;
    if (source === 'unknown') asked.push(line);
    else dated.push({ line, source, on, latest, urgency: urgencyOf(line, on, latest, today) });
  }
  // On the same day production comes first, because invoices stop there; then what has certainly expired.
  dated.sort(
    (a, b) =>
      Temporal.PlainDate.compare(a.on, b.on) ||
      byEnvironment(a.line, b.line) ||
      Number(b.urgency === 'stopped') - Number(a.urgency === 'stopped') ||
      byLogin(a.line, b.line),
  );
  asked.sort((a, b) => byEnvironment(a, b) || byLogin(a, b));
  const lead = dated[0] ?? null;
  return {
    dated,
    asked,
    /** The most urgent; null when every date is unknown. */
    lead,
    /** Whether all dated lines fall on the lead's day. */
    sameDay: dated.every(({ on }) => lead !== null && on.equals(lead.on)),
    /** Whether all lines are on the test platform. */
    testOnly: lines.every(({ environment }) => environment === 'qualification'),
  };
}

const ORDER: readonly Environment[] = ['production', 'qualification'];

function byEnvironment(a: ReminderLine, b: ReminderLine): number {
  return ORDER.indexOf(a.environment) - ORDER.indexOf(b.environment);
}

function byLogin(a: ReminderLine, b: ReminderLine): number {
  return a.login < b.login ? -1 : a.login > b.login ? 1 : 0;
}

/** The environments of some lines, each once, production first. */
export function environmentsOf(lines: readonly ReminderLine[]): readonly Environment[] {
  return ORDER.filter((environment) => lines.some((line) => line.environment === environment));
}

/** What the subject and the first line are about; days are in words already. */
export interface SubjectFacts {
  /** The structures, shortened to a few words. */
  readonly names: string;
  readonly login: string;
  readonly dated: number;
  readonly asked: number;
  readonly testOnly: boolean;
  readonly urgency: Urgency;
  /** The nearest deadline, or the day by which we ask for an answer. */
  readonly day: string;
  readonly sameDay: boolean;
}
