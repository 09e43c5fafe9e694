// How far the story has come, from what is truly so: the link, the book of the account, the portal, the connector.
import type { Clock } from '../domain/ports/clock.ts';
import { currentRotation, openRotation, type RotationAggregate } from '../domain/rotation/rotation.ts';
import type { PortalRequests, ResetRequest } from '../simulator/portal/reset-requests.ts';
import type { Happening } from './events.ts';
import { STORY } from './fleet.ts';
import type { Gaps, Stand, StoryStep } from './pages/dashboard-view.ts';

/** The story as it goes. */
export interface Course {
  /** Takes note of what happens; answers the gaps when this very happening closed them. */
  heard(happening: Happening): Gaps | null;
  /** Once the story is lived; null before. */
  readonly gaps: Gaps | null;
  /** What is done, and where the handover stands. */
  standing(aggregate: RotationAggregate): { readonly done: ReadonlySet<StoryStep>; readonly stand: Stand };
}

/** Begins a course; `real` counts real ms. A link opened after the end begins the next one. */
export function openCourse(clock: Clock, requests: PortalRequests, real: () => number = Date.now): Course {
  let since = clock.now().epochMilliseconds;
  let opened = false;
  const meter = gapMeter(real);
  return {
    heard: (happening) => {
      if (happening.kind === 'connector') {
        const { state, lastGoodAt } = happening.report;
        return state === 'working' && lastGoodAt !== null ? meter.good(lastGoodAt) : null;
      }
      if (!('login' in happening) || happening.login !== STORY.login) return null;
      if (happening.kind === 'opened') {
        if (meter.gaps !== null) since = clock.now().epochMilliseconds;
        meter.begin();
        opened = true;
      }
      if (happening.kind === 'handed-in') meter.handedIn();
      if (happening.kind === 'published') meter.published();
      return null;
    },
    get gaps() {
      return meter.gaps;
    },
    standing: (aggregate) => {
      const mine = requests.history(STORY).filter(({ openedAt }) => openedAt >= since);
      const known = { since, opened, gaps: meter.gaps };
      return { done: doneIn(aggregate, mine, known), stand: standOf(aggregate, mine, known) };
    },
  };
}

/** Measures from the last password in the form to the first good call after it was written; all in real ms. */
function gapMeter(real: () => number) {
  let handedInAt: number | null = null;
  let publishedAt: number | null = null;
  let goodAt: number | null = null;
  let gaps: Gaps | null = null;
  return {
    get gaps() {
      return gaps;
    },
    /** Anew, once a gap was measured. */
    begin: () => {
      if (gaps !== null) [handedInAt, publishedAt, gaps] = [null, null, null];
    },
    handedIn: () => {
      if (publishedAt === null) handedInAt = real();
    },
    published: () => {
      publishedAt ??= real();
    },
    good: (at: number): Gaps | null => {
      const before = goodAt ?? at;
      goodAt = at;
      if (gaps !== null || publishedAt === null || handedInAt === null || at < publishedAt) return null;
      gaps = { sinceHandedInMs: at - handedInAt, withoutInvoicesMs: at - before };
      return gaps;
    },
  };
}

/** What the course knows beside the book. */
interface Known {
  readonly since: number;
  readonly opened: boolean;
  readonly gaps: Gaps | null;
}

function doneIn(
  aggregate: RotationAggregate,
  requests: readonly ResetRequest[],
  { since, opened, gaps }: Known,
): ReadonlySet<StoryStep> {
  const isDone: Readonly<Record<StoryStep, boolean>> = {
    letter: opened,
    announce: aggregate.rotations.some(({ announcedUntil }) => (announcedUntil ?? 0) > since),
    reset: requests.some(({ state }) => state === 'submitted'),
    'hand-in': (currentRotation(aggregate)?.acceptedAt ?? 0) >= since,
    'goes-on': gaps !== null,
  };
  return new Set((Object.keys(isDone) as StoryStep[]).filter((step) => isDone[step]));
}

function standOf(
  aggregate: RotationAggregate,
  requests: readonly ResetRequest[],
  { since, gaps }: Known,
): Stand {
  const open = openRotation(aggregate);
  const [request] = requests.slice(-1);
  if (open !== null && open.stage !== 'announced') {
    if (open.stage === 'unclear') return 'unclear';
    if (open.previousStillWorks === true) return 'not-submitted';
    if (open.cause !== null && open.cause !== 'password-refused') return 'no-answer';
    return open.refusals > 0 ? 'refused-once' : 'proving';
  }
  if ((currentRotation(aggregate)?.acceptedAt ?? 0) >= since) return gaps === null ? 'proven' : 'lived';
  if (request?.state === 'submitted') return 'submitted';
  if (request?.state === 'open') return 'shown';
  if (open !== null) return 'announced';
  const isRefused = aggregate.rotations.some(
    ({ stage, endedAt }) => stage === 'refused' && (endedAt ?? 0) >= since,
  );
  return isRefused ? 'refused' : 'nothing';
}
