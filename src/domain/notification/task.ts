// A task: what waits for a person. States open it and close it; a person can close it too, and says why.
import {
  ANSWER_KINDS,
  expiryOfUser,
  type TechnicalUser,
  type ValidityRules,
} from '../account/technical-user.ts';

/**
 * What is stored about passwords says these by itself, as long as it is so. `stopped`: no invoices arrive. `choose`: a password was
 * received that can be meant in two ways. `hold-stuck`, `release-stuck`: a connector that should hold, or go on, cannot be told.
 * `sink-left`: a sink holds something else, perhaps newer, and is left as it is. `unproven`: the password in service was never accepted,
 * on a platform that answers. `by-hand`: a person is to type the password in service into a product; `stop-by-hand`: a person is to stop
 * that product's calls.
 */
export const STATE_TASKS = [
  'stopped',
  'by-hand',
  'stop-by-hand',
  'choose',
  'hold-stuck',
  'release-stuck',
  'sink-left',
  'unproven',
] as const;

/** Where a person types a password in: what people call the product, and the way to the screen. */
export interface ByHandPlace {
  readonly product: string;
  readonly place: string;
}

/**
 * `call`: the ladder is over and nothing has happened. `date`: a date was handed in that an agent must look at. The last ones are answers
 * of a manager under the link of a letter, without a secret: the day of the reset, an absence, a successor, a reset that is done
 * already, a wish to be called.
 */
export const TASK_KINDS = [...STATE_TASKS, 'call', 'date', ...ANSWER_KINDS] as const;

/** What is stored now, and asks for a person; `text`: the sink that it is about, or the place in a product. */
export interface StateMatter {
  readonly id: string;
  readonly kind: (typeof STATE_TASKS)[number];
  readonly userId: number;
  readonly text: string | null;
  readonly product?: string;
}

export type TaskKind = (typeof TASK_KINDS)[number];

/** Who is to act. */
export type TaskAssignee = 'it-service' | 'manager';

/** The facts at the moment when the task was opened; null where they do not apply. */
export interface TaskFacts {
  /** The version of the password in service. */
  readonly version: number;
  /** Its expiry date (ISO day); null when it was unknown. */
  readonly deadline: string | null;
  /** The principal manager. */
  readonly personId: number | null;
  /** The day that a person named (ISO): the date read on the portal, the day of the reset, the end of an absence. */
  readonly day: string | null;
  /** What a person typed: one line of at most 200 characters, shown to agents as plain text. */
  readonly text: string | null;
  /** The product that a password is typed into. */
  readonly product?: string;
}

/**
 * `id` identifies the occasion: a task opened twice is opened once. What a manager says again takes over the open task, with other facts:
 * no link can open more than one of a kind.
 */
export interface NewTask {
  readonly id: string;
  readonly kind: TaskKind;
  readonly userId: number;
  readonly facts: TaskFacts;
  readonly forWhom: TaskAssignee;
}

/** Instants in ms. */
export interface Task extends NewTask {
  /** How people name it. */
  readonly number: number;
  readonly since: number;
  /** Null while it is open. */
  readonly done: { readonly at: number; readonly by: string; readonly why: string } | null;
}

/** The facts of a technical user as a new task keeps them. */
export function taskFactsOf(user: TechnicalUser, validity: ValidityRules): TaskFacts {
  return {
    version: user.version,
    deadline: expiryOfUser(user, validity).on?.toString() ?? null,
    personId: user.principal?.id ?? null,
    day: null,
    text: null,
  };
}

/** The open task of a kind about the same password and manager as some facts; null when there is none. */
export function openAbout(open: readonly Task[], kind: TaskKind, facts: TaskFacts): Task | null {
  const { version, personId } = facts;
  return (
    open.find(
      (task) => task.kind === kind && task.facts.version === version && task.facts.personId === personId,
    ) ?? null
  );
}

/** Those of which an alarm tells at once: no list of tasks is sent because of them alone. */
export const ALARMED_TASKS: readonly TaskKind[] = [
  'stopped',
  'by-hand',
  'stop-by-hand',
  'hold-stuck',
  'release-stuck',
  'sink-left',
];

/** A password that a person is asked to type in; `askedAt` (ms): asked again, it is another task. */
export interface ByHandAsk {
  readonly rotationId: string;
  readonly sink: string;
  readonly askedAt: number;
}

export function byHandTaskId({ rotationId, sink, askedAt }: ByHandAsk): string {
  return ['by-hand', rotationId, sink, askedAt].join('/');
}

/** What a task asks to be typed in; null for a task of another kind. */
export function byHandAskOf({ kind, id }: Pick<NewTask, 'kind' | 'id'>): ByHandAsk | null {
  const [, rotationId, sink, askedAt] = id.split('/');
  if (kind !== 'by-hand' || rotationId === undefined || sink === undefined) return null;
  return { rotationId, sink, askedAt: Number(askedAt) };
}

export function isStateTask({ kind }: Pick<NewTask, 'kind'>): boolean {
  return (STATE_TASKS as readonly string[]).includes(kind);
}

/** Why an open task is over by itself on a day, in words for its record; null while it waits. States close what they say themselves. */
export function overReason(
  { kind, facts }: NewTask,
  user: TechnicalUser,
  today: Temporal.PlainDate,
  validity: ValidityRules,
): string | null {
  if (user.retired) return 'the technical user was retired';
  if (user.version !== facts.version) return 'another password is in service';
  if ((user.principal?.id ?? null) !== facts.personId) return 'the principal manager changed';
  const deadline = expiryOfUser(user, validity).on?.toString() ?? null;
  if (kind !== 'call-back' && deadline !== facts.deadline) return 'the expiry date was corrected';
  const isDay = kind === 'will-do' || kind === 'away';
  if (isDay && facts.day !== null && facts.day < today.toString()) return 'the day that was named is over';
  return null;
}
