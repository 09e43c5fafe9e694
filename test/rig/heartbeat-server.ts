// A server for heartbeats: keeps what it was asked for, and answers when the test says so.
import { createServer } from 'node:http';

/** A listening server. */
export interface HeartbeatServer {
  /** The addresses asked for, in order. */
  readonly heard: readonly string[];
  readonly url: string;
  close(): void;
}

/** Listens on a free port; `path` is what its address ends with. Where it does not answer, a call hangs for ever. */
export async function startHeartbeatServer(path: string, answers = true): Promise<HeartbeatServer> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? '');
    if (answers) response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    heard,
    url: `http://127.0.0.1:${address.port}${path}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
