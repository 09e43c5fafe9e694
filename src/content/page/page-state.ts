// What the page can say: how far a rotation is, or why a request was refused; and what it then offers.
import type { RotationProgress } from '../../domain/ports/manager-api.ts';
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
  announced: 'good',
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

/** What the page says about this progress at the instant `now` (ms); null before anything was done. */
export function stateOf(progress: RotationProgress, now: number): StateName | null {
  switch (progress.phase) {
    case 'ready':
      return null;
    case 'announced':
    case 'unclear':
      return progress.phase;
    case 'proving':
      return provingState(progress, now);
    case 'proven':
      if (progress.proven) return progress.published ? 'done' : 'handing-over';
      return progress.published ? 'taken-unproven' : 'handing-over-unproven';
    case 'refused':
      return progress.currentStillWorks === true ? 'refused-not-submitted' : 'refused';
  }
}

function provingState(
  { cause, currentStillWorks, refusals, bothRefused, heldBefore, nextTryAt }: RotationProgress,
  now: number,
): StateName {
  if (bothRefused) return heldBefore ? 'both-refused-held' : 'both-refused';
  if (currentStillWorks === true) return 'not-submitted';
  if (cause !== null && cause !== 'password-refused') {
    if (cause === 'not-entitled') return 'not-entitled';
    return AWAY.includes(cause) ? 'chorus-pro-away' : 'our-fault';
  }
  if (refusals > 0) return 'not-yet';
  // Nothing is asked now: the page must not say so.
  return nextTryAt !== null && nextTryAt - now > SOON_MS ? 'checked-later' : 'proving';
}

export function toneOf(state: StateName): Tone {
  return TONES[state];
}

/** What a reader may ask of the page by its address: the form although a password is being verified, or no refreshing. */
export type View = 'as-it-is' | 'form' | 'still';

/** The longest time to the next try for which the page refreshes, and how long it does so during a try; ms. */
const SOON_MS = 60_000;
const UNDER_WAY_MS = 2 * 60_000;

const NOTHING = {
  announce: false,
  choice: false,
  form: false,
  /** A button that says « submitted »: after a refusal. */
  press: false,
  /** Reloads every few seconds; never while something can be typed. */
  refreshes: false,
  /** A link to the form, where it is not shown. */
  another: false,
  /** The expiry date, where the one that came with the password was odd. */
  date: false,
};

/** What the page offers below the state. */
export type Offer = Readonly<typeof NOTHING>;

/** What the page offers at this progress. `now` in ms. */
export function offerOf(progress: RotationProgress, view: View, now: number): Offer {
  const { phase, refusals, currentStillWorks, nextTryAt, receivedAt } = progress;
  if (phase === 'proven') return { ...NOTHING, date: progress.oddDate !== null };
  if (phase !== 'proving') {
    const announce = phase === 'ready' || phase === 'refused';
    return { ...NOTHING, announce, choice: phase === 'unclear', form: true };
  }
  // Refused once: another password may be the cure, so the form is shown.
  const form = view === 'form' || refusals > 0 || currentStillWorks === true;
  const isSoon =
    nextTryAt === null ? receivedAt !== null && now - receivedAt < UNDER_WAY_MS : nextTryAt - now <= SOON_MS;
  const refreshes = isSoon && !form && view !== 'still';
  return { ...NOTHING, form, press: refusals > 0, refreshes, another: !form };
}
