// Enrols one password that a connector uses already: it is proven, sealed and compared with the sinks; none of them is written here.
import type { TechnicalUser, ValidityRules } from '../../domain/account/technical-user.ts';
import {
  type AnsweredEnrolment,
  BUSY,
  type ComparedSink,
  claimEnrolment,
  type Enrolment,
  type EnrolmentClaim,
  type EnrolmentEnd,
  settleEnrolment,
} from '../../domain/rotation/enrol.ts';
import type { Actor } from '../../domain/rotation/receive.ts';
import { passwordFactsOf } from '../../domain/rotation/sink-content.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { poll } from '../../foundation/loop.ts';
import { recordPlatformAnswer } from '../monitoring/probe.ts';
import {
  fingerprintOf,
  logAnswer,
  nowOf,
  orFault,
  type RotationPorts,
  underLease,
} from './rotation-ports.ts';

export interface EnrolmentParts {
  readonly ports: RotationPorts;
  readonly validity: ValidityRules;
  pause(ms: number): Promise<unknown>;
}

/** The end of one enrolment; `sinks` as far as they were compared. */
export interface Enrolled {
  readonly end: EnrolmentEnd;
  readonly sinks: readonly ComparedSink[];
}

/** Enrols one password: claims, asks, compares, and applies the answer in one transaction. Throws VaultFault. */
export async function enrol(
  parts: EnrolmentParts,
  user: TechnicalUser,
  password: Secret,
  actor: Actor,
): Promise<Enrolled> {
  const { ports, validity } = parts;
  const { environment, login } = user;
  const credential = ports.newId();
  const enrolment: Enrolment = {
    ...actor,
    id: ports.newId(),
    lease: ports.newId(),
    fingerprint: await fingerprintOf(ports, user, password),
  };
  const sealed = ports.vault.seal({ environment, login, credential }, password);
  const claim = await claimed(parts, user, enrolment);
  if (claim.kind === 'in-service')
    return { end: claim, sinks: await compareSinks(ports, user, password, validity) };
  if (claim.kind !== 'claimed' && claim.kind !== 'trusted') return { end: claim, sinks: [] };
  const verdict = claim.kind === 'trusted' ? null : await ask(ports, user, password, enrolment.lease);
  const isGood = verdict === null || verdict.kind === 'accepted';
  const sinks = isGood ? await compareSinks(ports, user, password, validity) : [];
  const answered: AnsweredEnrolment = { ...enrolment, verdict, credential, sealed, sinks };
  const end = await ports.rotations.update(user.id, (aggregate) =>
    settleEnrolment(aggregate, answered, ports.rules, nowOf(ports)),
  );
  if (verdict !== null) await recordPlatformAnswer(ports, { environment, userId: user.id, verdict });
  return { end, sinks };
}

/** Claims the check; while another process, or one that crashed, has it under its lease, it is waited for. */
async function claimed(
  { ports, pause }: EnrolmentParts,
  { id }: TechnicalUser,
  enrolment: Enrolment,
): Promise<EnrolmentClaim> {
  let last: EnrolmentClaim = BUSY;
  const look = async () => {
    last = await ports.rotations.update(id, (aggregate) =>
      claimEnrolment(aggregate, enrolment, ports.rules, nowOf(ports)),
    );
    return last.kind === 'later' && last.why === 'busy' ? null : last;
  };
  // A lease lasts as long as one poll: the second one sees its end.
  return (await poll(look, pause)) ?? (await poll(look, pause)) ?? last;
}

async function ask(
  ports: RotationPorts,
  { id, environment, login }: TechnicalUser,
  password: Secret,
  lease: string,
): Promise<Verdict> {
  const verdict = await underLease(ports, id, lease, () =>
    ports.verifier.verify(environment, login, password, { background: false }),
  );
  const isGood = verdict.kind === 'accepted';
  logAnswer(ports.logger, { userId: id }, `enrolment ${verdict.kind}`, { verdict, isGood });
  return verdict;
}

/** Reads every sink that serves the account; none is written. */
function compareSinks(
  ports: RotationPorts,
  user: TechnicalUser,
  password: Secret,
  validity: ValidityRules,
): Promise<readonly ComparedSink[]> {
  const content = { ...passwordFactsOf(user, validity), password };
  const serving = ports.sinks.filter((sink) => sink.serves(user));
  return Promise.all(
    serving.map(async (sink) => {
      const where = { userId: user.id, sink: sink.name };
      const found = await orFault(ports.logger, where, () => sink.compare(content));
      return { sink: sink.name, found, isTyped: sink.byHand !== null };
    }),
  );
}
