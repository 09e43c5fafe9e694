// A watch for the tests of flows: the real store in memory, a mail server of memory, a clock moved by hand.
import { openDatabase } from '../../../src/adapters/database/database.ts';
import { copyFleet, openFleetQueries } from '../../../src/adapters/database/fleet.ts';
import { openOutbox } from '../../../src/adapters/database/letters/outbox.ts';
import { openReminderRepository } from '../../../src/adapters/database/letters/reminders.ts';
import type { SenderProfile } from '../../../src/domain/notification/letter.ts';
import type { Rules } from '../../../src/domain/reminder/reminder-decision.ts';
import type { DeliveryRules } from '../../../src/domain/shared/retry.ts';
import { tick } from '../../../src/use-cases/reminders/tick.ts';
import { handClock } from '../../fakes/clock.ts';
import { type Planted, plant } from '../../fakes/fleet.ts';
import { fakePost } from '../../fakes/post.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { testConfig } from '../../rig/house.ts';

const house: SenderProfile = {
  itService: {
    name: 'Service informatique',
    email: 'it@siagep.test',
    phone: '03 84 00 00 00',
    postalAddress: null,
  },
  procedures: testConfig({}).procedures,
  door: null,
};

const minutes = (...counts: number[]) => counts.map((count) => Temporal.Duration.from({ minutes: count }));

const DELIVERY: DeliveryRules = {
  leaseMs: 600_000,
  connections: 3,
  batch: 12,
  retry: { waits: minutes(1, 5, 15), giveUpAfter: Temporal.Duration.from('PT2H') },
};

export async function openFlow(users: readonly Planted[], at: string, rules: Rules = rulesWith()) {
  const database = await openDatabase({ engine: 'sqlite', file: ':memory:' });
  await plant(database, users);
  const clock = handClock(at);
  const post = fakePost();
  const log: { level: string; message: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const note = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    log.push({ level, message, facts });
  };
  const logger = { info: note('info'), warn: note('warn'), error: note('error') };
  const sight = openFleetQueries(database);
  const ports = {
    reminders: openReminderRepository(database),
    outbox: openOutbox(database),
    overview: sight,
    transport: post,
    clock,
    logger,
    letterContext: null,
  };
  return {
    ...ports,
    post,
    log,
    sight,
    database,
    rules,
    house,
    fleet: () => copyFleet(database),
    tick: (goOn?: () => boolean) => tick(ports, { rules, sender: house, delivery: DELIVERY }, goOn),
    /** Ticks once at the time given. */
    at: (time: string) => {
      clock.set(time);
      return tick(ports, { rules, sender: house, delivery: DELIVERY });
    },
    /** Letters to managers taken so far: day, address, step of the letter's name. */
    letters: () =>
      post.taken
        .filter(({ id }) => !/^(alarm|digest)\//.test(id))
        .map(
          ({ id, envelopeTo, date }) =>
            `${date.toZonedDateTimeISO('Europe/Paris').toPlainDate()} ${id.split('/')[4]} ${envelopeTo}`,
        ),
    alarms: () => post.taken.filter(({ id }) => id.startsWith('alarm/')),
  };
}
