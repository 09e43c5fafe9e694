// Bad days of a running daemon: a full disk, a locked database, a mail server that is away, a clock that jumps; judged by the mailboxes.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { MONDAY } from '../rig/installation.ts';
import { mailJourney } from '../rig/mail-journey.ts';
import { type MovableClock, releve, startDaemonProcess, stop, waitFor } from '../rig/process.ts';
import { openDiskWorld } from '../rig/world-process.ts';
import { inboxesOf, isSettled, outboxOf, receivedBy } from '../rig/world-process-mail.ts';

vi.setConfig({ testTimeout: 120_000 });

const journey = mailJourney();
const { worldOf, clockAt, leaving } = journey;

/** Sets the clock of a running daemon, and waits until it has done a tick at the new time. */
async function moveTo(instant: string, clock: MovableClock, address: string): Promise<void> {
  clock.set(instant);
  await tickAt(instant, address);
}

/** Waits for a tick within the minute after an instant. */
async function tickAt(instant: string, address: string): Promise<void> {
  const from = Temporal.Instant.from(instant).epochMilliseconds;
  await waitFor(
    async () => {
      const text = await (await fetch(`${address}/metrics`)).text();
      const tick = Number(/^releve_last_tick_timestamp_seconds (.*)$/m.exec(text)?.[1]) * 1000;
      return tick >= from && tick < from + 60_000 ? true : null;
    },
    () => `no tick at ${instant}`,
    40_000,
  );
}

const FULL =
  /the database .* cannot be used \(.*\): the disk is full; make room, nothing of this step was kept/;

describe('a full disk', () => {
  it('is told; the daemon goes on, loses nothing, and sends all once there is room', async () => {
    const world = await openDiskWorld(60, 3, journey.mail.smtp.port);
    leaving.push(world.remove);
    const { disk, start, clock, managers } = world;
    const { daemon, address } = await startDaemonProcess(start);
    clock.set(MONDAY);
    await daemon.hear(/(?:letter sent.*\n.*){5}/);
    disk.fill();
    await daemon.hear(/"msg":"tick failed"/);
    expect(JSON.stringify(daemon.logged('tick failed'))).toMatch(FULL);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const readyz = await fetch(`${address}/readyz`);
    expect([readyz.status, await readyz.json()]).toMatchObject([
      503,
      { reasons: expect.arrayContaining(['database not writable']) },
    ]);
    disk.free();
    // After the lease of the letters that were on their way.
    await moveTo('2027-03-01T10:20:00+01:00', clock, address);
    await waitFor(
      async () =>
        /^releve_outbox_waiting 0$/m.test(await (await fetch(`${address}/metrics`)).text()) ? true : null,
      daemon.said,
    );
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    // What had arrived when it could not be noted is not sent again.
    expect(await receivedBy(journey.mail, managers)).toEqual(managers.map(() => 1));
  });
});

describe('a lock of another program on the database', () => {
  it('holds up no answer about health and no figures; then each letter leaves, once', async () => {
    const world = await worldOf('locked', 3);
    const clock = clockAt('2027-03-01T07:00:00+01:00');
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock });
    await tickAt('2027-03-01T07:00:00+01:00', address);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const other = new DatabaseSync(join(world.data, 'releve.sqlite'));
    leaving.push(() => other.close());
    other.exec('begin immediate');
    clock.set(MONDAY);
    const slowest: number[] = [];
    const ask = async (path: string) => {
      const start = performance.now();
      const answer = await fetch(address + path);
      const text = await answer.text();
      slowest.push(performance.now() - start);
      return { status: answer.status, text };
    };
    await waitFor(async () => {
      expect(await ask('/healthz')).toMatchObject({ status: 200 });
      expect(await ask('/metrics')).toMatchObject({ status: 200 });
      return /database locked by another program for \d+ s/.test((await ask('/readyz')).text) || null;
    }, daemon.said);
    // Before, each of them waited until the lock was gone.
    expect(Math.max(...slowest)).toBeLessThan(2_000);
    expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 0));
    other.exec('commit');
    await tickAt(MONDAY, address);
    await waitFor(() => (isSettled(world.data) ? true : null), daemon.said);
    expect((await ask('/readyz')).status).toBe(200);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 1));
  });
});

describe('a mail server that is away for three days', () => {
  it('costs no letter: when it is back, each manager gets one, the most urgent', async () => {
    const world = await worldOf('outage', 4);
    // A Tuesday, seven days before the date; the step of three days before falls on the Friday.
    const clock = clockAt('2027-03-09T10:00:00+01:00');
    await journey.mail.stopSmtp();
    leaving.push(() => journey.mail.startSmtp());
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock });
    await tickAt('2027-03-09T10:00:00+01:00', address);
    for (const day of ['2027-03-10', '2027-03-11', '2027-03-12']) {
      await moveTo(`${day}T10:00:00+01:00`, clock, address);
      const { sent = 0, waiting = 0 } = outboxOf(world.data);
      expect({ day, sent, left: waiting >= world.managers.length }).toEqual({ day, sent: 0, left: true });
    }
    expect(
      daemon.logged('no letter can leave: the mail server does not take any').length,
    ).toBeGreaterThanOrEqual(4);
    await journey.mail.startSmtp();
    await moveTo('2027-03-12T11:00:00+01:00', clock, address);
    await waitFor(() => (isSettled(world.data) ? true : null), daemon.said);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 1));
    const shown = await releve(['show', 'TECH_outage_0@cpro.fr', '--json'], { env: world.env });
    const letters = JSON.parse(shown.stdout).users[0].letters.map(
      ({ step, deliveries }: { step: string; deliveries: { address: string; state: string }[] }) => [
        step,
        deliveries.find((one) => one.address === world.managers[0])?.state,
      ],
    );
    expect(Object.fromEntries(letters)).toEqual({ 'J-7': 'withdrawn', 'J-3': 'sent' });
  });
});

describe('a clock that is set back and forward under a running daemon', () => {
  it('brings no letter twice, no burst, and no silence', async () => {
    const it = 'it.clock@siagep.test';
    const world = await worldOf('clock', 3, journey.mail.smtp.port, { RELEVE_IT_SERVICE_EMAIL: it });
    const clock = clockAt(MONDAY);
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock });
    await tickAt(MONDAY, address);
    const told = async (at: string, letters: number) => {
      await moveTo(at, clock, address);
      await waitFor(() => (isSettled(world.data) ? true : null), daemon.said);
      expect({ at, letters: await receivedBy(journey.mail, world.managers) }).toEqual({
        at,
        letters: [letters, letters, letters],
      });
    };
    await told('2027-02-26T10:00:00+01:00', 1);
    await told('2027-03-01T09:00:00+01:00', 1);
    await told('2026-03-02T10:00:00+01:00', 1);
    await told('2027-03-01T11:00:00+01:00', 1);
    // Three weeks past the date: of all the steps since, one letter.
    await told('2027-04-06T10:00:00+02:00', 2);
    await told('2027-03-01T12:00:00+01:00', 2);
    await told('2027-04-06T11:00:00+02:00', 2);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    const [service] = await inboxesOf(journey.mail, [it]);
    expect(new Set(service).size).toBe(service?.length);
  });
});
