// The door for IT tools: JSON in, JSON out, a token in the head of every request.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ToolDesk } from '../domain/handover.ts';
import { Secret } from '../domain/secret.ts';
import { discardBody, jsonBody, readBody } from './door-body.ts';
import { DoorRefusal } from './door-refusal.ts';
import { type Door, outcomeOf } from './door-settings.ts';
import { adoptionAnswer, handedAnswer, shapeFault, type ToolAnswer, UNKNOWN_LOGIN } from './tool-answers.ts';

const account = {
  login: z.string().min(1).max(200),
  environment: z.enum(['production', 'qualification']).optional(),
};

const submission = z.strictObject({
  ...account,
  password: z
    .string()
    .max(8_000)
    .transform((text) => new Secret(text)),
  // What cannot be a date is a finding, with its own word; only its length is bounded here.
  expiresOn: z.string().max(60).optional(),
  reading: z.enum(['clean', 'as-is']).optional(),
});

const adoption = z.strictObject({ ...account, version: z.int().min(1) });

/** The routes under `/v1/`. */
export function toolRoutes(scope: FastifyInstance, desk: ToolDesk, door: Door): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', async (_request: FastifyRequest, body: IncomingMessage) =>
    jsonBody(await readBody(body)),
  );
  scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage) =>
    discardBody(body, 'wrong-type'),
  );
  const tools = new WeakMap<FastifyRequest, string>();
  // Who knocks is known before a byte of the body is read.
  scope.addHook('onRequest', async (request) => {
    door.gates.address('tool', request.ip);
    const tool = await toolOf(request, desk);
    door.gates.tool(tool);
    tools.set(request, tool);
  });
  scope.post('/v1/submissions', (request, reply) => submit(desk, door, tools.get(request), request, reply));
  scope.post('/v1/adoptions', (request, reply) => adopt(desk, door, tools.get(request), request, reply));
}

/** The tool that a token belongs to; throws DoorRefusal('no-token'). */
async function toolOf({ headers }: FastifyRequest, desk: ToolDesk): Promise<string> {
  const token = /^Bearer +([\w.~+/=-]{1,500})$/i.exec(headers.authorization ?? '')?.[1];
  const tool = token === undefined ? null : await desk.known(token);
  if (tool === null) throw new DoorRefusal('no-token');
  return tool;
}

function send(reply: FastifyReply, { status, body }: ToolAnswer): FastifyReply {
  return reply.code(status).send(body);
}

/** The names of the fields that do not fit; a name that we do not know is not said again. */
function faultyFields(error: z.ZodError, shape: object): string[] {
  const names = error.issues.map(({ path }) => String(path[0] ?? ''));
  return [...new Set(names.map((name) => (name in shape ? name : 'an unknown field')))];
}

async function submit(
  desk: ToolDesk,
  { gates, journal }: Door,
  tool: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const read = submission.safeParse(request.body);
  if (!read.success || tool === undefined) {
    journal.counted('submission', 'malformed');
    return send(reply, shapeFault(read.success ? [] : faultyFields(read.error, submission.shape)));
  }
  const { login, environment = null, password, expiresOn = '', reading = null } = read.data;
  gates.user('tool', login, environment);
  const typed = { password, login: '', expiry: expiresOn };
  const handed = await desk.submit(tool, { login, environment, typed, choice: reading });
  journal.counted('submission', handed.kind === 'unknown-login' ? handed.kind : outcomeOf(handed));
  return send(reply, handed.kind === 'unknown-login' ? UNKNOWN_LOGIN : handedAnswer(handed));
}

async function adopt(
  desk: ToolDesk,
  { gates, journal }: Door,
  tool: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const read = adoption.safeParse(request.body);
  if (!read.success || tool === undefined) {
    journal.counted('adoption', 'malformed');
    return send(reply, shapeFault(read.success ? [] : faultyFields(read.error, adoption.shape)));
  }
  const { login, environment = null, version } = read.data;
  gates.user('tool', login, environment);
  const outcome = await desk.adopt(tool, login, environment, version);
  journal.counted('adoption', outcome);
  return send(reply, adoptionAnswer(outcome));
}
