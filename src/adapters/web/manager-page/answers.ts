// The few ways in which the page behind a manager's link answers a request.
import type { FastifyReply } from 'fastify';
import type { Notice, View } from '../../../content/page/page-state.ts';
import { expiryInWords, momentInWords, type Words, wordsIn } from '../../../content/page/words.ts';
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
import { type LinkPage, ways } from './drawn-part.ts';
import { type Faults, keptOf, NO_FAULTS } from './fields.ts';
import { linkPage } from './parts.ts';
import { HTML, noticePage } from './sections.ts';

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
    more: Pick<LinkPage, 'visit' | 'view' | 'faults' | 'kept' | 'isReturn'>,
  ) => reply.type(HTML).send(linkPage({ ...placeOf(token), ...more }));
  const tell = (
    reply: FastifyReply,
    language: Language,
    choose: (all: Words['notices']) => Notice,
    { expiry = null, links = '' }: { expiry?: RotationProgress['expiry']; links?: string } = {},
  ) => {
    const words = wordsIn(language);
    const { title, lines } = choose(words.notices);
    const filled = lines.map((line) =>
      line.replace('{expiry}', expiry === null ? '' : expiryInWords(expiry, words)).trim(),
    );
    return reply.type(HTML).send(noticePage({ words, itService }, { title, lines: filled }, [], links));
  };
  const answers = {
    /** The page as it is now. */
    open: (reply: FastifyReply, token: string, visit: Visit, view: View) =>
      show(reply, token, { visit, view }),
    /** The success, for those who come back by a link that has done its work. */
    returned: (reply: FastifyReply, token: string, visit: Visit) =>
      show(reply, token, { visit, view: 'as-it-is', isReturn: true }),
    /** The success, or the page that asks for the date alone, with a date that has to be corrected. */
    correctDate: (
      { reply, token, visit, body }: SubmittedForm,
      { code, progress }: Extract<DateResult, { kind: 'odd' }>,
    ) =>
      show(reply.code(422), token, {
        visit: { ...visit, progress },
        view: 'date',
        faults: { ...NO_FAULTS, findings: [{ field: 'expiry', code }] },
        kept: keptOf(body, visit.login),
      }),
    /** What became of a date that was given alone; with the success, the page shows it. */
    dated: (
      { reply, token, visit }: SubmittedForm,
      result: DateResult & { kind: 'given' | 'noted' | 'known' },
    ) => {
      if (result.kind !== 'noted' && visit.progress.phase === 'proven') return answers.back(reply, token);
      const expiry = result.kind === 'given' ? result.progress.expiry : null;
      const label = wordsIn(visit.language).page.ways.correctDate;
      // A date that was not expected is a slip of the keyboard more often than not.
      const links = result.kind === 'noted' ? ways([[label, `${placeOf(token).here}?vue=date`]]) : '';
      return tell(reply, visit.language, ({ dates }) => dates[result.kind], { expiry, links });
    },
    /** The page again, with what has to be corrected. */
    correct: ({ reply, token, visit, body }: SubmittedForm, faults: Partial<Faults>) =>
      show(reply.code(422), token, {
        visit,
        view: viewOf(faults),
        faults: { ...NO_FAULTS, ...faults },
        kept: keptOf(body, visit.login),
      }),
    /** Back to the page by GET: it can be reloaded without posting the form again. */
    back: (reply: FastifyReply, token: string, view = '') => reply.redirect(placeOf(token).here + view, 303),
    /** A link that ended while its form was filled in; one that is spent now shows the success. */
    closed: ({ reply, token, visit }: SubmittedForm, why: LinkEnd): FastifyReply =>
      why === 'spent' ? answers.back(reply, token) : answers.ended(reply, why, visit.language),
    ended: (reply: FastifyReply, why: LinkEnd, language = settings.language) =>
      tell(reply.code(END_STATUS[why]), language, ({ ended }) => ended[why]),
    /** What became of a password that was submitted. */
    submitted: (form: SubmittedForm, result: SubmissionResult): FastifyReply => {
      const { reply, token, visit } = form;
      switch (result.kind) {
        case 'received':
          return answers.back(reply, token);
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

/** The view that has the form with these faults. */
function viewOf({ missing = null, answer = null }: Partial<Faults>): View {
  if (missing === 'answer' || answer !== null) return 'answer';
  if (missing === 'announce') return 'start';
  return missing === null ? 'paste' : 'as-it-is';
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
