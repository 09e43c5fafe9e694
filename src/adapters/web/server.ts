// The web server: which address leads to which actions, and what guards them all. Any other address is a page that says so.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import { ABOUT_PATHS, type AboutPage } from '../../content/page/about.ts';
import type { RefusalReason } from '../../content/page/page-state.ts';
import { wordsIn } from '../../content/page/words.ts';
import type { Language } from '../../domain/account/technical-user.ts';
import type { ManagerActions } from '../../domain/ports/manager-api.ts';
import type { ToolActions } from '../../domain/ports/tool-api.ts';
import type { AccountReads } from '../../use-cases/registry/account-reads.ts';
import { type HttpError, httpErrorOf, retryAfterSeconds } from './http-errors.ts';
import { refusalPage } from './manager-page/answers.ts';
import { formRoutes } from './manager-page/routes.ts';
import { aboutPage, HTML } from './manager-page/sections.ts';
import { ICON, STYLE } from './manager-page/style.ts';
import { openRateLimits } from './rate-limits.ts';
import { clientFinder, isCutOff } from './request.ts';
import type { Endpoint, ServerContext, ServerObserver, ServerSettings } from './server-settings.ts';
import { refusalAnswer, sendAnswer } from './tool-api/answers.ts';
import { ALL_ROUTES } from './tool-api/contract.ts';
import { toolRoutes } from './tool-api/routes.ts';

/** How long a request may take to arrive, its headers too, in ms; and how often connections are looked at for it. */
const ARRIVAL_MS = 15_000;
const LOOK_MS = 1_000;

/** Builds the server; `listen({ host, port })` opens it and `close()` ends it. Throws when an address of the settings is invalid. */
export function openServer(
  actions: { readonly link: ManagerActions; readonly tools: ToolActions; readonly accounts: AccountReads },
  settings: ServerSettings,
  observer: ServerObserver,
): FastifyInstance {
  const publicUrl = new URL(settings.publicUrl);
  const rateLimits = openRateLimits(settings.limits, settings);
  const clientOf = clientsOf(settings.trustedProxies, observer);
  const context: ServerContext = {
    settings,
    observer,
    rateLimits,
    clientOf,
    publicUrl,
    authenticated: new WeakSet(),
    languages: new WeakMap(),
  };
  const refuse = refuser(context);
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
  app.register(async (scope) => aboutRoutes(scope, context));
  app.register(async (scope) => formRoutes(scope, actions.link, context));
  app.register(async (scope) => toolRoutes(scope, actions, context));
  app.setNotFoundHandler((request, reply) => refuse({ statusCode: 404 }, request, reply));
  app.setErrorHandler(refuse);
  app.addHook('preClose', async () => rateLimits.close());
  return app;
}

/** The pages about the page: anybody may read them; `langue` is the language of the page that leads there. */
function aboutRoutes(scope: FastifyInstance, { settings, observer }: ServerContext): void {
  for (const [name, path] of Object.entries(ABOUT_PATHS) as [AboutPage, string][]) {
    scope.get(path, (request: FastifyRequest<{ Querystring: { langue?: unknown } }>, reply) => {
      observer.counted('about', name);
      const asked = LANGUAGES.find((one) => one === request.query.langue) ?? settings.language;
      return reply.type(HTML).send(aboutPage({ words: wordsIn(asked), itService: settings.itService }, name));
    });
  }
}

const LANGUAGES: readonly Language[] = ['fr', 'en'];

/** The pages run no script, fetch nothing from elsewhere, send forms nowhere else and are shown in no frame. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers of every answer. HTTPS only is promised for a year, once the public address is an HTTPS one. */
function guardingHeaders(publicUrl: URL): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow, noarchive',
    ...(publicUrl.protocol === 'https:' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** Finds the client of a request. Throws when a trusted proxy is no address. */
function clientsOf(trustedProxies: readonly string[], observer: ServerObserver): ServerContext['clientOf'] {
  const find = clientFinder(trustedProxies);
  let isReported = false;
  return ({ socket, headers }) => {
    // Node joins several headers of this name, in their order.
    const { ip, unread } = find(socket.remoteAddress ?? '', String(headers['x-forwarded-for'] ?? ''));
    if (unread !== null && !isReported) {
      isReported = true;
      observer.unreadProxy(unread);
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
    requestTimeout: ARRIVAL_MS,
    connectionTimeout: 2 * ARRIVAL_MS,
    // A stop lets the answers under way be finished: a manager must learn whether the password arrived.
    forceCloseConnections: 'idle',
    // A part of an address may be as long as the address: a route's own checks come first, and the token before them.
    routerOptions: { maxParamLength: 16_384 },
    // An address that cannot be decoded, before any route is found; Fastify's own answer would quote it.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      refuse(error, request, reply.headers(headers));
    },
  } as const;
  // The type of a TLS server differs only in its raw socket, which is not used here.
  const limits = { headersTimeout: ARRIVAL_MS, connectionsCheckingInterval: LOOK_MS };
  return tls === null
    ? fastify({ ...options, http: limits })
    : (fastify({ ...options, https: { ...tls, ...limits } }) as unknown as FastifyInstance);
}

/** Style and icon hold nothing personal, so they alone may be cached. */
function lasting(reply: FastifyReply, type: string, content: string): FastifyReply {
  return reply.header('cache-control', 'public, max-age=86400').type(type).send(content);
}

/** The endpoint of each route; a form comes to the address of its page. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/m/:token': 'page',
  '/m/:token/annonce': 'announcement',
  '/m/:token/soumis': 'press',
  '/m/:token/choix': 'choice',
  '/m/:token/date': 'date',
  '/m/:token/reponse': 'answer',
  ...Object.fromEntries(ALL_ROUTES.map(({ path, endpoint }) => [path, endpoint])),
};

function endpointOf({ method, routeOptions: { url = '' } }: FastifyRequest): Endpoint {
  return method === 'POST' && url === '/m/:token' ? 'form' : (ENDPOINTS[url] ?? 'elsewhere');
}

const isOfTools = ({ url }: FastifyRequest) => url.startsWith('/v1/');

/** What counts against the address of a client: requests with no token, and posts with no form of a link's page. */
const UNIDENTIFIED: readonly RefusalReason[] = [
  'malformed',
  'no-token',
  'elsewhere',
  'too-large',
  'wrong-type',
];

/** Counts a refusal and returns it; for an address that has been refused too often, it returns `too-many` instead. */
function counted(context: ServerContext, request: FastifyRequest, refusal: HttpError): HttpError {
  const { authenticated, rateLimits, clientOf } = context;
  // A token can be guessed by any method.
  const isCounted = request.method === 'POST' || isOfTools(request);
  if (!isCounted || authenticated.has(request) || !UNIDENTIFIED.includes(refusal.reason)) return refusal;
  try {
    rateLimits.countUnidentified(clientOf(request));
    return refusal;
  } catch (tooMany) {
    return httpErrorOf(tooMany);
  }
}

/** Answers each refusal and each error: a page for people, JSON for tools; never anything of what was sent. */
function refuser(context: ServerContext): Refuse {
  return (error, request, reply) => {
    const endpoint = endpointOf(request);
    if (isCutOff(error, request.raw)) {
      // Nobody is there any more to read an answer.
      context.observer.counted(endpoint, 'aborted');
      return reply.code(400).send();
    }
    const refusal = counted(context, request, httpErrorOf(error));
    context.observer.counted(endpoint, refusal.reason);
    if (refusal.reason === 'broken') context.observer.failed(endpoint, error);
    reply.code(refusal.status);
    if (refusal.retryAfterMs !== null) reply.header('retry-after', retryAfterSeconds(refusal.retryAfterMs));
    if (refusal.reason === 'no-token') reply.header('www-authenticate', 'Bearer');
    if (isOfTools(request)) return sendAnswer(request, reply, refusalAnswer(refusal, request));
    return reply.type(HTML).send(refusalPage(context, refusal, context.languages.get(request)));
  };
}
