// The page behind a manager's link, from a visit to HTML, and the few ways in which it answers a form.
import type { FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { type Notice, type Offer, offerOf, stateOf, type View } from '../../../content/page/page-state.ts';
import { momentInWords, type Words, wordsIn } from '../../../content/page/words.ts';
import type { Language } from '../../../domain/account/technical-user.ts';
import type {
  DateResult,
  LinkEnd,
  RotationProgress,
  SubmissionResult,
  Visit,
} from '../../../domain/ports/manager-api.ts';
import type { HttpError } from '../http-errors.ts';
import { csrfTokenOf, type FormBody } from '../request.ts';
import type { ServerContext } from '../server-settings.ts';
import {
  announceForm,
  choiceForm,
  dateSection,
  type Faults,
  handForm,
  type Kept,
  keptOf,
  NO_FAULTS,
  pressForm,
  type Sentences,
  sentencesOf,
  summary,
} from './fields.ts';
import { accountCard, element, HTML, noticePage, numbered, page, stepsSection, whoCard } from './sections.ts';
import { stateBox, titleOf, ways } from './state-box.ts';

/** A link that is spent has done its work; the others are gone, or never were. */
const END_STATUS: Readonly<Record<LinkEnd, number>> = {
  unknown: 404,
  spent: 200,
  expired: 410,
  retired: 410,
};

/** A form that passed every check, and the link it belongs to. */
export interface SubmittedForm {
  readonly token: string;
  readonly visit: Visit;
  readonly body: FormBody;
  readonly reply: FastifyReply;
}

/** The answers of the page. */
export type FormAnswers = ReturnType<typeof answersOf>;

/** Builds the answers. */
export function answersOf({ settings, publicUrl }: ServerContext) {
  const { itService } = settings;
  const placeOf = (token: string) => ({
    here: `/m/${encodeURIComponent(token)}`,
    host: publicUrl.origin,
    csrfToken: csrfTokenOf(token),
    now: settings.now(),
  });
  const show = (
    reply: FastifyReply,
    token: string,
    more: Pick<FormPage, 'visit' | 'view' | 'faults' | 'kept' | 'isReturn'>,
  ) => reply.type(HTML).send(formPage({ ...placeOf(token), ...more }));
  const tell = (reply: FastifyReply, language: Language, choose: (all: Words['notices']) => Notice) => {
    const words = wordsIn(language);
    return reply.type(HTML).send(noticePage({ words, itService }, choose(words.notices), []));
  };
  const answers = {
    /** The page as it is now. */
    open: (reply: FastifyReply, token: string, visit: Visit, view: View) =>
      show(reply, token, { visit, view }),
    /** The success, for those who come back by a link that has done its work. */
    returned: (reply: FastifyReply, token: string, visit: Visit) =>
      show(reply, token, { visit, view: 'as-it-is', isReturn: true }),
    /** The success, with a date that has to be corrected. */
    correctDate: (
      { reply, token, visit }: SubmittedForm,
      { code, progress }: Extract<DateResult, { kind: 'odd' }>,
    ) =>
      show(reply.code(422), token, {
        visit: { ...visit, progress },
        view: 'as-it-is',
        faults: { ...NO_FAULTS, findings: [{ field: 'expiry', code }] },
      }),
    /** The page again, with what has to be corrected. */
    correct: ({ reply, token, visit, body }: SubmittedForm, faults: Partial<Faults>) =>
      show(reply.code(422), token, {
        visit,
        view: 'form',
        faults: { ...NO_FAULTS, ...faults },
        kept: keptOf(body, visit.login),
      }),
    /** Back to the page by GET: it can be reloaded without posting the form again. */
    back: (reply: FastifyReply, token: string) => reply.redirect(placeOf(token).here, 303),
    /** A link that ended while its form was filled in; one that is spent now shows the success. */
    closed: ({ reply, token, visit }: SubmittedForm, why: LinkEnd): FastifyReply =>
      why === 'spent' ? answers.back(reply, token) : answers.ended(reply, why, visit.language),
    ended: (reply: FastifyReply, why: LinkEnd, language = settings.language) =>
      tell(reply.code(END_STATUS[why]), language, ({ ended }) => ended[why]),
    /** What became of a password that was submitted. */
    submitted: (form: SubmittedForm, result: SubmissionResult): FastifyReply => {
      const { reply, token, visit } = form;
      switch (result.kind) {
        case 'received': {
          const { progress } = result;
          // The final answer is shown at once: the link may be spent by now, and its page would no longer show it.
          return isFinal(progress)
            ? answers.open(reply, token, { ...visit, progress }, 'as-it-is')
            : answers.back(reply, token);
        }
        case 'unclear':
          return result.kept
            ? answers.back(reply, token)
            : answers.correct(form, { findings: result.findings });
        case 'wrong':
          return answers.correct(form, { findings: result.findings });
        case 'known':
          return answers.correct(form, { known: knownAs(result.as, visit) });
        case 'shut':
          return tell(reply.code(503), visit.language, ({ refusals }) => refusals.shut);
        case 'ended':
          return answers.closed(form, result.why);
      }
    },
  };
  return answers;
}

function isFinal({ phase }: RotationProgress): boolean {
  return phase === 'proven' || phase === 'refused';
}

/** The password in service is not good news where Chorus Pro refuses it. */
function knownAs(as: 'current' | 'former' | 'refused', { stopped }: Visit) {
  return as === 'current' && stopped ? 'stopped' : as;
}

/** The page of a refusal, in the reader's language where it is known. */
export function refusalPage(
  { settings }: ServerContext,
  { reason, retryAfterMs }: HttpError,
  language: Language = settings.language,
): string {
  const words = wordsIn(language);
  const now = settings.now();
  // Up to a minute more than it takes: the clock on the reader's wall has no seconds.
  const again = retryAfterMs === null ? null : momentInWords(now + retryAfterMs + 59_999, now, language);
  const more = again === null ? [] : [words.notices.again(again)];
  return noticePage({ words, itService: settings.itService }, words.notices.refusals[reason], more);
}

/** What the page is made of. */
interface FormPage {
  readonly visit: Visit;
  /** The path of this page, and the address that a browser shows. */
  readonly here: string;
  readonly host: string;
  readonly csrfToken: string;
  readonly view: View;
  /** ms. */
  readonly now: number;
  readonly faults?: Faults;
  readonly kept?: Kept;
  /** Whether the reader comes back to what was finished before. */
  readonly isReturn?: boolean;
}

const NOTHING_KEPT: Kept = { login: '', expiry: '' };

/** The page as it is now; with `faults`, the page after a form that has to be corrected. */
function formPage(given: FormPage): string {
  const { visit, now, view, faults = NO_FAULTS } = given;
  const words = wordsIn(visit.language);
  const offer = offerOf(visit.progress, view, now);
  const state = stateOf(visit.progress, now);
  const sentences = sentencesOf(faults, words);
  const title = state === null || offer.form ? words.page.title : titleOf(state, visit.progress, words, now);
  const frame = {
    words,
    itService: visit.itService,
    title: `${sentences.size > 0 ? words.page.fault : ''}${title} – ${visit.home.name}`,
  };
  if (!offer.form) {
    return page(frame, [
      ...stateBox(visit, words, now, 'h1'),
      ...summary(sentences, words),
      ...(offer.date ? [dateSection(words, given, sentences, visit.progress.oddDate)] : []),
      ...(given.isReturn === true ? [html`<p class="quiet">${words.notices.since}</p>`] : []),
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
    ...(offer.choice
      ? [element('section class="work"', [choiceForm(words, given, sentences, visit.progress)])]
      : []),
    cards(given, words),
    ...workSections(given, words, offer, sentences),
  ]);
}

function cards({ visit, host }: FormPage, words: Words): string {
  return element('div class="cards"', [accountCard(visit, words), whoCard(visit, words, host)]);
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
    ...(offer.choice ? [html`<p>${texts.choice.startAgain}</p>`] : []),
    handForm(words, given, sentences, kept),
  ]);
  return [
    ...(offer.announce ? [announce] : []),
    element('div class="beside"', [stepsSection(visit, words, place(before + 1)), hand]),
  ];
}
