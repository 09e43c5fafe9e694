// Sums up the state of a technical user today, in one word and a few numbers, for lists.
import {
  type Environment,
  type Expiry,
  type ExpirySource,
  expiryOfUser,
  type TechnicalUser,
} from '../account/technical-user.ts';
import { stepName } from '../notification/letter.ts';
import { daysBetween } from '../shared/calendar.ts';
import { ladderPosition } from './ladder.ts';
import { restsUntil } from './quiet.ts';
import type { Rules } from './reminder-decision.ts';
import { isOwed, itemId } from './told.ts';

/** The states of a technical user, the most pressing first. */
export const STATES = ['overdue', 'expiring', 'unknown', 'quiet', 'retired'] as const;

/** quiet: no step of the ladder is reached; expiring: one is; overdue: the date has passed; unknown: there is no date. */
export type AccountState = (typeof STATES)[number];

export interface AccountStatus {
  readonly expiry: Expiry;
  /** Civil days; negative once the date has passed. */
  readonly daysLeft: number | null;
  /** `J-30`, `unknown`, or null before the first step and for the retired. */
  readonly step: string | null;
  readonly state: AccountState;
  /** The day on which the next step is reached. */
  readonly nextStepOn: Temporal.PlainDate | null;
  /** The day on which reminders to the principal manager go on, who has answered; null while they do not rest. */
  readonly restsUntil: Temporal.PlainDate | null;
}

type StatusRules = Pick<Rules, 'ladder' | 'validity' | 'calendar'>;

/** The status of a technical user on a day, by the current settings. */
export function accountStatusOf(
  user: TechnicalUser,
  today: Temporal.PlainDate,
  rules: StatusRules,
): AccountStatus {
  const rest = user.retired ? null : restsUntil(user, today, rules);
  return { ...ladderStatusOf(user, today, rules), restsUntil: rest };
}

/** The status as far as the ladder alone decides it: the same for all with the same dates. */
export function ladderStatusOf(
  user: Pick<TechnicalUser, 'facts' | 'environment' | 'validity' | 'retired'>,
  today: Temporal.PlainDate,
  rules: StatusRules,
): Omit<AccountStatus, 'restsUntil'> {
  const expiry = expiryOfUser(user, rules.validity);
  if (expiry.source === 'unknown') {
    const [state, step] = user.retired ? (['retired', null] as const) : (['unknown', 'unknown'] as const);
    return { expiry, daysLeft: null, step, state, nextStepOn: null };
  }
  const daysLeft = daysBetween(today, expiry.on);
  if (user.retired) return { expiry, daysLeft, step: null, state: 'retired', nextStepOn: null };
  const { step, next } = ladderPosition(expiry, today, rules.ladder, rules.calendar);
  const state = daysLeft < 0 ? 'overdue' : step === null ? 'quiet' : 'expiring';
  const name = step === null ? null : stepName(step);
  return { expiry, daysLeft, step: name, state, nextStepOn: next };
}

/** One technical user in `releve list --json`; fields may be added, never renamed. */
export interface ListEntry {
  readonly login: string;
  readonly siret: string;
  readonly structure: string;
  readonly environment: Environment;
  /** ISO date. */
  readonly expiresOn: string | null;
  readonly expirySource: ExpirySource;
  readonly daysLeft: number | null;
  readonly step: string | null;
  readonly state: AccountState;
  /** The last letter of the principal manager: ISO day and step; null when none was written for this password, or the last was withdrawn. */
  readonly lastLetter: { readonly on: string; readonly step: string } | null;
  /** The ISO day on which reminders to the principal manager go on, who has answered; null while they do not rest. */
  readonly remindersRestUntil: string | null;
}

/** `withdrawn`: the identities of lines that never left for the principal manager. */
export function listEntry(
  user: TechnicalUser,
  status: AccountStatus,
  withdrawn: ReadonlySet<string> = new Set(),
): ListEntry {
  const { lastReminder } = user;
  const isGone = lastReminder === null || isOwed(lastReminder) || withdrawn.has(itemId(user, lastReminder));
  const last = isGone ? null : lastReminder;
  const stepOfLast = (deadline: string | null, offset: number) =>
    deadline === null ? 'unknown' : stepName({ offset });
  return {
    login: user.login,
    siret: user.home.siret,
    structure: user.home.name,
    environment: user.environment,
    expiresOn: status.expiry.on?.toString() ?? null,
    expirySource: status.expiry.source,
    daysLeft: status.daysLeft,
    step: status.step,
    state: status.state,
    remindersRestUntil: status.restsUntil?.toString() ?? null,
    lastLetter: last === null ? null : { on: last.on, step: stepOfLast(last.deadline, last.step) },
  };
}
