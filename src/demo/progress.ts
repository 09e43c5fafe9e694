// The progress of the story, read from the link, the account's rotation aggregate, the portal and the connector.
import type { Clock } from '../domain/ports/clock.ts';
import { currentRotation, findOpenRotation, type RotationAggregate } from '../domain/rotation/rotation.ts';
import type { PortalRequests, ResetRequest } from '../simulator/portal/reset-requests.ts';
import type { DemoEvent } from './events.ts';
import { STORY } from './fleet.ts';
import type { Gaps, StoryStatus, StoryStep } from './pages/dashboard-view.ts';

export type StoryProgress = ReturnType<typeof trackProgress>;

/** Tracks the story from now on; `real` counts real ms. A link opened after the end starts it again. */
export function trackProgress(clock: Clock, requests: PortalRequests, real: () => number = Date.now) {
  let since = clock.now().epochMilliseconds;
  let opened = false;
  const meter = gapMeter(real);
  return {
    /** Records an event; returns the gaps when this event completed their measurement. */
    record: (event: DemoEvent) => {
      if (event.kind === 'connector') {
        const { state, lastGoodAt } = event.report;
        return state === 'working' && lastGoodAt !== null ? meter.succeeded(lastGoodAt) : null;
      }
      if (!('login' in event) || event.login !== STORY.login) return null;
      if (event.kind === 'opened') {
        if (meter.gaps !== null) since = clock.now().epochMilliseconds;
        meter.begin();
        opened = true;
      }
      if (event.kind === 'submitted') meter.submitted();
      if (event.kind === 'published') meter.published();
      return null;
    },
    /** Null until the story is done. */
    get gaps() {
      return meter.gaps;
    },
    /** The steps that are done, and the status of the handover. */
    statusOf: (aggregate: RotationAggregate) => {
      const mine = requests.history(STORY).filter(({ openedAt }) => openedAt >= since);
      const facts = { since, opened, gaps: meter.gaps };
      return { done: doneIn(aggregate, mine, facts), status: statusIn(aggregate, mine, facts) };
    },
  };
}

/** Measures from the last password in the form to the first successful call after it was written; all in real ms. */
function gapMeter(real: () => number) {
  let submittedAt: number | null = null;
  let publishedAt: number | null = null;
  let goodAt: number | null = null;
  let gaps: Gaps | null = null;
  return {
    get gaps() {
      return gaps;
    },
    /** Starts again once a gap was measured. */
    begin: () => {
      if (gaps !== null) [submittedAt, publishedAt, gaps] = [null, null, null];
    },
    submitted: () => {
      if (publishedAt === null) submittedAt = real();
    },
    published: () => {
      publishedAt ??= real();
    },
    succeeded: (at: number): Gaps | null => {
      const before = goodAt ?? at;
      goodAt = at;
      if (gaps !== null || publishedAt === null || submittedAt === null || at < publishedAt) return null;
      gaps = { sinceSubmissionMs: at - submittedAt, withoutInvoicesMs: at - before };
      return gaps;
    },
  };
}

/** What is known beside the aggregate. */
interface StoryFacts {
  readonly since: number;
  readonly opened: boolean;
  readonly gaps: Gaps | null;
}

function doneIn(
  aggregate: RotationAggregate,
  requests: readonly ResetRequest[],
  { since, opened, gaps }: StoryFacts,
): ReadonlySet<StoryStep> {
  const isDone: Readonly<Record<StoryStep, boolean>> = {
    letter: opened,
    announce: aggregate.rotations.some(({ announcedUntil }) => (announcedUntil ?? 0) > since),
    reset: requests.some(({ state }) => state === 'submitted'),
    submit: (currentRotation(aggregate)?.acceptedAt ?? 0) >= since,
    resume: gaps !== null,
  };
  return new Set((Object.keys(isDone) as StoryStep[]).filter((step) => isDone[step]));
}

function statusIn(
  aggregate: RotationAggregate,
  requests: readonly ResetRequest[],
  { since, gaps }: StoryFacts,
): StoryStatus {
  const open = findOpenRotation(aggregate);
  const [request] = requests.slice(-1);
  if (open !== null && open.stage !== 'announced') {
    if (open.stage === 'unclear') return 'unclear';
    if (open.currentStillWorks === true) return 'not-submitted';
    if (open.cause !== null && open.cause !== 'password-refused') return 'no-answer';
    return open.refusals > 0 ? 'refused-once' : 'verifying';
  }
  if ((currentRotation(aggregate)?.acceptedAt ?? 0) >= since) return gaps === null ? 'verified' : 'done';
  if (request?.state === 'submitted') return 'submitted';
  if (request?.state === 'open') return 'shown';
  if (open !== null) return 'announced';
  const isRefused = aggregate.rotations.some(
    ({ stage, endedAt }) => stage === 'refused' && (endedAt ?? 0) >= since,
  );
  return isRefused ? 'refused' : 'nothing';
}
