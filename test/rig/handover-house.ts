// A whole house for journeys of a password: simulated Chorus Pro, mail, master key, sinks, and the real daemon under a
// clock that the test sets.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './daemons.ts';
import { type DoorClient, doorClient } from './door-client.ts';
import {
  type HouseFolders,
  type HouseGround,
  type HouseUser,
  houseCsv,
  houseSettings,
  houseUsers,
  layGround,
  writeSinks,
} from './handover-ground.ts';
import { type HouseMail, openHouseMail } from './handover-mail.ts';
import { type Ended, type Running, releve, type Start, startDaemonProcess, stop } from './process.ts';

export { fileSink, type HouseFolders, type HouseUser, houseUsers, PISTE } from './handover-ground.ts';

export interface HouseOptions {
  /** How many technical users, or which; each of a number has a manager of its own. One. */
  readonly users?: number | readonly HouseUser[];
  /** `catcher` keeps mail in memory; `server` is OpenSMTPD with Dovecot, read over IMAP. The catcher. */
  readonly mail?: 'catcher' | 'server';
  /** The entries of the sinks' file. One file sink that writes JSON (see `fileSink`). */
  readonly sinks?: (folders: HouseFolders) => readonly object[];
  /** Settings that beat those of the house. */
  readonly variables?: (folders: HouseFolders) => Readonly<Record<string, string>>;
  /** A program that starts the daemon (see `Start.through`). */
  readonly through?: readonly string[];
}

/** What a connector finds in its file. */
interface SinkContent {
  readonly login: string;
  readonly password: string;
  readonly version: number;
}

/** The processes of a house: its daemon, and commands. */
interface HouseProcesses {
  /** How any process of the house is started. */
  readonly start: Start;
  /** All that they said so far, on both ways. */
  said(): string;
  daemon(): Running;
  /** A command, run to its end. */
  run(args: readonly string[], input?: string): Promise<Ended>;
  /** What the daemon tells machines: `/metrics`, `/healthz`, `/readyz`. */
  ask(path: string): Promise<string>;
  /** Ends the daemon, kindly or not. */
  halt(signal?: NodeJS.Signals): Promise<Ended>;
  /** Starts the daemon, after `halt`. */
  resume(): Promise<void>;
}

/** A running house. */
export interface HandoverHouse extends HouseGround, HouseProcesses, DoorClient {
  readonly database: string;
  readonly users: readonly HouseUser[];
  readonly mail: HouseMail;
  /** Resets a password on the portal, « Soumettre » included; gives it. A chosen one may take the generated one's place. */
  resetAtPortal(login: string, password?: string): string;
  /** The newest link for a login in the mail of its manager; waits until there is one. */
  linkFor(login: string): Promise<string>;
  /** What the default sink holds; null while there is nothing. */
  sinkContent(login: string): Promise<SinkContent | null>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/** Builds a house on the Monday on which all its managers are due a letter, and starts its daemon. */
export async function startHandoverHouse(options: HouseOptions = {}): Promise<HandoverHouse> {
  await using building = new AsyncDisposableStack();
  const users = typeof options.users === 'object' ? options.users : houseUsers(options.users ?? 1);
  const ground = await layGround(users, building);
  const mail = await openHouseMail(options.mail ?? 'catcher');
  building.defer(mail.close);
  const [port = 0] = await freePorts(1);
  const doorUrl = `http://127.0.0.1:${port}`;
  const sinksFile = writeSinks(ground, options.sinks);
  const env = {
    ...houseSettings(ground, sinksFile, mail.port, doorUrl),
    ...options.variables?.(ground),
  };
  const { clock, path } = ground;
  const processes = houseProcesses({ env, clock, cwd: join(path, 'home') }, options.through ?? []);
  building.defer(processes.end);
  await importUsers(processes, path, users);
  await processes.resume();
  const built = building.move();
  return {
    ...ground,
    ...processes,
    ...doorClient(doorUrl),
    ...{ users, mail },
    database: join(ground.data, 'releve.sqlite'),
    resetAtPortal: (login, password) => resetAtPortal(ground, userOf(users, login), password),
    linkFor: (login) => mail.linkFor(userOf(users, login).manager, login, doorUrl),
    sinkContent: (login) => sinkContent(ground, login),
    stop: () => built.disposeAsync(),
  };
}

function houseProcesses(start: Start, through: readonly string[]): HouseProcesses & { end(): Promise<void> } {
  const heard: (() => string)[] = [];
  let running: Awaited<ReturnType<typeof startDaemonProcess>> | null = null;
  const now = () => {
    if (running === null) throw new Error('the daemon of this house does not run');
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
    run: async (args, input = '') => {
      const ended = await releve(args, { ...start, input });
      heard.push(() => ended.stdout + ended.stderr);
      return ended;
    },
    ask: async (path) => (await fetch(`${now().address}${path}`)).text(),
    halt,
    resume: async () => {
      running = await startDaemonProcess({ ...start, through });
      heard.push(running.daemon.said);
    },
    end: async () => {
      if (running !== null) await halt('SIGKILL');
    },
  };
}

async function importUsers(
  { run }: HouseProcesses,
  path: string,
  users: readonly HouseUser[],
): Promise<void> {
  const file = join(path, 'fleet.csv');
  await writeFile(file, houseCsv(users));
  const { code, stdout, stderr } = await run(['import', file]);
  if (code !== 0) throw new Error(`the fleet was not imported: ${stdout}${stderr}`);
}

function userOf(users: readonly HouseUser[], login: string): HouseUser {
  const user = users.find((one) => one.login === login);
  if (user === undefined) throw new Error(`${login} is no user of this house`);
  return user;
}

function resetAtPortal({ simulator }: HouseGround, user: HouseUser, chosen: string | undefined): string {
  const { login, environment } = user;
  const shown = simulator.requests.open({ login, environment });
  if (shown === null || shown.state !== 'open') throw new Error(`${login} is unknown to the portal`);
  simulator.requests.submit(shown.number);
  if (chosen === undefined) return shown.password;
  simulator.accounts.replace({ login, environment }, chosen);
  return chosen;
}

async function sinkContent({ sinks }: HouseFolders, login: string): Promise<SinkContent | null> {
  const file = join(sinks, `${login}.json`);
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : null;
}
