import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemd } from '../../src/system/systemd.ts';

// A real listener on a Unix datagram socket, and the real systemd-notify. Perl is on every Debian; socat would keep the
// file descriptor by which systemd-notify learns that its message was read.
const LISTENER = `
  use IO::Socket::UNIX; use Socket;
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die;
  open(my $heard, '>>', $ARGV[1]) or die; $heard->autoflush(1);
  while (defined $socket->recv(my $message, 65536)) { print $heard "$message\n" }`;
let folder: string;
let listener: ChildProcess;
let env: Record<string, string>;
const heard = () => readFileSync(join(folder, 'heard'), 'utf8');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'releve-notify-'));
  const socket = join(folder, 'notify');
  listener = spawn('perl', ['-e', LISTENER, socket, join(folder, 'heard')], { stdio: 'ignore' });
  await vi.waitFor(() => expect(existsSync(socket) && existsSync(join(folder, 'heard'))).toBe(true), 20_000);
  env = { PATH: process.env.PATH ?? '', NOTIFY_SOCKET: socket };
});
afterEach(() => {
  listener.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('systemd', () => {
  test('hears that we are ready, how we are, and that we stop', async () => {
    const manager = systemd(env, process.pid);
    expect(await manager.ready('watching 3 users\nREADY=0')).toBe(true);
    expect(await manager.status('sending')).toBe(true);
    expect(await manager.stopping()).toBe(true);
    expect(heard()).toContain('READY=1\nSTATUS=watching 3 users READY=0');
    expect(heard()).toContain('STATUS=sending');
    expect(heard()).toContain('STOPPING=1');
    expect(heard()).not.toContain('\nREADY=0');
  });

  test('hears that we are alive at half of its time, and only while we are', async () => {
    let alive = true;
    const stop = systemd(
      { ...env, WATCHDOG_USEC: '200000', WATCHDOG_PID: String(process.pid) },
      process.pid,
    ).watch(() => alive);
    const pings = () => heard().split('WATCHDOG=1').length - 1;
    await vi.waitFor(() => expect(pings()).toBeGreaterThanOrEqual(3), 20_000);
    alive = false;
    await sleep(250);
    const before = pings();
    await sleep(400);
    expect(pings()).toBe(before);
    alive = true;
    await vi.waitFor(() => expect(pings()).toBeGreaterThan(before), 20_000);
    stop();
    await sleep(250);
    const last = pings();
    await sleep(300);
    expect(pings()).toBe(last);
  });

  test('no watchdog where none is asked for, or where it watches another process', async () => {
    for (const own of [{}, { WATCHDOG_USEC: '0' }, { WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' }]) {
      systemd({ ...env, ...own }, process.pid).watch(() => true)();
    }
    await sleep(200);
    expect(heard()).toBe('');
  });

  test('silence and no fault where nobody listens, or the tool is missing', async () => {
    expect(await systemd({ PATH: env.PATH }, process.pid).ready('x')).toBe(false);
    expect(await systemd({ ...env, PATH: folder }, process.pid).ready('x')).toBe(false);
    expect(await systemd({ ...env, NOTIFY_SOCKET: join(folder, 'nobody') }, process.pid).ready('x')).toBe(
      false,
    );
    expect(heard()).toBe('');
  });
});
