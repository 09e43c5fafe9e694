// The facts of one account for programs, as `releve show --json` and the API for tools give them: instants as ISO texts, null where
// something does not apply; nothing of a password, neither sealed nor as a fingerprint.
import {
  type Environment,
  standingAnswer,
  type TechnicalUser,
  type Validity,
} from '../../domain/account/technical-user.ts';
import { type NextCheck, NO_CHECK } from '../../domain/monitoring/next-check.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import type { AccountStatus } from '../../domain/reminder/account-status.ts';
import { recentFailures } from '../../domain/rotation/call-budget.ts';
import type { Health } from '../../domain/rotation/health.ts';
import { compareRights } from '../../domain/rotation/rights-difference.ts';
import {
  currentHealth,
  currentRotation,
  type Publication,
  type Rotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import type { RotationRules } from '../../domain/rotation/rotation-rules.ts';
import { isoTime } from './formats.ts';

interface DateRules {
  readonly validity: Readonly<Record<Environment, Validity>>;
}

/** Durations of a technical user's own, or its environment's. */
export function validityOf(user: TechnicalUser, rules: DateRules) {
  const common = rules.validity[user.environment];
  return {
    workTowards: String(user.validity.workTowards ?? common.workTowards),
    latest: String(user.validity.latest ?? common.latest),
    own: user.validity.workTowards !== undefined || user.validity.latest !== undefined,
  };
}

/** The dates of the password in service. */
export function datesForPrograms(
  { user, status }: { readonly user: TechnicalUser; readonly status: AccountStatus },
  rules: DateRules,
) {
  return {
    version: user.version,
    changedOn: user.facts.changedOn?.toString() ?? null,
    portalOn: user.facts.portalOn?.toString() ?? null,
    latestOn: status.expiry.latest?.toString() ?? null,
    nextStepOn: status.nextStepOn?.toString() ?? null,
    validity: validityOf(user, rules),
  };
}

export function answerForPrograms(user: TechnicalUser) {
  const answer = standingAnswer(user);
  return answer === null ? null : { kind: answer.kind, day: answer.day, at: isoTime(answer.at) };
}

/** For programs: instants as ISO texts; null where no password of ours is in service, or nothing is known of it yet. */
export function healthForPrograms(aggregate: RotationAggregate, next: NextCheck) {
  const health = currentHealth(aggregate);
  return health === null ? null : healthFacts(aggregate.user, health, next);
}

/** The facts of `healthForPrograms`. */
export function healthFacts(
  account: Pick<TechnicalUser, 'home' | 'further'>,
  health: Health,
  next: NextCheck,
) {
  const { unregistered, missing } = compareRights(account, health.structures);
  return {
    state: health.state,
    workedAt: isoTime(health.workedAt),
    askedAt: isoTime(health.askedAt),
    nextAt: isoTime(next.at),
    waits: next.waits,
    wanted: health.wanted,
    refusals: health.refusals,
    refusedAt: isoTime(health.refusedAt),
    unanswered: health.unanswered,
    unansweredSince: isoTime(health.unansweredSince),
    cause: health.cause,
    evidence: health.evidence,
    entitled: health.entitled,
    structures: health.structures,
    unregistered,
    missing,
    workedPast: health.workedPast,
  };
}

/** A sink and the password in service. */
export interface SinkStatus {
  readonly sink: string;
  /**
   * `handed over, not read back`: its command said that it took it, and has no check. `left as it is`: it holds something else since the
   * password was enrolled; releve publish writes it.
   */
  readonly state:
    | 'holds it'
    | 'handed over, not read back'
    | 'typed in by hand'
    | 'waits for a person to type it in'
    | 'being written'
    | 'due'
    | 'failed'
    | 'left as it is';
  /** Whether it was written now; else it held it already, or does not yet. */
  readonly wrote: boolean;
  readonly fault: string | null;
  /** Instant in ms. */
  readonly nextTryAt: number | null;
}

/** Into which sinks this process wrote. */
interface Observed {
  readonly written: ReadonlySet<string>;
}

export const NOTHING_WRITTEN = { written: new Set<string>() };

/** The newest first; an announcement counts from when it ends. */
export function newestFirst({ rotations }: RotationAggregate): readonly Rotation[] {
  const since = ({ receivedAt, announcedUntil }: Rotation) => receivedAt ?? announcedUntil ?? 0;
  return [...rotations].sort((a, b) => since(b) - since(a));
}

/** By what the rotations are told: the budget of failures, the next check of the candidate, and the instant (ms). */
export interface HandoverBasis {
  readonly budget: RotationRules['budget'];
  readonly next: NextCheck;
  readonly now: number;
}

/** The sinks of the password in service, by name. */
export function sinksOf(aggregate: RotationAggregate, observations: Observed): readonly SinkStatus[] {
  const current = currentRotation(aggregate);
  return aggregate.publications
    .filter(({ rotationId, stage }) => rotationId === current?.id && stage !== 'superseded')
    .map((one) => sinkStatusOf(one, observations))
    .sort((a, b) => (a.sink < b.sink ? -1 : 1));
}

/** The stand of one publication of the password in service. */
export function sinkStatusOf(
  {
    sink,
    stage,
    fault,
    nextAt,
    readBack,
    claimedAt,
  }: Pick<Publication, 'sink' | 'stage' | 'fault' | 'nextAt' | 'readBack' | 'claimedAt'>,
  { written }: Observed = NOTHING_WRITTEN,
): SinkStatus {
  const wrote = written.has(sink);
  if (stage === 'done') {
    const unread = claimedAt === null ? 'handed over, not read back' : 'typed in by hand';
    const state = readBack === false ? unread : 'holds it';
    return { sink, state, wrote, fault: null, nextTryAt: null };
  }
  if (stage === 'left') return { sink, state: 'left as it is', wrote, fault, nextTryAt: null };
  if (stage === 'asked')
    return { sink, state: 'waits for a person to type it in', wrote, fault: null, nextTryAt: null };
  if (stage === 'claimed') return { sink, state: 'being written', wrote, fault, nextTryAt: null };
  return { sink, state: fault === null ? 'due' : 'failed', wrote, fault, nextTryAt: nextAt };
}

export function isEverywhere(sinks: readonly SinkStatus[]): boolean {
  return sinks.every(({ state }) =>
    ['holds it', 'handed over, not read back', 'typed in by hand'].includes(state),
  );
}

export function sinkForPrograms(stand: SinkStatus) {
  return { ...stand, nextTryAt: isoTime(stand.nextTryAt) };
}

/** For programs: instants as ISO texts; nothing of a password, neither sealed nor as a fingerprint. */
export function handoverForPrograms(aggregate: RotationAggregate, { budget, next, now }: HandoverBasis) {
  const nextOf = ({ stage }: Rotation) => (stage === 'candidate' ? next : NO_CHECK);
  return {
    inService: currentRotation(aggregate)?.version ?? null,
    rotations: newestFirst(aggregate).map((one) => ({
      id: one.id,
      stage: one.stage,
      standing: one.standing,
      proven: one.proven,
      version: one.version,
      channel: one.channel,
      by: one.by,
      announcedUntil: isoTime(one.announcedUntil),
      receivedAt: isoTime(one.receivedAt),
      acceptedAt: isoTime(one.acceptedAt),
      publishedAt: isoTime(one.publishedAt),
      endedAt: isoTime(one.endedAt),
      refusals: one.refusals,
      cause: one.cause,
      formerWorks: one.currentStillWorks,
      bothRefusedSince: isoTime(one.bothRefusedSince),
      nextTryAt: isoTime(nextOf(one).at),
      waits: nextOf(one).waits,
    })),
    sinks: sinksOf(aggregate, NOTHING_WRITTEN).map((stand) => {
      const { wrote: _, ...rest } = sinkForPrograms(stand);
      return rest;
    }),
    holds: aggregate.holds.map(({ sink, wanted, applied, appliedAt }) => ({
      sink,
      wanted,
      applied,
      since: isoTime(appliedAt),
    })),
    failures: {
      lately: recentFailures(aggregate.attempts, { budget }, now).length,
      allowed: budget.failures,
      withinMs: budget.per,
    },
  };
}

/** A task, as it was opened, and whom it is about now. */
export function taskFacts({ task, user }: TaskWithUser) {
  const { number, kind, forWhom, since, facts } = task;
  return {
    number,
    kind,
    login: user.login,
    environment: user.environment,
    siret: user.home.siret,
    structure: user.home.name,
    structurePhone: user.home.phone,
    person: user.principal?.name ?? null,
    phone: user.principal?.phone ?? null,
    forWhom,
    since: isoTime(since),
    deadline: facts.deadline,
    day: facts.day,
    text: facts.text,
    product: facts.product ?? null,
  };
}
