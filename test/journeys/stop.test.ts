// A stop in the midst of sending: real processes, real signals, and mail servers, name servers and listeners that fall silent.
import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MONDAY, outboxOf, receivedBy } from '../rig/due-house.ts';
import { startHeartbeatServer } from '../rig/heartbeat-server.ts';
import { houseVariables } from '../rig/house.ts';
import { mailJourney } from '../rig/mail-journey.ts';
import { releve, startDaemonProcess, startReleve, stop, waitFor } from '../rig/process.ts';
import { type Script, startScripted } from '../rig/scripted-smtp.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A stop takes at most so long, in ms. */
const STOP_MS = 5_000;

const journey = mailJourney();
const { houseOf, clockAt, leaving } = journey;

describe('a stop while letters are being sent', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: nothing is half done, the rest leaves with the next start',
    async (signal) => {
      const house = await houseOf(signal.toLowerCase(), 60);
      const clock = clockAt(MONDAY);
      const { daemon } = await startDaemonProcess({ env: house.env, clock });
      await daemon.hear(/(?:letter sent.*\n.*){5}/);
      const ended = await stop(daemon, signal);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.ms).toBeLessThan(STOP_MS);
      const { sent, waiting = 0, ...others } = outboxOf(house.data);
      // No letter stays claimed: the next start need not wait for a lease to end.
      expect({ sent, others }).toEqual({ sent: daemon.logged('letter sent').length, others: {} });
      expect(waiting).toBeGreaterThan(0);
      const rest = await releve(['remind', '--json'], { env: house.env, clock });
      expect(JSON.parse(rest.stdout)).toMatchObject({ sent: waiting });
      expect(await receivedBy(journey.mail, house.managers)).toEqual(house.managers.map(() => 1));
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
      const house = await houseOf(`silent-${name}`, 20, silent.port);
      const clock = clockAt(MONDAY);
      const { daemon } = await startDaemonProcess({ env: house.env, clock });
      await waitFor(() => (silent.seen.connections >= 3 ? true : null), daemon.said);
      const ended = await stop(daemon);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.ms).toBeLessThan(STOP_MS);
      expect(ended.stdout).not.toContain('tick failed');
      expect(outboxOf(house.data)).toEqual({ waiting: house.managers.length + 1 });
      // What was cut off in the midst waits for a minute like any failure; nothing waits longer.
      clock.set('2027-03-01T10:02:00+01:00');
      const env = houseVariables(house.data, journey.mail.smtp.port);
      expect(await releve(['remind'], { env, clock })).toMatchObject({ code: 0 });
      expect(await receivedBy(journey.mail, house.managers)).toEqual(house.managers.map(() => 1));
    },
    60_000,
  );

  it('a name server that never answers does not hold it up', async () => {
    const names = createSocket('udp4');
    await new Promise<void>((resolve) => names.bind(53, '127.0.0.9', resolve));
    leaving.push(() => names.close());
    const house = await houseOf('names', 2, 587, { RELEVE_MAIL_SMTP_HOST: 'mail.example.test' });
    const resolvConf = join(house.path, 'resolv.conf');
    await writeFile(resolvConf, 'nameserver 127.0.0.9\n');
    const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const through = ['unshare', '--mount', 'sh', '-c', mount, resolvConf];
    const asked = new Promise((resolve) => names.once('message', resolve));
    const { daemon } = await startDaemonProcess({ env: house.env, through, clock: MONDAY });
    await asked;
    const ended = await stop(daemon);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.ms).toBeLessThan(STOP_MS);
    expect(outboxOf(house.data)).toEqual({ waiting: 3 });
  });

  it('is no different for releve remind, which says that it was stopped', async () => {
    const house = await houseOf('remind', 60);
    const clock = clockAt(MONDAY);
    const remind = startReleve(['remind'], { env: house.env, clock });
    await remind.hear(/(?:letter sent.*\n.*){5}/);
    const ended = await stop(remind, 'SIGINT');
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain(
      'releve: stopped by SIGINT: what is left leaves with the next tick or remind',
    );
    expect(ended.ms).toBeLessThan(STOP_MS);
    expect(Object.keys(outboxOf(house.data)).sort()).toEqual(['sent', 'waiting']);
    expect(await releve(['remind'], { env: house.env, clock })).toMatchObject({ code: 0 });
    expect(await receivedBy(journey.mail, house.managers)).toEqual(house.managers.map(() => 1));
  });

  it('does not wait for a heartbeat that nobody answers', async () => {
    const calls = await startHeartbeatServer('/beat', false);
    leaving.push(calls.close);
    const house = await houseOf('hanging', 1, journey.mail.smtp.port, { RELEVE_HEARTBEAT_URL: calls.url });
    const { daemon } = await startDaemonProcess({ env: house.env, clock: MONDAY });
    await waitFor(() => (calls.heard.length > 0 ? true : null), daemon.said);
    const ended = await stop(daemon);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.ms).toBeLessThan(STOP_MS);
  });
});
