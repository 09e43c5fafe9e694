import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { simulatorCommand } from '../../src/cli/daemon/simulator.ts';
import { readScenario } from '../../src/simulator/scenario/scenario.ts';
import { makeCertificate } from '../rig/certificate.ts';
import { endAll, startReleve, stop } from '../rig/process.ts';
import { raw, sign } from './chorus-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'releve-simulator-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(endAll);

const ANY_PORT = ['production', 'qualification', 'portal', 'control'].flatMap((door) => [
  `--port-${door}`,
  '0',
]);
const EMBEDDED = readFileSync(resolve(import.meta.dirname, '../../config/simulator/default.yaml'), 'utf8');
const TAUX = '/cpro/transverses/v1/recuperer/tauxtva';

/** Writes a scenario with ports of the system's choice; gives its path. */
function scenarioFile(name: string, more: object): string {
  const path = join(folder, name);
  const structure = { siret: '99990000100001', name: 'Commune de Rochebrise' };
  const account = {
    login: 'TECH_1_99990000100001@cpro.fr',
    environment: 'production',
    password: 'cAnary(1-own',
    structure,
  };
  const ports = { production: 0, qualification: 0, portal: 0, control: 0 };
  const application = { clientId: 'mine', clientSecret: 'cAnary-client-secret' };
  writeFileSync(path, JSON.stringify({ ports, application, accounts: [account], ...more }));
  return path;
}

/** How the command ends within this process, before it opens anything that stays. */
async function ending(...words: string[]): Promise<{ exitCode: number; message: string }> {
  const told = await simulatorCommand()
    .parseAsync([...ANY_PORT, ...words], { from: 'user' })
    .then(
      () => expect.fail('it went well'),
      (error: { exitCode: number; message: string }) => error,
    );
  return { exitCode: told.exitCode, message: told.message };
}

it('plays its own accounts, prints all addresses, logs every request without a secret, and ends on a signal', async () => {
  const log = join(folder, 'requests.jsonl');
  const process_ = startReleve(['simulator', ...ANY_PORT, '--json', '--log', log]);
  const [line] = await process_.hear(/^\{.*\}$/m);
  const told = JSON.parse(line);
  expect(told.accounts.map(({ state }: { state: string }) => state)).toEqual([
    ...['good', 'expired', 'locked', 'not entitled', 'good, 3 structures', 'good'],
  ]);
  const { accounts, application } = readScenario(EMBEDDED, 'default.yaml');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: application.clientId,
    client_secret: application.clientSecret,
  });
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const given = await raw(told.production.tokenUrl, { headers: type, body: String(form) });
  const token = JSON.parse(given.body).access_token;
  const call = (login: string, password: string) =>
    raw(`${told.production.apiUrl}${TAUX}`, {
      headers: {
        authorization: `Bearer ${token}`,
        'cpro-account': sign(password, login),
        'content-type': 'application/json',
        'x-odd': password,
      },
      body: '{}',
    });
  const own = accounts.filter(({ environment }) => environment === 'production');
  const statuses = [];
  for (const { login, password } of own) statuses.push((await call(login, password)).status);
  expect(statuses).toEqual([200, 401, 401, 200, 200]);
  expect((await call(own[0]?.login ?? '', 'cAnary(2-wrong')).status).toBe(401);
  expect((await raw(`${told.portalUrl}/`, { method: 'GET' })).status).toBe(200);
  expect(JSON.parse((await raw(`${told.controlUrl}/requests`, { method: 'GET' })).body)).toHaveLength(7);
  const { code, stdout, stderr } = await stop(process_);
  expect([code, stderr]).toEqual([0, '']);
  const lines = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));
  expect(lines.map(({ status, refusal }) => [status, refusal])).toEqual([
    [200, null],
    [200, null],
    [401, 'expired'],
    [401, 'locked'],
    [200, null],
    [200, null],
    [401, 'wrong-password'],
  ]);
  expect(statSync(log).mode & 0o777).toBe(0o600);
  const all = stdout + stderr + readFileSync(log, 'utf8');
  const secrets = [
    token,
    application.clientSecret,
    'cAnary(2-wrong',
    ...accounts.map(({ password }) => password),
  ];
  for (const secret of secrets.flatMap((one) => [one, Buffer.from(one).toString('base64')]))
    expect([secret, all.includes(secret)]).toEqual([secret, false]);
});

it('plays a scenario over TLS, prints a table, and ends on Ctrl-C', async () => {
  const { cert, key } = await makeCertificate(['DNS:localhost']);
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
  const faults = [{ kind: 'quota', after: 30, call: 'token' }];
  const path = scenarioFile('tls.yaml', { tls: { cert: 'cert.pem', key: 'key.pem' }, faults, seed: 9 });
  const process_ = startReleve(['simulator', '--scenario', path]);
  await process_.hear(/Ctrl-C ends it/);
  const [, url = ''] = /production, token +(https:\/\/localhost:\d+\S+)/.exec(process_.said()) ?? [];
  const answer = await new Promise<(number | string | undefined)[]>((done, fail) => {
    const sent = request(url, { method: 'POST', ca: cert, agent: false }, ({ statusCode, headers }) =>
      done([statusCode, headers['retry-after']]),
    );
    sent.on('error', fail).end();
  });
  expect(answer).toEqual([429, '30']);
  expect(process_.said()).toMatch(
    /production +TECH_1_99990000100001@cpro\.fr +Commune de Rochebrise +never +good/,
  );
  expect(process_.said()).toMatch(/1 fault\(s\) planned, seed 9\.\nPasswords and client secret: .*tls\.yaml/);
  expect(process_.said()).not.toContain('cAnary');
  expect(await stop(process_, 'SIGINT')).toMatchObject({ code: 0, stderr: '' });
});

it('writes down the calls that its end cuts short', async () => {
  const log = join(folder, 'cut-short.jsonl');
  const simulator = startReleve(['simulator', ...ANY_PORT, '--json', '--log', log]);
  const [line] = await simulator.hear(/^\{.*\}$/m);
  const told = JSON.parse(line);
  const fault = { kind: 'hang', call: 'token' };
  const headers = { 'content-type': 'application/json' };
  expect((await raw(`${told.controlUrl}/faults`, { headers, body: JSON.stringify(fault) })).status).toBe(201);
  const hung = [1, 2, 3].map(() => raw(told.production.tokenUrl, { headers, body: '{}' }).catch(() => null));
  await expect
    .poll(async () => JSON.parse((await raw(`${told.controlUrl}/faults`, { method: 'GET' })).body)[0].struck)
    .toBe(3);
  expect((await stop(simulator)).code).toBe(0);
  await Promise.all(hung);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  expect(lines.map((one) => JSON.parse(one).status)).toEqual([null, null, null]);
});

describe('what cannot be played', () => {
  it('is reported with the exit code of wrong use, every fault at once', async () => {
    const path = scenarioFile('wrong.yaml', { seed: -1, faults: [{ kind: 'cAnary' }] });
    const { exitCode, message } = await ending('--scenario', path);
    expect([exitCode, message]).toEqual([
      2,
      expect.stringContaining('the scenario has 2 fault(s):\n  seed (line 1): '),
    ]);
    expect(message).not.toContain('cAnary');
  });

  it.each([
    [
      ['--scenario', join(folder, 'latin1.yaml')],
      /^--scenario: .*latin1\.yaml:1:3 has a byte that is not UTF-8 .*; right would be .*UTF-8$/,
    ],
    [['--scenario', join(folder, 'nowhere.yaml')], /^--scenario: .*nowhere\.yaml cannot be read \(ENOENT\)$/],
    [['--port-portal', '70000'], /^--port-portal: "70000" is no port/],
    [['--log', join(folder, 'no', 'folder')], /^--log: .* cannot be written \(ENOENT\)$/],
  ])('%j is wrong use', async (words, message) => {
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('# é\n', 'latin1'));
    expect(await ending(...words)).toEqual({ exitCode: 2, message: expect.stringMatching(message) });
  });

  it.each([
    ['a.yaml', { host: '192.0.2.1' }, /^host: EADDRNOTAVAIL; right would be an address of this machine$/],
    [
      'b.yaml',
      { tls: { cert: 'a.yaml', key: 'a.yaml' } },
      / {2}tls: right would be a certificate and the key/,
    ],
  ])('%s: %j is wrong use, and names the key', async (name, more, message) => {
    expect(await ending('--scenario', scenarioFile(name, more))).toEqual({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it('for a port that is taken fails, and names it', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const told = await ending('--port-control', String(port));
    expect(told).toEqual({
      exitCode: 1,
      message: expect.stringContaining(`port ${port}: EADDRINUSE; --port-… or`),
    });
    server.close();
  });
});
