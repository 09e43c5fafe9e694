// Reviews every technical user that is due, and writes the letters that must exist into the outbox.
//
// Invariant: after a run on a working day within the window, each manager of a technical user on a step without a letter
// has one in the outbox, exactly one; a second run finds nothing to do.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { NewAlarm } from '../../domain/notification/letter.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { ReminderRepository } from '../../domain/ports/reminders.ts';
import {
  decideReminders,
  type ReminderDecision,
  type Rules,
} from '../../domain/reminder/reminder-decision.ts';
import { isOpen, parisDay } from '../../domain/shared/calendar.ts';
import { kindOfError } from '../rotation/rotation-ports.ts';

/** Any text that differs when the rules do. */
export function rulesVersion(rules: Rules): string {
  const { ladder, validity, itService, holidays } = rules;
  return JSON.stringify({ ladder, validity, itService: itService.email, holidays });
}

/** Writes all letters that are due now. Returns how many technical users were reviewed. */
export async function remind(
  ports: { reminders: ReminderRepository; clock: Clock },
  rules: Rules,
): Promise<number> {
  const now = ports.clock.now();
  const today = parisDay(now);
  await ports.reminders.resetIfRulesChanged(rulesVersion(rules), today.toString());
  // 1. Nothing is written on a day or at an hour at which nothing may leave: tomorrow's letter may be another one.
  if (!isOpen(now, rules.window, rules.calendar)) return 0;
  // 2. One round after the other, until nobody is due.
  let looked = 0;
  while (true) {
    const round = await ports.reminders.processDue(today.toString(), now.epochMilliseconds, (users) =>
      decideForAll(users, today, rules),
    );
    if (round === 0) return looked;
    looked += round;
  }
}

/** Decides for all; a technical user whose decision fails waits until tomorrow, with an alarm. */
function decideForAll(
  users: readonly TechnicalUser[],
  today: Temporal.PlainDate,
  rules: Rules,
): ReminderDecision {
  try {
    return decideReminders(users, today, rules);
  } catch {
    const faults = new Map<TechnicalUser, string>();
    for (const user of users) {
      try {
        decideReminders([user], today, rules);
      } catch (error) {
        faults.set(user, kindOfError(error));
      }
    }
    const decided = decideReminders(
      users.filter((user) => !faults.has(user)),
      today,
      rules,
    );
    const wakeOn = today.add({ days: 1 }).toString();
    return {
      letters: decided.letters,
      alarms: [...decided.alarms, ...[...faults].map(([user, fault]) => failed(user, fault, today))],
      reviews: [
        ...decided.reviews,
        ...[...faults.keys()].map(({ id, lastReminder: told }) => ({ userId: id, told, wakeOn })),
      ],
    };
  }
}

/** The alarm of a failed decision, once a day for as long as it lasts. */
function failed(user: TechnicalUser, fault: string, today: Temporal.PlainDate): NewAlarm {
  const { id, login, environment, home, principal } = user;
  const nobody = { deadline: null, person: principal?.name ?? null, address: null, reply: null };
  const account = { login, environment, structure: home.name, siret: home.siret };
  return {
    id: `item-failed/reminder/${id}/${today.toString()}`,
    kind: 'item-failed',
    facts: { ...nobody, ...account, detail: `reminder: ${fault}` },
  };
}
