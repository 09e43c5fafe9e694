// The door as strangers meet it: what every answer carries, what is refused, and that nothing of what was sent comes back.
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, test } from 'vitest';
import { csrfTokenOf } from '../../../src/adapters/web/request.ts';
import { TOKEN } from '../../fakes/manager-actions.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { openTestServer, PAGE, type TestServer, textOf } from './test-server.ts';

let server: TestServer;
afterEach(() => server?.app.close());

const CANARY = 'K4n4ri(Zx_[9q';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Bytes of buffers that somebody still holds; the memory of the others is given back a moment after a collection. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await setTimeout(20);
  }
  return process.memoryUsage().arrayBuffers;
}

/** Sends bytes to the door as they are; resolves with all that came back. */
async function raw(text: string): Promise<string> {
  if (!server.app.server.listening) await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () => resolve(answer)).once('error', reject);
  });
}

describe('every answer', () => {
  it.each([
    [PAGE, 200],
    ['/m/unknown', 404],
    ['/nothing', 404],
    ['/v1/submissions', 404],
    ['/style.css', 200],
    ['/donnees', 200],
  ])('%s carries the guarding headers', async (path, status) => {
    server = openTestServer();
    const { headers, statusCode } = await server.get(path);
    expect(statusCode).toBe(status);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-robots-tag']).toMatch(/noindex/);
    expect(headers['permissions-policy']).toMatch(/camera=\(\)/);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['cache-control']).toBe(path === '/style.css' ? 'public, max-age=86400' : 'no-store');
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers.server ?? headers['x-powered-by']).toBeUndefined();
  });

  it('promises HTTPS only where the public address has it', async () => {
    server = openTestServer({ publicUrl: 'http://127.0.0.1:8080' });
    expect((await server.get()).headers['strict-transport-security']).toBeUndefined();
  });

  it('has neither script nor inline style nor anything of another site', async () => {
    server = openTestServer();
    const { body } = await server.get();
    expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
    for (const [, address = ''] of body.matchAll(/(?:src|href|action)="([^"]*)"/g))
      expect(address).toMatch(/^(\/(?!\/)|#|tel:)/);
  });

  it('leads to its own style, its own forms, and back to the page after a form', async () => {
    server = openTestServer();
    const { body } = await server.get();
    expect(body).toContain(`action="${PAGE}/annonce"`);
    expect(body).toContain('href="/style.css?');
    expect((await server.post(PAGE, { password: 'x' })).headers.location).toBe(PAGE);
  });
});

describe('refused with a page, and no word of what was sent', () => {
  it.each([
    ['an unknown address', 'GET', `/m/${TOKEN}/${CANARY}`],
    ['another method', 'PUT', PAGE],
    ['another method with a body', 'DELETE', PAGE],
    ['OPTIONS', 'OPTIONS', PAGE],
    ['GET of an address for forms', 'GET', `${PAGE}/annonce`],
    ['an address longer than any token', 'GET', `/m/${'x'.repeat(500)}`],
  ] as const)('404: %s', async (_name, method, url) => {
    server = openTestServer();
    const answer = await server.app.inject({ method, url });
    expect(answer.statusCode).toBe(404);
    expect(textOf(answer.body)).toContain('Cette page n’existe pas');
    expect(answer.body).not.toContain(CANARY);
    expect(server.actions.changes).toEqual([]);
  });

  it('400: an address that cannot be decoded', async () => {
    server = openTestServer();
    const answer = await raw(`GET /m/%ZZ${CANARY} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('Cette demande n’est pas comprise');
    expect(answer).toMatch(/content-security-policy/i);
    expect(answer).not.toContain(CANARY);
  });

  it.each(['PROPFIND', 'TRACE', 'BREW'])('%s is answered or cut off, and changes nothing', async (method) => {
    server = openTestServer();
    const answer = await raw(`${method} ${PAGE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(server.actions.changes).toEqual([]);
  });

  it('400: a field that comes twice', async () => {
    server = openTestServer();
    const answer = await server.app.inject({
      method: 'POST',
      url: PAGE,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `seal=${csrfTokenOf(TOKEN)}&password=${CANARY}&password=b`,
    });
    expect(answer.statusCode).toBe(400);
    expect(textOf(answer.body)).toContain('n’est pas comprise');
    expect(answer.body).not.toContain(CANARY);
    expect(server.actions.changes).toEqual([]);
  });

  it.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x', 'nonsense', ''])(
    '415: a form of type %j',
    async (type) => {
      server = openTestServer();
      const answer = await server.app.inject({
        method: 'POST',
        url: PAGE,
        headers: type === '' ? {} : { 'content-type': type },
        payload: `seal=${csrfTokenOf(TOKEN)}&password=${CANARY}`,
      });
      expect(answer.statusCode).toBe(415);
      expect(textOf(answer.body)).toContain('Cette demande n’est pas comprise');
      expect(answer.body).not.toContain(CANARY);
      expect(server.actions.changes).toEqual([]);
    },
  );

  it('413: a body of 5 MB, with its length or in pieces, answered whole and never gathered', async () => {
    server = openTestServer();
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.app.server.address() as AddressInfo;
    const piece = Buffer.alloc(64 * 1024, 'a');
    const half = Promise.withResolvers<void>();
    const post = (headers: Record<string, string>) =>
      new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        const sent = request({
          port,
          method: 'POST',
          path: PAGE,
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        });
        sent.once('error', reject).once('response', (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (chunk) => {
            body += chunk;
          });
          answer.once('end', () => resolve({ status: answer.statusCode, body }));
        });
        for (let n = 0; n < 40; n++) sent.write(piece);
        void half.promise.then(() => {
          for (let n = 0; n < 40; n++) sent.write(piece);
          sent.end();
        });
      });
    const pieces = { 'transfer-encoding': 'chunked' };
    const before = await heldBytes();
    const all = Array.from({ length: 20 }, (_, n) =>
      post(n % 2 ? pieces : { 'content-length': `${80 * piece.length}` }),
    );
    // Half of 100 MB has arrived by now; of each body no more than the last piece may be held.
    await setTimeout(1_000);
    expect((await heldBytes()) - before).toBeLessThan(20e6);
    half.resolve();
    for (const { status, body } of await Promise.all(all)) {
      expect(status).toBe(413);
      expect(textOf(body)).toContain('Ce qui a été envoyé est trop long');
    }
    expect(server.actions.changes).toEqual([]);
  });

  it('500: what nobody foresaw is told to the journal, and not to the reader', async () => {
    server = openTestServer();
    const fault = new Error(`disk ${CANARY}`);
    server.actions.answers(fault);
    const answer = await server.post(PAGE, { password: CANARY });
    expect(answer.statusCode).toBe(500);
    expect(textOf(answer.body)).toContain('Ce n’est pas de votre fait. Conservez le mot de passe');
    expect(answer.body).not.toContain(CANARY);
    expect(server.failures).toEqual([fault]);
    expect(server.counted).toEqual(['form broken']);
  });

  it.each([
    ['', 'form'],
    ['/soumis', 'press'],
    ['/choix', 'choice'],
  ])('a fault of the form %s of the page counts as one of %s', async (path, endpoint) => {
    server = openTestServer();
    const fault = new Error('disk');
    server.actions.answers(fault);
    const fields = { password: CANARY, choice: 'clean' };
    expect((await server.post(`${PAGE}${path}`, fields)).statusCode).toBe(500);
    expect(server.counted).toEqual([`${endpoint} broken`]);
  });
});

test('an own certificate: the door speaks TLS itself', async () => {
  server = openTestServer({ tls: await makeCertificate(['DNS:localhost']) });
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  expect(url).toMatch(/^https:/);
  const { get } = await import('node:https');
  const status = await new Promise((resolve, reject) => {
    get(`${url}${PAGE}`, { rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once('error', reject);
  });
  expect(status).toBe(200);
});

test.each([
  ['/donnees', 'data', 'fr'],
  ['/donnees?langue=en', 'data', 'en'],
  ['/accessibilite?langue=fr', 'accessibility', 'fr'],
  ['/accessibilite?langue=de', 'accessibility', 'fr'],
  ['/accessibilite?langue=fr&langue=en', 'accessibility', 'fr'],
])('%s needs no link, and names whom to ask', async (path, name, language) => {
  server = openTestServer();
  const { statusCode, body } = await server.get(path);
  expect(statusCode).toBe(200);
  expect(body).toContain(`<html lang="${language}">`);
  expect(body).toContain('service.informatique@siagep.example');
  expect(server.counted).toEqual([`about ${name}`]);
});
