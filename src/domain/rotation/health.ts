// What is known of a password in service: whether Chorus Pro still believes it, what its account may do, when to ask again.
import type { Structure } from '../account/technical-user.ts';
import type { Cause, Evidence } from '../verification/verdict.ts';

/**
 * unasked: never asked since it came into service. working: believed the last time. doubtful: refused, and to be asked
 * again before anybody is told. stopped: refused while others work; its manager was told, the connector holds.
 */
export type HealthState = 'unasked' | 'working' | 'doubtful' | 'stopped';

/** The health of one password in service. Instants in ms. */
export interface Health {
  /** The rotation that brought the password. */
  readonly rotationId: string;
  readonly state: HealthState;
  /** When it is asked about again. */
  readonly nextAt: number;
  /** Whether somebody wants to know it then, whatever the hour. */
  readonly wanted: boolean;
  /** The last answer that spoke of the password, and the last time it was believed. */
  readonly askedAt: number | null;
  readonly workedAt: number | null;
  /** Refusals in a row, and when the first came. */
  readonly refusals: number;
  readonly refusedAt: number | null;
  /** Tries in a row that brought no answer, since when, and why the last did not. */
  readonly unanswered: number;
  readonly unansweredSince: number | null;
  readonly cause: Cause | null;
  /** What was seen the last time it was not believed; secrets struck out. */
  readonly evidence: Evidence | null;
  /** What the account may do, as last seen; null for what could not be read. */
  readonly entitled: boolean | null;
  readonly structures: readonly Structure[] | null;
  /** Which lack of rights the IT service was told of (a text that changes with it); null for none. */
  readonly warned: string | null;
  /** Whether the IT service was told that no answer comes. */
  readonly alarmed: boolean;
  /** The last ISO day past its date on which it was seen to work; null for never. */
  readonly workedPast: string | null;
  readonly lease: string | null;
  readonly leaseUntil: number | null;
}

/** So many refusals in a row are collected of a password that is known to be dead: one more might lock its account. */
export const MOST_REFUSALS = 4;

/** No minute lies so far ahead, in ms: a clock that was wrong set it. */
export const FAR_MS = 3 * 86_400_000;

/** A refusal dated so far ahead, in ms, was met while the clock was wrong; clocks of two machines differ by less. */
export const AHEAD_MS = 300_000;

/** Whether it is asked about again by itself; a dead one waits for a person, or for the next password. */
export function asksAgain({
  state,
  refusals,
  wanted,
}: Pick<Health, 'state' | 'refusals' | 'wanted'>): boolean {
  return wanted || state !== 'stopped' || refusals < MOST_REFUSALS;
}

/** Nothing is held against a password. */
const UNBLEMISHED = {
  refusals: 0,
  refusedAt: null,
  unanswered: 0,
  unansweredSince: null,
  cause: null,
  evidence: null,
  alarmed: false,
} as const;

/** What an answer makes of a password that was believed at an instant (ms): whatever was held against it is forgotten. */
export function believedAt(now: number): Partial<Health> {
  return { ...UNBLEMISHED, state: 'working', askedAt: now, workedAt: now };
}

/** A password that has just come into service, to be asked about at an instant (ms). */
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
    lease: null,
    leaseUntil: null,
  };
}
