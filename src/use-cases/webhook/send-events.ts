// Sends the events that wait for the webhook, one after the other, the oldest first. The wait is the receiver's: nothing passes what waits.
// One that is refused is given up as soon as the receiver takes the one after it; where that is refused too, it is the receiver that fails.
//
// Invariant: an event leaves at least once, always with the same id. A claim lets one process alone send it; after a crash its lease is
// over in a minute, and it leaves again.
import { eventInWords } from '../../content/webhook/event-words.ts';
import type { Language } from '../../domain/account/technical-user.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type {
  ClaimedEvent,
  EventResult,
  WebhookAnswer,
  WebhookOutbox,
  WebhookSender,
} from '../../domain/ports/webhook.ts';
import { type RetryTable, waitAfter } from '../../domain/shared/retry.ts';

interface WebhookPorts {
  readonly outbox: WebhookOutbox;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface WebhookRules {
  readonly language: Language;
  readonly retry: RetryTable;
}

/** A claim outlives the longest call; in ms. */
const LEASE_MS = 60_000;
/** The receiver may fail for so long before the IT service is told, in ms: a restart is no alarm. */
const ALARM_AFTER_MS = 30 * 60_000;
/** The longest wait that a receiver may ask for, in ms. */
const LONGEST_ASKED_MS = 3_600_000;
/** Statuses by which a receiver says that it, and not this event, is the reason. */
const NOT_NOW: readonly number[] = [408, 425, 429];

/** Sends until nothing is due, the receiver is down or refuses two in a row, or `goOn` says stop. Returns how many were sent. */
export async function sendEvents(
  ports: WebhookPorts,
  rules: WebhookRules,
  goOn: () => boolean,
): Promise<number> {
  const { outbox, clock, logger } = ports;
  let sent = 0;
  let refused: ClaimedEvent | undefined;
  while (goOn()) {
    const claimed = await outbox.claim(clock.now().epochMilliseconds, LEASE_MS, refused?.number);
    if (claimed === null) break;
    const result = await sendOne(claimed, ports, rules);
    if (result.kind === 'sent') {
      sent += 1;
      if (refused !== undefined)
        logger.error({ event: refused.event.id }, 'event given up: the webhook refuses it, and takes others');
      refused = undefined;
    } else if (result.isDown || claimed.isTrial) break;
    else refused = claimed;
  }
  return sent;
}

async function sendOne(
  claimed: ClaimedEvent,
  ports: WebhookPorts,
  rules: WebhookRules,
): Promise<EventResult> {
  const { outbox, sender, clock, logger } = ports;
  const { event } = claimed;
  const summary = eventInWords(event, rules.language);
  const answer = await sender.send({ ...event, summary }, clock.now().epochMilliseconds);
  const result = resultOf(claimed, answer, rules.retry, clock.now().epochMilliseconds);
  await outbox.save(claimed, result, ALARM_AFTER_MS);
  const facts = { event: event.id, type: event.type, reply: result.reply };
  if (result.kind === 'sent') logger.info(facts, 'event sent');
  else if (result.giveUpBefore === null) logger.warn(facts, 'event put off');
  else logger.error(facts, 'events given up: the webhook did not take them in all this time');
  return result;
}

/** What follows from the receiver's answer; `now` in ms. */
function resultOf(
  { failing, isTrial }: ClaimedEvent,
  { status, failure, retryAfterMs }: WebhookAnswer,
  { waits, giveUpAfter }: RetryTable,
  now: number,
): EventResult {
  const reply = failure ?? `HTTP ${status}`;
  if (failure === null && status !== null && status >= 200 && status < 300)
    return { kind: 'sent', at: now, reply };
  const tries = (failing?.tries ?? 0) + (isTrial ? 0 : 1);
  const wait = waitAfter(waits, tries)?.total({ unit: 'millisecond' }) ?? LONGEST_ASKED_MS;
  const nextAt = now + Math.max(wait, Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS));
  const end = nextAt - giveUpAfter.total({ unit: 'millisecond' });
  return {
    ...{ kind: 'failed', at: now, reply, nextAt },
    isDown: status === null || status >= 500 || NOT_NOW.includes(status),
    // What happened before the receiver failed has waited as long as it.
    giveUpBefore: (failing?.since ?? now) < end ? end : null,
  };
}
