// How an account stands at this minute, beside its date: one rule for the day's screen, the list and `check`.
import type { PasswordState } from '../account/technical-user.ts';
import type { StateEvent } from '../notification/webhook-event.ts';
import { applyChanges } from '../rotation/change-set.ts';
import {
  areBothRefused,
  type Changes,
  currentHealth,
  isUnheard,
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
  /** Why a connector holds its calls: it should, or it could not be told to go on. Null too for one that is just being told. */
  readonly holds: 'asked' | 'release-stuck' | null;
  /** Whether a connector has not said in time that it uses the password that it was given. */
  readonly isLate: boolean;
}

export interface HandoverStage {
  readonly stage: Stage;
  readonly refusals: number;
  /** Whether the password in service worked while the new one was refused; null where nobody asked. */
  readonly currentStillWorks: boolean | null;
  /** Both were refused, and neither was accepted since: also while the one or the other is asked again. */
  readonly bothRefused: boolean;
}

/**
 * stopped: the password in service is refused, or its connector holds although nothing is in hand: no invoices arrive. in-hand: a new
 * password is on its way, or was not taken up in time. doubtful: refused once, and asked about again.
 */
export type AccountStand = 'stopped' | 'in-hand' | 'doubtful';

/** Stages of a password that somebody still waits for. */
const IN_HAND: readonly Stage[] = [...OPEN, 'publishing'];

/** Null where nothing is open. */
export function standOf({
  health,
  handover,
  holds,
  isLate,
}: Omit<OpenMatter, 'userId'>): AccountStand | null {
  const isDead = health === 'stopped' || (isOpen(handover) && handover.bothRefused);
  if (isDead || (holds !== null && handover === null)) return 'stopped';
  if (handover !== null) return 'in-hand';
  if (health === 'doubtful') return 'doubtful';
  return isLate ? 'in-hand' : null;
}

const isOpen = <S extends Pick<HandoverStage, 'stage'>>(handover: S | null): handover is S =>
  handover !== null && OPEN.includes(handover.stage);

/**
 * What a change of an account is to those who watch it: it stands still, or works again; a new password is on its way, or in service. A
 * hold alone is none: each renewal begins and ends with one.
 *
 * Invariant: an account that stopped works again only by a good answer of Chorus Pro, whatever people do to it meanwhile.
 */
export function accountEvents(before: RotationAggregate, changes: Changes): StateEvent[] {
  const after = applyChanges(before, changes);
  const [was, is] = [matterOf(before), matterOf(after)];
  const events: StateEvent[] = [];
  if (isOpen(is.handover) && !isOpen(was.handover)) events.push('account.in-hand');
  if (after.user.version > before.user.version) events.push('account.renewed');
  const wasStopped = standOf(was) === 'stopped' || isUnheard(before);
  const isStopped = standOf(is) === 'stopped' || isUnheard(after);
  if (wasStopped !== isStopped) events.push(isStopped ? 'account.stopped' : 'account.works-again');
  return events;
}

function matterOf(aggregate: RotationAggregate): Omit<OpenMatter, 'userId'> {
  const inHand = aggregate.rotations.filter(({ stage }) => IN_HAND.includes(stage));
  const found = inHand.find(isOpen) ?? inHand[0];
  const handover = found === undefined ? null : { ...found, bothRefused: areBothRefused(found) };
  return { health: currentHealth(aggregate)?.state ?? null, handover, holds: null, isLate: false };
}
