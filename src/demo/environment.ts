// Builds the demo's own environment: data folder, settings, mail catcher, simulated Chorus Pro. It reads nothing of the user's.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mailTransportOf } from '../composition/letters.ts';
import { openParts, type Parts } from '../composition/parts.ts';
import { openRotationParts, type RotationParts } from '../composition/rotations.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import { Secret } from '../domain/shared/secret.ts';
import { CHECKOUT } from '../foundation/trusted-file.ts';
import { type MailCatcher, openMailCatcher } from '../simulator/mail-catcher.ts';
import { type ChorusSimulator, openChorusSimulator } from '../simulator/simulator.ts';
import { openDataFolder } from '../system/data-folder.ts';
import { CommandError, EXIT } from '../system/terminal.ts';
import type { HandClock } from './clock.ts';
import { type EventListener, observedLogger } from './events.ts';
import { type DemoFleet, STORY } from './fleet.ts';

/** The demo's application at the simulated PISTE; its secret opens nothing else. */
export const APPLICATION = { clientId: 'releve-demonstration', clientSecret: 'demonstration' } as const;

type DemoFiles = Readonly<ReturnType<typeof layOutFiles>>;

/** The parts of the demo, closed by the stack that was given. */
export interface DemoEnvironment {
  readonly folder: string;
  readonly files: DemoFiles;
  readonly parts: Parts;
  readonly rotationParts: RotationParts;
  /** Logins by the id of the technical user, once they are imported. */
  readonly logins: Map<number, string>;
  readonly transport: MailTransport;
  readonly catcher: MailCatcher;
  readonly chorus: ChorusSimulator;
  /** The port of the managers' page. */
  readonly pagePort: Awaited<ReturnType<typeof reservePort>>;
}

/** `dataFolder` is the folder named by the user, which stays; `keep` keeps a temporary one. */
export interface EnvironmentOptions {
  readonly dataFolder: string | undefined;
  readonly keep: boolean;
  readonly fleet: DemoFleet;
  readonly clock: HandClock;
  readonly onEvent: EventListener;
}

/** Opens the data folder: the named one, which stays, or a temporary one, removed at the end unless `keep`. */
function openFolder({ dataFolder, keep }: EnvironmentOptions, closing: AsyncDisposableStack): string {
  if (dataFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'releve-demo-'));
    if (!keep) closing.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
  const folder = resolve(dataFolder);
  openDataFolder(folder, process.getuid?.() ?? -1);
  if (readdirSync(folder).length > 0) {
    throw new CommandError(
      EXIT.wrongUse,
      `--data: ${folder} is not empty; name a new folder, the demo starts from nothing`,
    );
  }
  return folder;
}

/** The demo's mail server refuses addresses of this domain permanently. */
const CLOSED_DOMAIN = '@boite-fermee.example';

function refusal(address: string): string | null {
  return address.toLowerCase().endsWith(CLOSED_DOMAIN) ? `5.1.1 <${address}>: no such mailbox here` : null;
}

/** The demo's settings: the defaults, servers on this machine alone, an IT service that does not exist. */
function demoConfig(
  folder: string,
  files: DemoFiles,
  { catcher, chorus, pagePort }: Pick<DemoEnvironment, 'catcher' | 'chorus' | 'pagePort'>,
): Config {
  const { production, qualification } = chorus.urls;
  const env = {
    // In production mode no .env file of the user is read.
    NODE_ENV: 'production',
    RELEVE_DATA: folder,
    RELEVE_MAIL_SMTP_HOST: '127.0.0.1',
    RELEVE_MAIL_SMTP_PORT: String(catcher.port),
    RELEVE_MAIL_SMTP_SECURITY: 'none',
    RELEVE_MAIL_RATE_PER_MINUTE: '100000',
    // One letter after the other: they arrive in the order in which they are printed.
    RELEVE_MAIL_CONNECTIONS: '1',
    RELEVE_MAIL_EHLO_NAME: 'releve.demo.example',
    RELEVE_IT_SERVICE_NAME: 'Service informatique (démonstration)',
    RELEVE_IT_SERVICE_EMAIL: 'informatique@demo.example',
    // Arcep reserves 03 53 01 for works of fiction.
    RELEVE_IT_SERVICE_PHONE: '03 53 01 00 90',
    RELEVE_HTTP_PORT: '0',
    RELEVE_VAULT_KEY_FILE: files.keys,
    RELEVE_SINKS_FILE: files.sinks,
    RELEVE_DOOR_URL: `http://127.0.0.1:${pagePort.port}`,
    RELEVE_DOOR_PORT: String(pagePort.port),
    // The simulator is on this machine: the rate limit of the real PISTE does not apply.
    RELEVE_CHORUS_CALLS_PER_SECOND: '100',
    RELEVE_CHORUS_PRODUCTION_TOKEN_URL: production.tokenUrl,
    RELEVE_CHORUS_PRODUCTION_API_URL: production.apiUrl,
    RELEVE_CHORUS_PRODUCTION_CLIENT_ID: APPLICATION.clientId,
    RELEVE_CHORUS_QUALIFICATION_TOKEN_URL: qualification.tokenUrl,
    RELEVE_CHORUS_QUALIFICATION_API_URL: qualification.apiUrl,
    RELEVE_CHORUS_QUALIFICATION_CLIENT_ID: APPLICATION.clientId,
  };
  return readConfig({ env, root: CHECKOUT, cwd: folder });
}

/** Opens all that the demo needs; the stack closes it. */
export async function openDemoEnvironment(
  options: EnvironmentOptions,
  closing: AsyncDisposableStack,
): Promise<DemoEnvironment> {
  const { fleet, clock, onEvent } = options;
  const folder = openFolder(options, closing);
  const files = layOutFiles(folder);
  const catcher = await openMailCatcher(refusal);
  closing.defer(() => catcher.close());
  const chorus = await openChorusSimulator({
    accounts: fleet.accounts,
    ...APPLICATION,
    now: () => clock.now().epochMilliseconds,
    onEvent: (event) => onEvent({ kind: 'chorus-pro', event }),
  });
  closing.defer(() => chorus.close());
  const pagePort = await reservePort();
  closing.defer(() => pagePort.release());
  const config = demoConfig(folder, files, { catcher, chorus, pagePort });
  const parts = await openParts(config, null);
  closing.defer(() => parts.close());
  const logins = new Map<number, string>();
  const rotationParts = openDemoRotations(parts, clock, logins, onEvent);
  closing.defer(() => rotationParts.close());
  const transport = mailTransportOf(config, { smtpPassword: null, dkimKey: null, ca: null });
  closing.defer(() => transport.close());
  return { folder, files, parts, rotationParts, logins, transport, catcher, chorus, pagePort };
}

/** The daemon's own rotation parts, without the environment variables of the process. */
function openDemoRotations(
  parts: Parts,
  clock: HandClock,
  logins: ReadonlyMap<number, string>,
  onEvent: EventListener,
): RotationParts {
  const secret = new Secret(APPLICATION.clientSecret);
  return openRotationParts(parts, {
    env: {},
    chorus: { production: secret, qualification: secret, ca: null },
    clock,
    logger: observedLogger((userId) => logins.get(userId) ?? `account ${userId}`, onEvent),
  });
}

/** Makes the folder that connectors read, and the file that describes it as a sink. */
function layOutFiles(folder: string) {
  const connectors = join(folder, 'connector');
  mkdirSync(connectors, { mode: 0o700 });
  const files = {
    /** The master keys, made by Relève itself. */
    keys: join(folder, 'master-keys'),
    sinks: join(folder, 'sinks.yaml'),
    /** The password file that the story's connector reads, and the file whose presence makes it hold its calls. */
    password: join(connectors, `${STORY.login}.json`),
    hold: join(connectors, `${STORY.login}.hold`),
  };
  const sink = {
    name: 'connector-file',
    kind: 'file',
    environment: 'production',
    path: join(connectors, '{{login}}.json'),
    format: 'json',
    holdFile: join(connectors, '{{login}}.hold'),
  };
  // JSON is YAML too, whatever characters the folder's name has.
  writeFileSync(files.sinks, `${JSON.stringify({ sinks: [sink] }, null, 2)}\n`);
  return files;
}

/** Reserves a free port of 127.0.0.1 until it is released, so that letters can name it before the page behind it is open. */
async function reservePort() {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let isReserved = true;
  return {
    port,
    release: async () => {
      if (!isReserved) return;
      isReserved = false;
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
