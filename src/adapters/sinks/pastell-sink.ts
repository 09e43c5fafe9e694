// The Pastell sink: login and password of a connector `cpp`, written by Pastell's API, held by its own switch, proven by its own test.
import type { BeforeHold, Comparison, Publishable, SinkAccount } from '../../domain/rotation/sink-content.ts';
import { redactorOf } from '../../foundation/redact.ts';
import { type HttpRequest, openHttpCaller, readSecret } from './http-call.ts';
import {
  accountValues,
  type PastellSettings,
  type SinkDriver,
  SinkFault,
  type Variables,
} from './settings.ts';

/** The type of the connector that calls Chorus Pro; that of many accounts in one CSV file is another. */
const TYPE = 'cpp';
/** What Pastell makes other signs of (and it trims): a password with one of these would be changed in silence. */
const REPLACED = ['&#8217;', '&#8211;'];
const HOLD_LIMIT = 'the import of invoices alone: changes of their status still call Chorus Pro';

type PastellCall = (
  request: Pick<HttpRequest, 'method' | 'expect'> & {
    readonly path: string;
    /** Pastell reads forms alone: of JSON it takes nothing, and says ok. */
    readonly form?: Readonly<Record<string, string>>;
    readonly secrets?: readonly string[];
  },
) => ReturnType<ReturnType<typeof openHttpCaller>>;

/** Opens the sink; nothing is called yet. */
export function pastellDriver(settings: PastellSettings, variables: Variables): SinkDriver {
  const call = callerOf(settings, variables);
  const driver: SinkDriver = {
    // The login can be read back, the password never: only the proof shows what is stored.
    readsBack: false,
    holdLimit: HOLD_LIMIT,
    locksJobs: true,
    compare: async (content): Promise<Comparison> => {
      const { login } = await ownConnector(call, settings, content);
      return { ok: true, state: login === '' ? 'absent' : 'unreadable' };
    },
    write: async (content) => {
      await write(call, settings, content);
      return { ok: true };
    },
    beforeHold: async (facts): Promise<BeforeHold> => {
      const { data } = await ownConnector(call, settings, facts);
      return { ok: true, before: switchOf(data) };
    },
    hold: async (facts, { on, before = null }) => {
      // Nothing was read, so nothing was ever changed.
      if (!on && before === null) return;
      await setSwitch(call, placeOf(settings, facts), on ? 'on' : (before ?? ''));
    },
    discover: () => discover(call),
  };
  return settings.proof ? { ...driver, proof: (content) => prove(call, settings, content) } : driver;
}

function callerOf(settings: PastellSettings, variables: Variables): PastellCall {
  const send = openHttpCaller(settings);
  return async ({ method, path, form, expect, secrets = [] }) => {
    const token = readSecret(settings.token, variables);
    const basic = Buffer.from(`${settings.user}:${token}`).toString('base64');
    const Authorization = settings.user === null ? `Bearer ${token}` : `Basic ${basic}`;
    const type = form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
    return send({
      ...{ method, expect, url: `${settings.url}/api/v2/${path}` },
      headers: { Authorization, Accept: 'application/json', ...type },
      body: form === undefined ? null : new URLSearchParams(form).toString(),
      secrets: [token, ...secrets],
    });
  };
}

/** Where the settings say that an account is: its entity and its connector. Throws SinkFault. */
function placeOf(settings: PastellSettings, { login }: Pick<SinkAccount, 'login'>): string {
  const { id_e, id_ce } = accountValues(settings, login);
  if (id_e !== undefined && id_ce !== undefined) return `entite/${id_e}/connecteur/${id_ce}`;
  throw new SinkFault(`accounts has no id_e and id_ce for ${login}: releve connectors discover finds them`);
}

/** What can be read of a connector. */
interface ReadConnector {
  readonly data: Readonly<Record<string, unknown>>;
  /** Empty where none is set yet. */
  readonly login: string;
}

async function readConnector(call: PastellCall, place: string): Promise<ReadConnector> {
  const answer = await call({ method: 'GET', path: place, expect: [200] });
  const connector = recordOf(answer.json());
  const { id_connecteur: type } = connector;
  if (type !== undefined && type !== TYPE) {
    throw new SinkFault(
      `${place} is a connector of another type than ${TYPE}: see docs/connectors/pastell.md`,
    );
  }
  if (typeof connector.data !== 'object' || connector.data === null) {
    throw new SinkFault(
      `${place} was answered without data: is it the address of Pastell's API?${answer.said()}`,
    );
  }
  const data = recordOf(connector.data);
  return { data, login: textOf(data.user_login).trim() };
}

/** The connector of an account. Throws SinkFault where it holds another account: a wrong id must never cost that one its password. */
async function ownConnector(
  call: PastellCall,
  settings: PastellSettings,
  { login }: SinkAccount,
): Promise<ReadConnector> {
  const place = placeOf(settings, { login });
  const found = await readConnector(call, place);
  if (found.login !== '' && found.login.toLowerCase() !== login.toLowerCase()) {
    throw new SinkFault(
      `${place} holds the login ${found.login}, not ${login}: correct id_ce, or empty user_login there; nothing was written`,
    );
  }
  return found;
}

async function write(call: PastellCall, settings: PastellSettings, content: Publishable): Promise<void> {
  const { login } = content;
  const password = content.password.reveal();
  refuseChanged(password);
  const place = placeOf(settings, content);
  await ownConnector(call, settings, content);
  const form = { user_login: login, user_password: password };
  await patch(call, place, form, [password]);
  const stored = await readConnector(call, place);
  if (stored.login !== login) throw new SinkFault(`${place} ${UNCHANGED}: it does not hold ${login}`);
}

const UNCHANGED = 'was answered with ok, and Pastell changed nothing';

async function patch(
  call: PastellCall,
  place: string,
  form: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): Promise<void> {
  const answer = await call({ method: 'PATCH', path: `${place}/content`, form, secrets, expect: [200] });
  if (recordOf(answer.json()).result === 'ok') return;
  throw new SinkFault(`${place} was not changed: Pastell did not answer with ok${answer.said()}`);
}

/** Pastell changes some values in silence; a password that is not stored as it is would be refused at each import. */
function refuseChanged(password: string): void {
  const why = !password.isWellFormed()
    ? 'is not a text'
    : password.trim() !== password
      ? 'begins or ends with a blank, which Pastell cuts off'
      : REPLACED.some((sign) => password.includes(sign))
        ? `has ${REPLACED.join(' or ')} in it, which Pastell replaces`
        : null;
  if (why === null) return;
  throw new SinkFault(`the password ${why}: reset it once more on the portal; nothing was written`);
}

/** The field by which a connector imports nothing, as text that can be put back; empty where it imports. */
function switchOf({ no_recup_facture: set }: ReadConnector['data']): string {
  const text = set === true ? 'on' : textOf(set);
  return ['', '0', 'off', 'false'].includes(text) ? '' : text;
}

async function setSwitch(call: PastellCall, place: string, value: string): Promise<void> {
  await patch(call, place, { no_recup_facture: value });
  const { data } = await readConnector(call, place);
  if ((switchOf(data) === '') === (value === '')) return;
  throw new SinkFault(`${place} ${UNCHANGED}: no_recup_facture is not ${value === '' ? 'off' : 'on'}`);
}

/** Pastell calls Chorus Pro once with what it stores. */
async function prove(
  call: PastellCall,
  settings: PastellSettings,
  content: Publishable,
): ReturnType<NonNullable<SinkDriver['proof']>> {
  const place = placeOf(settings, content);
  const password = content.password.reveal();
  const account = Buffer.from(`${content.login}:${password}`).toString('base64');
  const secrets = [password, account];
  const asked = { method: 'POST', path: `${place}/action/test-cpp`, secrets } as const;
  try {
    const answer = await call({ ...asked, expect: [200, 201, 400, 401, 403, 404] });
    if (answer.status >= 400) {
      const may =
        'its test may not be run: give the token connecteur:action (from Pastell 4.1.8), or set proof: false';
      return { ok: false, call: 'none', fault: `${WRITTEN}, but ${may}${answer.said()}` };
    }
    const { result, last_message: message } = recordOf(answer.json());
    if (result === true) return { ok: true };
    const said = redactorOf(secrets).redactBeginning(textOf(message), SHOWN).slice(0, SHOWN);
    const words = said === '' ? '' : `: ${said.replaceAll(/[\p{C}\s]+/gu, ' ').trim()}`;
    return { ok: false, call: 'failed', fault: `${WRITTEN}, but its own test of Chorus Pro failed${words}` };
  } catch (error) {
    if (!(error instanceof SinkFault)) throw error;
    return { ok: false, call: 'unknown', fault: `${WRITTEN}; its test gave no answer: ${error.message}` };
  }
}

const WRITTEN = 'the password is written there';
/** How much of a message a fault shows, in characters. */
const SHOWN = 300;

/** All connectors `cpp` that the token may see, with the login of each. */
async function discover(call: PastellCall): ReturnType<NonNullable<SinkDriver['discover']>> {
  const answer = await call({ method: 'GET', path: `connecteur/all/${TYPE}`, expect: [200, 403] });
  if (answer.status === 403) {
    throw new SinkFault(
      `the list of connectors needs connecteur:lecture on entity 0: without it, look id_e and id_ce up in Pastell${answer.said()}`,
    );
  }
  const listed = answer.json();
  if (!Array.isArray(listed)) throw new SinkFault(`the list of connectors is no list${answer.said()}`);
  const accounts = [];
  for (const one of listed.map(recordOf)) {
    const [id_e, id_ce] = [Number(one.id_e), Number(one.id_ce)];
    if (!Number.isSafeInteger(id_e) || !Number.isSafeInteger(id_ce)) continue;
    const { login } = await readConnector(call, `entite/${id_e}/connecteur/${id_ce}`);
    accounts.push({ login, label: textOf(one.libelle), values: { id_e, id_ce } });
  }
  return accounts;
}

const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
