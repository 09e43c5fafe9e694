// A whole Relève for the journeys, driven from outside alone: simulator, mail server, settings, and the daemon with a debugger.
import { once } from 'node:events';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { type Coverage, openCoverage, startProcess } from './journey-process.ts';

/** A technical user of the installation; the simulated Chorus Pro knows all of them, the registry those that were imported. */
export interface JourneyUser {
  readonly login: string;
  readonly siret: string;
  readonly password: string;
  readonly manager: string;
}

/** A running installation. */
export interface JourneyInstallation {
  readonly coverage: Coverage;
  user(place: number): JourneyUser;
  /** Registers a technical user whose manager is due a letter. */
  register(user: JourneyUser): Promise<void>;
  /** The letters that the mail server took, as they came, in order. */
  readonly letters: readonly string[];
  /** What the file sink holds for a login; null where it holds nothing. */
  sinkContent(login: string): { readonly password: string } | null;
  /** Sets a password at the simulated Chorus Pro. */
  resetAtPortal(login: string, password: string): Promise<void>;
  /** The first value of a query's first row; null where there is none. */
  ask(query: string, ...values: readonly (string | number)[]): SQLOutputValue;
  /** Sets the clock of all processes of the installation to an instant (ms). */
  setClock(instant: number): void;
  /** The instant (ms) that the installation's clock shows. */
  now(): number;
}

const USERS = 20;
/** A Tuesday at 10:00 in Paris, and a day of letters for passwords that expire fifteen days later. */
const TUESDAY = '2027-03-02T10:00:00+01:00';
const EXPIRES = '2027-03-17';
const PISTE = { clientId: 'journeys', clientSecret: 'made-up' } as const;
/** Debian's faketime, the build for programs with threads. */
const FAKETIME = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];

/** Opens an installation of the checkout `root`; all of it goes with the stack. */
export async function openJourneyInstallation(
  root: string,
  building: AsyncDisposableStack,
): Promise<JourneyInstallation> {
  if (FAKETIME === undefined)
    throw new Error('Debian’s package faketime is needed: apt-get install faketime');
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'releve-journeys-')));
  building.defer(() => rmSync(path, { recursive: true, force: true }));
  for (const name of ['home', 'keys', 'sinks', 'temporary']) mkdirSync(join(path, name), { mode: 0o700 });
  const clock = openClock(join(path, 'ahead'));
  const base = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    HOME: join(path, 'home'),
    TMPDIR: join(path, 'temporary'),
    // V8 counts less exactly in code that comes from a cache.
    NODE_DISABLE_COMPILE_CACHE: '1',
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: clock.file,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
  const start = (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const started = startProcess([join(root, 'bin', 'releve'), ...args], { ...base, ...env }, path);
    building.defer(started.end);
    return started;
  };

  const users = Array.from({ length: USERS }, (_, place) => journeyUser(place));
  const scenario = join(path, 'scenario.yaml');
  writeFileSync(scenario, JSON.stringify(scenarioOf(users)));
  const simulator = start(['simulator', '--scenario', scenario, '--json'], {});
  const doors = JSON.parse((await simulator.hear(/^\{.*\}$/m))[0]);
  const mail = await openMail(building);
  const doorPort = await freePort();
  const env = settings(path, doors, mail.port, doorPort);
  const run = async (...args: readonly string[]) => {
    const { code, said } = start(args, env);
    if ((await code) !== 0) throw new Error(`releve ${args.join(' ')} ended with ${await code}:\n${said()}`);
  };
  await run('key', 'new');
  const daemon = start(['run'], { ...env, NODE_OPTIONS: '--inspect=127.0.0.1:0' });
  await daemon.hear(/"msg":"ready"/);
  const coverage = await openCoverage(daemon, root);
  building.defer(() => coverage.close());
  const file = join(path, 'var', 'releve.sqlite');
  const read = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  building.defer(() => read.close());
  return {
    coverage,
    user: (place) => {
      const user = users[place];
      if (user === undefined) throw new Error(`the installation has ${USERS} users`);
      return user;
    },
    register: async (user) => {
      const csv = join(path, 'fleet.csv');
      writeFileSync(csv, csvOf(user));
      await run('import', '--partial', csv);
    },
    letters: mail.letters,
    sinkContent: (login) => {
      try {
        return JSON.parse(readFileSync(join(path, 'sinks', `${login}.json`), 'utf8'));
      } catch {
        return null;
      }
    },
    resetAtPortal: async (login, password) => {
      const answer = await fetch(`${doors.controlUrl}/accounts/${login}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ password }),
      });
      if (!answer.ok) throw new Error(`the simulator refused: ${await answer.text()}`);
    },
    ask: (query, ...values) => Object.values(read.prepare(query).get(...values) ?? {})[0] ?? null,
    setClock: clock.set,
    now: clock.now,
  };
}

function journeyUser(place: number): JourneyUser {
  const siret = String(21_900_000_000_000 + place);
  return {
    login: `TECH_1_${siret}@cpro.fr`,
    siret,
    password: `aB3(made_Up[${String(place).padStart(2, '0')}`,
    manager: `m${place}@commune.test`,
  };
}

function scenarioOf(users: readonly JourneyUser[]): object {
  return {
    ports: { production: 0, qualification: 0, portal: 0, control: 0 },
    application: PISTE,
    accounts: users.map(({ login, siret, password }) => ({
      ...{ login, environment: 'production', password, expiresOn: null },
      structure: { siret, name: `Commune ${siret}` },
    })),
  };
}

function csvOf({ siret, login, manager }: JourneyUser): string {
  const head = 'siret;structure;login;environnement;date_expiration;gestionnaire;courriel';
  return `${head}\n${siret};Commune ${siret};${login};production;${EXPIRES};Mme Maire;${manager}\n`;
}

function settings(
  path: string,
  { production }: { readonly production: { readonly tokenUrl: string; readonly apiUrl: string } },
  smtpPort: number,
  doorPort: number,
): Record<string, string> {
  const secret = join(path, 'keys', 'piste');
  writeFileSync(secret, `${PISTE.clientSecret}\n`, { mode: 0o600 });
  const sinks = join(path, 'sinks.yaml');
  const sink = { name: 'file', kind: 'file', environment: 'production', format: 'json' };
  // YAML takes JSON.
  writeFileSync(sinks, JSON.stringify({ sinks: [{ ...sink, path: join(path, 'sinks', '{{login}}.json') }] }));
  return {
    RELEVE_DATA: join(path, 'var'),
    RELEVE_MAIL_SMTP_HOST: '127.0.0.1',
    RELEVE_MAIL_SMTP_PORT: String(smtpPort),
    RELEVE_MAIL_SMTP_SECURITY: 'none',
    RELEVE_IT_SERVICE_EMAIL: 'it@siagep.test',
    RELEVE_IT_SERVICE_PHONE: '03 84 00 00 00',
    RELEVE_HTTP_PORT: '0',
    RELEVE_VAULT_KEY_FILE: join(path, 'keys', 'master-keys'),
    RELEVE_SINKS_FILE: sinks,
    RELEVE_DOOR_URL: `http://127.0.0.1:${doorPort}`,
    RELEVE_DOOR_PORT: String(doorPort),
    RELEVE_CHORUS_PRODUCTION_TOKEN_URL: production.tokenUrl,
    RELEVE_CHORUS_PRODUCTION_API_URL: production.apiUrl,
    RELEVE_CHORUS_PRODUCTION_CLIENT_ID: PISTE.clientId,
    RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE: secret,
  };
}

/** The clock of all processes of the installation, in a file that faketime reads; timers keep real time. */
function openClock(file: string) {
  let ahead = 0;
  const set = (instant: number) => {
    ahead = instant - Date.now();
    // Replaced in one step: nobody reads half a number.
    writeFileSync(`${file}.new`, `${ahead < 0 ? '-' : '+'}${(Math.abs(ahead) / 1000).toFixed(3)}\n`);
    renameSync(`${file}.new`, file);
  };
  set(Temporal.Instant.from(TUESDAY).epochMilliseconds);
  return { file, set, now: () => Date.now() + ahead };
}

async function openMail(building: AsyncDisposableStack) {
  const letters: string[] = [];
  const server = new SMTPServer({
    logger: false,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, _session, done) => {
      text(stream).then(
        (letter) => {
          letters.push(letter);
          done(null);
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  building.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { letters, port: (server.server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
