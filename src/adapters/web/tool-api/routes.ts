// The API for IT tools: JSON in, JSON out, a token in the headers of every request.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ToolActions } from '../../../domain/ports/tool-api.ts';
import { type ApiTool, isAllowed, withinGrant } from '../../../domain/registry/api-token.ts';
import type { AccountReads } from '../../../use-cases/registry/account-reads.ts';
import { HttpError } from '../http-errors.ts';
import { jsonBody, outcomeOf, readBodiesOf } from '../request.ts';
import type { Endpoint, ServerContext } from '../server-settings.ts';
import {
  adoptionAnswer,
  reportAnswer,
  sendAnswer,
  shapeFault,
  submissionAnswer,
  type ToolAnswer,
  UNKNOWN_LOGIN,
  wrongPurpose,
} from './answers.ts';
import { ALL_ROUTES, ROUTES } from './contract.ts';
import { type adoption, loginName, type refusal, type submission } from './schemas.ts';

type Environment = 'production' | 'qualification';

/** A technical user as a tool names it. */
interface NamedAccount {
  readonly login: string;
  readonly environment: Environment | null;
}

/** What became of a request: the word under which it is counted, and the answer. */
interface ToolResult {
  readonly counted: string;
  readonly answer: ToolAnswer;
}

const UNKNOWN: ToolResult = { counted: 'unknown-login', answer: UNKNOWN_LOGIN };

interface ToolApiActions {
  readonly tools: ToolActions;
  readonly accounts: AccountReads;
}

/** What the routes share: the tools of the requests under way. */
interface Api extends ToolApiActions {
  readonly scope: FastifyInstance;
  readonly context: ServerContext;
  readonly toolOf: WeakMap<FastifyRequest, ApiTool>;
}

/** The routes under `/v1/`. */
export function toolRoutes(scope: FastifyInstance, actions: ToolApiActions, context: ServerContext): void {
  readBodiesOf(scope, 'application/json', jsonBody);
  const toolOf: Api['toolOf'] = new WeakMap();
  // The tool is authenticated, and its purpose is known, before a byte of the body is read.
  scope.addHook('onRequest', async (request, reply) => {
    const tool = await authenticated(request, actions.tools);
    context.authenticated.add(request);
    context.rateLimits.countTool(tool.name);
    const route = ALL_ROUTES.find(({ path }) => path === request.routeOptions.url);
    if (route !== undefined && !isAllowed(tool, route.purpose)) {
      context.observer.counted(route.endpoint, 'wrong-purpose');
      reply.header('www-authenticate', 'Bearer error="insufficient_scope"');
      return sendAnswer(request, reply, wrongPurpose(route.purpose));
    }
    toolOf.set(request, tool);
  });
  const api = { ...actions, scope, context, toolOf };
  openPost(api, ROUTES.submissions, submissions(actions.tools));
  openPost(api, ROUTES.adoptions, adoptions(actions.tools));
  openPost(api, ROUTES.refusals, refusals(actions.tools));
  openReads(api);
}

/** The tool that a token belongs to; throws HttpError('no-token'). */
async function authenticated({ headers }: FastifyRequest, actions: ToolActions): Promise<ApiTool> {
  const token = /^Bearer +([\w.~+/=-]{1,500})$/i.exec(headers.authorization ?? '')?.[1];
  const tool = token === undefined ? null : await actions.known(token);
  if (tool === null) throw new HttpError('no-token');
  return tool;
}

/** What a route does for a tool, about a technical user that its token is for. */
type Handle<Body> = (tool: ApiTool, account: NamedAccount, body: Body) => Promise<ToolResult>;

/** What the bodies of all routes hold: the technical user. */
interface AccountBody {
  readonly login: string;
  readonly environment?: Environment | undefined;
}

/** Opens a route: an invalid body is answered with its faulty fields, a valid one passes the limits of its technical user. */
function openPost<Body extends AccountBody>(
  api: Api,
  route: {
    readonly path: string;
    readonly endpoint: Endpoint;
    readonly body: z.ZodType<Body> & { readonly shape: object };
  },
  handle: Handle<Body>,
): void {
  const { scope, context } = api;
  const { path, endpoint, body } = route;
  scope.post(path, async (request, reply) => {
    const read = body.safeParse(request.body);
    const tool = api.toolOf.get(request);
    if (!read.success || tool === undefined) {
      return malformed(
        api,
        endpoint,
        { request, reply },
        read.success ? [] : faultyFields(read.error, body.shape),
      );
    }
    const { login, environment = null } = read.data;
    const account = withinGrant(tool, login, environment);
    // One that the token is not for uses up nothing of its limits, and is answered like one that does not exist.
    if (account !== null) await context.rateLimits.admit({ channel: 'tool', ...account, token: null });
    const { counted, answer } = account === null ? UNKNOWN : await handle(tool, account, read.data);
    context.observer.counted(endpoint, counted);
    return sendAnswer(request, reply, answer);
  });
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

function malformed(
  { context }: Api,
  endpoint: Endpoint,
  { request, reply }: Exchange,
  fields: readonly string[],
): FastifyReply {
  context.observer.counted(endpoint, 'malformed');
  return sendAnswer(request, reply, shapeFault(request, fields));
}

/** The names of the invalid fields; a name that we do not know is not repeated. */
function faultyFields(error: z.ZodError, shape: object): string[] {
  const names = error.issues.map(({ path }) => String(path[0] ?? ''));
  return [...new Set(names.map((name) => (name in shape ? name : 'an unknown field')))];
}

function submissions(actions: ToolActions): Handle<z.infer<typeof submission>> {
  return async (tool, account, { password, expiresOn = '', reading = null }) => {
    const typed = { password, login: '', expiry: expiresOn };
    const result = await actions.submit(tool.name, { ...account, typed, choice: reading });
    if (result.kind === 'unknown-login') return UNKNOWN;
    const mayName = (other: NamedAccount) =>
      withinGrant(tool, other.login, other.environment)?.login === other.login;
    return { counted: outcomeOf(result), answer: submissionAnswer(result, mayName) };
  };
}

function adoptions(actions: ToolActions): Handle<z.infer<typeof adoption>> {
  return async (tool, account, { version, connector = null }) => {
    const outcome = await actions.adopt(tool.name, account, { version, connector });
    return { counted: outcome, answer: adoptionAnswer(outcome) };
  };
}

function refusals(actions: ToolActions): Handle<z.infer<typeof refusal>> {
  return async (tool, { login, environment }) => {
    const reported = await actions.refused(tool.name, login, environment);
    if (reported.kind === 'unknown-login') return UNKNOWN;
    return { counted: reported.kind, answer: reportAnswer(reported) };
  };
}

/** Opens the routes that read; reading does not use up what submissions and reports have. */
function openReads(api: Api): void {
  const { accounts, context } = api;
  const admit = (account: NamedAccount | null) =>
    context.rateLimits.admit({
      channel: 'read',
      login: account?.login ?? null,
      environment: account?.environment ?? null,
      token: null,
    });
  openGet(api, ROUTES.accounts, async (tool, { after = '0' }) => {
    await admit(null);
    return found(await accounts.accounts(tool, Number(after)));
  });
  openGet(api, ROUTES.tasks, async (tool, { after = '0' }) => {
    await admit(null);
    return found(await accounts.tasks(tool, Number(after)));
  });
  openGet(api, ROUTES.account, async (tool, { environment = null }, named) => {
    const account = withinGrant(tool, named, environment);
    if (account === null) return UNKNOWN;
    await admit(account);
    const facts = await accounts.account(account.login, account.environment);
    return facts === null ? UNKNOWN : found(facts);
  });
}

const found = (body: ToolAnswer['body']): ToolResult => ({ counted: 'found', answer: { status: 200, body } });

/** Opens a route that reads, by its query and the login in its path, if it has one. */
function openGet<Query>(
  api: Api,
  {
    path,
    endpoint,
    query,
  }: {
    readonly path: string;
    readonly endpoint: Endpoint;
    readonly query: z.ZodType<Query> & { readonly shape: object };
  },
  handle: (tool: ApiTool, query: Query, login: string) => Promise<ToolResult>,
): void {
  api.scope.get(path, async (request: FastifyRequest<{ Params: { login?: string } }>, reply) => {
    const asked = query.safeParse(request.query);
    const named = loginName.optional().safeParse(request.params.login);
    const tool = api.toolOf.get(request);
    if (!asked.success || !named.success || tool === undefined) {
      const fields = asked.success ? ['login'] : faultyFields(asked.error, query.shape);
      return malformed(api, endpoint, { request, reply }, fields);
    }
    const { counted, answer } = await handle(tool, asked.data, named.data ?? '');
    api.context.observer.counted(endpoint, counted);
    return sendAnswer(request, reply, answer);
  });
}
