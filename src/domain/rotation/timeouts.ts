// What time alone does to rotations: nothing stays stuck without somebody hearing of it, and nothing is kept for ever.

import { stop } from '../monitoring/apply-probe-verdict.ts';
import type { Condition } from '../platform/platform.ts';
import { destroySuperseded, takeUpAgain } from './accept.ts';
import { Draft, stay } from './change-set.ts';
import { newHealth } from './health.ts';
import { isTakenUp, waitingCandidates } from './may-ask.ts';
import { releaseHolds } from './receive.ts';
import {
  type Book,
  currentHealth,
  currentRotation,
  openRotation,
  type Rotation,
  type RotationRules,
  type Turn,
} from './rotation.ts';

const DAY_MS = 86_400_000;
/** An unclear submission that nobody settles is kept for so long. */
const UNCLEAR_FOR_MS = 7 * DAY_MS;

/** The instant at which time next has something to do with a rotation; null for never. */
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
    // It waits beside another one; its own time ends all the same.
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
 * Does what time bids, to every rotation of a technical user whose time has come. Answers how many there were. While its
 * platform is out nobody hears of one proof that is stuck, for the outage is told once, for all; while it ails, that waits.
 */
export function pass(book: Book, rules: RotationRules, now: number, platform: Condition): Turn<number> {
  const due = book.rotations.filter((rotation) => {
    const at = wakeAt(rotation, rules);
    return at !== null && at <= now;
  });
  if (due.length === 0) return stay(0);
  const draft = new Draft(book, now);
  for (const rotation of due) STEPS[rotation.stage]?.(draft, rotation, { platform, rules });
  return draft.turn(due.length);
}

/** What a step depends on beside the rotation: how the platform does, and the settings. */
interface Circumstances {
  readonly platform: Condition;
  readonly rules: RotationRules;
}

type Step = (draft: Draft, rotation: Rotation, circumstances: Circumstances) => void;

const STEPS: Partial<Record<Rotation['stage'], Step>> = {
  announced: (draft, rotation) => {
    end(draft, rotation, 'nothing followed the announcement');
    draft.alarm('announcement-over', rotation.id);
    releaseHolds(draft);
  },
  unclear: (draft, rotation) => {
    if (rotation.alarmed) {
      end(draft, rotation, 'nobody settled what was meant');
      destroySuperseded(draft);
      releaseHolds(draft);
      return;
    }
    // While nobody chooses, an older one that was on its way goes on; this one waits behind it.
    if (takeUpAgain(draft, ['candidate'])) {
      draft.audit('superseded', draft.put(rotation, { stage: 'superseded', endedAt: draft.now }));
      return;
    }
    draft.letter('unclear', draft.put(rotation, { alarmed: true }));
    draft.alarm('choice-missing', rotation.id);
  },
  candidate: stuck,
  verifying: stuck,
  superseded: giveUpWaiting,
  published: close,
  adopted: close,
};

/** Somebody hears of a proof that does not come to its end; what cannot be proven for weeks is given up, aloud. */
function stuck(draft: Draft, rotation: Rotation, circumstances: Circumstances): void {
  const { platform, rules } = circumstances;
  const cause = rotation.cause === null ? {} : { cause: rotation.cause };
  if (!rotation.alarmed) {
    if (platform === 'ailing') return;
    draft.put(rotation, { alarmed: true });
    // A refused password is told of by itself, at the end of its window.
    if (rotation.refusals === 0 && platform === 'well') draft.alarm('proof-stuck', rotation.id, cause);
    return;
  }
  if (isTakenUp(draft.book, rotation)) {
    giveUpWaiting(draft, rotation, circumstances);
    return;
  }
  const isRefused = rotation.refusals > 0;
  end(draft, rotation, isRefused ? 'refused in all this time' : 'no answer could be had in all this time');
  if (goesOnBehind(draft, rotation, rules)) return;
  destroySuperseded(draft);
  draft.alarm(isRefused ? 'password-refused' : 'proof-stuck', `${rotation.id}/given-up`, {
    ...cause,
    ...(isRefused ? { kept: false } : {}),
  });
  draft.letter('refusal', rotation, isRefused ? draft.now : null);
  // Where the former one is dead as well, calls would only be failures: the connector holds until one of them works.
  if (rotation.bothRefusedSince !== null) formerStopped(draft, rotation.bothRefusedSince);
  else releaseHolds(draft);
}

/** Where newer ones wait beside it, whose time is not over, the newest takes its place. Returns whether there was one. */
function goesOnBehind(draft: Draft, ended: Rotation, { giveUpAfter }: RotationRules): boolean {
  const [next] = waitingCandidates(draft.book);
  if (next === undefined || (next.receivedAt ?? 0) + giveUpAfter <= draft.now) return false;
  const { bothRefusedSince, formerWorks } = ended;
  const nextTryAt = ended.nextTryAt ?? draft.now;
  const again = { endedAt: null, nextTryAt, bothRefusedSince, formerWorks } as const;
  draft.audit('taken up again', draft.put(next, { stage: 'candidate', ...again }));
  return true;
}

/** The one in service was refused beside a candidate in all this time: it is known to be dead, and its connector holds. */
function formerStopped(draft: Draft, since: number): void {
  const current = currentRotation(draft.book);
  if (current === null || current.credential === null) return;
  const health = currentHealth(draft.book) ?? newHealth(current.id, draft.now);
  const refusals = Math.max(1, health.refusals);
  draft.health(health, { state: 'stopped', refusals, refusedAt: since, cause: 'password-refused' });
  draft.audit('stopped', current, { check: 'password-refused', detail: 'refused beside the newer one' });
}

/**
 * The time of one that waits is over. Where it waited beside an unproven password in service that Chorus Pro refuses, nobody
 * believed any of them: the connector holds, and its manager and the IT service hear that the account stands still.
 */
function giveUpWaiting(draft: Draft, rotation: Rotation, { rules }: Circumstances): void {
  end(draft, rotation, 'not believed in all this time');
  const { book } = draft;
  const [current, health] = [currentRotation(book), currentHealth(book)];
  // The newest is the last whose time ends; where no daemon ran, those of others end with it.
  const [newest = rotation] = waitingCandidates(book);
  const open = openRotation(book);
  const isLast = newest.id === rotation.id && (open === null || open.id === rotation.id);
  if (!isLast || current?.proven !== 'unverified') return;
  if (health === null || health.refusals === 0) return;
  stop(draft, current, draft.health(health, { state: 'stopped' }), rules);
}

function end(draft: Draft, rotation: Rotation, detail: string): void {
  const ended = draft.put(rotation, {
    stage: 'withdrawn',
    endedAt: draft.now,
    lease: null,
    leaseUntil: null,
  });
  draft.audit('withdrawn', ended, { detail });
  draft.destroy(ended);
}

/** Nothing is left to do: the former password is destroyed, and links that asked for this one are of no more use. */
function close(draft: Draft, rotation: Rotation): void {
  draft.spendLinks();
  const closed = draft.put(rotation, { stage: 'closed', endedAt: draft.now });
  draft.audit('closed', closed);
  for (const former of draft.book.rotations) if (former.standing === 'previous') draft.destroy(former);
}
