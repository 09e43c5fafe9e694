// One tick: all that is due now, from the letters to write to the letters to send; twice is as good as once.
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderRepository } from '../../domain/ports/reminders.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import type { DeliveryRules } from '../../domain/shared/retry.ts';
import { singleFlight } from '../../foundation/loop.ts';
import { type Delivered, type DeliveryPorts, deliver } from './deliver.ts';
import { gatherAlarms, writeDigest } from './digest.ts';
import { remind } from './remind.ts';

export type ReminderPorts = DeliveryPorts & { readonly reminders: ReminderRepository };

/** What a tick did. */
export interface Ticked {
  /** Technical users looked at. */
  readonly looked: number;
  readonly delivered: Delivered;
}

/** By which rules letters are written and sent, and in whose name. */
export interface TickRules {
  readonly rules: Rules;
  readonly sender: SenderProfile;
  readonly delivery: DeliveryRules;
}

/** Does all that is due now. `goOn` is asked between letters, so that a stop is prompt. */
export async function tick(
  ports: ReminderPorts,
  { rules, sender, delivery }: TickRules,
  goOn: () => boolean = () => true,
): Promise<Ticked> {
  const looked = await remind(ports, rules);
  await writeDigest(ports, rules);
  await gatherAlarms(ports, rules);
  let delivered = await deliver(ports, { rules, sender, delivery }, goOn);
  // What the mail server refused just now is an alarm of the same tick.
  if (delivered.stopped === null && (await gatherAlarms(ports, rules)) > 0) {
    const more = await deliver(ports, { rules, sender, delivery }, goOn);
    delivered = {
      sent: delivered.sent + more.sent,
      later: delivered.later + more.later,
      refused: delivered.refused + more.refused,
      withdrawn: delivered.withdrawn + more.withdrawn,
      stopped: more.stopped,
    };
  }
  return { looked, delivered };
}

/** Ticks in the background: on demand, one at a time, stopped without leaving anything half done. */
export interface ReminderTicks {
  /** Does all that is due now. Throws what the database throws; then the tick is not a good one. */
  tick(): Promise<Ticked>;
  /** When the last tick ended without an error (ms); null before the first. */
  readonly lastTickAt: number | null;
  readonly stopping: boolean;
  /** Whether a tick has been running for longer than `limitMs`: something in it never answers. */
  stuck(limitMs: number): boolean;
  /** No new letter is begun; those on their way are waited for, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** `tickMs`: the longest time that one tick goes on starting new letters; the next tick goes on from there. */
export function openReminderTicks(ports: ReminderPorts, rules: TickRules, tickMs: number): ReminderTicks {
  let stopping = false;
  let lastTickAt: number | null = null;
  const ticking = singleFlight(async () => {
    const end = performance.now() + tickMs;
    const done = await tick(ports, rules, () => !stopping && performance.now() < end);
    lastTickAt = ports.clock.now().epochMilliseconds;
    if (done.delivered.stopped !== null && !stopping) {
      ports.logger.error(
        { reply: done.delivered.stopped },
        'no letter can leave: the mail server does not take any',
      );
    }
    return done;
  });
  return {
    tick: ticking.run,
    get lastTickAt() {
      return lastTickAt;
    },
    stuck: (limitMs) => ticking.startedAt !== null && performance.now() - ticking.startedAt > limitMs,
    get stopping() {
      return stopping;
    },
    stop: async (limitMs) => {
      stopping = true;
      await ticking.settled(limitMs);
    },
  };
}
