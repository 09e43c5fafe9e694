// A stop in the midst of sending: real processes, real signals, and mail servers, name servers and listeners that fall silent.
import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { startHeartbeatServer } from '../rig/heartbeat-server.ts';
import { installationVariables, MONDAY } from '../rig/installation.ts';
import { mailJourney } from '../rig/mail-journey.ts';
import {
  LAUNCHER,
  releve,
  startDaemonProcess,
  startProcess,
  startReleve,
  stop,
  waitFor,
} from '../rig/process.ts';
import { type Script, startScripted } from '../rig/scripted-smtp.ts';
import { outboxOf, receivedBy } from '../rig/world-process-mail.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A stop takes at most so long, in ms. */
const STOP_MS = 5_000;

const journey = mailJourney();
const { worldOf, clockAt, leaving } = journey;

describe('a stop while letters are being sent', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: nothing is half done, the rest leaves with the next start',
    async (signal) => {
      const world = await worldOf(signal.toLowerCase(), 60);
      const clock = clockAt(MONDAY);
      const { daemon } = await startDaemonProcess({ env: world.env, clock });
      await daemon.hear(/(?:letter sent.*\n.*){5}/);
      const ended = await stop(daemon, signal);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.ms).toBeLessThan(STOP_MS);
      const { sent, waiting = 0, ...others } = outboxOf(world.data);
      // No letter stays claimed: the next start need not wait for a lease to end.
      expect({ sent, others }).toEqual({ sent: daemon.logged('letter sent').length, others: {} });
      expect(waiting).toBeGreaterThan(0);
      const rest = await releve(['remind', '--json'], { env: world.env, clock });
      expect(JSON.parse(rest.stdout)).toMatchObject({ sent: waiting });
      expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 1));
    },
    60_000,
  );

  it.each<[string, string, Script]>([
    ['before its greeting', 'greeting', { greeting: 'silence' }],
    ['at a reader', 'reader', { RCPT: 'silence' }],
    ['in the midst of a letter', 'body', { body: 'silence' }],
    ['after a letter', 'end', { end: 'silence' }],
  ])(
    'a mail server that falls silent %s does not hold it up',
    async (_where, name, script) => {
      const silent = await startScripted(script);
      leaving.push(silent.close);
      const world = await worldOf(`silent-${name}`, 20, silent.port);
      const clock = clockAt(MONDAY);
      const { daemon } = await startDaemonProcess({ env: world.env, clock });
      await waitFor(() => (silent.seen.connections >= 3 ? true : null), daemon.said);
      const ended = await stop(daemon);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.ms).toBeLessThan(STOP_MS);
      expect(ended.stdout).not.toContain('tick failed');
      expect(outboxOf(world.data)).toEqual({ waiting: world.managers.length + 1 });
      // What was cut off in the midst waits for a minute like any failure; nothing waits longer.
      clock.set('2027-03-01T10:02:00+01:00');
      const env = installationVariables(world.data, journey.mail.smtp.port);
      expect(await releve(['remind'], { env, clock })).toMatchObject({ code: 0 });
      expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 1));
    },
    60_000,
  );

  it('a name server that never answers does not hold it up', async () => {
    const names = createSocket('udp4');
    await new Promise<void>((resolve) => names.bind(53, '127.0.0.9', resolve));
    leaving.push(() => names.close());
    const world = await worldOf('names', 2, 587, { RELEVE_MAIL_SMTP_HOST: 'mail.example.test' });
    const resolvConf = join(world.path, 'resolv.conf');
    await writeFile(resolvConf, 'nameserver 127.0.0.9\n');
    const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const through = ['unshare', '--mount', 'sh', '-c', mount, resolvConf];
    const asked = new Promise((resolve) => names.once('message', resolve));
    const { daemon } = await startDaemonProcess({ env: world.env, through, clock: MONDAY });
    await asked;
    const ended = await stop(daemon);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.ms).toBeLessThan(STOP_MS);
    expect(outboxOf(world.data)).toEqual({ waiting: 3 });
  });

  it('is no different for releve remind, which says that it was stopped', async () => {
    const world = await worldOf('remind', 60);
    const clock = clockAt(MONDAY);
    const remind = startReleve(['remind'], { env: world.env, clock });
    await remind.hear(/(?:letter sent.*\n.*){5}/);
    const ended = await stop(remind, 'SIGINT');
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain(
      'releve: stopped by SIGINT: what is left leaves with the next tick or remind',
    );
    expect(ended.ms).toBeLessThan(STOP_MS);
    expect(Object.keys(outboxOf(world.data)).sort()).toEqual(['sent', 'waiting']);
    expect(await releve(['remind'], { env: world.env, clock })).toMatchObject({ code: 0 });
    expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 1));
  });

  it('does not wait for a heartbeat that nobody answers', async () => {
    const calls = await startHeartbeatServer('/beat', false);
    leaving.push(calls.close);
    const world = await worldOf('hanging', 1, journey.mail.smtp.port, { RELEVE_HEARTBEAT_URL: calls.url });
    const { daemon } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    await waitFor(() => (calls.heard.length > 0 ? true : null), daemon.said);
    const ended = await stop(daemon);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.ms).toBeLessThan(STOP_MS);
  });
});

describe('a signal', () => {
  it('that asks for something else is told and outlived; one wish handed on twice is one', async () => {
    const world = await worldOf('other-signals', 1);
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    daemon.signal('SIGUSR2');
    await daemon.hear(/"signal":"SIGUSR2","msg":"goes on at a signal: /);
    daemon.signal('SIGHUP');
    await daemon.hear(/"procedures":"same","msg":"master keys, sinks and procedures were read again"/);
    daemon.signal('SIGPIPE');
    daemon.signal('SIGUSR1');
    await pause(200);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    daemon.signal('SIGINT');
    daemon.signal('SIGINT');
    daemon.signal('SIGTERM');
    // systemd sends it after SIGTERM, where a unit asks for that.
    daemon.signal('SIGHUP');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    expect(daemon.said()).toContain('"msg":"stopped"');
  });

  it('to end that comes again while it ends, ends it at once', async () => {
    const silent = await startScripted({ end: 'silence' });
    leaving.push(silent.close);
    const world = await worldOf('twice', 5, silent.port);
    const { daemon } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    await waitFor(() => (silent.seen.connections >= 3 ? true : null), daemon.said);
    daemon.signal('SIGTERM');
    await daemon.hear(/"msg":"stopping"/);
    // The stop waits for the mail server 2.5 s at least.
    await pause(1_200);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(daemon.said()).toContain('"msg":"ended at once by a second signal"');
  });

  it('that the terminal hung up ends it in order, where it was started on one', async () => {
    const world = await worldOf('hang-up', 1);
    const terminal = startProcess(['python3', '-c', HANG_UP, LAUNCHER, 'run'], {
      env: world.env,
      clock: MONDAY,
    });
    expect(await terminal.ended).toMatchObject({ code: 0, stdout: '0\n', stderr: '' });
  });
});

/** Starts a program on a terminal of its own, hangs up once it is ready, and prints how it ended. */
const HANG_UP = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown = b''
while b'ready' not in shown:
    shown += os.read(terminal, 65536)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
