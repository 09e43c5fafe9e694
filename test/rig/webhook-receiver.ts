// A receiver of webhooks on loopback: keeps each call, and answers as the test says.
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';

/** A call that came in. */
interface ReceivedCall {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of CloudEvents; nothing where the body is another one. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** What is answered: a status; with headers; or nothing, and the call stays open. */
type Reply =
  | number
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | null;

/** Starts one; `answer` decides from then on, null leaves the call unanswered. */
export async function startWebhookReceiver(certificate?: Certificate) {
  const calls: ReceivedCall[] = [];
  let reply: Reply | ((event: { readonly id: string }) => Reply) = 204;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      calls.push({ method: request.method ?? '', headers: request.headers, body, event: JSON.parse(body) });
      const said = typeof reply === 'function' ? reply(JSON.parse(body)) : reply;
      const answer = typeof said === 'number' ? { status: said } : said;
      if (answer === null) return;
      response.writeHead(answer.status, answer.headers);
      if (answer.body === undefined) response.end();
      else response.write(answer.body);
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    /** The types of the events that came in, in order. */
    types: () => calls.map(({ event }) => String(event.type)),
    url: certificate === undefined ? `http://127.0.0.1:${port}/hook` : `https://localhost:${port}/hook`,
    answer: (next: typeof reply) => {
      reply = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type WebhookReceiver = Awaited<ReturnType<typeof startWebhookReceiver>>;
