// The door by which a test steers a running simulator: faults, accounts, tokens, requests. For this machine alone.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type ChorusAccount, WORLDS, type World } from './chorus-pro/events.ts';
import { doorFrame, LOOPBACK } from './local-server.ts';
import { ScenarioFault } from './scenario/fault-schema.ts';
import { pathOf } from './scenario/scenario.ts';
import { ChangeEntry, changeOf } from './scenario/schema.ts';
import type { ChorusSimulator } from './simulator.ts';

/** What the door steers. */
export type Steered = Pick<ChorusSimulator, 'accounts' | 'faults' | 'invoices' | 'tokens' | 'log'>;

/** Builds the server; it is to listen on 127.0.0.1 only. `now` in ms. */
export function controlDoor(steered: Steered, now: () => number): FastifyInstance {
  const app = doorFrame({ bodyLimit: 1_000_000 }, undefined);
  app.addHook('onRequest', guard);
  faultRoutes(app, steered, now);
  accountRoutes(app, steered, now);
  app.get('/_simulator/requests', async () => steered.log.list());
  app.delete('/_simulator/requests', async (_request, reply) => {
    steered.log.forget();
    return reply.code(204).send();
  });
  app.delete('/_simulator/tokens', async (_request, reply) => {
    for (const world of WORLDS) steered.tokens[world].revoke();
    return reply.code(204).send();
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, [{ path: '', words: 'no such address' }]));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const words =
      status < 500 ? 'right would be a body of JSON with its content type' : 'the simulator failed';
    return refuse(reply, status, [{ path: '', words }]);
  });
  return app;
}

/** Nobody but programs on this machine: no page of a browser, whatever name it gives this machine. */
async function guard(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = request.headers;
  if (LOOPBACK.test(host) && origin === undefined && site === 'none') return undefined;
  return refuse(reply, 403, [{ path: '', words: 'this door is for programs on this machine' }]);
}

interface Words {
  readonly path: string;
  readonly words: string;
}

function refuse(reply: FastifyReply, status: number, faults: readonly Words[]): FastifyReply {
  return reply.code(status).send({ faults });
}

function unfit(reply: FastifyReply, error: z.ZodError): FastifyReply {
  return refuse(
    reply,
    400,
    error.issues.map(({ path, message }) => ({ path: pathOf(path), words: message })),
  );
}

const Faults = z
  .union([z.array(z.unknown()).min(1), z.unknown().transform((one) => [one])])
  .pipe(z.array(ScenarioFault));

function faultRoutes(app: FastifyInstance, { accounts, faults }: Steered, now: () => number): void {
  app.get('/_simulator/faults', async () => faults.list());
  app.post('/_simulator/faults', async ({ body }, reply) => {
    const read = Faults.safeParse(body);
    if (!read.success) return unfit(reply, read.error);
    const rules = read.data.map((rule) => rule(now()));
    const isKnown = (login: string) => accounts.list().some((one) => one.login === login);
    const strange = rules.flatMap(({ login }, at) => (login === undefined || isKnown(login) ? [] : [at]));
    // It would never strike, and a test would pass for nothing.
    if (strange.length > 0)
      return refuse(
        reply,
        400,
        strange.map((at) => ({ path: `[${at}].login`, words: 'right would be the login of an account' })),
      );
    return reply.code(201).send({ ids: rules.map((rule) => faults.place(rule)) });
  });
  app.delete('/_simulator/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string } }>('/_simulator/faults/:id(^\\d{1,9}$)', async ({ params }, reply) =>
    faults.lift(Number(params.id))
      ? reply.code(204).send()
      : refuse(reply, 404, [{ path: '', words: 'no fault of that number stands' }]),
  );
}

type Named = { Params: { login: string }; Querystring: { environment?: string } };

function accountRoutes(app: FastifyInstance, { accounts, invoices }: Steered, now: () => number): void {
  const shown = ({ login, environment, ...account }: ChorusAccount) => {
    const { failures, lockedUntil } = accounts.troubleOf({ login, environment });
    const until = lockedUntil === null ? null : new Date(lockedUntil).toISOString();
    return { login, environment, ...account, failures, lockedUntil: until };
  };
  app.get('/_simulator/accounts', async () => accounts.list().map(shown));
  app.post<Named>('/_simulator/accounts/:login', async ({ params, query, body }, reply) => {
    const { login } = params;
    const wished = (environment: World) => (query.environment ?? environment) === environment;
    const found = accounts.list().filter((one) => one.login === login && wished(one.environment));
    const [account] = found;
    if (account === undefined) return refuse(reply, 404, [{ path: '', words: 'no such account' }]);
    if (found.length > 1)
      return refuse(reply, 400, [{ path: '', words: `right would be ?environment=${WORLDS.join(' or =')}` }]);
    const read = ChangeEntry.safeParse(body);
    if (!read.success) return unfit(reply, read.error);
    const change = changeOf(read.data, now());
    invoices.know(change.further ?? []);
    accounts.change(account, change);
    return shown(accounts.find(account) ?? account);
  });
}
