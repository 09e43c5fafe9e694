// Sends one POST to PISTE or Chorus Pro and returns its reply; never throws for a failure of the network or the server.
import type { Readable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import { TOO_LARGE } from '../../domain/verification/answer.ts';
import { codeOfCall, proxyEnvOf } from '../../foundation/proxy.ts';

/** A reply: a status with its headers (names in lower case) and body, or the failure alone. */
export interface Reply {
  readonly status: number | null;
  /** A code such as ECONNREFUSED, ETIMEDOUT or TOO_LARGE; with a status, the body is incomplete. */
  readonly failure: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request to send. */
interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole call, from the name's resolution to the last byte, in ms. */
  readonly timeoutMs: number;
}

/** One remote host and our connections to it. */
export type Host = ReturnType<typeof openHost>;

/** The longest body that is read, in bytes after decompression. */
const LONGEST = 2 * 1024 * 1024;

/** We close connections that are idle for longer: a firewall in between would drop them silently. */
const IDLE_MS = 10_000;

const DECODER = new TextDecoder();

/** Loads axios only where there is an application: many commands have none, and loading takes time. */
async function openClient(url: string, caPem: string | null) {
  const [{ default: axios }, http, https] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
  ]);
  const pool = { keepAlive: true, timeout: IDLE_MS };
  const httpAgent = new http.Agent(pool);
  const httpsAgent = new https.Agent({
    ...pool,
    minVersion: 'TLSv1.2',
    // Node's own tunnels, which axios leaves alone here: they handle addresses without a name, and report a proxy's refusal.
    proxyEnv: proxyEnvOf(url),
    ...(caPem === null ? {} : { ca: caPem }),
  });
  const client = axios.create({
    httpAgent,
    httpsAgent,
    headers: { 'User-Agent': 'releve' },
    maxRedirects: 0,
    // Every status is an answer. The body is read here: its beginning counts even when its end never arrives.
    validateStatus: null,
    responseType: 'stream',
    transformRequest: [],
    transformResponse: [],
  });
  return { client, agents: [httpAgent, httpsAgent] as const };
}

/** The proxy is no address, or of another kind. The error is dropped: Node's repeats the address, with its password. */
const INVALID_PROXY: Reply = { status: null, failure: 'ERR_PROXY_INVALID_CONFIG', headers: {}, body: '' };

/** Opens the host of an address; `caPem` are authorities to trust instead of the system's. */
export function openHost(url: string, caPem: string | null) {
  // Loaded in the background now: the first manager who waits for a check should not wait for this too.
  const opened = openClient(url, caPem).catch(() => null);
  const pending = new Set<AbortController>();
  let closed = false;
  return {
    async post(post: PostRequest): Promise<Reply> {
      const ready = await opened;
      if (ready === null) return INVALID_PROXY;
      const controller = new AbortController();
      if (closed) controller.abort();
      pending.add(controller);
      try {
        return await send(ready.client, post, controller);
      } finally {
        pending.delete(controller);
      }
    },
    close() {
      closed = true;
      for (const controller of pending) controller.abort();
      void opened.then((ready) => {
        for (const agent of ready?.agents ?? []) agent.destroy();
      });
    },
  };
}

async function send(client: AxiosInstance, post: PostRequest, controller: AbortController): Promise<Reply> {
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, post.timeoutMs);
  const codeOfFailure = (error: unknown) => (isLate ? 'ETIMEDOUT' : codeOfCall(error));
  try {
    // A password sent without TLS stays on this machine, so it must not go to a proxy.
    const proxy = post.url.startsWith('http:') ? ({ proxy: false } as const) : {};
    const { headers } = post;
    const { signal } = controller;
    const response = await client.post<Readable>(post.url, post.body, { headers, signal, ...proxy });
    const { body, failure } = await read(response.data, codeOfFailure);
    return { status: response.status, failure, headers: plain(response.headers), body };
  } catch (error) {
    return { status: null, failure: codeOfFailure(error), headers: {}, body: '' };
  } finally {
    clearTimeout(deadline);
  }
}

/** Reads up to the limit; a longer body closes the connection. An incomplete body is not shown. */
function read(
  stream: Readable,
  codeOfFailure: (error: unknown) => string,
): Promise<Pick<Reply, 'body' | 'failure'>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = (failure: string) => resolve({ body: '', failure });
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST) return chunks.push(chunk);
      fail(TOO_LARGE);
      return stream.destroy();
    });
    stream.on('end', () =>
      resolve({
        body: DECODER.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)),
        failure: null,
      }),
    );
    stream.on('error', (error) => fail(codeOfFailure(error)));
    stream.on('close', () => fail(codeOfFailure(null)));
  });
}

/** All headers but lists, which only cookies are: a session cookie is no evidence. */
function plain(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') found[name] = value;
  return found;
}
