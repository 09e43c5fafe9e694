// The door: which address leads to which desk, and what guards them all. Everything else is a page that says so.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import type { RefusalReason } from '../../content/page/page-state.ts';
import type { ManagerActions } from '../../domain/ports/manager-api.ts';
import type { ToolActions } from '../../domain/ports/tool-api.ts';
import { clientFinder } from './forwarded-for.ts';
import { type HttpError, httpErrorOf, retryAfterSeconds } from './http-errors.ts';
import { refusalPage } from './manager-page/answers.ts';
import { HTML } from './manager-page/page-frame.ts';
import { formRoutes } from './manager-page/routes.ts';
import { ICON, STYLE } from './manager-page/style.ts';
import { openRateLimits } from './rate-limits.ts';
import { guardingHeaders } from './request-guards.ts';
import type { ServerContext, ServerEvent, ServerObserver, ServerSettings } from './server-settings.ts';
import { refusalAnswer } from './tool-api/answers.ts';
import { toolRoutes } from './tool-api/routes.ts';

/** How long a request may take to arrive, in ms. */
const PATIENCE_MS = 15_000;

/** Builds the server; `listen({ host, port })` opens it and `close()` ends it. Throws when an address is none. */
export function openServer(
  desks: { readonly link: ManagerActions; readonly tools: ToolActions },
  settings: ServerSettings,
  logger: ServerObserver,
): FastifyInstance {
  const publicUrl = new URL(settings.publicUrl);
  const base = publicUrl.pathname.replace(/\/+$/, '');
  const gates = openRateLimits(settings.limits, settings);
  const clientOf = clientsOf(settings.trustedProxies, logger);
  const door: ServerContext = {
    settings,
    logger,
    gates,
    clientOf,
    publicUrl,
    base,
    known: new WeakSet(),
    spoken: new WeakMap(),
  };
  const refuse = refuser(door);
  const headers = guardingHeaders(publicUrl);
  const app = newServer(settings, headers, refuse);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  // Bodies to addresses that do not exist are thrown away as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload
      .resume()
      .once('end', () => done(null))
      .once('error', done);
  });
  app.get('/style.css', (_request, reply) => lasting(reply, 'text/css; charset=utf-8', STYLE));
  app.get('/icone.svg', (_request, reply) => lasting(reply, 'image/svg+xml', ICON));
  app.register(async (scope) => formRoutes(scope, desks.link, door));
  app.register(async (scope) => toolRoutes(scope, desks.tools, door));
  app.setNotFoundHandler((request, reply) => refuse({ statusCode: 404 }, request, reply));
  app.setErrorHandler(refuse);
  app.addHook('preClose', async () => gates.close());
  return app;
}

/** Finds the client of a request. Throws when a trusted proxy is no address. */
function clientsOf(trustedProxies: readonly string[], logger: ServerObserver): ServerContext['clientOf'] {
  const find = clientFinder(trustedProxies);
  let isTold = false;
  return ({ socket, headers }) => {
    // Node joins several headers of this name, in their order.
    const { ip, unread } = find(socket.remoteAddress ?? '', String(headers['x-forwarded-for'] ?? ''));
    if (unread !== null && !isTold) {
      isTold = true;
      logger.unreadProxy(unread);
    }
    return ip;
  };
}

type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

function newServer(
  { tls }: ServerSettings,
  headers: Readonly<Record<string, string>>,
  refuse: Refuse,
): FastifyInstance {
  const options = {
    logger: false,
    requestTimeout: PATIENCE_MS,
    connectionTimeout: 2 * PATIENCE_MS,
    // A stop lets the answers under way be finished: a manager must learn whether the password arrived.
    forceCloseConnections: 'idle',
    // An address that cannot be decoded, before any route is found; Fastify's own answer would quote it.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      refuse(error, request, reply.headers(headers));
    },
  } as const;
  // The type of a TLS server differs only in its raw socket, which nobody here touches.
  return tls === null
    ? fastify(options)
    : (fastify({ ...options, https: tls }) as unknown as FastifyInstance);
}

/** Style and icon hold nothing of anybody, so they alone may be kept. */
function lasting(reply: FastifyReply, type: string, content: string): FastifyReply {
  return reply.header('cache-control', 'public, max-age=86400').type(type).send(content);
}

/** The place that an address names. */
function placeOf(request: FastifyRequest): ServerEvent {
  switch (request.routeOptions.url) {
    case '/m/:token':
      return request.method === 'POST' ? 'form' : 'page';
    case '/m/:token/annonce':
      return 'announcement';
    case '/m/:token/choix':
      return 'choice';
    case '/v1/submissions':
      return 'submission';
    case '/v1/adoptions':
      return 'adoption';
    case '/v1/refusals':
      return 'refusal';
    default:
      return 'elsewhere';
  }
}

/** What the address of a client is counted for: posts that came with no token, and with no form of a link's page. */
const STRANGE: readonly RefusalReason[] = ['malformed', 'no-token', 'elsewhere', 'too-large', 'wrong-type'];

/** The refusal as it stands once it was counted: an address that has been refused too often hears that instead. */
function counted(door: ServerContext, request: FastifyRequest, refusal: HttpError): HttpError {
  if (request.method !== 'POST' || door.known.has(request) || !STRANGE.includes(refusal.reason))
    return refusal;
  try {
    door.gates.stranger(door.clientOf(request));
    return refusal;
  } catch (tooMany) {
    return httpErrorOf(tooMany);
  }
}

/** Answers whatever was refused or went wrong: a page for people, JSON for tools; never a word of what was sent. */
function refuser(door: ServerContext): Refuse {
  return (error, request, reply) => {
    const refusal = counted(door, request, httpErrorOf(error));
    const place = placeOf(request);
    door.logger.counted(place, refusal.reason);
    if (refusal.reason === 'broken') door.logger.failed(place, error);
    reply.code(refusal.status);
    if (refusal.retryAfterMs !== null) reply.header('retry-after', retryAfterSeconds(refusal.retryAfterMs));
    if (refusal.reason === 'no-token') reply.header('www-authenticate', 'Bearer');
    if (request.url.startsWith('/v1/')) return reply.send(refusalAnswer(refusal));
    return reply.type(HTML).send(refusalPage(door, refusal, door.spoken.get(request)));
  };
}
