// A mail server that says what a test tells it to: refusals, hang-ups and silence on demand.
import { createServer, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A reply with its code (`550 5.1.1 no such user`), or what the server does in place of one. */
type Line = string | 'hang up' | 'silence';

/** What is said where; what is not named is accepted. `end` answers the final dot, `body` what happens in mid-content. */
export interface Script {
  readonly greeting?: Line;
  readonly EHLO?: Line;
  readonly MAIL?: Line;
  readonly RCPT?: Line;
  readonly DATA?: Line;
  readonly body?: 'hang up' | 'silence';
  readonly end?: Line;
  /** How the replies are written: UTF-8, unless it says otherwise. */
  readonly encoding?: 'latin1';
}

/** What came so far: connections, messages taken to the final dot, readers named, instants of MAIL (ms, monotonic). */
interface Seen {
  connections: number;
  messages: number;
  readonly readers: string[];
  readonly startedAt: number[];
}

/** A listening server of the tests. */
export interface ScriptedServer {
  readonly port: number;
  readonly seen: Seen;
  close(): Promise<void>;
}

const SAID: Readonly<Record<string, string>> = {
  greeting: '220 scripted.example.test ESMTP',
  EHLO: '250-scripted.example.test\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 1000000',
  MAIL: '250 2.1.0 sender ok',
  RCPT: '250 2.1.5 reader ok',
  DATA: '354 go on',
  end: '250 2.0.0 taken',
  RSET: '250 2.0.0 forgotten',
  QUIT: '221 2.0.0 bye',
};

/** The talk of one connection. */
function talk(socket: Socket, script: Script, seen: Seen): void {
  // Looked up when it is said: a test may change its script while connections are open.
  const lineAt = (place: string) => (script as Readonly<Record<string, Line>>)[place] ?? SAID[place];
  let inBody = false;
  let rest = '';
  const say = (place: string) => {
    const line = lineAt(place) ?? '502 5.5.1 unknown command';
    if (line === 'hang up') socket.destroy();
    else if (line !== 'silence') socket.write(`${line}\r\n`, script.encoding ?? 'utf8');
  };
  const hear = (line: string) => {
    if (inBody) {
      if (script.body === 'hang up') socket.destroy();
      if (line !== '.' || script.body !== undefined) return;
      inBody = false;
      seen.messages++;
      return say('end');
    }
    const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
    inBody = verb === 'DATA' && (lineAt('DATA') ?? '').startsWith('3');
    if (verb === 'MAIL') seen.startedAt.push(performance.now());
    if (verb === 'RCPT') seen.readers.push(line.replace(/^RCPT TO:<|>$/g, ''));
    say(verb);
  };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const parts = (rest + chunk.toString('latin1')).split('\r\n');
    rest = parts.pop() ?? '';
    for (const line of parts) hear(line);
  });
  say('greeting');
}

/** Starts a server that follows the script on every connection. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const seen: Seen = { connections: 0, messages: 0, readers: [], startedAt: [] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    seen.connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    talk(socket, script, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: address.port, seen, close };
}

/** Starts npm's smtp-server with options of its own (TLS, log-in, hooks) on a free port. */
export async function startSmtpServer(
  options: SMTPServerOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({ logger: false, closeTimeout: 100, ...options });
  // A client that turns away from our certificate is what some tests are about.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
