// Forms that do not come from our own page, and passwords that must not come back.
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { csrfTokenOf } from '../../../src/adapters/web/request.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { READY, TOKEN, TOOL_TOKEN } from '../../fakes/manager-actions.ts';
import { openTestServer, PAGE, PUBLIC_URL, type TestServer, textOf } from './test-server.ts';

let server: TestServer;
afterEach(() => server?.app.close());

const CANARY = 'K4n4ri(Zx_[9q';

describe('a form posted from elsewhere', () => {
  const fields = { password: CANARY };
  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sister site', { 'sec-fetch-site': 'same-site' }],
    ['with another Origin', { origin: 'https://evil.example' }],
    ['with our name and another port', { origin: `${PUBLIC_URL}:8443` }],
    ['from a frame without an origin on another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ])('is refused even with the seal: %s', async (_name, headers) => {
    server = openTestServer();
    const answer = await server.post(PAGE, fields, { headers });
    expect(answer.statusCode).toBe(403);
    expect(textOf(answer.body)).toContain('Cette demande ne vient pas de notre page');
    expect(server.actions.changes).toEqual([]);
  });

  it.each([
    ['no seal', null],
    ['an empty one', ''],
    ['the seal of another link', csrfTokenOf('another')],
    ['one that is no seal', 'x'.repeat(5_000)],
  ])('is refused with %s', async (_name, seal) => {
    for (const path of [PAGE, `${PAGE}/annonce`, `${PAGE}/choix`]) {
      server = openTestServer();
      const answer = await server.post(path, { ...fields, ready: 'yes', choice: 'clean' }, { seal });
      expect(answer.statusCode).toBe(403);
      expect(server.actions.changes).toEqual([]);
      await server.app.close();
    }
  });

  it.each([
    ['a browser on our page', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['a browser that names our origin', { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' }],
    ['an old browser', { origin: 'null' }],
    ['a restored tab', { origin: 'null', 'sec-fetch-site': 'none' }],
  ])('%s is no stranger', async (_name, headers) => {
    server = openTestServer();
    expect((await server.post(PAGE, fields, { headers })).statusCode).toBe(303);
    expect(server.actions.changes).toHaveLength(1);
  });

  it('the seal does not tell the token', () => expect(csrfTokenOf(TOKEN)).not.toContain(TOKEN.slice(0, 8)));
});

test('a canary password comes back in no answer, whatever field it is typed into', async () => {
  server = openTestServer();
  const forms = ['password', 'login', 'expiry', 'choice', 'seal', 'ready', 'other'].map((field) => ({
    [field]: CANARY,
  }));
  const everywhere = { password: CANARY, login: CANARY, expiry: CANARY };
  const answers = [
    { kind: 'wrong', findings: [{ field: 'password', code: 'is-other-field' }] },
    {
      kind: 'unclear',
      findings: [{ field: 'login', code: 'login-malformed' }],
      canClean: true,
      lengths: null,
      kept: false,
    },
    { kind: 'known', as: 'former' },
    { kind: 'shut' },
    {
      kind: 'received',
      rotationId: 'r',
      progress: { ...READY, phase: 'proven', proven: true, published: true },
    },
  ] as const;
  for (const answer of answers) {
    server.actions.answers(answer);
    server.clock.now += 3_600_000;
    for (const fields of [...forms, everywhere])
      for (const path of [PAGE, `${PAGE}/annonce`, `${PAGE}/choix`]) {
        const seal = 'seal' in fields ? null : csrfTokenOf(TOKEN);
        server.clock.now += 60_000;
        const { headers, body } = await server.post(path, fields, { seal });
        expect(JSON.stringify(headers) + body).not.toContain(CANARY);
      }
    for (const body of [
      { login: CANARY, password: CANARY },
      { [CANARY]: 1 },
      { password: CANARY, reading: CANARY },
    ]) {
      const { headers, body: answered } = await server.app.inject({
        method: 'POST',
        url: '/v1/submissions',
        headers: { authorization: `Bearer ${TOOL_TOKEN}` },
        payload: body,
      });
      expect(JSON.stringify(headers) + answered).not.toContain(CANARY);
    }
  }
  expect(server.actions.changes.length).toBeGreaterThan(10);
  // Whatever holds it prints as dots, and the journal never heard of it.
  expect(
    JSON.stringify([
      server.actions.changes.map((change) => change.kind === 'submit' && change.typed.password),
    ]),
  ).not.toContain(CANARY);
  expect(new Secret(CANARY).toString()).not.toContain(CANARY);
  expect(server.counted.join('\n')).not.toContain(CANARY);
});

describe('a request that does not arrive whole', () => {
  const connection = async (text: string) => {
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined);
    return socket;
  };
  const head = (path: string, type: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOOL_TOKEN}\r\nContent-Type: ${type}\r\nContent-Length: 100\r\n\r\n`;

  it.each([
    ['a form', PAGE, 'application/x-www-form-urlencoded', 'form aborted'],
    ['another type', PAGE, 'text/plain', 'form aborted'],
    ['a tool’s JSON', '/v1/submissions', 'application/json', 'submission aborted'],
    ['to no address of ours', '/nothing', 'text/plain', 'elsewhere aborted'],
  ])('cut off in its body is an outcome of its own, and no error: %s', async (_, path, type, outcome) => {
    server = openTestServer();
    const socket = await connection(`${head(path, type)}password=${CANARY}`);
    setTimeout(() => socket.destroy(), 50);
    await vi.waitFor(() => expect(server.counted).toEqual([outcome]));
    expect(server.failures).toEqual([]);
    expect(server.actions.changes).toEqual([]);
  });

  it('has 15 seconds for its head', { timeout: 25_000 }, async () => {
    server = openTestServer();
    const started = performance.now();
    const socket = await connection('POST / HTTP/1.1\r\nHost: x\r\n');
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
    const seconds = (performance.now() - started) / 1_000;
    expect(seconds).toBeGreaterThan(14.5);
    expect(seconds).toBeLessThan(18);
  });
});
