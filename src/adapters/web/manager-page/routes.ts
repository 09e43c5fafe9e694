// The managers' page over HTTP: GET shows and changes nothing; POST is counted, checked, handed to the actions, answered.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isRefreshing, type View } from '../../../content/page/page-state.ts';
import type {
  Choice,
  DateResult,
  ManagerActions,
  SubmissionResult,
} from '../../../domain/ports/manager-api.ts';
import { HttpError } from '../http-errors.ts';
import {
  type FormBody,
  formBody,
  hasValidCsrfToken,
  isFromOurPage,
  outcomeOf,
  readBodiesOf,
} from '../request.ts';
import type { Endpoint, ServerContext } from '../server-settings.ts';
import { answersOf, type FormAnswers, type SubmittedForm } from './answers.ts';

type PageRequest = FastifyRequest<{ Params: { token: string }; Querystring: { vue?: unknown } }>;
type FormRequest = FastifyRequest<{ Params: { token: string }; Body: FormBody | undefined }>;
/** What these routes work with. */
interface FormRoutes {
  readonly actions: ManagerActions;
  readonly context: ServerContext;
  readonly answers: FormAnswers;
}

type FormHandler = (routes: FormRoutes, form: SubmittedForm) => Promise<FastifyReply>;

/** How often a page that waits is reloaded, in seconds. */
const REFRESH_SECONDS = '5';
const VIEWS: Readonly<Record<string, View>> = { etapes: 'steps', formulaire: 'paste', fixe: 'still' };

/** The routes under `/m/`. */
export function formRoutes(scope: FastifyInstance, actions: ManagerActions, context: ServerContext): void {
  const { rateLimits, clientOf } = context;
  readBodiesOf(scope, 'application/x-www-form-urlencoded', formBody);
  // A client that has been refused too often is refused before a byte of the body is read, unless the link is valid.
  scope.addHook('onRequest', async (request) => {
    if (request.method !== 'POST' || !rateLimits.isSpent(clientOf(request))) return;
    const { token } = request.params as { readonly token?: string };
    const found = await actions.visit(token ?? '');
    if (found.kind === 'ended' && found.why === 'unknown') rateLimits.countUnidentified(clientOf(request));
  });
  const routes: FormRoutes = { actions, context, answers: answersOf(context) };
  scope.get('/m/:token', (request: PageRequest, reply) => show(routes, request, reply));
  const post = (path: string, endpoint: Endpoint, handle: FormHandler) =>
    scope.post(path, async (request: FormRequest, reply) => {
      const form = await acceptForm(routes, endpoint, request, reply);
      return form === null ? reply : handle(routes, form);
    });
  post('/m/:token/annonce', 'announcement', announce);
  post('/m/:token', 'form', submit);
  post('/m/:token/soumis', 'press', retryNow);
  post('/m/:token/choix', 'choice', choose);
  post('/m/:token/date', 'date', giveDate);
}

async function show(
  { actions, context, answers }: FormRoutes,
  request: PageRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { token } = request.params;
  const found = await actions.visit(token);
  if (found.kind === 'ended') {
    context.observer.counted('page', found.why);
    return answers.ended(reply, found.why);
  }
  if (found.kind === 'done') {
    context.observer.counted('page', 'spent');
    return answers.returned(reply, token, found.visit);
  }
  const { progress } = found.visit;
  context.observer.counted('page', progress.phase);
  const view = VIEWS[String(request.query.vue)] ?? 'as-it-is';
  // A header rather than a meta element: the same to every browser, and the way to stop it is on the page.
  if (isRefreshing(progress, { view, now: context.settings.now() })) reply.header('refresh', REFRESH_SECONDS);
  return answers.open(reply, token, found.visit, view);
}

/**
 * What every form passes: 1. where it was posted from, and its CSRF token, 2. the link itself (a read, as for GET), 3. the
 * limits of link, technical user and all. Null when the link is ended or done and that was answered. Only what fails at 1 or is
 * unknown at 2 counts by its address: many managers may share one.
 */
async function acceptForm(
  { actions, context, answers }: FormRoutes,
  endpoint: Endpoint,
  request: FormRequest,
  reply: FastifyReply,
): Promise<SubmittedForm | null> {
  const { rateLimits, clientOf, publicUrl, languages, observer } = context;
  const { body } = request;
  const { token } = request.params;
  // Without any body there is null or undefined here.
  if (!isFromOurPage(request.headers, publicUrl) || !body || !hasValidCsrfToken(token, body.csrfToken))
    throw new HttpError('elsewhere');
  const found = await actions.visit(token);
  if (found.kind === 'ended') {
    if (found.why === 'unknown') rateLimits.countUnidentified(clientOf(request));
    else rateLimits.countEndedLink(token);
    observer.counted(endpoint, found.why);
    answers.ended(reply, found.why);
    return null;
  }
  const { visit } = found;
  // What was asked for has been done: only its date may still be given.
  if (found.kind === 'done' && endpoint !== 'date') {
    rateLimits.countEndedLink(token);
    observer.counted(endpoint, 'spent');
    answers.returned(reply, token, visit);
    return null;
  }
  const { login, environment } = visit;
  languages.set(request, visit.language);
  await rateLimits.admit({ channel: 'form', login, environment, token });
  return { token, visit, body, reply };
}

async function announce(
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

async function submit({ actions, context, answers }: FormRoutes, form: SubmittedForm): Promise<FastifyReply> {
  const { password, login, expiry } = form.body;
  // A button pressed over an empty field is no submission: no action is called.
  const result: SubmissionResult =
    password.reveal().trim() === ''
      ? { kind: 'wrong', findings: [{ field: 'password', code: 'empty' }] }
      : await actions.submit(form.token, { password, login, expiry });
  context.observer.counted('form', outcomeOf(result));
  return answers.submitted(form, result);
}

async function retryNow(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const result = await actions.retryNow(form.token);
  context.observer.counted('press', outcomeOf(result));
  // Nothing waits any more: the page shows how far the rotation is.
  return result.kind === 'wrong' ? answers.back(form.reply, form.token) : answers.submitted(form, result);
}

async function choose({ actions, context, answers }: FormRoutes, form: SubmittedForm): Promise<FastifyReply> {
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

async function giveDate(
  { actions, context, answers }: FormRoutes,
  form: SubmittedForm,
): Promise<FastifyReply> {
  const { token, visit, body, reply } = form;
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
      return answers.back(reply, token);
    case 'odd':
      return answers.correctDate(form, result);
    case 'ended':
      return answers.closed(form, result.why);
  }
}
