import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMasterKey, KeyFileFault } from '../../../src/adapters/vault/key-file.ts';
import { readTrusted } from '../../../src/foundation/trusted-file.ts';
import { smallDisk } from '../../rig/small-disk.ts';
import { DAY, freshKey, keysOf } from './keys.ts';

const source = resolve(import.meta.dirname, '../../../src/adapters/vault/key-file.ts');
const NOBODY = 65534;
const one = freshKey();
let folder: string;
let file: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'releve-keys-')));
  file = join(folder, 'master.keys');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;
const keysIn = (path: string) => keysOf(readFileSync(path, 'utf8'));
const addTo = (path: string, patienceMs?: number) => addMasterKey(path, DAY, patienceMs);

/** Adds keys in a process of its own, started through a command; what it said: an id on each line, or its fault. */
async function addElsewhere(path: string, times: number, through: readonly string[] = []) {
  const script = `
    import { addMasterKey } from ${JSON.stringify(source)};
    const day = Temporal.PlainDate.from('2026-11-21');
    for (let at = 0; at < ${times}; at++) {
      console.log(await addMasterKey(${JSON.stringify(path)}, day, 20_000).catch((fault) => 'fault ' + fault.message));
    }`;
  const [program = '', ...rest] = [...through, process.execPath, '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(program, rest);
  return stdout.trim().split('\n');
}

describe('a new key', () => {
  test('makes the file with mode 0600, whatever the umask, and gives its id, never the key', async () => {
    for (const mask of [0, 0o777]) {
      const before = process.umask(mask);
      const path = join(folder, `umask-${mask}`);
      try {
        const id = await addTo(path);
        expect(id).toMatch(/^2026-11-21-[0-9a-z]{4}$/);
        expect(keysIn(path).sealing).toBe(id);
      } finally {
        process.umask(before);
      }
      expect(modeOf(path)).toBe(0o600);
    }
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test.each([
    ['with comments', `# first\r\n\r\n${one.line}\r\n# last\n`, ''],
    ['without an end to its last line', `# caf\u00e9\n${one.line}`, '\n'],
  ])('is appended to a file %s, which keeps its bytes', async (_what, text, lineBreak) => {
    // Latin-1, as an old editor writes it.
    const bytes = Buffer.from(text, 'latin1');
    writeFileSync(file, bytes, { mode: 0o400 });
    const id = await addTo(file);
    const after = readFileSync(file);
    expect(after.subarray(0, bytes.length)).toEqual(bytes);
    expect(after.toString('latin1', bytes.length)).toMatch(new RegExp(`^${lineBreak}${id}:[\\w-]{43}\n$`));
    expect([...keysIn(file).byId.keys()]).toEqual([one.id, id]);
    expect(modeOf(file)).toBe(0o400);
  });

  test('goes where a link leads, and the link stays', async () => {
    mkdirSync(join(folder, 'far'));
    writeFileSync(join(folder, 'far', 'keys'), `${one.line}\n`, { mode: 0o600 });
    symlinkSync('far/keys', file);
    await addTo(file);
    expect(keysIn(join(folder, 'far', 'keys')).byId.size).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['far', 'master.keys']);
    expect(readdirSync(join(folder, 'far'))).toEqual(['keys']);
    symlinkSync('far', join(folder, 'near'));
    await addTo(join(folder, 'near', 'new'));
    expect(keysIn(join(folder, 'far', 'new')).byId.size).toBe(1);
  });
});

describe('a file that is refused', () => {
  const good = (path: string, mode = 0o600) => {
    writeFileSync(path, `${one.line}\n`, { mode });
    chmodSync(path, mode);
  };
  test.each<[string, () => void, RegExp]>([
    ['open to its group', () => good(file, 0o640), /is open to others \(mode 0640\): .*chmod 600/],
    ['open to all', () => good(file, 0o604), /is open to others \(mode 0604\)/],
    [
      'a link that points nowhere',
      () => symlinkSync(join(folder, 'none'), file),
      /is a link that points nowhere/,
    ],
    ['a link to itself', () => symlinkSync(file, file), /is a link that leads back to itself/],
    ['a folder', () => mkdirSync(file, { mode: 0o700 }), /is no regular file/],
    [
      'a pipe',
      () => execFileSync('perl', ['-MPOSIX', '-e', 'POSIX::mkfifo($ARGV[0], 0600) or die', file]),
      /is no regular file/,
    ],
    [
      'faulty',
      () => writeFileSync(file, `${one.line}\na:${one.text}`, { mode: 0o600 }),
      /\(line 2: the key of line 1 again/,
    ],
    ['huge', () => writeFileSync(file, '#'.repeat(2 ** 20 + 1), { mode: 0o600 }), /more than 1 MiB/],
  ])('%s', async (_what, prepare, says) => {
    prepare();
    const before = readdirSync(folder);
    const fault = await addTo(file).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(KeyFileFault);
    expect(String(fault)).toMatch(says);
    expect(String(fault)).not.toContain(one.text.slice(0, 8));
    expect(readdirSync(folder)).toEqual(before);
  });

  test('a socket, at the end of a link: nothing is made beside it, not for a moment', async () => {
    mkdirSync(join(folder, 'far'));
    const server = createServer().listen(join(folder, 'far', 'socket'));
    await once(server, 'listening');
    try {
      symlinkSync('far/socket', file);
      // Code that created the temporary file first would wait here, and blame another process.
      writeFileSync(join(folder, 'far', 'socket.new'), '');
      await expect(addTo(file, 0)).rejects.toThrow(/is no regular file/);
    } finally {
      server.close();
    }
  });

  test.each<[string, string, RegExp]>([
    ['in a folder that is missing', 'none/keys', /lies in a folder that does not exist: make the folder/],
    ['below a file', 'plain/keys', /lies below a file/],
  ])('%s', async (_what, path, says) => {
    writeFileSync(join(folder, 'plain'), '');
    await expect(addTo(join(folder, path))).rejects.toThrow(says);
    expect(readdirSync(folder)).toEqual(['plain']);
  });

  test("another user's, or in a folder where we may not write", async () => {
    good(file);
    chmodSync(folder, 0o755);
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    expect(await addElsewhere(file, 1, asNobody)).toEqual([
      expect.stringMatching(/^fault .*cannot be reached/),
    ]);
    chownSync(file, NOBODY, NOBODY);
    expect(await addElsewhere(file, 1, asNobody)).toEqual([expect.stringMatching(/^fault .*by this user/)]);
    // Nor by root: its owner may change it.
    await expect(addTo(file)).rejects.toThrow(/is not safe, as .* belongs to user 65534: give it to root/);
    expect(readFileSync(file, 'utf8')).toBe(`${one.line}\n`);
    expect(readdirSync(folder)).toEqual(['master.keys']);
  });

  test('below a folder that others can change, or over a link of theirs', async () => {
    good(file);
    chmodSync(folder, 0o777);
    await expect(addTo(file)).rejects.toThrow(/is not safe, as .* can be changed by everybody \(mode 0777\)/);
    await expect(addTo(join(folder, 'new'))).rejects.toThrow(/is not safe/);
    chmodSync(folder, 0o1777);
    symlinkSync(file, join(folder, 'link'));
    lchownSync(join(folder, 'link'), NOBODY, NOBODY);
    await expect(addTo(join(folder, 'link'))).rejects.toThrow(/is not safe, as .*link belongs to user 65534/);
    expect(readFileSync(file, 'utf8')).toBe(`${one.line}\n`);
    expect(readdirSync(folder).sort()).toEqual(['link', 'master.keys']);
  });

  test('on a full or read-only disk: it keeps its content, and no temporary file is left', async () => {
    const disk = await smallDisk(1);
    try {
      const path = join(disk.path, 'keys');
      const [first] = await addElsewhere(path, 1, disk.through);
      const look = () =>
        execFileSync(disk.through[0] ?? '', [
          ...disk.through.slice(1),
          'sh',
          '-c',
          `ls ${disk.path}; cat ${path}`,
        ]);
      const before = String(look());
      expect(before).toContain(first);
      disk.fill();
      expect(await addElsewhere(path, 1, disk.through)).toEqual([
        expect.stringMatching(/disk is full: make room/),
      ]);
      disk.free();
      await disk.remount('ro');
      expect(await addElsewhere(path, 1, disk.through)).toEqual([
        expect.stringMatching(/read-only file system/),
      ]);
      expect(String(look())).toBe(before);
    } finally {
      await disk.remove();
    }
  });
});

describe('two at once', () => {
  test('in one process: no key is lost', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => addTo(file, 20_000)));
    expect([...keysIn(file).byId.keys()].sort()).toEqual(ids.sort());
    expect(readdirSync(folder)).toEqual(['master.keys']);
  });

  test('in processes of their own, some over a link: no key is lost, and every reading on the way is whole', async () => {
    symlinkSync('master.keys', join(folder, 'link'));
    writeFileSync(file, `${one.line}\n`, { mode: 0o600 });
    let over = false;
    const reader = (async () => {
      for (let seen = 1; !over; await new Promise((next) => setImmediate(next))) {
        const { size } = keysIn(file).byId;
        expect(size).toBeGreaterThanOrEqual(seen);
        seen = size;
      }
    })();
    const works = [file, join(folder, 'link'), file].map((path) => addElsewhere(path, 10));
    const ids = (await Promise.all(works).finally(() => (over = true))).flat();
    await reader;
    expect(ids.filter((id) => id.startsWith('fault'))).toEqual([]);
    expect(ids).toHaveLength(30);
    expect([...keysIn(file).byId.keys()].sort()).toEqual([one.id, ...ids].sort());
    expect(readdirSync(folder).sort()).toEqual(['link', 'master.keys']);
  });

  test('a file that is replaced again and again is read whole at each time, and never called unsafe', async () => {
    const script = `
      import { renameSync, writeFileSync } from 'node:fs';
      for (let at = 0; at < 4_000; at++) {
        writeFileSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(`${one.line}\n`)}, { mode: 0o600 });
        renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)});
      }`;
    writeFileSync(file, `${one.line}\n`, { mode: 0o600 });
    let over = false;
    const writing = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]).finally(
      () => (over = true),
    );
    while (!over) {
      for (let times = 0; times < 50; times += 1) {
        expect(readTrusted(file, { closed: true })).toMatchObject({ mode: 0o600 });
      }
      await new Promise((next) => setImmediate(next));
    }
    await writing;
  });

  test('when one was cut off: the next waits its time, says what to remove, and removes nothing itself', async () => {
    writeFileSync(file, `${one.line}\n`, { mode: 0o600 });
    writeFileSync(`${file}.new`, 'half', { mode: 0o600 });
    const fault = await addTo(file, 50).catch((error: unknown) => error);
    expect(String(fault)).toMatch(
      /is being written by another `releve key new`: .*remove .*master\.keys\.new\.$/,
    );
    expect(readFileSync(`${file}.new`, 'utf8')).toBe('half');
    const waiting = addTo(file, 5000);
    rmSync(`${file}.new`);
    await waiting;
    expect(keysIn(file).byId.size).toBe(2);
  });

  test('never writes through a file that somebody laid beside it', async () => {
    const bait = join(folder, 'bait');
    writeFileSync(bait, '', { mode: 0o666 });
    linkSync(bait, `${file}.new`);
    await expect(addTo(file, 0)).rejects.toThrow(/being written/);
    rmSync(`${file}.new`);
    symlinkSync(bait, `${file}.new`);
    await expect(addTo(file, 0)).rejects.toThrow(/being written/);
    expect(readFileSync(bait, 'utf8')).toBe('');
  });
});
