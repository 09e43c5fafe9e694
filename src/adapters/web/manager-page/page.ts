// The page behind a manager's link, from a visit to HTML.
import { html } from 'ghtml';
import { type Offer, offerOf, stateOf, type View } from '../../../content/page/page-state.ts';
import { type Words, wordsIn } from '../../../content/page/words.ts';
import type { Visit } from '../../../domain/ports/manager-api.ts';
import {
  announceForm,
  choiceForm,
  type Faults,
  handForm,
  type Kept,
  NO_FAULTS,
  pressForm,
  sentencesOf,
  summary,
} from './fields.ts';
import { accountCard, element, numbered, page, stateBox, stepsSection, ways, whoCard } from './sections.ts';

/** What the page is made of. */
export interface FormPage {
  readonly visit: Visit;
  /** Paths of the server and of this page, and the address that a browser shows. */
  readonly base: string;
  readonly here: string;
  readonly host: string;
  readonly csrfToken: string;
  readonly view: View;
  /** ms. */
  readonly now: number;
  readonly faults?: Faults;
  readonly kept?: Kept;
}

const NOTHING_KEPT: Kept = { login: '', expiry: '' };

/** The page as it is now; with `faults`, the page after a form that has to be corrected. */
export function formPage(given: FormPage): string {
  const { visit, base, now, view, faults = NO_FAULTS } = given;
  const words = wordsIn(visit.language);
  const offer = offerOf(visit.progress, view, now);
  const state = stateOf(visit.progress);
  const sentences = sentencesOf(faults, words);
  const title = state === null || offer.form ? words.page.title : words.notices.states[state].title;
  const frame = {
    words,
    base,
    itService: visit.itService,
    title: `${sentences.size > 0 ? words.page.fault : ''}${title} – ${visit.home.name}`,
  };
  if (!offer.form) {
    return page(frame, [
      ...stateBox(visit, words, now, 'h1'),
      ...ways(words, offer, given.here),
      cards(given, words),
    ]);
  }
  return page(frame, [
    html`<h1>${words.page.title}</h1>`,
    ...summary(sentences, words),
    ...(sentences.size > 0 ? [] : stateBox(visit, words, now, 'h2')),
    ...(offer.press ? [pressForm(words, given, { asksNow: !visit.progress.bothRefused })] : []),
    ...(state === null && sentences.size === 0
      ? [html`<p class="lead">${visit.stopped ? words.page.leadStopped : words.page.lead}</p>`]
      : []),
    ...(offer.choice ? [choiceSection(given, words, sentences)] : []),
    cards(given, words),
    ...workSections(given, words, offer, sentences),
  ]);
}

function cards({ visit, host }: FormPage, words: Words): string {
  return element('div class="cards"', [accountCard(visit, words), whoCard(visit, words, host)]);
}

type Sentences = ReturnType<typeof sentencesOf>;

function choiceSection(given: FormPage, words: Words, sentences: Sentences): string {
  return element('section class="work"', [choiceForm(words, given, sentences, given.visit.progress)]);
}

/** Announce, reset, paste: numbered as they are done; the last two beside each other where there is room. */
function workSections(given: FormPage, words: Words, offer: Offer, sentences: Sentences): string[] {
  const { page: texts } = words;
  const { visit, kept = NOTHING_KEPT } = given;
  const { phase } = visit.progress;
  const isAnother = phase === 'unclear' || phase === 'proving' || phase === 'refused';
  // While a password is in hand another one is the exception: nothing to number.
  const place = (number: number) => (phase === 'unclear' || phase === 'proving' ? null : number);
  const before = offer.announce ? 1 : 0;
  const announce = element('section class="work" aria-labelledby="announce"', [
    numbered('announce', 1, texts.announce.heading),
    announceForm(words, given, sentences),
  ]);
  const hand = element('section class="work" aria-labelledby="hand"', [
    numbered('hand', place(before + 2), isAnother ? texts.hand.anotherHeading : texts.hand.heading),
    ...(offer.choice ? [html`<p>${texts.choice.anew}</p>`] : []),
    handForm(words, given, sentences, kept),
  ]);
  return [
    ...(offer.announce ? [announce] : []),
    element('div class="beside"', [stepsSection(visit, words, place(before + 1)), hand]),
  ];
}
