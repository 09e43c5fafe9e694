// `releve webhook test`, and what `releve check` and the settings say of a webhook: never its address, which may hold a token.
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { commands } from '../../../src/cli/program.ts';
import { errorReport, settings } from '../../../src/cli/runtime.ts';
import { readWebhookSecrets } from '../../../src/config/webhook-secrets.ts';
import { EVENT_GROUPS } from '../../../src/domain/notification/webhook-event.ts';
import { EXIT } from '../../../src/system/terminal.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { temporaryFolder } from '../../rig/installation.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../rig/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let receiver: WebhookReceiver;
let file: string;
let written: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  receiver = await startWebhookReceiver();
  file = join(folder.path, 'secret');
  writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
  written = '';
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('RELEVE_DATA', join(folder.path, 'var'));
  vi.stubEnv('RELEVE_WEBHOOK_URL', `${receiver.url}/hunter2`);
  vi.stubEnv('RELEVE_WEBHOOK_SECRET_FILE', file);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  receiver.close();
  await folder.remove();
});

async function run(line: string) {
  const [name, ...args] = line.split(' ');
  const command = (await commands((each) => each === name)).find((each) => each.name() === name);
  try {
    await command?.parseAsync(args, { from: 'user' });
    return { message: '', exitCode: EXIT.ok };
  } catch (error) {
    return errorReport(error);
  }
}

it('sends one event for a test, says what the receiver answers, and makes no data', async () => {
  const host = new URL(receiver.url).host;
  expect(await run('webhook test')).toEqual({ message: '', exitCode: EXIT.ok });
  expect(written).toBe(`${host} took the test event (HTTP 204)\n`);
  expect(receiver.types()).toEqual(['releve.webhook.test']);
  receiver.answer(401);
  expect(await run('webhook test --json')).toEqual({
    message: `${host} did not take the test event: HTTP 401; does it know the same secret?`,
    exitCode: EXIT.failed,
  });
  receiver.answer({ status: 302, headers: { location: 'http://127.0.0.1:9/' } });
  expect((await run('webhook test')).message).toMatch(/HTTP 302, a redirect, which is not followed/);
  receiver.close();
  expect((await run('webhook test')).message).toMatch(/ECONNREFUSED$/);
  vi.stubEnv('RELEVE_WEBHOOK_URL', '');
  expect(await run('webhook test')).toMatchObject({ exitCode: EXIT.wrongUse });
  expect(written).not.toContain('hunter2');
  expect(existsSync(join(folder.path, 'var'))).toBe(false);
});

it('releve check connects to it without sending', async () => {
  const findings = async () => {
    written = '';
    await run('check --json');
    const all = JSON.parse(written) as { what: string; state: string; found: string }[];
    return all.filter(({ what }) => what.startsWith('webhook'));
  };
  expect(await findings()).toEqual([
    { what: 'webhook', state: 'ok', found: new URL(receiver.url).host, todo: '' },
  ]);
  receiver.close();
  expect(await findings()).toEqual([
    {
      what: 'webhook',
      state: 'fault',
      found: `${new URL(receiver.url).host}, cannot be reached: ECONNREFUSED`,
      todo: expect.stringContaining('webhook.url'),
    },
  ]);
  // With a certificate that nobody signed.
  receiver = await startWebhookReceiver(await makeCertificate(['DNS:localhost']));
  vi.stubEnv('RELEVE_WEBHOOK_URL', `${receiver.url}/hunter2`);
  expect(await findings()).toMatchObject([
    {
      state: 'fault',
      found: expect.stringMatching(/cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT$/),
      todo: expect.stringContaining('webhook.caFile'),
    },
  ]);
  chmodSync(file, 0o644);
  expect(await findings()).toMatchObject([{ what: 'webhook.secretFile', state: 'fault' }]);
  expect(written).not.toContain('hunter2');
  expect(receiver.calls).toEqual([]);
});

it('refuses a secret that is none, an address in the clear, another body than JSON, and unknown groups', () => {
  const secrets = () => readWebhookSecrets(settings(), process.env, (text) => text);
  const faults = (of: () => unknown) => {
    try {
      of();
      return null;
    } catch (error) {
      const { message } = errorReport(error);
      expect(message).not.toMatch(/hunter2|c2VjcmV0/);
      return message;
    }
  };
  expect(secrets()).toEqual({ signing: [SECRET], ca: null });
  writeFileSync(file, `${SECRET}\n${SECRET.replace('a', 'b')}\n`);
  expect(secrets()?.signing).toHaveLength(2);
  for (const text of ['whsec_c2VjcmV0', `${SECRET}!`, SECRET.slice('whsec_'.length), `${SECRET}\nc2VjcmV0`]) {
    writeFileSync(file, `${text}\n`);
    expect(faults(secrets)).toContain('no secret of Standard Webhooks');
  }
  vi.stubEnv('RELEVE_WEBHOOK_URL', 'http://chat.example.fr/hooks/hunter2');
  expect(faults(settings)).toContain('an https:// address (http:// for this machine alone)');
  vi.stubEnv('RELEVE_WEBHOOK_URL', 'https://chat.example.fr/hooks/hunter2');
  expect(settings().webhook.events).toEqual(EVENT_GROUPS);
  vi.stubEnv('RELEVE_WEBHOOK_EVENTS', 'alarm,mail');
  expect(settings().webhook.events).toEqual(['alarm', 'mail']);
  vi.stubEnv('RELEVE_WEBHOOK_EVENTS', 'alarm,person');
  expect(faults(settings)).toContain('a list of some of alarm, task, account, platform, mail');
  vi.stubEnv('RELEVE_WEBHOOK_EVENTS', 'alarm');
  for (const body of ['{"text":{{summary}}}', '{"text":"{{person}}"}', '{"text":"{{summary"}', 'plain']) {
    vi.stubEnv('RELEVE_WEBHOOK_BODY', body);
    expect(faults(settings)).toContain('{{summary}}');
  }
});
