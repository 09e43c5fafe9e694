// kill -9 at every point of the letter's path, then a new start: judged by what lies in the mailboxes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { plant } from '../fakes/fleet.ts';
import { atNight } from '../rig/at-night.ts';
import { temporaryFolder } from '../rig/house.ts';
import { readMailbox } from '../rig/imap-box.ts';
import { type MailServer, startMailServer } from '../rig/mail-server.ts';

const CHILD = join(inject('bundle'), 'kill-child.js');
const MONDAY = '2027-03-01T10:00:00+01:00';
/** After the lease of the first process is over, within the same window. */
const LATER = '2027-03-01T10:15:00+01:00';
const LETTERS = 5;

let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer();
});
afterAll(() => mail?.stop());

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

/** A house with some letters due, each to a manager of its own; addresses of this run alone. */
async function houseOf(run: string) {
  const folder = await temporaryFolder();
  const database = await openDatabase({ engine: 'sqlite', file: join(folder.path, 'releve.sqlite') });
  const managers = Array.from({ length: LETTERS }, (_, index) => `m${index}.${run}@commune.test`);
  await plant(
    database,
    managers.map((manager, index) => ({
      login: `TECH_1_${index}.${run}@cpro.fr`,
      manager,
      portalOn: '2027-03-16',
    })),
  );
  await database.close();
  return { folder, managers };
}

/** What each manager got: the Message-IDs. */
async function received(managers: readonly string[]): Promise<string[][]> {
  await mail.settled();
  const boxes: string[][] = [];
  for (const manager of managers)
    boxes.push((await readMailbox(mail, manager)).map((letter) => letter.messageId));
  return boxes;
}

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
    const { folder, managers } = await houseOf(point.replace(':', '-'));
    const port = String(mail.smtp.port);
    expect(await child(folder.path, port, MONDAY, point, turn)).toEqual({ done: false, signal: 'SIGKILL' });
    expect(await child(folder.path, port, LATER)).toEqual({ done: true, signal: null });
    const boxes = await received(managers);
    for (const ids of boxes) {
      expect(new Set(ids).size).toBe(1);
      expect(ids.length).toBeLessThanOrEqual(MAY_REPEAT.includes(point) ? 2 : 1);
    }
    // A third start finds nothing to do.
    expect(await child(folder.path, port, LATER)).toEqual({ done: true, signal: null });
    expect(await received(managers)).toEqual(boxes);
    await folder.remove();
  });

  it('repeats a letter only where it must: the repetition is seen when the note was lost', async () => {
    const { folder, managers } = await houseOf('repeat');
    const port = String(mail.smtp.port);
    await child(folder.path, port, MONDAY, 'send:after', '1');
    await child(folder.path, port, LATER);
    const boxes = await received(managers);
    expect(boxes.flat().length).toBeGreaterThan(LETTERS);
    await folder.remove();
  });

  it('killed at any moment, even in the midst of the talk with the server', async () => {
    for (let run = 0; run < MOMENTS; run++) {
      const { folder, managers } = await houseOf(`moment-${run}`);
      const port = String(mail.smtp.port);
      const first = spawn(
        process.execPath,
        ['--enable-source-maps', CHILD, folder.path, port, MONDAY, 'none'],
        { stdio: 'ignore' },
      );
      const ended = once(first, 'close');
      // Starting takes about 200 ms, sending 100 ms more: the moments spread over both.
      await pause(80 + (run * 400) / MOMENTS);
      first.kill('SIGKILL');
      await ended;
      expect(await child(folder.path, port, LATER)).toMatchObject({ done: true });
      for (const ids of await received(managers)) {
        expect(new Set(ids).size).toBe(1);
        expect(ids.length).toBeLessThanOrEqual(2);
      }
      await folder.remove();
    }
  });
});
