// One HTTP request as bare as it gets: a socket, through TLS and a forward proxy where the target has them, and what came back.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Target } from './target.ts';

/** How the other side is reached. */
export type Route = Pick<Target, 'caPem' | 'proxyUrl'>;

/** What is sent, exactly so: no header is added but Host, Content-Length and Connection. */
export interface Sent {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back; names of headers in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** For the whole exchange, in ms. */
const DEADLINE_MS = 30_000;
/** Longest answer that is read, in bytes. */
const LONGEST = 4_000_000;

/** Sends it and reads the answer to its end; throws an error that names the host and a code, and nothing that was sent. */
export async function exchange(route: Route, sent: Sent): Promise<Answer> {
  const url = new URL(sent.url);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  let socket: Socket | null = null;
  try {
    socket = await openSocket(route, url, signal);
    return await speak(socket, url, sent, signal);
  } catch (error) {
    const told =
      error instanceof Refusal ? error.message : signal.aborted ? 'no answer in time' : codeOf(error);
    throw new Error(`${url.host} could not be asked: ${told}`);
  } finally {
    socket?.destroy();
  }
}

/** A failure whose message may be shown. */
class Refusal extends Error {}

async function openSocket({ caPem, proxyUrl }: Route, url: URL, signal: AbortSignal): Promise<Socket> {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (isSecure ? 443 : 80));
  if (!isSecure) return opened(connectPlain({ host, port }), 'connect', signal);
  const trust = caPem === null ? {} : { ca: caPem };
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const way = proxyUrl === null ? { port } : { socket: await tunnel(new URL(proxyUrl), host, port, signal) };
  return opened(
    connectTls({ host, ...way, ...name, ...trust, minVersion: 'TLSv1.2' }),
    'secureConnect',
    signal,
  );
}

/** The socket, once it is ready; an error before that, or the deadline, rejects and leaves it closed. */
function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: unknown) => {
      socket.destroy();
      reject(error);
    };
    // The listener stays: a late error of a socket that nobody uses any more must not end the process.
    socket.on('error', giveUp).once(event, () => resolve(socket));
    signal.addEventListener('abort', () => giveUp(signal.reason), { once: true });
  });
}

/** Asks a proxy for a tunnel. */
function tunnel(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const path = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: 'CONNECT',
      path,
      headers: { host: path },
      agent: false,
      signal,
    });
    asked.once('connect', (answer: IncomingMessage, socket: Socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      return reject(new Refusal(`the proxy answered ${answer.statusCode}`));
    });
    // A proxy that answers a CONNECT as any request has opened no tunnel.
    asked.once('response', (answer) => reject(new Refusal(`the proxy answered ${answer.statusCode}`)));
    asked.once('error', reject).end();
  });
}

async function speak(socket: Socket, url: URL, sent: Sent, signal: AbortSignal): Promise<Answer> {
  const asked = request({
    createConnection: () => socket,
    method: sent.method,
    path: url.pathname + url.search,
    headers: {
      Host: url.host,
      ...sent.headers,
      ...(sent.method === 'GET' ? {} : { 'Content-Length': String(Buffer.byteLength(sent.body)) }),
      Connection: 'close',
    },
    signal,
  });
  const came = Promise.withResolvers<IncomingMessage>();
  asked.once('response', came.resolve).on('error', came.reject);
  asked.end(sent.method === 'GET' ? undefined : sent.body);
  const answer = await came.promise;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > LONGEST) throw new Refusal('its answer was too long');
    pieces.push(piece);
  }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(pieces),
  };
}

/** The code of an error; never its message. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'an unknown failure';
}
