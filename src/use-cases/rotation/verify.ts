// Verifies the candidate at Chorus Pro, within a window and a budget of failures; the answer decides.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.
import {
  applyComparisonVerdict,
  applyVerdict,
  type ProofOutcome,
} from '../../domain/rotation/apply-verdict.ts';
import type { Asker } from '../../domain/rotation/call-budget.ts';
import { andThen, applyChanges, noChange } from '../../domain/rotation/change-set.ts';
import {
  type CredentialCheck,
  claimCheck,
  type RetryOutcome,
  retryNow,
} from '../../domain/rotation/claim-check.ts';
import { type ClaimedSink, claimEverySink } from '../../domain/rotation/publication.ts';
import type { Actor } from '../../domain/rotation/receive.ts';
import type { RotationAggregate, RotationDecision } from '../../domain/rotation/rotation.ts';
import type { RotationRules } from '../../domain/rotation/rotation-rules.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { anotherWorks, recordPlatformAnswer } from '../monitoring/probe.ts';
import { logAnswer, nowOf, type RotationPorts, runCheck, underLease } from './rotation-ports.ts';

/** A claimed check with its lease, and who asks for the next one. */
export interface ClaimedCheck {
  readonly lease: string;
  readonly check: CredentialCheck;
  readonly asker: Asker;
}

/** The result of a proof, the aggregate after it, and the sinks that were claimed with it. */
export interface ProofResult {
  /** Null when only the password in service was checked. */
  readonly proof: ProofOutcome | null;
  readonly aggregate: RotationAggregate;
  readonly claimedSinks: readonly ClaimedSink[];
}

/**
 * Makes the checks of an account that are due now, or continues with a claimed one: after a refused candidate the
 * password in service, after a refusal of that one the candidate if somebody waits for it. Returns the result; null when there was
 * nothing to check.
 */
export async function verify(
  ports: RotationPorts,
  userId: number,
  claimed: ClaimedCheck | null = null,
): Promise<ProofResult | null> {
  const { rotations, rules } = ports;
  let next = claimed;
  if (next === null) {
    const lease = ports.newId();
    next = await rotations.update(userId, (aggregate) =>
      claimNext(aggregate, lease, { asker: 'daemon', rules }, nowOf(ports)),
    );
  }
  let proved: ProofResult | null = null;
  let proof: ProofOutcome | null = null;
  while (next !== null) {
    const step: Step = await askOne(ports, userId, next);
    proof = step.proof ?? proof;
    proved = { ...step, proof };
    next = step.next;
  }
  return proved;
}

/** The decision after one answer, and the check that was claimed with it. */
interface Outcome extends Omit<ProofResult, 'aggregate'> {
  readonly next: ClaimedCheck | null;
}

type Step = Outcome & Pick<ProofResult, 'aggregate'>;

/** Makes one check; its answer and the claim of the next one are one transaction. */
async function askOne(
  ports: RotationPorts,
  userId: number,
  { lease, check, asker }: ClaimedCheck,
): Promise<Step> {
  const { rotations, rules } = ports;
  const verdict = await underLease(ports, userId, lease, () => runCheck(ports, check, { background: false }));
  const nextLease = ports.newId();
  const step = await rotations.update(userId, (aggregate) => {
    const now = nowOf(ports);
    const decided = andThen(
      aggregate,
      apply(aggregate, lease, check, verdict, rules, now),
      (after, outcome): RotationDecision<Outcome> => {
        if (outcome.proof === 'accepted') {
          const { changes, answer: claimedSinks } = claimEverySink(after, ports.newId, rules, now);
          return { changes, answer: { ...outcome, claimedSinks, next: null } };
        }
        if (!outcome.goesOn) return noChange({ ...outcome, claimedSinks: [], next: null });
        const { changes, answer: next } = claimNext(after, nextLease, { asker, rules }, now);
        return { changes, answer: { ...outcome, claimedSinks: [], next } };
      },
    );
    return {
      changes: decided.changes,
      answer: { ...decided.answer, aggregate: applyChanges(aggregate, decided.changes) },
    };
  });
  const { proof } = step;
  if (proof !== null) {
    const facts = { userId, rotation: check.rotation.id, judged: proof };
    logAnswer(ports.logger, facts, LOGGED[proof], { verdict, isGood: proof === 'accepted' });
  }
  await recordForPlatform(ports, check, verdict);
  return step;
}

/** Applies an answer; `goesOn`: it was a refusal, after which another check may be due at once. */
function apply(
  aggregate: RotationAggregate,
  lease: string,
  { about }: CredentialCheck,
  verdict: Verdict,
  rules: RotationRules,
  now: number,
): RotationDecision<{ proof: ProofOutcome | null; goesOn: boolean }> {
  if (about === 'comparison') {
    const { changes, answer } = applyComparisonVerdict(aggregate, { lease, verdict }, rules, now);
    return { changes, answer: { proof: null, goesOn: answer === false } };
  }
  const { changes, answer: proof } = applyVerdict(aggregate, { lease, verdict }, rules, now);
  return { changes, answer: { proof, goesOn: proof === 'refused' } };
}

function claimNext(
  aggregate: RotationAggregate,
  lease: string,
  how: { readonly asker: Asker; readonly rules: RotationRules },
  now: number,
): RotationDecision<ClaimedCheck | null> {
  const { changes, answer: check } = claimCheck(aggregate, lease, how, now);
  return { changes, answer: check === null ? null : { lease, check, asker: how.asker } };
}

/**
 * Records an answer for the platform. When one password has no answer for the second time, another account is checked: the
 * fault may be this account's alone.
 */
async function recordForPlatform(
  ports: RotationPorts,
  { user, rotation }: CredentialCheck,
  verdict: Verdict,
): Promise<void> {
  const { environment, id } = user;
  if (verdict.kind === 'undetermined' && rotation.unansweredTries > 0)
    await anotherWorks(ports, environment, id);
  await recordPlatformAnswer(ports, { environment, userId: id, verdict });
}

const LOGGED: Readonly<Record<ProofOutcome, string>> = {
  accepted: 'password proven',
  refused: 'password refused',
  'refused-for-good': 'password refused to the end',
  undetermined: 'no answer about the password',
  'not-ours': 'an answer about a password that is no longer in hand',
};

/** The result of a manager's request, and the check that was claimed with it. */
export interface RetryClaim {
  readonly retried: RetryOutcome;
  readonly claimed: ClaimedCheck | null;
}

/**
 * Handles a person's request for an answer: the check that may be made at once is claimed with it. Throws what the database
 * throws.
 */
export async function claimRetry(ports: RotationPorts, userId: number, actor: Actor): Promise<RetryClaim> {
  const lease = ports.newId();
  const asker = 'person';
  const retried = await ports.rotations.update(userId, (aggregate) =>
    retryNow(aggregate, { ...actor, lease, asker }, ports.rules, nowOf(ports)),
  );
  return {
    retried,
    claimed: retried.kind === 'claimed' ? { lease, check: retried.check, asker } : null,
  };
}
