// The rotations of a technical user as `releve show` tells them: each password's way, the sinks, and what is tried next.
import {
  type HandoverBasis,
  NOTHING_WRITTEN,
  newestFirst,
  sinksOf,
} from '../../content/terminal/account-facts.ts';
import { nextCheckWords, parisTime, table } from '../../content/terminal/formats.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import { recentFailures } from '../../domain/rotation/call-budget.ts';
import { isEnrolment } from '../../domain/rotation/enrol.ts';
import type { Rotation, RotationAggregate } from '../../domain/rotation/rotation.ts';
import { causeLine } from '../../domain/verification/verdict.ts';

/** For people; empty when nothing was ever submitted or announced. */
export function handoverText(aggregate: RotationAggregate, { budget, next, now }: HandoverBasis): string {
  if (aggregate.rotations.length === 0) return '';
  const rotations = table(
    ['received', 'by', 'stage', 'version', 'proof', 'accepted', 'published', 'ended', 'next'],
    newestFirst(aggregate).map((one) => rotationRow(one, next)),
  );
  const sinks = sinksOf(aggregate, NOTHING_WRITTEN).map((one) => {
    const hold = aggregate.holds.find(({ sink }) => sink === one.sink);
    return [one.sink, one.state, holdWords(hold), one.fault, parisTime(one.nextTryAt)];
  });
  // Before any password is in service, a connector may have been told to hold all the same.
  const others = aggregate.holds
    .filter(({ sink }) => !sinks.some(([name]) => name === sink))
    .map((hold) => [hold.sink, '', holdWords(hold), null, '']);
  const places = [...sinks, ...others];
  const failures = recentFailures(aggregate.attempts, { budget }, now).length;
  return [
    `Handovers\n${rotations}`,
    places.length === 0
      ? ''
      : `Sinks\n${table(['sink', 'password', 'its connector', 'fault', 'next try'], places)}`,
    `Failures at Chorus Pro lately: ${failures} of ${budget.failures} in ${budget.per / 60_000} minutes`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function rotationRow(one: Rotation, next: NextCheck): readonly (string | number | null)[] {
  const standing = one.standing === 'none' ? '' : ` (${one.standing})`;
  return [
    parisTime(one.receivedAt),
    one.by === null ? null : `${one.by}, ${one.channel}`,
    // What was enrolled and did not come into service was never withdrawn by anybody.
    isEnrolment(one) ? 'enrolment' : `${one.stage}${standing}`,
    one.version,
    proofWords(one),
    parisTime(one.acceptedAt),
    parisTime(one.publishedAt),
    parisTime(one.endedAt),
    nextWords(one, next),
  ];
}

function proofWords({ proven, refusals, cause }: Rotation): string {
  if (proven !== null) return PROVEN[proven];
  if (refusals > 0) return `refused ${refusals} time(s)`;
  return cause === null ? '' : (causeLine(cause).split(';')[0] ?? '');
}

const PROVEN = {
  'chorus-pro': 'accepted by Chorus Pro',
  unverified: 'unproven',
  connector: 'vouched for by the connector',
};

function nextWords(
  { stage, announcedUntil, currentStillWorks, bothRefusedSince }: Rotation,
  next: NextCheck,
): string {
  if (stage === 'announced') return `announced until ${parisTime(announcedUntil)}`;
  if (stage === 'unclear') return 'a choice is waited for';
  const inService =
    currentStillWorks === true
      ? '; the former one works still'
      : bothRefusedSince === null
        ? ''
        : '; the former one is refused too';
  const words = nextCheckWords(next);
  return stage === 'candidate' && words !== '' ? `asked ${words}${inService}` : '';
}

function holdWords(hold: RotationAggregate['holds'][number] | undefined): string {
  if (hold === undefined) return '';
  if (hold.wanted !== hold.applied) return hold.wanted ? 'to be told to hold' : 'to be told to go on';
  if (!hold.applied) return 'goes on';
  return hold.appliedAt === null ? 'holds its calls' : `holds its calls since ${parisTime(hold.appliedAt)}`;
}
