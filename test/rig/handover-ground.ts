// What a house of the handover stands on: its users, its folders, a simulated Chorus Pro, and the settings of its processes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMasterKey } from '../../src/adapters/vault/key-file.ts';
import { type ChorusSimulator, openChorusSimulator } from '../../src/simulator/simulator.ts';
import { MONDAY } from './due-house.ts';
import { houseVariables, temporaryFolder } from './house.ts';
import { type MovableClock, movableClock } from './process.ts';

/** A technical user of the house, known to the registry and to the simulated Chorus Pro. */
export interface HouseUser {
  readonly login: string;
  readonly environment: 'production' | 'qualification';
  readonly siret: string;
  readonly structure: string;
  /** The address of its principal manager. */
  readonly manager: string;
  /** The day (ISO) on which its password expires; fifteen days after the house's Monday, a day of letters, unless given. */
  readonly expiresOn?: string;
}

/** The folders of a house; all that its processes write lies below `path`. */
export interface HouseFolders {
  readonly path: string;
  readonly data: string;
  /** Where the file sinks of the tests write. */
  readonly sinks: string;
  /** For programs of the test's own. */
  readonly scripts: string;
}

/** Folders, clock and Chorus Pro. */
export interface HouseGround extends HouseFolders {
  /** The file of the master keys, one in it. */
  readonly keyFile: string;
  readonly clock: MovableClock;
  readonly simulator: ChorusSimulator;
}

/** The PISTE application of the house. */
export const PISTE = { clientId: 'application-siagep', clientSecret: 'piste-(Secret)-5d41402a' } as const;

/** The day on which passwords of the house expire, fifteen days after its Monday. */
export const EXPIRES = '2027-03-16';

/** So many technical users, each with its own structure and manager, numbered from `first`. */
export function houseUsers(
  count: number,
  environment: HouseUser['environment'] = 'production',
  first = 0,
): readonly HouseUser[] {
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

/** The ground of a house, on the Monday on which its managers are due a letter; all of it goes with the stack. */
export async function layGround(
  users: readonly HouseUser[],
  building: AsyncDisposableStack,
): Promise<HouseGround> {
  const { path, remove } = await temporaryFolder();
  building.defer(remove);
  const clock = movableClock(MONDAY);
  building.defer(clock.remove);
  const simulator = await openChorusSimulator({
    accounts: users.map(({ login, environment, siret, structure, expiresOn = EXPIRES }) => ({
      ...{ login, environment, home: { siret, name: structure } },
      ...{ further: [], entitled: true, expiresOn },
    })),
    ...PISTE,
    now: () => clock.now().epochMilliseconds,
  });
  building.defer(() => simulator.close());
  const folder = (name: string) => join(path, name);
  for (const name of ['home', 'keys', 'sinks', 'scripts', 'temporary']) {
    mkdirSync(folder(name), { mode: 0o700 });
  }
  const keyFile = join(folder('keys'), 'master-keys');
  await addMasterKey(keyFile, Temporal.PlainDate.from('2027-01-04'));
  writeFileSync(join(folder('keys'), 'piste'), `${PISTE.clientSecret}\n`, { mode: 0o600 });
  const folders = { path, data: folder('var'), sinks: folder('sinks'), scripts: folder('scripts') };
  return { ...folders, keyFile, clock, simulator };
}

/** Writes the sinks' file; without a wish there is one file sink, `sinks/LOGIN.json`. Gives its path. */
export function writeSinks(
  folders: HouseFolders,
  wished: ((folders: HouseFolders) => readonly object[]) | undefined,
): string {
  const file = join(folders.path, 'sinks.yaml');
  const entries = wished?.(folders) ?? [fileSink(folders)];
  // YAML takes JSON.
  writeFileSync(file, JSON.stringify({ sinks: entries }));
  return file;
}

/** The entry of a file sink that `sinkContent` reads, with whatever is wished besides. */
export function fileSink({ sinks }: HouseFolders, more: object = {}): object {
  const path = join(sinks, '{{login}}.json');
  return { name: 'connector', kind: 'file', environment: 'production', format: 'json', path, ...more };
}

/** The settings of the house as variables: nothing of its processes lies outside its folder. */
export function houseSettings(
  { path, data, keyFile, simulator }: HouseGround,
  sinksFile: string,
  smtpPort: number,
  doorUrl: string,
): Record<string, string> {
  const application = (environment: 'production' | 'qualification') => {
    const { tokenUrl, apiUrl } = simulator.urls[environment];
    const name = `RELEVE_CHORUS_${environment.toUpperCase()}`;
    return {
      [`${name}_TOKEN_URL`]: tokenUrl,
      [`${name}_API_URL`]: apiUrl,
      [`${name}_CLIENT_ID`]: PISTE.clientId,
      [`${name}_CLIENT_SECRET_FILE`]: join(path, 'keys', 'piste'),
    };
  };
  return {
    ...houseVariables(data, smtpPort),
    HOME: join(path, 'home'),
    TMPDIR: join(path, 'temporary'),
    RELEVE_VAULT_KEY_FILE: keyFile,
    RELEVE_SINKS_FILE: sinksFile,
    RELEVE_DOOR_URL: doorUrl,
    // The pace of the real PISTE is tried where it is the matter.
    RELEVE_CHORUS_CALLS_PER_SECOND: '1000',
    RELEVE_DOOR_PORT: new URL(doorUrl).port,
    // The tests' own client may say for whom it asks, so that a test can be many people.
    RELEVE_DOOR_TRUSTED_PROXIES: '127.0.0.1',
    ...application('production'),
    ...application('qualification'),
  };
}

/** The users as a file to import. */
export function houseCsv(users: readonly HouseUser[]): string {
  const lines = users.map(({ siret, structure, login, environment, manager, expiresOn = EXPIRES }) =>
    [siret, structure, login, environment, expiresOn, 'Mme Maire', manager].join(';'),
  );
  const head = 'siret;structure;login;environnement;date_expiration;gestionnaire;courriel';
  return [head, ...lines, ''].join('\n');
}
