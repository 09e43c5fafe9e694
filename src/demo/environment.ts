// A house of its own for the demo: its folder, its settings, its mail catcher; nothing of the user's is read or touched.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandError, EXIT, ROOT } from '../cli/runtime.ts';
import { mailTransportOf, openParts, type Parts, registryContext } from '../composition/daemon.ts';
import { openRotationParts, type RotationParts } from '../composition/rotations.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import { Secret } from '../domain/shared/secret.ts';
import type { ChorusSimulator } from '../simulator/simulator.ts';
import { openDataFolder } from '../system/data-folder.ts';
import type { HandClock } from './clock.ts';
import { type Hear, heardJournal } from './events.ts';
import type { DemoFleet } from './fleet.ts';
import { type MailCatcher, openMailCatcher } from './mail-catcher.ts';
import {
  APPLICATION,
  type DemoFiles,
  type HeldPort,
  holdPort,
  layOutFiles,
  openDemoChorus,
} from './services.ts';

/** What the demo is built of; closed by the stack that was given. */
export interface DemoEnvironment {
  readonly folder: string;
  readonly files: DemoFiles;
  readonly parts: Parts;
  readonly handover: RotationParts;
  /** Logins by the number of the technical user, once they are imported. */
  readonly names: Map<number, string>;
  readonly post: MailTransport;
  readonly catcher: MailCatcher;
  readonly chorus: ChorusSimulator;
  /** Where the managers' page will be. */
  readonly door: HeldPort;
}

/** What a house is opened with; `keep` is about a temporary folder, one that is named stays. */
export interface HousePlan {
  readonly named: string | undefined;
  readonly keep: boolean;
  readonly fleet: DemoFleet;
  readonly clock: HandClock;
  readonly hear: Hear;
}

/** The data folder: a temporary one that goes with the demo unless `keep`, or the one named, which stays. */
function openFolder({ named, keep }: HousePlan, closing: AsyncDisposableStack): string {
  if (named === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'releve-demo-'));
    if (!keep) closing.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
  const folder = resolve(named);
  openDataFolder(folder, process.getuid?.() ?? -1);
  if (readdirSync(folder).length > 0) {
    throw new CommandError(
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

/** The demo's settings: the defaults, servers on this machine alone, an IT service that does not exist. */
function demoConfig(
  folder: string,
  files: DemoFiles,
  { catcher, chorus, door }: Pick<DemoEnvironment, 'catcher' | 'chorus' | 'door'>,
): Config {
  const { production, qualification } = chorus.urls;
  const env = {
    // A .env of the user is not for the demo.
    NODE_ENV: 'production',
    RELEVE_DATA: folder,
    RELEVE_MAIL_SMTP_HOST: '127.0.0.1',
    RELEVE_MAIL_SMTP_PORT: String(catcher.port),
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
    RELEVE_VAULT_KEY_FILE: files.keys,
    RELEVE_SINKS_FILE: files.sinks,
    RELEVE_DOOR_URL: `http://127.0.0.1:${door.port}`,
    RELEVE_DOOR_PORT: String(door.port),
    // On this machine alone: nobody waits for the pace of the real PISTE.
    RELEVE_CHORUS_CALLS_PER_SECOND: '100',
    RELEVE_CHORUS_PRODUCTION_TOKEN_URL: production.tokenUrl,
    RELEVE_CHORUS_PRODUCTION_API_URL: production.apiUrl,
    RELEVE_CHORUS_PRODUCTION_CLIENT_ID: APPLICATION.clientId,
    RELEVE_CHORUS_QUALIFICATION_TOKEN_URL: qualification.tokenUrl,
    RELEVE_CHORUS_QUALIFICATION_API_URL: qualification.apiUrl,
    RELEVE_CHORUS_QUALIFICATION_CLIENT_ID: APPLICATION.clientId,
  };
  return readConfig({ env, root: ROOT, cwd: folder });
}

/** Opens all that the demo needs, and puts the way to close it on the stack. */
export async function openDemoEnvironment(
  plan: HousePlan,
  closing: AsyncDisposableStack,
): Promise<DemoEnvironment> {
  const { fleet, clock, hear } = plan;
  const folder = openFolder(plan, closing);
  const files = layOutFiles(folder);
  const catcher = await openMailCatcher(refusal);
  closing.defer(() => catcher.close());
  const chorus = await openDemoChorus(fleet, clock, (event) => hear({ kind: 'chorus-pro', event }));
  closing.defer(() => chorus.close());
  const door = await holdPort();
  closing.defer(() => door.letGo());
  const config = demoConfig(folder, files, { catcher, chorus, door });
  const parts = await openParts(config, null);
  closing.defer(() => parts.close());
  const names = new Map<number, string>();
  const handover = openDemoHandover(parts, clock, names, hear);
  closing.defer(() => handover.close());
  const post = mailTransportOf(config, { smtpPassword: null, dkimKey: null, ca: null });
  closing.defer(() => post.close());
  return { folder, files, parts, handover, names, post, catcher, chorus, door };
}

/** Handovers as the daemon has them, with nothing of the process's own variables. */
function openDemoHandover(
  parts: Parts,
  clock: HandClock,
  names: ReadonlyMap<number, string>,
  hear: Hear,
): RotationParts {
  const secret = new Secret(APPLICATION.clientSecret);
  return openRotationParts(parts, {
    env: {},
    chorus: { production: secret, qualification: secret, ca: null },
    clock,
    logger: heardJournal((userId) => names.get(userId) ?? `account ${userId}`, hear),
  });
}

/** Imports a file as `releve import` would. Throws when a line of it is refused. */
export async function importFleet(
  { parts, names }: Pick<DemoEnvironment, 'parts' | 'names'>,
  bytes: Uint8Array,
  now: Temporal.ZonedDateTime,
): Promise<void> {
  const stamp = { at: now.epochMilliseconds, who: 'demo', why: null };
  const keeping = { dryRun: false, partial: false };
  const report = await registryContext(parts).importFile(
    bytes,
    now.toPlainDate(),
    keeping,
    stamp,
    () => undefined,
  );
  const [refused] = report.refused;
  if (refused !== undefined) {
    throw new CommandError(EXIT.failed, `structures.csv, line ${refused.line}: ${refused.message}`);
  }
  for await (const users of parts.registry.everyone()) {
    for (const { id, login } of users) names.set(id, login);
  }
}
