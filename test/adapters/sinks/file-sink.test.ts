// The file sink on real disks: whole files, right owners, and clear faults when the disk refuses.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of other languages.
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import type { SinkReader } from '../../../src/foundation/sink-template.ts';
import { startProcess } from '../../rig/process.ts';
import { smallDisk } from '../../rig/small-disk.ts';
import { content, fileSettings, LOGIN } from './samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releve-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PATTERN = () => join(folder, '{{login}}.json');
const PATH = () => join(folder, `${LOGIN}.json`);
const open = (changes = {}) => openSink(fileSettings(PATTERN(), changes), {});
const faultOf = (worked: object) => ('fault' in worked ? String(worked.fault) : 'no fault');

describe('what a file says', () => {
  const formats = ['json', 'dotenv', 'ini', 'ini-plain', 'properties', 'xml'] as const;

  it.each(formats)('of its version is read back: %s', async (format) => {
    const sink = open({ format, reader: format === 'dotenv' ? 'npm' : null });
    // A number in the password, as if it were a version, is none.
    const password = format === 'dotenv' ? 'version=99' : '"version": 99, version=99';
    const written = content({ version: 7, password });
    await sink.write(written);
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'different', version: 7 });
    expect(await sink.compare({ ...content(), version: 3, password: written.password })).toEqual({
      ok: true,
      state: 'same-password',
    });
  });

  it.each([
    ['{"a":"{{login}}","version":{{version}},"p":"{{password}}"}', 'json', 7],
    ['<a><v>{{version}}</v><p x="{{login}}">{{password}}</p></a>', 'xml', 7],
    ['{{login}}:{{password}}:v{{version}}', 'text', 7],
    ['{"p":"{{password}}"}', 'json', null],
  ] as const)('in a template of its own is read back: %s', async (template, format, version) => {
    const sink = open({ format, template });
    await sink.write(content({ version: 7 }));
    expect(await sink.compare(content({ password: 'another' }))).toEqual({
      ok: true,
      state: 'different',
      version,
    });
  });

  it('in two ways is no version, nor is anything but a number; an empty file is none', async () => {
    const template = 'p={{password}}\nv={{version}}\n';
    const sink = open({ format: 'text', template });
    const other = { ok: true, state: 'different', version: null };
    for (const text of ['p=x\nv=7\nv=8\n', 'p=x\nv=seven\n', 'p=v=7\n', 'x\n']) {
      writeFileSync(PATH(), text, { mode: 0o600 });
      expect(await sink.compare(content())).toEqual(other);
    }
    writeFileSync(PATH(), ' \r\n', { mode: 0o600 });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
    // By the hand of somebody with another system.
    writeFileSync(PATH(), 'p=x\r\n  v=7\r\n', { mode: 0o600 });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'different', version: 7 });
  });
});

describe('a file that reads the same', () => {
  const READ = 'CHORUS_PRO_LOGIN=%\nCHORUS_PRO_PASSWORD=%\nCHORUS_PRO_PASSWORD_VERSION=%\n';
  const file = (...values: readonly string[]) => {
    const [login = '', password = '', version = ''] = values;
    const text = [login, password, version].reduce((all, value) => all.replace('%', () => value), READ);
    writeFileSync(PATH(), text, { mode: 0o600 });
  };
  const compared = (reader: SinkReader | null, password: string, format: 'dotenv' | 'ini' = 'dotenv') =>
    open({ format, reader }).compare(content({ password }));

  // As 0.6.0 wrote them.
  it.each([
    [null, 'Xy7(q[_é', `'Xy7(q[_é'`],
    [null, "Let's go!", `"Let's go!"`],
    [null, '$2y$10$fb', `'$2y$10$fb'`],
    ['npm', `A"b3'nEr9hkL`, `\`A"b3'nEr9hkL\``],
    ['npm', "A$b3'nEr9hkL", "`A$b3'nEr9hkL`"],
    ['npm', 'Ym~dYpKAah[5E\\', 'Ym~dYpKAah[5E\\'],
    ['python', 'Ym~dYpKAah[5E\\', 'Ym~dYpKAah[5E\\'],
    // Bare, where we would write quotes: by hand, or by another program.
    [null, 'Xy7.q@9', 'Xy7.q@9'],
    ['shell', `a'b"c`, `'a'"'"'b"c'`],
    ['systemd', 'a$b', 'a\\$b'],
  ] as const)('is not written again: %s, %s, %s', async (reader, password, written) => {
    file(`'${LOGIN}'`, written, `'3'`);
    expect(await compared(reader, password)).toEqual({ ok: true, state: 'same' });
    file(`'${LOGIN}'`, written, '2');
    expect(await compared(reader, password)).toEqual({ ok: true, state: 'same-password' });
    chmodSync(PATH(), 0o640);
    file(`'${LOGIN}'`, written, '3');
    expect(await compared(reader, password)).toEqual({ ok: true, state: 'same-password' });
  });

  it.each([
    // What 0.6.0 wrote for python-dotenv is another password to it.
    ['python', 'Ab\\\\3cdEF9hk', `'Ab\\\\3cdEF9hk'`],
    // Run, or expanded.
    ['shell', "Ab'`id`cd3E", '"Ab\'`id`cd3E"'],
    ['php', 'a${b}', '"a${b}"'],
    [null, 'Xy7(q[_é', 'Xy7(q[_é'],
    [null, 'Xy7q', `'Xy7q' # new`],
  ] as const)('to none of its readers is: %s, %s, %s', async (reader, password, written) => {
    file(`'${LOGIN}'`, written, `'3'`);
    expect(await compared(reader, password)).toEqual({ ok: true, state: 'different', version: 3 });
  });

  it('has no line more, none less, none that differs, and is short', async () => {
    const different = { ok: true, state: 'different', version: 3 };
    for (const login of [`'another'`, `'${LOGIN}'\n# a line`, `'${LOGIN}`, ' '.repeat(900_000)]) {
      file(login, 'Xy7q', `'3'`);
      expect(await compared(null, 'Xy7q')).toEqual(different);
    }
    writeFileSync(PATH(), `[chorus-pro]\nlogin = ${LOGIN}\npassword = "a\\"b"\nversion = 3\n`, {
      mode: 0o600,
    });
    expect(await compared('git', 'a"b', 'ini')).toEqual({ ok: true, state: 'same' });
    expect(await compared('php', 'a"b', 'ini')).toEqual(different);
  });
});

describe('a file', () => {
  it('is written whole with mode 0600 and nothing beside it, and is then the same', async () => {
    const sink = open();
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(JSON.parse(readFileSync(PATH(), 'utf8')).password).toBe(content().password.reveal());
    expect(statSync(PATH()).mode & 0o7777).toBe(0o600);
    expect(readdirSync(folder)).toEqual([`${LOGIN}.json`]);
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    expect(await sink.compare(content({ version: 4 }))).toEqual({ ok: true, state: 'same-password' });
    expect(await sink.compare(content({ version: 2 }))).toEqual({ ok: true, state: 'same-password' });
    const other = content({ version: 4, password: 'another(Aa1' });
    expect(await sink.compare(other)).toEqual({ ok: true, state: 'different', version: 3 });
  });

  it('is not the same when its mode, owner or group was changed, and gets them back', async () => {
    const sink = open({ owner: 'nobody', group: 65534, mode: 0o640 });
    await sink.write(content());
    const seen = () => {
      const { uid, gid, mode } = statSync(PATH());
      return [uid, gid, mode & 0o7777];
    };
    expect(seen()).toEqual([65534, 65534, 0o640]);
    for (const spoil of [
      () => chmodSync(PATH(), 0o644),
      () => chownSync(PATH(), 1, 65534),
      () => chownSync(PATH(), 65534, 1),
    ]) {
      spoil();
      expect(await sink.compare(content())).toEqual({ ok: true, state: 'same-password' });
      await sink.write(content());
      expect(seen()).toEqual([65534, 65534, 0o640]);
      expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    }
  });

  it('is replaced and never changed: who has the old one open reads the old one whole', async () => {
    await open().write(content({ password: 'old' }));
    const before = statSync(PATH()).ino;
    await open().write(content({ password: 'new' }));
    expect(statSync(PATH()).ino).not.toBe(before);
  });

  it('takes away what a crash left aside, and nothing else', async () => {
    const left = `.${LOGIN}.json.releve-0123456789abcdef`;
    const strangers = ['.other.json.releve-0123456789abcdef', `.${LOGIN}.json.releve-notes`];
    for (const name of [left, ...strangers]) writeFileSync(join(folder, name), 'x');
    expect(await open().write(content())).toEqual({ ok: true });
    expect(readdirSync(folder).sort()).toEqual([...strangers, `${LOGIN}.json`].sort());
  });

  it('survives many writes at once, the last one winning', async () => {
    const sink = open();
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    const done = await Promise.all(versions.map((version) => sink.write(content({ version }))));
    expect(done.every(({ ok }) => ok)).toBe(true);
    expect(JSON.parse(readFileSync(PATH(), 'utf8')).version).toBe(20);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('who it is for', () => {
  it('serves the accounts of its own environment, all or those that are named', () => {
    const all = open();
    expect(all.serves({ login: 'a', environment: 'production' })).toBe(true);
    expect(all.serves({ login: 'a', environment: 'qualification' })).toBe(false);
    const some = open({ logins: [LOGIN] });
    expect(some.serves({ login: LOGIN, environment: 'production' })).toBe(true);
    expect(some.serves({ login: 'a', environment: 'production' })).toBe(false);
  });

  it('refuses an account of the other environment even when it is asked', async () => {
    const foreign = content({ environment: 'qualification' });
    const sink = open({ hook: { run: ['true'], timeoutMs: 5_000 } });
    for (const work of [
      sink.write(foreign),
      sink.compare(foreign),
      sink.hook(foreign),
      sink.hold(foreign, { on: true }),
    ]) {
      expect(faultOf(await work)).toMatch(/another environment/);
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a fault names the path and what to do', () => {
  it.each(['../../etc/x', 'a/b', '..', 'a\0b', '.hidden', '', 'a\\b'])(
    'a login like %j never leaves the folder',
    async (login) => {
      const inner = join(folder, 'a', 'b');
      mkdirSync(inner, { recursive: true });
      const sink = openSink(
        fileSettings(join(inner, '{{login}}'), { format: 'text', template: '{{password}}' }),
        {},
      );
      expect(faultOf(await sink.write(content({ login })))).toMatch(/cannot be part of a file name/);
      expect(readdirSync(inner)).toEqual([]);
      expect(readdirSync(folder)).toEqual(['a']);
    },
  );

  it('a missing folder, a file in the place of a folder, a folder in the place of the file', async () => {
    const write = async (path: string) => faultOf(await openSink(fileSettings(path), {}).write(content()));
    expect(await write(join(folder, 'none', 'x'))).toBe(
      `sink sample: ${folder}/none/x cannot be written or read (ENOENT): there is no folder ${folder}/none; create it`,
    );
    writeFileSync(join(folder, 'plain'), '');
    expect(await write(join(folder, 'plain', 'x'))).toMatch(/ENOTDIR.*is not a folder/);
    expect(await write(folder)).toMatch(/is not an ordinary file/);
  });

  it('a symbolic link is neither followed nor replaced', async () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, PATH());
    for (const answer of [await open().write(content()), await open().compare(content())]) {
      expect(faultOf(answer)).toMatch(/is a symbolic link; name the file that it points to, or remove it/);
    }
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    expect(lstatSync(PATH()).isSymbolicLink()).toBe(true);
  });

  it('a folder on the way that others than root and its owner can change, where we are root', async () => {
    const below = join(folder, 'a', 'b');
    mkdirSync(below, { recursive: true });
    const path = join(below, '{{login}}.json');
    const write = async (changes = {}) =>
      faultOf(await openSink(fileSettings(path, changes), {}).write(content()));
    expect(await write()).toBe('no fault');
    for (const [spoil, said] of [
      [
        () => chmodSync(join(folder, 'a'), 0o777),
        /is not safe, as .*\/a can be changed by everybody \(mode 0777\): chmod o-w/,
      ],
      [
        () => chownSync(join(folder, 'a'), 65_534, 65_534),
        /\/a belongs to user 65534: if the connector runs as nobody, set owner: nobody; else give it to root/,
      ],
      [
        () => chownSync(below, 0, 4) ?? chmodSync(below, 0o2775),
        /\/b can be changed by group 4 \(mode 2775\)/,
      ],
    ] as const) {
      spoil();
      const before = readFileSync(join(below, `${LOGIN}.json`), 'utf8');
      expect(await write()).toMatch(said);
      expect(readFileSync(join(below, `${LOGIN}.json`), 'utf8')).toBe(before);
      for (const place of [join(folder, 'a'), below]) {
        chownSync(place, 0, 0);
        chmodSync(place, 0o755);
      }
    }
    // The connector that gets the password may own its folder; and in a sticky one nobody moves another's.
    chownSync(below, 65_534, 65_534);
    expect(await write({ owner: '65534' })).toBe('no fault');
    chownSync(below, 0, 0);
    chmodSync(below, 0o1777);
    expect(await write()).toBe('no fault');
  });

  it('a user or group that does not exist, with the old content intact', async () => {
    await open().write(content({ password: 'old' }));
    const owner = await open({ owner: 'no-such-user' }).write(content());
    expect(faultOf(owner)).toMatch(/this machine knows no user no-such-user: create it/);
    expect(faultOf(await open({ group: 'no-such-group' }).write(content()))).toMatch(
      /knows no group no-such-group/,
    );
    expect(JSON.parse(readFileSync(PATH(), 'utf8')).password).toBe('old');
  });
});

/** What a process of its own says of a write: as another user, or where another disk is seen. */
async function writeElsewhere(settings: object, through: readonly string[]): Promise<string> {
  const from = (path: string) => new URL(`../../../src/${path}`, import.meta.url).pathname;
  const work = `
    import { openSink } from '${from('adapters/sinks/sink.ts')}';
    import { Secret } from '${from('domain/shared/secret.ts')}';
    const content = { ...JSON.parse(process.env.CONTENT), password: new Secret('new canary') };
    const done = await openSink(JSON.parse(process.env.SETTINGS), {}).write(content);
    console.log(done.ok ? 'written' : done.fault);`;
  const env = { SETTINGS: JSON.stringify(settings), CONTENT: JSON.stringify(content()) };
  const command = [...through, process.execPath, '--input-type=module', '-e', work];
  const ended = await startProcess(command, { env }).ended;
  expect(ended.stderr).toBe('');
  return ended.stdout.trim();
}

describe('on a small disk', () => {
  it('a full disk and a read-only one leave the old file as it was, and say what to do', async () => {
    const disk = await smallDisk(1);
    const seen = (name: string) =>
      startProcess([...disk.through, 'sh', '-c', `cat ${disk.path}/${name}; ls -A ${disk.path}`]).ended;
    const settings = fileSettings(join(disk.path, 'x'), {
      format: 'text',
      template: `{{password}}${'.'.repeat(20_000)}`,
    });
    try {
      await startProcess([...disk.through, 'sh', '-c', `printf old > ${disk.path}/x`]).ended;
      disk.fill(4096);
      expect(await writeElsewhere(settings, disk.through)).toBe(
        `sink sample: ${disk.path}/x cannot be written or read (ENOSPC): the disk of ${disk.path} is full; make room on it`,
      );
      expect((await seen('x')).stdout).toBe('oldfiller\nx\n');
      disk.free();
      await disk.remount('ro');
      expect(await writeElsewhere(settings, disk.through)).toMatch(
        /\(EROFS\): .* is read-only to the daemon; remount it/,
      );
      expect((await seen('x')).stdout).toBe('oldx\n');
      await disk.remount('rw');
      expect(await writeElsewhere(settings, disk.through)).toBe('written');
      expect((await seen('x')).stdout).toMatch(/^new canary\.+x\n$/);
    } finally {
      await disk.remove();
    }
  });
});

describe('a file that is a mount of its own', () => {
  // As `docker run -v /srv/secret.json:/run/secret.json` and secrets of Docker and Kubernetes (subPath) give it.
  it('says so, and what to mount in its place; the old content stays', async () => {
    writeFileSync(PATH(), 'old');
    const mount = 'mount --bind "$0" "$0" && exec "$@"';
    const through = ['unshare', '--mount', 'sh', '-c', mount, PATH()];
    expect(await writeElsewhere(fileSettings(PATTERN()), through)).toMatch(
      /^sink sample: .*json cannot be written or read \(EBUSY\): .*json is a mount of its own \(.*Docker.*: mount a folder/,
    );
    expect([readFileSync(PATH(), 'utf8'), readdirSync(folder)]).toEqual(['old', [`${LOGIN}.json`]]);
  });
});

describe('without the rights of root', () => {
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  it('a folder that may not be written in, and an owner that may not be given', async () => {
    chmodSync(folder, 0o755);
    expect(await writeElsewhere(fileSettings(PATTERN()), asNobody)).toMatch(
      /\(EACCES\): the daemon may not write in .*; give its user that right/,
    );
    chmodSync(folder, 0o777);
    expect(await writeElsewhere(fileSettings(PATTERN(), { owner: 'root' }), asNobody)).toMatch(
      /cannot be given to user 0: the daemon needs CAP_CHOWN/,
    );
    expect(readdirSync(folder)).toEqual([]);
    expect(await writeElsewhere(fileSettings(PATTERN()), asNobody)).toBe('written');
    expect(statSync(PATH()).uid).toBe(65534);
  });

  it('an owner can be given with three capabilities; without the right to read, the read back says so', async () => {
    chmodSync(folder, 0o777);
    const caps = (list: string) => [...asNobody, `--inh-caps=${list}`, `--ambient-caps=${list}`];
    const settings = fileSettings(PATTERN(), { owner: 1 });
    expect(await writeElsewhere(settings, caps('+chown,+fowner'))).toMatch(
      /may not be read by the daemon \(EACCES\): a file given away needs CAP_DAC_READ_SEARCH/,
    );
    expect(await writeElsewhere(settings, caps('+chown,+fowner,+dac_read_search'))).toBe('written');
    expect(statSync(PATH()).uid).toBe(1);
  });
});

describe('the hold file', () => {
  it('is there while the connector shall hold its calls, and says since when', async () => {
    const hold = join(folder, `${LOGIN}.hold`);
    const sink = open({ holdFile: join(folder, '{{login}}.hold') });
    expect(sink.canHold).toBe(true);
    expect(await sink.hold(content(), { on: true })).toEqual({ ok: true });
    const first = readFileSync(hold, 'utf8');
    expect(JSON.parse(first)).toEqual({ login: LOGIN, environment: 'production', since: expect.any(String) });
    expect(() => Temporal.Instant.from(JSON.parse(first).since)).not.toThrow();
    expect(statSync(hold).mode & 0o777).toBe(0o644);
    const { ino } = statSync(hold);
    expect(await sink.hold(content(), { on: true })).toEqual({ ok: true });
    expect(statSync(hold).ino).toBe(ino);
    expect(await sink.hold(content(), { on: false })).toEqual({ ok: true });
    expect(await sink.hold(content(), { on: false })).toEqual({ ok: true });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tells a folder that is not there when it is to be made, and needs none to be taken away', async () => {
    const sink = open({ holdFile: join(folder, 'run', '{{login}}.hold') });
    expect(faultOf(await sink.hold(content(), { on: true }))).toMatch(/there is no folder .*run; create it/);
    expect(await sink.hold(content(), { on: false })).toEqual({ ok: true });
  });

  it('does nothing where none is set', async () => {
    expect(open().canHold).toBe(false);
    expect(await open().hold(content(), { on: true })).toEqual({ ok: true });
  });
});
