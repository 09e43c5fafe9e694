import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderFault, hasDataFolder, openDataFolder } from '../../src/system/data-folder.ts';
import { openKeptFile } from '../../src/system/kept-file.ts';

const uid = process.getuid?.() ?? 0;
let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'releve-folder-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('data folder', () => {
  test('is made with mode 0700, whatever the umask, and found well again', () => {
    const folder = join(base, 'a', 'b');
    const before = process.umask(0);
    try {
      openDataFolder(folder, uid);
    } finally {
      process.umask(before);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    openDataFolder(folder, uid);
    symlinkSync(folder, join(base, 'link'));
    openDataFolder(join(base, 'link'), uid);
  });

  test.each<[string, () => void, RegExp]>([
    ['is a file', () => writeFileSync(join(base, 'data'), ''), /is a file.*name another folder/],
    ['is open to others', () => openWith(0o750), /open to others \(mode 0750\).*chmod 700/],
    ['cannot be written', () => openWith(0o500), /cannot be written.*chmod 700|cannot be written \(EACCES\)/],
  ])('that %s is refused with what to do', (_name, arrange, message) => {
    arrange();
    expect(() => hasDataFolder(join(base, 'data'), uid)).toThrow(message);
    expect(() => hasDataFolder(join(base, 'data'), uid)).toThrow(FolderFault);
  });

  function openWith(mode: number): void {
    openDataFolder(join(base, 'data'), uid);
    chmodSync(join(base, 'data'), mode);
  }

  test('that is missing is told, and not made', () => {
    expect(hasDataFolder(join(base, 'data'), uid)).toBe(false);
    expect(readdirSync(base)).toEqual([]);
  });

  test('is neither made nor used below a folder that others can change', () => {
    openDataFolder(join(base, 'mine', 'data'), uid);
    chmodSync(join(base, 'mine'), 0o777);
    const says = new RegExp(`is not safe, as ${join(base, 'mine')} can be changed by everybody.*chmod o-w`);
    expect(() => openDataFolder(join(base, 'mine', 'data'), uid)).toThrow(says);
    expect(() => openDataFolder(join(base, 'mine', 'new', 'data'), uid)).toThrow(says);
    expect(readdirSync(join(base, 'mine'))).toEqual(['data']);
    // Root's own sticky folder will do.
    if (uid === 0) chmodSync(join(base, 'mine'), 0o1777);
    else chmodSync(join(base, 'mine'), 0o755);
    openDataFolder(join(base, 'mine', 'data'), uid);
  });

  test('that belongs to somebody else is refused', () => {
    openDataFolder(join(base, 'data'), uid);
    expect(() => openDataFolder(join(base, 'data'), uid + 1)).toThrow(/belongs to user \d+.*sudo -u '#\d+'/);
  });

  test('below a file is refused', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => openDataFolder(join(base, 'file', 'data'), uid)).toThrow(/a file, or lies below one/);
  });

  test.runIf(uid === 0)('that a user may not make is refused in words (a real other user)', () => {
    const source = resolve(import.meta.dirname, '../../src/system/data-folder.ts');
    chmodSync(base, 0o755);
    const script = `
      const { openDataFolder } = await import(${JSON.stringify(source)});
      process.setgid(65534); process.setuid(65534);
      try { openDataFolder(${JSON.stringify(join(base, 'data'))}, 65534); } catch (error) { process.stdout.write(error.message); }`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(run.stdout).toMatch(/cannot be written \(EACCES\).*RELEVE_DATA/);
  });
});

test('a kept file is replaced as a whole, is its owner’s alone, and leaves nothing beside it', async () => {
  const file = openKeptFile(join(base, 'kept'));
  expect(await file.read()).toBeNull();
  // What a death left behind is in nobody's way.
  writeFileSync(join(base, 'kept.new'), 'half of a longer text', { mode: 0o600 });
  await file.write('one');
  await file.write('two');
  expect(await file.read()).toBe('two');
  expect(readdirSync(base)).toEqual(['kept']);
  expect(statSync(join(base, 'kept')).mode & 0o777).toBe(0o600);
  await expect(openKeptFile(join(base, 'none', 'kept')).write('three')).rejects.toThrow('ENOENT');
  await expect(openKeptFile(base).read()).rejects.toThrow('EISDIR');
});
