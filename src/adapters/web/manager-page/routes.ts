// The managers' page over HTTP: GET shows and changes nothing; POST is counted, checked, handed to the desk, answered.

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { offerOf, type View } from '../../../content/page/page-state.ts';
import type { Choice, ManagerActions, SubmissionResult, Visit } from '../../../domain/ports/manager-api.ts';
import { discardBody, type FormBody, formBody, readBody } from '../body-parser.ts';
import { HttpError } from '../http-errors.ts';
import { hasValidCsrfToken, isFromOurPage } from '../request-guards.ts';
import { outcomeOf, type ServerContext, type ServerEvent } from '../server-settings.ts';
import { answersOf, type FormAnswers } from './answers.ts';

type PageRequest = FastifyRequest<{ Params: { token: string }; Querystring: { vue?: unknown } }>;
type FormRequest = FastifyRequest<{ Params: { token: string }; Body: FormBody | undefined }>;
/** What these routes work with. */
interface FormRoom {
  readonly desk: ManagerActions;
  readonly door: ServerContext;
  readonly answers: FormAnswers;
}

/** A form that passed every check, and the link it belongs to. */
interface Posted {
  readonly token: string;
  readonly visit: Visit;
  readonly body: FormBody;
  readonly reply: FastifyReply;
}

type Work = (room: FormRoom, posted: Posted) => Promise<FastifyReply>;

/** How often a page that waits is loaded anew, in seconds. */
const REFRESH_SECONDS = '5';
const VIEWS: Readonly<Record<string, View>> = { formulaire: 'form', fixe: 'still' };

/** The routes under `/m/`. */
export function formRoutes(scope: FastifyInstance, desk: ManagerActions, door: ServerContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    async (_request: FastifyRequest, body: IncomingMessage) => formBody(await readBody(body)),
  );
  scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage) =>
    discardBody(body, 'wrong-type'),
  );
  // Whoever has been refused too often is turned away before a byte of the body is read, unless the link is a true one.
  scope.addHook('onRequest', async (request) => {
    if (request.method !== 'POST' || !door.gates.isSpent(door.clientOf(request))) return;
    const { token } = request.params as { readonly token?: string };
    const found = await desk.visit(token ?? '');
    if (found.kind === 'ended' && found.why === 'unknown') door.gates.stranger(door.clientOf(request));
  });
  const room: FormRoom = { desk, door, answers: answersOf(door) };
  scope.get('/m/:token', (request: PageRequest, reply) => show(room, request, reply));
  const post = (path: string, place: ServerEvent, work: Work) =>
    scope.post(path, (request: FormRequest, reply) => take(room, place, work, request, reply));
  post('/m/:token/annonce', 'announcement', announce);
  post('/m/:token', 'form', hand);
  post('/m/:token/soumis', 'press', press);
  post('/m/:token/choix', 'choice', choose);
}

async function show(
  { desk, door, answers }: FormRoom,
  request: PageRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { token } = request.params;
  const found = await desk.visit(token);
  if (found.kind === 'ended') {
    door.logger.counted('page', found.why);
    return answers.ended(reply, found.why);
  }
  const { progress } = found.visit;
  door.logger.counted('page', progress.phase);
  const view = VIEWS[String(request.query.vue)] ?? 'as-it-is';
  // A header rather than a meta element: the same to every browser, and the way to stop it stands on the page.
  if (offerOf(progress, view, door.settings.now()).refreshes) reply.header('refresh', REFRESH_SECONDS);
  return answers.open(reply, token, found.visit, view);
}

/**
 * What every form passes: 1. where it was posted from, and the seal, 2. the link itself (a read, as for GET), 3. the limits
 * of link, technical user and all. Then the work. Only what fails at 1 or is unknown at 2 counts by its address: many
 * managers may share one.
 */
async function take(
  room: FormRoom,
  place: ServerEvent,
  work: Work,
  request: FormRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { desk, door, answers } = room;
  const { body } = request;
  const { token } = request.params;
  // Without any body there is null or undefined here.
  if (!isFromOurPage(request.headers, door.publicUrl) || !body || !hasValidCsrfToken(token, body.seal))
    throw new HttpError('elsewhere');
  const found = await desk.visit(token);
  if (found.kind === 'ended') {
    if (found.why === 'unknown') door.gates.stranger(door.clientOf(request));
    else door.gates.endedLink(token);
    door.logger.counted(place, found.why);
    return answers.ended(reply, found.why);
  }
  const { visit } = found;
  door.spoken.set(request, visit.language);
  await door.gates.user('form', visit.login, visit.environment, token);
  return work(room, { token, visit, body, reply });
}

async function announce({ desk, door, answers }: FormRoom, posted: Posted): Promise<FastifyReply> {
  const { token, visit, body, reply } = posted;
  if (!body.ready) {
    door.logger.counted('announcement', 'missing');
    return offerOf(visit.progress, 'form', door.settings.now()).announce
      ? answers.correct(reply, token, visit, body, { missing: 'announce' })
      : answers.back(reply, token);
  }
  const announced = await desk.announce(token);
  door.logger.counted('announcement', announced.kind);
  return announced.kind === 'ended'
    ? answers.ended(reply, announced.why, visit.language)
    : answers.back(reply, token);
}

async function hand({ desk, door, answers }: FormRoom, posted: Posted): Promise<FastifyReply> {
  const { token, visit, body, reply } = posted;
  const { password, login, expiry } = body;
  // A button pressed over an empty field is no submission: the desk never hears of it.
  const handed: SubmissionResult =
    password.reveal().trim() === ''
      ? { kind: 'wrong', findings: [{ field: 'password', code: 'empty' }] }
      : await desk.submit(token, { password, login, expiry });
  door.logger.counted('form', outcomeOf(handed));
  return answers.handed(reply, token, visit, body, handed);
}

async function press({ desk, door, answers }: FormRoom, posted: Posted): Promise<FastifyReply> {
  const { token, visit, body, reply } = posted;
  const handed = await desk.press(token);
  door.logger.counted('press', outcomeOf(handed));
  // Nothing waits any more: the page tells how things stand.
  return handed.kind === 'wrong'
    ? answers.back(reply, token)
    : answers.handed(reply, token, visit, body, handed);
}

async function choose({ desk, door, answers }: FormRoom, posted: Posted): Promise<FastifyReply> {
  const { token, visit, body, reply } = posted;
  const choice: Choice | null = body.choice === 'clean' || body.choice === 'as-is' ? body.choice : null;
  if (choice === null) {
    door.logger.counted('choice', 'missing');
    return visit.progress.phase === 'unclear'
      ? answers.correct(reply, token, visit, body, { missing: 'choice' })
      : answers.back(reply, token);
  }
  const handed = await desk.choose(token, choice);
  door.logger.counted('choice', outcomeOf(handed));
  // Nothing left to choose (chosen already, or from an old page): the page tells how things stand.
  if (handed.kind === 'wrong' && handed.findings.length === 0) return answers.back(reply, token);
  return answers.handed(reply, token, visit, body, handed);
}
