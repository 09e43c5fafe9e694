// What every command stands on, broken: settings, database files, data folders, a disk without room. Refused in words, nothing touched.
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { csvOf, MONDAY, numberedUsers } from '../rig/installation.ts';
import { leavingAfterEach } from '../rig/mail-journey.ts';
import { releve } from '../rig/process.ts';
import { openDiskWorld, openReminderWorld, type ReminderWorld } from '../rig/world-process.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A mail server that is never asked. */
const SMTP_PORT = 1;
const leaving = leavingAfterEach();

async function worldOf(name: string): Promise<ReminderWorld> {
  const world = await openReminderWorld(name, 1, SMTP_PORT);
  leaving.push(world.remove);
  return world;
}

describe('wrong settings', () => {
  it('are told all at once, each with its key, before anything is touched', async () => {
    const world = await worldOf('settings');
    const file = join(world.path, 'own.yaml');
    await writeFile(file, 'mail:\n  smtp:\n    hosst: a\n    port: 99999\nladder:\n  thenEvery: often\n');
    const data = join(world.path, 'untouched');
    const ended = await releve(['run'], {
      env: {
        ...world.env,
        RELEVE_DATA: data,
        RELEVE_CONFIG: file,
        RELEVE_MAIL_SMTP_PORT: '',
        RELEVE_MAIL_SMTP_HOTS: 'a',
        RELEVE_LETTERS_WINDOW_FROM: '25:00',
        RELEVE_VALIDITY_PRODUCTION_LATEST: '424',
      },
    });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('the settings have 6 fault(s)');
    for (const words of [
      /mail\.smtp\.hosst \(.*own\.yaml:3\): found an unknown key; allowed: did you mean mail\.smtp\.host\?/,
      /RELEVE_MAIL_SMTP_HOTS .*: found an unknown variable; allowed: did you mean RELEVE_MAIL_SMTP_HOST\?/,
      /mail\.smtp\.port \(RELEVE_MAIL_SMTP_PORT\): found an empty text; allowed: a port, 1 to 65535/,
      /ladder\.thenEvery \(.*own\.yaml:6\): found a text that is not allowed; allowed: a whole number from 1 to 365/,
      /letters\.window\.from \(RELEVE_LETTERS_WINDOW_FROM\): .*allowed: a time of day/,
      /validity\.production\.latest \(RELEVE_VALIDITY_PRODUCTION_LATEST\): .*allowed: an ISO 8601 duration/,
    ]) {
      expect(ended.stderr).toMatch(words);
    }
    expect(existsSync(data)).toBe(false);
  });

  it.each(['run', 'remind'])(
    'what is missing for sending is told together with the secrets: %s',
    async (command) => {
      const { path } = await worldOf(`missing-${command}`);
      const password = join(path, 'no-such-file');
      const env = {
        RELEVE_DATA: join(path, 'untouched'),
        RELEVE_MAIL_SMTP_USER: 'releve',
        RELEVE_MAIL_SMTP_PASSWORD_FILE: password,
      };
      const ended = await releve([command], { env });
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toMatch(/mail\.smtp\.host \(RELEVE_MAIL_SMTP_HOST\): found null/);
      expect(ended.stderr).toMatch(/itService\.phone \(RELEVE_IT_SERVICE_PHONE\): found null/);
      expect(ended.stderr).toContain(`mail.smtp.passwordFile (${password}): found no such file`);
      expect(existsSync(env.RELEVE_DATA)).toBe(false);
    },
  );
});

/** Every file of a database, as bytes; SQLite's index of the log is its own scratch paper. */
function bytesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter(
    (name) => name.startsWith('releve.sqlite') && !name.endsWith('-shm'),
  );
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'base64')]));
}

/** What a newer program may have left: the way its last transaction lies on the disk. */
const LEFT: readonly (readonly [string, (raw: DatabaseSync, file: string, copy: string) => void])[] = [
  ['closed in good order', (_raw, file, copy) => copyFileSync(file, copy)],
  [
    'that crashed, its log beside it',
    (raw, file, copy) => {
      raw.exec('create table newer (a); insert into newer values (1)');
      copyFileSync(file, copy);
      copyFileSync(`${file}-wal`, `${copy}-wal`);
    },
  ],
  [
    'without a log',
    (raw, file, copy) => {
      raw.exec('pragma journal_mode = delete');
      copyFileSync(file, copy);
    },
  ],
];

describe('a database that cannot be used', () => {
  it.each(LEFT)('of a newer program, %s: refused, not a byte changed', async (_how, leave) => {
    const world = await worldOf('newer');
    const data = join(world.path, 'newer');
    await mkdir(data, { mode: 0o700 });
    const file = join(world.data, 'releve.sqlite');
    const raw = new DatabaseSync(file);
    raw.exec("update meta set value = 99 where key = 'version'; pragma wal_checkpoint(truncate)");
    leave(raw, file, join(data, 'releve.sqlite'));
    raw.close();
    const before = bytesIn(data);
    const env = { ...world.env, RELEVE_DATA: data };
    for (const args of [['list'], ['run'], ['remind']]) {
      const ended = await releve(args, { env, clock: MONDAY });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(
        /^releve: the database has version 99, this program knows \d+: .*newer.*\n$/,
      );
      expect(bytesIn(data)).toEqual(before);
    }
  });

  it.each([
    ['not a database at all', (_good: Buffer) => Buffer.alloc(20_000, 'cela n’est pas une base de données')],
    ['cut short', (good: Buffer) => good.subarray(0, 30_000)],
    [
      'with a page of nonsense',
      (good: Buffer) => Buffer.concat([good.subarray(0, 4_096), Buffer.alloc(good.length - 4_096, 7)]),
    ],
  ])('%s: refused in words, not a byte changed', async (_how, broken) => {
    const world = await worldOf('broken');
    const file = join(world.data, 'releve.sqlite');
    writeFileSync(file, broken(readFileSync(file)));
    const before = bytesIn(world.data);
    for (const args of [['list'], ['run']]) {
      const ended = await releve(args, { env: world.env, clock: MONDAY });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(
        /^releve: the database .*releve\.sqlite cannot be used \(.*\): it is damaged.*copy.*\n$/,
      );
      expect(bytesIn(world.data)).toEqual(before);
    }
  });
});

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

describe('a data folder that cannot be used', () => {
  it('is a file, lies below one, is open to others, or is another user’s', async () => {
    const { path, data } = await worldOf('folder');
    const file = join(path, 'file');
    await writeFile(file, '');
    await chmod(data, 0o750);
    const cases: readonly (readonly [string, RegExp, readonly string[]])[] = [
      [file, /is a file: name another folder in RELEVE_DATA/, []],
      [join(file, 'var'), /is a file, or lies below one/, []],
      [data, /is open to others \(mode 0750\): close it with chmod 700/, []],
      ['/sys/releve', /cannot be written/, []],
      ['/root', /belongs to user 0, and this is user 65534/, NOBODY],
    ];
    for (const [folder, words, through] of cases) {
      const ended = await releve(['token', 'new', 'tool', '--for', 'submit'], {
        env: { RELEVE_DATA: folder },
        through,
      });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(words);
      expect(ended.stderr.split('\n')).toHaveLength(2);
    }
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(statSync(data).mode & 0o777).toBe(0o750);
  });

  it('lies on a disk that became read-only', async () => {
    const world = await openDiskWorld(2, 3, SMTP_PORT);
    leaving.push(world.remove);
    const { start } = world;
    await world.disk.remount('ro');
    for (const args of [['list'], ['run'], ['import', 'any.csv']]) {
      const ended = await releve(args, start);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
    }
    const ended = await releve(['list'], start);
    expect(ended.stderr).toMatch(
      /^releve: The data folder .* lies on a read-only file system: name a writable folder.*\n$/,
    );
  });
});

const FULL =
  /the database .* cannot be used \(.*\): the disk is full; make room, nothing of this step was kept/;

describe('a full disk', () => {
  it('an import says so, and keeps nothing of the file', async () => {
    const world = await openDiskWorld(1, 12, SMTP_PORT);
    leaving.push(world.remove);
    const { disk, start, path } = world;
    const large = join(path, 'large.csv');
    await writeFile(large, csvOf(numberedUsers(3_000)));
    disk.fill();
    const full = await releve(['import', large], start);
    expect(full).toMatchObject({ code: 1, stdout: '' });
    expect(full.stderr).toMatch(FULL);
    disk.free();
    // Less room than the file needs: it fails in the midst.
    disk.fill(1_000_000);
    const midst = await releve(['import', large], start);
    expect(midst).toMatchObject({ code: 1, stdout: '' });
    expect(midst.stderr).toMatch(FULL);
    expect(JSON.parse((await releve(['list', '--json'], start)).stdout)).toHaveLength(1);
    disk.free();
    expect(JSON.parse((await releve(['import', large, '--json'], start)).stdout)).toMatchObject({
      created: 2_999,
    });
  });
});
