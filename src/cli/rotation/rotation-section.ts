// The rotations of a technical user as `releve show` tells them: each password's way, the sinks, and what is tried next.
import {
  type HandoverBasis,
  NOTHING_WRITTEN,
  newestFirst,
  sinksOf,
} from '../../content/terminal/account-facts.ts';
import { adoptionWords } from '../../content/terminal/adoption-words.ts';
import { nextCheckWords, parisTime, type TableFit, tableWithin } from '../../content/terminal/formats.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import { recentFailures } from '../../domain/rotation/call-budget.ts';
import { isEnrolment } from '../../domain/rotation/enrol.ts';
import { currentRotation, type Rotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { causeLine } from '../../domain/verification/verdict.ts';

/** For people; empty when nothing was ever submitted or announced. */
export function handoverText(
  aggregate: RotationAggregate,
  { budget, next, now, ...fit }: HandoverBasis & TableFit,
): string {
  if (aggregate.rotations.length === 0) return '';
  const rows = newestFirst(aggregate).map((one) => [
    parisTime(one.receivedAt),
    // What was enrolled and did not come into service was never withdrawn by anybody.
    isEnrolment(one) ? 'enrolment' : `${one.stage}${one.standing === 'none' ? '' : ` (${one.standing})`}`,
    rotationWords(one, next),
  ]);
  const current = currentRotation(aggregate)?.id;
  const mine = aggregate.publications.filter(({ rotationId }) => rotationId === current);
  const adoptions = new Map(mine.map((one) => [one.sink, adoptionWords(one)]));
  const sinks = sinksOf(aggregate, NOTHING_WRITTEN).map((one) => {
    const hold = aggregate.holds.find(({ sink }) => sink === one.sink);
    const again = one.nextTryAt === null ? '' : `next try at ${parisTime(one.nextTryAt)}`;
    const adoption = adoptions.get(one.sink) ?? null;
    return [one.sink, sentence([one.state, one.fault, again, adoption, holdWords(hold)])];
  });
  // Before any password is in service, a connector may have been told to hold all the same.
  const others = aggregate.holds
    .filter(({ sink }) => !sinks.some(([name]) => name === sink))
    .map((hold) => [hold.sink, holdWords(hold)]);
  const places = [...sinks, ...others];
  const failures = recentFailures(aggregate.attempts, { budget }, now).length;
  return [
    `Handovers\n${tableWithin(['received', 'stage', 'what is known'], rows, fit)}`,
    places.length === 0 ? '' : `Sinks\n${tableWithin([], places, fit)}`,
    `Failures at Chorus Pro lately: ${failures} of ${budget.failures} in ${budget.per / 60_000} minutes`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

const sentence = (parts: readonly (string | null)[]) =>
  parts.filter((part) => part !== null && part !== '').join('; ');

function rotationWords(one: Rotation, next: NextCheck): string {
  const at = (label: string, instant: number | null) =>
    instant === null ? null : `${label} ${parisTime(instant)}`;
  return sentence([
    one.version === null ? null : `version ${one.version}`,
    one.by === null ? null : `by ${one.by}, ${one.channel}`,
    [proofWords(one), at('at', one.acceptedAt)].filter(Boolean).join(' '),
    at('published', one.publishedAt),
    at('ended', one.endedAt),
    nextWords(one, next),
  ]);
}

function proofWords({ proven, refusals, cause }: Rotation): string {
  if (proven !== null) return PROVEN[proven];
  if (refusals > 0) return `refused ${refusals === 1 ? 'once' : `${refusals} times`}`;
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
  return stage === 'candidate' && words !== '' ? `next question ${words}${inService}` : '';
}

function holdWords(hold: RotationAggregate['holds'][number] | undefined): string {
  if (hold === undefined) return '';
  const since = hold.appliedAt === null ? '' : ` since ${parisTime(hold.appliedAt)}`;
  if (hold.wanted !== hold.applied) {
    const why = hold.fault === null ? '' : `, and could not be: ${hold.fault}`;
    return `its connector is to be told to ${hold.wanted ? 'hold its calls' : 'go on'}${why}`;
  }
  return hold.applied ? `its connector holds its calls${since}` : 'its connector goes on';
}
