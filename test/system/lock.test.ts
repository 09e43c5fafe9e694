import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../../src/system/lock.ts';

const source = resolve(import.meta.dirname, '../../src/system/lock.ts');
let folder: string;
let file: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releve-lock-'));
  file = join(folder, 'daemon.lock');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A real process that tries to take the lock, says how it went, and stays. */
async function process2(): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    import { takeLock } from ${JSON.stringify(source)};
    const said = takeLock(${JSON.stringify(file)}) === null ? 'refused' : 'taken';
    // A lock is held even by who lets go of the object.
    setTimeout(() => { globalThis.gc(); globalThis.gc(); }, 1);
    setTimeout(() => process.stdout.write(said), 20);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said) };
}

describe('lock', () => {
  test('is refused while another process holds it, and free again after kill -9', async () => {
    const first = await process2();
    expect(first.said).toBe('taken');
    expect((await process2()).said).toBe('refused');
    expect(takeLock(file)).toBeNull();
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    expect((await process2()).said).toBe('taken');
    // Nothing but the lock itself lies there: no journal that somebody would have to clear away.
    expect(readdirSync(folder)).toEqual(['daemon.lock']);
  });

  test('is refused within the same process too, which does not loosen it for others', async () => {
    const lock = takeLock(file);
    expect(lock).not.toBeNull();
    expect(takeLock(file)).toBeNull();
    expect((await process2()).said).toBe('refused');
    lock?.release();
    lock?.release();
    expect((await process2()).said).toBe('taken');
  });

  test('a file that is no lock, or a folder that is missing, is an error', () => {
    writeFileSync(
      file,
      'this is not a database, and it is long enough to be read as none of them at all'.repeat(20),
    );
    expect(() => takeLock(file)).toThrow();
    expect(() => takeLock(join(folder, 'missing', 'lock'))).toThrow();
  });
});
