// The door for IT tools: JSON in, JSON out, a token in the head of every request.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ToolActions } from '../../../domain/ports/tool-api.ts';
import { Secret } from '../../../domain/shared/secret.ts';
import { discardBody, jsonBody, readBody } from '../body-parser.ts';
import { HttpError } from '../http-errors.ts';
import { outcomeOf, type ServerContext, type ServerEvent } from '../server-settings.ts';
import {
  adoptionAnswer,
  handedAnswer,
  reportAnswer,
  shapeFault,
  type ToolAnswer,
  UNKNOWN_LOGIN,
} from './answers.ts';

/** A text that can be written down: JSON can say half of a character, which nothing after it could. */
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

/** What the bodies of all routes say: which technical user is meant. */
interface Said {
  readonly login: string;
  readonly environment?: 'production' | 'qualification' | undefined;
}

/** What came of a request: the word under which it is counted, and what is said. */
interface Served {
  readonly counted: string;
  readonly answer: ToolAnswer;
}

/** One route: the body it takes, and what it does for a tool (by its name) once the body fits. */
interface Route<Body extends Said> {
  readonly path: string;
  /** Under which it is counted. */
  readonly place: ServerEvent;
  readonly body: z.ZodType<Body> & { readonly shape: object };
  serve(tool: string, said: Body): Promise<Served>;
}

/** The routes under `/v1/`. */
export function toolRoutes(scope: FastifyInstance, desk: ToolActions, door: ServerContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', async (_request: FastifyRequest, body: IncomingMessage) =>
    jsonBody(await readBody(body)),
  );
  scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage) =>
    discardBody(body, 'wrong-type'),
  );
  const tools: ToolNames = new WeakMap();
  // Who knocks is known before a byte of the body is read.
  scope.addHook('onRequest', async (request) => {
    const tool = await toolOf(request, desk);
    door.known.add(request);
    door.gates.tool(tool);
    tools.set(request, tool);
  });
  open(scope, door, tools, submissions(desk));
  open(scope, door, tools, adoptions(desk));
  open(scope, door, tools, refusals(desk));
}

/** The tool that a request came from, by its token. */
type ToolNames = WeakMap<FastifyRequest, string>;

/** The tool that a token belongs to; throws HttpError('no-token'). */
async function toolOf({ headers }: FastifyRequest, desk: ToolActions): Promise<string> {
  const token = /^Bearer +([\w.~+/=-]{1,500})$/i.exec(headers.authorization ?? '')?.[1];
  const tool = token === undefined ? null : await desk.known(token);
  if (tool === null) throw new HttpError('no-token');
  return tool;
}

/** Opens a route: a body that does not fit is told by its fields, one that does passes the gate of its technical user. */
function open<Body extends Said>(
  scope: FastifyInstance,
  { gates, logger }: ServerContext,
  tools: ToolNames,
  { path, place, body, serve }: Route<Body>,
): void {
  scope.post(path, async (request, reply) => {
    const read = body.safeParse(request.body);
    const tool = tools.get(request);
    if (!read.success || tool === undefined) {
      logger.counted(place, 'malformed');
      return send(reply, shapeFault(read.success ? [] : faultyFields(read.error, body.shape)));
    }
    await gates.user('tool', read.data.login, read.data.environment ?? null, null);
    const { counted, answer } = await serve(tool, read.data);
    logger.counted(place, counted);
    return send(reply, answer);
  });
}

function send(reply: FastifyReply, { status, body }: ToolAnswer): FastifyReply {
  return reply.code(status).send(body);
}

/** The names of the fields that do not fit; a name that we do not know is not said again. */
function faultyFields(error: z.ZodError, shape: object): string[] {
  const names = error.issues.map(({ path }) => String(path[0] ?? ''));
  return [...new Set(names.map((name) => (name in shape ? name : 'an unknown field')))];
}

function submissions(desk: ToolActions): Route<z.infer<typeof submission>> {
  return {
    path: '/v1/submissions',
    place: 'submission',
    body: submission,
    serve: async (tool, { login, environment = null, password, expiresOn = '', reading = null }) => {
      const typed = { password, login: '', expiry: expiresOn };
      const handed = await desk.submit(tool, { login, environment, typed, choice: reading });
      return handed.kind === 'unknown-login'
        ? { counted: handed.kind, answer: UNKNOWN_LOGIN }
        : { counted: outcomeOf(handed), answer: handedAnswer(handed) };
    },
  };
}

function adoptions(desk: ToolActions): Route<z.infer<typeof adoption>> {
  return {
    path: '/v1/adoptions',
    place: 'adoption',
    body: adoption,
    serve: async (tool, { login, environment = null, version }) => {
      const outcome = await desk.adopt(tool, login, environment, version);
      return { counted: outcome, answer: adoptionAnswer(outcome) };
    },
  };
}

function refusals(desk: ToolActions): Route<z.infer<typeof refusal>> {
  return {
    path: '/v1/refusals',
    place: 'refusal',
    body: refusal,
    serve: async (tool, { login, environment = null }) => {
      const reported = await desk.refused(tool, login, environment);
      const answer = reported.kind === 'unknown-login' ? UNKNOWN_LOGIN : reportAnswer(reported);
      return { counted: reported.kind, answer };
    },
  };
}
