// The health of a password in service: whether Chorus Pro still accepts it, what its account may do, when to check again.
import type { PasswordState, Structure } from '../account/technical-user.ts';
import type { Cause, Evidence } from '../verification/verdict.ts';
import { type Leased, NOT_LEASED } from './rotation-rules.ts';

/** Instants in ms. */
export interface Health extends Leased {
  /** The rotation that brought the password. */
  readonly rotationId: string;
  readonly state: PasswordState;
  /** When it is checked again. */
  readonly nextAt: number;
  /** Whether somebody waits for that check, so that it is made outside quiet hours too. */
  readonly wanted: boolean;
  /** The last answer about the password, and the last time it was accepted. */
  readonly askedAt: number | null;
  readonly workedAt: number | null;
  /** Refusals in a row, and when the first came. */
  readonly refusals: number;
  readonly refusedAt: number | null;
  /** Tries in a row that brought no answer, since when, and why the last did not. */
  readonly unanswered: number;
  readonly unansweredSince: number | null;
  readonly cause: Cause | null;
  /** Evidence of the last answer that did not accept it; secrets removed. */
  readonly evidence: Evidence | null;
  /** What the account may do, as last seen; null for what could not be read. */
  readonly entitled: boolean | null;
  readonly structures: readonly Structure[] | null;
  /** The lack of rights that the IT service was last notified of (a text that changes with it); null for none. */
  readonly warned: string | null;
  /** Whether the IT service was notified that no answer comes. */
  readonly alarmed: boolean;
  /** The last ISO day after its expiry on which it worked; null for never. */
  readonly workedPast: string | null;
}

/** A password that is known to be dead is not checked after this many refusals in a row: one more might lock its account. */
export const MOST_REFUSALS = 4;

/** A next check further ahead than this, in ms, was written by a wrong clock; it counts as due. */
export const FAR_MS = 3 * 86_400_000;

/**
 * A refusal dated further ahead than this, in ms, was recorded while the clock was wrong; clocks of two machines differ by
 * less.
 */
export const AHEAD_MS = 300_000;

/** Whether it is checked again by itself; a dead one waits for a person, or for the next password. */
export function isCheckedAgain(health: Pick<Health, 'state' | 'refusals' | 'wanted'>): boolean {
  const { state, refusals, wanted } = health;
  return wanted || state !== 'stopped' || refusals < MOST_REFUSALS;
}

/** No failed check counts against the password. */
const UNBLEMISHED = {
  refusals: 0,
  refusedAt: null,
  unanswered: 0,
  unansweredSince: null,
  cause: null,
  evidence: null,
  alarmed: false,
} as const;

/** The changes for a password that was accepted at an instant (ms): earlier failed checks no longer count. */
export function afterSuccess(now: number): Partial<Health> {
  return { ...UNBLEMISHED, state: 'working', askedAt: now, workedAt: now };
}

/** A password that has just come into service, to be checked at an instant (ms). */
export function newHealth(rotationId: string, nextAt: number): Health {
  return {
    ...UNBLEMISHED,
    rotationId,
    state: 'unasked',
    nextAt,
    wanted: false,
    askedAt: null,
    workedAt: null,
    entitled: null,
    structures: null,
    warned: null,
    workedPast: null,
    ...NOT_LEASED,
  };
}
