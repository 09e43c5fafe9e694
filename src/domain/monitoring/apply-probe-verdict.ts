// What an answer about the password in service makes of it: well, doubtful, stopped; who is told, and what the connector does.

import { expiryOfUser } from '../account/technical-user.ts';
import { jittered, nextSlot } from '../platform/probe-schedule.ts';
import { proveInService } from '../rotation/accept.ts';
import { refuseInDoubt } from '../rotation/all-refused.ts';
import { count } from '../rotation/apply-verdict.ts';
import { Draft } from '../rotation/change-set.ts';
import { believedAt, type Health } from '../rotation/health.ts';
import { isUnprovenInDoubt } from '../rotation/may-ask.ts';
import { wantHold } from '../rotation/receive.ts';
import { noteRights } from '../rotation/rights-difference.ts';
import {
  type Book,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from '../rotation/rotation.ts';
import { parisDay } from '../shared/calendar.ts';
import type { Verdict } from '../verification/verdict.ts';
import { healthOf } from './probe-claim.ts';

/**
 * What the other accounts of the platform say at about the same time: one of them works; none does; or there is no other
 * that could tell.
 */
export type Control = 'works' | 'silent' | 'alone';

/** What an answer made of the password in service; `unjudged` is a refusal that cannot be counted against it yet. */
export type Probed =
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
/** An account that no other can vouch for is refused so often, the last time when no lock can be the reason any more. */
const ALONE = 3;
/** The waits before an account is asked again while nobody works: each may be a failure more. */
const UNJUDGED_MS = [HOUR_MS, 4 * HOUR_MS];

/** Heeds an answer about the password in service, if the claim is still ours. */
export function judgeProbe(
  book: Book,
  lease: string,
  verdict: Verdict,
  control: Control,
  rules: RotationRules,
  now: number,
): Turn<Probed> {
  const draft = new Draft(book, now);
  count(draft, lease, verdict);
  const current = currentRotation(book);
  const before = healthOf(book, rules, now);
  if (current === null || before === null || before.lease !== lease) return draft.turn('not-ours');
  const health = draft.health(before, { lease: null, leaseUntil: null, wanted: false });
  switch (verdict.kind) {
    case 'accepted':
      return draft.turn(works(draft, current, health, verdict, rules));
    case 'refused':
      return draft.turn(refused(draft, current, health, verdict, control, rules));
    case 'undetermined':
      return draft.turn(unanswered(draft, health, verdict, control, rules));
  }
}

function works(
  draft: Draft,
  current: Rotation,
  health: Health,
  verdict: Extract<Verdict, { kind: 'accepted' }>,
  rules: RotationRules,
): Probed {
  const { book, now } = draft;
  const nextAt = nextSlot(book.user, now, rules.probe.quiet);
  const well = draft.health(health, { ...believedAt(now), nextAt });
  const rights = noteRights(draft, well, verdict);
  notePast(draft, current, rights, rules);
  if (current.proven === 'unverified') proveInService(draft, verdict.evidence.call);
  if (openRotation(book) === null) letGoOn(draft, current);
  if (health.state !== 'stopped') return 'working';
  draft.audit('works again', current, { check: verdict.evidence.call });
  draft.letter('working-again', current, health.refusedAt);
  draft.alarm('works-again', `${current.id}/${health.refusedAt}`, sinceOf(health));
  return 'works-again';
}

/** Connectors that were told to hold go on; one whose sink is still to be written waits for that. */
function letGoOn(draft: Draft, current: Rotation): void {
  const { holds, publications } = draft.book;
  const owed = publications.filter(
    ({ rotationId, stage }) => rotationId === current.id && (stage === 'due' || stage === 'claimed'),
  );
  for (const { sink, wanted } of holds) {
    if (wanted && !owed.some((one) => one.sink === sink)) wantHold(draft, sink, false);
  }
}

/** A password that works after its date says that the setting of the validity may be too short. */
function notePast(draft: Draft, current: Rotation, health: Health, { validity }: RotationRules): void {
  const today = parisDay(Temporal.Instant.fromEpochMilliseconds(draft.now)).toString();
  const { on } = expiryOfUser(draft.book.user, validity);
  if (on === null || today <= on.toString()) return;
  if (health.workedPast === null) {
    draft.audit('worked past its date', current, { detail: `${on.toString()}, seen on ${today}` });
  }
  draft.health(health, { workedPast: today });
}

function refused(
  draft: Draft,
  current: Rotation,
  before: Health,
  { cause, evidence }: Extract<Verdict, { kind: 'refused' }>,
  control: Control,
  rules: RotationRules,
): Probed {
  const { now, book } = draft;
  const refusedAt = before.refusedAt ?? now;
  const refusals = before.refusals + 1;
  const answered = { unanswered: 0, unansweredSince: null, alarmed: false, askedAt: now };
  const health = draft.health(before, { ...answered, refusals, refusedAt, cause, evidence });
  if (isUnprovenInDoubt(book)) {
    draft.put(current, { lastRefusedAt: now });
    draft.health(health, { state: 'doubtful', nextAt: refuseInDoubt(draft, refusals, rules) });
    return 'unjudged';
  }
  const tonight = nextSlot(book.user, now, rules.probe.quiet);
  const afterLock = refusedAt + AFTER_LOCK_MS;
  if (health.state === 'stopped') {
    draft.health(health, { nextAt: now < afterLock ? afterLock : tonight });
    return 'still-stopped';
  }
  const secondLook = refusedAt + rules.probe.secondLook;
  // Whoever asks again at once, be it a person or a connector, has not taken a second look.
  if (refusals === 1 || now < secondLook) {
    draft.health(health, { state: 'doubtful', nextAt: secondLook });
    if (refusals === 1) draft.audit('refused in service', current, { check: cause });
    return 'doubtful';
  }
  if (control === 'works' || (control === 'alone' && refusals >= ALONE && now >= afterLock)) {
    draft.health(health, { state: 'stopped', nextAt: now < afterLock ? afterLock : tonight });
    stop(draft, current, health, rules);
    return 'stopped';
  }
  const wait =
    control === 'alone' ? Math.max(rules.probe.secondLook, afterLock - now) : UNJUDGED_MS[refusals - 2];
  draft.health(health, { state: 'doubtful', nextAt: wait === undefined ? tonight : now + wait });
  return 'unjudged';
}

/** The connector is told to hold, the manager gets a letter with a link, the IT service hears of it. */
export function stop(draft: Draft, current: Rotation, health: Health, rules: RotationRules): void {
  const { refusals, refusedAt } = health;
  draft.audit('stopped', current, { check: 'password-refused', detail: `refusal ${refusals}` });
  for (const { name, canHold } of rules.sinksOf(draft.book.user)) if (canHold) wantHold(draft, name, true);
  draft.letter('stopped', current, refusedAt);
  const { on } = expiryOfUser(draft.book.user, rules.validity);
  const deadline = on?.toString() ?? null;
  draft.alarm('stopped', `${current.id}/${refusedAt}`, {
    ...sinceOf(health),
    workedAt: health.workedAt,
    deadline,
  });
}

function sinceOf({ refusedAt }: Health): { since?: number } {
  return refusedAt === null ? {} : { since: refusedAt };
}

function unanswered(
  draft: Draft,
  before: Health,
  { cause, evidence, retryAfterMs }: Extract<Verdict, { kind: 'undetermined' }>,
  control: Control,
  { probe }: RotationRules,
): Probed {
  const { now, book } = draft;
  const since = Math.min(before.unansweredSince ?? now, now);
  const wait = probe.waits[Math.min(before.unanswered, probe.waits.length - 1)] ?? HOUR_MS;
  const nextAt =
    now + jittered(Math.max(wait, Math.min(retryAfterMs ?? 0, HOUR_MS)), `${book.user.login} ${now}`);
  const health = draft.health(before, {
    unanswered: before.unanswered + 1,
    unansweredSince: since,
    cause,
    evidence,
    nextAt,
  });
  // While nobody has an answer it is the platform's matter, and that is told once for all.
  if (control !== 'silent' && !before.alarmed && now - since >= probe.unansweredAfter) {
    draft.health(health, { alarmed: true });
    draft.alarm('unanswered', `${before.rotationId}/${since}`, { cause, since });
  }
  return 'unanswered';
}
