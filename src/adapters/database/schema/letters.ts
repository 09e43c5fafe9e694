// The tables of letters: their lines, their deliveries, the alarms that they carry; what waits for a person, or for the webhook.
import type { Generated } from 'kysely';
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { AlarmKind, LetterKind } from '../../../domain/notification/letter.ts';
import type { TaskAssignee, TaskKind } from '../../../domain/notification/task.ts';
import type { EventType } from '../../../domain/notification/webhook-event.ts';

export interface LettersTable {
  id: string;
  kind: LetterKind;
  language: 'fr' | 'en';
  on_day: string;
  written_at: number;
}

export interface LetterItemsTable {
  id: string;
  letter_id: string;
  place: number;
  technical_user_id: number;
  login: string;
  version: number;
  deadline: string | null;
  step_offset: number | null;
  past_latest: 0 | 1;
  first: 0 | 1;
}

/** The delivery of a letter to one recipient. */
export interface DeliveriesTable {
  id: Generated<number>;
  letter_id: string;
  kind: LetterKind;
  address: string;
  name: string;
  field: 'to' | 'cc';
  person_id: number | null;
  state: 'waiting' | 'claimed' | 'sent' | 'refused' | 'withdrawn';
  /** Priority: smaller values are sent first. */
  place: number;
  tries: number;
  first_tried_at: number | null;
  next_at: number;
  lease: string | null;
  lease_until: number | null;
  reply: string | null;
  settled_at: number | null;
}

export interface AlarmsTable {
  id: string;
  kind: AlarmKind;
  /** JSON of AlarmFacts. */
  facts: string;
  raised_at: number;
  /** The letter that carries it; null until one does. */
  letter_id: string | null;
}

/** What waits for a person (domain/notification/task.ts). */
export interface TasksTable {
  number: Generated<number>;
  id: string;
  kind: TaskKind;
  technical_user_id: number;
  /** JSON of TaskFacts. */
  facts: string;
  for_whom: TaskAssignee;
  since: number;
  done_at: number | null;
  done_by: string | null;
  why: string | null;
  /** The first list to the IT service that had it; null until one did. */
  letter_id: string | null;
}

/** An event for the webhook. */
export interface WebhookEventsTable {
  number: Generated<number>;
  id: string;
  type: EventType;
  environment: Environment | null;
  login: string | null;
  siret: string | null;
  about: string | null;
  at: number;
  state: 'waiting' | 'claimed' | 'sent' | 'refused';
  /** How often the receiver refused it; a receiver that is down does not count. */
  tries: number;
  lease: string | null;
  lease_until: number | null;
  reply: string | null;
  settled_at: number | null;
}
