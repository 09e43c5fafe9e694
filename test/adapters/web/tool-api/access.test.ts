// Who may do what over the API for tools: every route, every purpose of a token, the tool's own account and another's; each answer as
// docs/openapi.yaml has it. Over the real server, use cases and store.
import { readFileSync } from 'node:fs';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openApiFile, openApiPath } from '../../../../scripts/openapi.ts';
import { openApiTokens } from '../../../../src/adapters/database/secrets.ts';
import { openTaskRepository } from '../../../../src/adapters/database/tasks.ts';
import { loadTechnicalUsers } from '../../../../src/adapters/database/technical-users.ts';
import { DEFAULT_LIMITS } from '../../../../src/adapters/web/rate-limits.ts';
import { openServer } from '../../../../src/adapters/web/server.ts';
import { PROBLEMS, type ProblemWord } from '../../../../src/adapters/web/tool-api/answers.ts';
import { ALL_ROUTES, ROUTES, SHARED } from '../../../../src/adapters/web/tool-api/contract.ts';
import { problem } from '../../../../src/adapters/web/tool-api/schemas.ts';
import { serviceStatesOf } from '../../../../src/composition/parts.ts';
import { taskFactsOf } from '../../../../src/domain/notification/task.ts';
import { type ApiTool, TOKEN_PURPOSES } from '../../../../src/domain/registry/api-token.ts';
import { type AccountReads, openAccountReads } from '../../../../src/use-cases/registry/account-reads.ts';
import { openToolActions } from '../../../../src/use-cases/rotation/tool-actions.ts';
import { openTaskActions } from '../../../../src/use-cases/tasks/tasks.ts';
import { plant } from '../../../fakes/fleet.ts';
import { fakeActions } from '../../../fakes/manager-actions.ts';
import { rulesWith } from '../../../fakes/rules.ts';
import { type FleetWorld, loginOf, openFleetWorld, passwordOf } from '../../../rig/world-fleet.ts';
import { PUBLIC_URL } from '../test-server.ts';

const OWN = loginOf(0);
const FOREIGN = loginOf(1);
const UNKNOWN = 'TECH_9_21900000000019@cpro.fr';
/** There is one of this login in each environment. */
const TWICE = loginOf(2);

type Grant = Omit<ApiTool, 'name'>;
const ANY: Grant = { purpose: 'read', logins: null, environment: null };

let world: FleetWorld;
let app: FastifyInstance;
let reads: AccountReads;
/** Of how many accounts it was asked what is open; null: of all. */
const askedOf: (number | null)[] = [];
const routes: Pick<RouteOptions, 'method' | 'url'>[] = [];
const tokens = new Map<string, string>();

beforeAll(async () => {
  world = await openFleetWorld(3, {}, [{}, {}, { manager: 'maire0@example.test' }]);
  const { database, ports, validity, usersOf, now } = world;
  await plant(database, [
    { login: TWICE, environment: 'qualification', changedOn: '2027-01-01', manager: null },
  ]);
  const tasks = openTaskRepository(database);
  for (const user of [await world.userOf(OWN), await world.userOf(FOREIGN)]) {
    const facts = taskFactsOf(user, validity);
    await tasks.open(
      [{ id: `call/${user.id}`, kind: 'call', userId: user.id, facts, forWhom: 'it-service' }],
      now(),
    );
  }
  const states = serviceStatesOf({ database });
  reads = openAccountReads({
    ...{ ports, usersOf, listRules: rulesWith() },
    states: {
      ...states,
      openMatters: (ids) => {
        askedOf.push(ids?.length ?? null);
        return states.openMatters(ids);
      },
    },
    tasks: openTaskActions({ ...world, tasks }, validity),
    usersAfter: (inUse, after) => loadTechnicalUsers(database.db, { inUse, after }),
  });
  const tools = openToolActions({
    ...{ ports, validity, usersOf, patience: 0, wait: async () => undefined },
    tools: openApiTokens(database),
  });
  const { itService } = {
    itService: { name: 'x', email: 'x@example.test', phone: null, postalAddress: null },
  };
  const settings = {
    ...{ publicUrl: PUBLIC_URL, tls: null, trustedProxies: [], language: 'fr' as const, itService },
    ...{
      now,
      wait: async () => undefined,
      limits: { ...DEFAULT_LIMITS, overall: { count: 10_000, perMs: 1 } },
    },
  };
  const observer = {
    counted: () => undefined,
    failed: (_: string, error: unknown) => expect.unreachable(String(error)),
    unreadProxy: () => undefined,
  };
  app = openServer({ link: fakeActions().link, tools, accounts: reads }, settings, observer);
  app.addHook('onRoute', ({ method, url }) => void routes.push({ method, url }));
  await app.ready();
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

/** A token for something; the same again for the same. */
async function tokenFor(grant: Grant): Promise<string> {
  const name = `tool-${tokens.size}`;
  const key = JSON.stringify(grant);
  const known = tokens.get(key);
  if (known !== undefined) return known;
  const { token, hash } = world.vault.newToken();
  expect(await openApiTokens(world.database).add({ name, ...grant }, hash, world.now())).toBe(true);
  tokens.set(key, token);
  return token;
}

const BODIES: Readonly<Record<string, object>> = {
  '/v1/submissions': { password: 'nEw(pass_0001', reading: 'as-is' },
  '/v1/adoptions': { version: 99 },
  '/v1/refusals': {},
};

type Route = (typeof ALL_ROUTES)[number];

/** Asks a route about a login; the answer is one that the document has. */
async function ask(route: Route, grant: Grant, login: string, environment?: string) {
  const { method, path } = route;
  const query = environment === undefined || !path.includes(':') ? '' : `?environment=${environment}`;
  const named = environment === undefined ? { login } : { login, environment };
  const answer = await app.inject({
    method,
    url: `${path.replace(':login', encodeURIComponent(login))}${query}`,
    headers: { authorization: `Bearer ${await tokenFor(grant)}` },
    ...(method === 'POST' ? { payload: { ...named, ...BODIES[path] } } : {}),
  });
  hold(route, answer.statusCode, answer.json());
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers, text: answer.body };
}

/** Holds an answer against the document. */
function hold(
  { answers, problems }: Route,
  status: number,
  body: { error: ProblemWord; status: number },
): void {
  const good = answers[status];
  if (good !== undefined) return void good.body.parse(body);
  problem.parse(body);
  expect([...SHARED, ...problems]).toContain(body.error);
  expect([PROBLEMS[body.error][0], body.status]).toEqual([status, status]);
}

/** Whose account a token is for, and whose it names. */
const GRANTS = {
  all: {},
  own: { logins: [OWN] },
  production: { environment: 'production' },
  'own, in production': { logins: [OWN], environment: 'production' },
  'own, in qualification': { logins: [OWN], environment: 'qualification' },
} as const satisfies Readonly<Record<string, Partial<Grant>>>;
const LOGINS = { own: OWN, foreign: FOREIGN, unknown: UNKNOWN } as const;

const reaches = (grant: keyof typeof GRANTS, login: keyof typeof LOGINS) =>
  login !== 'unknown' && grant !== 'own, in qualification' && (login === 'own' || !grant.startsWith('own'));

const PURPOSES = [...TOKEN_PURPOSES, null];
const TABLE = ALL_ROUTES.flatMap((route) =>
  PURPOSES.flatMap((purpose) =>
    (Object.keys(GRANTS) as (keyof typeof GRANTS)[]).flatMap((grant) =>
      (Object.keys(LOGINS) as (keyof typeof LOGINS)[]).map((login) => ({ route, purpose, grant, login })),
    ),
  ),
);

describe('reading', () => {
  it('tells an account as list and show do, with no password, evidence, fingerprint or link', async () => {
    const { body, text } = await ask(ROUTES.account, ANY, OWN);
    expect(body).toMatchObject({
      ...{
        login: OWN,
        environment: 'production',
        state: 'quiet',
        health: 'unasked',
        stand: null,
        version: 2,
      },
      principal: { email: 'maire0@example.test' },
      inService: { state: 'unasked' },
      handovers: {
        inService: 2,
        rotations: [{ stage: 'published', standing: 'current', proven: 'chorus-pro' }],
      },
    });
    expect(text).not.toContain(passwordOf(0));
    for (const word of ['password', 'evidence', 'fingerprint', 'credential', 'token', 'link', 'seal'])
      expect(text.toLowerCase()).not.toContain(`"${word}`);
  });

  it('asks for the environment where a login is in both', async () => {
    expect((await ask(ROUTES.account, ANY, TWICE)).status).toBe(404);
    for (const environment of ['production', 'qualification'])
      expect((await ask(ROUTES.account, ANY, TWICE, environment)).body).toMatchObject({ environment });
    // A token for one environment has said it.
    const { body } = await ask(ROUTES.account, { ...ANY, environment: 'qualification' }, TWICE);
    expect(body).toMatchObject({ environment: 'qualification', inService: null });
  });

  it('tells a task as task list does', async () => {
    const { body } = await ask(ROUTES.tasks, { ...ANY, logins: [OWN] }, '');
    expect(body).toMatchObject({
      tasks: [{ kind: 'call', login: OWN, title: expect.stringContaining('Call '), forWhom: 'it-service' }],
      next: null,
    });
  });

  it.each([
    ['/v1/accounts?after=x', 'after'],
    ['/v1/accounts?after=1&after=2', 'after'],
    ['/v1/tasks?done=1', 'an unknown field'],
    [`/v1/accounts/${OWN}?environment=both`, 'environment'],
    ['/v1/accounts/TECH%00', 'login'],
  ])('400: %s', async (url, field) => {
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${await tokenFor(ANY)}` } });
    expect([answer.statusCode, answer.json().fields]).toEqual([400, [field]]);
  });
});

it('a login that is too long is looked at after the token, and no fault of a request that reads is one of its body', async () => {
  for (const login of ['a'.repeat(101), 'a'.repeat(9_000)]) {
    const get = async (headers: Record<string, string>) => {
      const answer = await app.inject({ method: 'GET', url: `/v1/accounts/${login}`, headers });
      return [answer.statusCode, answer.json().error, answer.json().detail];
    };
    expect((await get({})).slice(0, 2)).toEqual([401, 'no-token']);
    const known = await get({ authorization: `Bearer ${await tokenFor(ANY)}` });
    expect(known.slice(0, 2)).toEqual(login.length > 200 ? [400, 'malformed'] : [404, 'unknown-login']);
    if (login.length > 200)
      expect(known[2]).toBe('The address and its query are not of the documented shape.');
  }
});

describe('every route × purpose × grant × login', () => {
  it('is answered as the table of purposes says: 403, 404 as for an unknown one, or the thing itself', async () => {
    expect(TABLE).toHaveLength(6 * 4 * 5 * 3);
    for (const { route, purpose, grant, login } of TABLE) {
      const row = `${route.path} ${purpose} ${grant} ${login}`;
      const whole: Grant = { ...ANY, ...GRANTS[grant], purpose };
      const { status, body, text, headers } = await ask(route, whole, LOGINS[login]);
      const may = purpose === null ? route.purpose !== 'read' : purpose === route.purpose;
      if (!may) {
        expect([row, status, body.error]).toEqual([row, 403, 'wrong-purpose']);
        expect(headers['www-authenticate']).toContain('insufficient_scope');
      } else if (route.path === '/v1/accounts' || route.path === '/v1/tasks') {
        expect([row, status, text.includes(FOREIGN)]).toEqual([row, 200, reaches(grant, 'foreign')]);
        expect([row, text.includes(OWN)]).toEqual([row, reaches(grant, 'own')]);
      } else {
        expect([row, body.error === 'unknown-login']).toEqual([row, !reaches(grant, login)]);
        expect(row + status).not.toMatch(/40[013]$/);
      }
      // What is another's is answered byte by byte like what does not exist.
      const unknown = await ask(route, whole, UNKNOWN);
      if (route.path.endsWith('s') && route.method === 'GET') continue;
      if (!reaches(grant, login)) expect([row, text]).toEqual([row, unknown.text]);
    }
  });

  it('a token for one account changes nothing of another, and takes nothing of its limits', async () => {
    const before = await world.aggregateAt(1);
    const mine = { ...ANY, purpose: 'submit', logins: [OWN] } as const;
    for (let times = 0; times < 40; times += 1) await ask(ROUTES.submissions, mine, FOREIGN);
    expect(await world.aggregateAt(1)).toEqual(before);
    const theirs = { ...mine, logins: [FOREIGN] };
    expect((await ask(ROUTES.submissions, theirs, FOREIGN)).status).not.toBe(429);
  });

  it('another spelling of a login of the token is that login', async () => {
    const mine = { ...ANY, logins: [OWN] };
    const { status, body } = await ask(ROUTES.account, mine, OWN.replace('@cpro.fr', '').toLowerCase());
    expect([status, body.login]).toEqual([200, OWN]);
  });

  it('names no account of another in a finding', async () => {
    const body = { login: TWICE, environment: 'production', password: passwordOf(0) };
    const post = async (logins: readonly string[] | null) => {
      const authorization = `Bearer ${await tokenFor({ ...ANY, purpose: 'submit', logins })}`;
      return app.inject({
        method: 'POST',
        url: '/v1/submissions',
        headers: { authorization },
        payload: body,
      });
    };
    expect((await post(null)).json().findings[0]).toMatchObject({
      code: 'other-account',
      account: { login: OWN },
    });
    expect((await post([TWICE])).json().findings).toEqual([{ field: 'password', code: 'other-account' }]);
  });
});

describe('a problem', () => {
  const refused = (accept?: string) =>
    app.inject({ url: '/v1/accounts', headers: accept === undefined ? {} : { accept } });

  it('has the members of RFC 9457 beside those of earlier versions', async () => {
    const answer = await refused();
    expect(answer.json()).toEqual({
      ...{ error: 'no-token', message: expect.any(String) },
      type: 'urn:problem-type:releve:no-token',
      title: 'A valid token is needed',
      status: 401,
      detail: answer.json().message,
    });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('is called so for those who know the type', async () => {
    const answer = await refused('application/json, application/problem+json');
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('of an address that is none has them too', async () => {
    const { statusCode, body } = await app.inject('/v1/nothing');
    expect(statusCode).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ error: 'not-here', status: 404 });
  });

  it('guessing by GET counts against the address', async () => {
    const headers = { authorization: 'Bearer other' };
    const remoteAddress = '203.0.113.9';
    const ends = [];
    for (let times = 0; times < 61; times += 1)
      ends.push((await app.inject({ url: '/v1/tasks', headers, remoteAddress })).statusCode);
    expect([...new Set(ends)]).toEqual([401, 429]);
  });
});

describe('docs/openapi.yaml', () => {
  it('is what the schemas say: npm run openapi writes it', () => {
    const file = new URL('../../../../docs/openapi.yaml', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(openApiFile());
  });

  it('has every route of the server, and no other', () => {
    const { paths } = parse(openApiFile()) as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const opened = routes
      .filter(({ url, method }) => url.startsWith('/v1/') && method !== 'HEAD')
      .map(({ url, method }) => `${method} ${openApiPath({ path: url })}`);
    expect(documented.sort()).toEqual(opened.sort());
    expect(documented).toHaveLength(6);
  });
});

describe('a long list', () => {
  it('goes on from page to page, 200 at a time, without what is retired', async () => {
    const more = Array.from({ length: 203 }, (_, n) => ({
      ...{ login: loginOf(1_000 + n), siret: String(21_900_013_000_000 + n), changedOn: '2027-01-01' },
      manager: null,
    }));
    await plant(world.database, more);
    const tool = { name: 'x', ...ANY };
    askedOf.length = 0;
    const first = await reads.accounts(tool, 0);
    const second = await reads.accounts(tool, first.next ?? 0);
    expect([first.accounts.length, second.accounts.length, second.next]).toEqual([200, 7, null]);
    expect(askedOf).toEqual([200, 7]);
    const logins = new Set(
      [...first.accounts, ...second.accounts].map(({ login, environment }) => login + environment),
    );
    expect(logins.size).toBe(207);
    const some = await reads.accounts({ ...tool, logins: [loginOf(1_001), loginOf(1_202)] }, 0);
    expect(some.accounts.map(({ login }) => login)).toEqual([loginOf(1_001), loginOf(1_202)]);
  });
});
