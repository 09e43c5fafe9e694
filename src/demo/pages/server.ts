// The server of the demo's pages: which address gives which page, and which form does what. GET changes nothing.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import { html } from 'ghtml';
import { serveLocalBrowsers } from '../../simulator/local-server.ts';
import { accountAddress, accountListPage, accountPage } from './account-pages.ts';
import { connectorPage } from './connector-page.ts';
import { type Account, type DemoDesk, type Fault, type ShownLetter, SPANS } from './dashboard-view.ts';
import { letterBody, letterListPage, letterPage, listAddress } from './mailbox-pages.ts';
import { type Frame, page } from './page-frame.ts';
import { ICON, STYLE } from './page-style.ts';
import { storyPage } from './story-page.ts';

/** The pages run no script, fetch nothing from elsewhere and stand in nobody's frame. */
const OWN_PAGE =
  "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A letter has its style within it, and no rights but one: its links open beside it. */
const LETTER =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HTML = 'text/html; charset=utf-8';

/** What a form or an address says. */
type Form = Readonly<Record<string, string>>;

/** Builds the server; `listen({ host, port })` opens it and `close()` ends it. */
export function demoDoor(desk: DemoDesk): FastifyInstance {
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
  letterRoutes(app, desk);
  accountRoutes(app, desk);
  storyRoutes(app, desk);
  app.post<{ Body: Form }>('/horloge', async (request, reply) => {
    const span = SPANS.find((one) => one === request.body?.pas);
    if (span === undefined) return reply.code(400).send(plainPage(desk, 'Ce pas est inconnu.'));
    return act(desk, request, reply, async () => {
      await desk.move(span);
      return null;
    });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type(HTML).send(plainPage(desk, 'Cette page n’existe pas.')),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = error.statusCode ?? 500;
    const words =
      code < 500 ? 'Cette demande n’est pas comprise.' : `Quelque chose a échoué : ${error.message}`;
    return reply.code(code).type(HTML).send(plainPage(desk, words));
  });
  return app;
}

function letterRoutes(app: FastifyInstance, desk: DemoDesk): void {
  app.get<{ Querystring: Form }>('/', async ({ query }, reply) => {
    const wish = { reader: String(query.lecteur ?? ''), page: Number.parseInt(String(query.page), 10) || 1 };
    return reply.type(HTML).send(letterListPage(frameOf(desk, listAddress(wish)), desk.letters(), wish));
  });
  const letter = (number: string): ShownLetter | undefined => desk.letters()[Number(number) - 1];
  app.get<{ Params: { number: string }; Querystring: Form }>(
    '/lettres/:number(^\\d+$)',
    async (request, reply) => {
      const found = letter(request.params.number);
      if (found === undefined) return reply.callNotFound();
      const view = request.query.vue === 'texte' ? 'texte' : 'page';
      const here = `/lettres/${found.number}${view === 'texte' ? '?vue=texte' : ''}`;
      return reply.type(HTML).send(letterPage(frameOf(desk, here), found, desk.letters(), view));
    },
  );
  app.get<{ Params: { number: string } }>('/lettres/:number(^\\d+$)/page', async (request, reply) => {
    const found = letter(request.params.number);
    if (found === undefined || found.html === null) return reply.callNotFound();
    return reply.header('content-security-policy', LETTER).type(HTML).send(letterBody(found.html));
  });
  app.get<{ Params: { number: string } }>('/lettres/:number(^\\d+$).eml', async (request, reply) => {
    const found = letter(request.params.number);
    if (found === undefined) return reply.callNotFound();
    return download(reply, `lettre-${found.number}.eml`, 'message/rfc822', found.raw);
  });
  app.get<{ Params: { number: string } }>('/lettres/:number(^\\d+$).ics', async (request, reply) => {
    const found = letter(request.params.number);
    if (found === undefined || found.calendar === null) return reply.callNotFound();
    return download(
      reply,
      `lettre-${found.number}.ics`,
      'text/calendar; charset=utf-8',
      found.calendar.content,
    );
  });
}

function download(reply: FastifyReply, name: string, type: string, content: Buffer): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name}"`).type(type).send(content);
}

type AccountRequest = { Params: { environment: string; login: string }; Body: Form };

function accountRoutes(app: FastifyInstance, desk: DemoDesk): void {
  const show = async (
    request: FastifyRequest<AccountRequest>,
    reply: FastifyReply,
    notice: string | null,
  ) => {
    const account = await accountOf(desk, request.params);
    if (account === undefined) return reply.callNotFound();
    const frame = frameOf(desk, accountAddress(account), notice);
    return reply.type(HTML).send(accountPage(frame, account, successorOf(account, request.body ?? {})));
  };
  app.get('/comptes', async (_request, reply) =>
    reply.type(HTML).send(accountListPage(frameOf(desk, '/comptes'), await desk.accounts())),
  );
  app.get<AccountRequest>('/comptes/:environment/:login', async (request, reply) =>
    show(request, reply, null),
  );
  app.post<AccountRequest>('/comptes/:environment/:login/renouvellement', async (request, reply) =>
    act(
      desk,
      request,
      reply,
      () => desk.renew(request.params),
      (fault) => show(request, reply, fault),
    ),
  );
  app.post<AccountRequest>('/comptes/:environment/:login/gestionnaire', async (request, reply) => {
    const { nom = '', courriel = '' } = request.body ?? {};
    const work = () => desk.handOver(request.params, nom, courriel);
    return act(desk, request, reply, work, (fault) => show(request, reply, fault));
  });
}

async function accountOf(desk: DemoDesk, key: AccountRequest['Params']): Promise<Account | undefined> {
  const accounts = await desk.accounts();
  return accounts.find(({ login, environment }) => login === key.login && environment === key.environment);
}

/** A name for the form, so that one click is enough; what was typed stays. */
function successorOf({ principal }: Account, { nom, courriel }: Form): { name: string; email: string } {
  const domain = principal?.email?.split('@')[1] ?? 'mairie.example';
  const isOpen = domain !== 'boite-fermee.example';
  return {
    name: nom ?? 'Dominique Nouvel',
    email: courriel ?? `dominique.nouvel@${isOpen ? domain : 'mairie.example'}`,
  };
}

/** How often the connector's page is loaded anew, in seconds. */
const REFRESH_SECONDS = '3';

function storyRoutes(app: FastifyInstance, desk: DemoDesk): void {
  app.get('/histoire', async (_request, reply) =>
    reply.type(HTML).send(storyPage(frameOf(desk, '/histoire'), await desk.story())),
  );
  app.get<{ Querystring: Form }>('/connecteur', async ({ query }, reply) => {
    const isStill = query.vue === 'fixe';
    // A header rather than a meta element: the way to stop it stands on the page.
    if (!isStill) reply.header('refresh', REFRESH_SECONDS);
    const here = isStill ? '/connecteur?vue=fixe' : '/connecteur';
    return reply.type(HTML).send(connectorPage(frameOf(desk, here), desk.connector(), isStill));
  });
  app.post<{ Body: Form }>('/piste', async (request, reply) => {
    const wish = request.body?.piste;
    if (wish !== 'panne' && wish !== 'marche') {
      return reply.code(400).type(HTML).send(plainPage(desk, 'Cet état de PISTE est inconnu.'));
    }
    return act(desk, request, reply, async () => {
      desk.setPisteDown(wish === 'panne');
      return null;
    });
  });
}

/** The frame of a page that has its own address. */
function frameOf(desk: DemoDesk, here: string, notice: string | null = null): Omit<Frame, 'title'> {
  const [now, seen, lastMove, isMoving] = [desk.now(), desk.seen(), desk.lastMove(), desk.isMoving()];
  return { here, now, seen, lastMove, isMoving, notice };
}

function plainPage(desk: DemoDesk, words: string): string {
  return page({ ...frameOf(desk, '/'), title: words }, [
    html`<h1>${words}</h1>`,
    '<p><a href="/">Le courrier</a></p>',
  ]);
}

/**
 * Does what a form asks for and goes back to its page. A form filled in on a page that is no longer true (sent twice, or
 * from an old tab) does nothing: the reader is shown how things stand now.
 */
async function act(
  desk: DemoDesk,
  request: FastifyRequest<{ Body: Form }>,
  reply: FastifyReply,
  work: () => Promise<Fault>,
  refuse: (fault: string) => Promise<unknown> = async (fault) =>
    reply.code(400).type(HTML).send(plainPage(desk, fault)),
): Promise<unknown> {
  const { vu, retour = '/' } = request.body ?? {};
  const isStale = desk.isMoving() || Number(vu) !== desk.seen();
  const fault = isStale ? null : await work();
  if (fault !== null) return refuse(fault);
  const back = /^\/(?!\/)[\w%@./?=&+-]*$/.test(retour) ? retour : '/';
  return reply.redirect(back, 303);
}
