// One tick: writes the letters that are due and sends what may leave; repeating it is harmless.
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderRepository } from '../../domain/ports/reminders.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import type { DeliveryRules } from '../../domain/shared/retry.ts';
import { singleFlight } from '../../foundation/loop.ts';
import { type DeliveryCounts, type DeliveryPorts, deliver } from './deliver.ts';
import { gatherAlarms, writeDigest } from './digest.ts';
import { remind } from './remind.ts';

export type ReminderPorts = DeliveryPorts & { readonly reminders: ReminderRepository };

export interface TickResult {
  /** Technical users reviewed. */
  readonly looked: number;
  readonly delivered: DeliveryCounts;
}

/** The rules by which letters are written and sent, and their sender. */
export interface TickRules {
  readonly rules: Rules;
  readonly sender: SenderProfile;
  readonly delivery: DeliveryRules;
}

/** Does all that is due now. `goOn` is called between letters, so that a stop is prompt. */
export async function tick(
  ports: ReminderPorts,
  { rules, sender, delivery }: TickRules,
  goOn: () => boolean = () => true,
): Promise<TickResult> {
  const looked = await remind(ports, rules);
  await writeDigest(ports, rules);
  await gatherAlarms(ports, rules);
  let delivered = await deliver(ports, { rules, sender, delivery }, goOn);
  // A refusal by the mail server is an alarm of the same tick.
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

/** Ticks in the background: on demand, one at a time, stopped without leaving half-done work. */
export interface ReminderTicks {
  /** Throws what the database throws; such a tick does not count. */
  tick(): Promise<TickResult>;
  /** When the last tick ended without an error (ms); null before the first. */
  readonly lastTickAt: number | null;
  readonly stopping: boolean;
  /** Whether a tick has been running for longer than `limitMs`: something in it never answers. */
  stuck(limitMs: number): boolean;
  /** Starts no new letter, and waits for those being sent, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** `tickMs`: the longest time in which one tick starts new letters; the next tick continues. */
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
