// Everything beside the database that 0.3.0 left (made-by-0.3.0.sql): key, links, token, passwords, files of the sinks; and
// today's processes on it, with a real mail server and a simulated Chorus Pro, under a clock that the test sets.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../rig/daemons.ts';
import { type DoorClient, doorClient } from '../../rig/door-client.ts';
import {
  fileSink,
  type HouseFolders,
  type HouseGround,
  type HouseUser,
  houseSettings,
  houseUsers,
  layGround,
  writeSinks,
} from '../../rig/handover-ground.ts';
import { type HouseMail, openHouseMail } from '../../rig/handover-mail.ts';
import { rowsOf } from '../../rig/house-evidence.ts';
import {
  type Ended,
  type Running,
  releve,
  type Start,
  startDaemonProcess,
  stop,
  waitFor,
} from '../../rig/process.ts';

/** The technical users, by their town, in the order of their ids from 1. */
export const TOWNS = [
  'Amance',
  'Beure',
  'Cussey',
  'Dole',
  'Étalans',
  'Frasne',
  'Gray',
  'L’Hôpital',
  'Igny',
  'Jussey',
] as const;
export type Town = (typeof TOWNS)[number];

/** Thirteen minutes after 0.3.0 was killed: all its leases are over, the longest is ten minutes. */
const OPENED = '2027-03-01T10:28:30+01:00';

/** The passwords that Chorus Pro accepts, and those that connectors used before the rotation, where 0.3.0 knew them. */
export const PASSWORDS: Readonly<Record<Town, { readonly today: string; readonly former: string | null }>> = {
  Amance: { today: 'Amance-2027b!', former: 'Amance-2026a!' },
  Beure: { today: 'Beure-2027b!y', former: 'Beure-2026a!x' },
  Cussey: { today: 'Cussey-2027b!', former: null },
  Dole: { today: 'Dole-2027b!yy', former: 'Dole-2026a!xx' },
  Étalans: { today: 'Etalans-2027b!', former: null },
  Frasne: { today: 'Frasne-2027b!', former: 'Frasne-2026a!' },
  Gray: { today: 'Gray-2027b!yy', former: null },
  'L’Hôpital': { today: 'Hopital-2027b!', former: null },
  Igny: { today: 'Igny-2027b!yy', former: null },
  Jussey: { today: 'Jussey-2027b!', former: 'Jussey-2026a!' },
};

/** The secret part of links in letters of 0.3.0; the database has their hashes. */
export const LINKS = {
  Amance: 'ULTSjy_7canhHRbEn7Y-vMbcRqaCR2N8UZhrjQuS160',
  Étalans: '_0a_wXgmZ_jt93ndCpy_CpLzZbLuREN-UiBiVlap2Z8',
  Igny: 'vAxCBcmQF6bLVZOT46RrfGr0QXMpvDYkGUgOwW0sR3A',
  Jussey: 'QSuh_gjxuFnzu8YM4Tmwy32A6TWBmbQLr9Wt0yD8pSU',
} as const;

/** The token that 0.3.0 made for a tool named connector. */
export const TOKEN = 'Bbs3XgtS4Eg6vmjAoIICSE8yZmPwNVwWMWppYYiMHCM';

/** What 0.3.0 had written into each sink. */
const WRITTEN: readonly (readonly [sink: Sink, town: Town, which: 'today' | 'former', version: number])[] = [
  ['connector', 'Amance', 'today', 3],
  ['archive', 'Amance', 'former', 2],
  ...(['connector', 'archive'] as const).flatMap((sink) => [
    [sink, 'Beure', 'former', 2] as const,
    [sink, 'Dole', 'today', 3] as const,
    [sink, 'Frasne', 'former', 2] as const,
    [sink, 'Jussey', 'former', 2] as const,
  ]),
];
const HELD: readonly Town[] = ['Amance', 'Étalans', 'Frasne', 'L’Hôpital'];

type Sink = 'connector' | 'archive';
export type Row = Readonly<Record<string, unknown>>;

/** The database of 0.3.0, opened by today's Relève. */
export interface Opened extends HouseGround, DoorClient {
  readonly mail: HouseMail;
  /** The rows of each table, as text, before today's Relève opened the database. */
  readonly before: Readonly<Record<string, readonly string[]>>;
  user(town: Town): HouseUser;
  /** A command, run to its end. */
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ended>;
  startDaemon(): Promise<void>;
  stopDaemon(): Promise<void>;
  /** The rows of a table as they are now. */
  rows(table: string): readonly Row[];
  /** Waits for a condition; the error quotes the daemon's output when it does not come true. */
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** A sink's file as text; null while there is none. */
  inSink(sink: Sink, town: Town): string | null;
  /** The hold files of connectors. */
  holdFiles(): readonly string[];
  /** The runs of the hook of the sink `archive`, as `LOGIN VERSION`. */
  hooks(): readonly string[];
}

/** Writes the database and the files that belong to it; the stack removes them. Nothing of today's Relève has run yet. */
export async function openMadeBy030(building: AsyncDisposableStack): Promise<Opened> {
  const users = houseUsers(TOWNS.length).map((one, place) => ({ ...one, structure: TOWNS[place] ?? '' }));
  const user = (town: Town) => {
    const found = users.find(({ structure }) => structure === town);
    if (found === undefined) throw new Error(`there is no ${town}`);
    return found;
  };
  const ground = await layGround(users, building);
  ground.clock.set(OPENED);
  for (const town of TOWNS) ground.simulator.accounts.replace(user(town), PASSWORDS[town].today);
  writeFileSync(ground.keyFile, readFileSync(fixture('master-keys')), { mode: 0o600 });
  const file = layDatabase(ground);
  layFiles(ground, user);
  const mail = await openHouseMail('server');
  building.defer(mail.close);
  const [port = 0] = await freePorts(1);
  const doorUrl = `http://127.0.0.1:${port}`;
  const env = houseSettings(ground, writeSinks(ground, sinksOf), mail.port, doorUrl);
  const processes = processesOf({ env, clock: ground.clock });
  building.defer(processes.stopDaemon);
  const read = (name: string) => textOf(join(ground.sinks, name));
  return {
    ...ground,
    ...doorClient(doorUrl),
    ...processes,
    ...{ mail, user },
    before: rowsOf(file),
    rows: (table) => (rowsOf(file)[table] ?? []).map((row) => JSON.parse(row) as Row),
    inSink: (sink, town) => read(`${user(town).login}.${ENDINGS[sink]}`),
    holdFiles: () => readdirSync(ground.sinks).filter((name) => name.endsWith('.hold')),
    hooks: () => (read('hooks') ?? '').split('\n').filter(Boolean),
  };
}

/** Today's daemon and commands, each started with the same settings and clock. */
function processesOf(start: Start): Pick<Opened, 'run' | 'startDaemon' | 'stopDaemon' | 'until'> {
  let daemon: Running | null = null;
  return {
    run: (args, more = {}) => releve(args, { ...start, env: { ...start.env, ...more } }),
    startDaemon: async () => {
      ({ daemon } = await startDaemonProcess(start));
    },
    stopDaemon: async () => {
      if (daemon !== null) await stop(daemon);
      daemon = null;
    },
    until: async (what, isSo) => {
      const words = () => `${what}: ${daemon?.said().slice(-3_000)}`;
      // Letters are sent every minute: the longest wait is for the next tick.
      await waitFor(async () => ((await isSo()) ? true : null), words, 90_000);
    },
  };
}

const fixture = (ending: string) => fileURLToPath(new URL(`made-by-0.3.0.${ending}`, import.meta.url));

function layDatabase({ data }: HouseFolders): string {
  mkdirSync(data, { mode: 0o700 });
  const file = join(data, 'releve.sqlite');
  writeFileSync(file, '', { mode: 0o600 });
  const database = new DatabaseSync(file);
  database.exec(`begin; ${readFileSync(fixture('sql'), 'utf8')}; commit`);
  database.close();
  return file;
}

const ENDINGS: Readonly<Record<Sink, string>> = { connector: 'json', archive: 'env' };

/** The sinks of that time, under their names. */
function sinksOf(folders: HouseFolders): readonly object[] {
  const of = (name: string) => join(folders.sinks, name);
  const hook = { run: ['sh', '-c', `echo "$RELEVE_LOGIN $RELEVE_VERSION" >>'${of('hooks')}'`] };
  return [
    fileSink(folders, { holdFile: of('{{login}}.hold') }),
    { ...fileSink(folders, { hook }), name: 'archive', format: 'dotenv', path: of('{{login}}.env') },
  ];
}

/** What 0.3.0 had written for connectors. */
function layFiles({ sinks }: HouseFolders, user: (town: Town) => HouseUser): void {
  for (const [sink, town, which, version] of WRITTEN) {
    const file = join(sinks, `${user(town).login}.${ENDINGS[sink]}`);
    writeFileSync(file, contentOf(sink, user(town), PASSWORDS[town][which] ?? '', version), { mode: 0o600 });
  }
  for (const town of HELD) {
    const { login, environment } = user(town);
    const hold = { login, environment, since: '2027-03-01T09:15:31Z' };
    writeFileSync(join(sinks, `${login}.hold`), `${JSON.stringify(hold)}\n`, { mode: 0o644 });
  }
}

/** The text of a sink's file for a password, as 0.3.0 wrote it. */
export function contentOf(sink: Sink, user: HouseUser, password: string, version: number): string {
  const { login, environment, siret } = user;
  if (sink === 'connector') {
    return `${JSON.stringify({ login, password, version, environment, siret }, null, 2)}\n`;
  }
  const lines = { LOGIN: login, PASSWORD: password, PASSWORD_VERSION: version };
  return Object.entries(lines)
    .map(([name, value]) => `CHORUS_PRO_${name}='${value}'\n`)
    .join('');
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
