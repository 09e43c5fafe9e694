// kill -9 at every point of the letter's path, then a new start: judged by what lies in the mailboxes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { atNight } from '../rig/at-night.ts';
import { MONDAY } from '../rig/installation.ts';
import { mailJourney } from '../rig/mail-journey.ts';
import { inboxesOf } from '../rig/world-process-mail.ts';

const CHILD = join(inject('bundle'), 'kill-child.js');
/** After the lease of the first process is over, within the same window. */
const LATER = '2027-03-01T10:15:00+01:00';
const LETTERS = 5;

const journey = mailJourney();

/** Runs the child; resolves to how it ended. */
async function child(...args: string[]): Promise<{ done: boolean; signal: string | null }> {
  const process_ = spawn(process.execPath, ['--enable-source-maps', CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  process_.stdout.on('data', (piece) => {
    output += piece;
  });
  const [, signal] = await once(process_, 'close');
  return { done: output === 'done', signal };
}

/** A world with some letters due, each to a manager of its own; addresses of this run alone. */
const worldOf = (run: string) => journey.worldOf(run, LETTERS);
/** What each manager got: the Message-IDs. */
const received = (managers: readonly string[]) => inboxesOf(journey.mail, managers);

const CALLS = ['heed', 'round', 'digest', 'alarms', 'claim', 'users', 'send', 'settle'];
const POINTS = atNight(
  ['round:within', ...CALLS.flatMap((call) => [`${call}:before`, `${call}:after`])],
  // Within the first transaction, between two, with a letter in hand, and with one gone.
  ['round:within', 'claim:after', 'send:before', 'settle:before'],
);
/** How often it dies at any moment. */
const MOMENTS = atNight(12, 4);
/** Between the server's acceptance and our note of it, and nowhere else, a letter may come twice. */
// (After a note the next letter may just have been accepted.)
const MAY_REPEAT = ['send:after', 'settle:before', 'settle:after'];

describe('killed at a point of its path and started again, each letter arrives once', () => {
  it.each(POINTS)('%s', async (point) => {
    // Notes come several at a time: the first may be the only one.
    const turn = point.startsWith('send') ? '3' : '1';
    const { data, managers } = await worldOf(point.replace(':', '-'));
    const port = String(journey.mail.smtp.port);
    expect(await child(data, port, MONDAY, point, turn)).toEqual({ done: false, signal: 'SIGKILL' });
    expect(await child(data, port, LATER)).toEqual({ done: true, signal: null });
    const boxes = await received(managers);
    for (const ids of boxes) {
      expect(new Set(ids).size).toBe(1);
      expect(ids.length).toBeLessThanOrEqual(MAY_REPEAT.includes(point) ? 2 : 1);
    }
    // A third start finds nothing to do.
    expect(await child(data, port, LATER)).toEqual({ done: true, signal: null });
    expect(await received(managers)).toEqual(boxes);
  });

  it('repeats a letter only where it must: the repetition is seen when the note was lost', async () => {
    const { data, managers } = await worldOf('repeat');
    const port = String(journey.mail.smtp.port);
    await child(data, port, MONDAY, 'send:after', '1');
    await child(data, port, LATER);
    const boxes = await received(managers);
    expect(boxes.flat().length).toBeGreaterThan(LETTERS);
  });

  it('killed at any moment, even in the midst of the talk with the server', async () => {
    for (let run = 0; run < MOMENTS; run++) {
      const { data, managers } = await worldOf(`moment-${run}`);
      const port = String(journey.mail.smtp.port);
      const first = spawn(process.execPath, ['--enable-source-maps', CHILD, data, port, MONDAY, 'none'], {
        stdio: 'ignore',
      });
      const ended = once(first, 'close');
      // Starting takes about 200 ms, sending 100 ms more: the moments spread over both.
      await pause(80 + (run * 400) / MOMENTS);
      first.kill('SIGKILL');
      await ended;
      expect(await child(data, port, LATER)).toMatchObject({ done: true });
      for (const ids of await received(managers)) {
        expect(new Set(ids).size).toBe(1);
        expect(ids.length).toBeLessThanOrEqual(2);
      }
    }
  });
});
