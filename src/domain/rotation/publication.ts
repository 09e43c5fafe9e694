// Decides the publication of a password into the sinks: each sink on its own, written once, repeated until it holds; then
// adopted, then closed.
import { waitAfter } from '../shared/retry.ts';
import { duePublication, published, publishedIn } from './accept.ts';
import { andThen, ChangeSetBuilder, noChange } from './change-set.ts';
import {
  currentRotation,
  hasCome,
  leaseOver,
  type Publication,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules, type SinkPlace, TRIES_BEFORE_ALARM } from './rotation-rules.ts';

/** A sink to be written with the password in service, and what an earlier try did. */
export interface SinkWrite {
  readonly publication: Publication;
  readonly rotation: Rotation;
}

/** The publications of the password in service that are due. */
export function duePublications(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): readonly Publication[] {
  const rotation = currentRotation(aggregate);
  return aggregate.publications.filter((one) => {
    // What a person types in is never claimed.
    if (one.rotationId !== rotation?.id || one.byHand !== null) return false;
    if (one.stage === 'due') return hasCome(one.nextAt, now);
    return one.stage === 'claimed' && leaseOver(one.leaseUntil, now, rules.publishLease);
  });
}

/** The claim of a sink for the rotation that was compared with it; `differs`: it holds something else. */
export interface SinkClaim {
  readonly sink: string;
  readonly rotationId: string;
  readonly lease: string;
  readonly differs: boolean;
}

/**
 * Claims a sink for the password in service; null when nothing is due there, or when another password has entered service
 * since the comparison. The claim records that the sink is about to be written. While an older password is being written
 * into the same sink, the newer one waits until that claim is over: it must be the last to be written.
 */
export function claimPublication(
  aggregate: RotationAggregate,
  { sink, rotationId, lease, differs }: SinkClaim,
  rules: RotationRules,
  now: number,
): RotationDecision<SinkWrite | null> {
  const rotation = currentRotation(aggregate);
  const mine = duePublications(aggregate, rules, now).find((one) => one.sink === sink);
  if (rotation === null || rotation.id !== rotationId || mine === undefined) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const busy = aggregate.publications.find(
    (one) =>
      one !== mine &&
      one.sink === sink &&
      one.stage === 'claimed' &&
      !leaseOver(one.leaseUntil, now, rules.publishLease),
  );
  if (busy !== undefined) {
    changeSet.publication({ ...mine, stage: 'due', nextAt: busy.leaseUntil ?? now, ...NOT_LEASED });
    return changeSet.decide(null);
  }
  const leaseUntil = now + rules.publishLease;
  const touched = mine.touched || differs;
  const publication: Publication = { ...mine, stage: 'claimed', touched, lease, leaseUntil };
  changeSet.publication(publication);
  return changeSet.decide({ publication, rotation });
}

export interface ClaimedSink {
  readonly sink: string;
  readonly lease: string;
  readonly write: SinkWrite;
}

/** Claims every sink that is due for the password in service, each under a lease of its own. */
export function claimEverySink(
  aggregate: RotationAggregate,
  newLease: () => string,
  rules: RotationRules,
  now: number,
): RotationDecision<readonly ClaimedSink[]> {
  const claimed: ClaimedSink[] = [];
  const rotationId = currentRotation(aggregate)?.id;
  if (rotationId === undefined) return noChange(claimed);
  let decision: RotationDecision<readonly ClaimedSink[]> = noChange(claimed);
  for (const { sink } of duePublications(aggregate, rules, now)) {
    decision = andThen(aggregate, decision, (next) => {
      const lease = newLease();
      // The sink was not compared yet: it may have to be written.
      const wish = { sink, rotationId, lease, differs: true };
      const { changes, answer: write } = claimPublication(next, wish, rules, now);
      if (write !== null) claimed.push({ sink, lease, write });
      return { changes, answer: claimed };
    });
  }
  return decision;
}

/** The result of a try: the sink holds the password and its hook has run, or what went wrong. */
export type SinkWriteOutcome =
  | { readonly ok: true; readonly wrote: boolean; readonly readBack: boolean; readonly output: string }
  | {
      readonly ok: false;
      readonly fault: string;
      readonly output: string;
      /** Why the sink was deliberately left as it is; absent when it could not be written. */
      readonly left?: 'newer' | 'unproven';
    };

/**
 * Records the result of a claim. When the claim was taken over, or a newer password entered service meanwhile, that one is
 * due again in its sink.
 */
export function settlePublication(
  aggregate: RotationAggregate,
  result: { readonly sink: string; readonly lease: string; readonly outcome: SinkWriteOutcome },
  rules: RotationRules,
  now: number,
): RotationDecision<'done' | 'later' | 'not-ours'> {
  const { sink, lease, outcome } = result;
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const rotation = currentRotation(aggregate);
  const mine = aggregate.publications.find((one) => one.stage === 'claimed' && one.lease === lease);
  if (mine === undefined || rotation === null || mine.rotationId !== rotation.id) {
    if (mine !== undefined) changeSet.publication({ ...mine, stage: 'superseded', ...NOT_LEASED });
    // An older password may have been written after the newer one.
    const newer = aggregate.publications.find((one) => one.rotationId === rotation?.id && one.sink === sink);
    if (newer !== undefined && newer.stage !== 'claimed' && newer.byHand === null) {
      changeSet.publication({ ...newer, stage: 'due', nextAt: now, tries: 0 });
    }
    return changeSet.decide('not-ours');
  }
  const settled: Publication = { ...mine, ...NOT_LEASED };
  const detail = outcome.output === '' ? null : outcome.output;
  if (!outcome.ok) {
    fail(changeSet, settled, rotation, outcome, rules);
    return changeSet.decide('later');
  }
  const { readBack } = outcome;
  const check = outcome.wrote
    ? readBack
      ? 'written and read back'
      : 'handed over, not read back'
    : 'there already';
  changeSet.audit('published', rotation, { sink: mine.sink, check, detail });
  const done: Publication = { ...settled, stage: 'done', touched: false, fault: null, readBack };
  publishedIn(changeSet, rotation, done, rules);
  return changeSet.decide('done');
}

function fail(
  changeSet: ChangeSetBuilder,
  mine: Publication,
  rotation: Rotation,
  { fault, output, left }: Extract<SinkWriteOutcome, { ok: false }>,
  rules: RotationRules,
): void {
  const detail = output === '' ? null : output;
  const tries = mine.tries + 1;
  const wait = waitAfter(rules.publishWaits, tries) ?? 60_000;
  changeSet.publication({ ...mine, stage: 'due', tries, nextAt: changeSet.now + wait, fault });
  if (fault !== mine.fault || tries % 50 === 0) {
    changeSet.audit('not published', rotation, { sink: mine.sink, check: fault, detail });
  }
  const alarm = [`${rotation.id}/${mine.sink}`, { sink: mine.sink, detail: fault }] as const;
  // The same id is sent once. A newer version does not go away by itself, so that alarm does not wait for further tries.
  if (left === 'newer') changeSet.alarm('sink-newer', ...alarm);
  else if (left === 'unproven' && tries >= TRIES_BEFORE_ALARM) changeSet.alarm('sink-kept', ...alarm);
  else if (tries === TRIES_BEFORE_ALARM) changeSet.alarm('publication-stuck', ...alarm);
}

/**
 * Compares the configured sinks with those that hold the password in service: new ones become due, removed ones are no longer waited
 * for, and one whose kind was changed goes the way of its kind. `all` makes every one due again, where a person types it in only with
 * `askAgain`. Returns how many became due.
 */
export function reconcile(
  aggregate: RotationAggregate,
  { all, askAgain = false }: { readonly all: boolean; readonly askAgain?: boolean },
  rules: RotationRules,
  now: number,
): RotationDecision<number> {
  const rotation = currentRotation(aggregate);
  if (rotation === null || rotation.credential === null) return noChange(0);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const places = rules.sinksOf(aggregate.user);
  const mine = aggregate.publications.filter((one) => one.rotationId === rotation.id);
  const isIdle = ({ stage, leaseUntil }: Publication) =>
    ['due', 'asked'].includes(stage) ||
    (stage === 'claimed' && leaseOver(leaseUntil, now, rules.publishLease));
  const due = places.filter((place) => {
    const one = mine.find(({ sink }) => sink === place.name);
    if (one === undefined || (isIdle(one) && !isSamePlace(one, place))) return true;
    return all && one.stage !== 'claimed' && (place.byHand === null || (askAgain && one.stage !== 'asked'));
  });
  const isDue = ({ sink }: Publication) => due.some(({ name }) => name === sink);
  const gone = mine.filter((one) => isIdle(one) && !places.some(({ name }) => name === one.sink));
  for (const place of due) {
    const before = mine.find(({ sink }) => sink === place.name);
    const { stage, byHand, claimedAt, nextAt } = duePublication(rotation.id, place, now);
    const again = before && { ...before, stage, byHand, claimedAt, nextAt, ...NOT_LEASED };
    changeSet.publication(again ?? duePublication(rotation.id, place, now));
  }
  const kept = mine.filter((one) => !gone.includes(one));
  // Nobody waits any more for what cannot be said.
  const canSay = places.flatMap(({ name, adoption }) => (adoption === null ? [] : [name]));
  const unawaited = kept.filter((one) => one.isLate && !isDue(one) && !canSay.includes(one.sink));
  for (const one of unawaited) changeSet.publication({ ...one, isLate: false });
  for (const one of gone) changeSet.publication({ ...one, stage: 'superseded' });
  const waiting = due.length + kept.filter((one) => one.stage !== 'done' && !isDue(one)).length;
  if (rotation.stage === 'publishing' && waiting === 0) published(changeSet, rotation, rules, kept);
  if (due.length + gone.length + unawaited.length === 0 && (rotation.stage !== 'publishing' || waiting > 0))
    return noChange(0);
  return changeSet.decide(due.length);
}

/** Whether a publication goes the way of its sink as it is set up now. */
function isSamePlace({ byHand: before }: Publication, { byHand: now }: SinkPlace): boolean {
  return before?.product === now?.product && before?.place === now?.place;
}
