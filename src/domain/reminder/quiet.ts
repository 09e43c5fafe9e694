// Computes how long the ladder rests for a principal manager: who has answered, once a password version and person; or for whom an agent
// paused it. Never in the last week before the date, never longer than a week where the date has passed or is unknown.
//
// Invariant: the bounds hold whenever they are asked for, whatever is on record; another date, manager or version ends the rest.
import {
  type Expiry,
  expiryOfUser,
  type Pause,
  type Quiet,
  standingAnswer,
  type TechnicalUser,
  usableAddress,
  type ValidityRules,
} from '../account/technical-user.ts';
import type { ReadAnswer } from '../parsing/answer.ts';
import type { Calendar } from '../shared/calendar.ts';

/** How dates are reckoned, and the working days. */
export interface QuietRules {
  readonly validity: ValidityRules;
  readonly calendar: Calendar;
}

/** The rest after an answer that names no day, the longest once the date has passed, and the time before it without any; in days. */
const WEEK = { days: 7 };

const { compare } = Temporal.PlainDate;

/** The latest end of a rest that lasts today: before the date, the working day on which the letter of the last week is due. */
function latestEnd({ on }: Expiry, today: Temporal.PlainDate, calendar: Calendar): Temporal.PlainDate {
  const isAhead = on !== null && compare(on, today) >= 0;
  return isAhead ? calendar.onOrBefore(on.subtract(WEEK)) : today.add(WEEK);
}

/** The last day on which reminders that an agent pauses today can go on, and the date that the pause is about; ISO days. */
export function latestPause(
  user: Pick<TechnicalUser, 'facts' | 'environment' | 'validity'>,
  today: Temporal.PlainDate,
  { validity, calendar }: QuietRules,
): { readonly until: string; readonly deadline: string | null } {
  const expiry = expiryOfUser(user, validity);
  const until = latestEnd(expiry, today, calendar).toString();
  return { until, deadline: expiry.on?.toString() ?? null };
}

/** The rest on record after an answer of today: the first one that this manager had about the password; null for none. */
export function quietAfter(
  user: TechnicalUser,
  { kind, day }: ReadAnswer,
  today: Temporal.PlainDate,
  { validity, calendar }: QuietRules,
): Quiet | null {
  const had = standingAnswer(user)?.quiet ?? null;
  if (had !== null) return had;
  const expiry = expiryOfUser(user, validity);
  // On the named day itself nobody is reminded of it.
  const wanted = day === null ? today.add(WEEK) : Temporal.PlainDate.from(day).add({ days: 1 });
  const latest = latestEnd(expiry, today, calendar);
  const until = compare(wanted, latest) < 0 ? wanted : latest;
  if (compare(until, today) <= 0) return null;
  return { kind, until: until.toString(), deadline: expiry.on?.toString() ?? null };
}

/** The rest on record about the date that the password has now; null for none. */
export function quietOf(user: TechnicalUser, { validity }: Pick<QuietRules, 'validity'>): Quiet | null {
  const quiet = standingAnswer(user)?.quiet ?? null;
  const deadline = expiryOfUser(user, validity).on?.toString() ?? null;
  return quiet?.deadline === deadline ? quiet : null;
}

/** The pause on record about the password, date and manager of now, over or not; null for none. */
export function pauseOf(user: TechnicalUser, { validity }: Pick<QuietRules, 'validity'>): Pause | null {
  const { paused, version, principal } = user;
  const deadline = expiryOfUser(user, validity).on?.toString() ?? null;
  const isOfNow = paused?.version === version && paused.personId === principal?.id;
  return isOfNow && paused.deadline === deadline ? paused : null;
}

/** The day on which reminders to the principal manager go on; null while they do not rest. */
export function restsUntil(
  user: TechnicalUser,
  today: Temporal.PlainDate,
  rules: QuietRules,
): Temporal.PlainDate | null {
  const ends = [quietOf(user, rules)?.until, pauseOf(user, rules)?.until].filter((end) => end != null);
  // Who cannot be written to has no reminders that could rest.
  if (ends.length === 0 || usableAddress(user.principal) === null) return null;
  const latest = latestEnd(expiryOfUser(user, rules.validity), today, rules.calendar);
  const valid = ends
    .map((end) => Temporal.PlainDate.from(end))
    .filter((end) => compare(today, end) < 0 && compare(end, latest) <= 0);
  return valid.sort(compare).at(-1) ?? null;
}
