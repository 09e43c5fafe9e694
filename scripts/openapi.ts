// Writes docs/openapi.yaml from the contract of the API for tools and its schemas: npm run openapi
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { z } from 'zod';
import { PROBLEMS, type ProblemWord } from '../src/adapters/web/tool-api/answers.ts';
import { ALL_ROUTES, SHARED } from '../src/adapters/web/tool-api/contract.ts';
import * as schemas from '../src/adapters/web/tool-api/schemas.ts';

type Json = Readonly<Record<string, unknown>>;
type Route = (typeof ALL_ROUTES)[number];

const COMPONENTS = {
  Submission: schemas.submission,
  SubmissionProven: schemas.proven,
  SubmissionOnItsWay: schemas.onItsWay,
  Adoption: schemas.adoption,
  Adopted: schemas.adopted,
  Refusal: schemas.refusal,
  RefusalKnown: schemas.refusalKnown,
  RefusalAsking: schemas.refusalAsking,
  AccountLine: schemas.accountLine,
  AccountPage: schemas.accountPage,
  Account: schemas.accountFacts,
  Task: schemas.task,
  TaskPage: schemas.taskPage,
  Finding: schemas.finding,
  Problem: schemas.problem,
};

const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(COMPONENTS)) names.add(schema, { id });

const referenceTo = (id: string) => `#/components/schemas/${id}`;

function reference(schema: z.ZodType): Json {
  const id = names.get(schema)?.id;
  if (id === undefined) throw new Error('a schema of the contract has no name in COMPONENTS');
  return { $ref: referenceTo(id) };
}

/** A JSON schema without what only a file of its own needs. */
function bare({ $schema: _, $id: __, ...rest }: Json): Json {
  return rest;
}

/** The document, OpenAPI 3.1; `path` parameters as OpenAPI writes them. */
export function openApiDocument(): Json {
  const { schemas: made } = z.toJSONSchema(names, { uri: referenceTo, io: 'input' });
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ALL_ROUTES) {
    const path = openApiPath(route);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Relève: the API for IT tools',
      version: '1',
      description:
        'A token has one purpose (submit, report or read), and may be for some technical users or one environment alone: all others are answered like those that do not exist. Fields may be added to answers, never renamed.',
    },
    servers: [{ url: '/', description: 'the setting door.url' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(made).map(([id, one]) => [id, bare(one as Json)])),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'releve token new NAME --for PURPOSE' },
      },
    },
  };
}

/** The path of a route, with its parameters in braces. */
export const openApiPath = ({ path }: Pick<Route, 'path'>) => path.replace(/:(\w+)/g, '{$1}');

function operation({ endpoint, purpose, summary, query, path, body, answers, problems }: Route): Json {
  const good = Object.entries(answers).map(([status, answer]) => [
    status,
    { description: answer.description, content: { 'application/json': { schema: reference(answer.body) } } },
  ]);
  const words = Map.groupBy([...SHARED, ...problems], (word) => PROBLEMS[word][0]);
  return {
    operationId: endpoint,
    summary,
    description: `For tokens of the purpose ${purpose}.`,
    security: [{ token: [purpose] }],
    ...(query === undefined ? {} : { parameters: [...pathParameters(path), ...queryParameters(query)] }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } } }),
    responses: Object.fromEntries([
      ...good,
      ...[...words].map(([status, some]) => [status, problemOf(some)]),
    ]),
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: bare(z.toJSONSchema(schemas.loginName)),
  }));
}

function queryParameters(query: z.ZodObject): Json[] {
  return Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: bare(z.toJSONSchema(schema as z.ZodType)),
  }));
}

/** The problems of one status: which words they may have. */
function problemOf(words: readonly ProblemWord[]): Json {
  const schema = reference(schemas.problem);
  const wait = { description: 'seconds to wait', schema: { type: 'integer', minimum: 1 } };
  return {
    description: words.map((word) => `\`${word}\`: ${PROBLEMS[word][1]}.`).join(' '),
    ...(words.includes('too-many') ? { headers: { 'Retry-After': wait } } : {}),
    content: { 'application/json': { schema }, 'application/problem+json': { schema } },
  };
}

/** The file, as it is committed. */
export const openApiFile = () =>
  `# Written by npm run openapi from the schemas in src/adapters/web/tool-api/schemas.ts.\n${stringify(openApiDocument(), { lineWidth: 0, aliasDuplicateObjects: false })}`;

if (import.meta.main) writeFileSync(new URL('../docs/openapi.yaml', import.meta.url), openApiFile());
