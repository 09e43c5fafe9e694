// The simulated Chorus Pro behind PISTE: checks token, login and password in the order of the real gateway, then answers.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerChanged, answerWith, delay, earlyFault, needsAnswer } from '../faults/apply-fault.ts';
import { MALFORMED, WRONG_LOGIN } from '../faults/fault-answers.ts';
import type { Strike } from '../faults/fault-kinds.ts';
import type { Struck } from '../faults/fault-plan.ts';
import type { Body } from '../faults/fault-shapes.ts';
import { type DoorTls, doorFrame } from '../local-server.ts';
import { watched } from '../request-log.ts';
import type { ChorusAccounts } from './accounts.ts';
import type { ChorusAccount, Refusal } from './events.ts';
import type { ChorusInvoices } from './invoices.ts';
import { type Caller, OPERATIONS } from './operations.ts';
import { bearerOf, type PisteSettings, type PisteTokens, pisteDoor, tokenFault } from './piste.ts';

/** What one world's API needs. */
export interface ChorusSettings extends PisteSettings {
  readonly accounts: ChorusAccounts;
  readonly invoices: ChorusInvoices;
  readonly tokens: PisteTokens;
  /** Whether `health-check` looks at login and password too; nothing public says. */
  readonly healthCheckAsksLogin: boolean;
  readonly tls?: DoorTls;
}

const HEALTH = 'health-check';

/** What the gateway found out about a call before its body was read. */
interface Seen {
  readonly account: ChorusAccount | null;
  readonly struck: Struck;
}
const seenOf = new WeakMap<FastifyRequest, Seen>();

/** Builds the server of one world: `POST /api/oauth/token` and everything under `/cpro/`. */
export function chorusDoor(settings: ChorusSettings): FastifyInstance {
  const app = doorFrame({ bodyLimit: 1_000_000, exposeHeadRoutes: false }, settings.tls);
  // Its own scope: only the token call reads forms.
  app.register(async (scope) => pisteDoor(scope, settings, settings.tokens));
  app.register(async (scope) => chorusRoutes(scope, settings));
  // An address that the gateway does not know is forbidden, not absent.
  app.setNotFoundHandler((request, reply) => {
    settings.log.follow(request, reply, settings.environment, 'undeclared');
    return reply.code(403).send();
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    // The house closes while a call waits: nobody is there to be answered.
    if (error.name === 'AbortError') return reply.hijack();
    const status = error.statusCode ?? 500;
    return status < 500 ? reply.code(status).send(MALFORMED) : reply.code(500).send();
  });
  return app;
}

/** The operations, each behind the gateway. */
function chorusRoutes(app: FastifyInstance, settings: ChorusSettings): void {
  const { invoices, now, environment, log } = settings;
  app.get('/cpro/transverses/v1/health-check', {
    onRequest: [watched(log, environment, HEALTH), gate(HEALTH, settings.healthCheckAsksLogin, settings)],
    handler: async (request, reply) => {
      const well = () => ({ body: 'Chorus Pro simulé', statusCodeValue: 200, statusCode: 'OK' });
      return answered(request, reply, settings, well);
    },
  });
  for (const { path, call, answer } of OPERATIONS) {
    app.post(`/cpro/${path}`, {
      onRequest: [watched(log, environment, call), gate(call, true, settings)],
      handler: async (request, reply) => {
        const account = seenOf.get(request)?.account ?? null;
        if (account === null) throw new Error(`${call} was let in without an account`);
        const caller: Caller = { account, invoices, now };
        return answered(request, reply, settings, () => answer(request.body, caller));
      },
    });
  }
}

/** The right answer, or what a late fault makes of it; null for a wrong body. */
function answered(
  request: FastifyRequest,
  reply: FastifyReply,
  settings: ChorusSettings,
  answer: () => Body | null,
): FastifyReply {
  const fault = seenOf.get(request)?.struck.fault ?? null;
  if (fault !== null && !needsAnswer(fault)) return answerWith(fault, reply, settings);
  const right = answer();
  if (right === null) return reply.code(400).send(MALFORMED);
  return fault === null ? reply.send(right) : answerChanged(fault, right, reply, settings);
}

/** The gateway's checks, in its order, all before the body is looked at. */
function gate(call: string, asksLogin: boolean, settings: ChorusSettings) {
  const { environment, faults, tokens, sleep, closing, log, accounts } = settings;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const given = readAccount(request.headers['cpro-account']);
    const struck = faults.strike({ call, login: given?.login ?? null, environment });
    const isKnown = given !== null && accounts.find({ login: given.login, environment }) !== null;
    const login = given === null ? null : isKnown ? given.login : 'unknown';
    log.note(request, { login, struck: struck.names });
    await delay(struck, sleep, closing);
    const early = earlyFault(struck);
    if (early !== null) {
      dropTokens(early, request, tokens);
      return answerWith(early, reply, settings);
    }
    const refused = tokenFault(request.headers.authorization, tokens);
    if (refused !== null)
      return reply.code(refused.status).header('www-authenticate', refused.authenticate).send();
    const account = asksLogin ? admit(call, given, request, settings) : null;
    if (account === 'refused') return reply.code(401).header('www-authenticate', WRONG_LOGIN).send();
    seenOf.set(request, { account, struck });
    return undefined;
  };
}

/** Two faults are more than an answer: what they say of the tokens is so from now on. */
function dropTokens({ kind }: Strike, request: FastifyRequest, tokens: PisteTokens): void {
  if (kind === 'application-disabled') tokens.revoke();
  if (kind === 'token-revoked') tokens.drop(bearerOf(request.headers.authorization) ?? '');
}

/** Checks login and password, and tells what came of it. */
function admit(
  call: string,
  given: Given | null,
  request: FastifyRequest,
  settings: ChorusSettings,
): ChorusAccount | 'refused' {
  const { accounts, environment, tell, log } = settings;
  const found: ChorusAccount | Refusal =
    given === null ? 'no-header' : accounts.check(environment, given.login, given.password);
  const login = given?.login ?? '';
  if (typeof found !== 'string') {
    tell({ kind: 'login-ok', call, login, environment });
    return found;
  }
  log.note(request, { refusal: found });
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
