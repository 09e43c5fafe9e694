// How far a rotation is, on the managers' page: its state with its times.
import { html } from 'ghtml';
import { type StateName, stateOf, toneOf } from '../../../content/page/page-state.ts';
import { expiryInWords, momentInWords, type Words } from '../../../content/page/words.ts';
import type { Visit } from '../../../domain/ports/manager-api.ts';
import { filledFinding } from '../../../domain/submission/finding-sentences.ts';
import { element } from './sections.ts';

const MINUTE_MS = 60_000;

/** The title of a state, with the moment of the next check where it names that. */
export function titleOf(
  name: StateName,
  { nextTryAt }: Visit['progress'],
  { notices, language }: Words,
  now: number,
): string {
  const moment = nextTryAt === null ? '' : momentInWords(nextTryAt, now, language);
  return notices.states[name].title.replace('{moment}', moment);
}

/** How far the rotation is, or nothing before anything was handed in. `heading` is h1 where nothing remains to be filled in. */
export function stateBox(
  { progress, language }: Visit,
  words: Words,
  now: number,
  heading: 'h1' | 'h2',
): string[] {
  const name = stateOf(progress, now);
  if (name === null) return [];
  const { lines } = words.notices.states[name];
  const when = (at: number | null) => (at === null ? null : momentInWords(at, now, language));
  const received = when(progress.receivedAt);
  // A try that is overdue happens soon: its past moment is not shown.
  const isAhead = progress.phase === 'proving' && progress.nextTryAt !== null && progress.nextTryAt > now;
  const next = isAhead && name !== 'checked-later' ? progress.nextTryAt : null;
  const retryRequested = when(progress.phase === 'proving' ? progress.retryRequestedAt : null);
  const times = [
    ...(received === null ? [] : [words.page.received(received)]),
    ...(retryRequested === null ? [] : [words.page.press.said(retryRequested)]),
    ...(next === null
      ? []
      : [
          next - now < MINUTE_MS
            ? words.page.nextTrySoon
            : words.page.nextTry(momentInWords(next, now, language)),
        ]),
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
