// What leaves by the webhook: which alarms, tasks and changes of state are events, how grave each is, and the few facts that go with it.
//
// Invariant: an event has no field for a name, an address, a telephone, a reply, evidence or a link, so none can leave.
import type { Environment } from '../account/technical-user.ts';
import type { AlarmKind, NewAlarm } from './letter.ts';
import type { TaskKind } from './task.ts';

/** The groups of events, of which the settings may name some: the first word of each type. */
export const EVENT_GROUPS = ['alarm', 'task', 'account', 'platform', 'mail'] as const;

export type EventGroup = (typeof EVENT_GROUPS)[number];

/**
 * What changed by itself or by a person, whether an alarm tells of it or not. Of an account: no invoices arrive, or they do again; a new
 * password is on its way, or in service. Of a platform: no account gets an answer. Of our mail server: no letter can leave.
 */
const STATE_EVENTS = [
  'account.stopped',
  'account.works-again',
  'account.in-hand',
  'account.renewed',
  'platform.out',
  'platform.back',
  'mail.down',
  'mail.back',
] as const;

export type StateEvent = (typeof STATE_EVENTS)[number];

/** Its name, to which `releve.` is added where it leaves; `test` is sent by hand alone. */
export type EventType =
  | `alarm.${AlarmKind}`
  | `task.${TaskKind}.${'opened' | 'closed'}`
  | StateEvent
  | 'webhook.test';

type Severity = 'critical' | 'warning' | 'info';

/** What is known of an event when it happens; null where it is about no account, or about nobody knows which. */
export interface NewEvent {
  readonly type: EventType;
  readonly environment: Environment | null;
  readonly login: string | null;
  readonly siret: string | null;
  /** The place in a product where a person is to act, and the command. */
  readonly about?: string | null;
}

/** An event that waits for the webhook; `at` in ms. The id is the same at each try, by which a receiver knows it again. */
export interface WebhookEvent extends NewEvent {
  readonly id: string;
  readonly at: number;
}

const CRITICAL: ReadonlySet<string> = new Set<EventType>([
  'alarm.vault-shut',
  'alarm.audit-trail',
  'alarm.outage',
  'alarm.stopped',
  'alarm.both-refused',
  'alarm.publication-stuck',
  'alarm.by-hand',
  'alarm.stop-by-hand',
  'alarm.sink-newer',
  'task.stopped.opened',
  'account.stopped',
  'platform.out',
  'mail.down',
]);

/** What has ended, or went well. */
const GOOD: ReadonlySet<string> = new Set<EventType>([
  'alarm.rotated',
  'alarm.works-again',
  'alarm.start-by-hand',
  'alarm.outage-over',
  'account.works-again',
  'account.in-hand',
  'account.renewed',
  'platform.back',
  'mail.back',
  'webhook.test',
]);

export function severityOf(type: EventType): Severity {
  if (CRITICAL.has(type)) return 'critical';
  return GOOD.has(type) || type.endsWith('.closed') ? 'info' : 'warning';
}

/** An alarm as an event; null for the one that says that the webhook itself cannot be reached. */
export function eventOfAlarm({ kind, facts }: NewAlarm): NewEvent | null {
  if (kind === 'webhook-stuck') return null;
  const { environment = null, login, siret } = facts;
  const { place, task } = facts;
  const command = task === undefined ? '' : `, releve task reveal ${task}`;
  const about = place === undefined ? null : `${place}${command}`;
  return { type: `alarm.${kind}`, environment, login, siret, about };
}
