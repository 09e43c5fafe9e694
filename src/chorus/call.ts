// One POST to PISTE or Chorus Pro and whatever came of it; below this room nothing throws for what the outer world can do.
import { ClientRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { AxiosInstance } from 'axios';
import { TOO_LARGE } from '../domain/verdict-answer.ts';

/** What came back: a status with its headers (names in lower case) and body, or the failure alone. */
export interface Reply {
  readonly status: number | null;
  /** A code such as ECONNREFUSED, ETIMEDOUT or TOO_LARGE; with a status, the body is not whole. */
  readonly failure: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is sent. */
interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole call, from the name's resolution to the last byte, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** One outer system and our connections to it. */
export interface Host {
  post(post: Post): Promise<Reply>;
  close(): void;
}

/** Longest answer that is read, in bytes after decompression. */
const LONGEST = 2 * 1024 * 1024;

/** Connections idle for longer are closed by us: a firewall between would drop them without a word. */
const IDLE_MS = 10_000;

/** The client comes only where there is an application: many commands have none, and it takes its time. */
async function openClient(caPem: string | null) {
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
    ...(caPem === null ? {} : { ca: caPem }),
  });
  const client = axios.create({
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    // Every status is an answer, and the body is read here: its beginning counts even when its end does not come.
    validateStatus: null,
    responseType: 'stream',
    transformRequest: [],
    transformResponse: [],
  });
  return { client, agents: [httpAgent, httpsAgent] as const };
}

/** Opens one outer system; `caPem` are authorities to trust instead of the system's. */
export function openHost(caPem: string | null): Host {
  // Loaded now, aside: the first manager who waits for a proof should not wait for this too.
  const opened = openClient(caPem);
  const closing = new AbortController();
  return {
    async post(post) {
      return send((await opened).client, post, closing.signal);
    },
    close() {
      closing.abort();
      void opened.then(({ agents }) => {
        for (const agent of agents) agent.destroy();
      });
    },
  };
}

async function send(client: AxiosInstance, post: Post, closing: AbortSignal): Promise<Reply> {
  const deadline = AbortSignal.timeout(post.timeoutMs);
  const signal = AbortSignal.any([deadline, closing, ...(post.signal === undefined ? [] : [post.signal])]);
  const told = (error: unknown) => (deadline.aborted ? 'ETIMEDOUT' : codeOf(error));
  try {
    const headers = { 'User-Agent': 'releve', ...post.headers };
    const response = await client.post<Readable>(post.url, post.body, { headers, signal });
    const { body, failure } = await read(response.data, told);
    if (post.url.startsWith('https:') && !isSecure(response.request)) {
      // A proxy that opens no tunnel: its answer must not pass for theirs.
      return { status: null, failure: `PROXY_${response.status}`, headers: {}, body: '' };
    }
    return { status: response.status, failure, headers: plain(response.headers), body };
  } catch (error) {
    return { status: null, failure: told(error), headers: {}, body: '' };
  }
}

/** Reads up to the limit; leaving the loop early closes the connection. */
async function read(stream: Readable, told: (error: unknown) => string) {
  const chunks: Buffer[] = [];
  let length = 0;
  let failure: string | null = null;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST) {
        failure = TOO_LARGE;
        break;
      }
      chunks.push(chunk);
    }
  } catch (error) {
    failure = told(error);
  }
  return { body: new TextDecoder().decode(Buffer.concat(chunks)), failure };
}

function isSecure(request: unknown): boolean {
  return request instanceof ClientRequest && request.socket instanceof TLSSocket;
}

function plain(headers: object): Record<string, string> {
  const pairs = Object.entries(headers).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
}

/** The code of an error and nothing else of it: its message and its request hold what must not be seen. */
function codeOf(error: unknown): string {
  for (let seen = error, depth = 0; seen instanceof Error && depth < 3; seen = seen.cause, depth++) {
    const code = 'code' in seen ? seen.code : null;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  }
  return 'UNKNOWN';
}
