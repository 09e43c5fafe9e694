// The whole house for a test: real settings, a real database file in a folder of its own, a real mail server's address.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startReminders } from '../../src/composition/daemon.ts';
import { mailTransportOf, openParts, type Parts } from '../../src/composition/parts.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { readMailSecrets } from '../../src/config/secrets.ts';
import type { Clock, Logger } from '../../src/domain/ports/clock.ts';
import type { MailTransport } from '../../src/domain/ports/mail-transport.ts';
import { Secret } from '../../src/domain/shared/secret.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The variables that describe a house: where its data is, and a relay on this machine. */
export function houseVariables(
  data: string,
  smtpPort: number,
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    RELEVE_DATA: data,
    RELEVE_MAIL_SMTP_HOST: '127.0.0.1',
    RELEVE_MAIL_SMTP_PORT: String(smtpPort),
    RELEVE_MAIL_SMTP_SECURITY: 'none',
    RELEVE_MAIL_RATE_PER_MINUTE: '100000',
    RELEVE_IT_SERVICE_EMAIL: 'it@siagep.test',
    RELEVE_IT_SERVICE_PHONE: '03 84 00 00 00',
    RELEVE_HTTP_PORT: '0',
    ...more,
  };
}

export function testConfig(variables: Record<string, string>): Config {
  // Nothing of the tester's own .env comes in.
  return readConfig({ env: { NODE_ENV: 'production', ...variables }, root: ROOT, cwd: tmpdir() });
}

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'releve-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The watch of a house with a clock of the test's own; `post` stands in for the settings' mail server. */
export async function openWatchHouse(config: Config, clock: Clock, post?: MailTransport) {
  const parts: Parts = await openParts(config, null);
  const real =
    post === undefined
      ? mailTransportOf(
          config,
          readMailSecrets(config, {}, (text) => new Secret(text)),
        )
      : null;
  const sender = post ?? real;
  if (sender === null || sender === undefined) throw new Error('no post');
  const watch = startReminders({
    ...parts,
    transport: sender,
    clock,
    logger: silent,
    letterContext: null,
    tickMs: Number.POSITIVE_INFINITY,
  });
  return {
    parts,
    watch,
    close: async () => {
      await real?.close();
      await parts.close();
    },
  };
}
