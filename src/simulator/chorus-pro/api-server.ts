// The simulated Chorus Pro behind PISTE: checks token, login and password in the order of the real gateway, then answers.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  applyDelay,
  earlyFault,
  needsAnswer,
  sendChangedAnswer,
  sendFaultAnswer,
} from '../faults/apply-fault.ts';
import { MALFORMED, WRONG_LOGIN } from '../faults/fault-answers.ts';
import type { ActiveFault } from '../faults/fault-kinds.ts';
import type { FaultEffect } from '../faults/fault-plan.ts';
import type { Body } from '../faults/fault-shapes.ts';
import { newServer, type ServerTls } from '../local-server.ts';
import { logRequests } from '../request-log.ts';
import type { ChorusAccounts } from './accounts.ts';
import type { ChorusAccount, Refusal } from './events.ts';
import type { ChorusInvoices } from './invoices.ts';
import { type CallContext, OPERATIONS } from './operations.ts';
import { bearerOf, type PisteSettings, type PisteTokens, tokenFault, tokenRoutes } from './piste.ts';

export interface ApiSettings extends PisteSettings {
  readonly accounts: ChorusAccounts;
  readonly invoices: ChorusInvoices;
  readonly tokens: PisteTokens;
  /** Whether `health-check` checks login and password too; no public source says. */
  readonly healthCheckAsksLogin: boolean;
  readonly tls?: ServerTls;
}

const HEALTH = 'health-check';

/** What the gateway's checks of a call gave, before its body is read. */
const gatewayResults = new WeakMap<FastifyRequest, { account: ChorusAccount | null; effect: FaultEffect }>();

/** Builds the server of one environment: `POST /api/oauth/token` and everything under `/cpro/`. */
export function apiServer(settings: ApiSettings): FastifyInstance {
  const app = newServer({ bodyLimit: 1_000_000, exposeHeadRoutes: false }, settings.tls);
  // Its own scope: only the token call reads forms.
  app.register(async (scope) => tokenRoutes(scope, settings, settings.tokens));
  app.register(async (scope) => operationRoutes(scope, settings));
  // The gateway answers 403, not 404, to an address that it does not know.
  app.setNotFoundHandler((request, reply) => {
    settings.log.follow(request, reply, settings.environment, 'undeclared');
    return reply.code(403).send();
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    // The simulator closes while a call is delayed: there is nobody to answer.
    if (error.name === 'AbortError') return reply.hijack();
    const status = error.statusCode ?? 500;
    return status < 500 ? reply.code(status).send(MALFORMED) : reply.code(500).send();
  });
  return app;
}

function operationRoutes(app: FastifyInstance, settings: ApiSettings): void {
  const { invoices, now, environment, log } = settings;
  app.get('/cpro/transverses/v1/health-check', {
    onRequest: [
      logRequests(log, environment, HEALTH),
      gateway(HEALTH, settings.healthCheckAsksLogin, settings),
    ],
    handler: async (request, reply) => {
      const well = () => ({ body: 'Chorus Pro simulé', statusCodeValue: 200, statusCode: 'OK' });
      return sendAnswer(request, reply, settings, well);
    },
  });
  for (const { path, call, answer } of OPERATIONS) {
    app.post(`/cpro/${path}`, {
      onRequest: [logRequests(log, environment, call), gateway(call, true, settings)],
      handler: async (request, reply) => {
        const account = gatewayResults.get(request)?.account ?? null;
        if (account === null) throw new Error(`${call} was admitted without an account`);
        const context: CallContext = { account, invoices, now };
        return sendAnswer(request, reply, settings, () => answer(request.body, context));
      },
    });
  }
}

/** Sends the right answer, or what a late fault makes of it; `answer` gives null for a wrong body. */
function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  settings: ApiSettings,
  answer: () => Body | null,
): FastifyReply {
  const fault = gatewayResults.get(request)?.effect.fault ?? null;
  if (fault !== null && !needsAnswer(fault)) return sendFaultAnswer(fault, reply, settings);
  const right = answer();
  if (right === null) return reply.code(400).send(MALFORMED);
  return fault === null ? reply.send(right) : sendChangedAnswer(fault, right, reply, settings);
}

/** The gateway's checks, in its order, all before the body is looked at. */
function gateway(call: string, asksLogin: boolean, settings: ApiSettings) {
  const { environment, faults, tokens, sleep, closing, log, accounts } = settings;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const given = readAccount(request.headers['cpro-account']);
    const effect = faults.apply({ call, login: given?.login ?? null, environment });
    const isKnown = given !== null && accounts.find({ login: given.login, environment }) !== null;
    const login = given === null ? null : isKnown ? given.login : 'unknown';
    log.note(request, { login, faults: effect.names });
    await applyDelay(effect, sleep, closing);
    const early = earlyFault(effect);
    if (early !== null) {
      dropTokens(early, request, tokens);
      return sendFaultAnswer(early, reply, settings);
    }
    const refused = tokenFault(request.headers.authorization, tokens);
    if (refused !== null)
      return reply.code(refused.status).header('www-authenticate', refused.authenticate).send();
    const account = asksLogin ? checkLogin(call, given, request, settings) : null;
    if (account === 'refused') return reply.code(401).header('www-authenticate', WRONG_LOGIN).send();
    gatewayResults.set(request, { account, effect });
    return undefined;
  };
}

/** Two faults are more than an answer: they also make tokens invalid from now on. */
function dropTokens({ kind }: ActiveFault, request: FastifyRequest, tokens: PisteTokens): void {
  if (kind === 'application-disabled') tokens.revoke();
  if (kind === 'token-revoked') tokens.drop(bearerOf(request.headers.authorization) ?? '');
}

/** Checks login and password, and emits the result as an event. */
function checkLogin(
  call: string,
  given: Credentials | null,
  request: FastifyRequest,
  settings: ApiSettings,
): ChorusAccount | 'refused' {
  const { accounts, environment, emit, log } = settings;
  const found: ChorusAccount | Refusal =
    given === null ? 'no-header' : accounts.check(environment, given.login, given.password);
  const login = given?.login ?? '';
  if (typeof found !== 'string') {
    emit({ kind: 'login-ok', call, login, environment });
    return found;
  }
  log.note(request, { refusal: found });
  emit({ kind: 'login-refused', call, why: found, login, environment });
  return 'refused';
}

type Credentials = Readonly<Record<'login' | 'password', string>>;

/** Reads `cpro-account`: base64 of `login:password` in UTF-8, with its padding and nothing before it. */
function readAccount(header: string | string[] | undefined): Credentials | null {
  if (typeof header !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(header) || header.length % 4 !== 0)
    return null;
  const text = Buffer.from(header, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : { login: text.slice(0, colon), password: text.slice(colon + 1) };
}
