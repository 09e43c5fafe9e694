// Decides the enrolment of a password that a connector uses already: it comes into service under the version, dates and links that
// the account has. Nothing was renewed, so nobody gets a letter and the ladder goes on.
//
// Invariant: a call is counted before it is made, under a withdrawn rotation that holds the fingerprint alone. A crash leaves
// nothing else, and what Chorus Pro refused is never asked again this way.
import type { Cause, Verdict } from '../verification/verdict.ts';
import { duePublication, firstProbe } from './accept.ts';
import { countFailures } from './apply-verdict.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { newHealth } from './health.ts';
import { type BlockReason, mayAsk, waitingCandidates } from './may-ask.ts';
import type { Actor } from './receive.ts';
import { noteRights } from './rights-difference.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  newRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules } from './rotation-rules.ts';
import type { Sealed } from './sealed.ts';
import type { Comparison } from './sink-content.ts';

/** A password as it is enrolled, before anybody is asked about it. */
export interface Enrolment extends Actor {
  /** The id of the rotation that it becomes. */
  readonly id: string;
  readonly fingerprint: string;
  readonly lease: string;
}

/**
 * Why an enrolment ends unasked. in-service: this password is in service. stopped: so it is, and Chorus Pro refuses it.
 * another: another one is. in-hand: a reset is announced, or a password is being processed. refused-before: Chorus Pro
 * refused it.
 */
type EnrolmentStop = 'in-service' | 'stopped' | 'another' | 'in-hand' | 'refused-before';

/** `later`: the account may not be asked about before an instant (ms; null when only another event changes it). */
type Unasked =
  | { readonly kind: EnrolmentStop }
  | { readonly kind: 'later'; readonly why: BlockReason; readonly until: number | null };

/** `claimed`: to be asked about, under the lease. `trusted`: by the settings it is taken as received. */
export type EnrolmentClaim = { readonly kind: 'claimed' } | { readonly kind: 'trusted' } | Unasked;

/** Another process has the account in hand. */
export const BUSY = { kind: 'later', why: 'busy', until: null } as const;

/** Claims the check of a password to be enrolled, or says why there is none. */
export function claimEnrolment(
  aggregate: RotationAggregate,
  { channel, by, id, fingerprint, lease }: Enrolment,
  rules: RotationRules,
  now: number,
): RotationDecision<EnrolmentClaim> {
  const stop = stopOf(aggregate, fingerprint);
  if (stop !== null) return noChange({ kind: stop });
  const may = mayAsk(aggregate, { about: 'enrolment', asker: 'person' }, rules, now);
  if (!may.ok) {
    const { why, until } = may;
    return noChange(why === 'off' ? { kind: 'trusted' } : { kind: 'later', why, until });
  }
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const lent = { lease, leaseUntil: now + rules.proofLease };
  const before = aggregate.rotations.find(isUnanswered) ?? newRotation(id);
  changeSet.put(before, {
    stage: 'withdrawn',
    channel,
    by,
    fingerprint,
    cause: null,
    endedAt: null,
    ...lent,
  });
  changeSet.attempt({ id: lease, at: now, refused: null });
  return changeSet.decide({ kind: 'claimed' });
}

/** Whether it is an enrolment that did not come into service: nobody handed it in as a new one, and nobody announced it. */
export function isEnrolment({ stage, receivedAt, announcedAt }: Rotation): boolean {
  return stage === 'withdrawn' && receivedAt === null && announcedAt === null;
}

/** Whether it is an enrolment that had no answer: the next one takes its row. */
const isUnanswered = (one: Rotation): boolean => isEnrolment(one) && one.refusals === 0;

function stopOf(aggregate: RotationAggregate, fingerprint: string): EnrolmentStop | null {
  const current = currentRotation(aggregate);
  if (current?.fingerprint === fingerprint)
    return currentHealth(aggregate)?.state === 'stopped' ? 'stopped' : 'in-service';
  if (findOpenRotation(aggregate) !== null) return 'in-hand';
  if (current !== null) return 'another';
  if (waitingCandidates(aggregate).length > 0) return 'in-hand';
  const same = aggregate.rotations.filter((one) => one.fingerprint === fingerprint);
  return same.some(({ refusals }) => refusals > 0) ? 'refused-before' : null;
}

/** A sink, and what it holds beside the password that is enrolled. */
export interface ComparedSink {
  readonly sink: string;
  readonly found: Comparison;
  /** Whether a person types it in there: then nothing is compared. */
  readonly isTyped: boolean;
}

/** What is known once Chorus Pro has answered; `verdict` null where nobody is asked. */
export interface AnsweredEnrolment extends Enrolment {
  readonly verdict: Verdict | null;
  readonly credential: string;
  readonly sealed: Sealed;
  readonly sinks: readonly ComparedSink[];
}

export type EnrolmentEnd =
  | { readonly kind: 'enrolled' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'no-answer'; readonly cause: Cause }
  | Unasked;

/** Applies Chorus Pro's answer: an accepted password comes into service, of any other nothing is kept but that it was refused. */
export function settleEnrolment(
  aggregate: RotationAggregate,
  answered: AnsweredEnrolment,
  rules: RotationRules,
  now: number,
): RotationDecision<EnrolmentEnd> {
  const { verdict, fingerprint, lease, by, channel } = answered;
  const changeSet = new ChangeSetBuilder(aggregate, now);
  if (verdict !== null) countFailures(changeSet, lease, verdict);
  const claimed = aggregate.rotations.find((one) => one.lease === lease);
  if (verdict !== null && claimed === undefined) return changeSet.decide(BUSY);
  const stop = stopOf(aggregate, fingerprint);
  const ended = { ...NOT_LEASED, endedAt: now };
  const asked = claimed === undefined ? newRotation(answered.id) : changeSet.put(claimed, ended);
  if (verdict?.kind === 'refused') {
    const { cause } = verdict;
    const times = { refusals: asked.refusals + 1, refusedAt: asked.refusedAt ?? now, lastRefusedAt: now };
    const refused = changeSet.put(asked, { ...times, cause });
    changeSet.audit('enrolment refused', refused, { who: by, channel, check: cause });
    return changeSet.decide({ kind: 'refused' });
  }
  if (verdict?.kind === 'undetermined' || stop !== null) {
    // Nothing is known of it, so nothing is kept.
    const cause = verdict?.kind === 'undetermined' ? verdict.cause : null;
    if (claimed !== undefined) changeSet.put(asked, { fingerprint: null, cause });
    return changeSet.decide(
      stop === null && cause !== null ? { kind: 'no-answer', cause } : { kind: stop ?? 'in-hand' },
    );
  }
  enter(changeSet, asked, { ...answered, verdict }, rules);
  return changeSet.decide({ kind: 'enrolled' });
}

/** Puts an enrolled password into service as it is: with the version and the dates that the account has, and no sink due. */
function enter(
  changeSet: ChangeSetBuilder,
  asked: Rotation,
  one: AnsweredEnrolment & { readonly verdict: Extract<Verdict, { kind: 'accepted' }> | null },
  rules: RotationRules,
): void {
  const { now } = changeSet;
  const { user } = changeSet.aggregate;
  const { version, facts } = user;
  const { verdict, credential, channel, by, fingerprint } = one;
  const proven = verdict === null ? 'unverified' : 'chorus-pro';
  changeSet.keep({ id: credential, sealed: one.sealed, doubts: null });
  const enrolled = changeSet.put(asked, {
    ...{ stage: 'closed', standing: 'current', proven, version, channel, by, credential, fingerprint },
    changedOn: facts.changedOn?.toString() ?? null,
    portalOn: facts.portalOn?.toString() ?? null,
    ...{ receivedAt: now, acceptedAt: now, endedAt: now, cause: null },
  });
  for (const { sink, found, isTyped } of one.sinks) {
    const place = rules.sinksOf(user).find(({ name }) => name === sink) ?? { name: sink, byHand: null };
    const due = duePublication(enrolled.id, place, now);
    // What a person typed in is in use already, by the word of the one who enrols it.
    const holdsIt = isTyped || (found.ok && found.state === 'same');
    changeSet.publication({
      ...due,
      stage: holdsIt ? 'done' : 'left',
      claimedAt: isTyped ? now : null,
      readBack: holdsIt ? !isTyped : null,
      fault: holdsIt ? null : `${leftWords(found)}; releve publish writes it`,
    });
  }
  const detail = one.sinks.map(
    ({ sink, found, isTyped }) =>
      `${sink}: ${isTyped ? 'typed in by hand' : found.ok ? found.state : 'not compared'}`,
  );
  changeSet.audit('enrolled', enrolled, {
    ...{ who: by, channel, check: verdict?.evidence.call ?? null },
    detail: detail.length === 0 ? null : detail.join(', '),
  });
  const asking = newHealth(enrolled.id, firstProbe(changeSet, proven, rules));
  const health = changeSet.health({ ...asking, workedAt: verdict === null ? null : now });
  if (verdict !== null) noteRights(changeSet, health, verdict);
}

/** What a sink that was left as it is holds beside the password in service; never a value. */
export function leftWords(found: Comparison): string {
  if (!found.ok) return found.fault;
  const held = {
    same: 'it holds the same',
    'same-password': 'it holds the same password, with another version, owner, group or mode',
    absent: 'it holds no password yet',
    unreadable: 'what it holds cannot be read',
    different: 'it holds something else',
  };
  return held[found.state];
}
