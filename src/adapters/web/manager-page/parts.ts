// The page behind a manager's link, from a visit to HTML: one thing a page, and the links from one to another.
import { html } from 'ghtml';
import { isRefreshing, type Part, partOf, stateOf, type View } from '../../../content/page/page-state.ts';
import { type Words, wordsIn } from '../../../content/page/words.ts';
import type { Visit } from '../../../domain/ports/manager-api.ts';
import {
  announceForm,
  choiceForm,
  dateSection,
  type Faults,
  type FormPlace,
  type Kept,
  NO_FAULTS,
  pasteForm,
  pressForm,
  type Sentences,
  sentencesOf,
  summary,
} from './fields.ts';
import { accountCard, accountLine, element, page, stepsSection, whoCard } from './sections.ts';
import { stateBox, titleOf } from './state-box.ts';

/** What the page is made of. */
export interface LinkPage extends FormPlace {
  readonly visit: Visit;
  /** The address that a browser shows. */
  readonly host: string;
  readonly view: View;
  /** ms. */
  readonly now: number;
  readonly faults?: Faults;
  readonly kept?: Kept;
  /** Whether the reader comes back to what was finished before. */
  readonly isReturn?: boolean;
}

/** A page with its words and the sentences about what has to be corrected. */
interface Drawn extends LinkPage {
  readonly words: Words;
  readonly sentences: Sentences;
}

/** The heading of a part, and what stands below it. */
interface DrawnPart {
  readonly title: string;
  readonly main: readonly string[];
}

const NOTHING_KEPT: Kept = { login: '', expiry: '' };

/** The page as it is now; with `faults`, the page after a form that has to be corrected. */
export function linkPage(given: LinkPage): string {
  const { visit, view, faults = NO_FAULTS } = given;
  const words = wordsIn(visit.language);
  const sentences = sentencesOf(faults, words);
  const { title, main } = PARTS[partOf(visit.progress, view)]({ ...given, words, sentences });
  const frame = {
    words,
    itService: visit.itService,
    title: `${sentences.size > 0 ? words.page.fault : ''}${title} – ${visit.home.name}`,
  };
  return page(frame, main);
}

const PARTS: Readonly<Record<Part, (drawn: Drawn) => DrawnPart>> = { start, steps, paste, choice, state };

/** A heading below its caption: which step of the way it is. */
function headed(title: string, caption: string | null): string[] {
  const heading = html`<h1>${title}</h1>`;
  return caption === null ? [heading] : [html`<p class="step">${caption}</p>`, heading];
}

function start(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, host, here } = drawn;
  const { title, lead, leadStopped } = words.page.start;
  const isStopped = visit.stopped;
  return {
    title,
    main: [
      ...headed(title, `${visit.home.name} – ${words.page.step(1)}`),
      ...summary(sentences, words),
      html`<p class="lead">${isStopped ? leadStopped : lead}</p>`,
      element('section class="work"', [announceForm(words, drawn, sentences)]),
      ways([[words.page.ways.paste, `${here}?vue=formulaire`]]),
      element('div class="cards"', [accountCard(visit, words), whoCard(visit, words, host)]),
    ],
  };
}

function steps({ visit, words, here }: Drawn): DrawnPart {
  const { title, announced, again, next, changedMind } = words.page.steps;
  const isAnnounced = visit.progress.phase === 'announced';
  return {
    title,
    main: [
      ...headed(title, words.page.step(2)),
      html`<p class="lead">${isAnnounced ? announced : again}</p>`,
      accountLine(visit, words),
      stepsSection(visit),
      html`<p><a class="button" href="${here}?vue=formulaire">${next}</a></p>`,
      ...(isAnnounced ? [html`<p class="quiet">${changedMind}</p>`] : []),
    ],
  };
}

function paste(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, here, now, kept = NOTHING_KEPT } = drawn;
  const { phase } = visit.progress;
  const isFirst = phase === 'ready' || phase === 'announced';
  const { title: firstTitle, anotherTitle } = words.page.paste;
  const title = isFirst ? firstTitle : anotherTitle;
  return {
    title,
    main: [
      ...headed(title, isFirst ? words.page.step(3) : null),
      ...summary(sentences, words),
      ...(isFirst || sentences.size > 0 ? [] : stateBox(visit, words, now, 'h2')),
      accountLine(visit, words),
      element('section class="work"', [pasteForm(words, drawn, sentences, kept)]),
      ways([
        ...(phase === 'announced' || phase === 'proving'
          ? [[words.page.ways.steps, `${here}?vue=etapes`] as const]
          : []),
        ...(isFirst ? [] : [[words.page.ways.state, here] as const]),
      ]),
    ],
  };
}

function choice(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, here, now } = drawn;
  return {
    title: titleOf('unclear', visit.progress, words, now),
    main: [
      ...stateBox(visit, words, now, 'h1'),
      ...summary(sentences, words),
      element('section class="work"', [choiceForm(words, drawn, sentences, visit.progress)]),
      ways([[words.page.choice.startAgain, `${here}?vue=formulaire`]]),
      accountLine(visit, words),
    ],
  };
}

/** What became of a password, and what can be done about it now. */
function state(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, here, now, view } = drawn;
  const { progress } = visit;
  const { phase, refusals, bothRefused, oddDate } = progress;
  const name = stateOf(progress) ?? 'proving';
  const texts = words.page;
  const isOpen = phase !== 'proven';
  return {
    title: titleOf(name, progress, words, now),
    main: [
      ...stateBox(visit, words, now, 'h1'),
      ...summary(sentences, words),
      ...(phase === 'proving' && refusals > 0 ? [pressForm(words, drawn, { asksNow: !bothRefused })] : []),
      ...(phase === 'refused'
        ? [element('section class="work"', [announceForm(words, drawn, sentences)])]
        : []),
      ...(!isOpen && oddDate !== null ? [dateSection(words, drawn, sentences, oddDate)] : []),
      ...(drawn.isReturn === true ? [html`<p class="quiet">${words.notices.since}</p>`] : []),
      ways([
        ...(isOpen ? [[texts.ways.another, `${here}?vue=formulaire`] as const] : []),
        ...(phase === 'proving' && refusals > 0 ? [[texts.ways.steps, `${here}?vue=etapes`] as const] : []),
      ]),
      ...(isRefreshing(progress, { view, now })
        ? [
            html`<p class="quiet">${texts.refreshing} <a href="${here}?vue=fixe">${texts.stopRefreshing}</a></p>`,
          ]
        : []),
      accountLine(visit, words),
    ],
  };
}

/** Links to other parts; nothing where there are none. */
function ways(links: readonly (readonly [label: string, href: string])[]): string {
  if (links.length === 0) return '';
  return element(
    'ul class="ways"',
    links.map(([label, href]) => html`<li><a href="${href}">${label}</a></li>`),
  );
}
