// The check through a proxy: HTTPS_PROXY is used, and the proxy's own answers are not mistaken for those of Chorus Pro.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, get } from 'node:https';
import { type AddressInfo, connect, type LookupFunction, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { proxySetting } from '../../../src/foundation/proxy.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { startChorus, verdictAt } from './scripted-chorus.ts';
import { PASSWORD } from './settings.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
beforeEach(() => {
  for (const name of ['NO_PROXY', 'no_proxy', 'https_proxy', 'http_proxy']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

/** A proxy that opens tunnels, or answers all who ask for one with these lines; `asked` are the tunnels asked for. */
async function startProxy(refusal: string | null) {
  const asked: string[] = [];
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const plain = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '');
    response.writeHead(502).end();
  };
  const proxy: Server = createServer(plain).on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    sockets.add(client.on('error', () => {}));
    client.on('data', (bytes) => heard.push(bytes.toString('latin1')));
    if (refusal !== null) return client.end(refusal);
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host).on('error', () => client.destroy());
    sockets.add(target);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    return target.pipe(client).pipe(target);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  vi.stubEnv('HTTPS_PROXY', `http://${address}`);
  return { asked, heard, address };
}

async function verdictThrough(refusal: string | null) {
  const certificate = await makeCertificate(['DNS:localhost']);
  const server = await startChorus({}, certificate);
  closing.push(server.close);
  const proxy = await startProxy(refusal);
  const url = server.url.replace('127.0.0.1', 'localhost');
  const verdict = await verdictAt(url, { caPem: certificate.cert });
  return { verdict, proxy, server, url };
}

describe('a proxy', () => {
  it('carries the proof, and sees nothing of it', async () => {
    const { verdict, proxy, url } = await verdictThrough(null);
    expect(verdict).toMatchObject({ kind: 'accepted', entitled: true });
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(url).host]));
    expect(proxy.heard.join('')).not.toMatch(/cpro-account|oauth/);
    expect(proxy.heard.join('')).not.toContain(PASSWORD);
  });

  it('carries it to an address without a name, and is known without a scheme', async () => {
    const certificate = await makeCertificate(['IP:127.0.0.1']);
    const { url, close } = await startChorus({}, certificate);
    closing.push(close);
    const { asked, address } = await startProxy(null);
    vi.stubEnv('HTTPS_PROXY', address);
    expect(await verdictAt(url, { caPem: certificate.cert })).toMatchObject({ kind: 'accepted' });
    expect(new Set(asked)).toEqual(new Set([new URL(url).host]));
  });

  it('is passed by where NO_PROXY says so', async () => {
    const certificate = await makeCertificate(['DNS:localhost']);
    const { url, close } = await startChorus({}, certificate);
    closing.push(close);
    const { asked } = await startProxy(null);
    vi.stubEnv('NO_PROXY', 'localhost,.example.test');
    const verdict = await verdictAt(url.replace('127.0.0.1', 'localhost'), { caPem: certificate.cert });
    expect(verdict).toMatchObject({ kind: 'accepted' });
    expect(asked).toEqual([]);
  });

  it('hears nothing of what stays on this machine without TLS', async () => {
    const { url, close } = await startChorus({});
    closing.push(close);
    const { asked, address } = await startProxy(null);
    for (const name of ['HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, `http://${address}`);
    expect(await verdictAt(url)).toMatchObject({ kind: 'accepted' });
    expect(asked).toEqual([]);
  });

  it('that cannot be read is in the way of nothing that does not go through it', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://svc:S3#cret@127.0.0.1:3128');
    const here = await startChorus({});
    closing.push(here.close);
    expect(await verdictAt(here.url)).toMatchObject({ kind: 'accepted' });
    const certificate = await makeCertificate(['IP:127.0.0.1']);
    const exempt = await startChorus({}, certificate);
    closing.push(exempt.close);
    vi.stubEnv('NO_PROXY', '127.0.0.0-127.0.0.9');
    expect(await verdictAt(exempt.url, { caPem: certificate.cert })).toMatchObject({ kind: 'accepted' });
  });

  it('is passed by where Node would pass it by', async () => {
    const { address, asked } = await startProxy('HTTP/1.1 503 No\r\n\r\n');
    const lists = [
      ...['*', 'a.test', 'A.TEST', 'a.test:9', 'a.test:443', '.test', '*.test', '.a.test', 'b.test, .a.test'],
      ...[
        'test',
        'a',
        'x.a.test',
        '*.a.test',
        '127.0.0.1-127.0.0.9',
        '127.0.0.7-127.0.0.9',
        '127.0.0.2',
        ',',
      ],
    ];
    const hosts = ['a.test:9', 'a.test', 'x.a.test:9', 'xa.test:9', '127.0.0.2:9', '[::1]:9'];
    const lookup: LookupFunction = (host, _, done) => done(new Error(host), '');
    const differ = await Promise.all(
      lists.flatMap((list) =>
        hosts.map(async (host) => {
          const env = { HTTPS_PROXY: `http://${address}`, NO_PROXY: list };
          const agent = new Agent({ proxyEnv: env });
          const ended = Promise.withResolvers<string>();
          get(`https://${host}/`, { agent, lookup }).on('error', (error) => ended.resolve(error.message));
          const isTunnelled = /tunnel/i.test(await ended.promise);
          const ours = proxySetting(env, `https://${host}/`).kind === 'proxy';
          return ours === isTunnelled ? [] : [`${list} ${host}: ${isTunnelled}`];
        }),
      ),
    );
    expect(differ.flat()).toEqual([]);
    expect(asked.length).toBeGreaterThan(20);
  });

  it.each([
    'http://svc:S3cr%t@127.0.0.1:3128',
    'http://svc:S3#cret@127.0.0.1:3128',
    'http://127.0.0.1:99999',
    'socks5://127.0.0.1:1080',
  ])('that is no address of HTTP (%s) is the network, and ends no process', async (address) => {
    const { url, close, calls } = await startChorus({}, await makeCertificate(['IP:127.0.0.1']));
    closing.push(close);
    vi.stubEnv('HTTPS_PROXY', address);
    const verdict = await verdictAt(url);
    expect(verdict).toMatchObject({ kind: 'undetermined', cause: 'network' });
    expect(verdict.evidence).toMatchObject({ status: null, excerpt: 'ERR_PROXY_INVALID_CONFIG' });
    expect(calls.token).toBe(0);
  });

  it.each([
    ['asks who we are', 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'],
    ['forbids', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'],
    ['calls itself unauthorized', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'],
    ['finds no way', 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n<>'],
  ])('that %s is the network, and gets no word of the proof', async (_, refusal) => {
    const { verdict, proxy, server } = await verdictThrough(refusal);
    expect(verdict).toMatchObject({ kind: 'undetermined', cause: 'network', evidence: { status: null } });
    expect(verdict.evidence.excerpt).toMatch(/^PROXY_\d{3}$/);
    expect(proxy.heard).toEqual([]);
    expect(server.calls).toEqual({ token: 0, tva: 0, rights: 0 });
  });
});
