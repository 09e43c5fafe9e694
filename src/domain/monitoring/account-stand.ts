// How an account stands at this minute, beside its date: one rule for the day's screen, the list and `check`.
import type { PasswordState } from '../account/technical-user.ts';
import type { StateEvent } from '../notification/webhook-event.ts';
import { applyChanges } from '../rotation/change-set.ts';
import {
  type Changes,
  currentHealth,
  OPEN,
  type RotationAggregate,
  type Stage,
} from '../rotation/rotation.ts';

/** What is stored of an account about which something is open: a refusal, a new password on its way, a connector that holds. */
export interface OpenMatter {
  readonly userId: number;
  /** Of the password in service; null where none is, or none was asked about. */
  readonly health: PasswordState | null;
  /** The new password on its way into service or into the sinks; null where there is none. */
  readonly handover: HandoverStage | null;
  /** Whether a connector was told to hold its calls. */
  readonly holds: boolean;
}

export interface HandoverStage {
  readonly stage: Stage;
  readonly refusals: number;
  /** Whether the password in service worked while the new one was refused; null where nobody asked. */
  readonly currentStillWorks: boolean | null;
}

/**
 * stopped: the password in service is refused, or its connector holds although nothing is in hand: no invoices arrive. in-hand: a new
 * password is on its way. doubtful: refused once, and asked about again.
 */
export type AccountStand = 'stopped' | 'in-hand' | 'doubtful';

/** Stages of a password that somebody still waits for. */
const IN_HAND: readonly Stage[] = [...OPEN, 'publishing'];

/** Null where nothing is open. */
export function standOf({ health, handover, holds }: Omit<OpenMatter, 'userId'>): AccountStand | null {
  const isDead = health === 'stopped' || (isOpen(handover) && handover.currentStillWorks === false);
  if (isDead || (holds && handover === null)) return 'stopped';
  if (handover !== null) return 'in-hand';
  return health === 'doubtful' ? 'doubtful' : null;
}

const isOpen = (handover: HandoverStage | null): handover is HandoverStage =>
  handover !== null && OPEN.includes(handover.stage);

/**
 * What a change of an account is to those who watch it: it stands still, or works again; a new password is on its way, or in service. A
 * hold alone is none: each renewal begins and ends with one.
 */
export function accountEvents(before: RotationAggregate, changes: Changes): StateEvent[] {
  const after = applyChanges(before, changes);
  const [was, is] = [matterOf(before), matterOf(after)];
  const events: StateEvent[] = [];
  if (isOpen(is.handover) && !isOpen(was.handover)) events.push('account.in-hand');
  if (after.user.version > before.user.version) events.push('account.renewed');
  const [wasStopped, isStopped] = [standOf(was) === 'stopped', standOf(is) === 'stopped'];
  if (wasStopped !== isStopped) events.push(isStopped ? 'account.stopped' : 'account.works-again');
  return events;
}

function matterOf(aggregate: RotationAggregate): Omit<OpenMatter, 'userId'> {
  const inHand = aggregate.rotations.filter(({ stage }) => IN_HAND.includes(stage));
  const handover = inHand.find(isOpen) ?? inHand[0] ?? null;
  return { health: currentHealth(aggregate)?.state ?? null, handover, holds: false };
}
