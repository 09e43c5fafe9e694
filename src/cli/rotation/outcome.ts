// The outcome of a submitted password, read from its rotations: one word, and the facts that go with it.
import { sinkForPrograms, sinksOf } from '../../content/terminal/account-facts.ts';
import { isoTime } from '../../content/terminal/formats.ts';
import { NO_CHECK } from '../../domain/monitoring/next-check.ts';
import { wasHeldBefore } from '../../domain/rotation/all-refused.ts';
import type { RetryOutcome } from '../../domain/rotation/claim-check.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';
import type { Observations, RotationSnapshot } from '../../use-cases/rotation/operator-actions.ts';

/**
 * none: nothing was ever submitted. accepted: in service. stopped: in service, and refused since. asking: a check runs at this
 * moment. refused: Chorus
 * Pro refused it, and is asked again. waiting: too many failures lately, it is asked later. undetermined: there was no answer.
 * replaced: it was in service, and another one is now.
 */
export type OutcomeKind =
  | 'none'
  | 'announced'
  | 'unclear'
  | 'asking'
  | 'waiting'
  | 'undetermined'
  | 'refused'
  | 'refused-for-good'
  | 'superseded'
  | 'withdrawn'
  | 'replaced'
  | 'stopped'
  | 'accepted';

export type Outcome = Readonly<ReturnType<typeof outcomeOf>>;

/** The outcome of the rotation that an action was about; without one, of the open one, else of the one in service. Instants in ms. */
export function outcomeOf({
  rotationId,
  aggregate,
  observations,
  next,
  retried,
}: RotationSnapshot & { readonly retried?: RetryOutcome }) {
  const shown =
    aggregate.rotations.find(({ id }) => id === rotationId) ??
    findOpenRotation(aggregate) ??
    currentRotation(aggregate);
  const { login, environment } = aggregate.user;
  const { at, waits } = shown?.stage === 'candidate' ? next : NO_CHECK;
  return {
    outcome: shown === null ? ('none' as const) : kindOf(shown, aggregate),
    login,
    environment,
    version: shown?.version ?? null,
    proven: shown?.proven ?? null,
    by: shown?.by ?? null,
    channel: shown?.channel ?? null,
    receivedAt: shown?.receivedAt ?? null,
    acceptedAt: shown?.acceptedAt ?? null,
    announcedUntil: shown?.announcedUntil ?? null,
    refusals: shown?.refusals ?? 0,
    formerWorks: shown?.currentStillWorks ?? null,
    /** Whether the one in service is refused as well: the account is locked, or this is not the password. */
    bothRefused: shown !== null && shown.bothRefusedSince !== null && shown.refusals > 0,
    /** Whether every connector held its calls before it came in. */
    heldBefore: shown !== null && wasHeldBefore(aggregate, shown),
    /** Why nobody was asked just now, though somebody wished it; null where somebody was, or nobody wished it. */
    notAsked: retried?.kind === 'waits' ? retried.why : null,
    cause: shown?.cause ?? null,
    /** What was seen on the wire while we asked; null when nobody was asked, or the password was accepted. */
    evidence: evidenceOf(observations),
    /** When the daemon asks about it next, and why not sooner. */
    nextTryAt: at,
    waits,
    /** Where the password in service stands. */
    sinks: sinksOf(aggregate, observations),
  };
}

function kindOf({ stage, standing, cause }: Rotation, aggregate: RotationAggregate): OutcomeKind {
  switch (stage) {
    case 'announced':
    case 'unclear':
    case 'superseded':
    case 'withdrawn':
      return stage;
    case 'verifying':
      return 'asking';
    case 'candidate':
      if (cause === null) return 'waiting';
      return cause === 'password-refused' ? 'refused' : 'undetermined';
    case 'refused':
      return 'refused-for-good';
    default:
      if (standing !== 'current') return 'replaced';
      return currentHealth(aggregate)?.state === 'stopped' ? 'stopped' : 'accepted';
  }
}

/** Of the last answer that was no acceptance. */
function evidenceOf({ verdicts }: Observations): Evidence | null {
  const last = verdicts.at(-1);
  return last === undefined || last.kind === 'accepted' ? null : last.evidence;
}

/** The outcome for programs: instants as ISO texts. */
export function outcomeForPrograms(outcome: Outcome) {
  return {
    ...outcome,
    receivedAt: isoTime(outcome.receivedAt),
    acceptedAt: isoTime(outcome.acceptedAt),
    announcedUntil: isoTime(outcome.announcedUntil),
    nextTryAt: isoTime(outcome.nextTryAt),
    sinks: outcome.sinks.map(sinkForPrograms),
  };
}
