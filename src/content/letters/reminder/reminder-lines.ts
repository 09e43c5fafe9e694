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
  /** Civil days until the date; negative once it has passed. */
  readonly left: number;
  readonly urgency: Urgency;
}

/** A letter's lines: those to renew, those whose date is past though the password worked, and those without a date. */
export type SortedLines = Readonly<ReturnType<typeof sortLines>>;

/** Computed from today and not from the step: a step's letter may have been brought forward or delayed. */
function urgencyOf(line: ReminderLine, left: number, isOver: boolean): Urgency {
  if (left > 15) return 'far';
  if (left > 3) return 'near';
  if (left > 0) return 'close';
  if (left === 0) return 'today';
  return line.step?.pastLatest === true || isOver ? 'stopped' : 'overdue';
}

function byDate(a: DatedLine, b: DatedLine): number {
  // On the same day production comes first, because invoices stop there; then what has certainly expired.
  return (
    Temporal.PlainDate.compare(a.on, b.on) ||
    byEnvironment(a.line, b.line) ||
    Number(b.urgency === 'stopped') - Number(a.urgency === 'stopped') ||
    byLogin(a.line, b.line)
  );
}

/** Sorts a letter's lines; the order in which they were given does not matter. */
export function sortLines({ lines, today }: Pick<ReminderFacts, 'lines' | 'today'>) {
  const dated: DatedLine[] = [];
  const worked: DatedLine[] = [];
  const asked: ReminderLine[] = [];
  for (const line of lines) {
    const { source, on, latest } = line.expiry;
    if (source === 'unknown') {
      asked.push(line);
      continue;
    }
    const left = daysBetween(today, on);
    const isOver = Temporal.PlainDate.compare(today, latest) >= 0;
    const known = { line, source, on, latest, left, urgency: urgencyOf(line, left, isOver) };
    // What works past its date has a wrong date: that is asked for, and nothing is said to have expired.
    (left < 0 && line.workedAt !== null ? worked : dated).push(known);
  }
  dated.sort(byDate);
  worked.sort(byDate);
  asked.sort((a, b) => byEnvironment(a, b) || byLogin(a, b));
  const lead = dated[0] ?? null;
  return {
    dated,
    worked,
    asked,
    /** The most urgent to renew; null when only dates are asked for. */
    lead,
    /** Whether all lines to renew fall on the lead's day. */
    sameDay: dated.every(({ on }) => lead !== null && on.equals(lead.on)),
    /** Whether all lines are on the test platform. */
    testOnly: lines.every(({ environment }) => environment === 'qualification'),
    /** Whether the ladder is at its end for all lines, and one and the same thing is asked for. */
    monthly:
      asked.length === 0 &&
      (worked.length === 0 || dated.length === 0) &&
      lines.every(({ monthly }) => monthly),
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
  /** How many are to be renewed; how many work past their date; how many have no date. */
  readonly dated: number;
  readonly worked: number;
  readonly asked: number;
  readonly testOnly: boolean;
  readonly urgency: Urgency;
  /** The nearest deadline, or the day by which we ask for an answer. */
  readonly day: string;
  /** Civil days until that deadline, negative once it has passed: no two letters of a ladder have the same. */
  readonly left: number;
  readonly sameDay: boolean;
  /** When what works past its date was last seen to work, as people say it. */
  readonly moment: string;
}
