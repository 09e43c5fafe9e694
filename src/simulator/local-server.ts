// What all servers of the simulator share: no log, TLS where a certificate is given, the address, the rules for pages.
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';

/** A certificate and its key, both PEM. */
export type ServerTls = Readonly<Record<'cert' | 'key', string>>;

interface ServerOptions {
  /** The largest body of a request, in bytes. */
  readonly bodyLimit: number;
  readonly exposeHeadRoutes?: boolean;
}

/** Builds a server; `forceCloseConnections` because a call that hangs must not keep the process alive. */
export function newServer(options: ServerOptions, tls: ServerTls | undefined): FastifyInstance {
  const all = { logger: false, forceCloseConnections: true, ...options };
  if (tls === undefined) return fastify(all);
  // Routes are the same with and without TLS: one type for both.
  return fastify({ ...all, https: { cert: tls.cert, key: tls.key } }) as unknown as FastifyInstance;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly isTls: boolean;
}

/** Listens, and gives the address without a slash at its end. Rejects when the port is taken. */
export async function listenAt(app: FastifyInstance, { host, port, isTls }: ListenAddress): Promise<string> {
  await app.listen({ host, port });
  const { port: actual } = app.server.address() as AddressInfo;
  // A certificate is for a name, not for an address.
  return isTls ? `https://localhost:${actual}` : `http://${reachable(host)}:${actual}`;
}

/** The host to call for a host that is listened on. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The names by which programs on this machine call a server of this machine. */
export const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * Makes a server one of pages for a browser on this machine: it reads forms, keeps its pages out of every cache and frame
 * by this content policy, and refuses other hosts and the forms of other sites.
 */
export function serveLocalBrowsers(app: FastifyInstance, contentPolicy: string): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', async (request, reply) => {
    reply
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('content-security-policy', contentPolicy);
    const { host = '', origin, 'sec-fetch-site': site } = request.headers;
    // Pages without a referrer post with the origin `null`, as frames of anybody do: then Sec-Fetch-Site must vouch for it.
    const isOrigin = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
    const isVouchedFor = site === 'same-origin' || site === 'none';
    const isFromHere = site === undefined ? isOrigin : isVouchedFor && (isOrigin || origin === 'null');
    const isOurs = request.method === 'GET' || isFromHere;
    if (!LOOPBACK.test(host) || !isOurs) await reply.code(403).type('text/plain').send('403');
  });
}
