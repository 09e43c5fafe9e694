// The server of the simulated portal: which address gives which page. GET changes nothing, and nothing is logged.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ChorusAccounts } from '../chorus-pro/accounts.ts';
import { CHORUS_ENVIRONMENTS, type ChorusAccount, type ChorusStructure } from '../chorus-pro/events.ts';
import { newServer, type ServerTls, serveLocalBrowsers } from '../local-server.ts';
import {
  accountsPage,
  applicationsPage,
  CREATION_NOT_SIMULATED,
  homePage,
  messagePage,
  myStructuresPage,
  RESET_ADDRESS,
  requestPage,
  requestTypesPage,
  structuresPage,
  usersPage,
} from './pages.ts';
import type { PortalRequests } from './reset-requests.ts';
import { PORTAL_STYLE } from './style.ts';

export interface PortalSettings {
  readonly accounts: ChorusAccounts;
  readonly requests: PortalRequests;
  readonly tls?: ServerTls;
}

type Form = Readonly<Record<string, string>>;
const HTML = 'text/html; charset=utf-8';
const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Builds the server; `listen({ host, port })` opens it and `close()` ends it. */
export function portalServer(settings: PortalSettings): FastifyInstance {
  const app = newServer({ bodyLimit: 10_000 }, settings.tls);
  // No cache may keep a page with a password.
  serveLocalBrowsers(app, POLICY);
  app.get('/portail.css', async (_request, reply) => reply.type('text/css').send(PORTAL_STYLE));
  connectionRoutes(app, settings);
  requestRoutes(app, settings);
  userRoutes(app, settings);
  app.setNotFoundHandler((_request, reply) => absent(reply));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply
      .code(error.statusCode ?? 500)
      .type(HTML)
      .send(messagePage('Erreur', 'Cette demande n’a pas pu être traitée.')),
  );
  return app;
}

const show = (reply: FastifyReply, page: string, code = 200) => reply.code(code).type(HTML).send(page);
const absent = (reply: FastifyReply) =>
  show(reply, messagePage('Page introuvable', 'Cette page n’existe pas.'), 404);

/** The home structures, by name, each once. */
function structuresOf(accounts: ChorusAccounts): readonly ChorusStructure[] {
  const bySiret = new Map(accounts.list().map(({ home }) => [home.siret, home]));
  return [...bySiret.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'fr'));
}

function accountsAt(accounts: ChorusAccounts, siret: string): readonly ChorusAccount[] {
  return accounts.list().filter(({ home }) => home.siret === siret);
}

/** From the home page to the account: links and forms that only read. */
function connectionRoutes(app: FastifyInstance, { accounts }: PortalSettings): void {
  app.get('/', async (_request, reply) => show(reply, homePage()));
  app.get('/raccordements', async (_request, reply) => show(reply, applicationsPage()));
  app.get('/raccordements/compte-technique', async (_request, reply) => show(reply, requestTypesPage(null)));
  app.get<{ Querystring: Form }>('/raccordements/compte-technique/demande', async ({ query }, reply) =>
    query.type === 'reinitialisation'
      ? reply.redirect(RESET_ADDRESS, 303)
      : show(
          reply,
          requestTypesPage(
            query.type === 'creation' ? CREATION_NOT_SIMULATED : 'Choisissez un type de demande.',
          ),
        ),
  );
  app.get<{ Querystring: Form }>(RESET_ADDRESS, async ({ query }, reply) => {
    const structures = structuresOf(accounts);
    if (query.structure === undefined) return show(reply, structuresPage(structures, null));
    const chosen = structures.find(({ siret }) => siret === query.structure);
    return chosen === undefined
      ? show(reply, structuresPage(structures, 'Choisissez une structure de la liste.'))
      : show(reply, accountsPage(chosen, accountsAt(accounts, chosen.siret), null));
  });
}

type NumberedRequest = { Params: { number: string } };

/** Opening a request shows the password; submitting it makes the password current. */
function requestRoutes(app: FastifyInstance, { accounts, requests }: PortalSettings): void {
  app.post<{ Body: Form }>('/demandes', async ({ body }, reply) => {
    const { structure = '', compte = '' } = body ?? {};
    const known = accountsAt(accounts, structure);
    const chosen = known.find(({ environment, login }) => `${environment} ${login}` === compte);
    const request = chosen === undefined ? null : requests.open(chosen);
    if (request !== null) return reply.redirect(`/demandes/${request.number}`, 303);
    const home = known[0]?.home;
    return home === undefined
      ? show(reply, structuresPage(structuresOf(accounts), 'Choisissez une structure de la liste.'), 400)
      : show(reply, accountsPage(home, known, 'Choisissez un compte de la liste.'), 400);
  });
  app.get<NumberedRequest>('/demandes/:number(^\\d{1,9}$)', async ({ params }, reply) => {
    const request = requests.find(Number(params.number));
    const account = request === null ? null : accounts.find(request);
    return request === null || account === null ? absent(reply) : show(reply, requestPage(request, account));
  });
  app.post<NumberedRequest>('/demandes/:number(^\\d{1,9}$)/soumission', async ({ params }, reply) => {
    const request = requests.submit(Number(params.number));
    return request === null ? absent(reply) : reply.redirect(`/demandes/${request.number}`, 303);
  });
}

/** The older pages of 2017, which still show the expiry date. */
function userRoutes(app: FastifyInstance, { accounts }: PortalSettings): void {
  app.get('/activites', async (_request, reply) => show(reply, myStructuresPage(structuresOf(accounts))));
  app.get<{ Params: { siret: string } }>('/structures/:siret', async ({ params }, reply) => {
    const here = structuresOf(accounts).find(({ siret }) => siret === params.siret);
    if (here === undefined) return absent(reply);
    const attached = accounts
      .list()
      .filter(({ home, further }) => [home, ...further].some(({ siret }) => siret === here.siret))
      .toSorted(
        (a, b) => CHORUS_ENVIRONMENTS.indexOf(a.environment) - CHORUS_ENVIRONMENTS.indexOf(b.environment),
      );
    return show(reply, usersPage(here, attached));
  });
}
