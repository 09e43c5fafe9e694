// Opens a world whose processes are real: the `releve` commands and the daemon, over an installation in a temporary folder.
//
// `openReminderWorld` has managers who are due a letter; `openDiskWorld` the same on a disk that fills up. With passwords,
// Chorus Pro and the managers' page besides: world-process-rotation.ts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  csvOf,
  installationVariables,
  namedUsers,
  numberedUsers,
  plantUsers,
  temporaryFolder,
  type WorldUser,
} from './installation.ts';
import {
  type Ended,
  movableClock,
  type Running,
  releve,
  type Start,
  startDaemonProcess,
  stop,
} from './process.ts';
import { smallDisk } from './small-disk.ts';

/** A world with letters to send; every manager has one technical user. */
export interface ReminderWorld {
  /** A folder for the test's own files; the data folder lies in it. */
  readonly path: string;
  readonly data: string;
  /** The variables that describe it. */
  readonly env: Record<string, string>;
  /** The managers' addresses. */
  readonly managers: readonly string[];
  remove(): Promise<void>;
}

/** Opens a world whose managers are due a letter at `MONDAY`; nothing runs in it yet. */
export async function openReminderWorld(
  name: string,
  letters: number,
  smtpPort: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<ReminderWorld> {
  const { path, remove } = await temporaryFolder();
  const data = join(path, 'var');
  const users = namedUsers(name, letters);
  await plantUsers(data, users);
  const env = installationVariables(data, smtpPort, variables);
  return { path, data, env, managers: users.map(({ manager }) => manager), remove };
}

/** The same with its data on a disk of so many megabytes; its clock shows an hour before letters may leave. */
export async function openDiskWorld(letters: number, megabytes: number, smtpPort: number) {
  await using building = new AsyncDisposableStack();
  const { path, remove } = await temporaryFolder();
  building.defer(remove);
  const disk = await smallDisk(megabytes);
  building.defer(disk.remove);
  const clock = movableClock('2027-03-01T07:30:00+01:00');
  building.defer(clock.remove);
  const users = numberedUsers(letters);
  const env = installationVariables(join(disk.path, 'var'), smtpPort);
  const start = { env, clock, through: disk.through };
  await importUsers(openProcesses(start), path, users);
  const built = building.move();
  return {
    ...{ path, disk, clock, start, managers: users.map(({ manager }) => manager) },
    remove: () => built.disposeAsync(),
  };
}

/** The processes of a world: its daemon, and commands. */
export interface WorldProcesses {
  /** How any process of the world is started. */
  readonly start: Start;
  /** All that they said so far, on both ways. */
  said(): string;
  daemon(): Running;
  /** A command, run to its end; `more` beats the variables of the world. */
  run(args: readonly string[], input?: string, more?: Readonly<Record<string, string>>): Promise<Ended>;
  /** What the daemon tells machines: `/metrics`, `/healthz`, `/readyz`. */
  ask(path: string): Promise<string>;
  /** Ends the daemon, kindly or not. */
  halt(signal?: NodeJS.Signals): Promise<Ended>;
  /** Starts the daemon: for the first time, or after `halt`. */
  resume(): Promise<void>;
  /** Kills the daemon where one runs. */
  end(): Promise<void>;
}

/** The processes of a world, none of which runs yet; `through` starts the daemon alone (see `Start.through`). */
export function openProcesses(start: Start, through: readonly string[] = []): WorldProcesses {
  const heard: (() => string)[] = [];
  let running: Awaited<ReturnType<typeof startDaemonProcess>> | null = null;
  const now = () => {
    if (running === null) throw new Error('the daemon of this world does not run');
    return running;
  };
  const halt = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const { daemon } = now();
    running = null;
    return stop(daemon, signal);
  };
  return {
    start,
    said: () => heard.map((said) => said()).join('\n'),
    daemon: () => now().daemon,
    run: async (args, input = '', more = {}) => {
      const ended = await releve(args, { ...start, env: { ...start.env, ...more }, input });
      heard.push(() => ended.stdout + ended.stderr);
      return ended;
    },
    ask: async (path) => (await fetch(`${now().address}${path}`)).text(),
    halt,
    resume: async () => {
      running = await startDaemonProcess({ ...start, through: [...(start.through ?? []), ...through] });
      heard.push(running.daemon.said);
    },
    end: async () => {
      if (running !== null) await halt('SIGKILL');
    },
  };
}

/** Imports users by the command; throws when some were refused. */
export async function importUsers(
  { run }: WorldProcesses,
  path: string,
  users: readonly WorldUser[],
): Promise<void> {
  const file = join(path, 'fleet.csv');
  writeFileSync(file, csvOf(users));
  const { code, stdout, stderr } = await run(['import', file]);
  if (code !== 0) throw new Error(`the fleet was not imported: ${stdout}${stderr}`);
}
