// How far a rotation is, on the managers' page: its state with its times.
import { html } from 'ghtml';
import { type StateName, stateOf, toneOf } from '../../../content/page/page-state.ts';
import { expiryInWords, momentInWords, type Words } from '../../../content/page/words.ts';
import type { Visit } from '../../../domain/ports/manager-api.ts';
import { filledFinding } from '../../../domain/submission/finding-sentences.ts';
import { element } from './sections.ts';

const MINUTE_MS = 60_000;
/** What is due is looked for so often, in ms: a check leaves so much later than it may. */
const ROUND_MS = 2_000;

/** The title of a state, with the moment of the next check where it names that. */
export function titleOf(name: StateName, progress: Visit['progress'], words: Words, now: number): string {
  const { notices } = words;
  const moment = nextMoment(progress, words, now) ?? notices.later;
  return notices.states[name].title.replace('{moment}', moment);
}

/** When it is checked next, to the minute by which it has been asked; null where no instant is promised. */
function nextMoment(
  { nextTryAt }: Visit['progress'],
  { notices, language }: Words,
  now: number,
): string | null {
  if (nextTryAt === null) return null;
  const asked = nextTryAt + ROUND_MS;
  if (asked - now < MINUTE_MS) return notices.soon;
  return momentInWords(Math.ceil(asked / MINUTE_MS) * MINUTE_MS, now, language);
}

/** Why Chorus Pro is not asked now, where the state itself does not say it. */
function whyItWaits(
  { waits, bothRefused }: Visit['progress'],
  name: StateName,
  { notices }: Words,
): string[] {
  if (waits === null || waits === 'planned') return [];
  const isSaid = waits === 'platform' ? name === 'chorus-pro-away' : waits === 'maybe-locked' && bothRefused;
  return isSaid ? [] : [notices.waits[waits]];
}

/** How far the rotation is, or nothing before anything was handed in. `heading` is h1 where nothing remains to be filled in. */
export function stateBox(
  { progress, language }: Visit,
  words: Words,
  now: number,
  heading: 'h1' | 'h2',
): string[] {
  const name = stateOf(progress);
  if (name === null) return [];
  const isLater = name === 'checked-later';
  const why = whyItWaits(progress, name, words);
  const lines = [...(isLater ? why : []), ...words.notices.states[name].lines];
  const when = (at: number | null) => (at === null ? null : momentInWords(at, now, language));
  const received = when(progress.receivedAt);
  const next = progress.waits === null || isLater ? null : nextMoment(progress, words, now);
  const retryRequested = when(progress.phase === 'proving' ? progress.retryRequestedAt : null);
  const times = [
    ...(received === null ? [] : [words.page.received(received)]),
    ...(retryRequested === null ? [] : [words.page.press.said(retryRequested)]),
    ...(next === null ? [] : [words.page.nextTry(next)]),
    ...(isLater ? [] : why),
    ...(progress.expiry === null ? [] : [expiryInWords(progress.expiry, words)]),
  ].join(' ');
  const findings = progress.phase === 'unclear' ? progress.findings : [];
  return [
    element(`section class="state ${toneOf(name)}" role="status"`, [
      html`<${heading}>${titleOf(name, progress, words, now)}</${heading}>`,
      ...lines.map((line) => html`<p>${line}</p>`),
      ...(progress.phase === 'proving' && progress.oddDate !== null
        ? [html`<p>${words.page.date.later}</p>`]
        : []),
      ...(findings.length === 0
        ? []
        : [
            element(
              'ul',
              findings.map((one) => html`<li>${filledFinding(words.findings[one.code], one)}</li>`),
            ),
          ]),
      ...(times === '' ? [] : [html`<p class="times">${times}</p>`]),
    ]),
  ];
}
