// What the page can say: how far a rotation is, or why a request was refused; and what it then offers.
import type { RotationProgress, Visit } from '../../domain/ports/manager-api.ts';
import type { Cause } from '../../domain/verification/verdict.ts';

/** Why the server refuses a request before any use case sees it; each reason has its own page and JSON answer. */
export type RefusalReason =
  | 'malformed'
  | 'no-token'
  | 'elsewhere'
  | 'not-here'
  | 'too-large'
  | 'wrong-type'
  | 'too-many'
  | 'broken'
  | 'shut';

/** A heading and its paragraphs. */
export interface Notice {
  readonly title: string;
  readonly lines: readonly string[];
}

/** How a state looks: good news, something is awaited, or the reader has to do something. */
export type Tone = 'good' | 'wait' | 'act';

const TONES = {
  unclear: 'act',
  proving: 'wait',
  'checked-later': 'wait',
  'not-yet': 'wait',
  'not-submitted': 'act',
  'both-refused': 'wait',
  'both-refused-held': 'wait',
  'chorus-pro-away': 'wait',
  'our-fault': 'wait',
  'not-entitled': 'wait',
  done: 'good',
  'done-unread': 'good',
  'handing-over': 'good',
  'taken-unproven': 'good',
  'handing-over-unproven': 'good',
  refused: 'act',
  'refused-not-submitted': 'act',
} as const satisfies Record<string, Tone>;

/** What the page says about a rotation. */
export type StateName = keyof typeof TONES;

/** Causes at Chorus Pro, PISTE or the network, which end without any action of ours. */
const AWAY: readonly Cause[] = ['chorus-pro-down', 'piste-down', 'network', 'quota'];

/** What the page says about this progress; null before anything was handed in. */
export function stateOf(progress: RotationProgress): StateName | null {
  switch (progress.phase) {
    case 'ready':
    case 'announced':
      return null;
    case 'unclear':
      return 'unclear';
    case 'proving':
      return provingState(progress);
    case 'proven':
      if (progress.proven && progress.published) return progress.readBack ? 'done' : 'done-unread';
      if (progress.proven) return 'handing-over';
      return progress.published ? 'taken-unproven' : 'handing-over-unproven';
    case 'refused':
      return progress.currentStillWorks === true ? 'refused-not-submitted' : 'refused';
  }
}

function provingState({
  cause,
  currentStillWorks,
  refusals,
  bothRefused,
  heldBefore,
  waits,
}: RotationProgress): StateName {
  if (bothRefused) return heldBefore ? 'both-refused-held' : 'both-refused';
  if (currentStillWorks === true) return 'not-submitted';
  if (cause !== null && cause !== 'password-refused') {
    if (cause === 'not-entitled') return 'not-entitled';
    return AWAY.includes(cause) ? 'chorus-pro-away' : 'our-fault';
  }
  if (refusals > 0) return 'not-yet';
  if (waits === 'platform') return 'chorus-pro-away';
  // While nothing is asked, the page must not say so.
  return waits === null ? 'proving' : 'checked-later';
}

export function toneOf(state: StateName): Tone {
  return TONES[state];
}

/**
 * What a reader may ask of the page by its address; `answer`: the form for an answer, `answered`: what became of it; `still`: no
 * refreshing.
 */
export type View = 'as-it-is' | 'start' | 'steps' | 'paste' | 'date' | 'answer' | 'answered' | 'still';

/** The longest time to the next try for which the page refreshes, and how long it does so during a try; ms. */
const SOON_MS = 60_000;
const UNDER_WAY_MS = 2 * 60_000;

/**
 * The one thing that the page shows: what is about to be done; the steps through the portal; the field for the password; a choice
 * between two readings; what became of a password; the expiry date alone; an answer without a secret, or what became of one.
 */
export type Part = 'start' | 'steps' | 'paste' | 'choice' | 'state' | 'date' | 'answer' | 'answered';

type VisitState = Pick<Visit, 'progress' | 'answered' | 'asksDate' | 'isFirst' | 'stopped'>;

/** The part that belongs to a visit, or the one that was asked for, where it makes sense now. */
export function partOf(visit: VisitState, view: View): Part {
  const { phase, proven } = visit.progress;
  const { answered } = visit;
  if (phase === 'proven' && proven) return 'state';
  // One in service that nobody vouches for may be the wrong one.
  if (view === 'paste' || view === 'answer' || view === 'date') return view;
  // One that is refused: the new one is asked for, or something is known of it already.
  const isTold = answered !== null && answered.check !== 'refused';
  const isAnswered = isTold && (view === 'answered' || (view === 'as-it-is' && phase === 'ready'));
  switch (phase) {
    case 'ready':
    case 'announced':
      // The reset is done, and the new password is all that is missing.
      if (answered?.check === 'refused' && (view === 'as-it-is' || view === 'answered')) return 'paste';
      if (isAnswered) return 'answered';
      if (phase === 'announced') return 'steps';
      // A letter that asks for a date alone leads to it; a password that is refused comes first.
      return visit.asksDate && !visit.isFirst && !visit.stopped && view === 'as-it-is' ? 'date' : 'start';
    case 'unclear':
      if (isAnswered) return 'answered';
      return view === 'steps' ? 'steps' : 'choice';
    case 'proving':
      if (isAnswered) return 'answered';
      return view === 'steps' ? 'steps' : 'state';
    case 'refused':
    case 'proven':
      return isAnswered ? 'answered' : 'state';
  }
}

/** Whether the page reloads by itself every few seconds, at the instant `now` (ms): only where nothing can be filled in. */
export function isRefreshing(
  visit: VisitState,
  { view, now }: { readonly view: View; readonly now: number },
): boolean {
  const { phase, nextTryAt, waits, receivedAt } = visit.progress;
  if (phase !== 'proving' || view === 'still' || partOf(visit, view) !== 'state') return false;
  return nextTryAt === null
    ? waits === null && receivedAt !== null && now - receivedAt < UNDER_WAY_MS
    : nextTryAt - now <= SOON_MS;
}
