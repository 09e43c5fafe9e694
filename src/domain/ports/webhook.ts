// The second way out: the events that wait for the webhook, and the call that takes one of them there.
import type { EventGroup, WebhookEvent } from '../notification/webhook-event.ts';

/** The receiver fails: since when (ms) no try succeeded, and after how many calls it waits. */
export interface ReceiverFailure {
  readonly since: number;
  readonly tries: number;
}

/**
 * An event, claimed for sending. `lease` names the claim: a later claim of the same event has another. `isTrial`: the one before it in the
 * queue was refused just now, and this one shows whether the receiver takes others.
 */
export interface ClaimedEvent {
  readonly number: number;
  readonly lease: string;
  readonly event: WebhookEvent;
  readonly isTrial: boolean;
  readonly failing: ReceiverFailure | null;
}

/**
 * How a claim ends. Instants in ms. `sent`: what is before it in the queue and was refused is given up. `failed`: nothing leaves before
 * `nextAt`, and what happened before `giveUpBefore` is given up. `isDown`: the receiver itself is the reason, and not this event.
 */
export type EventResult =
  | { readonly kind: 'sent'; readonly at: number; readonly reply: string }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly reply: string;
      readonly isDown: boolean;
      readonly nextAt: number;
      readonly giveUpBefore: number | null;
    };

/** Instants in ms; null where nothing waits, and while no try has failed since the last one that succeeded. */
export interface WebhookState {
  readonly waiting: number;
  readonly oldestAt: number | null;
  readonly failingSince: number | null;
}

export interface WebhookOutbox {
  /**
   * From now on events of these groups are kept until they are sent; null: none, and those that wait are deleted. `receiver`: any text that
   * is another one where the receiver is; a new one has no wait.
   */
  subscribe(groups: readonly EventGroup[] | null, receiver?: string): Promise<void>;
  /**
   * Claims the oldest event; null while there is none, one is claimed, or the receiver's wait is not over. `behind`: the number of one that
   * was refused just now; another one is claimed for a trial, the one that was refused least, whatever the wait.
   */
  claim(now: number, leaseMs: number, behind?: number): Promise<ClaimedEvent | null>;
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
