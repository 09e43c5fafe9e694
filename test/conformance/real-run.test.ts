// A run against a real platform, as somebody starts it: what it asks for, what it refuses, and what stands on the screen afterwards.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChorusSimulator } from '../../src/simulator/simulator.ts';
import { makeCertificate } from '../rig/certificate.ts';
import { temporaryFolder } from '../rig/installation.ts';
import { startProcess } from '../rig/process.ts';
import { targetFromEnvironment } from './from-environment.ts';

const LOGIN = 'TECH_1_99990000100001@cpro.fr';
const SIRET = '99990000100001';
const SECRETS = { client: 'conformance-(Secret)-77', password: 'fB7(xQ2mLw[9k' } as const;
const ROOT = resolve(import.meta.dirname, '../..');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let good: Readonly<Record<string, string>>;

/** Writes a file and names it. */
async function put(name: string, text: string, mode = 0o600): Promise<string> {
  const file = join(folder.path, name);
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  good = {
    CONFORMANCE_CLIENT_ID: 'conformance-application',
    CONFORMANCE_CLIENT_SECRET_FILE: await put('client', `${SECRETS.client}\n`),
    CONFORMANCE_LOGIN: LOGIN,
    CONFORMANCE_PASSWORD_FILE: await put('password', `${SECRETS.password}\r\n`),
  };
});
afterAll(() => folder?.remove());

describe('what a run is told', () => {
  it('is the qualification platform, at two calls a second, where nothing else is said', () => {
    const target = targetFromEnvironment(good);
    expect(target).toMatchObject({
      tokenUrl: 'https://sandbox-oauth.piste.gouv.fr/api/oauth/token',
      apiUrl: 'https://sandbox-api.piste.gouv.fr',
      account: { login: LOGIN, siret: null, isSpare: false },
      ...{ callsPerSecond: 2, otherApiUrl: null, proxyUrl: null, caPem: null },
    });
    expect(target.account.password.reveal()).toBe(SECRETS.password);
    expect(target.clientSecret.reveal()).toBe(SECRETS.client);
  });

  it('is all that is missing at once, each by its name; an empty variable is missing too', () => {
    const faults =
      /CONFORMANCE_CLIENT_ID is missing.*CLIENT_SECRET_FILE is missing.*LOGIN is missing.*PASSWORD_FILE is missing/s;
    expect(() => targetFromEnvironment({})).toThrow(faults);
    const empty = Object.fromEntries(Object.keys(good).map((name) => [name, '']));
    expect(() => targetFromEnvironment(empty)).toThrow(faults);
  });

  it.each([
    ['CONFORMANCE_API_URL', 'https://api.piste.gouv.fr', /is the production platform/],
    ['CONFORMANCE_API_URL', 'https://API.piste.gouv.fr./', /is the production platform/],
    ['CONFORMANCE_TOKEN_URL', 'https://oauth.piste.gouv.fr/api/oauth/token', /is the production platform/],
    ['CONFORMANCE_API_URL', 'http://sandbox-api.piste.gouv.fr', /must be an https address/],
    ['CONFORMANCE_API_URL', 'https://me:pw@sandbox-api.piste.gouv.fr', /must be an https address/],
    ['CONFORMANCE_PROXY', 'http://me:pw@proxy.example.org:3128', /must be http:\/\/HOST:PORT/],
    ['CONFORMANCE_PROXY', 'https://proxy.example.org', /must be http:\/\/HOST:PORT/],
    ['CONFORMANCE_CALLS_PER_SECOND', '3', /must be 2 at most/],
    ['CONFORMANCE_CALLS_PER_SECOND', '0', /must be more than 0/],
    ['CONFORMANCE_SIRET', '1234', /must be 14 digits/],
    ['CONFORMANCE_LOGIN', 'a:b', /must have no blank and no colon/],
    ['CONFORMANCE_CA_FILE', '/nowhere/ca.pem', /cannot be read \(ENOENT\)/],
    ['CONFORMANCE_API_ULR', 'http://127.0.0.1:8492', /is no variable of this suite/],
    ['CONFORMANCE_PASSWORD', 'value', /must not be set/],
    ['CONFORMANCE_CLIENT_SECRET', 'value', /must not be set/],
  ])('%s is refused where it is %s', (name, value, fault) => {
    const told = () => targetFromEnvironment({ ...good, [name]: value });
    expect(told).toThrow(fault);
    expect(told).toThrow(new RegExp(`^  ${name} `, 'm'));
    expect(told).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/me:pw|value$/) }));
  });

  const LOCAL = {
    CONFORMANCE_TOKEN_URL: 'http://127.0.0.1:8490/token',
    CONFORMANCE_API_URL: 'http://127.0.0.1:8491',
  };

  it.each([
    [
      'its API alone',
      { CONFORMANCE_API_URL: LOCAL.CONFORMANCE_API_URL },
      /^ {2}CONFORMANCE_TOKEN_URL is missing/m,
    ],
    [
      'its token alone',
      { CONFORMANCE_TOKEN_URL: LOCAL.CONFORMANCE_TOKEN_URL },
      /^ {2}CONFORMANCE_API_URL is missing/m,
    ],
    [
      'a proxy past it',
      { ...LOCAL, CONFORMANCE_PROXY: 'http://127.0.0.1:3128' },
      /^ {2}CONFORMANCE_PROXY is for https/m,
    ],
  ])('a simulator with %s is refused', (_, env, fault) => {
    expect(() => targetFromEnvironment({ ...good, ...env })).toThrow(fault);
    expect(targetFromEnvironment({ ...good, ...LOCAL }).apiUrl).toBe(LOCAL.CONFORMANCE_API_URL);
  });

  it.each([
    ['others may read', SECRETS.password, 0o640, /others may read: chmod 600/],
    ['is empty', '\n', 0o600, /names an empty file/],
    ['has a blank before its line', ` ${SECRETS.password}`, 0o600, /blanks around/],
    ['has two lines', `${SECRETS.password}\nmore`, 0o600, /signs that no secret has/],
    ['begins as an editor’s', `\uFEFF${SECRETS.password}`, 0o600, /names a file with/],
  ])(
    'a password file that %s is refused, before it could count as a wrong one',
    async (_, text, mode, fault) => {
      const file = await put('spoilt', text, mode);
      const told = () => targetFromEnvironment({ ...good, CONFORMANCE_PASSWORD_FILE: file });
      expect(told).toThrow(fault);
      expect(told).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(SECRETS.password) }),
      );
    },
  );
});

const start = (env: Readonly<Record<string, string>>) => {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const command = [process.execPath, vitest, 'run', '--config', 'vitest.conformance.config.ts'];
  return startProcess(command, { env: { NO_COLOR: '1', ...env }, cwd: ROOT }).ended;
};

describe('a run', () => {
  it('fails before it asks anything where variables are missing, and names them', async () => {
    const { code, stdout, stderr } = await start({});
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('CONFORMANCE_PASSWORD_FILE is missing: a file, mode 0600');
    expect(stdout + stderr).toContain('docs/CONFORMANCE.md');
  });

  it('passes, with a table of what was seen on the screen and in a file, and no secret in either', async () => {
    const certificate = await makeCertificate(['DNS:localhost']);
    const simulator = await openChorusSimulator({
      ...{ clientId: 'conformance-application', clientSecret: SECRETS.client, tls: certificate },
      accounts: [
        {
          ...{ login: LOGIN, environment: 'qualification', password: SECRETS.password, expiresOn: null },
          ...{ home: { siret: SIRET, name: 'Commune de Rochebrise' }, further: [], entitled: true },
        },
      ],
      // Not what is thought likely, so that an observation differs.
      healthCheckAsksLogin: true,
    });
    const { qualification, production } = simulator.urls;
    const report = join(folder.path, 'report.md');
    const { code, stdout, stderr } = await start({
      ...good,
      CONFORMANCE_TOKEN_URL: qualification.tokenUrl,
      CONFORMANCE_API_URL: qualification.apiUrl,
      CONFORMANCE_OTHER_API_URL: production.apiUrl,
      CONFORMANCE_CA_FILE: await put('ca.pem', certificate.cert, 0o644),
      CONFORMANCE_SIRET: SIRET,
      CONFORMANCE_REPORT: report,
    });
    const trouble = simulator.accounts.lockStateOf({ login: LOGIN, environment: 'qualification' });
    await simulator.close();
    expect(stdout + stderr).toMatch(/46 facts: 44 as expected, 2 different, 0 with nothing/);
    expect(code).toBe(0);
    expect(trouble.failures).toBe(0);
    const written = await readFile(report, 'utf8');
    expect(stdout).toContain(written.trim());
    expect(written).toMatch(
      /unknown \| the health check needs no account \| DIFFERENT \| 200 .* \| 401 · Bearer realm="PISTE"/,
    );
    expect(written).toMatch(/Not asked in this run:\n\n- .*wrong password.*\n- .*"Basic "/);
    for (const secret of [...Object.values(SECRETS), LOGIN, SIRET, 'conformance-application', 'Rochebrise']) {
      expect(stdout + stderr + written).not.toContain(secret);
    }
  });
});
