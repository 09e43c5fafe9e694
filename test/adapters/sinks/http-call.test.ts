// One HTTP call of a sink: what leaves, and what each failure says, without a secret.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type HttpRequest, openHttpCaller, readSecret } from '../../../src/adapters/sinks/http-call.ts';
import { type HttpConnection, SinkFault } from '../../../src/adapters/sinks/settings.ts';
import { address, connection, secretSource } from '../../../src/config/sink-fields.ts';
import { type ApiReply, startApi } from '../../rig/api-server.ts';
import { type Certificate, makeCertificate } from '../../rig/certificate.ts';
import { startForwardProxy } from '../../rig/forward-proxy.ts';
import { PASSWORD } from './samples.ts';

const TOKEN = 'tok-4711-geheim-9';
const PLAIN: HttpConnection = { caFile: null, certFile: null, keyFile: null, timeoutMs: 5_000 };

let folder: string;
let server: Certificate;
let client: Certificate;
let api: Awaited<ReturnType<typeof startApi>>;
let secured: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'releve-http-call-'));
  [server, client] = await Promise.all([makeCertificate(['DNS:localhost']), makeCertificate(['DNS:client'])]);
  api = await startApi(() => ({}));
  const tls = { ...server, requestCert: true, rejectUnauthorized: true, ca: [client.cert] };
  secured = await startApi(() => ({ body: { ok: true } }), tls);
});
afterAll(() => {
  api.close();
  secured.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** A file of the sink's, for its owner alone unless said otherwise. */
function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function request(changes: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' };
  const own = { method: 'PATCH', url: `${api.url}/api/v2/content?x=1`, headers, body: '{"a":1}' } as const;
  return { ...own, expect: [200], secrets: [TOKEN, PASSWORD], ...changes };
}

const call = (changes: Partial<HttpRequest> = {}, over: Partial<HttpConnection> = {}) =>
  openHttpCaller({ ...PLAIN, ...over })(request(changes));

const faultOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no fault',
    (error) => {
      expect(error).toBeInstanceOf(SinkFault);
      expect(error.message).not.toContain(TOKEN);
      return error.message;
    },
  );

const answered = (reply: ApiReply | null) => api.answer(() => reply);

describe('what leaves, and what comes', () => {
  it('is one call with its method, headers and body, and an answer read as JSON', async () => {
    answered({ body: { result: 'ok' } });
    const before = api.calls.length;
    const answer = await call();
    expect([answer.status, answer.json()]).toEqual([200, { result: 'ok' }]);
    const [made, ...more] = api.calls.slice(before);
    expect(more).toEqual([]);
    expect(made).toMatchObject({ method: 'PATCH', path: '/api/v2/content?x=1', body: '{"a":1}' });
    expect(made?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'user-agent': 'releve' });
  });

  it('goes over TLS with an authority and a certificate of its own, read again at each call', async () => {
    const caFile = file('ca.pem', client.cert, 0o644);
    const over = { caFile, certFile: file('cert.pem', client.cert), keyFile: file('key.pem', client.key) };
    const calls = openHttpCaller({ ...PLAIN, ...over });
    const wanted = request({ url: `${secured.url}/v1`, secrets: [] });
    expect(await faultOf(calls(wanted))).toContain('an authority that is not trusted: name that authority');
    file('ca.pem', server.cert, 0o644);
    expect((await calls(wanted)).json()).toEqual({ ok: true });
    expect(await faultOf(call({ url: secured.url }, { caFile }))).toMatch(/certificate of ours|broke off/);
    chmodSync(over.keyFile, 0o640);
    expect(await faultOf(calls(wanted))).toMatch(/key\.pem is not used \(a file that is open to others/);
    file('key.pem', 'no key');
    expect(await faultOf(calls(wanted))).toContain('in PEM: correct them');
  });

  it('goes through the proxy of the machine, and says which variable is wrong', async () => {
    const proxy = await startForwardProxy([secured.port]);
    try {
      const over = { caFile: file('ca.pem', server.cert), certFile: file('cert.pem', client.cert) };
      const all = { ...over, keyFile: file('key.pem', client.key) };
      vi.stubEnv('HTTPS_PROXY', proxy.url);
      expect((await call({ url: secured.url }, all)).status).toBe(200);
      expect(await proxy.asked()).toEqual([`CONNECT localhost:${secured.port}`]);
      expect(await faultOf(call({ url: 'https://localhost:1/' }, all))).toContain(
        'the proxy of this machine',
      );
      vi.stubEnv('HTTPS_PROXY', 'socks://x');
      expect(await faultOf(call({ url: secured.url }, all))).toContain('correct HTTPS_PROXY, or unset it');
    } finally {
      await proxy.stop();
    }
  });

  it('never leaves in the clear for another machine', async () => {
    for (const url of ['http://192.0.2.1/', 'http://u:p@127.0.0.1/', 'ftp://127.0.0.1/'])
      expect(await faultOf(call({ url }))).toContain('its address is not https');
  });
});

describe('what each failure says', () => {
  it.each([
    [401, {}, 'answered 401: its token expired, or may not do this: renew it'],
    [403, {}, 'answered 403: its token expired, or may not do this'],
    [404, {}, 'answered 404: nothing is there: correct the address'],
    [400, { body: { error: 'no such field' } }, 'not 200; it said: {"error":"no such field"}'],
    [204, {}, 'answered 204, not 200'],
    [502, {}, 'the program there fails: see its log'],
    [
      302,
      { headers: { Location: 'https://sso.example/login?next=1' } },
      'a redirect to https://sso.example,',
    ],
    [302, { headers: { Location: '/login' } }, 'a redirect, which is not followed: a login page?'],
  ] as const)('a status %i', async (status, more, words) => {
    answered({ status, ...more });
    const before = api.calls.length;
    const fault = await faultOf(call());
    expect(fault).toContain(words);
    expect(fault).toMatch(new RegExp(`^PATCH ${api.url}/api/v2/content answered`));
    expect(api.calls.length - before).toBe(1);
  });

  it('a login page, something else and too much in place of JSON', async () => {
    const login = `<!DOCTYPE html><title>Connexion ${TOKEN} </title>`;
    answered({ body: login });
    const fault = await faultOf(call().then((answer) => answer.json()));
    expect(fault).toContain('with a web page: a login page?');
    expect(fault).toMatch(/; a page titled: Connexion ••••••$/);
    answered({ body: 'ok' });
    expect(await faultOf(call().then((answer) => answer.json()))).toContain('what is not JSON');
    answered({ body: '['.repeat(1024 * 1024 + 1), stays: true });
    const long = await call();
    expect(long.text).toHaveLength(1024 * 1024);
    expect(await faultOf((async () => long.json())())).toContain('more than 1 MiB');
  });

  it('an API that is slow, in its head or in its body; nobody there; a name that is unknown', async () => {
    const before = performance.now();
    answered(null);
    expect(await faultOf(call({}, { timeoutMs: 120 }))).toContain(
      'it is slow, there is no answer within 0.12 s',
    );
    answered({ body: '{"a', stays: true });
    expect(await faultOf(call({}, { timeoutMs: 120 }))).toContain('(ETIMEDOUT)');
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await faultOf(call({ url: 'http://127.0.0.1:1/' }))).toContain('refused: start the program there');
    const unknown = await faultOf(call({ url: 'https://nowhere.invalid/' }));
    expect(unknown).toContain('https://nowhere.invalid/: its name is not found');
  });

  it('an echo of the secrets shows none of them, however it is written', async () => {
    const basic = Buffer.from(`x:${PASSWORD}`).toString('base64');
    for (const body of [{ got: PASSWORD, of: TOKEN }, `${basic} ${encodeURIComponent(PASSWORD)}`]) {
      answered({ status: 400, body });
      const fault = await faultOf(call());
      expect(fault).toContain('••••••');
      for (const shown of [
        PASSWORD,
        JSON.stringify(PASSWORD).slice(1, -1),
        basic,
        encodeURIComponent(PASSWORD),
      ])
        expect(fault).not.toContain(shown);
    }
    const url = `${api.url}/${TOKEN}/`;
    expect(await faultOf(call({ url }))).toContain(`${api.url}/••••••/ answered`);
  });

  it.each([
    ['in seconds', '60'],
    ['as a date', () => new Date(Date.now() + 60_000).toUTCString()],
  ])('a 429 is left alone as long as it asks, %s', async (_, header) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const after = typeof header === 'string' ? header : header();
    answered({ status: 429, headers: { 'Retry-After': after } });
    const calls = openHttpCaller(PLAIN);
    const fault = await faultOf(calls(request()));
    expect(fault).toMatch(/answered 429: too many calls; not called again before 20\d\d-.*Z$/);
    const before = api.calls.length;
    answered({});
    expect(await faultOf(calls(request()))).toBe(fault);
    expect(api.calls.length).toBe(before);
    vi.advanceTimersByTime(60_001);
    expect((await calls(request())).status).toBe(200);
  });
});

describe('secrets of its own', () => {
  it('are read at each use, by the rules of every secret', () => {
    const path = file('token', `${TOKEN}\n`);
    expect(readSecret({ file: path }, {})).toBe(TOKEN);
    file('token', 'renewed');
    expect(readSecret({ file: path }, {})).toBe('renewed');
    expect(readSecret({ credential: 'token' }, { CREDENTIALS_DIRECTORY: folder })).toBe('renewed');
    const fault = (source: Parameters<typeof readSecret>[0], text?: string, mode?: number) => {
      if (text !== undefined) file('token', text, mode);
      expect(() => readSecret(source, {})).toThrow(SinkFault);
      return expect(() => readSecret(source, {}));
    };
    fault({ file: path }, `\ufeff${TOKEN}`).toThrow('a byte order mark');
    fault({ file: path }, `${TOKEN}\nmore`).toThrow('the secret alone, on one line');
    fault({ file: path }, '').toThrow('an empty file');
    fault({ file: path }, TOKEN, 0o640).toThrow('close it with chmod 600');
    fault({ file: `${path}-none` }).toThrow('no such file');
    fault({ credential: 'token' }).toThrow('LoadCredential=token:/path');
  });

  it('are named in the settings by a file or a credential, and the address by https', () => {
    const shape = z.strictObject({ ...connection, address, token: secretSource });
    const right = { address: 'https://pastell.example/api', token: { credential: 'pastell-token' } };
    const fitting = [right, { ...right, address: 'http://127.0.0.1:8080/', token: { file: '/etc/t' } }];
    for (const given of fitting) expect(shape.safeParse(given).success).toBe(true);
    expect(shape.parse(right)).toMatchObject({
      caFile: null,
      certFile: null,
      keyFile: null,
      timeout: 30_000,
    });
    for (const wrong of [
      { address: 'http://pastell.example/' },
      { address: 'https://u:p@pastell.example/' },
      { address: 'https://pastell.example/#x' },
      { token: TOKEN },
      { token: { file: 'relative' } },
      { token: { credential: '../x' } },
      { caFile: 'ca.pem' },
    ])
      expect(shape.safeParse({ ...right, ...wrong }).success).toBe(false);
  });
});
