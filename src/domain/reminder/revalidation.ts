// Whether a letter written earlier still says what is true, asked again just before it leaves.
import { expiryOfUser, type TechnicalUser } from '../account/technical-user.ts';
import type { Recipient, StoredLetter } from '../notification/letter.ts';
import type { ReminderLine } from '../notification/letter-facts.ts';
import { itemId, type Rules, recipientsOf, sameSubject } from './reminder-decision.ts';

/** What is left of a letter: the lines that are still true and its readers, or the reason why nothing is. */
export type Revalidation =
  | {
      readonly kind: 'true';
      readonly lines: readonly ReminderLine[];
      readonly principal: string | null;
      readonly recipients: readonly Recipient[];
    }
  | { readonly kind: 'withdrawn'; readonly reason: string };

const withdrawn = (reason: string): Revalidation => ({ kind: 'withdrawn', reason });

/** Why a line no longer holds, or null when it does. */
function untrue(user: TechnicalUser | undefined, id: string, rules: Rules): string | null {
  if (user === undefined) return 'the technical user is no longer known';
  if (user.retired) return 'the technical user was retired';
  const deadline = expiryOfUser(user, rules.validity).on?.toString() ?? null;
  if (user.lastReminder === null || !sameSubject(user.lastReminder, user, deadline)) {
    return 'the password, its date or the manager has changed since';
  }
  return itemId(user, user.lastReminder) === id ? null : 'a more urgent letter has taken its place';
}

/**
 * What of a manager's letter may still be sent to one of its readers: lines whose password, date, step and manager
 * are as they were, to readers who still have to hear of them.
 */
export function revalidate(
  letter: StoredLetter,
  recipient: Recipient,
  users: ReadonlyMap<number, TechnicalUser>,
  rules: Rules,
): Revalidation {
  const kept: { user: TechnicalUser; line: ReminderLine }[] = [];
  let reason = 'the letter has no lines';
  for (const item of letter.items) {
    const user = users.get(item.userId);
    const fault = untrue(user, item.id, rules);
    if (fault !== null || user === undefined) {
      reason = fault ?? reason;
      continue;
    }
    kept.push({ user, line: lineOf(user, item.step, { first: item.first }, rules) });
  }
  if (kept.length === 0) return withdrawn(reason);
  const recipients = recipientsOf(
    kept.map(({ user, line }) => ({ user, step: line.step })),
    rules,
  );
  const mine = recipients.some((one) => one.address.toLowerCase() === recipient.address.toLowerCase());
  if (!mine) return withdrawn('this reader no longer has to hear of it, or the address is out of use');
  // A letter that goes on to the deputies keeps the head it was written with.
  const head = letter.recipients.filter((one) =>
    recipients.some((now) => now.address.toLowerCase() === one.address.toLowerCase()),
  );
  const principal = kept.find(({ user }) => user.principal !== null)?.user.principal?.name ?? null;
  const addressed = head.some((one) => kept.some(({ user }) => user.principal?.id === one.personId));
  return {
    kind: 'true',
    lines: kept.map(({ line }) => line),
    principal: addressed ? principal : null,
    recipients: head,
  };
}

/** One technical user's line in a letter, with its dates as they are known now. */
export function lineOf(
  user: TechnicalUser,
  step: ReminderLine['step'],
  { first }: { readonly first: boolean },
  rules: Rules,
): ReminderLine {
  return {
    login: user.login,
    environment: user.environment,
    home: user.home,
    further: user.further,
    expiry: expiryOfUser(user, rules.validity),
    step,
    first,
    link: null,
  };
}
