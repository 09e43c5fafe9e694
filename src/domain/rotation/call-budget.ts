// Counts the failures that our calls may still cause at an account: only so many in a time, and the last one is a person's.
import { ChangeSetBuilder, noChange } from './change-set.ts';
import {
  type Attempt,
  currentRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';
import type { SinkProof } from './sink-content.ts';

/** Who asks for a check: a person who waits for the answer, the daemon by itself, or a connector that was refused. */
export type Asker = 'person' | 'daemon' | 'connector';

/** How many failures an asker may still cause now. An open call counts as a failure; the last one is reserved for a person. */
export function callsLeft(
  calls: readonly Attempt[],
  asker: Asker,
  rules: RotationRules,
  now: number,
): number {
  return limitOf(asker, rules) - recentFailures(calls, rules, now).length;
}

/** When the next call may be made within the budget of failures: `now`, or later. */
export function allowedAt(
  calls: readonly Attempt[],
  asker: Asker,
  rules: RotationRules,
  now: number,
): number {
  const nth = recentFailures(calls, rules, now).at(-limitOf(asker, rules));
  return nth === undefined ? now : Math.max(now, nth + rules.budget.per + 1);
}

function limitOf(asker: Asker, { budget }: RotationRules): number {
  return asker === 'person' ? budget.failures : Math.max(1, budget.failures - 1);
}

/** The instants of failures that count at present, the oldest first. */
export function recentFailures(
  attempts: readonly Attempt[],
  { budget }: Pick<RotationRules, 'budget'>,
  now: number,
): number[] {
  return attempts
    .filter(({ at, refused }) => refused !== false && at > now - budget.per && at <= now + budget.per)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** A question to a connector whether Chorus Pro accepts what was written there. */
interface SinkQuestion {
  readonly sink: string;
  readonly rotationId: string;
  readonly lease: string;
}

/**
 * Counts the call that a connector makes when it is asked to prove what it holds. `unproven`: Chorus Pro has not accepted this password
 * from us, so that a refusal would be likely; `budget`: there is none left. `failed`: it failed lately, and each time may be a failure.
 */
export function claimSinkProof(
  aggregate: RotationAggregate,
  { sink, rotationId, lease }: SinkQuestion,
  rules: RotationRules,
  now: number,
): RotationDecision<'ask' | 'unproven' | 'budget' | 'failed'> {
  const rotation = currentRotation(aggregate);
  if (rotation?.id !== rotationId || rotation.proven !== 'chorus-pro') return noChange('unproven');
  const earlier = aggregate.attempts.filter(({ id }) => id.startsWith(idOf(rotation, sink, '')));
  const failed = earlier.filter(({ refused }) => refused === true);
  if (recentFailures(failed, rules, now).length > 0) return noChange('failed');
  if (callsLeft(aggregate.attempts, 'daemon', rules, now) < 1) return noChange('budget');
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.attempt({ id: idOf(rotation, sink, lease), at: now, refused: null });
  return changeSet.decide('ask');
}

/** Records what became of it: a call that nobody knows about stays counted, one that was surely not made does not. */
export function settleSinkProof(
  aggregate: RotationAggregate,
  { sink, rotationId, lease }: SinkQuestion,
  proof: SinkProof,
  now: number,
): RotationDecision<void> {
  const id = idOf({ id: rotationId }, sink, lease);
  const mine = aggregate.attempts.find((one) => one.id === id);
  if (mine === undefined || (!proof.ok && proof.call === 'unknown')) return noChange(undefined);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  changeSet.attempt({ ...mine, refused: !proof.ok && proof.call === 'failed' });
  return changeSet.decide(undefined);
}

/** Names the attempt after what it is about, so that the next try knows it again. */
const idOf = ({ id }: Pick<Rotation, 'id'>, sink: string, lease: string) => `${id}/${sink}/${lease}`;
