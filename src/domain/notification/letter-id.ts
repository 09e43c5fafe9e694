// The identity of a letter and of its lines, as a value and as the stored text: a letter written twice has the same one.
import { ENVIRONMENTS, type Environment } from '../account/technical-user.ts';
import { ROTATION_LETTERS, type RotationLetterKind, stepName } from './letter.ts';

/** A step of the ladder for one password, one deadline and one recipient; the first line of a reminder names the letter. */
export interface ReminderLineId {
  readonly kind: 'reminder';
  readonly environment: Environment;
  readonly login: string;
  /** The version of the password that the letter is about. */
  readonly version: number;
  /** ISO day; null when it is unknown, and the letter asks for it. */
  readonly deadline: string | null;
  /** Days from the deadline, negative before it; for an unknown date, how many letters have asked. */
  readonly step: number;
  /** Null when there is no address. */
  readonly address: string | null;
}

/** A letter about a rotation. `occasion` (ms) distinguishes letters of one kind when the event can happen again. */
interface RotationLetterId {
  readonly kind: RotationLetterKind;
  readonly rotationId: string;
  readonly occasion: number | null;
}

/** A personal link sent on request, at an instant (ms). */
interface LinkLetterId {
  readonly kind: 'link';
  readonly environment: Environment;
  readonly login: string;
  readonly version: number;
  readonly at: number;
}

/** Letters to the IT service: the alarms of one tick, by the id of the first; the tasks and the digest of an ISO day. */
export type LetterId =
  | ReminderLineId
  | RotationLetterId
  | LinkLetterId
  | { readonly kind: 'alarm'; readonly first: string }
  | { readonly kind: 'tasks' | 'digest'; readonly on: string };

const UNKNOWN = 'unknown';
const NOBODY = 'nobody';

/** `J-30`, or `question-2` for the second letter that asks for an unknown date. */
export function reminderStepName({ deadline, step }: Pick<ReminderLineId, 'deadline' | 'step'>): string {
  return deadline === null ? `question-${step}` : stepName({ offset: step });
}

/** The stored text of an identity; `parseLetterId` reads it. */
export function formatLetterId(id: LetterId): string {
  switch (id.kind) {
    case 'reminder':
      return [
        id.environment,
        id.login,
        `v${id.version}`,
        id.deadline ?? UNKNOWN,
        reminderStepName(id),
        id.address ?? NOBODY,
      ].join('/');
    case 'link':
      return ['link', id.environment, id.login, `v${id.version}`, id.at].join('/');
    case 'alarm':
      return `alarm/${id.first}`;
    case 'tasks':
    case 'digest':
      return `${id.kind}/${id.on}`;
    default:
      return [id.kind, id.rotationId, ...(id.occasion === null ? [] : [id.occasion])].join('/');
  }
}

/** Null for a text that `formatLetterId` never writes. */
export function parseLetterId(text: string): LetterId | null {
  const [kind = '', rest = '', ...more] = text.split('/');
  if (ENVIRONMENTS.some((one) => one === kind)) return parseReminder(text);
  if (kind === 'link') return parseLink(text);
  if (kind === 'alarm') return { kind, first: text.slice('alarm/'.length) };
  if (kind === 'tasks' || kind === 'digest') return { kind, on: rest };
  const letter = ROTATION_LETTERS.find((one) => one === kind);
  if (letter === undefined || more.length > 1) return null;
  return { kind: letter, rotationId: rest, occasion: more[0] === undefined ? null : Number(more[0]) };
}

const LINK = /^link\/(\w+)\/(.+)\/v(\d+)\/(\d+)$/;

function parseLink(text: string): LinkLetterId | null {
  const [, environment, login, version, at] = LINK.exec(text) ?? [];
  const known = ENVIRONMENTS.find((one) => one === environment);
  if (known === undefined || login === undefined) return null;
  return { kind: 'link', environment: known, login, version: Number(version), at: Number(at) };
}

/** A login or an address may contain a slash, but not the parts between them. */
const REMINDER = /^(\w+)\/(.+)\/v(\d+)\/(unknown|\d{4}-\d{2}-\d{2})\/(?:question-(\d+)|J([+-]\d+))\/(.+)$/;

function parseReminder(text: string): ReminderLineId | null {
  const [, environment, login, version, deadline, question, offset, address] = REMINDER.exec(text) ?? [];
  const known = ENVIRONMENTS.find((one) => one === environment);
  if (known === undefined || login === undefined || address === undefined) return null;
  return {
    kind: 'reminder',
    environment: known,
    login,
    version: Number(version),
    deadline: deadline === UNKNOWN ? null : (deadline ?? null),
    // `J-0` is the day itself.
    step: Number(question ?? offset) + 0,
    address: address === NOBODY ? null : address,
  };
}
