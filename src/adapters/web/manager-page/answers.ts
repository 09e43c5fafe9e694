// The few ways in which the managers' page answers a form.
import type { FastifyReply } from 'fastify';
import type { View } from '../../../content/page/page-state.ts';
import { momentInWords, wordsIn } from '../../../content/page/words.ts';
import type { Language } from '../../../domain/account/technical-user.ts';
import type {
  LinkEnd,
  RotationProgress,
  SubmissionResult,
  Visit,
} from '../../../domain/ports/manager-api.ts';
import type { HttpError } from '../http-errors.ts';
import { csrfTokenOf, type FormBody } from '../request.ts';
import type { ServerContext } from '../server-settings.ts';
import { type Faults, keptOf, NO_FAULTS } from './fields.ts';
import { type FormPage, formPage } from './page.ts';
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
export interface FormAnswers {
  /** The page as it is now. */
  open(reply: FastifyReply, token: string, visit: Visit, view: View): FastifyReply;
  /** The page again, with what has to be corrected. */
  correct(form: SubmittedForm, faults: Partial<Faults>): FastifyReply;
  /** Back to the page by GET: it can be reloaded without posting the form again. */
  back(reply: FastifyReply, token: string): FastifyReply;
  ended(reply: FastifyReply, why: LinkEnd, language?: Language): FastifyReply;
  /** What became of a password that was submitted. */
  submitted(form: SubmittedForm, result: SubmissionResult): FastifyReply;
}

/** Builds the answers. */
export function answersOf({ settings, base, publicUrl }: ServerContext): FormAnswers {
  const { itService } = settings;
  const placeOf = (token: string) => ({
    base,
    here: `${base}/m/${encodeURIComponent(token)}`,
    host: `${publicUrl.origin}${base}`,
    csrfToken: csrfTokenOf(token),
    now: settings.now(),
  });
  const show = (
    reply: FastifyReply,
    token: string,
    more: Pick<FormPage, 'visit' | 'view' | 'faults' | 'kept'>,
  ) => reply.type(HTML).send(formPage({ ...placeOf(token), ...more }));
  const answers: FormAnswers = {
    open: (reply, token, visit, view) => show(reply, token, { visit, view }),
    correct: ({ reply, token, visit, body }, faults) =>
      show(reply.code(422), token, {
        visit,
        view: 'form',
        faults: { ...NO_FAULTS, ...faults },
        kept: keptOf(body, visit.login),
      }),
    back: (reply, token) => reply.redirect(placeOf(token).here, 303),
    ended: (reply, why, language = settings.language) => {
      const words = wordsIn(language);
      const page = noticePage({ words, base, itService }, words.notices.ended[why], []);
      return reply.code(END_STATUS[why]).type(HTML).send(page);
    },
    submitted: (form, result) => {
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
        case 'shut': {
          const words = wordsIn(visit.language);
          const page = noticePage({ words, base, itService }, words.notices.refusals.shut, []);
          return reply.code(503).type(HTML).send(page);
        }
        case 'ended':
          return answers.ended(reply, result.why, visit.language);
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
  { settings, base }: ServerContext,
  { reason, retryAfterMs }: HttpError,
  language: Language = settings.language,
): string {
  const words = wordsIn(language);
  const now = settings.now();
  // Up to a minute more than it takes: the clock on the reader's wall has no seconds.
  const again = retryAfterMs === null ? null : momentInWords(now + retryAfterMs + 59_999, now, language);
  const more = again === null ? [] : [words.notices.again(again)];
  return noticePage({ words, base, itService: settings.itService }, words.notices.refusals[reason], more);
}
