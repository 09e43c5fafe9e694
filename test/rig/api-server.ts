// An HTTP server on loopback for the sinks' calls: keeps each call, and answers as the test says.
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A call that came in; `path` with its query. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is answered, an object as JSON; `stays`: the head and body are sent, and the answer never ends. */
export interface ApiReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
  readonly stays?: boolean;
}

/** Starts one; null leaves a call unanswered. */
export async function startApi(
  answer: (call: ApiCall) => ApiReply | null | Promise<ApiReply | null>,
  tls?: ServerOptions,
) {
  const calls: ApiCall[] = [];
  let reply = answer;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
      calls.push(call);
      const given = await reply(call);
      if (given === null) return;
      const { status = 200, body = '', stays = false } = given;
      const isJson = typeof body !== 'string';
      response.writeHead(status, {
        ...(isJson ? { 'Content-Type': 'application/json' } : {}),
        ...given.headers,
      });
      response.write(isJson ? JSON.stringify(body) : body);
      if (!stays) response.end();
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    port,
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    answer: (next: typeof answer) => {
      reply = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
