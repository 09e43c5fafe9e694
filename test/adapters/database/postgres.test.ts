// A PostgreSQL server with a password (scram-sha-256) and TLS, reached by the settings as a command reads them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openParts } from '../../../src/composition/parts.ts';
import { readConfig } from '../../../src/config/config.ts';
import { readDatabaseSecrets } from '../../../src/config/secrets.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { type Postgres, startPostgres } from '../../rig/postgres.ts';

const PASSWORD = 'hunter2:@/%?#é';
const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'releve-guarded-'));
let server: Postgres;
let port: string;
let name: string;
let otherCa: string;

const fileOf = (what: string, text: string) => {
  const file = join(folder, what);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

beforeAll(async () => {
  const [certificate, other] = await Promise.all([
    makeCertificate(['DNS:localhost']),
    makeCertificate(['DNS:localhost']),
  ]);
  fileOf('ca', certificate.cert);
  otherCa = fileOf('other-ca', other.cert);
  fileOf('password', `${PASSWORD}\n`);
  server = await startPostgres({ ...certificate, password: PASSWORD });
  const url = new URL(await server.database());
  [port, name] = [url.port, url.pathname];
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the database as a command does, and says whether TLS was spoken; or the message of the error. */
async function opened(
  { host = 'localhost', query = '', user = 'guarded' },
  variables: Readonly<Record<string, string>> = {},
): Promise<boolean | string> {
  const env = {
    NODE_ENV: 'production',
    RELEVE_DATABASE_URL: `postgres://${user}@${host}:${port}${name}${query}`,
    RELEVE_DATABASE_PASSWORD_FILE: join(folder, 'password'),
    ...variables,
  };
  try {
    const config = readConfig({ env, root, cwd: folder });
    const parts = await openParts(
      config,
      readDatabaseSecrets(config, env, (text) => new Secret(text)),
    );
    try {
      const { rows } = await sql<{ ssl: boolean }>`
        select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(parts.database.db);
      return rows[0]?.ssl ?? 'no row';
    } finally {
      await parts.close();
    }
  } catch (error) {
    expect(String(error)).not.toContain('hunter2');
    return (error as Error).message;
  }
}

test('the password of the file reaches the server, over TLS and beside it on this machine', async () => {
  const ca = { RELEVE_DATABASE_CA_FILE: join(folder, 'ca') };
  expect(await opened({}, ca)).toBe(true);
  expect(await opened({ query: `?sslmode=verify-full&sslrootcert=${folder}/ca` })).toBe(true);
  expect(await opened({ query: `?sslmode=require&application_name=x` }, ca)).toBe(true);
  expect(await opened({ query: '?sslmode=disable' })).toBe(false);
  expect(await opened({})).toBe(false);
});

test('a wrong password, none, another authority and another host are told, with what to do', async () => {
  const ca = { RELEVE_DATABASE_CA_FILE: join(folder, 'ca') };
  const wrong = { ...ca, RELEVE_DATABASE_PASSWORD_FILE: fileOf('wrong', 'hunter2') };
  expect(await opened({}, wrong)).toMatch(/password authentication failed .*; database\.passwordFile names/);
  expect(await opened({}, { RELEVE_DATABASE_PASSWORD_FILE: '' })).toMatch(/; database\.passwordFile names/);
  expect(await opened({}, { RELEVE_DATABASE_CA_FILE: otherCa })).toMatch(/self-signed .*database\.caFile/);
  expect(await opened({ host: '127.0.0.1' }, ca)).toMatch(/does not match .*for the host of database\.url/);
});

test('a host that is not this machine is never reached without verified TLS', async () => {
  // A name that only the resolver knows to be this machine.
  const host = '127.1';
  expect(await opened({ host })).toMatch(/self-signed .*database\.caFile/);
  expect(await opened({ host, query: '?sslmode=disable' })).toMatch(
    /^.*sslmode=disable for a server on another/s,
  );
  await server.command('alter system set ssl = off');
  await server.command('select pg_reload_conf()');
  await expect.poll(() => opened({ host })).toMatch(/does not support SSL.*verified TLS only/);
  // Its owner needs no password: it is TLS that is refused.
  expect(await opened({ host, user: 'releve' })).toMatch(/does not support SSL/);
  expect(await opened({})).toBe(false);
});
