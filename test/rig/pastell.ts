// A double of Pastell's API and of its connector to Chorus Pro, by what its source says: forms alone are read, unknown fields are skipped
// in silence, values are trimmed, no password is given back; its jobs call a simulated Chorus Pro with what is stored.
import type { CallSettings } from '../../src/simulator/connector/connector-calls.ts';
import { type ApiCall, type ApiReply, startApi } from './api-server.ts';

type Right = 'entite:lecture' | 'connecteur:lecture' | 'connecteur:edition' | 'connecteur:action';

/** Who may call: by a token or as `name:password`, in which entities (0 is the root: all of them), with which rights. */
interface ApiUser {
  readonly secret: string;
  readonly by?: 'Bearer' | 'Basic';
  readonly entities: readonly number[];
  readonly rights?: readonly Right[];
}

interface Connector {
  readonly id_e: number;
  readonly id_ce: number;
  readonly libelle: string;
  /** The type: `cpp`, or any other. */
  readonly id_connecteur: string;
  readonly data: Record<string, string>;
  /** Tries of its import that failed in a row, and whether its job is locked since. */
  tries: number;
  locked: boolean;
}

export interface PastellSettings {
  readonly users: readonly ApiUser[];
  readonly connectors: readonly Pick<Connector, 'id_e' | 'id_ce' | 'libelle' | 'data'>[];
  /** The simulated Chorus Pro; no call of its connectors arrives anywhere without one. */
  readonly chorus?: CallSettings;
  /** After how many tries an import is locked; 3. */
  readonly mostTries?: number;
}

type Answer = ApiReply & { readonly status: number };

export type Pastell = Awaited<ReturnType<typeof openPastell>>;

const ALL: readonly Right[] = [
  'entite:lecture',
  'connecteur:lecture',
  'connecteur:edition',
  'connecteur:action',
];
/** The fields of `cpp`; a client may send any other, which is skipped. */
const FIELDS = [
  ...['user_login', 'user_password', 'client_id', 'client_secret', 'url_piste_api', 'url_piste_get_token'],
  ...['identifiant_structure', 'no_recup_facture'],
];
/** Failures of authentication before the API answers 429. */
const MOST_FAILURES = 5;
const PREFIX = '/api/v2';

const refusal = (status: number, said: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { status: 'error', 'error-message': said },
});

export const DOWN: Answer = { status: 502, body: '<html><title>Bad Gateway</title></html>' };

/** Opens it on a free port of this machine. */
export async function openPastell(settings: PastellSettings) {
  const connectors: Connector[] = settings.connectors.map((one) => ({
    ...{ id_connecteur: 'cpp', tries: 0, locked: false, ...one },
    data: { ...one.data },
  }));
  const world = { settings, connectors, failures: 0 };
  const faults: (Answer | 'never' | null)[] = [];
  let standing: Answer | 'never' | 'lost' | null = null;
  const api = await startApi(async (call) => {
    const fault = faults.shift() ?? standing;
    if (fault === 'lost') {
      const answer = await answerTo(world, call);
      return call.method === 'PATCH' ? DOWN : answer;
    }
    return fault === 'never' ? null : (fault ?? answerTo(world, call));
  });
  const find = (id: number) => {
    const found = connectors.find(({ id_ce }) => id_ce === id);
    if (found === undefined) throw new Error(`there is no connector ${id}`);
    return found;
  };
  return {
    ...{ url: api.url, requests: api.calls, find, close: api.close },
    /** The next requests get these answers, whatever they ask; `never` leaves one without any, null answers as usual. */
    failNext: (...answers: typeof faults) => {
      faults.push(...answers);
    },
    /** Every request gets this answer; `lost`: what is written is kept, and its answer is an error; null ends it. */
    failAll: (answer: typeof standing) => {
      standing = answer;
    },
    /** The jobs' tick: each import that is not locked. */
    tick: async () => {
      for (const one of connectors) if (!one.locked) await importInvoices(world, one);
    },
  };
}

interface World {
  readonly settings: PastellSettings;
  readonly connectors: readonly Connector[];
  /** Of authentication, in a row. */
  failures: number;
}

async function answerTo(world: World, { method, path, headers, body }: ApiCall): Promise<Answer> {
  if (world.failures >= MOST_FAILURES) return refusal(429, 'Trop de requêtes', { 'Retry-after': '60' });
  const user = world.settings.users.find((one) => headers.authorization === headerOf(one));
  if (user === undefined) {
    world.failures += 1;
    return refusal(401, 'Accès interdit', { 'WWW-Authenticate': 'Basic realm="API Pastell"' });
  }
  world.failures = 0;
  if (!path.startsWith(PREFIX)) return refusal(404, 'Ressource introuvable');
  const may = (right: Right, entity: number) =>
    (user.rights ?? ALL).includes(right) && (user.entities.includes(0) || user.entities.includes(entity));
  const [, type] = /^\/connecteur\/all\/([a-z-]+)$/.exec(path.slice(PREFIX.length)) ?? [];
  if (method === 'GET' && type !== undefined) {
    // Needed on the root: a token of some entities alone may not list.
    if (!user.entities.includes(0) || !may('connecteur:lecture', 0))
      return forbidden(0, 'connecteur:lecture');
    const all = world.connectors.filter((one) => one.id_connecteur === type);
    return { status: 200, body: all.map(summaryOf) };
  }
  const [, entity, id, rest = ''] =
    /^\/entite\/(\d+)\/connecteur\/(\d+)(\/content|\/action\/[a-z-]+)?$/.exec(path.slice(PREFIX.length)) ??
    [];
  if (entity === undefined) return refusal(404, 'Ressource introuvable');
  const idE = Number(entity);
  for (const right of ['entite:lecture', 'connecteur:lecture'] as const)
    if (!may(right, idE)) return forbidden(idE, right);
  const connector = world.connectors.find((one) => one.id_e === idE && one.id_ce === Number(id));
  if (connector === undefined)
    return refusal(404, `Le connecteur ${id} n’existe pas pour l’entité ${entity}`);
  if (method === 'GET' && rest === '') return { status: 200, body: detailOf(connector) };
  if (method === 'PATCH' && rest === '/content') {
    if (!may('connecteur:edition', idE)) return forbidden(idE, 'connecteur:edition');
    store(connector, body);
    return { status: 200, body: { ...detailOf(connector), result: 'ok' } };
  }
  if (method === 'POST' && rest.startsWith('/action/')) {
    if (!may('connecteur:action', idE)) return forbidden(idE, 'connecteur:action');
    return act(world, connector, rest.slice('/action/'.length));
  }
  return refusal(400, `La méthode ${method} n’est pas disponible`);
}

const headerOf = ({ by = 'Bearer', secret }: ApiUser) =>
  `${by} ${by === 'Basic' ? Buffer.from(secret).toString('base64') : secret}`;

const forbidden = (entity: number, right: Right) =>
  refusal(403, `Acces interdit id_e=${entity}, droit=${right}`);

const summaryOf = ({ id_e, id_ce, libelle, id_connecteur }: Connector) => ({
  ...{ id_ce: String(id_ce), id_e: String(id_e), libelle, id_connecteur, type: 'PortailFacture' },
});

function detailOf(connector: Connector) {
  const { user_password: _, ...data } = connector.data;
  return {
    ...summaryOf(connector),
    data: { ...data, user_password: 'MOT DE PASSE NON RECUPERABLE' },
    'action-possible': ['test-cpp', 'import-facture'],
  };
}

/** PHP's parse_str over the body, whatever it says it is: of JSON one unknown name comes. */
function store({ data }: Connector, body: string): void {
  for (const [name, value] of new URLSearchParams(body)) {
    if (!FIELDS.includes(name)) continue;
    data[name] = value
      // As PHP trims.
      .replaceAll(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, '')
      .replaceAll('&#8217;', "'")
      .replaceAll('&#8211;', '-');
  }
}

async function act(world: World, connector: Connector, action: string): Promise<Answer> {
  if (action === 'import-facture') {
    const last_message = await importInvoices(world, connector);
    return { status: 201, body: { result: connector.tries === 0, last_message } };
  }
  if (action !== 'test-cpp') return refusal(400, `L’action ${action} n’existe pas`);
  const said = await callChorus(world, connector, 'transverses/v1/recuperer/tauxtva');
  const last_message = said === null ? 'La connexion est réussie' : `La connexion a échoué : ${said}`;
  return { status: 201, body: { result: said === null, last_message } };
}

/** One run of the import; a failed one is tried again at the next tick, until the job is locked. */
async function importInvoices(world: World, connector: Connector): Promise<string> {
  if (connector.data.no_recup_facture) return 'La récupération des factures est désactivée';
  const said = await callChorus(world, connector, 'factures/v1/rechercher/recipiendaire');
  connector.tries = said === null ? 0 : connector.tries + 1;
  connector.locked = connector.tries >= (world.settings.mostTries ?? 3);
  return said ?? 'Les factures ont été récupérées';
}

/** Null where it worked; any failure is the same to it: it throws, and counts nothing. */
async function callChorus(world: World, { data }: Connector, operation: string): Promise<string | null> {
  const { chorus } = world.settings;
  if (chorus === undefined) return 'PISTE est injoignable';
  const { tokenUrl, apiUrl, clientId: client_id, clientSecret: client_secret } = chorus;
  const form = { grant_type: 'client_credentials', client_id, client_secret, scope: 'openid' };
  const answer = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await answer.json()) as { access_token: string };
  const pair = `${data.user_login}:${data.user_password}`;
  const called = await fetch(`${apiUrl}/cpro/${operation}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${access_token}`,
      'cpro-account': Buffer.from(pair).toString('base64'),
      'content-type': 'application/json;charset=utf-8',
    },
    body: operation.startsWith('factures') ? '{"typeDemandePaiement":"FACTURE"}' : '{}',
  });
  // As careless as a library that quotes what it sent.
  return called.status === 200 ? null : `${pair} : erreur ${called.status}`;
}
