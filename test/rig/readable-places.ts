// Where somebody could read what Relève leaves behind: its files, its database column by column, its processes.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Place } from './secret-search.ts';

/** Every file below a folder, byte by byte; not what lies in the folders that are left out. */
export function filesBelow(folder: string, except: readonly string[] = []): readonly Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || except.some((one) => file.startsWith(`${one}/`))) return [];
    return [{ name: relative(folder, file), bytes: readFileSync(file) }];
  });
}

/** Every row of every table, as text that is the same for the same row; bytes in base64. By table, the rows in order. */
export function rowsOf(file: string): Readonly<Record<string, readonly string[]>> {
  return reading(file, (database) =>
    Object.fromEntries(
      tablesOf(database).map((table) => [
        table,
        allOf(database, table)
          .map((row) => JSON.stringify(row, bytesAsText))
          .sort(),
      ]),
    ),
  );
}

/** Every value of every column, as the bytes it is made of. */
export function columnsOf(file: string): readonly Place[] {
  return reading(file, (database) =>
    tablesOf(database).flatMap((table) => {
      const rows = allOf(database, table);
      const columns = Object.keys(rows[0] ?? {});
      return columns.map((column) => ({
        name: `column ${table}.${column}`,
        bytes: Buffer.concat(rows.flatMap((row) => [bytesOf(row[column]), Buffer.from('\n;')])),
      }));
    }),
  );
}

function reading<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

function tablesOf(database: DatabaseSync): string[] {
  const rows = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
  return rows.map(({ name }) => String(name));
}

const allOf = (database: DatabaseSync, table: string) => database.prepare(`select * from "${table}"`).all();
const bytesOf = (value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value ?? ''));
const bytesAsText = (_key: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

/** A look-out over processes. */
export interface ProcessWatch {
  /** Every command line and environment seen so far, as a place each. */
  seen(): readonly Place[];
  stop(): void;
}

/** How often processes are looked at, in ms: those of a sink live for longer. */
const LOOK_MS = 10;

/** Looks at a process and all that descend from it, again and again; `root` may change, null for none. */
export function watchProcesses(root: () => number | null): ProcessWatch {
  const seen = new Map<string, string>();
  const look = (pid: number) => {
    for (const view of ['cmdline', 'environ']) {
      const text = readProcess(pid, view);
      if (text !== '') seen.set(text, `${view} of process ${pid}`);
    }
    for (const child of childrenOf(pid)) look(child);
  };
  const timer = setInterval(() => {
    const pid = root();
    if (pid !== null) look(pid);
  }, LOOK_MS);
  return {
    seen: () => [...seen].map(([text, name]) => ({ name, bytes: Buffer.from(text) })),
    stop: () => clearInterval(timer),
  };
}

/** Empty for a process that has gone. */
function readProcess(pid: number, view: string): string {
  try {
    return readFileSync(`/proc/${pid}/${view}`, 'utf8');
  } catch {
    return '';
  }
}

/** Children belong to the thread that started them. */
function childrenOf(pid: number): number[] {
  let threads: string[] = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return threads
    .flatMap((thread) => readProcess(pid, `task/${thread}/children`).split(' '))
    .filter((child) => child !== '')
    .map(Number);
}
