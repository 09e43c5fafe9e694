// The contract of the API for tools: each route with its purpose, what it takes, and what it answers. The routes are opened by it, and
// docs/openapi.yaml is made of it.
import type { z } from 'zod';
import type { TokenPurpose } from '../../../domain/registry/api-token.ts';
import type { Endpoint } from '../server-settings.ts';
import type { ProblemWord } from './answers.ts';
import {
  accountFacts,
  accountPage,
  accountQuery,
  adopted,
  adoption,
  onItsWay,
  pageQuery,
  proven,
  refusal,
  refusalAsking,
  refusalKnown,
  submission,
  taskPage,
} from './schemas.ts';

interface Answer {
  readonly description: string;
  readonly body: z.ZodType;
}

/** One route under `/v1/`. */
interface ToolRoute {
  readonly method: 'GET' | 'POST';
  /** With its parameters as Fastify has them. */
  readonly path: string;
  /** As which it is counted. */
  readonly endpoint: Endpoint;
  readonly purpose: TokenPurpose;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Its good answers by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Its bad ones beside `SHARED`. */
  readonly problems: readonly ProblemWord[];
}

/** What every route may answer. */
export const SHARED: readonly ProblemWord[] = [
  'malformed',
  'no-token',
  'wrong-purpose',
  'too-many',
  'broken',
];

/** What is wrong with a body before it is read. */
const BODY: readonly ProblemWord[] = ['too-large', 'wrong-type'];

export const ROUTES = {
  submissions: {
    method: 'POST',
    path: '/v1/submissions',
    endpoint: 'submission',
    purpose: 'submit',
    summary: 'Hand in a new password',
    body: submission,
    answers: {
      200: { description: 'Accepted, and in service.', body: proven },
      202: { description: 'Kept sealed; Chorus Pro is being asked.', body: onItsWay },
    },
    problems: [
      ...BODY,
      ...(['unknown-login', 'known-password', 'ended', 'unclear', 'wrong', 'refused', 'shut'] as const),
    ],
  },
  adoptions: {
    method: 'POST',
    path: '/v1/adoptions',
    endpoint: 'adoption',
    purpose: 'report',
    summary: 'Say which version of the password a connector uses',
    body: adoption,
    answers: { 200: { description: 'Noted.', body: adopted } },
    problems: [...BODY, 'unknown-login', 'unknown-connector', 'other-version'],
  },
  refusals: {
    method: 'POST',
    path: '/v1/refusals',
    endpoint: 'refusal',
    purpose: 'report',
    summary: 'Say that Chorus Pro refused the password that a connector uses',
    body: refusal,
    answers: {
      200: { description: 'Known, or checked in the last five minutes.', body: refusalKnown },
      202: { description: 'Chorus Pro is being asked.', body: refusalAsking },
    },
    problems: [...BODY, 'unknown-login', 'not-in-service'],
  },
  accounts: {
    method: 'GET',
    path: '/v1/accounts',
    endpoint: 'accounts',
    purpose: 'read',
    summary: 'The accounts in use, in pages of 200',
    query: pageQuery,
    answers: { 200: { description: 'A page.', body: accountPage } },
    problems: [],
  },
  account: {
    method: 'GET',
    path: '/v1/accounts/:login',
    endpoint: 'account',
    purpose: 'read',
    summary: 'One account: its dates, people, password in service and rotations',
    query: accountQuery,
    answers: { 200: { description: 'What is known of it.', body: accountFacts } },
    problems: ['unknown-login'],
  },
  tasks: {
    method: 'GET',
    path: '/v1/tasks',
    endpoint: 'tasks',
    purpose: 'read',
    summary: 'What waits for a person, the oldest first, in pages of 200',
    query: pageQuery,
    answers: { 200: { description: 'A page.', body: taskPage } },
    problems: [],
  },
} as const satisfies Readonly<Record<string, ToolRoute>>;

/** All of them, for those who ask the same of each. */
export const ALL_ROUTES: readonly ToolRoute[] = Object.values(ROUTES);
