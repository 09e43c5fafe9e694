// Applies a verdict about the password in service: working, doubtful or stopped; who is notified, and whether the connector
// holds.
import { expiryOfUser } from '../account/technical-user.ts';
import { jittered, nextSlot } from '../platform/probe-schedule.ts';
import { proveInService } from '../rotation/accept.ts';
import { refuseInDoubt } from '../rotation/all-refused.ts';
import { countFailures } from '../rotation/apply-verdict.ts';
import { ChangeSetBuilder } from '../rotation/change-set.ts';
import { afterSuccess, type Health } from '../rotation/health.ts';
import { isUnprovenInDoubt } from '../rotation/may-ask.ts';
import { lockingOf, rejectCurrent, sinceOf } from '../rotation/reject-current.ts';
import { letGoOn } from '../rotation/request-hold.ts';
import { noteRights } from '../rotation/rights-difference.ts';
import {
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from '../rotation/rotation.ts';
import { NOT_LEASED, type RotationRules } from '../rotation/rotation-rules.ts';
import { parisDay } from '../shared/calendar.ts';
import { waitAfter } from '../shared/retry.ts';
import type { Verdict } from '../verification/verdict.ts';
import { healthOrPlanned } from './probe-claim.ts';

/**
 * What the other accounts of the platform show at about the same time: one works; none does; or there is no other to
 * compare.
 */
export type PeerEvidence = 'works' | 'silent' | 'alone';

/** `unjudged` is a refusal that cannot be counted against the password yet. */
export type ProbeOutcome =
  | 'working'
  | 'works-again'
  | 'doubtful'
  | 'unjudged'
  | 'stopped'
  | 'still-stopped'
  | 'unanswered'
  | 'not-ours';

const HOUR_MS = 3_600_000;
/** A lock ends by itself after an hour (seen on people's accounts): by then a locked account works again. */
const AFTER_LOCK_MS = 70 * 60_000;
/** An account without peers is rejected after this many refusals, the last one when it can no longer be locked. */
const ALONE = 3;
/** The waits between checks while no account works: each check may be one more failure. */
const UNJUDGED_MS = [HOUR_MS, 4 * HOUR_MS];

/** Applies a verdict about the password in service, if the claim is still ours. */
export function applyProbeVerdict(
  aggregate: RotationAggregate,
  answer: { readonly lease: string; readonly verdict: Verdict; readonly control: PeerEvidence },
  rules: RotationRules,
  now: number,
): RotationDecision<ProbeOutcome> {
  const { lease, verdict, control } = answer;
  const changeSet = new ChangeSetBuilder(aggregate, now);
  countFailures(changeSet, lease, verdict);
  const current = currentRotation(aggregate);
  const before = healthOrPlanned(aggregate, rules, now);
  if (current === null || before === null || before.lease !== lease) return changeSet.decide('not-ours');
  const health = changeSet.health(before, { ...NOT_LEASED, wanted: false });
  switch (verdict.kind) {
    case 'accepted':
      return changeSet.decide(works(changeSet, current, health, verdict, rules));
    case 'refused':
      return changeSet.decide(refused(changeSet, current, health, verdict, control, rules));
    case 'undetermined':
      return changeSet.decide(unanswered(changeSet, health, verdict, control, rules));
  }
}

function works(
  changeSet: ChangeSetBuilder,
  current: Rotation,
  health: Health,
  verdict: Extract<Verdict, { kind: 'accepted' }>,
  rules: RotationRules,
): ProbeOutcome {
  const { aggregate, now } = changeSet;
  const nextAt = nextSlot(aggregate.user, now, rules.probe.quiet);
  const well = changeSet.health(health, { ...afterSuccess(now), nextAt });
  const rights = noteRights(changeSet, well, verdict);
  notePast(changeSet, current, rights, rules);
  if (current.proven === 'unverified') proveInService(changeSet, verdict.evidence.call);
  if (findOpenRotation(aggregate) === null) letAllGoOn(changeSet, current);
  if (health.state !== 'stopped') return 'working';
  changeSet.audit('works again', current, { check: verdict.evidence.call });
  changeSet.letter('working-again', current, health.refusedAt);
  const facts = { ...sinceOf(health), ...lockingOf(aggregate.user, rules) };
  changeSet.alarm('works-again', `${current.id}/${health.refusedAt}`, facts);
  return 'works-again';
}

/** Lets connectors that hold go on; one whose sink must still be written waits for that. */
function letAllGoOn(changeSet: ChangeSetBuilder, current: Rotation): void {
  const { holds, publications } = changeSet.aggregate;
  const owed = publications.filter(
    ({ rotationId, stage }) => rotationId === current.id && (stage === 'due' || stage === 'claimed'),
  );
  for (const hold of holds) {
    if (hold.wanted && !owed.some(({ sink }) => sink === hold.sink)) letGoOn(changeSet, hold);
  }
}

/** Records a password that works after its date: the setting of the validity may be too short. */
function notePast(
  changeSet: ChangeSetBuilder,
  current: Rotation,
  health: Health,
  { validity }: RotationRules,
): void {
  const today = parisDay(Temporal.Instant.fromEpochMilliseconds(changeSet.now)).toString();
  const { on } = expiryOfUser(changeSet.aggregate.user, validity);
  if (on === null || today <= on.toString()) return;
  if (health.workedPast === null) {
    changeSet.audit('worked past its date', current, { detail: `${on.toString()}, seen on ${today}` });
  }
  changeSet.health(health, { workedPast: today });
}

function refused(
  changeSet: ChangeSetBuilder,
  current: Rotation,
  before: Health,
  { cause, evidence }: Extract<Verdict, { kind: 'refused' }>,
  control: PeerEvidence,
  rules: RotationRules,
): ProbeOutcome {
  const { now, aggregate } = changeSet;
  const refusedAt = before.refusedAt ?? now;
  const refusals = before.refusals + 1;
  const answered = { unanswered: 0, unansweredSince: null, alarmed: false, askedAt: now };
  const health = changeSet.health(before, { ...answered, refusals, refusedAt, cause, evidence });
  if (isUnprovenInDoubt(aggregate)) {
    changeSet.put(current, { lastRefusedAt: now });
    changeSet.health(health, { state: 'doubtful', nextAt: refuseInDoubt(changeSet, refusals, rules) });
    return 'unjudged';
  }
  const tonight = nextSlot(aggregate.user, now, rules.probe.quiet);
  const afterLock = refusedAt + AFTER_LOCK_MS;
  if (health.state === 'stopped') {
    changeSet.health(health, { nextAt: now < afterLock ? afterLock : tonight });
    return 'still-stopped';
  }
  const secondLook = refusedAt + rules.probe.secondLook;
  // An immediate repetition, by a person or a connector, is no second look.
  if (refusals === 1 || now < secondLook) {
    changeSet.health(health, { state: 'doubtful', nextAt: secondLook });
    if (refusals === 1) changeSet.audit('refused in service', current, { check: cause });
    return 'doubtful';
  }
  if (control === 'works' || (control === 'alone' && refusals >= ALONE && now >= afterLock)) {
    changeSet.health(health, { state: 'stopped', nextAt: now < afterLock ? afterLock : tonight });
    rejectCurrent(changeSet, current, health, rules);
    return 'stopped';
  }
  const wait =
    control === 'alone' ? Math.max(rules.probe.secondLook, afterLock - now) : UNJUDGED_MS[refusals - 2];
  changeSet.health(health, { state: 'doubtful', nextAt: wait === undefined ? tonight : now + wait });
  return 'unjudged';
}

function unanswered(
  changeSet: ChangeSetBuilder,
  before: Health,
  { cause, evidence, retryAfterMs }: Extract<Verdict, { kind: 'undetermined' }>,
  control: PeerEvidence,
  { probe }: RotationRules,
): ProbeOutcome {
  const { now, aggregate } = changeSet;
  const since = Math.min(before.unansweredSince ?? now, now);
  const wait = waitAfter(probe.waits, before.unanswered + 1) ?? HOUR_MS;
  const nextAt =
    now + jittered(Math.max(wait, Math.min(retryAfterMs ?? 0, HOUR_MS)), `${aggregate.user.login} ${now}`);
  const tries = { unanswered: before.unanswered + 1, unansweredSince: since };
  const health = changeSet.health(before, { ...tries, cause, evidence, nextAt });
  // While no account gets an answer, the platform is reported as out, once for all accounts.
  if (control !== 'silent' && !before.alarmed && now - since >= probe.unansweredAfter) {
    changeSet.health(health, { alarmed: true });
    changeSet.alarm('unanswered', `${before.rotationId}/${since}`, { cause, since });
  }
  return 'unanswered';
}
