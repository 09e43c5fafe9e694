// Opens a world for a test: Relève's own parts over a database, and fakes of memory for all that the test does not name.
//
// Three kinds. In memory: `openWorld()`, with a clock that the test moves by hand. Over a real store: the same with a
// `place`, or `worldOver` (world-store.ts) where every part is the test's own. As a real process: world-process.ts.
import { expect } from 'vitest';
import { type Database, type DatabasePlace, openDatabase } from '../../src/adapters/database/database.ts';
import { openFleet, openFleetQueries } from '../../src/adapters/database/fleet.ts';
import { openOutbox } from '../../src/adapters/database/letters/outbox.ts';
import { openReminderRepository } from '../../src/adapters/database/letters/reminders.ts';
import { readAggregate } from '../../src/adapters/database/rotations/aggregates.ts';
import { openTaskRepository } from '../../src/adapters/database/tasks.ts';
import type { SenderProfile } from '../../src/domain/notification/letter.ts';
import type { Clock, Logger } from '../../src/domain/ports/clock.ts';
import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import type { MailTransport } from '../../src/domain/ports/mail-transport.ts';
import type { LetterContext } from '../../src/domain/ports/reminders.ts';
import type { Rules } from '../../src/domain/reminder/reminder-decision.ts';
import { ChangeSetBuilder } from '../../src/domain/rotation/change-set.ts';
import { newHealth } from '../../src/domain/rotation/health.ts';
import { currentRotation, type RotationAggregate } from '../../src/domain/rotation/rotation.ts';
import type { RotationRules } from '../../src/domain/rotation/rotation-rules.ts';
import type { DeliveryRules } from '../../src/domain/shared/retry.ts';
import { tick } from '../../src/use-cases/reminders/remind.ts';
import { claimRetry } from '../../src/use-cases/rotation/verify.ts';
import { fakeChorus } from '../fakes/chorus-pro.ts';
import { handClock } from '../fakes/clock.ts';
import { type Planted, plant } from '../fakes/fleet.ts';
import { fakeMailTransport } from '../fakes/mail-transport.ts';
import { procedureOf } from '../fakes/manager-actions.ts';
import { DELIVERY, rotationRules, rulesWith } from '../fakes/rules.ts';
import { type FakeSink, fakeSink } from '../fakes/sink.ts';
import { keyLine, LOGIN, worldOver } from './world-store.ts';

const MANAGER = { channel: 'form', by: 'her' } as const;

/** What a test says of its world; what it does not say is as below. */
export interface WorldSettings {
  /** SQLite in memory. */
  readonly place?: DatabasePlace;
  /** One technical user, LOGIN, with a manager. The first one is the world's own, about which `submit` and its like are. */
  readonly users?: readonly Planted[];
  /** Civil time in Paris at which it begins: a Monday at ten. */
  readonly at?: string;
  /** A file and a keyring of memory. */
  readonly sinks?: readonly FakeSink[];
  /** Who is asked about passwords: the Chorus Pro of memory. `now` in ms. */
  readonly verifier?: (now: () => number) => CredentialVerifier;
  readonly rules?: Partial<RotationRules>;
  /** The rules of reminders. */
  readonly reminders?: Rules;
  /** The lines of master keys; null shuts the vault. One key. */
  readonly keys?: () => string | null;
}

/** A line of the log. */
interface Logged {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** As JSON has it; rows in one order, since the database gives them in any. */
function plainOf(aggregate: RotationAggregate | null): unknown {
  const plain = JSON.parse(JSON.stringify(aggregate)) as Record<string, unknown> | null;
  const inOrder = (rows: readonly unknown[]) =>
    rows.map((row) => JSON.stringify(Object.entries(row ?? {}).sort())).sort();
  const fields = Object.entries(plain ?? {});
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? inOrder(value) : value]),
  );
}

/** Opens a world. */
export async function openWorld(settings: WorldSettings = {}) {
  const users = settings.users ?? [{ login: LOGIN, changedOn: '2026-03-01', manager: 'maire@example.test' }];
  const database = await openDatabase(settings.place ?? { engine: 'sqlite', file: ':memory:' });
  await plant(database, users);
  const clock = handClock(settings.at ?? '2027-03-01T10:00');
  const chorus = fakeChorus(() => clock.now().epochMilliseconds);
  const sinks = settings.sinks ?? [fakeSink('file'), fakeSink('keyring', { hasHook: false, canHold: false })];
  const { log, logger } = openLog();
  const core = worldOver({
    ...{ database, clock, sinks, logger },
    verifier: settings.verifier?.(() => clock.now().epochMilliseconds) ?? chorus,
    rules: rotationRules(sinks, settings.rules),
    keys: settings.keys ?? (() => keyLine('first')),
  });
  const { ports, now } = core;
  let isClosed = false;
  const user = () => core.userOf(users[0]?.login ?? '');
  const { id } = users.length > 0 ? await user() : { id: 0 };
  const transport = fakeMailTransport();
  const reminders = settings.reminders ?? rulesWith();
  const letters = lettersOver(database, { clock, logger, transport, rules: reminders });
  return {
    ...core,
    ...letters,
    ...{ clock, chorus, sinks, transport, log, id, user },
    /** Lets so many ms go by. */
    later: (ms: number) => clock.set(clock.now().add({ milliseconds: ms })),
    /** Ticks once at the time given. */
    at: (time: string) => {
      clock.set(time);
      return letters.tick();
    },
    /** An agent submits a password on the command line. */
    submit: async (password: string, more: { keepUnclear?: boolean } = {}) =>
      core.submitFor(await user(), password, more),
    /** A manager submits a password on its page and waits for what becomes of it. */
    handIn: async (password: string) => {
      const taken = await core.submitFor(await user(), password, {
        ...{ ...MANAGER, keepUnclear: true, claimsCheck: true },
      });
      if (taken.kind === 'taken') await core.advanceOf(id, taken.claimed);
      return taken;
    },
    /** A manager says that the reset is submitted, and waits for what becomes of it. */
    retryNow: async () => {
      const { retried, claimed } = await claimRetry(ports, id, MANAGER);
      await core.advanceOf(id, claimed);
      return retried;
    },
    /** The password in service is found refused, as the probe would find it. */
    stops: async () => {
      await ports.rotations.update(id, (aggregate) => {
        const changes = new ChangeSetBuilder(aggregate, now());
        const health = newHealth(currentRotation(aggregate)?.id ?? '', now());
        changes.health(health, {
          state: 'stopped',
          refusals: 2,
          refusedAt: now(),
          cause: 'password-refused',
        });
        return changes.decide(undefined);
      });
    },
    /** Does all that is due for the world's own technical user. */
    advance: () => core.advanceOf(id),
    aggregate: () => core.aggregateOf(id),
    /** What is kept of an account after all that a test did is what the database holds. */
    close: async () => {
      try {
        if (!isClosed) {
          const kept = await ports.rotations.aggregate(id);
          expect(plainOf(kept)).toEqual(plainOf(await readAggregate(database.db, id)));
        }
      } finally {
        isClosed = true;
        await database.close();
      }
    },
    /** Letters to managers taken so far: day, step of the letter's name, address. */
    letters: () =>
      transport.taken
        .filter(({ id }) => !/^(alarm|digest)\//.test(id))
        .map(
          ({ id, envelopeTo, date }) =>
            `${date.toZonedDateTimeISO('Europe/Paris').toPlainDate()} ${id.split('/')[4]} ${envelopeTo}`,
        ),
    /** Alarms taken so far. */
    alarms: () => transport.taken.filter(({ id }) => id.startsWith('alarm/')),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** What the letters of a world are made with. */
interface LetterParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly transport: MailTransport;
  readonly rules: Rules;
  /** What letters need of rotations; null where passwords cannot be handed in. */
  readonly letterContext?: LetterContext | null;
  readonly sender?: SenderProfile;
  readonly delivery?: DeliveryRules;
  /** Told before each round of technical users that are due. */
  readonly beforeRound?: () => void;
}

/** The letters of a world: `tick` words and sends all that is due, while `goOn` says so. */
export function lettersOver(database: Database, parts: LetterParts) {
  const { rules, letterContext = null, delivery = DELIVERY } = parts;
  const sender = parts.sender ?? defaultSender();
  const reminders = openReminderRepository(database);
  const ports = {
    ...{ ...parts, letterContext },
    reminders: {
      ...reminders,
      processDue: (...round: Parameters<typeof reminders.processDue>) => {
        parts.beforeRound?.();
        return reminders.processDue(...round);
      },
    },
    outbox: openOutbox(database),
    overview: openFleetQueries(database),
    tasks: openTaskRepository(database),
  };
  return {
    sender,
    fleet: openFleet(database),
    tick: (goOn?: () => boolean) => tick(ports, { rules, sender, delivery }, goOn),
  };
}

function openLog() {
  const log: Logged[] = [];
  const note = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    log.push({ level, message, facts });
  };
  const logger: Logger = { info: note('info'), warn: note('warn'), error: note('error') };
  return { log, logger };
}

let procedures: SenderProfile['procedures'] | null = null;

function defaultSender(): SenderProfile {
  procedures ??= {
    production: procedureOf('current'),
    qualification: procedureOf('qualification'),
    first: { production: procedureOf('first'), qualification: procedureOf('first-qualification') },
  };
  const itService = { name: 'Service informatique', email: 'it@siagep.test', phone: '03 84 00 00 00' };
  return { itService: { ...itService, postalAddress: null }, procedures, door: null };
}
