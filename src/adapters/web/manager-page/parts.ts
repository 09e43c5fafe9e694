// The page behind a manager's link, from a visit to HTML: one thing a page, and the links from one to another.
import { html } from 'ghtml';
import { isRefreshing, type Part, partOf, stateOf } from '../../../content/page/page-state.ts';
import { firstWordsIn, wordsIn } from '../../../content/page/words.ts';
import { answer, answered, date, dateSection } from './answer-parts.ts';
import { type Drawn, type DrawnPart, headed, type LinkPage, NOTHING_KEPT, ways } from './drawn-part.ts';
import { announceForm, choiceForm, NO_FAULTS, pasteForm, pressForm, sentencesOf, summary } from './fields.ts';
import { accountCard, accountLine, element, page, stepsSection, whoCard } from './sections.ts';
import { stateBox, titleOf } from './state-box.ts';

/** The page as it is now; with `faults`, the page after a form that has to be corrected. */
export function linkPage(given: LinkPage): string {
  const { visit, view, faults = NO_FAULTS } = given;
  const words = visit.isFirst ? firstWordsIn(visit.language) : wordsIn(visit.language);
  const sentences = sentencesOf(faults, words);
  const { title, main } = PARTS[partOf(visit, view)]({ ...given, words, sentences });
  const frame = {
    words,
    itService: visit.itService,
    title: `${sentences.size > 0 ? words.page.fault : ''}${title} – ${visit.home.name}`,
  };
  return page(frame, main);
}

const PARTS: Readonly<Record<Part, (drawn: Drawn) => DrawnPart>> = {
  start,
  steps,
  paste,
  choice,
  state,
  date,
  answer,
  answered,
};

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
      ways([
        [words.page.ways.paste, `${here}?vue=formulaire`],
        [words.page.ways.answer, `${here}?vue=repondre`],
      ]),
      element('div class="cards"', [accountCard(visit, words), whoCard(visit, words, host)]),
    ],
  };
}

function steps({ visit, words, here }: Drawn): DrawnPart {
  const { procedure, language } = visit;
  const { door, renew } = procedure;
  const { title, announced, again, next, changedMind } = words.page.steps;
  const { phase } = visit.progress;
  const isAnnounced = phase === 'announced';
  const isReceived = phase === 'proving' || phase === 'unclear';
  return {
    title,
    main: [
      ...headed(title, words.page.step(2)),
      html`<p class="lead">${isAnnounced ? announced : again}</p>`,
      accountLine(visit, words),
      stepsSection(visit, [...door[language], ...renew[language]]),
      html`<p><a class="button" href="${here}?vue=formulaire">${next}</a></p>`,
      ...(isAnnounced && !visit.isFirst ? [html`<p class="quiet">${changedMind}</p>`] : []),
      ways([
        ...(isReceived ? [[words.page.ways.state, here] as const] : []),
        [words.page.ways.answer, `${here}?vue=repondre`],
      ]),
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
      ...(visit.answered?.check === 'refused'
        ? [html`<p class="lead">${words.page.answered.refused}</p>`]
        : []),
      accountLine(visit, words),
      element('section class="work"', [pasteForm(words, drawn, sentences, kept)]),
      ways([
        ...(phase === 'announced' || phase === 'proving'
          ? [[words.page.ways.steps, `${here}?vue=etapes`] as const]
          : []),
        ...(phase === 'ready' ? [[words.page.ways.begin, `${here}?vue=depart`] as const] : []),
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

/** So long after it was handed in nobody has reset the password again; ms. */
const FRESH_MS = 10 * 60_000;

/** What became of a password, and what can be done about it now. */
function state(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, here, now, view } = drawn;
  const { progress } = visit;
  const { phase, refusals, bothRefused, oddDate, receivedAt } = progress;
  const name = stateOf(progress) ?? 'proving';
  const texts = words.page;
  const isOpen = phase !== 'proven';
  // A link whose password nobody vouches for takes another one, until it is spent.
  const takesAnother = isOpen || (!progress.proven && drawn.isReturn !== true);
  const isFresh = receivedAt !== null && now - receivedAt < FRESH_MS;
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
      ...(drawn.isReturn === true && !isFresh ? [html`<p class="quiet">${words.notices.since}</p>`] : []),
      ways([
        ...(takesAnother ? [[texts.ways.another, `${here}?vue=formulaire`] as const] : []),
        ...(phase === 'proving' && refusals > 0 ? [[texts.ways.steps, `${here}?vue=etapes`] as const] : []),
        ...(isOpen ? [[texts.ways.answer, `${here}?vue=repondre`] as const] : []),
      ]),
      ...(isRefreshing(visit, { view, now })
        ? [
            html`<p class="quiet">${texts.refreshing} <a href="${here}?vue=fixe">${texts.stopRefreshing}</a></p>`,
          ]
        : []),
      accountLine(visit, words),
    ],
  };
}
