// The actions of an operator at the command line about a password, with the use cases that the daemon runs. What the verifier and
// the sinks answer meanwhile is recorded, so that a command can report it.
import type { Environment, TechnicalUser, ValidityRules } from '../../domain/account/technical-user.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import type { ListedPassword } from '../../domain/parsing/password-list.ts';
import { connectorStopped } from '../../domain/rotation/all-refused.ts';
import { acceptUnproven } from '../../domain/rotation/apply-verdict.ts';
import { noChange } from '../../domain/rotation/change-set.ts';
import { reconcile } from '../../domain/rotation/publication.ts';
import { type Actor, announce, withdraw } from '../../domain/rotation/receive.ts';
import {
  currentRotation,
  findOpenRotation,
  hasCome,
  type Rotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { poll } from '../../foundation/loop.ts';
import { type AccountSource, findAccount, findLogin } from '../registry/find-account.ts';
import { advanceRotation } from './advance-rotation.ts';
import { type EnrolmentReport, type EnrolmentRun, enrolAll } from './enrol-list.ts';
import { nextChecksOf } from './next-checks.ts';
import { aggregateOf, nowOf, type RotationPorts } from './rotation-ports.ts';
import { type IntakeResult, type Submission, submit } from './submit.ts';
import { type ClaimedCheck, claimRetry } from './verify.ts';

export interface OperatorParts extends AccountSource {
  readonly ports: RotationPorts;
  readonly validity: ValidityRules;
  pause(ms: number): Promise<unknown>;
}

/** The state after an action: the rotation that it was about (null for none), what was observed, the candidate's next check. */
export interface RotationSnapshot {
  readonly rotationId: string | null;
  readonly aggregate: RotationAggregate;
  readonly observations: Observations;
  readonly next: NextCheck;
}

/** A password as an operator submits it. */
export type OperatorSubmission = Pick<Submission, 'typed' | 'changedOn' | 'choice'> & {
  /** Puts it into service if Chorus Pro gives no answer; never one that it refused. */
  readonly acceptUnverified: boolean;
};

export type OperatorActions = ReturnType<typeof openOperatorActions>;

export function openOperatorActions(parts: OperatorParts, who: string) {
  const { ports } = parts;
  const { rotations, rules } = ports;
  const actor: Actor = { channel: 'command', by: who };
  const now = () => nowOf(ports);
  return {
    find: (typed: string, environment: Environment | null) => findAccount(parts, typed, environment),
    vault: () => ports.vault.state(),
    submit: (user: TechnicalUser, submission: OperatorSubmission) =>
      submitPassword(parts, user, submission, actor),
    /** The stored state; no check is made. */
    stand: async (user: TechnicalUser): Promise<RotationSnapshot> => {
      const aggregate = await aggregateOf(ports, user.id);
      const rotationId = findOpenRotation(aggregate)?.id ?? null;
      const { candidate: next } = await nextChecksOf(ports, aggregate);
      return { rotationId, aggregate, observations: NO_OBSERVATIONS, next };
    },
    /** Checks the candidate, if it may be checked now; `retried` says why not. */
    prove: async (user: TechnicalUser) => {
      const { retried, claimed } = await claimRetry(ports, user.id, actor);
      const open = findOpenRotation(await aggregateOf(ports, user.id));
      return { retried, ...(await follow(parts, user.id, open?.id ?? null, claimed)) };
    },
    /** Records that the operator stopped the connector. Returns the next check; null when nothing waits. */
    connectorStopped: async (user: TechnicalUser): Promise<NextCheck | null> => {
      const stop = (before: RotationAggregate) => connectorStopped(before, actor, rules, now());
      if ((await rotations.update(user.id, stop)) === null) return null;
      const aggregate = await aggregateOf(ports, user.id);
      const { candidate, inService } = await nextChecksOf(ports, aggregate);
      return findOpenRotation(aggregate) === null ? inService : candidate;
    },
    /** Puts the candidate into service without a proof; null when there is none. */
    acceptUnproven: async (user: TechnicalUser) => {
      const accepted = await acceptOne(parts, user.id, null, who);
      return accepted === null ? null : follow(parts, user.id, accepted.id);
    },
    /** `askAgain`: a person is asked again to type it in where that was done. */
    publish: (userId: number, how: { readonly askAgain: boolean }) => publishEverywhere(parts, userId, how),
    /** Enrols passwords that connectors use already. */
    enrol: (listed: readonly ListedPassword[], run: EnrolmentRun): Promise<EnrolmentReport> => {
      const publish = (userId: number) => publishEverywhere(parts, userId, { askAgain: false });
      return enrolAll({ ...parts, find: (...of) => findLogin(parts, ...of), publish }, listed, actor, run);
    },
    /** Technical users (ids) with a password of ours in service. */
    inService: () => rotations.inService(),
    announce: async (user: TechnicalUser) => {
      const id = ports.newId();
      const announced = await rotations.update(user.id, (aggregate) =>
        announce(aggregate, { actor, id }, rules, now()),
      );
      return { announced, ...(await follow(parts, user.id, null)) };
    },
    /** Withdraws the open rotation; `done` is false when there was none. */
    withdraw: async (user: TechnicalUser, why: string) => {
      const done = await rotations.update(user.id, (aggregate) => withdraw(aggregate, actor, why, now()));
      return { done, ...(await follow(parts, user.id, null)) };
    },
  };
}

/** Compares every sink with the password in service, and writes those that differ; null when there is none. */
async function publishEverywhere(
  parts: OperatorParts,
  userId: number,
  { askAgain }: { readonly askAgain: boolean },
): Promise<RotationSnapshot | null> {
  const { rotations, rules } = parts.ports;
  const current = currentRotation(await aggregateOf(parts.ports, userId));
  if (current === null || current.credential === null) return null;
  await rotations.update(userId, (aggregate) =>
    reconcile(aggregate, { all: true, askAgain }, rules, nowOf(parts.ports)),
  );
  return follow(parts, userId, current.id);
}

async function submitPassword(
  parts: OperatorParts,
  user: TechnicalUser,
  { acceptUnverified, ...submission }: OperatorSubmission,
  actor: Actor,
): Promise<Exclude<IntakeResult, { kind: 'taken' }> | ({ readonly kind: 'taken' } & RotationSnapshot)> {
  const full = { ...actor, ...submission, keepUnclear: false, claimsCheck: true };
  const taken = await submit(parts.ports, user, full);
  if (taken.kind !== 'taken') return taken;
  const { rotationId, claimed } = taken;
  const snapshot = await follow(parts, user.id, rotationId, claimed);
  const mine = findOpenRotation(snapshot.aggregate);
  const isUnanswered = mine?.id === rotationId && mine.stage === 'candidate' && mine.refusals === 0;
  if (!acceptUnverified || !isUnanswered) return { kind: 'taken', ...snapshot };
  await acceptOne(parts, user.id, rotationId, actor.by);
  return { kind: 'taken', ...(await follow(parts, user.id, rotationId)) };
}

/** Accepts the open rotation without a proof; if an id is given, only if it is that one. */
function acceptOne(
  { ports }: OperatorParts,
  userId: number,
  id: string | null,
  who: string,
): Promise<Rotation | null> {
  return ports.rotations.update(userId, (aggregate) =>
    id !== null && findOpenRotation(aggregate)?.id !== id
      ? noChange(null)
      : acceptUnproven(aggregate, who, ports.rules, nowOf(ports)),
  );
}

/**
 * Does all that is due until nothing is due any more, and waits for what a running daemon has under way. `claimed`: a check
 * that was claimed when the password was received.
 */
async function follow(
  parts: OperatorParts,
  userId: number,
  rotationId: string | null,
  claimed: ClaimedCheck | null = null,
): Promise<RotationSnapshot> {
  const { ports, observations } = recordOutcomes(parts.ports);
  const idle = await poll(async (isFirst) => {
    await advanceRotation(ports, userId, parts.validity, isFirst ? claimed : null);
    const aggregate = await aggregateOf(ports, userId);
    return isBusy(aggregate, ports) ? null : aggregate;
  }, parts.pause);
  const aggregate = idle ?? (await aggregateOf(ports, userId));
  const { candidate: next } = await nextChecksOf(ports, aggregate);
  return { rotationId, aggregate, observations, next };
}

/** Whether a daemon is working on it, or something is due now; of the sinks, only those of these settings count. */
function isBusy(aggregate: RotationAggregate, { sinks, clock }: RotationPorts): boolean {
  const now = clock.now().epochMilliseconds;
  const isOurs = ({ sink }: { readonly sink: string }) => sinks.some(({ name }) => name === sink);
  const open = findOpenRotation(aggregate);
  const current = currentRotation(aggregate);
  return (
    open?.stage === 'verifying' ||
    (open?.stage === 'candidate' && hasCome(open.nextTryAt, now)) ||
    aggregate.holds.some(
      (one) => isOurs(one) && one.byHand === null && one.wanted !== one.applied && hasCome(one.nextAt, now),
    ) ||
    aggregate.publications.some(
      (one) =>
        isOurs(one) &&
        one.rotationId === current?.id &&
        (one.stage === 'claimed' || (one.stage === 'due' && hasCome(one.nextAt, now))),
    )
  );
}

/** The results beyond what the aggregate stores. */
export interface Observations {
  /** Chorus Pro's answers, in order. */
  readonly verdicts: readonly Verdict[];
  /** The sinks that were written, because they differed. */
  readonly written: ReadonlySet<string>;
  /** The faults of failed hold calls, by sink. */
  readonly untold: ReadonlyMap<string, string>;
  /** What holds leave out, by sink. */
  readonly limits: ReadonlyMap<string, string>;
}

const NO_OBSERVATIONS: Observations = {
  ...{ verdicts: [], written: new Set(), untold: new Map(), limits: new Map() },
};

function recordOutcomes(ports: RotationPorts): {
  ports: RotationPorts;
  observations: Observations;
} {
  const verdicts: Verdict[] = [];
  const written = new Set<string>();
  const untold = new Map<string, string>();
  const limits = new Map(
    ports.sinks.flatMap(({ name, holdLimit }) =>
      holdLimit === undefined ? [] : [[name, holdLimit] as const],
    ),
  );
  const sinks = ports.sinks.map((sink): RotationPorts['sinks'][number] => ({
    ...sink,
    write: async (content) => {
      const worked = await sink.write(content);
      if (worked.ok) written.add(sink.name);
      return worked;
    },
    hold: async (account, wanted) => {
      const worked = await sink.hold(account, wanted);
      if (!worked.ok) untold.set(sink.name, worked.fault);
      return worked;
    },
  }));
  const verify: RotationPorts['verifier']['verify'] = async (...check) => {
    const verdict = await ports.verifier.verify(...check);
    verdicts.push(verdict);
    return verdict;
  };
  const observations = { verdicts, written, untold, limits };
  return { ports: { ...ports, sinks, verifier: { verify } }, observations };
}
