// Enrols a list of passwords, line by line, and tells what became of each; sinks that differ are written only where that is wished.
//
// Invariant: one at a time, and no further one after three refusals in a row, or three calls in a row without an answer: a wrong
// list then costs three failures, and an outage costs no afternoon.
import type { Environment, TechnicalUser } from '../../domain/account/technical-user.ts';
import type { ListedPassword } from '../../domain/parsing/password-list.ts';
import { type ComparedSink, type EnrolmentEnd, leftWords } from '../../domain/rotation/enrol.ts';
import type { BlockReason } from '../../domain/rotation/may-ask.ts';
import type { Actor } from '../../domain/rotation/receive.ts';
import { currentRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { parseSubmission } from '../../domain/submission/parse-submission.ts';
import type { SubmissionFinding } from '../../domain/submission/submission.ts';
import type { Cause } from '../../domain/verification/verdict.ts';
import { type EnrolmentParts, enrol } from './enrol.ts';
import { aggregateOf, vaultFault } from './rotation-ports.ts';

/**
 * What became of a line. Beside the ends of an enrolment: `no-password`: it cannot be the password. `later`: the account may
 * not be asked about now. `not-asked`: the run ended before it. `unknown`, `both`, `retired`: there is no such account, one in each
 * environment, or it is out of use. `malformed`: the line cannot be read.
 */
export type EnrolmentOutcome =
  | EnrolmentEnd['kind']
  | 'no-password'
  | 'not-asked'
  | 'unknown'
  | 'both'
  | 'retired'
  | 'malformed';

/** What a sink holds beside the password in service; `fault` says what differs, or why it could not be compared or written. */
interface EnrolledSink {
  readonly sink: string;
  readonly state: 'holds it' | 'typed in by hand' | 'differs' | 'written' | 'handed over, not read back';
  readonly fault: string | null;
}

/** A line and what became of it. No word of a line that names no account of ours is kept: it may be a password. */
export interface EnrolledLine {
  readonly line: number;
  readonly login: string | null;
  readonly environment: Environment | null;
  readonly outcome: EnrolmentOutcome;
  /** Whether Chorus Pro vouches for it; false where it was taken as received. Null where it is not in service. */
  readonly proven: boolean | null;
  readonly findings: readonly SubmissionFinding[];
  readonly cause: Cause | null;
  readonly why: BlockReason | null;
  /** When (ms) the account may be asked about. */
  readonly until: number | null;
  readonly fault: string | null;
  readonly sinks: readonly EnrolledSink[];
}

export interface ListParts extends EnrolmentParts {
  find(
    login: string,
    environment: Environment | null,
  ): Promise<
    { readonly kind: 'unknown' | 'both' } | { readonly kind: 'found'; readonly user: TechnicalUser }
  >;
  /** Writes what differs. */
  publish(userId: number): Promise<unknown>;
}

/** How a list is enrolled. `write`: sinks that differ are written. */
export interface EnrolmentRun {
  readonly write: boolean;
  progress(done: number, total: number): void;
}

/** The lines in their order, or why no password can be received. */
export type EnrolmentReport =
  | { readonly kind: 'shut'; readonly reason: string }
  | { readonly kind: 'enrolled'; readonly lines: readonly EnrolledLine[] };

/** So many refusals in a row, or calls in a row without an answer, end the run. */
const MOST_IN_A_ROW = 3;

/** Enrols a list, line by line. A line that was not done may be handed in again: what is done already stays as it is. */
export async function enrolAll(
  parts: ListParts,
  listed: readonly ListedPassword[],
  actor: Actor,
  { write, progress }: EnrolmentRun,
): Promise<EnrolmentReport> {
  const reason = await vaultFault(parts.ports);
  if (reason !== null) return { kind: 'shut', reason };
  const lines: EnrolledLine[] = [];
  let [refusals, unanswered] = [0, 0];
  for (const one of listed) {
    progress(lines.length, listed.length);
    const isOver = refusals >= MOST_IN_A_ROW || unanswered >= MOST_IN_A_ROW;
    const done = await enrolLine(parts, one, actor, { write, isOver });
    lines.push(done);
    if (done.outcome === 'refused') refusals += 1;
    if (done.outcome === 'no-answer') unanswered += 1;
    if (done.outcome === 'enrolled') refusals = 0;
    if (done.outcome === 'enrolled' || done.outcome === 'refused') unanswered = 0;
  }
  return { kind: 'enrolled', lines };
}

const NOTHING = {
  ...{ login: null, environment: null, proven: null, findings: [], sinks: [] },
  ...{ cause: null, why: null, until: null, fault: null },
} as const;

async function enrolLine(
  parts: ListParts,
  listed: ListedPassword,
  actor: Actor,
  { write, isOver }: { readonly write: boolean; readonly isOver: boolean },
): Promise<EnrolledLine> {
  const nothing = { ...NOTHING, line: listed.line };
  if ('fault' in listed) return { ...nothing, outcome: 'malformed', fault: listed.fault };
  const found = await parts.find(listed.login, listed.environment);
  if (found.kind !== 'found') return { ...nothing, outcome: found.kind };
  const { user } = found;
  const named = { ...nothing, login: user.login, environment: user.environment };
  if (user.retired) return { ...named, outcome: 'retired' };
  if (isOver) return { ...named, outcome: 'not-asked' };
  const today = parisDay(parts.ports.clock.now());
  const typed = { password: listed.password, login: '', expiry: '' };
  const read = parseSubmission(typed, { login: user.login, today, structure: user.home });
  if (read.kind !== 'clear') return { ...named, outcome: 'no-password', findings: read.findings };
  const { end, sinks: compared } = await enrol(parts, user, read.password, actor);
  const { kind: outcome, ...more } = end;
  const sinks = compared.map(enrolledSink);
  if (outcome !== 'enrolled' && outcome !== 'in-service') return { ...named, ...more, outcome, sinks };
  const isWritten = write && sinks.some(({ state }) => state === 'differs');
  if (isWritten) await parts.publish(user.id);
  const aggregate = await aggregateOf(parts.ports, user.id);
  const proven = currentRotation(aggregate)?.proven !== 'unverified';
  return { ...named, outcome, proven, sinks: isWritten ? afterWriting(aggregate, sinks) : sinks };
}

function enrolledSink({ sink, found, isTyped }: ComparedSink): EnrolledSink {
  if (isTyped) return { sink, state: 'typed in by hand', fault: null };
  return found.ok && found.state === 'same'
    ? { sink, state: 'holds it', fault: null }
    : { sink, state: 'differs', fault: leftWords(found) };
}

function afterWriting(
  aggregate: RotationAggregate,
  before: readonly EnrolledSink[],
): readonly EnrolledSink[] {
  const id = currentRotation(aggregate)?.id;
  return before.map((one) => {
    if (one.state === 'holds it' || one.state === 'typed in by hand') return one;
    const now = aggregate.publications.find(({ rotationId, sink }) => rotationId === id && sink === one.sink);
    if (now?.stage === 'done') {
      return {
        ...one,
        state: now.readBack === false ? 'handed over, not read back' : 'written',
        fault: null,
      };
    }
    return { ...one, fault: now?.fault ?? one.fault };
  });
}
