// Opens a PostgreSQL server by the parts of its address, and says what to do where it cannot be reached as it must be.
//
// Invariant: the parts are given one by one. pg reads a whole address itself, and what it finds there, an empty password
// too, wins over what is given beside it.
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import type { PostgresServer } from '../../foundation/database-server.ts';
import type { Schema } from './schema/schema.ts';

/** A server, the password for it, and the texts (PEM) of TLS; without them it is reached in the clear. */
export interface PostgresPlace {
  readonly server: PostgresServer;
  readonly password: (() => string) | null;
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  } | null;
}

/** The one advisory lock that every writer of a PostgreSQL database takes. */
const WRITERS = 7_350_001;

/** Opens a server; it is asked for nothing yet. */
export async function openPostgres({ server, password, tls }: PostgresPlace) {
  // Loaded only where it is used: most installations have the embedded engine.
  const { default: pg } = await import('pg');
  const types = new pg.TypeOverrides();
  // Our 64-bit integers are instants and counts; all are exact as numbers.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    host: server.host,
    port: server.port,
    ...given({
      user: server.user,
      database: server.name,
      application_name: server.applicationName,
      options: server.options,
      connectionTimeoutMillis: server.connectMs,
      password,
    }),
    // Said in any case: variables such as PGSSLMODE decide nothing.
    ssl: tls === null ? false : { ...given(tls), rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    max: 4,
    types,
  });
  // The pool replaces a broken idle connection; the next query fails if the server is really gone.
  pool.on('error', () => undefined);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    engine: 'postgres' as const,
    db,
    change: <T>(work: (trx: Transaction<Schema>) => Promise<T>) =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(WRITERS)})`.execute(trx);
        return work(trx);
      }),
    // We cannot clean the server's own logs, dead rows and replicas (docs/THREATS.md).
    noteDestroyed: async () => undefined,
    truncateLog: async () => true,
    truncationOwedSince: async () => null,
    lockedForMs: () => null,
    stamps: stampsOf(db),
    close: () => db.destroy(),
  };
}

/**
 * Every transaction that has written, or is about to, has a number: the snapshot tells which are over and which are open. Those of
 * the server's other databases count as well.
 */
function stampsOf(db: Kysely<Schema>) {
  const asking = (text: string) => {
    const query = CompiledQuery.raw(text) as CompiledQuery<{ stamp: string }>;
    return async (by: Kysely<Schema>) => (await by.executeQuery(query)).rows[0]?.stamp ?? null;
  };
  const snapshot = asking('select pg_current_snapshot()::text as stamp');
  const own = asking('select pg_current_xact_id()::text as stamp');
  const alone = (n: bigint) => `${n}:${n}:`;
  return {
    now: () => snapshot(db),
    within: snapshot,
    after: async (trx: Kysely<Schema>, from: string | null) => {
      const n = BigInt((await own(trx)) ?? 0);
      // Where another one was open at `from`, its writes may be among what is committed, and not among what was read.
      return from === alone(n) ? alone(n + 1n) : null;
    },
  };
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without what is null: pg tells what is left out from what is empty. */
function given<T extends object>(parts: T): Given<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null)) as Given<T>;
}

const CERTIFICATE =
  '; the server’s certificate must be for the host of database.url, from an authority of database.caFile';
/** What to do, by the code of an error or by its words. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:28P01|28000)$|client password must be/,
    '; database.passwordFile names the file of the password of that user',
  ],
  [/does not support SSL/, '; a server on another machine is reached by verified TLS only: turn on its ssl'],
  [/^ERR_TLS_CERT|^CERT_|^UNABLE_TO_|SELF_SIGNED_CERT/, CERTIFICATE],
];

/** What to do about an error of a server, to be put after its message; empty where nothing is known. */
export function adviceOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const texts = [error.message, 'code' in error ? String(error.code) : ''];
  return ADVICE.find(([known]) => texts.some((text) => known.test(text)))?.[1] ?? '';
}
