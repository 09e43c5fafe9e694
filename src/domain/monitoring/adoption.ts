// Decides the adoption of a password: each connector says for itself that it uses it, and one that does not in time is told once.
import { ChangeSetBuilder, noChange } from '../rotation/change-set.ts';
import { isUnprovenInDoubt } from '../rotation/may-ask.ts';
import {
  currentRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from '../rotation/rotation.ts';
import type { RotationRules } from '../rotation/rotation-rules.ts';

/** A connector's report: the version that it uses, the token by which it says so, and the sink that it reads, where it names one. */
export interface AdoptionReport {
  readonly version: number;
  readonly who: string;
  readonly connector: string | null;
}

export type AdoptionResult = 'adopted' | 'other-version' | 'unknown-connector';

/**
 * Notes a report. One that names no connector is of the only one of the account, or of none in particular. The rotation is adopted once
 * each connector that can say so has said so, and by any report where none can. A report vouches for a password that nobody else has proven.
 */
export function adopt(
  aggregate: RotationAggregate,
  { version, who, connector }: AdoptionReport,
  rules: RotationRules,
  now: number,
): RotationDecision<AdoptionResult> {
  const rotation = currentRotation(aggregate);
  const sinks = rules.sinksOf(aggregate.user);
  if (connector !== null && !sinks.some(({ name }) => name === connector))
    return noChange('unknown-connector');
  if (rotation === null || rotation.version !== version) return noChange('other-version');
  const known = aggregate.publications.filter(
    ({ rotationId, stage, sink }) =>
      rotationId === rotation.id && stage !== 'superseded' && sinks.some(({ name }) => name === sink),
  );
  const named = connector ?? (known.length === 1 ? known[0]?.sink : null);
  const mine = known.find(({ sink }) => sink === named) ?? null;
  const isNew = mine !== null && mine.adoptedAt === null;
  const isOpen = rotation.stage === 'publishing' || rotation.stage === 'published';
  if (!isNew && !isOpen) return noChange('adopted');
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (isNew)
    changeSet.publication({ ...mine, adoptedAt: now, adoptedBy: who, adoptUntil: null, isLate: false });
  const canSay = new Set(sinks.filter(({ adoption }) => adoption !== null).map(({ name }) => name));
  const lacking = known.filter(
    ({ sink, adoptedAt }) => canSay.has(sink) && adoptedAt === null && sink !== mine?.sink,
  );
  // A report of none in particular does not say which of those that can say so it is of.
  const isWhole = lacking.length === 0;
  const reported = isOpen ? vouchedFor(changeSet, rotation, isWhole) : rotation;
  const sink = mine?.sink ?? null;
  changeSet.audit('adopted', reported, { who, channel: 'api', sink, detail: `version ${version}` });
  return changeSet.decide('adopted');
}

/** The rotation after a report: adopted by it where it is published and nothing else is waited for. */
function vouchedFor(changeSet: ChangeSetBuilder, rotation: Rotation, isWhole: boolean): Rotation {
  // While others wait beside it, Chorus Pro decides: the connector's use of it does not show that it was accepted.
  const vouches = rotation.proven === 'unverified' && !isUnprovenInDoubt(changeSet.aggregate);
  if (vouches) changeSet.spendLinks();
  const proven = vouches ? 'connector' : rotation.proven;
  // While other sinks still lack it, it keeps its stage; the adoption itself is in the audit trail.
  const stage = rotation.stage === 'published' && isWhole ? 'adopted' : rotation.stage;
  return changeSet.put(rotation, { proven, stage });
}

/** Tells, once for each, the connectors that hold the password in service and did not say in time that they use it. */
export function reportLateAdoptions(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
): RotationDecision<number> {
  const due = aggregate.publications.filter(({ adoptUntil }) => adoptUntil !== null && adoptUntil <= now);
  if (due.length === 0) return noChange(0);
  const current = currentRotation(aggregate);
  const sinks = rules.sinksOf(aggregate.user);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  for (const one of due) {
    const sink = sinks.find(({ name }) => name === one.sink);
    const isLate =
      one.rotationId === current?.id && one.stage === 'done' && (sink?.adoption ?? null) !== null;
    changeSet.publication({ ...one, adoptUntil: null, isLate });
    if (!isLate || sink === undefined || current === null) continue;
    const detail = [sink.product, sink.place, `version ${current.version}`].filter((part) => part !== null);
    changeSet.alarm('not-adopted', `${current.id}/${one.sink}`, {
      sink: one.sink,
      detail: detail.join(', '),
    });
    changeSet.audit('not adopted', current, { sink: one.sink, detail: `version ${current.version}` });
  }
  return changeSet.decide(due.length);
}
