// Reviews every technical user that is due, and writes the letters that must exist into the outbox. A tick does this, then sends
// what is due and gathers alarms; twice is as good as once.
//
// Invariant: after a run on a working day within the window, each manager of a technical user on a step without a letter
// has one in the outbox, exactly one; a second run finds nothing to do.
import { accountFacts, type TechnicalUser } from '../../domain/account/technical-user.ts';
import { type NewAlarm, NO_FACTS } from '../../domain/notification/letter.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { ReminderRepository } from '../../domain/ports/reminders.ts';
import {
  decideReminders,
  type ReminderDecision,
  type Rules,
} from '../../domain/reminder/reminder-decision.ts';
import { isOpen, parisDay } from '../../domain/shared/calendar.ts';
import { singleFlight } from '../../foundation/loop.ts';
import { kindOfError } from '../rotation/rotation-ports.ts';
import { tellByHand } from '../tasks/by-hand.ts';
import { settleTasks } from '../tasks/tasks.ts';
import { type DeliveryCounts, type DeliveryPorts, type DeliverySettings, deliver } from './deliver.ts';
import { gatherAlarms, writeDigest, writeTaskList } from './digest.ts';

/** Any text that differs when the rules do. */
export function rulesVersion(rules: Rules): string {
  const { ladder, validity, itService, holidays } = rules;
  return JSON.stringify({ ladder, validity, itService: itService.email, holidays });
}

/** Writes all letters that are due now, until `goOn` says stop. Returns how many technical users were reviewed. */
export async function remind(
  ports: { reminders: ReminderRepository; clock: Clock },
  rules: Rules,
  goOn: () => boolean = () => true,
): Promise<number> {
  const now = ports.clock.now();
  const today = parisDay(now);
  await ports.reminders.resetIfRulesChanged(rulesVersion(rules), today.toString());
  // 1. Nothing is written on a day or at an hour at which nothing may leave: tomorrow's letter may be another one.
  if (!isOpen(now, rules.window, rules.calendar)) return 0;
  // 2. One round after the other, until nobody is due.
  let reviewed = 0;
  while (goOn()) {
    const round = await ports.reminders.processDue(today.toString(), now.epochMilliseconds, (users) =>
      decideForAll(users, today, rules),
    );
    if (round === 0) break;
    reviewed += round;
  }
  return reviewed;
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
      tasks: decided.tasks,
      alarms: [...decided.alarms, ...[...faults].map(([user, fault]) => failed(user, fault, today))],
      reviews: [
        ...decided.reviews,
        ...[...faults.keys()].map(({ id, lastReminder }) => ({ userId: id, lastReminder, wakeOn })),
      ],
    };
  }
}

/** The alarm of a failed decision, once a day for as long as it lasts. */
function failed(user: TechnicalUser, fault: string, today: Temporal.PlainDate): NewAlarm {
  return {
    id: `item-failed/reminder/${user.id}/${today.toString()}`,
    kind: 'item-failed',
    facts: { ...NO_FACTS, ...accountFacts(user), address: null, detail: `reminder: ${fault}` },
  };
}

export type ReminderPorts = DeliveryPorts & { readonly reminders: ReminderRepository };

export interface TickResult {
  /** Technical users reviewed. */
  readonly reviewed: number;
  readonly delivered: DeliveryCounts;
}

/** A review of so many that it takes longer lets alarms and prompt letters leave each time, in ms. */
const PORTION_MS = 10_000;

/** Does all that is due now. `goOn` is called between rounds and letters, so that a stop is prompt. */
export async function tick(
  ports: ReminderPorts,
  settings: DeliverySettings,
  goOn: () => boolean = () => true,
): Promise<TickResult> {
  const { rules } = settings;
  let delivered: DeliveryCounts = { sent: 0, later: 0, refused: 0, withdrawn: 0, stopped: null };
  const send = async (which = { onlyPrompt: false }) => {
    if (!goOn()) return;
    const more = await deliver(ports, settings, goOn, which);
    for (const outcome of ['sent', 'later', 'refused', 'withdrawn'] as const)
      more[outcome] += delivered[outcome];
    delivered = more;
  };
  const tellTasks = async () =>
    tellByHand(ports, await settleTasks(ports, ports.clock.now(), rules.validity), rules);
  const { reviewed, isWhole } = await reviewAll(ports, rules, goOn, async () => {
    if (delivered.stopped !== null) return;
    await tellTasks();
    await gatherAlarms(ports, rules);
    await send({ onlyPrompt: true });
  });
  await tellTasks();
  // One a day: what a review that is cut off has not come to would wait until tomorrow.
  if (isWhole) await writeTaskList(ports, rules);
  await writeDigest(ports, rules);
  await gatherAlarms(ports, rules);
  await send();
  // A refusal by the mail server is an alarm of the same tick.
  if (delivered.stopped === null && (await gatherAlarms(ports, rules)) > 0) await send();
  await noteMail(ports, delivered);
  return { reviewed, delivered };
}

/**
 * What a tick shows of the mail server: a letter that left, and nothing else, shows that it works. Where none waits any more, it is asked
 * itself. One address that is refused shows nothing.
 */
async function noteMail(
  { outbox, clock, transport }: Pick<ReminderPorts, 'outbox' | 'clock' | 'transport'>,
  { stopped, sent, later }: DeliveryCounts,
) {
  const now = clock.now().epochMilliseconds;
  if (sent > 0) await outbox.noteMail(now, 'up');
  if (stopped !== null) await outbox.noteMail(now, 'down');
  else if (sent === 0 && later > 0) await outbox.noteMail(now, 'put-off');
  else if (sent === 0 && transport.verify !== undefined && (await outbox.mailIsUnproven()))
    if ((await transport.verify()).kind === 'ready') await outbox.noteMail(now, 'lets-us-in');
}

/** Reviews all that are due, until `goOn` says stop; calls `between` after each portion but the last. */
async function reviewAll(
  ports: Pick<ReminderPorts, 'reminders' | 'clock'>,
  rules: Rules,
  goOn: () => boolean,
  between: () => Promise<void>,
): Promise<{ readonly reviewed: number; readonly isWhole: boolean }> {
  let reviewed = 0;
  for (;;) {
    const end = performance.now() + PORTION_MS;
    const portion = { isLast: true };
    reviewed += await remind(ports, rules, () => {
      portion.isLast = goOn() && performance.now() < end;
      return portion.isLast;
    });
    if (portion.isLast || !goOn()) return { reviewed, isWhole: portion.isLast };
    await between();
  }
}

/** Ticks in the background: on demand, one at a time, stopped without leaving half-done work. */
export type ReminderTicks = ReturnType<typeof openReminderTicks>;

/** `tickMs`: the longest time in which one tick starts new rounds and letters; the next tick continues. */
export function openReminderTicks(ports: ReminderPorts, rules: DeliverySettings, tickMs: number) {
  let stopping = false;
  let lastTickAt: number | null = null;
  const ticking = singleFlight(async () => {
    const end = performance.now() + tickMs;
    const done = await tick(ports, rules, () => !stopping && performance.now() < end);
    lastTickAt = ports.clock.now().epochMilliseconds;
    const { stopped: reply } = done.delivered;
    if (reply !== null && !stopping)
      ports.logger.error({ reply }, 'no letter can leave: the mail server does not take any');
    return done;
  });
  return {
    /** Throws what the database throws; such a tick does not count. */
    tick: ticking.run,
    /** When the last tick ended without an error (ms); null before the first. */
    get lastTickAt() {
      return lastTickAt;
    },
    /** Whether a tick has been running for longer than `limitMs`: something in it never answers. */
    stuck: (limitMs: number) => ticking.startedAt !== null && performance.now() - ticking.startedAt > limitMs,
    get stopping() {
      return stopping;
    },
    /** Starts no new letter, and waits for those being sent, at most `limitMs`. */
    stop: async (limitMs: number) => {
      stopping = true;
      await ticking.settled(limitMs);
    },
  };
}
