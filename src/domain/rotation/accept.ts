// The moment a password enters service: it gets its version and dates, and is due in every sink.
import { expiryOfUser } from '../account/technical-user.ts';
import { nextSlot } from '../platform/probe-schedule.ts';
import { parisDay } from '../shared/calendar.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import { newHealth } from './health.ts';
import { isUnprovenInDoubt, waitingCandidates } from './may-ask.ts';
import { currentRotation, newRotation, type Proven, type Publication, type Rotation } from './rotation.ts';
import type { RotationRules } from './rotation-rules.ts';

/**
 * Puts a candidate into service: it becomes current with its version and dates, the former one previous, and every sink is
 * due. Links have done their work once Chorus Pro itself vouches for it.
 */
export function accept(
  changeSet: ChangeSetBuilder,
  candidate: Rotation,
  {
    proven,
    who,
    check = null,
  }: { readonly proven: Proven; readonly who: string; readonly check?: string | null },
  rules: RotationRules,
): Rotation {
  const { aggregate, now } = changeSet;
  // An agent's choice among several that Chorus Pro refused: every other one may be the right one, and stays sealed.
  const isInDoubt =
    proven === 'unverified' && (candidate.bothRefusedSince !== null || isUnprovenInDoubt(aggregate));
  retireFormer(changeSet, isInDoubt);
  const version = aggregate.user.version + 1;
  const changedOn = candidate.changedOn ?? dayOf(candidate.receivedAt ?? now);
  // A date that lies before the change speaks of the former password.
  const portalOn = candidate.portalOn !== null && candidate.portalOn > changedOn ? candidate.portalOn : null;
  changeSet.newVersion({ version, changedOn, portalOn });
  const accepted = changeSet.put(candidate, {
    stage: 'publishing',
    standing: 'current',
    proven,
    version,
    changedOn,
    portalOn,
    acceptedAt: now,
    nextTryAt: null,
    cause: null,
    lease: null,
    leaseUntil: null,
    alarmed: false,
  });
  changeSet.audit(proven === 'unverified' ? 'accepted without proof' : 'accepted', accepted, { who, check });
  if (!isInDoubt) destroySuperseded(changeSet);
  if (proven !== 'unverified') changeSet.spendLinks();
  // A password that Chorus Pro has just believed was seen to work, though no probe has asked about it.
  const workedAt = proven === 'chorus-pro' ? now : null;
  const askAt = isInDoubt ? (candidate.nextTryAt ?? now) : firstProbe(changeSet, proven, rules);
  changeSet.health({ ...newHealth(accepted.id, askAt), workedAt });
  const sinks = rules.sinksOf(aggregate.user);
  for (const { name } of sinks) changeSet.publication(duePublication(accepted.id, name, now));
  return sinks.length === 0 ? published(changeSet, accepted, rules) : accepted;
}

/** One that Chorus Pro has not vouched for is asked about soon; one that it has, in the next night. */
const UNPROVEN_MS = 15 * 60_000;

function firstProbe({ aggregate, now }: ChangeSetBuilder, proven: Proven, { probe }: RotationRules): number {
  return proven === 'unverified' ? now + UNPROVEN_MS : nextSlot(aggregate.user, now, probe.quiet);
}

/** A password on its way into a sink, from now. */
export function duePublication(rotationId: string, sink: string, now: number): Publication {
  return {
    rotationId,
    sink,
    stage: 'due',
    touched: false,
    tries: 0,
    nextAt: now,
    lease: null,
    leaseUntil: null,
    fault: null,
  };
}

/** Every sink holds the password: its manager and the IT service are told. */
export function published(changeSet: ChangeSetBuilder, rotation: Rotation, rules: RotationRules): Rotation {
  const done = changeSet.put(rotation, { stage: 'published', publishedAt: changeSet.now, alarmed: false });
  changeSet.audit('published everywhere', done);
  changeSet.letter('confirmation', done);
  changeSet.alarm('rotated', done.id, {
    deadline: deadlineOf(changeSet, done, rules),
    ...(done.proven === 'unverified' ? { detail: 'taken as received, not proven by Chorus Pro' } : {}),
  });
  return done;
}

/** When a password in service expires, as an ISO day. */
function deadlineOf(
  { aggregate }: ChangeSetBuilder,
  { changedOn, portalOn }: Rotation,
  { validity }: RotationRules,
): string | null {
  const day = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));
  const facts = { changedOn: day(changedOn), portalOn: day(portalOn) };
  return expiryOfUser({ ...aggregate.user, facts }, validity).on?.toString() ?? null;
}

/**
 * What newer passwords took the place of is of no more use once one of them is in service. `after`: only what came in after
 * an instant (ms).
 */
export function destroySuperseded(changeSet: ChangeSetBuilder, after = Number.NEGATIVE_INFINITY): void {
  for (const rotation of changeSet.aggregate.rotations) {
    if (rotation.stage === 'superseded' && (rotation.receivedAt ?? 0) > after) changeSet.destroy(rotation);
  }
}

/**
 * A newer one was wrong, or says nothing clear: the one it took the place of may be good still, and goes on from where it
 * stood. The kinds are looked for in this order, the newest first. `known`: what is known of the account now.
 * Returns whether there was one.
 */
export function takeUpAgain(
  changeSet: ChangeSetBuilder,
  kinds: readonly ('candidate' | 'unclear')[],
  known: (one: Rotation) => Partial<Rotation> = () => ({}),
): boolean {
  const waiting = changeSet.aggregate.rotations
    .filter(({ stage, credential }) => stage === 'superseded' && credential !== null)
    .sort((a, b) => (b.receivedAt ?? 0) - (a.receivedAt ?? 0));
  for (const stage of kinds) {
    const one = waiting.find(({ nextTryAt }) => (stage === 'unclear') === (nextTryAt === null));
    if (one === undefined) continue;
    const nextTryAt = stage === 'unclear' ? null : changeSet.now;
    const again = changeSet.put(one, { stage, endedAt: null, nextTryAt, alarmed: false, ...known(one) });
    changeSet.audit('taken up again', again);
    return true;
  }
  return false;
}

/** Chorus Pro believes a password that was put into service without a proof: what waited beside it is of no more use. */
export function proveInService(changeSet: ChangeSetBuilder, check: string): void {
  const current = currentRotation(changeSet.aggregate);
  if (current === null || current.proven === 'chorus-pro') return;
  changeSet.audit('proven in service', changeSet.put(current, { proven: 'chorus-pro' }), { check });
  changeSet.spendLinks();
  for (const one of waitingCandidates(changeSet.aggregate)) {
    if ((one.receivedAt ?? 0) <= (current.acceptedAt ?? 0)) changeSet.destroy(one);
  }
}

/**
 * The one in service becomes the one before; the one before that is history, and its password goes. `waits`: its text may
 * be the right one after all, and waits under a rotation of its own to be asked about in its turn.
 */
function retireFormer(changeSet: ChangeSetBuilder, waits: boolean): void {
  const { aggregate, now } = changeSet;
  for (const rotation of aggregate.rotations) {
    if (rotation.standing === 'previous') changeSet.destroy(changeSet.put(rotation, { standing: 'none' }));
  }
  const former = currentRotation(aggregate);
  if (former === null) return;
  const ended = former.stage === 'closed' ? {} : ({ stage: 'closed', endedAt: now } as const);
  changeSet.put(former, { standing: 'previous', ...ended });
  if (waits && former.credential !== null) {
    changeSet.put(former, { credential: null });
    changeSet.put(newRotation(`${former.id}~`), waitingAs(former, now));
  }
  for (const publication of aggregate.publications) {
    // One that is being written this moment is left to its lease: the next one waits for it.
    if (publication.rotationId === former.id && publication.stage === 'due') {
      changeSet.publication({ ...publication, stage: 'superseded' });
    }
  }
}

/** A former password as one that waits to be asked about; its dates are its own. */
function waitingAs(former: Rotation, now: number): Partial<Rotation> {
  const { channel, by, credential, fingerprint, changedOn, portalOn, lastRefusedAt } = former;
  const known = { channel, by, credential, fingerprint, changedOn, portalOn, lastRefusedAt };
  return { ...known, stage: 'superseded', receivedAt: now, endedAt: now, nextTryAt: now, refusals: 1 };
}

function dayOf(at: number): string {
  return parisDay(Temporal.Instant.fromEpochMilliseconds(at)).toString();
}
