// Passwords that a person types into a product: tells the IT service until somebody says that it is done, shows one on request, and
// records that word.
//
// Invariant: the audit trail has who is about to see a password before anybody sees it, and it is the one in service.
import { accountFacts } from '../../domain/account/technical-user.ts';
import { claimTyped, findAsked, noteReveal } from '../../domain/monitoring/by-hand.ts';
import { type NewAlarm, NO_FACTS } from '../../domain/notification/letter.ts';
import { type ByHandAsk, byHandAskOf, type Task } from '../../domain/notification/task.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { currentRotation } from '../../domain/rotation/rotation.ts';
import { afterOpenTime, lastOpeningDay, parisDay } from '../../domain/shared/calendar.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { aggregateOf, nowOf, type RotationPorts, unsealCredential } from '../rotation/rotation-ports.ts';

/** The second telling comes after so much of the working day, in ms. */
const AGAIN_AFTER_MS = 2 * 3_600_000;

/** Which telling is due: the first at once, whatever the hour; the second after two working hours; then one each working day. */
export function askOccasion(
  since: number,
  now: Temporal.Instant,
  { window, calendar }: Pick<Rules, 'window' | 'calendar'>,
): string {
  const asked = Temporal.Instant.fromEpochMilliseconds(since);
  const again = afterOpenTime(asked, AGAIN_AFTER_MS, window, calendar);
  if (Temporal.Instant.compare(now, again) < 0) return 'first';
  const day = lastOpeningDay(now, window, calendar);
  return Temporal.PlainDate.compare(day, parisDay(again)) > 0 ? day.toString() : 'again';
}

/** Raises the alarm of each open task to type a password in, each telling once. */
export async function tellByHand(
  { outbox, clock }: { readonly outbox: Pick<Outbox, 'raise'>; readonly clock: Clock },
  open: readonly TaskWithUser[],
  rules: Pick<Rules, 'window' | 'calendar'>,
): Promise<void> {
  const now = clock.now();
  for (const { task, user } of open) {
    const ask = byHandAskOf(task);
    if (ask === null) continue;
    const { text, product } = task.facts;
    const facts = {
      ...{ ...NO_FACTS, ...accountFacts(user), person: null, address: null },
      ...{ task: task.number, since: ask.askedAt, place: text ?? '' },
      ...(product === undefined ? {} : { product }),
    };
    const alarm: NewAlarm = {
      id: `${task.id}/${askOccasion(ask.askedAt, now, rules)}`,
      kind: 'by-hand',
      facts,
    };
    await outbox.raise(alarm, now.epochMilliseconds);
  }
}

type ByHandPorts = Pick<RotationPorts, 'rotations' | 'vault' | 'logger' | 'clock' | 'rules'>;

/** What a person who types a password in does; `who` stands in the audit trail. */
export type ByHandActions = ReturnType<typeof openByHandActions>;

/** A password on its way to one person’s eyes; `isAsked`: whether it is still to be typed in, and the one in service. */
export interface Revealed {
  readonly password: Secret;
  readonly version: number | null;
  isAsked(): Promise<boolean>;
}

export function openByHandActions(ports: ByHandPorts, who: string) {
  const { rotations, rules } = ports;
  return {
    /** Records that it was typed in; false where the task asks for something else, or for nothing any more. */
    claim: async (task: Task): Promise<boolean> => {
      const ask = byHandAskOf(task);
      if (ask === null) return false;
      return rotations.update(task.userId, (aggregate) =>
        claimTyped(aggregate, { ask, task: task.number, who }, rules, nowOf(ports)),
      );
    },
    /**
     * The password in service, for the person who is to type it in. not-asked: nobody asks for it (any more). shut: the vault cannot open it.
     */
    reveal: async ({ task, user }: TaskWithUser): Promise<Revealed | 'not-asked' | 'shut'> => {
      const ask = task.done === null ? byHandAskOf(task) : null;
      const before = ask === null ? null : currentRotation(await aggregateOf(ports, user.id));
      if (ask === null || before === null || before.credential === null) return 'not-asked';
      const password = await unsealCredential(ports, before.credential, user);
      if (password === null) return 'shut';
      const noted = await rotations.update(user.id, (aggregate) =>
        noteReveal(aggregate, { ask, task: task.number, who }, nowOf(ports)),
      );
      // Another one may have come into service since it was opened.
      if (noted?.credential !== before.credential) return 'not-asked';
      return { password, version: noted.version, isAsked: () => isAsked(ports, user.id, ask) };
    },
  };
}

async function isAsked(ports: ByHandPorts, userId: number, ask: ByHandAsk): Promise<boolean> {
  return findAsked(await aggregateOf(ports, userId), ask) !== null;
}
