// A real PostgreSQL for the tests: Debian's, in a temporary folder, on a free port, without a password for its owner `releve`.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DatabasePlace } from '../../src/adapters/database/database.ts';
import { readAddress } from '../../src/config/database-address.ts';
import type { Certificate } from './certificate.ts';
import { freePorts, startDaemon } from './daemons.ts';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';
const NOBODY = 65534;

/** A running server. */
export interface Postgres {
  /** Makes an empty database and returns its address. */
  database(): Promise<string>;
  /** Runs a command as the owner. */
  command(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of the newest server programs installed. Throws when there are none: the tests need them. */
function programs(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error('PostgreSQL is needed by the tests: apt-get install postgresql');
  return join(VERSIONS, newest, 'bin');
}

/** The place of a database whose address asks for no secret. */
export function postgresPlace(url: string): DatabasePlace {
  const server = readAddress(url, null);
  if (!('host' in server)) throw new Error(`no address: ${url}`);
  return { engine: 'postgres', server, password: null, tls: null };
}

/**
 * Starts a server of its own; as root it runs as nobody, since PostgreSQL refuses to be root. With a certificate it speaks TLS too,
 * and its user `guarded` needs it, and the password of it, by scram-sha-256.
 */
export async function startPostgres(guard?: Certificate & { readonly password: string }): Promise<Postgres> {
  const bin = programs();
  const folder = await mkdtemp(join(tmpdir(), 'releve-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const as = isRoot ? ['--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const data = join(folder, 'data');
  await run(
    'setpriv',
    [...as, join(bin, 'initdb'), '-D', data, '-U', 'releve', '-A', 'trust', '-E', 'UTF8'],
    {
      cwd: folder,
    },
  );
  const [port = 0] = await freePorts(1);
  const options = ['-h', '127.0.0.1', '-p', String(port), '-k', folder, '-c', 'fsync=off'];
  if (guard !== undefined) await guardFiles(data, guard);
  const log = join(folder, '..', `${folder.split('/').at(-1)}.log`);
  const daemon = await startDaemon([...as, join(bin, 'postgres'), '-D', data, ...options], [port], log);
  const url = (name: string) => `postgres://releve@127.0.0.1:${port}/${name}`;
  const command = (text: string) => whenReady(url('postgres'), text);
  if (guard !== undefined) {
    // The server keeps no password, only its verifier.
    await command(`create user guarded superuser password '${guard.password}'`);
  }
  return {
    command,
    database: async () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await command(`create database ${name}`);
      return url(name);
    },
    stop: async () => {
      await daemon.end();
      await rm(folder, { recursive: true, force: true });
      await rm(log, { force: true });
    },
  };
}

/** Puts the certificate and the rules of access beside the data. */
async function guardFiles(data: string, { cert, key }: Certificate): Promise<void> {
  const [certFile, keyFile] = [join(data, 'server.crt'), join(data, 'server.key')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  if (process.getuid?.() === 0) await chown(keyFile, NOBODY, NOBODY);
  const here = '127.0.0.1/32';
  const rules = [`host all releve ${here} trust`, `host all guarded ${here} scram-sha-256`];
  await writeFile(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
  await appendFile(join(data, 'postgresql.conf'), 'ssl = on\n');
}

/** The port answers a moment before the server takes commands. */
async function whenReady(url: string, command: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.query(command);
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      const startingUp = error instanceof pg.DatabaseError && error.code === '57P03';
      if (!startingUp || tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
