// Kysely's driver of an embedded database. node:sqlite holds the event loop while a statement runs, and while it waits for a lock:
// here no statement waits, but is tried again by and by, and other work gets its turn between two statements.
//
// Invariant: one transaction at a time, in the order in which they were asked for. Other reads go by a connection of their
// own, so that they see the last commit, and wait for no transaction of ours or of another process.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { giveWay, standAside } from '../../foundation/loop.ts';

/** How long a statement is tried again for while another process has the lock, in ms. */
export const BUSY_MS = 15_000;
/** The longest pause between two tries, in ms: shorter than those of SQLite's own waiting, so that we are not overtaken. */
const LONGEST_PAUSE_MS = 25;
const BUSY = 5;

/** Most prepared statements that are cached; a tick runs the same few every minute. */
const MOST_CACHED = 100;
/** Longer texts are not cached: they hold many rows and come in many lengths, and would cost more memory than they save time. */
const LONGEST_CACHED = 8_192;

/** One connection, with the statements that it has prepared. */
function openStatements(raw: DatabaseSync) {
  const cache = new Map<string, ReturnType<typeof prepare>>();
  const prepare = (text: string) => {
    const statement = raw.prepare(text);
    return { statement, isReading: statement.columns().length > 0 };
  };
  const prepared = (text: string) => {
    const cached = cache.get(text);
    if (cached !== undefined) return cached;
    const made = prepare(text);
    const oldest = cache.keys().next();
    if (text.length > LONGEST_CACHED) return made;
    if (cache.size >= MOST_CACHED && !oldest.done) cache.delete(oldest.value);
    cache.set(text, made);
    return made;
  };
  return {
    run<R>(text: string, parameters: readonly unknown[] = []): QueryResult<R> {
      const { statement, isReading } = prepared(text);
      const values = parameters as readonly SQLInputValue[];
      if (isReading) return { rows: statement.all(...values) as R[] };
      const { changes, lastInsertRowid } = statement.run(...values);
      return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
    },
  };
}

/** Opens a line: `enter` resolves when all who entered before have left, to what leaves. */
function openLine() {
  let last: Promise<unknown> = Promise.resolve();
  return async function enter(): Promise<() => void> {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    return resolve;
  };
}

/** The connections to one file; without `reader`, as in memory, all goes by the writer. */
interface Connections {
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync | null;
  /** Turns an error of SQLite into what is thrown. */
  readonly faultOf: (error: unknown) => unknown;
}

/** What Kysely takes for a connection: until it begins a transaction it has none of its own. */
interface Session extends DatabaseConnection {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export type SqliteDriver = ReturnType<typeof openSqliteDriver>;

export function openSqliteDriver({ writer, reader, faultOf }: Connections) {
  const enter = openLine();
  const writing = openStatements(writer);
  const reading = reader === null ? null : openStatements(reader);
  let refusedSince: number | null = null;

  /** Calls SQLite as soon as no lock of another process is in the way, at the latest `BUSY_MS` after `asked`. */
  async function whenFree<T>(asked: number, call: () => T): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      await giveWay();
      try {
        return call();
      } catch (error) {
        if (!isBusy(error) || performance.now() - asked >= BUSY_MS) throw faultOf(error);
      }
      await standAside(Math.min(2 ** tries, LONGEST_PAUSE_MS));
    }
  }

  /** Takes the writer's lock: at once, as a transaction that has read could not get it any more. */
  function takeLock(): void {
    try {
      writing.run('begin immediate');
      refusedSince = null;
    } catch (error) {
      if (isBusy(error)) refusedSince ??= performance.now();
      throw error;
    }
  }

  /** Does `work` while no transaction of ours is open. */
  async function alone<T>(work: () => T | Promise<T>): Promise<T> {
    const leave = await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  function openSession(): Session {
    let leave: (() => void) | null = null;
    const ended = () => {
      leave?.();
      leave = null;
    };
    return {
      executeQuery: <R>({ sql, parameters }: CompiledQuery) => {
        const asked = performance.now();
        const write = () => whenFree(asked, () => writing.run<R>(sql, parameters));
        if (leave !== null) return write();
        if (reading === null || !READS.test(sql)) return alone(write);
        return whenFree(asked, () => reading.run<R>(sql, parameters));
      },
      streamQuery: () => {
        throw new Error('rows are read page by page');
      },
      begin: async () => {
        const asked = performance.now();
        leave = await enter();
        await whenFree(asked, takeLock).catch((error: unknown) => {
          ended();
          throw error;
        });
      },
      commit: async () => {
        await whenFree(performance.now(), () => writing.run('commit'));
        ended();
      },
      rollback: async () => {
        try {
          // A full disk rolls the transaction back by itself; a second rollback would be an error that hides the first.
          if (writer.isTransaction) await whenFree(performance.now(), () => writing.run('rollback'));
        } finally {
          ended();
        }
      },
    };
  }

  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => openSession(),
    beginTransaction: (session) => (session as Session).begin(),
    commitTransaction: (session) => (session as Session).commit(),
    rollbackTransaction: (session) => (session as Session).rollback(),
    releaseConnection: async () => undefined,
    destroy: async () => {
      reader?.close();
      writer.close();
    },
  };
  return {
    driver,
    alone,
    /** For how long another process has kept us from writing, in ms; null while none does. */
    lockedForMs: () => (refusedSince === null ? null : performance.now() - refusedSince),
  };
}

/** Reading statements, as Kysely and we write them. Others that only read may go by the writer. */
const READS = /^\s*select\b/i;

function isBusy(error: unknown): boolean {
  // Extended codes carry the primary one in their low byte.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY;
}

/** Kysely would let only one statement or transaction of ours be under way; the driver has finer rules. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

export const sqliteDialect = ({ driver }: SqliteDriver): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => driver,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});
