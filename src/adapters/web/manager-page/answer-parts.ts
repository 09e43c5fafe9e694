// What a manager says on the page without a password: the expiry date, or an answer that goes to an agent.
import { html } from 'ghtml';
import { momentInWords, type Words } from '../../../content/page/words.ts';
import { ANSWER_KINDS, type AnswerKind } from '../../../domain/account/technical-user.ts';
import type { ExpiryFindingCode } from '../../../domain/parsing/expiry-date.ts';
import { dayInWords } from '../../../foundation/typography.ts';
import { type Drawn, type DrawnPart, headed, NOTHING_KEPT, ways } from './drawn-part.ts';
import {
  type FormPlace,
  faultNamed,
  faultOf,
  field,
  form,
  type Kept,
  lineInput,
  PLAIN,
  type Sentences,
  summary,
} from './fields.ts';
import { accountCard, accountLine, element, stepsSection, whoCard } from './sections.ts';

/** The expiry date alone: how to read it on the portal, and its field. */
export function date(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, here, host, kept = NOTHING_KEPT } = drawn;
  const { date: texts, ways: labels } = words.page;
  const { procedure, language } = visit;
  const { door, readDate } = procedure;
  const input = lineInput('expiry', 'maxlength="60" required', sentences, kept.expiry);
  return {
    title: texts.alone,
    main: [
      ...headed(texts.alone, visit.home.name),
      ...summary(sentences, words),
      html`<p class="lead">${texts.lead}</p>`,
      stepsSection(visit, [...door[language], ...readDate[language]]),
      element('section class="work"', [
        form(`${here}/date`, drawn, [
          field('expiry', texts, sentences, input),
          html`<button type="submit">${texts.button}</button>`,
        ]),
      ]),
      ways([startWay(drawn, labels.renew), [labels.answer, `${here}?vue=repondre`]]),
      element('div class="cards"', [accountCard(visit, words), whoCard(visit, words, host)]),
    ],
  };
}

export function answer(drawn: Drawn): DrawnPart {
  const { visit, words, sentences, here, kept = NOTHING_KEPT } = drawn;
  const { title, lead } = words.page.answer;
  return {
    title,
    main: [
      ...headed(title, null),
      ...summary(sentences, words),
      html`<p class="lead">${lead}</p>`,
      accountLine(visit, words),
      element('section class="work"', [answerForm(words, drawn, sentences, kept)]),
      ways([[words.page.ways.back, here]]),
    ],
  };
}

/** What became of an answer, and the ways onward. */
export function answered(drawn: Drawn): DrawnPart {
  const { visit, words, here, now } = drawn;
  const { answered: given, language } = visit;
  if (given === null) throw new Error('there is no answer to show');
  const { title: titles, ...texts } = words.page.answered;
  const day = (on: string | null) => (on === null ? '' : dayInWords(Temporal.PlainDate.from(on), language));
  const { kind, check } = given;
  // One that is refused is told where the new one is pasted.
  const name = kind === 'done-already' ? (check === null || check === 'refused' ? 'unknown' : check) : kind;
  const title = titles[name](day(given.day));
  const more = name === 'will-do' || name === 'away' || name === 'call-back' ? [] : [texts[name]];
  const { quietUntil } = given;
  const isCut = quietUntil !== null && given.day !== null && quietUntil <= given.day;
  const quiet = quietUntil === null ? texts.loud : texts[isCut ? 'cut' : 'quiet'](day(quietUntil));
  const { ways: labels } = words.page;
  const tone = { works: 'act', unknown: 'wait', unasked: 'act' }[name as string] ?? 'good';
  return {
    title,
    main: [
      element(`section class="state ${tone}" role="status"`, [
        html`<h1>${title}</h1>`,
        ...[...more, quiet].map((line) => html`<p>${line}</p>`),
        html`<p class="times">${texts.given(momentInWords(given.at, now, language))}</p>`,
      ]),
      ways([
        startWay(drawn, labels.start),
        [labels.paste, `${here}?vue=formulaire`],
        [labels.otherAnswer, `${here}?vue=repondre`],
      ]),
      accountLine(visit, words),
    ],
  };
}

/** The way to the start under its label; to where the reset is, once it is begun. */
function startWay({ visit, words, here }: Drawn, label: string): readonly [label: string, href: string] {
  return visit.progress.phase === 'ready' ? [label, `${here}?vue=depart`] : [words.page.ways.onward, here];
}

/** Asks for the expiry date once the password is proven; after another odd one it says that the computed one holds. */
export function dateSection(
  { page: { date }, findings }: Words,
  place: FormPlace,
  sentences: Sentences,
  oddDate: ExpiryFindingCode | null,
): string {
  const why = oddDate === null ? date.why : `${date.why} ${findings[oddDate]}`;
  return element('section class="work" aria-labelledby="date"', [
    html`<h2 id="date">${date.heading}</h2>`,
    html`<p>${sentences.has('expiry') ? date.kept : why}</p>`,
    form(`${place.here}/date`, place, [
      field('expiry', date, sentences, lineInput('expiry', 'maxlength="60" required', sentences, '')),
      html`<button type="submit" class="second">${date.button}</button>`,
    ]),
  ]);
}

/** The answers to choose from, each with its day or its text; nothing is chosen beforehand. */
function answerForm(words: Words, place: FormPlace, sentences: Sentences, kept: Kept): string {
  const { answer } = words.page;
  return form(`${place.here}/reponse`, place, [
    element('fieldset', [
      html`<legend>${answer.heading}</legend>`,
      ...faultOf('answer', sentences),
      ...ANSWER_KINDS.map((kind, place) =>
        answerChoice(kind, words, sentences, { kept, isFirst: place === 0 }),
      ),
    ]),
    html`<button type="submit">${answer.button}</button>`,
  ]);
}

function answerChoice(
  kind: AnswerKind,
  { page }: Words,
  sentences: Sentences,
  { kept, isFirst }: { readonly kept: Kept; readonly isFirst: boolean },
): string {
  const { label, detail } = page.answer.choices[kind];
  const id = isFirst ? 'answer' : `answer-${kind}`;
  const chosen = kept.answer === kind ? ' checked' : '';
  return element('div class="option"', [
    `<input type="radio" id="${id}" name="answer" value="${kind}" required${chosen}>`,
    html`<label for="${id}">${label}</label>`,
    element('div class="detail"', detailOf(kind, detail, sentences, kept.answer === kind ? kept.day : '')),
  ]);
}

/** The day or the text of an answer; for one without either, what happens then. A text that was wrong is not shown again. */
function detailOf(kind: AnswerKind, label: string, sentences: Sentences, day: string): string[] {
  if (kind === 'done-already') return [html`<p class="hint">${label}</p>`];
  const id = `detail-${kind}`;
  const most = kind === 'will-do' || kind === 'away' ? 60 : 200;
  return [
    html`<label for="${id}">${label}</label>`,
    ...faultOf(id, sentences),
    `<input type="text" id="${id}" name="${id}" maxlength="${most}" ${PLAIN}${faultNamed(id, sentences)}` +
      html` value="${day}">`,
  ];
}
