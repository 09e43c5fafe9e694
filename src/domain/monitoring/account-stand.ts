// How an account stands at this minute, beside its date: one rule for the day's screen, the list and `check`.
import type { PasswordState } from '../account/technical-user.ts';
import { OPEN, type Stage } from '../rotation/rotation.ts';

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
export const IN_HAND: readonly Stage[] = [...OPEN, 'publishing'];

/** Null where nothing is open. */
export function standOf({ health, handover, holds }: Omit<OpenMatter, 'userId'>): AccountStand | null {
  const isDead = health === 'stopped' || (isOpen(handover) && handover.currentStillWorks === false);
  if (isDead || (holds && handover === null)) return 'stopped';
  if (handover !== null) return 'in-hand';
  return health === 'doubtful' ? 'doubtful' : null;
}

const isOpen = (handover: HandoverStage | null): handover is HandoverStage =>
  handover !== null && OPEN.includes(handover.stage);
