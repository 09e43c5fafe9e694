// PISTE and Chorus Pro on one loopback port, answering exactly what a test defines, down to the bytes.
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import type { Verdict } from '../../../src/domain/verification/verdict.ts';
import type { Certificate } from '../../rig/certificate.ts';
import {
  application,
  granted,
  LOGIN,
  PASSWORD,
  RIGHTS,
  TOKEN,
  TOKEN_PATH,
  TVA,
  TVA_PATH,
} from './settings.ts';

export type Reply = (response: ServerResponse, nth: number) => void;

/** What each call is answered; the whole, happy answer where nothing is said. */
export interface Script {
  token?: Reply;
  tva?: Reply;
  rights?: Reply;
}

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

export interface ScriptedChorus {
  readonly url: string;
  /** How often each call came. */
  readonly calls: Record<keyof Script, number>;
  /** How many connections were made. */
  readonly connections: () => number;
  script: Script;
  close(): Promise<void>;
}

/** Listens on a free port, with TLS where a certificate is given. */
export async function startChorus(script: Script, certificate?: Certificate): Promise<ScriptedChorus> {
  const calls = { token: 0, tva: 0, rights: 0 };
  let connections = 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const call = request.url === TOKEN_PATH ? 'token' : request.url === TVA_PATH ? 'tva' : 'rights';
    calls[call] += 1;
    const happy = { token: json(granted(TOKEN)), tva: json(TVA), rights: json(RIGHTS) };
    request.resume().on('end', () => (scripted.script[call] ?? happy[call])(response, calls[call]));
  };
  const server = certificate === undefined ? createPlain(answer) : createSecure(certificate, answer);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scripted: ScriptedChorus = {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    calls,
    connections: () => connections,
    script,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return scripted;
}

/** What a fresh client makes of a server; `change` are settings of its application. */
export async function verdictAt(
  url: string,
  change: Parameters<typeof application>[2] = {},
  password = PASSWORD,
): Promise<Verdict> {
  const chorus = openChorus({ production: application(url, url, change), qualification: null }, Date.now);
  try {
    return await chorus.verify('production', LOGIN, new Secret(password));
  } finally {
    chorus.close();
  }
}
