// A PostgreSQL server by the parts of its address: settings read them, the database is opened by them.

/** Null where the address says nothing. */
export interface PostgresServer {
  /** A name, an IP address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  /** The database. */
  readonly name: string | null;
  readonly applicationName: string | null;
  readonly options: string | null;
  /** Longest time to connect, in ms. */
  readonly connectMs: number | null;
}
