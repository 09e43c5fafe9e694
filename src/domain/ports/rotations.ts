// The stored rotations of technical users: one decision, one transaction.
import type { TechnicalUser } from '../account/technical-user.ts';
import type { Task } from '../notification/task.ts';
import type { RotationAggregate, RotationDecision } from '../rotation/rotation.ts';
import type { Sealed, SealName } from '../rotation/sealed.ts';
import type { Doubts, OtherAccount } from '../submission/submission.ts';

/** The kinds of work on rotations that can be due. */
export type Work = 'proof' | 'publication' | 'hold' | 'time' | 'adoption';

/** The kinds of work by which unexpected errors of a technical user are counted. */
export type ItemWork = Work | 'probe';

/** A sealed password with the name under which it can be opened. */
export interface KeptCredential {
  readonly name: SealName;
  readonly sealed: Sealed;
}

/** Another account of a principal manager, with the fingerprint of its password in service. */
interface ProvenElsewhere {
  readonly account: OtherAccount;
  readonly fingerprint: string;
}

export interface Rotations {
  /**
   * Makes one decision: reads a technical user's aggregate, asks `decide`, writes its changes, in a transaction that no
   * other writer overlaps. Returns its answer.
   */
  update<T>(userId: number, decide: (aggregate: RotationAggregate) => RotationDecision<T>): Promise<T>;
  /** The same over the open tasks about the technical user, too. */
  updateWithTasks<T>(
    userId: number,
    decide: (aggregate: RotationAggregate, open: readonly Task[]) => RotationDecision<T>,
  ): Promise<T>;
  /** The aggregate as it is now; null when the technical user is not known. */
  aggregate(userId: number): Promise<RotationAggregate | null>;
  /** Technical users (ids) with work of a kind that may be due now (ms), at most `limit`; `sink`: in this sink alone. */
  due(work: Work, now: number, limit: number, sink?: string): Promise<readonly number[]>;
  /** With its doubts, unless an older version stored it; null when it was destroyed. */
  credential(id: string): Promise<(KeptCredential & { readonly doubts: Doubts | null }) | null>;
  /**
   * Other accounts of a technical user's principal manager whose password in service is proven, at most `limit`; those of
   * other managers never.
   */
  provenElsewhere(user: TechnicalUser, limit: number): Promise<readonly ProvenElsewhere[]>;
  /** Technical users (ids) with a password of ours in service. */
  inService(): Promise<readonly number[]>;
  /** Technical users (ids) whose connectors hold. */
  holding(): Promise<readonly number[]>;
  /**
   * Counts an unexpected error (its kind, without its words): until its wait is over this work is not due for this
   * technical user; the third in a row raises an alarm.
   */
  countFault(work: ItemWork, userId: number, fault: string, now: number): Promise<void>;
  /** Forgets the errors counted for this work, after a success. */
  forgive(work: ItemWork, userId: number): Promise<void>;
}
