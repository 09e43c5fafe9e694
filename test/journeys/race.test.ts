// The daemon and `releve remind` in the same moment on one database, and two daemons: real processes, judged by the mailboxes.

import { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { atNight } from '../rig/at-night.ts';
import { addressOf, MONDAY } from '../rig/installation.ts';
import { mailJourney } from '../rig/mail-journey.ts';
import { type MovableClock, releve, startReleve, waitFor } from '../rig/process.ts';
import type { ReminderWorld } from '../rig/world-process.ts';
import { outboxOf } from '../rig/world-process-mail.ts';

const LETTERS = atNight(200, 100);
const RUNS = atNight(10, 2);

const journey = mailJourney();
const { worldOf, clockAt } = journey;

interface Head {
  readonly id: string;
  readonly subject: string;
}

/** The heads of the letters in a mailbox, over IMAP. */
async function headsIn(address: string): Promise<Head[]> {
  const auth = { user: address, pass: 'any' };
  const lean = { disableAutoIdle: true, disableAutoEnable: true, disableCompression: true, logger: false };
  const client = new ImapFlow({
    ...journey.mail.imap,
    ...lean,
    logger: false,
    secure: false,
    doSTARTTLS: false,
    auth,
  });
  await client.connect();
  try {
    const box = await client.mailboxOpen('INBOX', { readOnly: true });
    if (box.exists === 0) return [];
    const found = await client.fetchAll('1:*', { envelope: true });
    return found.map(({ envelope }) => ({ id: envelope?.messageId ?? '', subject: envelope?.subject ?? '' }));
  } finally {
    await client.logout();
  }
}

/** The daemon and `releve remind` at once, until nothing is left to send; how many letters each of them sent. */
async function race(world: ReminderWorld, daemonClock: MovableClock, clock: MovableClock) {
  const { env, data } = world;
  const daemon = startReleve(['run'], { env, clock: daemonClock });
  const remind = await releve(['remind', '--json'], { env, clock });
  expect(remind).toMatchObject({ code: 0 });
  await daemon.hear(/"msg":"ready"/);
  await waitFor(
    () => (Object.keys(outboxOf(data)).join() === 'sent' ? true : null),
    () => `${JSON.stringify(outboxOf(data))}:\n${daemon.said()}`,
  );
  daemon.signal('SIGTERM');
  expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
  return { remind: Number(JSON.parse(remind.stdout).sent), daemon: daemon.logged('letter sent').length };
}

describe('the daemon and releve remind, started in the same moment', () => {
  it(`send ${LETTERS} letters, none twice, ${RUNS} times over`, async () => {
    const clock = clockAt(MONDAY);
    const shares = { daemon: 0, remind: 0 };
    for (let run = 0; run < RUNS; run++) {
      clock.set(MONDAY);
      const sent = await race(await worldOf(`race/${run}`, LETTERS), clock, clock);
      // The digest of the week is a letter of the world as well.
      expect({ run, all: sent.daemon + sent.remind }).toEqual({ run, all: LETTERS + 1 });
      shares.daemon += sent.daemon;
      shares.remind += sent.remind;
    }
    // It was a race: each of the two sent a good part.
    expect(Math.min(shares.daemon, shares.remind)).toBeGreaterThan((RUNS * LETTERS) / 20);
    await journey.mail.settled();
    for (let place = 0; place < LETTERS; place++) {
      const heads = await headsIn(addressOf('race', place));
      const runs = heads.map(({ subject }) => Number(/race\/(\d+)/.exec(subject)?.[1])).sort((a, b) => a - b);
      expect({ place, runs }).toEqual({ place, runs: Array.from({ length: RUNS }, (_, run) => run) });
      expect(new Set(heads.map(({ id }) => id)).size).toBe(RUNS);
    }
  });

  it('send none twice when the clock of one is a little behind the other', async () => {
    const ahead = clockAt('2027-03-01T10:00:02+01:00');
    const behind = clockAt(MONDAY);
    await race(await worldOf('skew', 60), ahead, behind);
    await journey.mail.settled();
    for (let place = 0; place < 60; place++) {
      expect({ place, letters: (await headsIn(addressOf('skew', place))).length }).toEqual({
        place,
        letters: 1,
      });
    }
  });
});

describe('a second releve run on the same data folder', () => {
  it('is refused while the first lives, and starts at once when the first was killed', async () => {
    const { data, env } = await worldOf('second', 1);
    const first = startReleve(['run'], { env, clock: MONDAY });
    await first.hear(/"msg":"ready"/);
    const second = await releve(['run'], { env, clock: MONDAY });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toBe(
      `releve: another releve run holds ${data}; stop it first, or give this one its own RELEVE_DATA\n`,
    );
    // The first has not even noticed.
    first.signal('SIGKILL');
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    const third = startReleve(['run'], { env, clock: MONDAY });
    await third.hear(/"msg":"ready"/);
    third.signal('SIGTERM');
    expect(await third.ended).toMatchObject({ code: 0 });
  });
});
