// A platform that answers the conformance suite as a test wants, and records the calls and their times.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { Secret } from '../../src/domain/shared/secret.ts';
import { type Caller, openCaller } from './caller.ts';
import { examine, type Fact, type Row } from './fact.ts';
import type { Target } from './target.ts';

/** A call as it came; the account is null where none was shown. */
interface Told {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly account: { readonly login: string; readonly password: string } | null;
  /** In ms of the test's own clock. */
  readonly at: number;
  /** How many calls were under way with it, itself counted. */
  readonly together: number;
}

/** What is answered: a status, and what differs from an empty answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Script = (told: Told) => Reply;

interface ScriptedPlatform {
  readonly target: Target;
  readonly told: readonly Told[];
  close(): Promise<void>;
}

export const LOGIN = 'TECH_1_99990000100001@cpro.fr';
/** Its base64 needs padding. */
export const PASSWORD = 'Canary(Pass]w0rd-12';
export const CLIENT_SECRET = 'canary-client-secret-5d41402a';
const SIRET = '99990000100001';

export const json = (status: number, body: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const refused = (authenticate: string): Reply => ({
  status: 401,
  headers: { 'www-authenticate': authenticate },
});

/** Gives every application a token, and leaves the rest to the script. */
export function withTokens(script: Script): Script {
  const scope = 'openid';
  return (told) =>
    told.path === '/token'
      ? json(200, {
          access_token: `canary-token-${'0'.repeat(40)}`,
          token_type: 'Bearer',
          expires_in: 3600,
          scope,
        })
      : script(told);
}

function accountOf({ headers }: IncomingMessage): Told['account'] {
  const header = headers['cpro-account'];
  if (typeof header !== 'string') return null;
  const text = Buffer.from(header, 'base64').toString();
  const colon = text.indexOf(':');
  return { login: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Opens it on this machine; each answer takes a moment, so that calls made together would be seen. */
async function openScriptedPlatform(script: Script): Promise<ScriptedPlatform> {
  const told: Told[] = [];
  let together = 0;
  const server = createServer(async (request, response) => {
    together += 1;
    const { method = '', url: path = '', headers } = request;
    const at = performance.now();
    const body = Buffer.concat(await request.toArray()).toString();
    const one = { method, path, headers, body, account: accountOf(request), at, together };
    told.push(one);
    const reply = script(one);
    await wait(5);
    together -= 1;
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target: Target = {
    ...{ tokenUrl: `${url}/token`, apiUrl: url, otherApiUrl: `${url}/other` },
    ...{ clientId: 'canary-client-id', clientSecret: new Secret(CLIENT_SECRET) },
    ...{ caPem: null, proxyUrl: null, callsPerSecond: Number.POSITIVE_INFINITY },
    account: { login: LOGIN, password: new Secret(PASSWORD), siret: SIRET, isSpare: false },
  };
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { target, told, close };
}

export const done = () => json(200, { codeRetour: 0, libelle: 'TRA_MSG_00.000' });

export const REFUSAL = refused(
  'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"',
);

/** Opens one until the end of the test, and its caller; `change` is what the test is about. */
export async function openPlatform(script: Script, change: Partial<Target> = {}) {
  const platform = await openScriptedPlatform(script);
  onTestFinished(platform.close);
  const target = { ...platform.target, ...change };
  return { ...platform, target, caller: openCaller(target) };
}

/** Checks facts one after the other; an error becomes its message. */
export async function rowsOf(facts: readonly Fact[], caller: Caller): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const fact of facts) {
    const failed = (error: Error): Row => ({ ...fact, holds: null, seen: error.message });
    rows.push(await examine(fact, caller).catch(failed));
  }
  return rows;
}
