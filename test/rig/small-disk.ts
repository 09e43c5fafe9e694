// A disk of a few megabytes that a test can fill up or make read-only; only processes started through it see it.
import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A mounted disk of its own. */
export interface SmallDisk {
  /** Where its processes see it. */
  readonly path: string;
  /** What starts a process that sees it (see `Start.through`). */
  readonly through: readonly string[];
  /** Leaves so many bytes free; none where no number is given. */
  fill(room?: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** Remounts it: `ro` or `rw`. */
  remount(mode: 'ro' | 'rw'): Promise<void>;
  remove(): Promise<void>;
}

/** Mounts an empty disk of so many megabytes in a mount namespace that ends with the test; it needs root. */
export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const path = mkdtempSync(join(tmpdir(), 'releve-disk-'));
  const mount = `mount -t tmpfs -o size=${megabytes}m,mode=0700 releve "$0" && echo mounted && exec sleep infinity`;
  const [program = '', ...rest] = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    'sh',
    '-c',
    mount,
    path,
  ];
  const keeper = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => keeper.once('close', resolve));
  await Promise.race([
    new Promise((resolve) => keeper.stdout.once('data', resolve)),
    gone.then(() => Promise.reject(new Error('the disk was not mounted: the tests need root'))),
  ]);
  const through = ['nsenter', `--mount=/proc/${keeper.pid}/ns/mnt`, '--'];
  // The kernel's view of the other namespace. (SQLite would lose its way in it: it follows links by itself.)
  const seen = `/proc/${keeper.pid}/root${path}`;
  const filler = join(seen, 'filler');
  const [enter = '', ...into] = through;
  return {
    path,
    through,
    fill: (room = 0) => fill(filler, room),
    free: () => rmSync(filler),
    remount: async (mode) => {
      await promisify(execFile)(enter, [...into, 'mount', '-o', `remount,${mode}`, path]);
    },
    remove: async () => {
      keeper.kill('SIGKILL');
      await gone;
      rmdirSync(path);
    },
  };
}

/** Bit by bit: others may be writing at the same time. */
function fill(file: string, room: number): void {
  const reserved = `${file}.room`;
  if (room > 0) writeFileSync(reserved, Buffer.alloc(room));
  for (const bytes of [64 * 1024, 4 * 1024]) {
    try {
      while (true) appendFileSync(file, Buffer.alloc(bytes));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
  rmSync(reserved, { force: true });
}
