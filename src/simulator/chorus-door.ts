// The simulated Chorus Pro behind PISTE: checks token, login and password in the order of the real gateway, then answers.
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ChorusAccounts } from './chorus-accounts.ts';
import { type Caller, OPERATIONS } from './chorus-calls.ts';
import type { ChorusAccount, Refusal } from './chorus-events.ts';
import type { Struck } from './chorus-faults.ts';
import type { ChorusInvoices } from './chorus-invoices.ts';
import { answerWith, delay, strikesLate } from './chorus-strike.ts';
import { type PisteSettings, type PisteTokens, pisteDoor, tokenFault } from './piste-door.ts';

/** What one world's API needs. */
export interface ChorusSettings extends PisteSettings {
  readonly accounts: ChorusAccounts;
  readonly invoices: ChorusInvoices;
  readonly tokens: PisteTokens;
  /** Whether `health-check` looks at login and password too; nothing public says. */
  readonly healthCheckAsksLogin: boolean;
}

const WRONG_LOGIN =
  'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"';
const HEALTH = 'health-check';

/** What the gateway found out about a call before its body was read. */
interface Seen {
  readonly account: ChorusAccount | null;
  readonly struck: Struck;
}
const seenOf = new WeakMap<FastifyRequest, Seen>();

/** Builds the server of one world: `POST /api/oauth/token` and everything under `/cpro/`. */
export function chorusDoor(settings: ChorusSettings): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 1_000_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  // Its own scope: only the token call reads forms.
  app.register(async (scope) => pisteDoor(scope, settings, settings.tokens));
  const { invoices, now } = settings;
  app.get('/cpro/transverses/v1/health-check', {
    onRequest: gate(HEALTH, settings.healthCheckAsksLogin, settings),
    handler: async (request, reply) =>
      late(request, reply) ?? { body: 'Chorus Pro simulé', statusCodeValue: 200, statusCode: 'OK' },
  });
  for (const { path, call, answer } of OPERATIONS) {
    app.post(`/cpro/${path}`, {
      onRequest: gate(call, true, settings),
      handler: async (request, reply) => {
        const faulty = late(request, reply);
        if (faulty !== null) return faulty;
        const account = seenOf.get(request)?.account ?? null;
        if (account === null) throw new Error(`${call} was let in without an account`);
        const caller: Caller = { account, invoices, now };
        return answer(request.body, caller) ?? reply.code(400).send(MALFORMED);
      },
    });
  }
  // An address that the gateway does not know is forbidden, not absent.
  app.setNotFoundHandler((_request, reply) => reply.code(403).send());
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    // The house closes while a call waits: nobody is there to be answered.
    if (error.name === 'AbortError') return reply.hijack();
    const status = error.statusCode ?? 500;
    return status < 500 ? reply.code(status).send(MALFORMED) : reply.code(500).send();
  });
  return app;
}

const MALFORMED = { codeRetour: 400, libelle: 'Requête mal formée.' } as const;

/** The gateway's checks, in its order, all before the body is looked at. */
function gate(call: string, asksLogin: boolean, settings: ChorusSettings) {
  const { environment, faults, tokens, closing } = settings;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const given = readAccount(request.headers['cpro-account']);
    const struck = faults.strike({ call, login: given?.login ?? null, environment });
    await delay(struck, closing);
    if (struck.fault !== null && !strikesLate(struck)) return answerWith(struck.fault, reply);
    const fault = tokenFault(request.headers.authorization, tokens);
    if (fault !== null) return reply.code(fault.status).header('www-authenticate', fault.authenticate).send();
    const account = asksLogin ? admit(call, given, settings) : null;
    if (account === 'refused') return reply.code(401).header('www-authenticate', WRONG_LOGIN).send();
    seenOf.set(request, { account, struck });
    return undefined;
  };
}

/** Checks login and password, and tells what came of it. */
function admit(call: string, given: Given | null, settings: ChorusSettings): ChorusAccount | 'refused' {
  const { accounts, environment, tell } = settings;
  const found: ChorusAccount | Refusal =
    given === null ? 'no-header' : accounts.check(environment, given.login, given.password);
  const login = given?.login ?? '';
  if (typeof found !== 'string') {
    tell({ kind: 'login-ok', call, login, environment });
    return found;
  }
  tell({ kind: 'login-refused', call, why: found, login, environment });
  return 'refused';
}

interface Given {
  readonly login: string;
  readonly password: string;
}

/** Reads `cpro-account`: base64 of `login:password` in UTF-8, with its padding and nothing before it. */
function readAccount(header: string | string[] | undefined): Given | null {
  if (typeof header !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(header) || header.length % 4 !== 0)
    return null;
  const text = Buffer.from(header, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : { login: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The fault that strikes once login and password were believed, if there is one. */
function late(request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  const fault = seenOf.get(request)?.struck.fault ?? null;
  return fault === null ? null : answerWith(fault, reply);
}
