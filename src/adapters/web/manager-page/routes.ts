// The managers' page over HTTP: GET shows and changes nothing; POST is counted, checked, handed to the actions, answered.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isRefreshing, type View } from '../../../content/page/page-state.ts';
import type { ManagerActions } from '../../../domain/ports/manager-api.ts';
import { HttpError } from '../http-errors.ts';
import { type FormBody, formBody, hasValidCsrfToken, isFromOurPage, readBodiesOf } from '../request.ts';
import type { Endpoint, ServerContext } from '../server-settings.ts';
import { answersOf, type SubmittedForm } from './answers.ts';
import {
  announce,
  choose,
  type FormHandler,
  type FormRoutes,
  giveAnswer,
  giveDate,
  retryNow,
  submit,
} from './form-handlers.ts';

type PageRequest = FastifyRequest<{ Params: { token: string }; Querystring: { vue?: unknown } }>;
type FormRequest = FastifyRequest<{ Params: { token: string }; Body: FormBody | undefined }>;

/** How often a page that waits is reloaded, in seconds. */
const REFRESH_SECONDS = '5';
const VIEWS: Readonly<Record<string, View>> = {
  depart: 'start',
  etapes: 'steps',
  formulaire: 'paste',
  date: 'date',
  repondre: 'answer',
  reponse: 'answered',
  fixe: 'still',
};

/** Longer than the token of any link. */
const LONGEST_TOKEN = 100;

/** The routes under `/m/`. */
export function formRoutes(scope: FastifyInstance, actions: ManagerActions, context: ServerContext): void {
  const { rateLimits, clientOf } = context;
  readBodiesOf(scope, 'application/x-www-form-urlencoded', formBody);
  // The router lets parts of an address be longer, for the logins of the API.
  scope.addHook('onRequest', async (request) => {
    const { token = '' } = request.params as { readonly token?: string };
    if (token.length > LONGEST_TOKEN) throw new HttpError('not-here');
  });
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
  post('/m/:token/reponse', 'answer', giveAnswer);
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
  if (isRefreshing(found.visit, { view, now: context.settings.now() }))
    reply.header('refresh', REFRESH_SECONDS);
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
