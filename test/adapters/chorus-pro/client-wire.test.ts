// The check over real connections: slow, broken, huge and compressed answers, TLS, and many concurrent checks.
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { json, type Reply, type Script, startChorus, verdictAt } from './scripted-chorus.ts';
import * as say from './settings.ts';
import { startWrongDays } from './wrong-days.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function scripted(script: Script, certificate?: Parameters<typeof startChorus>[1]) {
  const server = await startChorus(script, certificate);
  closing.push(server.close);
  return server;
}

function opened(url: string, change: Parameters<typeof say.application>[2] = {}) {
  const production = say.application(url, url, change);
  const chorus = openChorus({ production, qualification: null }, Date.now);
  closing.push(() => chorus.close());
  return {
    check: () => chorus.verify('production', say.LOGIN, new Secret(say.PASSWORD)),
    close: () => chorus.close(),
  };
}

const PLAIN = JSON.stringify(say.RIGHTS);
const network = (excerpt: string) => ({ kind: 'undetermined', cause: 'network', evidence: { excerpt } });

describe('an answer that does not come whole', () => {
  it('is the network where the connection breaks in the body, even if all that matters had come', async () => {
    const { url } = await scripted({
      rights: (response) => {
        response.writeHead(200, { 'Content-Length': PLAIN.length + 1 });
        response.write(PLAIN, () => response.destroy());
      },
    });
    expect(await verdictAt(url)).toMatchObject({ ...network('ECONNRESET'), evidence: { status: 200 } });
  });

  it('is a refusal all the same where its header has said so', async () => {
    const { url } = await scripted({
      rights: (response) => {
        response.writeHead(401, { 'WWW-Authenticate': say.BLAMED, 'Content-Length': 99 });
        response.write('{"cod', () => response.destroy());
      },
    });
    expect(await verdictAt(url)).toMatchObject({ kind: 'refused' });
  });

  it.each<[string, Script]>([
    ['before its first byte', { rights: () => {} }],
    ['in its body', { rights: (response) => response.writeHead(200).write(PLAIN) }],
    [
      'drop by drop',
      {
        rights: (response) => {
          response.writeHead(200);
          const drip = setInterval(() => response.write(' '), 20);
          response.on('close', () => clearInterval(drip));
        },
      },
    ],
    ['of PISTE', { token: () => {} }],
  ])('is the network after the deadline: %s', async (_, script) => {
    const { url } = await scripted(script);
    const before = performance.now();
    expect(await verdictAt(url, { timeoutMs: 300 })).toMatchObject(network('ETIMEDOUT'));
    expect(performance.now() - before).toBeLessThan(1_500);
  });

  it('is the network where the other side closes the connection at once, or does not listen', async () => {
    const { url } = await scripted({ rights: (response) => response.destroy() });
    const cut = await verdictAt(url);
    expect(cut).toMatchObject(network('ECONNRESET'));
    expect(cut.evidence.unsent).toBeUndefined();
    const gone = await scripted({});
    await gone.close();
    expect(await verdictAt(gone.url)).toMatchObject(network('ECONNREFUSED'));
    expect((await verdictAt(gone.url)).evidence.unsent).toBe(true);
  });

  it('is unreadable where it is no HTTP at all', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.end('220 mail.example.test ESMTP\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await verdictAt(`http://127.0.0.1:${port}`)).toMatchObject({ cause: 'unreadable' });
  });
});

describe('an answer that is too much', () => {
  const tooLarge = { cause: 'unreadable', evidence: { excerpt: 'TOO_LARGE' } };

  it('is given up early, be it 200 MB', async () => {
    const block = Buffer.alloc(1024 * 1024, 0x20);
    let left = 200;
    const pouring: Reply = (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const pour = () => {
        while (left-- > 0) if (!response.write(block)) return response.once('drain', pour);
        return response.end();
      };
      pour();
    };
    const { url } = await scripted({ rights: pouring, tva: pouring });
    expect(await verdictAt(url)).toMatchObject(tooLarge);
    expect(left).toBeGreaterThan(150);
  });

  it('is given up early, however small it was packed', async () => {
    const packed = gzipSync(Buffer.alloc(3 * 1024 * 1024, 0x20));
    const reply: Reply = (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    const { url } = await scripted({ rights: reply, tva: reply });
    expect(await verdictAt(url)).toMatchObject(tooLarge);
  });

  it('is unreadable where its packing is broken, and read where it is whole', async () => {
    const reply: Reply = (response, nth) => {
      const packed = gzipSync(PLAIN);
      if (nth === 1) packed.fill(0xff, 12, 20);
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    };
    const { url } = await scripted({ rights: reply, tva: reply });
    expect(await verdictAt(url)).toMatchObject({ cause: 'unreadable' });
    expect(await verdictAt(url)).toMatchObject({ kind: 'accepted' });
  });
});

describe('TLS', () => {
  it('is trusted by the authority of the settings only', async () => {
    const certificate = await makeCertificate(['IP:127.0.0.1']);
    const { url } = await scripted({}, certificate);
    expect(await verdictAt(url)).toMatchObject(network('DEPTH_ZERO_SELF_SIGNED_CERT'));
    expect(await verdictAt(url, { caPem: certificate.cert })).toMatchObject({ kind: 'accepted' });
  });

  it('blames our clock for a certificate of tomorrow, and not for one of yesterday', async () => {
    const days = await startWrongDays();
    closing.push(days.close);
    const tomorrow = await scripted({}, days.tomorrow);
    const yesterday = await scripted({}, days.yesterday);
    const ours = { cause: 'our-clock', evidence: { excerpt: 'CERT_NOT_YET_VALID' } };
    expect(await verdictAt(tomorrow.url, { caPem: days.tomorrow.cert })).toMatchObject(ours);
    expect(await verdictAt(yesterday.url, { caPem: days.yesterday.cert })).toMatchObject(
      network('CERT_HAS_EXPIRED'),
    );
  });
});

describe('many proofs', () => {
  it('share one request for a token, and the connections', async () => {
    const server = await scripted({});
    const chorus = opened(server.url, { timeoutMs: 30_000 });
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => chorus.check()));
    expect(verdicts.every((verdict) => verdict.kind === 'accepted')).toBe(true);
    expect(server.calls).toEqual({ token: 1, tva: 0, rights: 100 });
    const before = server.connections();
    for (let nth = 0; nth < 5; nth++) await chorus.check();
    expect(server.connections()).toBe(before);
  });

  it('give up a dead token once, however many met it', async () => {
    const server = await scripted({
      token: (response, nth) => json(say.granted(`token-${nth}`))(response, nth),
      rights: (response, nth) => {
        const old = response.req.headers.authorization === 'Bearer token-1';
        (old ? json({}, 401, { 'WWW-Authenticate': say.STALE }) : json(say.RIGHTS))(response, nth);
      },
    });
    const chorus = opened(server.url, { timeoutMs: 30_000 });
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => chorus.check()));
    expect(verdicts.every((verdict) => verdict.kind === 'accepted')).toBe(true);
    expect(server.calls).toMatchObject({ token: 2, tva: 0, rights: 40 });
  });
});

describe('an end from our side', () => {
  it('leaves the verdict open when the client closes, and nothing keeps waiting', async () => {
    const server = await scripted({ rights: () => {} });
    const chorus = opened(server.url, { timeoutMs: 60_000 });
    const verdict = chorus.check();
    await expect.poll(() => server.calls.rights).toBe(1);
    chorus.close();
    expect(await verdict).toMatchObject(network('ERR_CANCELED'));
  });
});
