// The HTTP server by which a test controls a running simulator: faults, accounts, tokens, requests. For this machine only.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { CHORUS_ENVIRONMENTS, type ChorusAccount, type ChorusEnvironment } from './chorus-pro/events.ts';
import { LOOPBACK, newServer } from './local-server.ts';
import { ScenarioFault } from './scenario/fault-schema.ts';
import { pathOf } from './scenario/scenario.ts';
import { ChangeEntry, changeOf } from './scenario/schema.ts';
import type { ChorusSimulator } from './simulator.ts';

/** The parts of the simulator that it reads and changes. */
export type ControlledParts = Pick<ChorusSimulator, 'accounts' | 'faults' | 'invoices' | 'tokens' | 'log'>;

/** Builds the server, which must listen on 127.0.0.1 only. `now` in ms. */
export function controlServer(parts: ControlledParts, now: () => number): FastifyInstance {
  const app = newServer({ bodyLimit: 1_000_000 }, undefined);
  app.addHook('onRequest', guard);
  faultRoutes(app, parts, now);
  accountRoutes(app, parts, now);
  app.get('/_simulator/requests', async () => parts.log.list());
  app.delete('/_simulator/requests', async (_request, reply) => {
    parts.log.forget();
    return reply.code(204).send();
  });
  app.delete('/_simulator/tokens', async (_request, reply) => {
    for (const environment of CHORUS_ENVIRONMENTS) parts.tokens[environment].revoke();
    return reply.code(204).send();
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'no such address'));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const words =
      status < 500 ? 'right would be a body of JSON with its content type' : 'the simulator failed';
    return refuse(reply, status, words);
  });
  return app;
}

/** Serves programs on this machine only: no page in a browser, under any name of this machine. */
async function guard(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = request.headers;
  if (LOOPBACK.test(host) && origin === undefined && site === 'none') return undefined;
  return refuse(reply, 403, 'this door is for programs on this machine');
}

type RequestFault = Readonly<Record<'path' | 'words', string>>;

function refuse(reply: FastifyReply, status: number, faults: string | readonly RequestFault[]): FastifyReply {
  const all = typeof faults === 'string' ? [{ path: '', words: faults }] : faults;
  return reply.code(status).send({ faults: all });
}

function refuseBody(reply: FastifyReply, { issues }: z.ZodError): FastifyReply {
  const faults = issues.map(({ path, message }) => ({ path: pathOf(path), words: message }));
  return refuse(reply, 400, faults);
}

const Faults = z
  .union([z.array(z.unknown()).min(1), z.unknown().transform((one) => [one])])
  .pipe(z.array(ScenarioFault));

function faultRoutes(app: FastifyInstance, { accounts, faults }: ControlledParts, now: () => number): void {
  app.get('/_simulator/faults', async () => faults.list());
  app.post('/_simulator/faults', async ({ body }, reply) => {
    const read = Faults.safeParse(body);
    if (!read.success) return refuseBody(reply, read.error);
    const rules = read.data.map((rule) => rule(now()));
    const isKnown = (login: string) => accounts.list().some((one) => one.login === login);
    const unmatched = rules.flatMap(({ login }, at) => (login === undefined || isKnown(login) ? [] : [at]));
    // It would never apply, and a test would pass without having tested anything.
    const words = 'right would be the login of an account';
    const misnamed = unmatched.map((at) => ({ path: `[${at}].login`, words }));
    if (misnamed.length > 0) return refuse(reply, 400, misnamed);
    return reply.code(201).send({ ids: rules.map((rule) => faults.insert(rule)) });
  });
  app.delete('/_simulator/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string } }>('/_simulator/faults/:id(^\\d{1,9}$)', async ({ params }, reply) =>
    faults.remove(Number(params.id))
      ? reply.code(204).send()
      : refuse(reply, 404, 'no fault of that number stands'),
  );
}

type AccountRequest = { Params: { login: string }; Querystring: { environment?: string } };

function accountRoutes(
  app: FastifyInstance,
  { accounts, invoices }: ControlledParts,
  now: () => number,
): void {
  const shown = ({ login, environment, ...account }: ChorusAccount) => {
    const { failures, lockedUntil } = accounts.lockStateOf({ login, environment });
    const until = lockedUntil === null ? null : new Date(lockedUntil).toISOString();
    return { login, environment, ...account, failures, lockedUntil: until };
  };
  app.get('/_simulator/accounts', async () => accounts.list().map(shown));
  app.post<AccountRequest>('/_simulator/accounts/:login', async ({ params, query, body }, reply) => {
    const { login } = params;
    const isAsked = (environment: ChorusEnvironment) => (query.environment ?? environment) === environment;
    const found = accounts.list().filter((one) => one.login === login && isAsked(one.environment));
    const [account] = found;
    if (account === undefined) return refuse(reply, 404, 'no such account');
    if (found.length > 1)
      return refuse(reply, 400, `right would be ?environment=${CHORUS_ENVIRONMENTS.join(' or =')}`);
    const read = ChangeEntry.safeParse(body);
    if (!read.success) return refuseBody(reply, read.error);
    const change = changeOf(read.data, now());
    invoices.know(change.further ?? []);
    accounts.change(account, change);
    return shown(accounts.find(account) ?? account);
  });
}
