// The API for IT tools: JSON in, JSON out, a token in the headers of every request.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ToolActions } from '../../../domain/ports/tool-api.ts';
import { Secret } from '../../../domain/shared/secret.ts';
import { HttpError } from '../http-errors.ts';
import { jsonBody, outcomeOf, readBodiesOf } from '../request.ts';
import type { Endpoint, ServerContext } from '../server-settings.ts';
import {
  adoptionAnswer,
  reportAnswer,
  shapeFault,
  submissionAnswer,
  type ToolAnswer,
  UNKNOWN_LOGIN,
} from './answers.ts';

/** A text that can be stored: JSON can hold half of a surrogate pair, which UTF-8 cannot. */
const wellFormed = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text.isWellFormed());

const account = {
  login: wellFormed(200).min(1),
  environment: z.enum(['production', 'qualification']).optional(),
};

const submission = z.strictObject({
  ...account,
  password: z
    .string()
    .max(8_000)
    .transform((text) => new Secret(text)),
  // What cannot be a date is a finding, with its own word; only its length is bounded here.
  expiresOn: wellFormed(60).optional(),
  reading: z.enum(['clean', 'as-is']).optional(),
});

const refusal = z.strictObject(account);

const adoption = z.strictObject({ ...account, version: z.int().min(1) });

/** What the bodies of all routes hold: the technical user. */
interface AccountBody {
  readonly login: string;
  readonly environment?: 'production' | 'qualification' | undefined;
}

/** What became of a request: the word under which it is counted, and the answer. */
interface ToolResult {
  readonly counted: string;
  readonly answer: ToolAnswer;
}

/** One route: the schema of its body, and what it does for a tool (by its name) with a valid body. */
interface Route<Body extends AccountBody> {
  readonly path: string;
  /** As which it is counted. */
  readonly endpoint: Endpoint;
  readonly body: z.ZodType<Body> & { readonly shape: object };
  handle(tool: string, body: Body): Promise<ToolResult>;
}

/** The routes under `/v1/`. */
export function toolRoutes(scope: FastifyInstance, actions: ToolActions, context: ServerContext): void {
  readBodiesOf(scope, 'application/json', jsonBody);
  const tools: ToolNames = new WeakMap();
  // The tool is authenticated before a byte of the body is read.
  scope.addHook('onRequest', async (request) => {
    const tool = await toolOf(request, actions);
    context.authenticated.add(request);
    context.rateLimits.countTool(tool);
    tools.set(request, tool);
  });
  openRoute(scope, context, tools, submissions(actions));
  openRoute(scope, context, tools, adoptions(actions));
  openRoute(scope, context, tools, refusals(actions));
}

/** The tool that a request came from, by its token. */
type ToolNames = WeakMap<FastifyRequest, string>;

/** The tool that a token belongs to; throws HttpError('no-token'). */
async function toolOf({ headers }: FastifyRequest, actions: ToolActions): Promise<string> {
  const token = /^Bearer +([\w.~+/=-]{1,500})$/i.exec(headers.authorization ?? '')?.[1];
  const tool = token === undefined ? null : await actions.known(token);
  if (tool === null) throw new HttpError('no-token');
  return tool;
}

/** Opens a route: an invalid body is answered with its faulty fields, a valid one passes the limits of its technical user. */
function openRoute<Body extends AccountBody>(
  scope: FastifyInstance,
  { rateLimits, observer }: ServerContext,
  tools: ToolNames,
  { path, endpoint, body, handle }: Route<Body>,
): void {
  scope.post(path, async (request, reply) => {
    const read = body.safeParse(request.body);
    const tool = tools.get(request);
    if (!read.success || tool === undefined) {
      observer.counted(endpoint, 'malformed');
      return send(reply, shapeFault(read.success ? [] : faultyFields(read.error, body.shape)));
    }
    const { login, environment = null } = read.data;
    await rateLimits.admit({ channel: 'tool', login, environment, token: null });
    const { counted, answer } = await handle(tool, read.data);
    observer.counted(endpoint, counted);
    return send(reply, answer);
  });
}

function send(reply: FastifyReply, { status, body }: ToolAnswer): FastifyReply {
  return reply.code(status).send(body);
}

/** The names of the invalid fields; a name that we do not know is not repeated. */
function faultyFields(error: z.ZodError, shape: object): string[] {
  const names = error.issues.map(({ path }) => String(path[0] ?? ''));
  return [...new Set(names.map((name) => (name in shape ? name : 'an unknown field')))];
}

function submissions(actions: ToolActions): Route<z.infer<typeof submission>> {
  return {
    path: '/v1/submissions',
    endpoint: 'submission',
    body: submission,
    handle: async (tool, { login, environment = null, password, expiresOn = '', reading = null }) => {
      const typed = { password, login: '', expiry: expiresOn };
      const result = await actions.submit(tool, { login, environment, typed, choice: reading });
      return result.kind === 'unknown-login'
        ? { counted: result.kind, answer: UNKNOWN_LOGIN }
        : { counted: outcomeOf(result), answer: submissionAnswer(result) };
    },
  };
}

function adoptions(actions: ToolActions): Route<z.infer<typeof adoption>> {
  return {
    path: '/v1/adoptions',
    endpoint: 'adoption',
    body: adoption,
    handle: async (tool, { login, environment = null, version }) => {
      const outcome = await actions.adopt(tool, login, environment, version);
      return { counted: outcome, answer: adoptionAnswer(outcome) };
    },
  };
}

function refusals(actions: ToolActions): Route<z.infer<typeof refusal>> {
  return {
    path: '/v1/refusals',
    endpoint: 'refusal',
    body: refusal,
    handle: async (tool, { login, environment = null }) => {
      const reported = await actions.refused(tool, login, environment);
      const answer = reported.kind === 'unknown-login' ? UNKNOWN_LOGIN : reportAnswer(reported);
      return { counted: reported.kind, answer };
    },
  };
}
