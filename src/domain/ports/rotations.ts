// The rotations of technical users: one decision, one transaction.
import type { RotationAggregate, RotationDecision } from '../rotation/rotation.ts';
import type { Sealed, SealName } from '../rotation/sealed.ts';
import type { Doubts } from '../submission/submission.ts';

/** What a tick may find to do about rotations. */
export type Work = 'proof' | 'publication' | 'hold' | 'time';

/** Under what an error that nobody foresaw is counted for a technical user. */
export type ItemWork = Work | 'probe';

/** A sealed password with the name under which it can be opened. */
export interface KeptCredential {
  readonly name: SealName;
  readonly sealed: Sealed;
}

/** The books of rotations. */
export interface Rotations {
  /**
   * One move: reads a technical user's book, asks `decide`, writes what it says, in a transaction that no other writer
   * overlaps. Returns its answer.
   */
  update<T>(userId: number, decide: (aggregate: RotationAggregate) => RotationDecision<T>): Promise<T>;
  /** The book as it is now; null when the technical user is not known. */
  aggregate(userId: number): Promise<RotationAggregate | null>;
  /** Technical users (ids) with work of a kind that may be due now (ms), up to so many; `sink`: in this sink alone. */
  due(work: Work, now: number, limit: number, sink?: string): Promise<readonly number[]>;
  /** With what was unclear in it, unless an older version kept it; null when it was destroyed. */
  credential(id: string): Promise<(KeptCredential & { readonly doubts: Doubts | null }) | null>;
  /** Technical users (ids) with a password of ours in service. */
  inService(): Promise<readonly number[]>;
  /** Technical users (ids) whose connectors were told to hold. */
  holding(): Promise<readonly number[]>;
  /**
   * Counts an error that nobody foresaw (its kind, without its words): until its wait is over nothing of this work is due for
   * this technical user; at the third in a row the IT service hears of it.
   */
  countFault(work: ItemWork, userId: number, fault: string, now: number): Promise<void>;
  /** It went well again. */
  forgive(work: ItemWork, userId: number): Promise<void>;
}
