// Decides what a person or connector brings: announces a reset, receives a password, or withdraws it.

import { openAbout, type Task, taskFactsOf } from '../notification/task.ts';
import { asksDate } from '../reminder/revalidation.ts';
import { type Channel, type Doubts, leavesChoice } from '../submission/submission.ts';
import { accept, destroySuperseded } from './accept.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { isReopened, isUnprovenInDoubt, waitingCandidates } from './may-ask.ts';
import { goOnWithout, isRefusedBeside } from './reject-current.ts';
import { releaseHolds, requestEveryHold } from './request-hold.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  newRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules } from './rotation-rules.ts';
import type { Sealed } from './sealed.ts';

/** Who acts, and by which channel. */
export interface Actor {
  readonly channel: Channel;
  readonly by: string;
}

/** A repeated announcement lasts at most this many times as long as a single one. */
const MOST_ANNOUNCED = 4;

/** Announces a reset, so that the connectors hold. A repeated announcement is extended, but not for ever. */
export function announce(
  aggregate: RotationAggregate,
  { actor, id }: { readonly actor: Actor; readonly id: string },
  rules: RotationRules,
  now: number,
): RotationDecision<{ kind: 'announced'; until: number } | { kind: 'in-hand' }> {
  const open = findOpenRotation(aggregate);
  if (open !== null && open.stage !== 'announced') return noChange({ kind: 'in-hand' });
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const announcedAt = open?.announcedAt ?? now;
  const until = Math.min(now + rules.announcement, announcedAt + MOST_ANNOUNCED * rules.announcement);
  const announced = changeSet.put(open ?? newRotation(id), { ...actor, announcedAt, announcedUntil: until });
  requestEveryHold(changeSet, rules);
  changeSet.audit('announced', announced, { who: actor.by, channel: actor.channel });
  return changeSet.decide({ kind: 'announced', until });
}

export interface ReceivedPassword extends Actor {
  /** The id of the new rotation (unless an announced one is waiting for it), and of its sealed password. */
  readonly id: string;
  readonly credential: string;
  readonly sealed: Sealed;
  readonly fingerprint: string;
  /** What is odd about the submission: a person must choose, unless it is the date alone; null when nothing is. */
  readonly doubts: Doubts | null;
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  /** The unclear rotation whose choice this is; null for anything else. */
  readonly chosenFrom: string | null;
}

/** `received` also when the same password is being processed already (`again`). */
export type Receipt =
  | { readonly kind: 'received'; readonly rotationId: string; readonly again: boolean }
  | { readonly kind: 'known'; readonly as: 'current' | 'former' | 'refused' };

/**
 * Receives a password. A known one is not received again: the one in service, the one before it, or one that Chorus Pro
 * refused to the end of its window. The one that is being proven stays the same one. A newer one supersedes; the older is
 * kept sealed until the newer is proven, for the newer may be the wrong one.
 */
export function receive(
  aggregate: RotationAggregate,
  received: ReceivedPassword,
  rules: RotationRules,
  now: number,
): RotationDecision<Receipt> {
  const { channel, by, fingerprint, doubts } = received;
  const isUnclear = leavesChoice(doubts);
  const open = findOpenRotation(aggregate);
  const same = open?.fingerprint === fingerprint && (open.stage !== 'unclear' || isUnclear);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (open !== null && same) {
    const again: Receipt = { kind: 'received', rotationId: open.id, again: true };
    if (received.portalOn === null || received.portalOn === open.portalOn) return noChange(again);
    changeSet.put(open, { portalOn: received.portalOn });
    return changeSet.decide(again);
  }
  const waiting = waitingCandidates(aggregate).find((one) => one.fingerprint === fingerprint);
  if (waiting !== undefined && !isUnclear)
    return changeSet.decide(reopenWaiting(changeSet, open, waiting, received));
  const known = knownAs(aggregate, fingerprint);
  if (known !== null) {
    changeSet.audit('known', null, { who: by, channel, detail: known });
    if (open !== null && open.id === received.chosenFrom) {
      supersede(changeSet, open, received);
      if (waitingCandidates(aggregate).length === 0) goOnWithout(changeSet, open);
    }
    return changeSet.decide({ kind: 'known', as: known });
  }
  if (open !== null && open.stage !== 'announced') supersede(changeSet, open, received);
  const announced = open?.stage === 'announced' ? open : newRotation(received.id);
  changeSet.keep({ id: received.credential, sealed: received.sealed, doubts });
  const candidate = changeSet.put(announced, {
    stage: isUnclear ? 'unclear' : 'candidate',
    channel,
    by,
    fingerprint,
    credential: received.credential,
    changedOn: received.changedOn,
    portalOn: received.portalOn,
    receivedAt: now,
    nextTryAt: isUnclear ? null : now,
    // The one in service is known to be refused; this one is checked by itself.
    ...(open !== null && isRefusedBeside(open)
      ? { currentStillWorks: false, bothRefusedSince: open.bothRefusedSince }
      : isKnownRefused(aggregate)),
  });
  changeSet.audit(isUnclear ? 'received, unclear' : 'received', candidate, { who: by, channel });
  if (!isUnclear && rules.verification[aggregate.user.environment] === 'none') {
    accept(changeSet, candidate, { proven: 'unverified', who: by }, rules);
  }
  return changeSet.decide({ kind: 'received', rotationId: candidate.id, again: false });
}

/** Reopens a waiting rotation whose password is received again; what was open waits in its place. */
function reopenWaiting(
  changeSet: ChangeSetBuilder,
  open: Rotation | null,
  waiting: Rotation,
  received: ReceivedPassword,
): Receipt {
  const { channel, by } = received;
  if (open !== null && open.stage !== 'announced') supersede(changeSet, open, received);
  else if (open !== null) changeSet.put(open, { stage: 'withdrawn', endedAt: changeSet.now });
  // Beside an unproven password in service it waits for the next round of that one.
  const health = isUnprovenInDoubt(changeSet.aggregate) ? currentHealth(changeSet.aggregate) : null;
  const bothRefusedSince =
    open?.bothRefusedSince ?? (health === null ? null : (health.refusedAt ?? changeSet.now));
  const nextTryAt = open?.nextTryAt ?? health?.nextAt ?? changeSet.now;
  const isRefused = bothRefusedSince !== null || (open !== null && isRefusedBeside(open));
  const since = isRefused ? { bothRefusedSince, currentStillWorks: false, nextTryAt } : {};
  const again = { channel, by, receivedAt: changeSet.now, endedAt: null, alarmed: false };
  changeSet.put(waiting, { ...again, nextTryAt: changeSet.now, ...since, stage: 'candidate' });
  changeSet.audit('received again', waiting, { who: by, channel });
  return { kind: 'received', rotationId: waiting.id, again: true };
}

/** An unproven password in service that was refused while others wait beside it is checked only in its turn. */
function isKnownRefused(aggregate: RotationAggregate): Partial<Rotation> {
  const isRefused = isUnprovenInDoubt(aggregate) && (currentHealth(aggregate)?.refusals ?? 0) > 0;
  return isRefused ? { currentStillWorks: false } : {};
}

function knownAs(aggregate: RotationAggregate, fingerprint: string): 'current' | 'former' | 'refused' | null {
  const current = currentRotation(aggregate);
  if (current?.fingerprint === fingerprint) return 'current';
  const before = aggregate.rotations.filter((one) => one.fingerprint === fingerprint);
  // When nobody vouches for the one in service, the one before it may still be the right one.
  const isSure = current !== null && current.proven !== 'unverified';
  if (isSure && before.some(({ version }) => version !== null)) return 'former';
  return before.some(({ stage }) => stage === 'refused') ? 'refused' : null;
}

function supersede(
  changeSet: ChangeSetBuilder,
  open: Rotation,
  { by, channel, chosenFrom }: ReceivedPassword,
): void {
  const ended = changeSet.put(open, { stage: 'superseded', endedAt: changeSet.now, ...NOT_LEASED });
  changeSet.audit('superseded', ended, { who: by, channel });
  if (open.id === chosenFrom) changeSet.destroy(ended);
}

/** A day that a manager gave as the expiry date of the password in service, by a link. ISO. */
export interface GivenDate {
  readonly actor: Actor;
  readonly day: string;
  /** Whether the portal may well show it for a password of today. */
  readonly plausible: boolean;
  /** The version that was in service when it was read. */
  readonly version: number;
  /** Whether the page asked for it because the date that came with this password was odd. */
  readonly wasOdd: boolean;
  /** For a new task. */
  readonly id: string;
  /** The open tasks about the technical user. */
  readonly tasks: readonly Task[];
}

/**
 * Takes the expiry date that the portal shows for the password in service. `given`: our records asked for it, and it is recorded;
 * `noted`: an agent looks at it; `known`: it is the one on record, or of a password that is not in service (any more).
 */
export function takeDate(
  aggregate: RotationAggregate,
  { actor, day, plausible, version, wasOdd, id, tasks }: GivenDate,
  { validity }: RotationRules,
  now: number,
): RotationDecision<'given' | 'noted' | 'known'> {
  const { user } = aggregate;
  const { facts } = user;
  const open = findOpenRotation(aggregate);
  const isInHand = open !== null && open.stage !== 'announced';
  if (isInHand || user.version !== version || facts.portalOn?.toString() === day) return noChange('known');
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const changedOn = facts.changedOn?.toString() ?? null;
  const isAsked = asksDate(user, validity) || (wasOdd && facts.portalOn === null);
  const who = { who: actor.by, channel: actor.channel, detail: day };
  if (!isAsked || !plausible || (changedOn !== null && day <= changedOn)) {
    const facts = { ...taskFactsOf(user, validity), day };
    const waiting = openAbout(tasks, 'date', facts);
    if (waiting?.facts.day === day && waiting.facts.deadline === facts.deadline) return noChange('noted');
    changeSet.audit('expiry given, to be looked at', null, who);
    const task = { id: waiting?.id ?? `date/${id}`, kind: 'date', userId: user.id, facts } as const;
    changeSet.task({ ...task, forWhom: 'it-service' });
    return changeSet.decide('noted');
  }
  changeSet.newVersion({ version, changedOn, portalOn: day, by: actor.by });
  const current = currentRotation(aggregate);
  const dated = current?.version === version ? changeSet.put(current, { portalOn: day }) : null;
  changeSet.audit('expiry given', dated, who);
  return changeSet.decide('given');
}

/** Withdraws the open rotation and what it superseded; connectors go on where the one in service works. Returns whether anything changed. */
export function withdraw(
  aggregate: RotationAggregate,
  { by, channel }: Actor,
  reason: string,
  now: number,
): RotationDecision<boolean> {
  const taken = findOpenRotation(aggregate);
  // A rotation that waits beside an unproven password in service was superseded by that one, and goes on waiting.
  const open = taken !== null && isReopened(aggregate, taken) ? null : taken;
  const held = aggregate.holds.some(({ wanted }) => wanted);
  if (open === null && !held) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (open !== null) {
    const ended = changeSet.put(open, { stage: 'withdrawn', endedAt: now, ...NOT_LEASED });
    changeSet.audit('withdrawn', ended, { who: by, channel, detail: reason });
    changeSet.destroy(ended);
    const doubtAt = isUnprovenInDoubt(aggregate) ? currentRotation(aggregate)?.acceptedAt : null;
    destroySuperseded(changeSet, doubtAt ?? undefined);
    goOnWithout(changeSet, open);
  } else releaseHolds(changeSet);
  return changeSet.decide(true);
}
