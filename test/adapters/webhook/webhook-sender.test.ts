// An event on the wire: what the receiver gets and can verify, and what each of its answers is to us.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { openWebhookSender, type WebhookSettings } from '../../../src/adapters/webhook/webhook-sender.ts';
import { isEventBody } from '../../../src/config/template-checks.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { startForwardProxy } from '../../rig/forward-proxy.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../rig/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 'first').toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 'other').toString('base64')}`;
const EVENT = {
  id: '5d2c9f0e-6f0b-4f58-9a44-0d6f5a3f9d11',
  type: 'alarm.stopped',
  at: Date.parse('2027-03-01T09:00:00.250Z'),
  environment: 'production',
  login: 'TECH_1_21900001200015@cpro.fr',
  siret: '21900001200015',
  summary: 'Alerte : mot de passe en service refusé – TECH_1_21900001200015@cpro.fr',
} as const;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

async function receiver(...certificate: Parameters<typeof startWebhookReceiver>): Promise<WebhookReceiver> {
  const started = await startWebhookReceiver(...certificate);
  closing.push(started.close);
  return started;
}

/** Sends the event at the real time, which Standard Webhooks compare with. */
function send(
  url: string,
  changed: Partial<WebhookSettings> = {},
  message: Partial<Record<'login', string>> = {},
) {
  return senderOf(url, changed).send({ ...EVENT, ...message }, Date.now());
}

function senderOf(url: string, changed: Partial<WebhookSettings> = {}) {
  const settings = {
    url,
    secrets: [new Secret(SECRET)],
    caPem: null,
    body: null,
    source: '/releve',
    timeoutMs: 5_000,
  };
  return openWebhookSender({ ...settings, ...changed }, new AbortController().signal);
}

const verified = (secret: string, { body, headers }: WebhookReceiver['calls'][number]) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe('what leaves', () => {
  test('is CloudEvents 1.0 in JSON with these members alone, and Standard Webhooks verify it', async () => {
    const { url, calls } = await receiver();
    expect(await send(url)).toEqual({ status: 204, failure: null, retryAfterMs: null });
    const [call] = calls;
    if (call === undefined) throw new Error('no call came');
    expect(call.method).toBe('POST');
    expect(call.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(call.headers['webhook-id']).toBe(EVENT.id);
    expect(verified(SECRET, call)).toEqual({
      specversion: '1.0',
      id: EVENT.id,
      source: '/releve',
      type: 'releve.alarm.stopped',
      time: '2027-03-01T09:00:00.25Z',
      subject: EVENT.login,
      datacontenttype: 'application/json',
      data: {
        severity: 'critical',
        summary: EVENT.summary,
        environment: 'production',
        login: EVENT.login,
        siret: EVENT.siret,
      },
    });
    expect(() => verified(OTHER, call)).toThrow();
    expect(() => verified(SECRET, { ...call, body: call.body.replace('critical', 'info') })).toThrow();
  });

  test('is signed by both secrets while a receiver changes over', async () => {
    const { url, calls } = await receiver();
    await send(url, { secrets: [new Secret(OTHER), new Secret(SECRET)] });
    for (const secret of [SECRET, OTHER]) for (const call of calls) verified(secret, call);
    expect(calls).toHaveLength(1);
  });

  test('is the body of a template, whose values cannot leave their quotes', async () => {
    const { url, calls } = await receiver();
    const body = '{ "text": "{{severity}}: {{summary}} ({{login}}, {{time}})", "type": "{{type}}" }';
    await send(url, { body }, { login: '"}\\,\n"x":"{{siret}}' });
    const [call] = calls;
    expect(call?.headers['content-type']).toBe('application/json');
    expect(call?.event).toEqual({
      text: `critical: ${EVENT.summary} ("}\\,\n"x":"{{siret}}, 2027-03-01T09:00:00.25Z)`,
      type: 'releve.alarm.stopped',
    });
  });

  test('is what the recipes of the page say', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/WEBHOOK.md'), 'utf8');
    const recipes = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, yaml = '']) => {
      const { webhook } = parse(yaml) as { webhook?: { body?: string } };
      return webhook?.body ?? [];
    });
    expect(recipes).toHaveLength(2);
    const { url, calls } = await receiver();
    for (const body of recipes) {
      expect(isEventBody(body)).toBe(true);
      await send(url, { body });
    }
    expect(calls[0]?.event).toMatchObject({ text: expect.stringContaining(EVENT.summary) });
    const card = { content: { type: 'AdaptiveCard', body: [{ text: EVENT.summary }, { type: 'FactSet' }] } };
    expect(calls[1]?.event).toMatchObject({ type: 'message', attachments: [card] });
  });
});

describe('the answer', () => {
  test('is a status alone: a redirect is not followed, a body without an end is not read', async () => {
    const [near, far] = [await receiver(), await receiver()];
    near.answer({ status: 307, headers: { location: far.url } });
    expect(await send(near.url)).toEqual({ status: 307, failure: null, retryAfterMs: null });
    expect(far.calls).toEqual([]);
    near.answer({ status: 503, headers: { 'retry-after': '120' }, body: 'x'.repeat(1_000_000) });
    expect(await send(near.url)).toEqual({ status: 503, failure: null, retryAfterMs: 120_000 });
  });

  test('may never come, or nobody is there', async () => {
    const { url, answer, close } = await receiver();
    answer(null);
    expect(await send(url, { timeoutMs: 100 })).toMatchObject({ status: null, failure: 'ETIMEDOUT' });
    close();
    expect(await send(url)).toMatchObject({ status: null, failure: 'ECONNREFUSED' });
  });

  test('comes over TLS from whom the setting trusts, and through the proxy of HTTPS_PROXY', async () => {
    const certificate = await makeCertificate(['DNS:localhost']);
    const { url, calls } = await receiver(certificate);
    for (const name of ['NO_PROXY', 'no_proxy', 'https_proxy', 'HTTPS_PROXY']) vi.stubEnv(name, '');
    expect(await send(url)).toMatchObject({ status: null, failure: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(await send(url, { caPem: certificate.cert })).toMatchObject({ status: 204 });
    const proxy = await startForwardProxy([Number(new URL(url).port)]);
    closing.push(() => proxy.stop());
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    expect(await send(url, { caPem: certificate.cert })).toMatchObject({ status: 204 });
    expect(await proxy.opened()).toEqual(['localhost']);
    expect(await senderOf(url, { caPem: certificate.cert }).connect()).toBeNull();
    expect(await senderOf(url).connect()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    vi.stubEnv('NO_PROXY', '*');
    expect(await senderOf(url, { caPem: certificate.cert }).connect()).toBeNull();
    vi.stubEnv('NO_PROXY', '');
    expect(calls).toHaveLength(2);
    vi.stubEnv('HTTPS_PROXY', 'socks5://user:hunter2@127.0.0.1:1');
    expect(await send(url)).toEqual({ status: null, failure: 'UNKNOWN', retryAfterMs: null });
  });
});
