// The server of the demo's pages: which address gives which page, and which form does what. GET changes nothing.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import { html } from 'ghtml';
import { serveLocalBrowsers } from '../../simulator/local-server.ts';
import { accountAddress, accountListPage, accountPage } from './account-pages.ts';
import { connectorPage } from './connector-page.ts';
import {
  type Dashboard,
  type FormFault,
  type ShownAccount,
  type ShownLetter,
  SPANS,
} from './dashboard-view.ts';
import { letterBody, letterListPage, letterPage, listAddress } from './mailbox-pages.ts';
import { type DemoFrame, page } from './page-frame.ts';
import { ICON, STYLE } from './page-style.ts';
import { storyPage } from './story-page.ts';

/** The pages run no script, fetch nothing from elsewhere and cannot be framed. */
const OWN_PAGE =
  "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A letter has its style within it, and one right only: its links open in another tab. */
const LETTER =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HTML = 'text/html; charset=utf-8';

/** The fields of a form or of an address's query. */
type Form = Readonly<Record<string, string>>;

/** Builds the server; `listen({ host, port })` opens it and `close()` ends it. */
export function demoServer(dashboard: Dashboard): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 10_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  });
  // A page elsewhere must not move the clock.
  serveLocalBrowsers(app, OWN_PAGE);
  app.get('/style.css', async (_request, reply) => reply.type('text/css').send(STYLE));
  app.get('/icone.svg', async (_request, reply) => reply.type('image/svg+xml').send(ICON));
  letterRoutes(app, dashboard);
  accountRoutes(app, dashboard);
  storyRoutes(app, dashboard);
  app.post<{ Body: Form }>('/horloge', async (request, reply) => {
    const span = SPANS.find((one) => one === request.body?.pas);
    if (span === undefined) return reply.code(400).send(plainPage(dashboard, 'Ce pas est inconnu.'));
    return act({ dashboard, request, reply }, async () => {
      await dashboard.move(span);
      return null;
    });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type(HTML).send(plainPage(dashboard, 'Cette page n’existe pas.')),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = error.statusCode ?? 500;
    const words =
      code < 500 ? 'Cette demande n’est pas comprise.' : `Quelque chose a échoué : ${error.message}`;
    return reply.code(code).type(HTML).send(plainPage(dashboard, words));
  });
  return app;
}

function letterRoutes(app: FastifyInstance, dashboard: Dashboard): void {
  app.get<{ Querystring: Form }>('/', async ({ query }, reply) => {
    const list = {
      recipient: String(query.lecteur ?? ''),
      page: Number.parseInt(String(query.page), 10) || 1,
    };
    return reply
      .type(HTML)
      .send(letterListPage(frameOf(dashboard, listAddress(list)), dashboard.letters(), list));
  });
  const route = (
    ending: string,
    answer: (letter: ShownLetter, reply: FastifyReply, query: Form) => unknown,
  ) =>
    app.get<{ Params: { number: string }; Querystring: Form }>(
      `/lettres/:number(^\\d+$)${ending}`,
      async ({ params, query }, reply) => {
        const letter = dashboard.letters()[Number(params.number) - 1];
        return letter === undefined ? reply.callNotFound() : answer(letter, reply, query);
      },
    );
  route('', (letter, reply, { vue }) => {
    const view = vue === 'texte' ? 'texte' : 'page';
    const here = `/lettres/${letter.number}${view === 'texte' ? '?vue=texte' : ''}`;
    return reply.type(HTML).send(letterPage(frameOf(dashboard, here), letter, dashboard.letters(), view));
  });
  route('/page', ({ html: body }, reply) => {
    if (body === null) return reply.callNotFound();
    return reply.header('content-security-policy', LETTER).type(HTML).send(letterBody(body));
  });
  route('.eml', ({ number, raw }, reply) => download(reply, `lettre-${number}.eml`, 'message/rfc822', raw));
  route('.ics', ({ number, calendar }, reply) => {
    if (calendar === null) return reply.callNotFound();
    return download(reply, `lettre-${number}.ics`, 'text/calendar; charset=utf-8', calendar.content);
  });
}

function download(reply: FastifyReply, name: string, type: string, content: Buffer): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name}"`).type(type).send(content);
}

type AccountRequest = { Params: { environment: string; login: string }; Body: Form };

function accountRoutes(app: FastifyInstance, dashboard: Dashboard): void {
  const show = async (
    request: FastifyRequest<AccountRequest>,
    reply: FastifyReply,
    notice: string | null,
  ) => {
    const account = await accountOf(dashboard, request.params);
    if (account === undefined) return reply.callNotFound();
    const frame = frameOf(dashboard, accountAddress(account), notice);
    return reply.type(HTML).send(accountPage(frame, account, successorOf(account, request.body ?? {})));
  };
  app.get('/comptes', async (_request, reply) =>
    reply.type(HTML).send(accountListPage(frameOf(dashboard, '/comptes'), await dashboard.accounts())),
  );
  app.get<AccountRequest>('/comptes/:environment/:login', async (request, reply) =>
    show(request, reply, null),
  );
  app.post<AccountRequest>('/comptes/:environment/:login/renouvellement', async (request, reply) =>
    act(
      { dashboard, request, reply },
      () => dashboard.renew(request.params),
      (fault) => show(request, reply, fault),
    ),
  );
  app.post<AccountRequest>('/comptes/:environment/:login/gestionnaire', async (request, reply) => {
    const { nom = '', courriel = '' } = request.body ?? {};
    const work = () => dashboard.changeManager(request.params, nom, courriel);
    return act({ dashboard, request, reply }, work, (fault) => show(request, reply, fault));
  });
}

async function accountOf(
  dashboard: Dashboard,
  key: AccountRequest['Params'],
): Promise<ShownAccount | undefined> {
  const accounts = await dashboard.accounts();
  return accounts.find(({ login, environment }) => login === key.login && environment === key.environment);
}

/** Fills in the form, so that one click is enough; what was typed stays. */
function successorOf({ principal }: ShownAccount, { nom, courriel }: Form): { name: string; email: string } {
  const domain = principal?.email?.split('@')[1] ?? 'mairie.example';
  const isOpen = domain !== 'boite-fermee.example';
  return {
    name: nom ?? 'Dominique Nouvel',
    email: courriel ?? `dominique.nouvel@${isOpen ? domain : 'mairie.example'}`,
  };
}

/** How often the connector's page is loaded again, in seconds. */
const REFRESH_SECONDS = '3';

function storyRoutes(app: FastifyInstance, dashboard: Dashboard): void {
  app.get('/histoire', async (_request, reply) =>
    reply.type(HTML).send(storyPage(frameOf(dashboard, '/histoire'), await dashboard.story())),
  );
  app.get<{ Querystring: Form }>('/connecteur', async ({ query }, reply) => {
    const reloads = query.vue !== 'fixe';
    // A header rather than a meta element: the link that stops it is on the page.
    if (reloads) reply.header('refresh', REFRESH_SECONDS);
    const here = reloads ? '/connecteur' : '/connecteur?vue=fixe';
    return reply.type(HTML).send(connectorPage(frameOf(dashboard, here), dashboard.connector(), { reloads }));
  });
  app.post<{ Body: Form }>('/piste', async (request, reply) => {
    const switchTo = request.body?.piste;
    if (switchTo !== 'panne' && switchTo !== 'marche') {
      return reply.code(400).type(HTML).send(plainPage(dashboard, 'Cet état de PISTE est inconnu.'));
    }
    return act({ dashboard, request, reply }, async () => {
      dashboard.setPiste(switchTo === 'panne' ? 'down' : 'up');
      return null;
    });
  });
}

/** The frame of a page that has its own address. */
function frameOf(dashboard: Dashboard, here: string, notice: string | null = null): DemoFrame {
  const [now, clockSetAt, lastMove, isMoving] = [
    dashboard.now(),
    dashboard.clockSetAt(),
    dashboard.lastMove(),
    dashboard.isMoving(),
  ];
  return { here, now, clockSetAt, lastMove, isMoving, notice };
}

function plainPage(dashboard: Dashboard, words: string): string {
  return page(frameOf(dashboard, '/'), words, [
    html`<h1>${words}</h1>`,
    '<p><a href="/">Le courrier</a></p>',
  ]);
}

interface SentForm {
  readonly dashboard: Dashboard;
  readonly request: FastifyRequest<{ Body: Form }>;
  readonly reply: FastifyReply;
}

/**
 * Does what a form asks for and goes back to its page. A form filled in on a page that is out of date (sent twice, or
 * from an old tab) does nothing: the page is shown as it is now.
 */
async function act(
  { dashboard, request, reply }: SentForm,
  work: () => Promise<FormFault>,
  refuse: (fault: string) => Promise<unknown> = async (fault) =>
    reply.code(400).type(HTML).send(plainPage(dashboard, fault)),
): Promise<unknown> {
  const { vu, retour = '/' } = request.body ?? {};
  const isStale = dashboard.isMoving() || Number(vu) !== dashboard.clockSetAt();
  const fault = isStale ? null : await work();
  if (fault !== null) return refuse(fault);
  const back = /^\/(?!\/)[\w%@./?=&+-]*$/.test(retour) ? retour : '/';
  return reply.redirect(back, 303);
}
