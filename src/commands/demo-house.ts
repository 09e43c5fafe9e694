// A house of its own for the demo: its folder, its settings, its mail catcher; nothing of the user's is read or touched.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { openParts, type Parts, postOf, registryHouse } from '../daemon.ts';
import type { Post } from '../domain/world.ts';
import { openDataFolder } from '../host/folder.ts';
import { type MailCatcher, openMailCatcher } from '../simulator/mail-catcher.ts';
import { Ending, EXIT, ROOT } from './session.ts';

/** What the demo is built of; closed by the stack that was given. */
export interface DemoHouse {
  readonly folder: string;
  readonly parts: Parts;
  readonly post: Post;
  readonly catcher: MailCatcher;
}

/** The data folder: a temporary one that goes with the demo unless `keep`, or the one named, which stays. */
function openFolder(named: string | undefined, keep: boolean, closing: AsyncDisposableStack): string {
  if (named === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'releve-demo-'));
    if (!keep) closing.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
  const folder = resolve(named);
  openDataFolder(folder, process.getuid?.() ?? -1);
  if (readdirSync(folder).length > 0) {
    throw new Ending(
      EXIT.wrongUse,
      `--data: ${folder} is not empty; name a new folder, the demo starts from nothing`,
    );
  }
  return folder;
}

/** Addresses of this domain are refused for good by the demo's mail server. */
const CLOSED = '@boite-fermee.example';

function refusal(address: string): string | null {
  return address.toLowerCase().endsWith(CLOSED) ? `5.1.1 <${address}>: no such mailbox here` : null;
}

/** The demo's settings: the defaults, a mail server on this machine, an IT service that does not exist. */
function demoConfig(folder: string, smtpPort: number): Config {
  const env = {
    RELEVE_DATA: folder,
    RELEVE_MAIL_SMTP_HOST: '127.0.0.1',
    RELEVE_MAIL_SMTP_PORT: String(smtpPort),
    RELEVE_MAIL_SMTP_SECURITY: 'none',
    RELEVE_MAIL_RATE_PER_MINUTE: '100000',
    // One letter after the other: they arrive in the order in which they are told.
    RELEVE_MAIL_CONNECTIONS: '1',
    RELEVE_MAIL_EHLO_NAME: 'releve.demo.example',
    RELEVE_IT_SERVICE_NAME: 'Service informatique (démonstration)',
    RELEVE_IT_SERVICE_EMAIL: 'informatique@demo.example',
    // 03 53 01 is kept by Arcep for works of fiction.
    RELEVE_IT_SERVICE_PHONE: '03 53 01 00 90',
    RELEVE_HTTP_PORT: '0',
  };
  // The demo's own folder as the current one: a .env of the user is not for the demo.
  return readConfig({ env, root: ROOT, cwd: folder });
}

/** Opens all that the demo needs, and puts the way to close it on the stack. */
export async function openDemoHouse(
  named: string | undefined,
  keep: boolean,
  closing: AsyncDisposableStack,
): Promise<DemoHouse> {
  const folder = openFolder(named, keep, closing);
  const catcher = await openMailCatcher(refusal);
  closing.defer(() => catcher.close());
  const config = demoConfig(folder, catcher.port);
  const parts = await openParts(config, null);
  closing.defer(() => parts.close());
  const post = postOf(config, { smtpPassword: null, dkimKey: null, ca: null });
  closing.defer(() => post.close());
  return { folder, parts, post, catcher };
}

/** Imports the demo's file as `releve import` would. Throws when a line of it is refused. */
export async function importFleet(
  parts: Parts,
  bytes: Uint8Array,
  now: Temporal.ZonedDateTime,
): Promise<void> {
  const stamp = { at: now.epochMilliseconds, who: 'demo', why: null };
  const keeping = { dryRun: false, partial: false };
  const report = await registryHouse(parts).importFile(
    bytes,
    now.toPlainDate(),
    keeping,
    stamp,
    () => undefined,
  );
  const [refused] = report.refused;
  if (refused !== undefined) {
    throw new Ending(EXIT.failed, `structures.csv, line ${refused.line}: ${refused.message}`);
  }
}
