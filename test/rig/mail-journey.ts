// What journeys over real mail share: a mail server for all tests of a file, worlds and clocks that leave with their test.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type MailServer, startMailServer } from './mail-server.ts';
import { endAll, type MovableClock, movableClock } from './process.ts';
import { openReminderWorld, type ReminderWorld } from './world-process.ts';

/** What is to be done after each test of the file that calls it, in this order, once every process that it started has ended. */
export function leavingAfterEach(): (() => unknown)[] {
  const leaving: (() => unknown)[] = [];
  afterEach(async () => {
    await endAll();
    for (const leave of leaving.splice(0)) await leave();
  });
  return leaving;
}

/** What the tests of a file share. */
export interface MailJourney {
  /** The mail server; it runs as soon as the first test begins. */
  readonly mail: MailServer;
  /** Opens a world whose letters go to that server, unless another port is named. */
  worldOf(
    name: string,
    letters: number,
    smtpPort?: number,
    variables?: Record<string, string>,
  ): Promise<ReminderWorld>;
  clockAt(instant: string): MovableClock;
  readonly leaving: (() => unknown)[];
}

/** Sets this up for the file that calls it, once, at its top. */
export function mailJourney(settings: Parameters<typeof startMailServer>[0] = {}): MailJourney {
  let mail: MailServer | null = null;
  const running = (): MailServer => {
    if (mail === null) throw new Error('the mail server runs only while tests do');
    return mail;
  };
  beforeAll(async () => {
    mail = await startMailServer(settings);
  });
  const leaving = leavingAfterEach();
  afterAll(() => mail?.stop());
  return {
    get mail() {
      return running();
    },
    worldOf: async (name, letters, smtpPort = running().smtp.port, variables = {}) => {
      const world = await openReminderWorld(name, letters, smtpPort, variables);
      leaving.push(world.remove);
      return world;
    },
    clockAt: (instant) => {
      const clock = movableClock(instant);
      leaving.push(clock.remove);
      return clock;
    },
    leaving,
  };
}
