// An installation as a test lays it out before any process runs: folders, settings, the file of sinks, the fleet as a file or planted.

import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { Logger } from '../../src/domain/ports/clock.ts';
import type { ChorusSimulator } from '../../src/simulator/simulator.ts';
import { plant } from '../fakes/fleet.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A Monday at 10:00 in Paris on which the managers of these installations are due their letter of fifteen days before. */
export const MONDAY = '2027-03-01T10:00:00+01:00';
/** The day on which their passwords expire. */
export const EXPIRES = '2027-03-16';

/** The PISTE application of the installations. */
export const PISTE = { clientId: 'application-siagep', clientSecret: 'piste-(Secret)-5d41402a' } as const;

/** A technical user, as the registry and the simulated Chorus Pro know it. */
export interface WorldUser {
  readonly login: string;
  readonly environment: 'production' | 'qualification';
  readonly siret: string;
  readonly structure: string;
  /** The address of its principal manager. */
  readonly manager: string;
  /** The day (ISO) on which its password expires; `EXPIRES`, a day of letters, unless given. */
  readonly expiresOn?: string;
}

/** The folders of an installation; all that its processes write lies below `path`. */
export interface Folders {
  readonly path: string;
  readonly data: string;
  /** Where the file sinks of the tests write. */
  readonly sinks: string;
  /** For programs of the test's own. */
  readonly scripts: string;
}

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'releve-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The variables that describe an installation: where its data is, and a relay on this machine. */
export function installationVariables(
  data: string,
  smtpPort: number,
  more: Readonly<Record<string, string>> = {},
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

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** So many technical users, each with its own structure and manager, numbered from `first`. */
export function numberedUsers(
  count: number,
  environment: WorldUser['environment'] = 'production',
  first = 0,
): readonly WorldUser[] {
  return Array.from({ length: count }, (_, place) => {
    const number = first + place;
    const siret = String(21_900_000_000_000 + number);
    return {
      login: `TECH_1_${siret}@cpro.fr`,
      environment,
      siret,
      structure: `Commune ${number}`,
      manager: `m${number}@commune.test`,
    };
  });
}

/** The same with a name in login, structure and address, so that the worlds of a file can share a mail server. */
export function namedUsers(name: string, count: number): readonly WorldUser[] {
  return numberedUsers(count).map((user, place) => ({
    ...user,
    login: `TECH_${name}_${place}@cpro.fr`,
    structure: `Commune de ${name}`,
    manager: addressOf(name, place),
  }));
}

/** The mailbox of a manager: worlds whose names begin alike, up to a slash, write to the same one. */
export const addressOf = (name: string, place: number) => `m${place}.${name.split('/')[0]}@commune.test`;

/** The users as a file to import. */
export function csvOf(users: readonly WorldUser[]): string {
  const lines = users.map(({ siret, structure, login, environment, manager, expiresOn = EXPIRES }) =>
    [siret, structure, login, environment, expiresOn, 'Mme Maire', manager].join(';'),
  );
  const head = 'siret;structure;login;environnement;date_expiration;gestionnaire;courriel';
  return [head, ...lines, ''].join('\n');
}

/** Makes a data folder with the users in its database; quicker than an import by a process. */
export async function plantUsers(data: string, users: readonly WorldUser[]): Promise<void> {
  mkdirSync(data, { mode: 0o700 });
  const database = await openDatabase({ engine: 'sqlite', file: join(data, 'releve.sqlite') });
  await plant(
    database,
    users.map(({ structure, expiresOn = EXPIRES, ...user }) => ({
      ...user,
      name: structure,
      portalOn: expiresOn,
    })),
  );
  await database.close();
}

/** Makes the folders of an installation with passwords, and the file with the secret of PISTE. */
export function layFolders(path: string): Folders {
  for (const name of ['home', 'keys', 'sinks', 'scripts', 'temporary']) {
    mkdirSync(join(path, name), { mode: 0o700 });
  }
  writeFileSync(join(path, 'keys', 'piste'), `${PISTE.clientSecret}\n`, { mode: 0o600 });
  return { path, data: join(path, 'var'), sinks: join(path, 'sinks'), scripts: join(path, 'scripts') };
}

/** The settings that passwords need besides; nothing of the processes lies outside the folder. */
export function rotationVariables(path: string, urls: ChorusSimulator['urls'], doorUrl: string) {
  const application = (environment: 'production' | 'qualification') => {
    const name = `RELEVE_CHORUS_${environment.toUpperCase()}`;
    return {
      [`${name}_TOKEN_URL`]: urls[environment].tokenUrl,
      [`${name}_API_URL`]: urls[environment].apiUrl,
      [`${name}_CLIENT_ID`]: PISTE.clientId,
      [`${name}_CLIENT_SECRET_FILE`]: join(path, 'keys', 'piste'),
    };
  };
  return {
    HOME: join(path, 'home'),
    TMPDIR: join(path, 'temporary'),
    // The pace of the real PISTE is tried where it is the matter.
    RELEVE_CHORUS_CALLS_PER_SECOND: '1000',
    RELEVE_DOOR_URL: doorUrl,
    RELEVE_DOOR_PORT: new URL(doorUrl).port,
    // The tests' own client may say for whom it asks, so that a test can be many people.
    RELEVE_DOOR_TRUSTED_PROXIES: '127.0.0.1',
    ...application('production'),
    ...application('qualification'),
  };
}

/** Writes the sinks' file; without a wish there is one file sink, `sinks/LOGIN.json`. Gives its path. */
export function writeSinks(
  folders: Folders,
  wished: (folders: Folders) => readonly object[] = (given) => [fileSink(given)],
): string {
  const file = join(folders.path, 'sinks.yaml');
  // YAML takes JSON.
  writeFileSync(file, JSON.stringify({ sinks: wished(folders) }));
  return file;
}

/** The entry of a file sink that `sinkContent` reads, with whatever is wished besides. */
export function fileSink({ sinks }: Folders, more: object = {}): object {
  const path = join(sinks, '{{login}}.json');
  return { name: 'connector', kind: 'file', environment: 'production', format: 'json', path, ...more };
}
