import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { type Config, readConfig } from '../../src/config/config.ts';
import { faultsForSending, proxyFaults } from '../../src/config/cross-checks.ts';
import { masterKeys } from '../../src/config/key-source.ts';
import { ConfigFaults } from '../../src/config/layers.ts';
import { keys } from '../../src/config/schema.ts';
import {
  readChorusSecrets,
  readDatabaseSecrets,
  readMailSecrets,
  readServerCertificate,
} from '../../src/config/secrets.ts';
import { readSinks } from '../../src/config/sinks.ts';

const root = resolve(import.meta.dirname, '../..');
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'releve-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

// In production, so that the tester's own .env is not read.
const read = (env: Record<string, string> = {}): Config =>
  readConfig({ env: { NODE_ENV: 'production', ...env }, root, cwd });

/** An installation of its own, with the settings files of this one. */
function installation(): string {
  const other = join(cwd, 'installed');
  cpSync(join(root, 'config'), join(other, 'config'), { recursive: true });
  return other;
}

/** The faults of reading; an empty list when it succeeds. */
function faultsOf(env: Record<string, string>, from: (env: Record<string, string>) => unknown = read) {
  try {
    from(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
}

function fileWith(text: string): string {
  const file = join(cwd, 'releve.yaml');
  writeFileSync(file, text);
  return file;
}

describe('defaults', () => {
  test('are enough on their own, and are parsed', () => {
    const config = read();
    // Independent of the current folder.
    expect(config.data).toBe(join(root, 'var'));
    expect(config.database).toEqual({ kind: 'sqlite', file: join(root, 'var', 'releve.sqlite') });
    expect(config.mail.from).toEqual({
      name: 'Service informatique du SIAGEP',
      address: 'service.informatique@siagep90.fr',
    });
    expect(config.mail.dkim).toBeNull();
    expect(config.mail.retry.waits.map(String)).toEqual([
      'PT1M',
      'PT5M',
      'PT15M',
      'PT30M',
      'PT1H',
      'PT2H',
      'PT4H',
    ]);
    expect(config.mail.lease).toBeInstanceOf(Temporal.Duration);
    expect(String(config.letters.window.from)).toBe('08:30:00');
    expect(config.ladder.before).toEqual([0, 1, 3, 7, 15, 30, 60]);
    expect(String(config.validity.production.latest)).toBe('P424D');
    expect(config.procedures.production.name).toBe('current');
    expect(config.procedures.production.renew.fr.length).toBe(config.procedures.production.renew.en.length);
    expect(config.http).toEqual({ host: '127.0.0.1', names: [], port: 9464, accountMetrics: 'auto' });
  });

  test('config/default.yaml has every key, each with a comment that ends with its default', () => {
    const text = readFileSync(join(root, 'config/default.yaml'), 'utf8');
    const document = parseDocument(text);
    const seen: string[] = [];
    const walk = (node: unknown, above: readonly string[]): void => {
      if (!isMap(node)) return;
      for (const { key, value } of node.items) {
        if (!isScalar(key)) continue;
        const path = [...above, String(key.value)];
        if (isMap(value)) {
          walk(value, path);
          continue;
        }
        seen.push(path.join('.'));
        const comment = /((?:(?<=^|\n) *#.*\n)+) *$/
          .exec(text.slice(0, key.range?.[0]))?.[1]
          ?.replaceAll(/\s*#\s*/g, ' ');
        const stated = /Default: (.+)/.exec(comment ?? '')?.[1] ?? `no default stated for ${path.join('.')}`;
        const list = isSeq(value) ? value.toJSON().join(', ') : String(isScalar(value) ? value.value : '');
        expect(stated).toContain(list);
      }
    };
    walk(document.contents, []);
    expect(seen.sort()).toEqual([...keys.keys()].sort());
  });

  test('.env.example names every variable with its default, and reading it changes nothing', () => {
    const text = readFileSync(join(root, '.env.example'), 'utf8').replaceAll(/^#(?=RELEVE_)/gm, '');
    const env = parseDotenv(text);
    expect(Object.keys(env).sort()).toEqual([...keys.values()].map((key) => key.variable).sort());
    const other = installation();
    const without = readConfig({ env: {}, root: other, cwd });
    writeFileSync(join(other, '.env'), text);
    expect(JSON.stringify(readConfig({ env: {}, root: other, cwd }))).toBe(JSON.stringify(without));
  });

  test('no two keys share a variable', () => {
    const variables = [...keys.values()].map((key) => key.variable);
    expect(new Set(variables).size).toBe(variables.length);
    expect(keys.get('mail.ratePerMinute')?.variable).toBe('RELEVE_MAIL_RATE_PER_MINUTE');
    expect(keys.get('data')?.variable).toBe('RELEVE_DATA');
  });
});

describe('layers', () => {
  test('a variable beats .env and the file, which beat the defaults', () => {
    const other = installation();
    writeFileSync(join(other, '.env'), 'RELEVE_MAIL_SMTP_PORT=26\nRELEVE_MAIL_RATE_PER_MINUTE=6\n');
    const file = fileWith(
      'mail:\n  connections: 4\n  ratePerMinute: 5\n  smtp:\n    host: a.example.fr\n    port: 25\n',
    );
    const mailOf = (env: Record<string, string>) => {
      const { connections, smtp, ratePerMinute } = readConfig({ env, root: other, cwd }).mail;
      return [connections, smtp.host, smtp.port, ratePerMinute];
    };
    expect(mailOf({ RELEVE_MAIL_RATE_PER_MINUTE: '7' })).toEqual([3, null, 26, 7]);
    expect(mailOf({ RELEVE_MAIL_RATE_PER_MINUTE: '7', RELEVE_CONFIG: file })).toEqual([
      4,
      'a.example.fr',
      25,
      7,
    ]);
  });

  test('a relative path counts from the file it stands in; in a variable, from the current folder', () => {
    const other = installation();
    mkdirSync(join(cwd, 'etc'));
    const file = join(cwd, 'etc', 'releve.yaml');
    writeFileSync(
      file,
      'data: data\nvault: { keyCommand: [./print, keys] }\nsinks: { file: ../sinks.yaml }\n',
    );
    const config = readConfig({
      env: { RELEVE_CONFIG: 'etc/releve.yaml', RELEVE_DOOR_CERT_FILE: 'pem' },
      root: other,
      cwd,
    });
    expect(config.data).toBe(join(cwd, 'etc', 'data'));
    expect(config.vault.keyCommand).toEqual([join(cwd, 'etc', 'print'), 'keys']);
    expect(config.sinks.file).toBe(join(cwd, 'sinks.yaml'));
    expect(config.door.certFile).toBe(join(cwd, 'pem'));
    writeFileSync(join(other, '.env'), 'RELEVE_DATA=data\nRELEVE_VAULT_KEY_FILE=keys/master\n');
    const dotted = readConfig({ env: { RELEVE_SINKS_FILE: './sinks.yaml' }, root: other, cwd });
    expect(dotted.data).toBe(join(other, 'data'));
    expect(dotted.vault.keyFile).toBe(join(other, 'keys', 'master'));
    expect(dotted.sinks.file).toBe(join(cwd, 'sinks.yaml'));
    expect(readConfig({ env: { RELEVE_DATA: './var' }, root: other, cwd }).data).toBe(join(cwd, 'var'));
  });

  test('variables: lists with commas, null where it is allowed, other variables left alone', () => {
    const config = read({
      RELEVE_LADDER_BEFORE: '30, 7,7',
      RELEVE_LADDER_AFTER: '',
      RELEVE_LADDER_THEN_EVERY: 'null',
      RELEVE_MAIL_SMTP_HOST: '',
      RELEVE_LETTERS_ALSACE_MOSELLE: 'true',
      RELEVE_IT_SERVICE_PHONE: '0384577400',
      RELEVE_MAIL_RETRY_WAITS: 'PT2S,P1D',
      PATH: '/bin',
    });
    expect(config.ladder).toMatchObject({ before: [7, 30], after: [], thenEvery: null });
    expect(config.mail.smtp.host).toBeNull();
    expect(config.letters.alsaceMoselle).toBe(true);
    expect(config.itService.phone).toBe('0384577400');
    expect(config.mail.retry.waits.map(String)).toEqual(['PT2S', 'P1D']);
  });

  test('24:00 is the last moment of the day', () => {
    const { window } = read({
      RELEVE_LETTERS_WINDOW_FROM: '00:00',
      RELEVE_LETTERS_WINDOW_TO: '24:00',
    }).letters;
    expect(String(window.to)).toBe('23:59:59.999999999');
  });

  test('a PostgreSQL address, DKIM and relative paths are joined', () => {
    const config = read({
      RELEVE_DATABASE_URL: 'postgres://releve@db.example.fr/releve?options=-c%20search_path%3Dr',
      RELEVE_DATABASE_PASSWORD_FILE: 'pg',
      RELEVE_DATABASE_CA_FILE: 'ca',
      RELEVE_MAIL_DKIM_DOMAIN: 'example.fr',
      RELEVE_MAIL_DKIM_SELECTOR: 's1',
      RELEVE_IT_SERVICE_EMAIL: 'it@example.fr',
    });
    expect(config.database).toEqual({
      kind: 'postgres',
      server: {
        ...{ host: 'db.example.fr', port: 5432, user: 'releve', name: 'releve', connectMs: null },
        ...{ applicationName: null, options: '-c search_path=r' },
        tls: { ca: join(cwd, 'ca'), cert: null, key: null },
      },
      passwordFile: join(cwd, 'pg'),
    });
    expect(config.mail.dkim).toEqual({ domain: 'example.fr', selector: 's1', keyFile: null });
    expect(config.mail.from.address).toBe('it@example.fr');
  });
});

describe('.env', () => {
  let other: string;
  beforeEach(() => {
    other = installation();
    writeFileSync(join(other, '.env'), 'RELEVE_HTTP_PORT=1234\n');
  });
  const portOf = (env: Record<string, string> = {}) => readConfig({ env, root: other, cwd }).http.port;

  test('is read from the folder of the installation alone, outside production, and never beside RELEVE_CONFIG', () => {
    expect(portOf()).toBe(1234);
    expect(portOf({ NODE_ENV: 'production' })).toBe(9464);
    expect(portOf({ RELEVE_CONFIG: fileWith('') })).toBe(9464);
    // The .env of the current folder is not read, although it is ours.
    renameSync(join(other, '.env'), join(cwd, '.env'));
    expect(portOf()).toBe(9464);
  });

  test.runIf(process.getuid?.() === 0).each<[string, () => void, RegExp]>([
    [
      'belongs to another user',
      () => chownSync(join(other, '.env'), 65_534, 65_534),
      /belongs to user 65534/,
    ],
    [
      'can be changed by others',
      () => chmodSync(join(other, '.env'), 0o602),
      /changed by everybody \(mode 0602\)/,
    ],
    ['can be changed by a group', () => open(0o660), /changed by group 65534 \(mode 0660\)/],
    [
      'leads to a file of another user',
      () => leadAway(),
      /installed\/\.env is not safe|belongs to user 65534/,
    ],
    [
      // The checkout belongs to another user: its code is trusted, because it runs already, but not its .env.
      'belongs to the user whose checkout it is',
      () => {
        chownSync(other, 65_534, 65_534);
        chownSync(join(other, '.env'), 65_534, 65_534);
      },
      /belongs to user 65534/,
    ],
  ])('that %s is a fault that says so and what to do, and is not used', (_what, spoil, found) => {
    spoil();
    const faults = faultsOf({}, portOf);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({
      key: '.env',
      where: join(other, '.env'),
      found: expect.stringMatching(found),
    });
    expect(faults[0]?.allowed).toMatch(
      /(give it to root|chmod).*; it is not read where NODE_ENV is production/,
    );
    // It is no fault where it is not read.
    expect(portOf({ NODE_ENV: 'production' })).toBe(9464);
  });

  const open = (mode: number) => {
    chownSync(join(other, '.env'), 0, 65_534);
    chmodSync(join(other, '.env'), mode);
  };
  const leadAway = () => {
    const theirs = join(cwd, 'theirs');
    writeFileSync(theirs, 'RELEVE_HTTP_PORT=1\n');
    chownSync(theirs, 65_534, 65_534);
    rmSync(join(other, '.env'));
    symlinkSync(theirs, join(other, '.env'));
  };

  test('may not name a settings file, because both would be read', () => {
    writeFileSync(join(other, '.env'), 'RELEVE_CONFIG=releve.yaml\n');
    expect(faultsOf({}, portOf)).toMatchObject([{ key: 'RELEVE_CONFIG', where: join(other, '.env') }]);
  });
});

describe('what others can change', () => {
  const isRoot = process.getuid?.() === 0;
  test.runIf(isRoot)(
    'is a fault: the settings file, a procedure, a program, and a path among its arguments',
    () => {
      const file = fileWith('http: { port: 1 }');
      chownSync(file, 65_534, 65_534);
      expect(faultsOf({ RELEVE_CONFIG: file })).toMatchObject([
        {
          key: 'RELEVE_CONFIG',
          where: file,
          found: `a file that is not safe, as ${file} belongs to user 65534`,
        },
      ]);
      const print = join(cwd, 'print');
      writeFileSync(print, '#!/bin/sh\n', { mode: 0o755 });
      expect(faultsOf({ RELEVE_VAULT_KEY_COMMAND: print })).toEqual([]);
      expect(faultsOf({ RELEVE_VAULT_KEY_COMMAND: `cat,${file}` })).toMatchObject([
        { key: 'vault.keyCommand', where: 'RELEVE_VAULT_KEY_COMMAND', found: expect.stringContaining(file) },
      ]);
      chmodSync(print, 0o757);
      expect(faultsOf({ RELEVE_VAULT_KEY_COMMAND: print })).toMatchObject([
        { key: 'vault.keyCommand', allowed: `chmod o-w ${print}` },
      ]);
      const other = installation();
      const procedure = join(other, 'config/procedures/current.yaml');
      chmodSync(procedure, 0o666);
      expect(faultsOf({}, (env) => readConfig({ env, root: other, cwd }))).toMatchObject([
        { key: 'procedures.production', allowed: `chmod o-w ${procedure}` },
      ]);
      // Everybody may write the code there: this file system has no users.
      chmodSync(other, 0o777);
      expect(faultsOf({}, (env) => readConfig({ env, root: other, cwd }))).toEqual([]);
    },
  );

  test.runIf(isRoot)(
    'is a fault in secret files, in the folders above them, and in the address of a database',
    () => {
      const folder = join(cwd, 'keys');
      mkdirSync(folder);
      const file = join(folder, 'password');
      writeFileSync(file, 'hunter2', { mode: 0o600 });
      const env = { RELEVE_MAIL_SMTP_USER: 'u', RELEVE_MAIL_SMTP_PASSWORD_FILE: file };
      const reading = () => readMailSecrets(read(env), env, (text) => text);
      expect(reading().smtpPassword).toBe('hunter2');
      chmodSync(folder, 0o777);
      expect(reading).toThrow(/passwordFile .*is not safe, as .*keys can be changed by everybody/);
      chmodSync(folder, 0o1777);
      expect(reading().smtpPassword).toBe('hunter2');
      chownSync(file, 65_534, 65_534);
      expect(reading).toThrow(/password belongs to user 65534/);
      const address = (path: string) => ({ RELEVE_DATABASE_URL: `postgres://db/releve?sslrootcert=${path}` });
      expect(faultsOf(address('/etc/hostname'))).toEqual([]);
      expect(faultsOf(address('ca.pem'))).toMatchObject([{ key: 'database.url' }]);
      expect(faultsOf(address(file))).toMatchObject([
        {
          key: 'database.url',
          found: `an address with a file that is not safe, as ${file} belongs to user 65534`,
        },
      ]);
    },
  );
});

describe('faults', () => {
  test('all are reported at once, with key, place and what is allowed, and never a value', () => {
    const file = fileWith(
      [
        'mail:',
        '  smtp:',
        '    prot: 25',
        '    host: [hunter2]',
        '  from: hunter2',
        'itService:',
        '  phone: 0384577400',
        'letters: { window: { from: "8h30" } }',
        'ladder:',
        '  before: {}',
      ].join('\n'),
    );
    const faults = faultsOf({
      RELEVE_CONFIG: file,
      RELEVE_MAIL_SMTP_PORT: 'hunter2',
      RELEVE_HEARTBEAT_URL: 'https://me:hunter2@example.fr/',
      RELEVE_DATABASE_URL: 'postgres://releve:hunter2@db/releve',
      RELEVE_MAIL_RATE_PER_MINUTES: '3',
      RELEVE_PROCEDURES_PRODUCTION: 'missing',
    });
    const told = faults.map(({ key, where }) => [key, where]);
    expect(told.sort()).toEqual(
      [
        ['RELEVE_MAIL_RATE_PER_MINUTES', 'environment'],
        ['database.url', 'RELEVE_DATABASE_URL'],
        ['heartbeat.url', 'RELEVE_HEARTBEAT_URL'],
        ['itService.phone', `${file}:7`],
        ['ladder.before', `${file}:10`],
        ['letters.window.from', `${file}:8`],
        ['mail.from', `${file}:5`],
        ['mail.smtp.host', `${file}:4`],
        ['mail.smtp.port', 'RELEVE_MAIL_SMTP_PORT'],
        ['mail.smtp.prot', `${file}:3`],
        ['procedures.production', 'config/procedures/missing.yaml'],
      ].sort(),
    );
    const message = new ConfigFaults(faults).message;
    expect(message).toContain('did you mean mail.smtp.port?');
    expect(message).toContain('did you mean RELEVE_MAIL_RATE_PER_MINUTE?');
    expect(message).toContain('allowed: a port, 1 to 65535');
    expect(message).toContain(`itService.phone (${file}:7): found a number`);
    expect(message).not.toContain('hunter2');
  });

  test.each<[string, Record<string, string>]>([
    ['letters.window.to', { RELEVE_LETTERS_WINDOW_TO: '08:30' }],
    ['mail.dkim.domain', { RELEVE_MAIL_DKIM_SELECTOR: 's1' }],
    ['mail.dkim.domain', { RELEVE_MAIL_DKIM_KEY_FILE: 'key' }],
    ['mail.lease', { RELEVE_MAIL_LEASE: 'PT60S' }],
    ['probe.window.to', { RELEVE_PROBE_WINDOW_TO: '00:30' }],
    ['chorus.production.apiUrl', { RELEVE_CHORUS_PRODUCTION_API_URL: 'https://sandbox-new.piste.gouv.fr' }],
    ['chorus.qualification.apiUrl', { RELEVE_CHORUS_QUALIFICATION_API_URL: 'https://api.piste.gouv.fr' }],
    [
      'chorus.qualification.tokenUrl',
      {
        RELEVE_CHORUS_PRODUCTION_TOKEN_URL: 'https://one.example/token',
        RELEVE_CHORUS_QUALIFICATION_TOKEN_URL: 'https://one.example/token',
      },
    ],
    ['validity.production.latest', { RELEVE_VALIDITY_PRODUCTION_LATEST: 'P365D' }],
    [
      'mail.smtp.security',
      {
        RELEVE_MAIL_SMTP_SECURITY: 'none',
        RELEVE_MAIL_SMTP_USER: 'u',
        RELEVE_MAIL_SMTP_HOST: '127.evil.example',
      },
    ],
  ])('settings that contradict one another: %s', (key, env) => {
    expect(faultsOf(env).map((fault) => fault.key)).toEqual([key]);
  });

  test('a login without encryption is allowed on this machine only', () => {
    const env = { RELEVE_MAIL_SMTP_SECURITY: 'none', RELEVE_MAIL_SMTP_USER: 'u' };
    for (const host of ['192.0.2.1', '2001:db8::1', 'smtp.example.fr']) {
      expect(faultsOf({ ...env, RELEVE_MAIL_SMTP_HOST: host })).toHaveLength(1);
    }
    for (const host of ['127.0.0.2', '::1', 'localhost']) {
      expect(faultsOf({ ...env, RELEVE_MAIL_SMTP_HOST: host })).toEqual([]);
    }
  });

  test.each<[string, string]>([
    ['RELEVE_MAIL_SMTP_PORT', '65536'],
    ['RELEVE_MAIL_SMTP_PORT', '0'],
    ['RELEVE_MAIL_SMTP_PORT', '25.5'],
    ['RELEVE_MAIL_SMTP_PORT', ''],
    ['RELEVE_MAIL_TIMEOUT', 'PT0S'],
    ['RELEVE_MAIL_TIMEOUT', 'PT11M'],
    ['RELEVE_MAIL_TIMEOUT', '-PT1S'],
    ['RELEVE_MAIL_RETRY_GIVE_UP_AFTER', 'P1M'],
    ['RELEVE_LADDER_UNKNOWN_EVERY', 'PT24H'],
    ['RELEVE_VALIDITY_PRODUCTION_LATEST', 'P99999Y'],
    ['RELEVE_LADDER_BEFORE', ''],
    ['RELEVE_LADDER_AFTER', '0'],
    ['RELEVE_LETTERS_WINDOW_FROM', '24:00'],
    ['RELEVE_IT_SERVICE_EMAIL', 'nobody'],
    ['RELEVE_IT_SERVICE_NAME', 'a\nBcc: b@example.fr'],
    ['RELEVE_IT_SERVICE_NAME', '   '],
    ['RELEVE_PROCEDURES_QUALIFICATION', '../default'],
    ['RELEVE_HEARTBEAT_URL', 'file:///etc/passwd'],
    ['RELEVE_DATABASE_URL', 'postgres://db/releve?password=x'],
    ['RELEVE_LETTERS_ALSACE_MOSELLE', 'yes'],
  ])('%s refuses %j', (variable, text) => {
    const faults = faultsOf({ [variable]: text });
    expect(faults.map(({ where }) => where)).toEqual([variable]);
    expect(faults[0]?.allowed).not.toBe('');
  });

  // What libpq (PostgreSQL 17, 32.1.2), pgjdbc, psycopg and pg take in an address, and what becomes of it here.
  test.each([
    ['db/releve', 'db:5432 TLS'],
    ['db/releve?sslmode=verify-full', 'db:5432 TLS'],
    ['db/releve?sslmode=require', 'db:5432 TLS'],
    ['db:6432/releve?sslmode=verify-ca', 'db:6432 TLS'],
    ['localhost/releve', 'localhost:5432'],
    ['127.0.0.1/releve', '127.0.0.1:5432'],
    ['[::1]/releve', '::1:5432'],
    ['[2001:db8::1]/releve', '2001:db8::1:5432 TLS'],
    ['localhost/releve?sslmode=require', 'localhost:5432 TLS'],
    ['localhost/releve?sslrootcert=/etc/hostname', 'localhost:5432 TLS'],
    ['%2Frun%2Fpostgresql/releve', '/run/postgresql:5432'],
    ['/releve?host=/run/postgresql', '/run/postgresql:5432'],
    ['db/releve?sslmode=disable', 'sslmode=disable for a server on another machine'],
    ['10.0.0.1/releve?sslmode=disable', 'sslmode=disable for a server on another machine'],
    ['db/releve?sslmode=prefer', 'sslmode=prefer, which does not verify the server'],
    ['localhost/releve?sslmode=allow', 'sslmode=allow, which does not verify the server'],
    ['db/releve?sslmode=no-verify', 'sslmode=no-verify, which does not verify the server'],
    ['db/releve?sslmode=Hunter2', 'sslmode=…, which does not verify the server'],
    ['db/releve?ssl=true', 'the parameter ssl, which is not taken from an address'],
    ['db/releve?uselibpqcompat=true', 'the parameter uselibpqcompat, which is not taken from an address'],
    ['db/releve?sslpassword=hunter2', 'the parameter sslpassword, which is not taken from an address'],
    ['db/releve?hunter2=', 'a parameter, which is not taken from an address'],
    ['db/releve?sslmode=require&sslmode=disable', 'the parameter sslmode twice'],
    ['db/releve?host=other', 'no host, or several'],
    ['db1,db2/releve', 'no host, or several'],
    ['db/releve?sslrootcert=system', 'sslrootcert with a relative path'],
    ['db/releve?sslcert=/etc/hostname', 'only one of sslcert and sslkey'],
    [
      'localhost/releve?sslmode=disable&sslrootcert=/etc/hostname',
      'files or a mode of TLS for a connection without it',
    ],
    ['%2Frun/releve?sslmode=require', 'files or a mode of TLS for a connection without it'],
    ['db/50%', 'a “%” or “#” that is not itself written as %25 or %23'],
    ['db/releve?connect_timeout=soon', 'a connect_timeout that is no number'],
  ])('the address postgres://%s: %s', (address, expected) => {
    const env = { RELEVE_DATABASE_URL: `postgres://${address}` };
    const faults = faultsOf(env);
    if (faults.length > 0) return expect(faults.map(({ found }) => found)).toEqual([expected]);
    const { database } = read(env);
    if (database.kind !== 'postgres') throw new Error('no server');
    const { host, port, tls } = database.server;
    expect(`${host}:${port}${tls === null ? '' : ' TLS'}`).toBe(expected);
  });

  test('a password in the address, beside the file of it or not, is a fault that shows neither', () => {
    const file = join(cwd, 'pg');
    writeFileSync(file, 'hunter3', { mode: 0o600 });
    const url = { RELEVE_DATABASE_URL: 'postgres://releve:hunter2@db/releve' };
    for (const env of [url, { ...url, RELEVE_DATABASE_PASSWORD_FILE: file }]) {
      const faults = faultsOf(env);
      expect(faults).toMatchObject([
        { key: 'database.url', allowed: expect.stringContaining('database.passwordFile') },
      ]);
      expect(JSON.stringify(faults)).not.toMatch(/hunter/);
    }
  });

  test('a file that is missing, broken or no map', () => {
    expect(faultsOf({ RELEVE_CONFIG: 'missing.yaml' })[0]).toMatchObject({
      key: 'RELEVE_CONFIG',
      where: 'missing.yaml',
    });
    const broken = faultsOf({ RELEVE_CONFIG: fileWith('data: x\nlog: {level: "hunter2\n') });
    expect(broken).toHaveLength(1);
    expect(JSON.stringify(broken)).not.toContain('hunter2');
    expect(faultsOf({ RELEVE_CONFIG: fileWith('- a\n') })).toHaveLength(1);
    expect(faultsOf({ RELEVE_CONFIG: fileWith('data: x\ndata: y\n') })[0]?.found).toContain('DUPLICATE_KEY');
    expect(faultsOf({ RELEVE_CONFIG: fileWith('# nothing\nmail:\n') })).toEqual([]);
  });

  test('a proxy whose address cannot be read is a fault that shows none of it, where something is called through it', () => {
    const bad = 'http://dsi:hunter/2@proxy.commune.test:3128';
    const asked = { RELEVE_CHORUS_PRODUCTION_CLIENT_ID: 'id' };
    const keysOf = (env: Record<string, string>) => {
      // What calls nothing reads its settings all the same.
      const faults = proxyFaults(read(env), env);
      expect(JSON.stringify(faults)).not.toMatch(/dsi|hunter|commune/);
      return faults.map(({ key }) => key);
    };
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) {
      expect(keysOf({ ...asked, [name]: bad })).toEqual([name]);
      expect(keysOf({ ...asked, [name]: bad, NO_PROXY: 'localhost, .piste.gouv.fr' })).toEqual([]);
      expect(keysOf({ ...asked, [name]: bad, NO_PROXY: 'api.piste.gouv.fr' })).toEqual([name]);
    }
    const beats = (scheme: string) => ({ RELEVE_HEARTBEAT_URL: `${scheme}://beats.example.fr/x` });
    expect(keysOf({ ...beats('http'), HTTP_PROXY: bad, HTTPS_PROXY: bad })).toEqual(['HTTP_PROXY']);
    expect(keysOf({ ...beats('https'), ...asked, HTTPS_PROXY: bad })).toEqual(['HTTPS_PROXY']);
    const hook = (url: string) => ({ RELEVE_WEBHOOK_URL: url, HTTP_PROXY: bad, HTTPS_PROXY: bad });
    expect(keysOf(hook('https://hooks.example.fr/x'))).toEqual(['HTTPS_PROXY']);
    expect(keysOf(hook('http://127.0.0.1:9/x'))).toEqual([]);
    // Reminders alone call nobody; nor does what stays on this machine.
    expect(keysOf({ HTTPS_PROXY: bad, HTTP_PROXY: bad })).toEqual([]);
    const here = {
      RELEVE_CHORUS_PRODUCTION_TOKEN_URL: 'http://127.0.0.1:9/t',
      RELEVE_CHORUS_PRODUCTION_API_URL: 'http://127.0.0.1:9',
    };
    expect(keysOf({ ...asked, ...here, HTTPS_PROXY: bad })).toEqual([]);
    expect(keysOf({ ...asked, HTTPS_PROXY: 'http://dsi:hunter%2F2@proxy.commune.test:3128' })).toEqual([]);
    expect(keysOf({ ...asked, HTTPS_PROXY: 'http://proxy.commune.test:3128/ ' })).toEqual([]);
  });

  test('text that is not UTF-8 is a fault with the place of its first byte: settings, .env, procedures, sinks', () => {
    // A case of the field: the name went into every letter as « d\ufffdvette ».
    const latin1 = (text: string) => Buffer.from(text, 'latin1');
    const file = join(cwd, 'releve.yaml');
    writeFileSync(
      file,
      latin1(
        'itService: { name: "Service informatique d\'Évette", phone: "03 84 00 00 00", email: it@exemple.fr }\ndoor: { url: "https://releve.exemple.fr" }\n',
      ),
    );
    const other = installation();
    writeFileSync(join(other, '.env'), latin1('# une clé\nRELEVE_HTTP_PORT=1\n'));
    const procedure = join(other, 'config/procedures/current.yaml');
    writeFileSync(procedure, latin1(`# a\n${readFileSync(procedure, 'utf8').replaceAll('’', "'")}`));
    const found = expect.stringContaining('not UTF-8 (an accent in Windows-1252 or Latin-1?)');
    const allowed = expect.stringContaining('the same text, saved as UTF-8');
    expect(faultsOf({ RELEVE_CONFIG: file })).toEqual([
      { key: 'RELEVE_CONFIG', where: `${file}:1:44`, found, allowed },
    ]);
    const inOther = (env: Record<string, string>) => readConfig({ env, root: other, cwd });
    expect(faultsOf({}, inOther)).toEqual([
      { key: '.env', where: `${join(other, '.env')}:1:9`, found, allowed },
      {
        key: 'procedures.production',
        where: expect.stringMatching(/^config\/procedures\/current\.yaml:\d+:\d+$/),
        found,
        allowed,
      },
    ]);
    const sinks = join(cwd, 'sinks.yaml');
    writeFileSync(sinks, latin1('sinks: []\n# é\n'));
    expect(readSinks(sinks, 'sinks.yaml', 'sinks', '')).toEqual({
      sinks: [],
      faults: [{ key: 'sinks', where: 'sinks.yaml:2:3', found, allowed }],
    });
  });

  test('any text in the file gives settings or faults, never another error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.json()), (text) => {
        faultsOf({ RELEVE_CONFIG: fileWith(text) });
      }),
      { numRuns: 200 },
    );
  });

  test('faults of a procedure name the file and the key', () => {
    const other = join(cwd, 'root');
    mkdirSync(join(other, 'config', 'procedures'), { recursive: true });
    writeFileSync(join(other, 'config/default.yaml'), readFileSync(join(root, 'config/default.yaml')));
    const good = readFileSync(join(root, 'config/procedures/current.yaml'), 'utf8');
    writeFileSync(join(other, 'config/procedures/current.yaml'), good);
    writeFileSync(join(other, 'config/procedures/qualification.yaml'), `${good}\nextra: 1\n`);
    expect(() => readConfig({ env: {}, root: other, cwd })).toThrow(
      /qualification: name .*the file's own name/,
    );
    expect(() => readConfig({ env: {}, root: other, cwd })).toThrow(/"extra"/);
    writeFileSync(join(other, 'config/procedures/qualification.yaml'), good.replaceAll('{login}', '{logni}'));
    expect(() => readConfig({ env: {}, root: other, cwd })).toThrow(
      /only \{login\}, \{structure\}, \{siret\}/,
    );
  });
});

describe('sending', () => {
  test('needs a server and a phone number', () => {
    expect(faultsForSending(read()).map(({ key }) => key)).toEqual(['mail.smtp.host', 'itService.phone']);
    const env = { RELEVE_MAIL_SMTP_HOST: 'smtp.example.fr', RELEVE_IT_SERVICE_PHONE: '+33 3 84 57 74 00' };
    expect(faultsForSending(read(env))).toEqual([]);
  });

  const withLogin = {
    RELEVE_MAIL_SMTP_USER: 'u',
    RELEVE_MAIL_DKIM_DOMAIN: 'example.fr',
    RELEVE_MAIL_DKIM_SELECTOR: 's',
  };
  const wrap = (text: string) => ({ text });
  const secretFile = (name: string, text: string | Buffer, mode = 0o600) => {
    writeFileSync(join(cwd, name), text);
    chmodSync(join(cwd, name), mode);
    return join(cwd, name);
  };

  test('secrets come from their files, without the last line break', () => {
    const env = {
      ...withLogin,
      RELEVE_MAIL_SMTP_PASSWORD_FILE: secretFile('password', 'hunter 2é\r\n'),
      RELEVE_MAIL_DKIM_KEY_FILE: secretFile('key', '\ufeffPEM\n\n', 0o400),
      RELEVE_MAIL_SMTP_CA_FILE: secretFile('ca', Buffer.from('subject=Évette\nCA', 'latin1'), 0o644),
    };
    expect(readMailSecrets(read(env), env, wrap)).toEqual({
      smtpPassword: { text: 'hunter 2é' },
      dkimKey: { text: 'PEM\n' },
      // PEM is ASCII; what stands beside it is a comment, and may be in any encoding.
      ca: 'subject=\ufffdvette\nCA',
    });
  });

  // The first three are cases of the field: each was sent as it is, and the server « refused the password ».
  test.each<[string, string | Buffer, string]>([
    [
      'a byte order mark',
      '\ufeffsimulator-made-up\n',

      'a byte order mark before the secret (U+FEFF)',
    ],
    ['a blank at its end', 'simulator-made-up \n', 'a blank after the secret (U+0020)'],
    ['a second line', 'simulator-made-up\n\n', 'a second line'],
    ['another second line', 'hunter2\r\nhunter3\r\n', 'a second line'],
    ['a blank before it', '\thunter2', 'a blank before the secret (U+0009)'],
    ['several blanks at its end', 'hunter 2\u00a0  ', 'a blank after the secret (U+00A0)'],
    // As `echo secret\r` and an old Macintosh leave it.
    ['a carriage return', 'hunter2\r\r\n', 'a carriage return in the secret (U+000D)'],
    // As web pages and chat programs add it where one copies.
    ['a zero-width space', 'hunt\u200ber2\n', 'a sign that nobody sees in the secret (U+200B)'],
    ['a zero byte', 'hunter2\0', 'a sign that nobody sees in the secret (U+0000)'],
    ['an accent in Latin-1', Buffer.from('huntér2\n', 'latin1'), 'a file that has a byte that is not UTF-8'],
    // PowerShell 5: `'secret' > file`.
    ['UTF-16', Buffer.from('\ufeffhunter2\r\n', 'utf16le'), 'a file that is UTF-16, not UTF-8'],
  ])(
    'a secret with %s is a fault that names it and no column, in a file and in a credential',
    (_, text, found) => {
      const file = secretFile('smtp-password', text);
      const env = { RELEVE_MAIL_SMTP_USER: 'u' };
      for (const more of [{ RELEVE_MAIL_SMTP_PASSWORD_FILE: file }, { CREDENTIALS_DIRECTORY: cwd }]) {
        const given = { ...env, ...more };
        const faults = faultsOf(given, (all) => readMailSecrets(read(all), all, wrap));
        expect(faults).toEqual([
          {
            key: 'mail.smtp.passwordFile',
            // A column, or a line of its own for each, would say how long the secret is.
            where: file,
            found: expect.stringContaining(found),
            allowed: expect.stringContaining('the secret alone, on one line in UTF-8'),
          },
        ]);
        expect(JSON.stringify(faults)).not.toMatch(/hunt|simulator/);
      }
    },
  );

  test('the client secret of PISTE and the password of PostgreSQL are read the same way; master keys have lines', () => {
    const file = secretFile('secret', 'hunter2 \n');
    const env = {
      RELEVE_CHORUS_PRODUCTION_CLIENT_ID: 'id',
      RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE: file,
      RELEVE_DATABASE_URL: 'postgres://releve@localhost/releve',
      RELEVE_DATABASE_PASSWORD_FILE: file,
      RELEVE_VAULT_KEY_FILE: secretFile('keys', Buffer.from('\ufeff# clé\nk:x \n\n', 'utf8')),
    };
    const config = read(env);
    for (const reader of [readChorusSecrets, readDatabaseSecrets]) {
      expect(faultsOf(env, () => reader(config, env, wrap))).toMatchObject([
        { where: file, found: 'a blank after the secret (U+0020)' },
      ]);
    }
    expect(masterKeys(config, env).read()).toBe('# clé\nk:x \n');
  });

  test('secrets come from the credentials of systemd, where white space means none', () => {
    secretFile('smtp-password', 'hunter2', 0o440);
    secretFile('dkim-key', '\n');
    const env = { RELEVE_MAIL_SMTP_USER: 'u', CREDENTIALS_DIRECTORY: cwd };
    expect(readMailSecrets(read(env), env, wrap)).toEqual({
      smtpPassword: { text: 'hunter2' },
      dkimKey: null,
      ca: null,
    });
    // Without a user no password is read, although there is one.
    expect(readMailSecrets(read(), env, wrap).smtpPassword).toBeNull();
  });

  test('a secret that nobody would use is not read, whatever its file is like', () => {
    const [odd, open] = [secretFile('odd', 'hunter2 \n'), secretFile('open', 'hunter2\n', 0o644)];
    const missing = join(cwd, 'missing');
    const mail = {
      RELEVE_MAIL_SMTP_PASSWORD_FILE: odd,
      RELEVE_MAIL_SMTP_CA_FILE: missing,
      RELEVE_MAIL_SMTP_SECURITY: 'none',
      // The credential of a user who is gone.
      CREDENTIALS_DIRECTORY: cwd,
    };
    for (const name of ['dkim-key', 'piste-production']) secretFile(name, '\ufeff \n \0');
    const none = { smtpPassword: null, dkimKey: null, ca: null };
    expect(readMailSecrets(read(mail), mail, wrap)).toEqual(none);
    expect(
      faultsOf({ ...mail, RELEVE_MAIL_SMTP_USER: 'u', RELEVE_MAIL_SMTP_HOST: 'localhost' }, (all) =>
        readMailSecrets(read(all), all, wrap),
      ),
    ).toMatchObject([{ key: 'mail.smtp.passwordFile' }]);
    const chorus = {
      RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE: open,
      RELEVE_CHORUS_QUALIFICATION_CLIENT_ID: 'id',
      RELEVE_CHORUS_QUALIFICATION_CLIENT_SECRET_FILE: odd,
      RELEVE_CHORUS_QUALIFICATION_VERIFICATION: 'none',
      RELEVE_CHORUS_CA_FILE: missing,
    };
    expect(readChorusSecrets(read(chorus), chorus, wrap)).toEqual({
      production: null,
      qualification: null,
      ca: null,
    });
    const used = { ...chorus, RELEVE_CHORUS_QUALIFICATION_VERIFICATION: 'piste' };
    expect(faultsOf(used, (all) => readChorusSecrets(read(all), all, wrap)).map(({ key }) => key)).toEqual([
      'chorus.qualification.clientSecretFile',
      'chorus.caFile',
    ]);
    const door = { RELEVE_DOOR_CERT_FILE: missing, RELEVE_DOOR_KEY_FILE: open };
    expect(readServerCertificate(read(door), door)).toBeNull();
    const served = { ...door, RELEVE_DOOR_URL: 'https://releve.example' };
    expect(faultsOf(served, (all) => readServerCertificate(read(all), all))).toHaveLength(2);
  });

  test('faults of secret files are reported at once, without their content', () => {
    const env = {
      ...withLogin,
      RELEVE_MAIL_SMTP_PASSWORD_FILE: secretFile('password', 'hunter2', 0o640),
      RELEVE_MAIL_SMTP_CA_FILE: join(cwd, 'missing'),
    };
    let message = '';
    try {
      readMailSecrets(read(env), env, wrap);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/mail\.smtp\.passwordFile .*mode 0640.*chmod 600/);
    expect(message).toMatch(/mail\.smtp\.caFile .*no such file/);
    expect(message).toMatch(/mail\.dkim\.keyFile .*nothing/);
    expect(message).not.toContain('hunter2');
    const faultOf = (file: string) => {
      const own = { RELEVE_MAIL_SMTP_USER: 'u', RELEVE_MAIL_SMTP_PASSWORD_FILE: file };
      return () => readMailSecrets(read(own), own, wrap);
    };
    expect(faultOf(secretFile('empty', '\n'))).toThrow('an empty file');
    expect(faultOf(cwd)).toThrow('no regular file');
  });

  test('the password of PostgreSQL, where there is one, and its authority', () => {
    expect(readDatabaseSecrets(read(), {}, wrap)).toBeNull();
    const env = {
      RELEVE_DATABASE_URL: 'postgres://releve@db/releve',
      RELEVE_DATABASE_PASSWORD_FILE: secretFile('pg', 'hunter2\n'),
    };
    const tls = { ca: null, cert: null, key: null };
    expect(readDatabaseSecrets(read(env), env, wrap)).toEqual({ password: { text: 'hunter2' }, tls });
    const withCa = { ...env, RELEVE_DATABASE_CA_FILE: secretFile('ca', 'PEM') };
    expect(readDatabaseSecrets(read(withCa), withCa, wrap)?.tls).toEqual({ ...tls, ca: 'PEM' });
    const local = { ...env, RELEVE_DATABASE_URL: 'postgres://releve@localhost/releve' };
    expect(readDatabaseSecrets(read(local), local, wrap)?.tls).toBeNull();
  });
});
