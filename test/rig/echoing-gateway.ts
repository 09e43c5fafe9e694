// A PISTE and Chorus Pro that say everything they were told: heads and bodies come back in every answer, in every dress.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How it answers the calls of one login. */
export type EchoShape =
  | 'refusal'
  | 'broken page'
  | 'business code'
  | 'success'
  | 'cut in the midst'
  | 'hang-up';

/** A listening gateway. */
export interface EchoingGateway {
  readonly tokenUrl: string;
  readonly apiUrl: string;
  /** The calls with a password, by login. */
  calls(login: string): number;
  close(): Promise<void>;
}

const htmlOf = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What was told, in every dress; after as much else as is asked, so that a reader who cuts does so in its midst. */
function echo(request: IncomingMessage, body: string, credentials: string, before: number): string {
  const password = credentials.slice(credentials.indexOf(':') + 1);
  const all = [
    password,
    credentials,
    JSON.stringify({ ...request.headers, password }),
    Buffer.from(password).toString('base64'),
    Buffer.from(credentials).toString('base64url'),
    encodeURIComponent(password),
    Buffer.from(password).toString('hex'),
    htmlOf(password),
    body,
  ];
  return `${'.'.repeat(before)}${all.join(' ; ')}`;
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: string, credentials: string) => void;

const SHAPES: Readonly<Record<EchoShape, Answer>> = {
  refusal: (request, response, body, credentials) => {
    const description = echo(request, body, credentials, 0).replaceAll(/["\\\r\n]/g, '\\$&');
    const challenge = `Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects ${description}"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end(echo(request, body, credentials, 0));
  },
  'broken page': (request, response, body, credentials) => {
    const page = `<html><body><pre>${htmlOf(echo(request, body, credentials, 0))}</pre></body></html>`;
    response.writeHead(500, { 'content-type': 'text/html' }).end(page);
  },
  'business code': (request, response, body, credentials) => {
    const label = echo(request, body, credentials, 0);
    json(response, { codeRetour: 20_001, libelle: label, detail: label });
  },
  success: (request, response, body, credentials) => {
    const label = echo(request, body, credentials, 0);
    // The structures of somebody else, with names that tell all.
    const listeStructures = [
      { idStructureCPP: 1, identifiant: '21900000099999', designationStructure: label },
    ];
    json(response, { codeRetour: 0, libelle: label, listeTauxTva: [], listeStructures });
  },
  'cut in the midst': (request, response, body, credentials) => {
    // 200 bytes of an answer are kept: the password stands across that place.
    response.writeHead(400, { 'content-type': 'text/plain' }).end(echo(request, body, credentials, 190));
  },
  'hang-up': (request, response, body, credentials) => {
    const text = echo(request, body, credentials, 0);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length + 100 });
    response.write(text, () => response.destroy());
  },
};

function json(response: ServerResponse, answer: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

/** Opens it on 127.0.0.1; a login that no shape is given for is refused. */
export async function openEchoingGateway(
  shapes: Readonly<Record<string, EchoShape>>,
): Promise<EchoingGateway> {
  const calls = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.url === '/token') {
      return json(response, { access_token: 'echo-token', token_type: 'Bearer', expires_in: 3600 });
    }
    const credentials = Buffer.from(String(request.headers['cpro-account']), 'base64').toString();
    const login = credentials.slice(0, credentials.indexOf(':'));
    calls.set(login, (calls.get(login) ?? 0) + 1);
    SHAPES[shapes[login] ?? 'refusal'](request, response, body, credentials);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    tokenUrl: `${url}/token`,
    apiUrl: url,
    calls: (login) => calls.get(login) ?? 0,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
