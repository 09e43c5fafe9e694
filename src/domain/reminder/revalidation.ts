// Checks, just before a letter leaves, which of its lines are still true and who still receives it.
import {
  expiryOfUser,
  type TechnicalUser,
  usableAddress,
  type ValidityRules,
  workedAfter,
} from '../account/technical-user.ts';
import type { Recipient, StoredLetter } from '../notification/letter.ts';
import type { ReminderLine } from '../notification/letter-facts.ts';
import { ZONE } from '../shared/calendar.ts';
import { lastStep } from './ladder.ts';
import { quietOf, restsUntil } from './quiet.ts';
import { isStopped, type Rules, recipientsOf } from './reminder-decision.ts';
import { itemId, itemIds, lastAbout } from './told.ts';

/** The lines that are still true and the recipients, or the reason why none are left. */
export type Revalidation =
  | {
      readonly kind: 'true';
      readonly lines: readonly ReminderLine[];
      readonly principal: string | null;
      readonly recipients: readonly Recipient[];
    }
  | { readonly kind: 'withdrawn'; readonly reason: string };

const withdrawn = (reason: string): Revalidation => ({ kind: 'withdrawn', reason });

/** By which rules, and on which day, a letter is looked at. */
export interface Today {
  readonly rules: Rules;
  readonly today: Temporal.PlainDate;
}

/** Why a line no longer holds for a reader, or null when it does. */
function faultOf(
  user: TechnicalUser | undefined,
  id: string,
  { personId }: Recipient,
  { rules, today }: Today,
): string | null {
  if (user === undefined) return 'the technical user is no longer known';
  if (user.retired) return 'the technical user was retired';
  if (isStopped(user)) return 'Chorus Pro refuses the password, and the letter about that speaks';
  const deadline = expiryOfUser(user, rules.validity).on?.toString() ?? null;
  const last = lastAbout(user, deadline);
  if (last === null) return 'the password, its date or the manager has changed since';
  // Others than the manager get a step once, whether reminders rest or not.
  const isManagers = personId !== null && personId === user.principal?.id;
  const ids = isManagers ? [itemId(user, last)] : itemIds(user, last);
  const rest = isManagers ? restsUntil(user, today, rules) : null;
  if (rest !== null) return `${restReason(user, rules)}, and reminders rest until ${rest}`;
  return ids.includes(id) ? null : 'a more urgent letter has taken its place';
}

const restReason = (user: TechnicalUser, rules: Rules) =>
  quietOf(user, rules) === null ? 'an agent has paused the ladder' : 'its manager has answered';

/**
 * What of a manager's letter may still be sent to one of its recipients: lines whose password, date, step and manager are
 * unchanged, to recipients who must still receive them.
 */
export function revalidate(
  letter: StoredLetter,
  recipient: Recipient,
  users: ReadonlyMap<number, TechnicalUser>,
  { rules, today }: Today,
): Revalidation {
  const kept: { user: TechnicalUser; line: ReminderLine }[] = [];
  let reason = 'the letter has no lines';
  for (const item of letter.items) {
    const user = users.get(item.userId);
    const fault = faultOf(user, item.id, recipient, { rules, today });
    if (fault !== null || user === undefined) {
      reason = fault ?? reason;
      continue;
    }
    kept.push({ user, line: lineOf(user, item.step, { first: item.first }, rules) });
  }
  if (kept.length === 0) return withdrawn(reason);
  const due = kept.map(({ user, line }) => {
    const readers = restsUntil(user, today, rules) === null ? 'everyone' : 'others';
    return { user, step: line.step, readers } as const;
  });
  const addresses = new Set(recipientsOf(due, rules).map(({ address }) => address.toLowerCase()));
  if (!addresses.has(recipient.address.toLowerCase()))
    return withdrawn('this reader no longer has to hear of it, or the address is out of use');
  // A letter that goes only to the deputies keeps its original head.
  const head = letter.recipients.filter(({ address }) => addresses.has(address.toLowerCase()));
  const reached = kept.find(({ user }) => usableAddress(user.principal) !== null);
  return {
    kind: 'true',
    lines: kept.map(({ line }) => line),
    principal: reached?.user.principal?.name ?? null,
    recipients: head,
  };
}

/** One technical user's line in a letter, with its current dates. */
export function lineOf(
  user: TechnicalUser,
  step: ReminderLine['step'],
  { first }: { readonly first: boolean },
  rules: Rules,
): ReminderLine {
  const { login, environment, home, further } = user;
  const expiry = expiryOfUser(user, rules.validity);
  // The first letter about a date says all, however late it is.
  const monthly = step !== null && !first && step.offset > lastStep(rules.ladder);
  const account = { login, environment, home, further, expiry };
  const at = workedAfter(user, expiry);
  const workedAt =
    at === null
      ? null
      : Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return { ...account, step, first, written: 0, workedAt, monthly, link: null };
}

/**
 * Whether our records ask for the expiry date: it is unknown, or the password worked after it. The one rule of letters and page; of a
 * password that is refused, no date is asked for.
 */
export function asksDate(user: TechnicalUser, validity: ValidityRules): boolean {
  const expiry = expiryOfUser(user, validity);
  return !isStopped(user) && (expiry.source === 'unknown' || workedAfter(user, expiry) !== null);
}
