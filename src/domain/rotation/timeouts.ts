// Applies the timeouts of rotations: nothing stays stuck without a report, and nothing is kept for ever.
import type { PlatformCondition } from '../platform/platform.ts';
import { destroySuperseded, reopenSuperseded } from './accept.ts';
import { ChangeSetBuilder, noChange } from './change-set.ts';
import { isReopened, waitingCandidates } from './may-ask.ts';
import { goOnWithout, rejectCurrent } from './reject-current.ts';
import { releaseHolds } from './request-hold.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from './rotation.ts';
import { NOT_LEASED, type RotationRules } from './rotation-rules.ts';

const DAY_MS = 86_400_000;
/** How long an unclear submission is kept when nobody chooses. */
const UNCLEAR_FOR_MS = 7 * DAY_MS;

/** When the next timeout of a rotation comes; null for never. */
export function wakeAt(rotation: Rotation, rules: RotationRules): number | null {
  const since = rotation.receivedAt ?? 0;
  switch (rotation.stage) {
    case 'announced':
      return rotation.announcedUntil;
    case 'unclear':
      return since + (rotation.alarmed ? UNCLEAR_FOR_MS : rules.unclearAfter);
    case 'candidate':
    case 'verifying':
      return since + (rotation.alarmed ? rules.giveUpAfter : rules.stuckAfter);
    // It waits beside another one, and its own time ends all the same.
    case 'superseded':
      return rotation.credential === null ? null : since + rules.giveUpAfter;
    case 'published':
      return (rotation.publishedAt ?? 0) + rules.keepFormer;
    case 'adopted':
      return 0;
    default:
      return null;
  }
}

/**
 * Applies the timeouts that have come. Returns how many rotations they concerned. While the platform is out no stuck proof
 * is reported, because the outage is reported once for all; while it is degraded, the report waits.
 */
export function applyTimeouts(
  aggregate: RotationAggregate,
  rules: RotationRules,
  now: number,
  platform: PlatformCondition,
): RotationDecision<number> {
  const due = aggregate.rotations.filter((rotation) => {
    const at = wakeAt(rotation, rules);
    return at !== null && at <= now;
  });
  if (due.length === 0) return noChange(0);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  for (const rotation of due) TIMEOUT_RULES[rotation.stage]?.(changeSet, rotation, { platform, rules });
  return changeSet.decide(due.length);
}

/** The condition of the platform, and the settings. */
interface Circumstances {
  readonly platform: PlatformCondition;
  readonly rules: RotationRules;
}

type TimeoutRule = (changeSet: ChangeSetBuilder, rotation: Rotation, circumstances: Circumstances) => void;

const TIMEOUT_RULES: Partial<Record<Rotation['stage'], TimeoutRule>> = {
  announced: (changeSet, rotation) => {
    withdraw(changeSet, rotation, 'nothing followed the announcement');
    changeSet.alarm('announcement-over', rotation.id);
    releaseHolds(changeSet);
  },
  unclear: (changeSet, rotation) => {
    if (rotation.alarmed) {
      withdraw(changeSet, rotation, 'nobody settled what was meant');
      destroySuperseded(changeSet);
      goOnWithout(changeSet, rotation);
      return;
    }
    // While nobody chooses, an older one that was being processed goes on; this one waits behind it.
    if (reopenSuperseded(changeSet, ['candidate'])) {
      changeSet.audit('superseded', changeSet.put(rotation, { stage: 'superseded', endedAt: changeSet.now }));
      return;
    }
    changeSet.letter('unclear', changeSet.put(rotation, { alarmed: true }));
    changeSet.alarm('choice-missing', rotation.id);
  },
  candidate: reportOrGiveUp,
  verifying: reportOrGiveUp,
  superseded: giveUpWaiting,
  published: closeRotation,
  adopted: closeRotation,
};

/** Reports a proof that does not come to an end; after `giveUpAfter` the password is given up, with an alarm. */
function reportOrGiveUp(changeSet: ChangeSetBuilder, rotation: Rotation, circumstances: Circumstances): void {
  const { platform, rules } = circumstances;
  const cause = rotation.cause === null ? {} : { cause: rotation.cause };
  if (!rotation.alarmed) {
    if (platform === 'ailing') return;
    changeSet.put(rotation, { alarmed: true });
    // A refused password is reported on its own, at the end of its window.
    if (rotation.refusals === 0 && platform === 'well') changeSet.alarm('proof-stuck', rotation.id, cause);
    return;
  }
  if (isReopened(changeSet.aggregate, rotation)) {
    giveUpWaiting(changeSet, rotation, circumstances);
    return;
  }
  const isRefused = rotation.refusals > 0;
  const reason = isRefused ? 'refused in all this time' : 'no answer could be had in all this time';
  withdraw(changeSet, rotation, reason);
  if (replaceByWaiting(changeSet, rotation, rules)) return;
  destroySuperseded(changeSet);
  changeSet.alarm(isRefused ? 'password-refused' : 'proof-stuck', `${rotation.id}/given-up`, {
    ...cause,
    ...(isRefused ? { kept: false } : {}),
  });
  changeSet.letter('refusal', rotation, isRefused ? changeSet.now : null);
  goOnWithout(changeSet, rotation);
}

/** When newer ones whose time is not over wait beside it, the newest takes its place. Returns whether there was one. */
function replaceByWaiting(
  changeSet: ChangeSetBuilder,
  ended: Rotation,
  { giveUpAfter }: RotationRules,
): boolean {
  const [next] = waitingCandidates(changeSet.aggregate);
  if (next === undefined || (next.receivedAt ?? 0) + giveUpAfter <= changeSet.now) return false;
  const { bothRefusedSince, currentStillWorks } = ended;
  const nextTryAt = ended.nextTryAt ?? changeSet.now;
  const again = { endedAt: null, nextTryAt, bothRefusedSince, currentStillWorks } as const;
  changeSet.audit('taken up again', changeSet.put(next, { stage: 'candidate', ...again }));
  return true;
}

/**
 * Gives up a waiting rotation. If it waited beside an unproven password in service that Chorus Pro refuses, none of them
 * was accepted: the connector holds, and its manager and the IT service are notified that the account stands still.
 */
function giveUpWaiting(changeSet: ChangeSetBuilder, rotation: Rotation, { rules }: Circumstances): void {
  withdraw(changeSet, rotation, 'not believed in all this time');
  const { aggregate } = changeSet;
  const [current, health] = [currentRotation(aggregate), currentHealth(aggregate)];
  // The newest is the last whose time ends; if no daemon ran, those of others end with it.
  const [newest = rotation] = waitingCandidates(aggregate);
  const open = findOpenRotation(aggregate);
  const isLast = newest.id === rotation.id && (open === null || open.id === rotation.id);
  if (!isLast || current?.proven !== 'unverified') return;
  if (health === null || health.refusals === 0) return;
  rejectCurrent(changeSet, current, changeSet.health(health, { state: 'stopped' }), rules);
}

function withdraw(changeSet: ChangeSetBuilder, rotation: Rotation, detail: string): void {
  const ended = changeSet.put(rotation, { stage: 'withdrawn', endedAt: changeSet.now, ...NOT_LEASED });
  changeSet.audit('withdrawn', ended, { detail });
  changeSet.destroy(ended);
}

/** Closes a rotation: the password before it is destroyed, and links that asked for this one are spent. */
function closeRotation(changeSet: ChangeSetBuilder, rotation: Rotation): void {
  changeSet.spendLinks();
  const closed = changeSet.put(rotation, { stage: 'closed', endedAt: changeSet.now });
  changeSet.audit('closed', closed);
  for (const one of changeSet.aggregate.rotations) if (one.standing === 'previous') changeSet.destroy(one);
}
