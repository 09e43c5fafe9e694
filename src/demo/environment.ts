// Builds the demo's own environment: data folder, settings, mail catcher, simulated Chorus Pro. It reads nothing of the user's.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mailTransportOf, openParts, type Parts } from '../composition/parts.ts';
import { openRotationParts, type RotationParts } from '../composition/rotations.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import { Secret } from '../domain/shared/secret.ts';
import { CHECKOUT } from '../foundation/trusted-file.ts';
import { type ChorusSimulator, openChorusSimulator } from '../simulator/simulator.ts';
import { openDataFolder } from '../system/data-folder.ts';
import { CommandError, EXIT } from '../system/terminal.ts';
import type { HandClock } from './clock.ts';
import { type Hear, heardJournal } from './events.ts';
import { type DemoFleet, STORY } from './fleet.ts';
import { type MailCatcher, openMailCatcher } from './mail-catcher.ts';

/** The demo's application at the simulated PISTE; its secret is worth nothing anywhere else. */
export const APPLICATION = { clientId: 'releve-demonstration', clientSecret: 'demonstration' } as const;

/** Where things lie in the data folder. */
interface DemoFiles {
  /** The master keys, made by Relève itself. */
  readonly keys: string;
  readonly sinks: string;
  /** What the connector of the story reads, and the file by which it is told to hold. */
  readonly password: string;
  readonly hold: string;
}

/** A port that is ours until it is let go, so that letters can name it before the page behind it is open. */
interface HeldPort {
  readonly port: number;
  letGo(): Promise<void>;
}

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
  return readConfig({ env, root: CHECKOUT, cwd: folder });
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
  const chorus = await openChorusSimulator({
    accounts: fleet.accounts,
    ...APPLICATION,
    now: () => clock.now().epochMilliseconds,
    onEvent: (event) => hear({ kind: 'chorus-pro', event }),
  });
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

/** Makes the folder that connectors read, and the file that describes it as a sink. */
function layOutFiles(folder: string): DemoFiles {
  const connectors = join(folder, 'connector');
  mkdirSync(connectors, { mode: 0o700 });
  const files = {
    keys: join(folder, 'master-keys'),
    sinks: join(folder, 'sinks.yaml'),
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
  // JSON is YAML too, whatever signs the folder's name has.
  writeFileSync(files.sinks, `${JSON.stringify({ sinks: [sink] }, null, 2)}\n`);
  return files;
}

/** Holds a free port of 127.0.0.1. */
async function holdPort(): Promise<HeldPort> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let isHeld = true;
  return {
    port,
    letGo: async () => {
      if (!isHeld) return;
      isHeld = false;
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
