// The simulated Chorus Pro holds every fact of the conformance suite: in the clear, over TLS, and through a real forward proxy.
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { type ChorusSimulator, openChorusSimulator } from '../../src/simulator/simulator.ts';
import { application } from '../adapters/chorus-pro/settings.ts';
import { type Certificate, makeCertificate } from '../rig/certificate.ts';
import { type ForwardProxy, startForwardProxy } from '../rig/forward-proxy.ts';
import { FACTS } from './all-facts.ts';
import { conformance, type Plan, type Told } from './conformance.ts';
import type { Target } from './target.ts';

const LOGIN = 'TECH_1_99990000100001@cpro.fr';
const SIRET = '99990000100001';
/** Its base64 needs padding: one fact looks at that. */
const PASSWORD = 'fB7(xQ2mLw[9k';
const CLIENT = { clientId: 'conformance-application', clientSecret: 'conformance-(Secret)-77' } as const;

const ALL: Plan = { isStrict: true, has: ['other world', 'siret', 'spare account'] };

function openSimulator(tls?: Certificate): Promise<ChorusSimulator> {
  const home = { siret: SIRET, name: 'Commune de Rochebrise' };
  const further = [{ siret: '99990000300001', name: 'CCAS de Rochebrise' }];
  const account = { login: LOGIN, home, further, entitled: true, expiresOn: null, password: PASSWORD };
  return openChorusSimulator({
    ...CLIENT,
    accounts: [{ ...account, environment: 'qualification' }],
    ...(tls === undefined ? {} : { tls }),
  });
}

function targetAt(simulator: ChorusSimulator, way: Pick<Target, 'caPem' | 'proxyUrl'>): Target {
  const { qualification, production } = simulator.urls;
  return {
    ...way,
    ...qualification,
    otherApiUrl: production.apiUrl,
    clientId: CLIENT.clientId,
    clientSecret: new Secret(CLIENT.clientSecret),
    account: { login: LOGIN, password: new Secret(PASSWORD), siret: SIRET, isSpare: true },
    callsPerSecond: Number.POSITIVE_INFINITY,
  };
}

/** Every fact was looked at and held, the account failed once, where a fact says so, and the report keeps every secret. */
function expectWhole({ rows, report, caller }: Told, simulator: ChorusSimulator): void {
  expect(rows.map(({ says }) => says)).toEqual(FACTS.map(({ says }) => says));
  expect(report).toContain(`${FACTS.length} facts: ${FACTS.length} as expected`);
  for (const secret of caller.secrets()) expect(report).not.toContain(secret);
  const trouble = simulator.accounts.lockStateOf({ login: LOGIN, environment: 'qualification' });
  expect(trouble).toEqual({ failures: 0, lockedUntil: null });
}

describe('in the clear', () => {
  let simulator: ChorusSimulator;
  conformance(
    'the simulator',
    ALL,
    async () => {
      simulator = await openSimulator();
      return { target: targetAt(simulator, { caPem: null, proxyUrl: null }), close: () => simulator.close() };
    },
    (told) => expectWhole(told, simulator),
  );
});

describe('over TLS', () => {
  let simulator: ChorusSimulator;
  conformance(
    'the simulator',
    ALL,
    async () => {
      const certificate = await makeCertificate(['DNS:localhost']);
      simulator = await openSimulator(certificate);
      const target = targetAt(simulator, { caPem: certificate.cert, proxyUrl: null });
      for (const url of [target.tokenUrl, target.apiUrl]) expect(url).toMatch(/^https:\/\/localhost:\d+/);
      return { target, close: () => simulator.close() };
    },
    (told) => expectWhole(told, simulator),
  );
});

/** A simulator over TLS, and a proxy that opens tunnels to nothing else. */
async function openBehindProxy() {
  const certificate = await makeCertificate(['DNS:localhost']);
  const simulator = await openSimulator(certificate);
  const { qualification, production } = simulator.urls;
  const ports = [qualification, production].map(({ apiUrl }) => Number(new URL(apiUrl).port));
  const proxy = await startForwardProxy(ports).catch(async (error: unknown) => {
    await simulator.close();
    throw error;
  });
  const close = async () => {
    await proxy.stop();
    await simulator.close();
  };
  return { certificate, simulator, proxy, close };
}

describe('over TLS through a forward proxy', () => {
  let opened: Awaited<ReturnType<typeof openBehindProxy>>;
  conformance(
    'the simulator',
    ALL,
    async () => {
      opened = await openBehindProxy();
      const { simulator, certificate, proxy, close } = opened;
      return { target: targetAt(simulator, { caPem: certificate.cert, proxyUrl: proxy.url }), close };
    },
    async (told) => {
      expectWhole(told, opened.simulator);
      await expectTunnelled(opened.proxy, opened.simulator, told.caller.calls());
    },
  );
});

/** The log of the proxy shows a tunnel for every call, and nothing of what went through. */
async function expectTunnelled(
  proxy: ForwardProxy,
  simulator: ChorusSimulator,
  calls: number,
): Promise<void> {
  const { qualification, production } = simulator.urls;
  const hosts = [qualification, production].map(({ apiUrl }) => `CONNECT ${new URL(apiUrl).host}`);
  expect(calls).toBeGreaterThan(20);
  expect(await proxy.asked()).toHaveLength(calls);
  expect(await proxy.opened()).toEqual(Array(calls).fill('localhost'));
  expect(new Set(await proxy.asked())).toEqual(new Set(hosts));
  expect(await proxy.log()).not.toMatch(/cpro|oauth|Bearer/);
}

describe('our own client through a forward proxy', () => {
  let opened: Awaited<ReturnType<typeof openBehindProxy>>;
  beforeAll(async () => {
    opened = await openBehindProxy();
    for (const name of ['NO_PROXY', 'no_proxy', 'https_proxy', 'http_proxy']) vi.stubEnv(name, '');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await opened?.close();
  });

  /** The verdict of the account's own password, and where it was asked for. */
  async function prove(proxy: ForwardProxy) {
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    const { apiUrl } = opened.simulator.urls.qualification;
    const settings = application(apiUrl, apiUrl, {
      ...{ clientId: CLIENT.clientId, clientSecret: new Secret(CLIENT.clientSecret) },
      ...{ caPem: opened.certificate.cert, timeoutMs: 10_000 },
    });
    const chorus = openChorus({ production: null, qualification: settings }, Date.now);
    const verdict = await chorus.verify('qualification', LOGIN, new Secret(PASSWORD));
    chorus.close();
    return { verdict, asked: `CONNECT ${new URL(apiUrl).host}` };
  }

  it('proves a password over TLS, and the proxy saw every call and no word of it', async () => {
    const { proxy } = opened;
    const { verdict, asked } = await prove(proxy);
    expect(verdict).toMatchObject({ kind: 'accepted', entitled: true });
    expect(new Set(await proxy.asked())).toEqual(new Set([asked]));
    expect(new Set(await proxy.opened())).toEqual(new Set(['localhost']));
    expect(await proxy.log()).not.toMatch(/cpro|oauth|Bearer/);
  });

  it('has no other way: a proxy that may not open the tunnel is the network at fault', async () => {
    const closed = await startForwardProxy([1]);
    onTestFinished(closed.stop);
    const { verdict, asked } = await prove(closed);
    expect(verdict).toMatchObject({ kind: 'undetermined', cause: 'network' });
    expect(await closed.asked()).toContain(asked);
    expect(await closed.opened()).toEqual([]);
  });
});
