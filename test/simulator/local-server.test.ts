import { request } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChorusSimulator, openChorusSimulator } from '../../src/simulator/simulator.ts';
import { type Certificate, makeCertificate } from '../rig/certificate.ts';
import { raw } from './chorus-scene.ts';

const settings = { accounts: [], clientId: 'app-1', clientSecret: 'app-secret' };
let certificate: Certificate;
let simulator: ChorusSimulator;
beforeAll(async () => {
  certificate = await makeCertificate(['DNS:localhost']);
  simulator = await openChorusSimulator({ ...settings, tls: certificate });
});
afterAll(() => simulator.close());

/** The status over TLS, with the certificate checked. */
function statusOf(url: string, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, ca: certificate.cert, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject);
    sent.end();
  });
}

it('speaks HTTPS on every server, under a name that a certificate can have', async () => {
  const { urls, portalUrl } = simulator;
  for (const { tokenUrl, apiUrl } of Object.values(urls)) {
    expect(tokenUrl).toMatch(/^https:\/\/localhost:\d+\/api\/oauth\/token$/);
    expect(apiUrl).toMatch(/^https:\/\/localhost:\d+$/);
    expect(await statusOf(tokenUrl, 'POST')).toBe(400);
    expect(await statusOf(`${apiUrl}/cpro/transverses/v1/health-check`)).toBe(400);
  }
  expect(portalUrl).toMatch(/^https:\/\/localhost:\d+$/);
  expect(await statusOf(`${portalUrl}/`)).toBe(200);
  await expect(raw(portalUrl.replace('https', 'http'), { method: 'GET' })).rejects.toThrow();
});

it('listens on the given host, and gives an address that can be called', async () => {
  const other = await openChorusSimulator({ ...settings, host: '127.0.0.2' });
  try {
    expect(other.urls.production.apiUrl).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    expect((await raw(other.urls.production.tokenUrl)).status).toBe(400);
  } finally {
    await other.close();
  }
  const everywhere = await openChorusSimulator({ ...settings, host: '0.0.0.0' });
  try {
    expect((await raw(everywhere.urls.qualification.tokenUrl)).status).toBe(400);
  } finally {
    await everywhere.close();
  }
});
