// What a principal manager was told last, and the identity of a line of a letter: the same line is never written twice.
//
// While reminders to a manager rest, lines go to the deputies alone and have an identity of their own; the step that was reached
// meanwhile is owed to the manager, whose lines after each rest have another one again: one that a rest withdrew can be written again.
import type { LastReminder, Person, TechnicalUser } from '../account/technical-user.ts';
import { formatLetterId } from '../notification/letter-id.ts';
import { pauseOf, type QuietRules, quietOf, restsUntil } from './quiet.ts';

/** What follows the address of the principal manager in such identities. */
const TO_DEPUTIES = '#deputies';
/** After so many pauses by an agent, and perhaps after an answer of the manager's own. */
const afterRest = (pauses: number, { answered }: { readonly answered: boolean }) => {
  const own = answered ? '+' : '';
  return pauses > 0 ? `#rested${pauses}${own}` : answered ? '#rested' : '';
};

/** All marks that a line about the technical user may have, the plain one first. */
function marksOf({ paused }: TechnicalUser): [string, ...string[]] {
  const pauses = Array.from({ length: (paused?.count ?? 0) + 1 }, (_, count) => count);
  const rested = pauses.flatMap((count) => [
    afterRest(count, { answered: false }),
    afterRest(count, { answered: true }),
  ]);
  return ['', TO_DEPUTIES, ...rested.slice(1)];
}

/** The last reminder, if it was about the current password, recipient and this date. */
export function lastAbout(user: TechnicalUser, deadline: string | null): LastReminder | null {
  const { lastReminder: last, version, principal } = user;
  if (last?.version !== version || last.deadline !== deadline) return null;
  const address = addressOf(principal);
  return marksOf(user).some((mark) => last.address === marked(address, mark)) ? last : null;
}

const marked = (address: string | null, mark: string) => (address === null ? null : `${address}${mark}`);

/**
 * The address as it enters a letter's identity: one that works again after it was dead counts as new, so its letters are
 * written again.
 */
function addressOf(principal: Person | null): string | null {
  if (principal === null || principal.email === null) return null;
  return principal.revived === 0 ? principal.email : `${principal.email}#${principal.revived}`;
}

/** The memory of a reminder that is written today. */
export function reminderToday(
  user: TechnicalUser,
  { deadline, step }: Pick<LastReminder, 'deadline' | 'step'>,
  today: Temporal.PlainDate,
  rules: QuietRules,
): LastReminder {
  const isResting = restsUntil(user, today, rules) !== null;
  const mark = isResting
    ? TO_DEPUTIES
    : afterRest(pauseOf(user, rules)?.count ?? 0, { answered: quietOf(user, rules) !== null });
  const address = marked(addressOf(user.principal), mark);
  return { version: user.version, deadline, address, step, on: today.toString() };
}

/** Whether its step went to the deputies alone, and is owed to the manager. */
export function isOwed({ address }: LastReminder): boolean {
  return address?.endsWith(TO_DEPUTIES) ?? false;
}

/** The memory of a reminder that has not left when the reminders begin to rest: the manager does not get it now. */
export function owed(last: LastReminder, user: TechnicalUser): LastReminder {
  return { ...last, address: marked(addressOf(user.principal), TO_DEPUTIES) };
}

/** The identity of one line of a letter: technical user, password version, deadline, step and recipient. */
export function itemId(user: Pick<TechnicalUser, 'environment' | 'login'>, last: LastReminder): string {
  const { version, deadline, step, address } = last;
  const { environment, login } = user;
  return formatLetterId({ kind: 'reminder', environment, login, version, deadline, step, address });
}

/** The identities of the line about a step, to any reader; that without a rest first. */
export function itemIds(user: TechnicalUser, last: LastReminder): [string, ...string[]] {
  const address = addressOf(user.principal);
  const idOf = (mark: string) => itemId(user, { ...last, address: marked(address, mark) });
  const [plain, ...others] = marksOf(user);
  return [idOf(plain), ...others.map(idOf)];
}
