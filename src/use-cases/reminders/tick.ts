// One tick: all that is due now, from the letters to write to the letters to send; twice is as good as once.
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderRepository } from '../../domain/ports/reminders.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import type { DeliveryRules } from '../../domain/shared/retry.ts';
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

/** Does all that is due now. `goOn` is asked between letters, so that a stop is prompt. */
export async function tick(
  ports: ReminderPorts,
  {
    rules,
    sender,
    delivery,
  }: { readonly rules: Rules; readonly sender: SenderProfile; readonly delivery: DeliveryRules },
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
