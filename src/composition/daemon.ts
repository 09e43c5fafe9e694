// The whole house: builds every part from the settings, starts them in order, stops them in reverse.
import { isAddress, readLines } from '../adapters/csv/read-lines.ts';
import {
  type Absent,
  type Database,
  type DatabasePlace,
  openDatabase,
} from '../adapters/database/database.ts';
import { copyFleet, type FleetQueries, openFleetQueries } from '../adapters/database/fleet.ts';
import { openOutbox } from '../adapters/database/letters/outbox.ts';
import { openReminderRepository } from '../adapters/database/letters/reminders.ts';
import { openRegistry } from '../adapters/database/registry/registry.ts';
import { loadTechnicalUsers } from '../adapters/database/technical-users.ts';
import { openMailTransport, type SmtpTransport } from '../adapters/smtp/mail-transport.ts';
import { composeRaw } from '../adapters/smtp/message.ts';
import { renderLetter } from '../adapters/smtp/render.ts';
import type { Config } from '../config/config.ts';
import type { MailSecrets } from '../config/secrets.ts';
import type { Environment } from '../domain/account/expiry.ts';
import type { TechnicalUser } from '../domain/account/technical-user.ts';
import type { SenderProfile } from '../domain/notification/letter.ts';
import type { Clock, Logger } from '../domain/ports/clock.ts';
import type { MailTransport, OutgoingMail } from '../domain/ports/mail-transport.ts';
import type { Outbox } from '../domain/ports/outbox.ts';
import type { LetterContext, ReminderRepository } from '../domain/ports/reminders.ts';
import type { Correction, Stamp } from '../domain/registry/registry.ts';
import type { Rules } from '../domain/reminder/reminder-decision.ts';
import type { DeliveryRules } from '../domain/shared/retry.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { correct, type Keeping, register } from '../use-cases/registry/register.ts';
import { type Ticked, tick } from '../use-cases/reminders/tick.ts';
import { deliveryOf, rulesOf, senderProfileOf, timeoutsOf } from './rules.ts';

/** Everything behind the doors that needs no mail server. */
export interface Parts {
  readonly config: Config;
  readonly database: Database;
  readonly registry: ReturnType<typeof openRegistry>;
  readonly reminders: ReminderRepository;
  readonly outbox: Outbox;
  readonly fleetQueries: FleetQueries;
  readonly rules: Rules;
  readonly sender: SenderProfile;
  readonly delivery: DeliveryRules;
  fleet(): ReturnType<typeof copyFleet>;
  close(): Promise<void>;
}

/** Opens the database and the rooms over it. Throws DatabaseFault, and NoDatabase where none is to be made. */
export async function openParts(
  config: Config,
  databasePassword: Secret | null,
  absent: Absent = 'make',
): Promise<Parts> {
  return partsOver(config, await openDatabase(placeOf(config, databasePassword), absent));
}

/** The same over a database in memory, for a trial: what is written there is gone with it. */
export async function openTrialParts(config: Config): Promise<Parts> {
  return partsOver(config, await openDatabase({ engine: 'sqlite', file: ':memory:' }));
}

function partsOver(config: Config, database: Database): Parts {
  return {
    config,
    database,
    registry: openRegistry(database),
    reminders: openReminderRepository(database),
    outbox: openOutbox(database),
    fleetQueries: openFleetQueries(database),
    rules: rulesOf(config),
    sender: senderProfileOf(config),
    delivery: deliveryOf(config),
    fleet: () => copyFleet(database),
    close: () => database.close(),
  };
}

function placeOf(config: Config, password: Secret | null): DatabasePlace {
  if (config.database.kind === 'sqlite') return { engine: 'sqlite', file: config.database.file };
  return {
    engine: 'postgres',
    url: config.database.url,
    password: password === null ? null : () => password.reveal(),
  };
}

/** The mail server of the settings. `host` must be set (see faultsForSending). */
export function mailTransportOf(config: Config, secrets: MailSecrets<Secret>): SmtpTransport {
  const { smtp, connections, ratePerMinute, timeout, from, replyTo, ehloName, dkim } = config.mail;
  return openMailTransport({
    host: smtp.host ?? '',
    port: smtp.port,
    security: smtp.security,
    user: smtp.user,
    password: secrets.smtpPassword,
    caPem: secrets.ca,
    connections,
    ratePerMinute,
    timeouts: timeoutsOf(timeout.total('millisecond')),
    from,
    replyTo,
    ehloName,
    dkim: dkim === null || secrets.dkimKey === null ? null : { ...dkim, privateKey: secrets.dkimKey },
  });
}

/** A running watch: ticks on demand, tells how it is, stops without leaving anything half done. */
export interface Daemon {
  /** Does all that is due now. Throws what the database throws; then the tick is not a good one. */
  tick(): Promise<Ticked>;
  /** When the last tick ended without an error (ms); null before the first. */
  readonly lastTickAt: number | null;
  readonly stopping: boolean;
  /** Whether a tick has been running for longer than `limitMs`: something in it never answers. */
  stuck(limitMs: number): boolean;
  /** No new letter is begun; those on their way are waited for, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

export interface DaemonParts extends Parts {
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What letters need of handovers; null where passwords cannot be handed in. */
  readonly letterContext: LetterContext | null;
  /** Longest time that one tick goes on starting new letters, in ms: the next tick goes on from there. */
  readonly tickMs: number;
}

export function startWatch(parts: DaemonParts): Daemon {
  let stopping = false;
  let lastTickAt: number | null = null;
  let running: Promise<Ticked> | null = null;
  let runningSince: number | null = null;
  const ports = { ...parts, overview: parts.fleetQueries };
  const begin = async () => {
    runningSince = performance.now();
    const end = runningSince + parts.tickMs;
    const done = await tick(
      ports,
      { rules: parts.rules, sender: parts.sender, delivery: parts.delivery },
      () => !stopping && performance.now() < end,
    );
    lastTickAt = parts.clock.now().epochMilliseconds;
    if (done.delivered.stopped !== null && !stopping) {
      parts.logger.error(
        { reply: done.delivered.stopped },
        'no letter can leave: the mail server does not take any',
      );
    }
    return done;
  };
  return {
    tick: () => {
      running ??= begin().finally(() => {
        running = null;
        runningSince = null;
      });
      return running;
    },
    get lastTickAt() {
      return lastTickAt;
    },
    stuck: (limitMs) => runningSince !== null && performance.now() - runningSince > limitMs,
    get stopping() {
      return stopping;
    },
    stop: async (limitMs) => {
      stopping = true;
      const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref());
      await Promise.race([
        running?.then(
          () => undefined,
          () => undefined,
        ),
        limit,
      ]);
    },
  };
}

/** What the commands about the registry need, over the open parts. */
export function registryContext(parts: Parts) {
  const { registry, rules } = parts;
  return {
    registry,
    rules,
    importFile: (
      bytes: Uint8Array,
      today: Temporal.PlainDate,
      keeping: Keeping,
      stamp: Stamp,
      progress: (done: number, total: number) => void,
    ) => register(readLines(bytes, today, progress), keeping, stamp, registry),
    correct: (
      subject: string,
      environment: Environment | null,
      correction: Correction,
      dryRun: boolean,
      stamp: Stamp,
    ) => correct({ subject, environment, correction, dryRun }, stamp, registry),
    isAddress,
  };
}

/** A technical user by its login, in whichever environment it is when none is named; null when there is none, or two. */
export async function findUser(
  parts: Parts,
  login: string,
  environment?: TechnicalUser['environment'],
): Promise<TechnicalUser | null> {
  const users = (await loadTechnicalUsers(parts.database.db, { login })).filter(
    (user) => environment === undefined || user.environment === environment,
  );
  return users.length === 1 ? (users[0] ?? null) : null;
}

/** A letter as it leaves: both parts, and the whole message. */
export async function renderMail(config: Config, mail: OutgoingMail) {
  const { from, replyTo } = config.mail;
  return { ...renderLetter(mail.letter), eml: await composeRaw(mail, { from, replyTo }) };
}

export { NoDatabase } from '../adapters/database/database-fault.ts';
export { type PlannedLetter, plan, shutReason } from '../use-cases/reminders/plan.ts';
export { previews } from '../use-cases/reminders/preview.ts';
