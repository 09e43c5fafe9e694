// The second way out: the events that wait for the webhook, and the call that takes one of them there.
import type { EventGroup, WebhookEvent } from '../notification/webhook-event.ts';

/** An event, claimed for sending. `lease` names the claim: a later claim of the same event has another. */
export interface ClaimedEvent {
  readonly number: number;
  readonly lease: string;
  readonly event: WebhookEvent;
  /** Failed tries so far, and the instant of the first (ms). */
  readonly tries: number;
  readonly firstTriedAt: number | null;
}

/**
 * How a claim ends. Instants in ms. `isDown`: the receiver itself could not be reached, and what else waits is put off with it. `nextAt`
 * null: given up, and with it, where the receiver is down, all that has been tried for as long or longer.
 */
export type EventResult =
  | { readonly kind: 'sent'; readonly at: number; readonly reply: string }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly nextAt: number | null;
      readonly reply: string;
      readonly isDown: boolean;
    };

/** Instants in ms; null where nothing waits, and while no try has failed since the last one that succeeded. */
export interface WebhookState {
  readonly waiting: number;
  readonly oldestAt: number | null;
  readonly failingSince: number | null;
}

export interface WebhookOutbox {
  /** From now on events of these groups are kept until they are sent; null: none, and those that wait are deleted. */
  subscribe(groups: readonly EventGroup[] | null): Promise<void>;
  /** Claims the oldest event that may leave now; null when there is none. */
  claim(now: number, leaseMs: number): Promise<ClaimedEvent | null>;
  /** Ends a claim; false where another has taken it over. Raises one alarm for each time that the receiver fails for `alarmAfterMs`, or gives up. */
  save(claimed: ClaimedEvent, result: EventResult, alarmAfterMs: number): Promise<boolean>;
  state(): Promise<WebhookState>;
  /** How many of those that are kept were given up. */
  givenUp(): Promise<number>;
  /** Deletes what was sent or given up before an instant (ms). */
  deleteDone(before: number): Promise<void>;
}

/** An event in words, for the person who reads it. */
export interface EventMessage extends WebhookEvent {
  readonly summary: string;
}

/** What the receiver answered: its status, or a code such as ECONNREFUSED; in how many ms it asks to be called again. */
export interface WebhookAnswer {
  readonly status: number | null;
  readonly failure: string | null;
  readonly retryAfterMs: number | null;
}

export interface WebhookSender {
  /** Calls the receiver once. Never throws for a failure of the network or the receiver; `now` in ms. */
  send(message: EventMessage, now: number): Promise<WebhookAnswer>;
  /** Opens a connection to the receiver and sends nothing. Null where it stands, or a code such as ECONNREFUSED. */
  connect(): Promise<string | null>;
}
