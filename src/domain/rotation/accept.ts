// Puts a password into service: gives it its version and dates, and makes it due in every sink.
import { expiryOfUser } from '../account/technical-user.ts';
import { nextSlot } from '../platform/probe-schedule.ts';
import { parisDay } from '../shared/calendar.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import { newHealth } from './health.ts';
import { isReopened, isUnprovenInDoubt, waitingCandidates } from './may-ask.ts';
import { requestHold } from './request-hold.ts';
import {
  areBothRefused,
  currentRotation,
  findOpenRotation,
  isUnheard,
  newRotation,
  type Proven,
  type Publication,
  type Rotation,
} from './rotation.ts';
import { NOT_ADOPTED, NOT_LEASED, type RotationRules, type SinkPlace } from './rotation-rules.ts';

/**
 * Puts a candidate into service: it becomes current with its version and dates, the one in service becomes previous, and every
 * sink becomes due. When Chorus Pro itself vouches for it, the links that asked for it are spent.
 */
export function accept(
  changeSet: ChangeSetBuilder,
  candidate: Rotation,
  proof: { readonly proven: Proven; readonly who: string; readonly check?: string | null },
  rules: RotationRules,
): Rotation {
  const { aggregate, now } = changeSet;
  const { proven, who, check = null } = proof;
  // The operator chose among several that Chorus Pro refused: any of the others may be the right one, so they stay sealed.
  const isInDoubt =
    proven === 'unverified' && (candidate.bothRefusedSince !== null || isUnprovenInDoubt(aggregate));
  retireCurrent(changeSet, isInDoubt);
  const version = aggregate.user.version + 1;
  const changedOn = candidate.changedOn ?? dayOf(candidate.receivedAt ?? now);
  // An expiry date before the change is that of the password before it.
  const portalOn = candidate.portalOn !== null && candidate.portalOn > changedOn ? candidate.portalOn : null;
  changeSet.newVersion({ version, changedOn, portalOn });
  const replacesRefused =
    areBothRefused(candidate) || changeSet.healthNow?.state === 'stopped' || isUnheard(aggregate);
  const accepted = changeSet.put(candidate, {
    ...(proven === 'unverified' && replacesRefused ? { currentStillWorks: false } : {}),
    stage: 'publishing',
    standing: 'current',
    proven,
    version,
    changedOn,
    portalOn,
    acceptedAt: now,
    nextTryAt: null,
    cause: null,
    alarmed: false,
    ...NOT_LEASED,
  });
  changeSet.audit(proven === 'unverified' ? 'accepted without proof' : 'accepted', accepted, { who, check });
  if (!isInDoubt) destroySuperseded(changeSet);
  if (proven !== 'unverified') changeSet.spendLinks();
  // Chorus Pro has just accepted this password, though no probe has checked it.
  const workedAt = proven === 'chorus-pro' ? now : null;
  const askAt = isInDoubt ? (candidate.nextTryAt ?? now) : firstProbe(changeSet, proven, rules);
  changeSet.health({ ...newHealth(accepted.id, askAt), workedAt });
  const sinks = rules.sinksOf(aggregate.user);
  for (const place of sinks) changeSet.publication(duePublication(accepted.id, place, now));
  return sinks.length === 0 ? published(changeSet, accepted, rules) : accepted;
}

/** When a password that Chorus Pro has not vouched for is first probed; one that it accepted waits for the next night. */
const UNPROVEN_MS = 15 * 60_000;

export function firstProbe(
  { aggregate, now }: ChangeSetBuilder,
  proven: Proven,
  { probe }: RotationRules,
): number {
  return proven === 'unverified' ? now + UNPROVEN_MS : nextSlot(aggregate.user, now, probe.quiet);
}

/** A publication that is due now; where a person types it in, that person is asked. */
export function duePublication(
  rotationId: string,
  { name: sink, byHand }: Pick<SinkPlace, 'name' | 'byHand'>,
  now: number,
): Publication {
  return {
    rotationId,
    sink,
    stage: byHand === null ? 'due' : 'asked',
    touched: false,
    tries: 0,
    nextAt: now,
    fault: null,
    readBack: null,
    byHand,
    claimedAt: null,
    ...NOT_ADOPTED,
    ...NOT_LEASED,
  };
}

/** A sink holds the password in service: its connector goes on, unless a reset is under way, and the last sink publishes it. */
export function publishedIn(
  changeSet: ChangeSetBuilder,
  rotation: Rotation,
  done: Publication,
  rules: RotationRules,
): void {
  const { aggregate } = changeSet;
  changeSet.publication({ ...done, adoptUntil: adoptUntilOf(changeSet, done, rules) });
  const isDead = aggregate.health?.rotationId === rotation.id && aggregate.health.state === 'stopped';
  const open = findOpenRotation(aggregate);
  if ((open === null || isReopened(aggregate, open)) && !isDead)
    requestHold(changeSet, done.sink, { wanted: false });
  const others = aggregate.publications.filter(
    ({ rotationId, sink }) => rotationId === rotation.id && sink !== done.sink,
  );
  if (
    rotation.stage === 'publishing' &&
    others.every(({ stage }) => stage === 'done' || stage === 'superseded')
  )
    published(changeSet, rotation, rules, [...others, done]);
}

/** Until when its connector is to say that it uses the password; null where none can, or it has said so, or is late already. */
function adoptUntilOf(changeSet: ChangeSetBuilder, done: Publication, rules: RotationRules): number | null {
  const { adoption = null } =
    rules.sinksOf(changeSet.aggregate.user).find(({ name }) => name === done.sink) ?? {};
  if (adoption === null || done.adoptedAt !== null || done.isLate) return null;
  return done.adoptUntil ?? changeSet.now + adoption;
}

/** Marks the rotation as published in every sink, and notifies its manager and the IT service. `into`: what was published. */
export function published(
  changeSet: ChangeSetBuilder,
  rotation: Rotation,
  rules: RotationRules,
  into: readonly Publication[] = [],
): Rotation {
  const done = changeSet.put(rotation, { stage: 'published', publishedAt: changeSet.now, alarmed: false });
  changeSet.audit('published everywhere', done);
  changeSet.letter('confirmation', done);
  const unread = into.flatMap(({ sink, readBack }) => (readBack === false ? [sink] : [])).sort();
  const details = [
    ...(done.proven === 'unverified' ? ['taken as received, not proven by Chorus Pro'] : []),
    ...(unread.length === 0 ? [] : [`handed over to ${unread.join(', ')}, not read back`]),
  ];
  changeSet.alarm('rotated', done.id, {
    deadline: deadlineOf(changeSet, done, rules),
    ...(details.length === 0 ? {} : { detail: details.join('; ') }),
  });
  return done;
}

/** The ISO day on which a password in service expires. */
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
 * Destroys the passwords that newer ones superseded, once one of the newer ones is in service. `after`: only those received
 * after this instant (ms).
 */
export function destroySuperseded(changeSet: ChangeSetBuilder, after = Number.NEGATIVE_INFINITY): void {
  for (const rotation of changeSet.aggregate.rotations) {
    if (rotation.stage === 'superseded' && (rotation.receivedAt ?? 0) > after) changeSet.destroy(rotation);
  }
}

/**
 * Reopens a superseded rotation after a newer one was wrong or ambiguous: the older password may still be good, and
 * continues where it stopped. The kinds are tried in the given order, the newest rotation first. `known`: what is known of
 * the account now. Returns whether there was one.
 */
export function reopenSuperseded(
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

/**
 * Chorus Pro accepts a password that was put into service without proof: the older ones that waited beside it are
 * destroyed.
 */
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
 * Makes the current password the previous one, and destroys the one before it. `keepsWaiting`: the retired password may still be
 * the right one, so it waits under a rotation of its own to be checked in its turn.
 */
function retireCurrent(changeSet: ChangeSetBuilder, keepsWaiting: boolean): void {
  const { aggregate, now } = changeSet;
  for (const rotation of aggregate.rotations) {
    if (rotation.standing === 'previous') changeSet.destroy(changeSet.put(rotation, { standing: 'none' }));
  }
  const replaced = currentRotation(aggregate);
  if (replaced === null) return;
  const ended = replaced.stage === 'closed' ? {} : ({ stage: 'closed', endedAt: now } as const);
  changeSet.put(replaced, { standing: 'previous', ...ended });
  if (keepsWaiting && replaced.credential !== null) {
    changeSet.put(replaced, { credential: null });
    changeSet.put(newRotation(`${replaced.id}~`), waitingAs(replaced, now));
  }
  for (const publication of aggregate.publications) {
    // One that is being written now is left to its lease: the next one waits for it.
    const isWaiting = publication.stage === 'due' || publication.stage === 'asked';
    if (publication.rotationId === replaced.id && isWaiting) {
      changeSet.publication({ ...publication, stage: 'superseded' });
    }
  }
}

/** A replaced password as one that waits to be checked, with its own dates. */
function waitingAs(replaced: Rotation, now: number): Partial<Rotation> {
  const { channel, by, credential, fingerprint, changedOn, portalOn, lastRefusedAt } = replaced;
  const known = { channel, by, credential, fingerprint, changedOn, portalOn, lastRefusedAt };
  return { ...known, stage: 'superseded', receivedAt: now, endedAt: now, nextTryAt: now, refusals: 1 };
}

function dayOf(at: number): string {
  return parisDay(Temporal.Instant.fromEpochMilliseconds(at)).toString();
}
