// Opens a world with passwords: real processes, a simulated Chorus Pro, mail, a master key, sinks and the managers' page,
// under a clock that the test sets.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMasterKey } from '../../src/adapters/vault/key-file.ts';
import { type ChorusSimulator, openChorusSimulator } from '../../src/simulator/simulator.ts';
import { freePorts } from './daemons.ts';
import { type DoorClient, doorClient } from './door-client.ts';
import {
  EXPIRES,
  type Folders,
  installationVariables,
  layFolders,
  MONDAY,
  numberedUsers,
  PISTE,
  rotationVariables,
  temporaryFolder,
  type WorldUser,
  writeSinks,
} from './installation.ts';
import { type MovableClock, movableClock } from './process.ts';
import { importUsers, openProcesses, type WorldProcesses } from './world-process.ts';
import { openWorldMail, type WorldMail } from './world-process-mail.ts';

/** What a test says of a world with passwords; what it does not say is as below. */
interface RotationWorldSettings {
  /** How many technical users, or which; each of a number has a manager of its own. One. */
  readonly users?: number | readonly WorldUser[];
  /** How many of them, from the first, the registry knows; Chorus Pro knows all of them. All. */
  readonly registered?: number;
  /** `catcher` keeps mail in memory; `server` is OpenSMTPD with Dovecot, read over IMAP; a port takes none. The catcher. */
  readonly mail?: 'catcher' | 'server' | number;
  /** The entries of the sinks' file. One file sink that writes JSON (see `fileSink`). */
  readonly sinks?: (folders: Folders) => readonly object[];
  /** Settings that beat those of the world. */
  readonly variables?: Readonly<Record<string, string>>;
  /** A program that starts the daemon (see `Start.through`). */
  readonly through?: readonly string[];
}

/** What a connector finds in its file. */
interface SinkContent {
  readonly login: string;
  readonly password: string;
  readonly version: number;
}

/** A world with passwords. */
export interface RotationWorld extends Folders, WorldProcesses, DoorClient {
  readonly database: string;
  /** The file of the master keys, one in it. */
  readonly keyFile: string;
  readonly clock: MovableClock;
  readonly simulator: ChorusSimulator;
  readonly env: Readonly<Record<string, string>>;
  readonly users: readonly WorldUser[];
  readonly mail: WorldMail;
  /** Resets a password on the portal, « Soumettre » included; gives it. A chosen one may take the generated one's place. */
  resetAtPortal(login: string, password?: string): string;
  /** The newest link for a login in the mail of its manager; waits until there is one. */
  linkFor(login: string): Promise<string>;
  /** What the default sink holds; null while there is nothing. */
  sinkContent(login: string): SinkContent | null;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/** Opens a world on the Monday on which all its managers are due a letter; its daemon runs. */
export async function startRotationWorld(settings: RotationWorldSettings = {}): Promise<RotationWorld> {
  const world = await openRotationWorld(settings);
  try {
    await world.resume();
  } catch (error) {
    await world.stop();
    throw error;
  }
  return world;
}

/** The same, and its daemon does not run yet. */
export async function openRotationWorld(settings: RotationWorldSettings = {}): Promise<RotationWorld> {
  await using building = new AsyncDisposableStack();
  const { users: wished = 1, mail: kind = 'catcher', through = [] } = settings;
  const users = typeof wished === 'number' ? numberedUsers(wished) : wished;
  const clock = movableClock(MONDAY);
  building.defer(clock.remove);
  const simulator = await openSimulator(users, clock);
  building.defer(() => simulator.close());
  const { path, remove } = await temporaryFolder();
  building.defer(remove);
  const folders = layFolders(path);
  const keyFile = join(path, 'keys', 'master-keys');
  await addMasterKey(keyFile, Temporal.PlainDate.from('2027-01-04'));
  const mail = await openWorldMail(kind);
  building.defer(mail.close);
  const [port = 0] = await freePorts(1);
  const doorUrl = `http://127.0.0.1:${port}`;
  const env = {
    ...installationVariables(folders.data, mail.port),
    ...rotationVariables(path, simulator.urls, doorUrl),
    RELEVE_VAULT_KEY_FILE: keyFile,
    RELEVE_SINKS_FILE: writeSinks(folders, settings.sinks),
    ...settings.variables,
  };
  const processes = openProcesses({ env, clock, cwd: join(path, 'home') }, through);
  building.defer(processes.end);
  const registered = users.slice(0, settings.registered ?? users.length);
  if (registered.length > 0) await importUsers(processes, path, registered);
  const userOf = (login: string) => {
    const user = users.find((one) => one.login === login);
    if (user === undefined) throw new Error(`${login} is no user of this world`);
    return user;
  };
  const built = building.move();
  return {
    ...{ ...folders, ...processes, ...doorClient(doorUrl) },
    ...{ keyFile, clock, simulator, env, users, mail },
    database: join(folders.data, 'releve.sqlite'),
    resetAtPortal: (login, password) => resetAtPortal(simulator, userOf(login), password),
    linkFor: (login) => mail.linkFor(userOf(login).manager, login, doorUrl),
    sinkContent: (login) => {
      const file = join(folders.sinks, `${login}.json`);
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
    },
    stop: () => built.disposeAsync(),
  };
}

function openSimulator(users: readonly WorldUser[], clock: MovableClock): Promise<ChorusSimulator> {
  return openChorusSimulator({
    accounts: users.map(({ login, environment, siret, structure, expiresOn = EXPIRES }) => ({
      ...{ login, environment, home: { siret, name: structure } },
      ...{ further: [], entitled: true, expiresOn },
    })),
    ...PISTE,
    now: () => clock.now().epochMilliseconds,
  });
}

function resetAtPortal(simulator: ChorusSimulator, user: WorldUser, chosen: string | undefined): string {
  const { login, environment } = user;
  const shown = simulator.requests.open({ login, environment });
  if (shown === null || shown.state !== 'open') throw new Error(`${login} is unknown to the portal`);
  simulator.requests.submit(shown.number);
  if (chosen === undefined) return shown.password;
  simulator.accounts.replace({ login, environment }, chosen);
  return chosen;
}
