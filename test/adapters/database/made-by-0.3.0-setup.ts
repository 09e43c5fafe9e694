// Everything beside the database that 0.3.0 left (made-by-0.3.0.sql): key, links, token, passwords, files of the sinks; and
// today's processes on it, with a real mail server and a simulated Chorus Pro, under a clock that the test sets.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { type Folders, fileSink, numberedUsers, type WorldUser } from '../../rig/installation.ts';
import { waitFor } from '../../rig/process.ts';
import { rowsOf } from '../../rig/readable-places.ts';
import { openRotationWorld, type RotationWorld } from '../../rig/world-process-rotation.ts';

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
export interface Opened extends RotationWorld {
  /** The rows of each table, as text, before today's Relève opened the database. */
  readonly before: Readonly<Record<string, readonly string[]>>;
  user(town: Town): WorldUser;
  /** The rows of a table as they are now. */
  rows(table: string): readonly Row[];
  /** Waits for a condition; the error quotes what processes said when it does not come true. */
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** A sink's file as text; null while there is none. */
  inSink(sink: Sink, town: Town): string | null;
  /** The hold files of connectors. */
  holdFiles(): readonly string[];
  /** The runs of the hook of the sink `archive`, as `LOGIN VERSION`. */
  hooks(): readonly string[];
}

/** Writes the database and the files that belong to it, in a world of its own. Nothing of today's Relève has run yet. */
export async function openMadeBy030(): Promise<Opened> {
  const users = numberedUsers(TOWNS.length).map((one, place) => ({ ...one, structure: TOWNS[place] ?? '' }));
  const user = (town: Town) => {
    const found = users.find(({ structure }) => structure === town);
    if (found === undefined) throw new Error(`there is no ${town}`);
    return found;
  };
  const world = await openRotationWorld({ users, registered: 0, mail: 'server', sinks: sinksOf });
  world.clock.set(OPENED);
  for (const town of TOWNS) world.simulator.accounts.replace(user(town), PASSWORDS[town].today);
  writeFileSync(world.keyFile, readFileSync(fixture('master-keys')), { mode: 0o600 });
  layDatabase(world);
  layFiles(world, user);
  const read = (name: string) => textOf(join(world.sinks, name));
  return {
    ...{ ...world, user },
    before: rowsOf(world.database),
    rows: (table) => (rowsOf(world.database)[table] ?? []).map((row) => JSON.parse(row) as Row),
    until: async (what, isSo) => {
      const words = () => `${what}: ${world.said().slice(-3_000)}`;
      // Letters are sent every minute: the longest wait is for the next tick.
      await waitFor(async () => ((await isSo()) ? true : null), words, 90_000);
    },
    inSink: (sink, town) => read(`${user(town).login}.${ENDINGS[sink]}`),
    holdFiles: () => readdirSync(world.sinks).filter((name) => name.endsWith('.hold')),
    hooks: () => (read('hooks') ?? '').split('\n').filter(Boolean),
  };
}

const fixture = (ending: string) => fileURLToPath(new URL(`made-by-0.3.0.${ending}`, import.meta.url));

function layDatabase({ data, database: file }: RotationWorld): void {
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(file, '', { mode: 0o600 });
  const database = new DatabaseSync(file);
  database.exec(`begin; ${readFileSync(fixture('sql'), 'utf8')}; commit`);
  database.close();
}

const ENDINGS: Readonly<Record<Sink, string>> = { connector: 'json', archive: 'env' };

/** The sinks of that time, under their names. */
function sinksOf(folders: Folders): readonly object[] {
  const of = (name: string) => join(folders.sinks, name);
  const hook = { run: ['sh', '-c', `echo "$RELEVE_LOGIN $RELEVE_VERSION" >>'${of('hooks')}'`] };
  return [
    fileSink(folders, { holdFile: of('{{login}}.hold') }),
    { ...fileSink(folders, { hook }), name: 'archive', format: 'dotenv', path: of('{{login}}.env') },
  ];
}

/** What 0.3.0 had written for connectors. */
function layFiles({ sinks }: Folders, user: (town: Town) => WorldUser): void {
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
export function contentOf(sink: Sink, user: WorldUser, password: string, version: number): string {
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
