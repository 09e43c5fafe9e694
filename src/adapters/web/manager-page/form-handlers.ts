// What becomes of each form of the managers' page: read, handed to the actions, counted, answered.
import type { FastifyReply } from 'fastify';
import type { TypedAnswer } from '../../../domain/parsing/answer.ts';
import type {
  Choice,
  DateResult,
  ManagerActions,
  SubmissionResult,
} from '../../../domain/ports/manager-api.ts';
import { type FormBody, outcomeOf } from '../request.ts';
import type { ServerContext } from '../server-settings.ts';
import type { FormAnswers, SubmittedForm } from './answers.ts';

/** What these routes work with. */
export interface FormRoutes {
  readonly actions: ManagerActions;
  readonly context: ServerContext;
  readonly answers: FormAnswers;
}

export type FormHandler = (routes: FormRoutes, form: SubmittedForm) => Promise<FastifyReply>;

export async function announce(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const { token, visit, body, reply } = form;
  if (!body.ready) {
    context.observer.counted('announcement', 'missing');
    const { phase } = visit.progress;
    return phase === 'ready' || phase === 'refused'
      ? answers.correct(form, { missing: 'announce' })
      : answers.back(reply, token);
  }
  const announced = await actions.announce(token);
  context.observer.counted('announcement', announced.kind);
  return announced.kind === 'ended' ? answers.closed(form, announced.why) : answers.back(reply, token);
}

export async function submit(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const { password, login, expiry } = form.body;
  // A button pressed over an empty field is no submission: no action is called.
  const result: SubmissionResult =
    password.reveal().trim() === ''
      ? { kind: 'wrong', findings: [{ field: 'password', code: 'empty' }] }
      : await actions.submit(form.token, { password, login, expiry });
  context.observer.counted('form', outcomeOf(result));
  return answers.submitted(form, result);
}

export async function retryNow(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const result = await actions.retryNow(form.token);
  context.observer.counted('press', outcomeOf(result));
  // Nothing waits any more: the page shows how far the rotation is.
  return result.kind === 'wrong' ? answers.back(form.reply, form.token) : answers.submitted(form, result);
}

export async function choose(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const { token, visit, body, reply } = form;
  const choice: Choice | null = body.choice === 'clean' || body.choice === 'as-is' ? body.choice : null;
  if (choice === null) {
    context.observer.counted('choice', 'missing');
    return visit.progress.phase === 'unclear'
      ? answers.correct(form, { missing: 'choice' })
      : answers.back(reply, token);
  }
  const result = await actions.choose(token, choice);
  context.observer.counted('choice', outcomeOf(result));
  // Nothing left to choose (chosen already, or from an old page): the page shows how far the rotation is.
  if (result.kind === 'wrong' && result.findings.length === 0) return answers.back(reply, token);
  return answers.submitted(form, result);
}

export async function giveDate(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const { token, visit, body } = form;
  // A button pressed over an empty field gives no date: no action is called.
  const result: DateResult =
    body.expiry.trim() === ''
      ? { kind: 'odd', code: 'expiry-malformed', progress: visit.progress }
      : await actions.giveDate(token, body.expiry);
  context.observer.counted('date', result.kind);
  switch (result.kind) {
    case 'given':
    case 'known':
    case 'noted':
      return answers.dated(form, result);
    case 'odd':
      return answers.correctDate(form, result);
    case 'ended':
      return answers.closed(form, result.why);
  }
}

export async function giveAnswer(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const { token, body, reply } = form;
  const typed = typedAnswer(body);
  if (typed === null) {
    context.observer.counted('answer', 'missing');
    return answers.correct(form, { missing: 'answer' });
  }
  const result = await actions.answer(token, typed);
  context.observer.counted('answer', result.kind);
  switch (result.kind) {
    case 'answered':
      return answers.back(reply, token, '?vue=reponse');
    case 'odd':
      return answers.correct(form, { answer: { kind: typed.kind, code: result.code } });
    case 'ended':
      return answers.closed(form, result.why);
  }
}

/** The answer that was chosen; null where none was. */
function typedAnswer({ answer: kind, detail }: FormBody): TypedAnswer | null {
  switch (kind) {
    case 'will-do':
    case 'away':
      return { kind, day: detail };
    case 'successor':
    case 'call-back':
      return { kind, text: detail };
    case 'done-already':
      return { kind };
    default:
      return null;
  }
}
