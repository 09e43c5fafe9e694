// Sends the events that wait for the webhook, one after the other, the oldest first.
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
import { nextTry, type RetryTable } from '../../domain/shared/retry.ts';

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
/** Refusals in a row after which a round ends: more of the same are not likely to be taken. */
const REFUSALS = 3;
/** The longest wait that a receiver may ask for, in ms. */
const LONGEST_ASKED_MS = 3_600_000;
/** Statuses by which a receiver says that it, and not this event, is the reason. */
const NOT_NOW: readonly number[] = [408, 425, 429];

/** Sends until nothing is due, the receiver is down, or `goOn` says stop. Returns how many were sent. */
export async function sendEvents(
  ports: WebhookPorts,
  rules: WebhookRules,
  goOn: () => boolean,
): Promise<number> {
  const { outbox, clock } = ports;
  let sent = 0;
  let refusals = 0;
  while (goOn() && refusals < REFUSALS) {
    const claimed = await outbox.claim(clock.now().epochMilliseconds, LEASE_MS);
    if (claimed === null) break;
    const result = await sendOne(claimed, ports, rules);
    if (result.kind === 'sent') {
      sent += 1;
      refusals = 0;
    } else if (result.isDown) break;
    else refusals += 1;
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
  const result = resultOf(claimed, answer, rules.retry, clock.now());
  await outbox.save(claimed, result, ALARM_AFTER_MS);
  const facts = { event: event.id, type: event.type, reply: result.reply };
  if (result.kind === 'sent') logger.info(facts, 'event sent');
  else if (result.nextAt === null) logger.error(facts, 'event given up: the webhook did not take it');
  else logger.warn(facts, 'event put off');
  return result;
}

/** What follows from the receiver's answer. */
function resultOf(
  { tries, firstTriedAt }: ClaimedEvent,
  answer: WebhookAnswer,
  retry: RetryTable,
  now: Temporal.Instant,
): EventResult {
  const at = now.epochMilliseconds;
  const { status, failure, retryAfterMs } = answer;
  const reply = failure ?? `HTTP ${status}`;
  if (failure === null && status !== null && status >= 200 && status < 300)
    return { kind: 'sent', at, reply };
  const since = firstTriedAt === null ? now : Temporal.Instant.fromEpochMilliseconds(firstTriedAt);
  const next = nextTry(tries + 1, since, now, retry);
  const asked = at + Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS);
  const nextAt = next === null ? null : Math.max(next.epochMilliseconds, asked);
  return {
    kind: 'failed',
    at,
    nextAt,
    reply,
    isDown: status === null || status >= 500 || NOT_NOW.includes(status),
  };
}
