// The ground of journeys over real mail: a mail server for all tests of a file, houses and clocks that leave with their test.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type DueHouse, dueHouse } from './due-house.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { endAll, type MovableClock, movableClock } from './process.ts';

/** What the tests of a file share. */
export interface MailJourney {
  /** The mail server; it runs as soon as the first test begins. */
  readonly mail: MailServer;
  /** Makes a house whose letters go to that server, unless another port is named. */
  houseOf(
    name: string,
    letters: number,
    smtpPort?: number,
    variables?: Record<string, string>,
  ): Promise<DueHouse>;
  clockAt(instant: string): MovableClock;
  /** What is to be done after the test, in this order, once every process that it started has ended. */
  readonly leaving: (() => unknown)[];
}

/** Sets the ground up for the file that calls it, once, at its top. */
export function mailJourney(settings: Parameters<typeof startMailServer>[0] = {}): MailJourney {
  let mail: MailServer | null = null;
  const leaving: (() => unknown)[] = [];
  const running = (): MailServer => {
    if (mail === null) throw new Error('the mail server runs only while tests do');
    return mail;
  };
  beforeAll(async () => {
    mail = await startMailServer(settings);
  });
  afterEach(async () => {
    await endAll();
    for (const leave of leaving.splice(0)) await leave();
  });
  afterAll(() => mail?.stop());
  return {
    get mail() {
      return running();
    },
    houseOf: async (name, letters, smtpPort = running().smtp.port, variables = {}) => {
      const house = await dueHouse(name, letters, smtpPort, variables);
      leaving.push(house.remove);
      return house;
    },
    clockAt: (instant) => {
      const clock = movableClock(instant);
      leaving.push(clock.remove);
      return clock;
    },
    leaving,
  };
}
