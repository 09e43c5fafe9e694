// Builds the second way out: the events that wait, and the receiver that the settings name, which may be exchanged while the daemon runs.
import { createHash, randomUUID } from 'node:crypto';
import { openWebhookSender } from '../adapters/webhook/webhook-sender.ts';
import type { Config } from '../config/config.ts';
import type { WebhookSecrets } from '../config/webhook-secrets.ts';
import { eventInWords } from '../content/webhook/event-words.ts';
import type { Clock, Logger } from '../domain/ports/clock.ts';
import type { WebhookAnswer, WebhookSender } from '../domain/ports/webhook.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { singleFlight } from '../foundation/loop.ts';
import { sendEvents, type WebhookRules } from '../use-cases/webhook/send-events.ts';
import type { Parts } from './parts.ts';

type Settings = Pick<Config, 'webhook' | 'door' | 'itService'>;
type Secrets = WebhookSecrets<Secret> | null;

/** Events that leave in the background. */
export type WebhookWork = ReturnType<typeof openWebhookWork>;

/** How long what was sent or given up is kept, and how often that is looked at, in ms. */
const KEPT_MS = 30 * 86_400_000;
const LOOK_MS = 3_600_000;
/** A call takes no longer, in ms: well within the lease of its event. */
const TIMEOUT_MS = 15_000;

/** `secrets` null: there is no webhook, and no event is kept. */
export function openWebhookWork(
  { config, webhookOutbox: outbox }: Pick<Parts, 'webhookOutbox'> & { readonly config: Settings },
  secrets: Secrets,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
) {
  const stop = new AbortController();
  let opened = openReceiver(config, secrets, stop.signal);
  let isSubscribed = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const subscribe = async () => {
    const { groups, identity } = opened;
    await outbox.subscribe(groups, identity);
    isSubscribed = opened.identity === identity && opened.groups === groups;
  };
  const flight = singleFlight(async () => {
    const now = clock.now().epochMilliseconds;
    if (!isSubscribed) await subscribe();
    const { receiver } = opened;
    if (Math.abs(now - lookedAt) > LOOK_MS) {
      await outbox.deleteDone(now - KEPT_MS);
      lookedAt = now;
    }
    if (receiver === null) return 0;
    const ports = { outbox, sender: receiver.sender, clock, logger };
    return sendEvents(ports, receiver.rules, () => !stop.signal.aborted && opened.receiver === receiver);
  });
  return {
    /** Sends what is due. Throws what the database throws. */
    round: flight.run,
    /** From the next event on the receiver is that of these settings. */
    replaceWebhook: (to: Settings, others: Secrets) => {
      opened = openReceiver(to, others, stop.signal);
      isSubscribed = false;
      // What happens before the next round counts; where this fails, that round does it.
      subscribe().catch((err: unknown) =>
        logger.warn({ err }, 'the events asked for could not be noted yet'),
      );
    },
    /** Begins no event, and hangs up on the one under way: it leaves again after the next start. */
    stop: (limitMs: number) => {
      stop.abort();
      return flight.settled(limitMs);
    },
  };
}

interface Receiver {
  readonly sender: WebhookSender;
  readonly rules: WebhookRules;
}

function openReceiver({ webhook, door, itService }: Settings, secrets: Secrets, stop: AbortSignal) {
  const { url, body, events, retry } = webhook;
  if (url === null || secrets === null) return { groups: null, receiver: null, identity: '' };
  const source = door.url === null ? '/releve' : new URL(door.url).origin;
  const sender = openWebhookSender(
    { url, body, source, secrets: secrets.signing, caPem: secrets.ca, timeoutMs: TIMEOUT_MS },
    stop,
  );
  const rules: WebhookRules = { language: itService.language, retry };
  // The address may be a secret, and only its hash is stored.
  const identity = createHash('sha256')
    .update(JSON.stringify([url, body, secrets.ca]))
    .digest('hex');
  return { groups: events, receiver: { sender, rules } satisfies Receiver, identity };
}

/** Sends one event for a test, without the outbox. Null where there is no webhook. */
export async function sendTestEvent(
  config: Settings,
  secrets: Secrets,
  clock: Clock,
): Promise<WebhookAnswer | null> {
  const { receiver } = openReceiver(config, secrets, new AbortController().signal);
  if (receiver === null) return null;
  const now = clock.now().epochMilliseconds;
  const event = { type: 'webhook.test', environment: null, login: null, siret: null } as const;
  const summary = eventInWords(event, receiver.rules.language);
  return receiver.sender.send({ ...event, id: randomUUID(), at: now, summary }, now);
}

/** Opens a connection to the receiver, and sends nothing: null where it stands, or where there is no webhook; else a code. */
export async function connectWebhook(config: Settings, secrets: Secrets): Promise<string | null> {
  const { receiver } = openReceiver(config, secrets, new AbortController().signal);
  return receiver === null ? null : receiver.sender.connect();
}
